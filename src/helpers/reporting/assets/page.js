// What a page can do beyond being read. Without scripts every link, table and fold still works.
const root = document.documentElement;
root.classList.add("js");
document.querySelector(".skip")?.addEventListener("click", (event) => { // the address of a page may hold its state
  const main = document.querySelector("main");
  event.preventDefault();
  main.setAttribute("tabindex", "-1");
  main.focus();
});

/** An element with attributes and text. */
const make = (name, attributes, text) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
};
