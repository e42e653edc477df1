// What a page brings to life when it has been read.
const FACTS = document.getElementById("facts");
if (FACTS) mountPanel(JSON.parse(FACTS.textContent));
