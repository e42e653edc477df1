// Folded code, and the section of the contents that is being read.
(function () {
  // Code: out of sight until asked for.
  const folds = [...document.querySelectorAll("details.code")];
  if (folds.length) {
    const button = make("button", { type: "button", class: "tool", "aria-pressed": "false" }, "Show code");
    button.addEventListener("click", () => {
      const shown = root.classList.toggle("code");
      button.setAttribute("aria-pressed", String(shown));
      button.textContent = shown ? "Hide code" : "Show code";
      folds.forEach((fold) => { fold.open = shown; });
    });
    document.querySelector("header").append(button);
  }

  // Contents: open where there is room beside the text, which opening does not move; mark the section that is read.
  const contents = document.querySelector("nav.contents details");
  if (contents && window.matchMedia("(min-width: 64rem)").matches) contents.open = true;
  const entries = new Map([...document.querySelectorAll("nav.contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...document.querySelectorAll("main h2, main h3")].filter((heading) => entries.has(heading.id));
  const follow = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < window.innerHeight / 3);
    const current = passed.length ? passed[passed.length - 1] : headings[0];
    entries.forEach((link) => link.removeAttribute("aria-current"));
    if (current) entries.get(current.id).setAttribute("aria-current", "location");
  };
  let waiting = false;
  window.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  }, { passive: true });
  follow();
})();
