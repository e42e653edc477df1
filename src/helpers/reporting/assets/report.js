// What a page can do beyond being read. Without scripts every link, table and fold still works.
// WORDS, which stands before this script, has the scales with their factors and the qualifiers of numbers.
(function () {
  "use strict";
  const root = document.documentElement;
  const make = (name, attributes, text) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    if (text) element.textContent = text;
    return element;
  };
  root.classList.add("js");

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

  // Contents: mark the section that is being read.
  const contents = document.querySelector("nav details");
  if (contents && window.matchMedia("(max-width: 63.99rem)").matches) contents.open = false;
  const entries = new Map([...document.querySelectorAll("nav a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
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

  // Tables: sort by a column, and find rows in long ones.
  const any = (words) => words.join("|");
  const SCALES = Object.keys(WORDS.scales);
  const SCALE = new RegExp(`\\b(${any(SCALES)})\\b`);
  const BEGINS = new RegExp(`^((${any(WORDS.qualifiers)}) )*[\\u2212-]?\\d`);
  const AROUND = new RegExp(`\\b(${any([...WORDS.qualifiers, "to", ...SCALES])})\\b`, "g"); // words that are no unit
  const amount = (text) => {
    const match = text.replace(/\u2212/g, "-").match(/-?\d[\d,]*(?:\.\d+)?/);
    if (!match) return NaN;
    const word = text.match(SCALE);
    return Number(match[0].replace(/,/g, "")) * (word ? WORDS.scales[word[1]] : 1);
  };
  const EMPTY = /^(not found.*|nothing found|none|)$/;
  const unit = (text) => text.replace(/,? from exact numbers/, "")
    .replace(AROUND, "")
    .replace(/[\u2212\d,.-]+/g, "").trim().replace(/ies$/, "y").replace(/s\b/g, "").replace(/\s+/g, " ");
  const plain = (text) => text.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u2212\u2013]/g, "-");
  document.querySelectorAll(".table table").forEach((table) => {
    const body = table.tBodies[0];
    const rows = body ? [...body.rows] : [];
    if (rows.length < 6 || !table.tHead) return;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", class: "sort" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" }[head.getAttribute("aria-sort") || "none"];
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (next !== "none") head.setAttribute("aria-sort", next);
        const cell = (row) => (row.cells[column] ? row.cells[column].textContent.trim() : "");
        const filled = rows.map(cell).filter((text) => !EMPTY.test(text));
        const numeric = filled.every((text) => BEGINS.test(text)) && new Set(filled.map(unit)).size === 1; // not hours among yuan
        const compare = (one, two) => {
          const [a, b] = [cell(one), cell(two)];
          const [none, nothing] = [EMPTY.test(a), EMPTY.test(b)];
          if (none || nothing) return Number(none) - Number(nothing); // empty cells last
          const order = numeric ? amount(a) - amount(b) : a.localeCompare(b, "en", { numeric: true });
          return next === "descending" ? -order : order;
        };
        body.append(...(next === "none" ? rows : [...rows].sort(compare)));
      });
    });
    if (rows.length < 15) return;
    const label = make("label", { class: "find" }, "Find in this table ");
    const field = make("input", { type: "search" });
    const said = make("span", { role: "status" });
    label.append(field);
    field.addEventListener("input", () => {
      const words = plain(field.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row) => {
        const text = plain(row.textContent);
        row.hidden = !words.every((word) => text.includes(word));
        shown += row.hidden ? 0 : 1;
      });
      said.textContent = words.length ? ` ${shown} of ${rows.length} rows` : "";
    });
    label.append(said);
    table.closest(".table").before(label);
  });

  // Evidence: opens beside its number; links inside it lead on, down to the printed numeral.
  const card = make("div", { class: "card", role: "dialog", "aria-label": "Evidence", tabindex: "-1", hidden: "" });
  document.body.append(card);
  let opener = null, pinned = false, timer = 0, trail = [];
  const entryOf = (link) => {
    const hash = link.getAttribute("href") || "";
    return hash.startsWith("#evidence-") ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  };
  const close = (back) => {
    clearTimeout(timer);
    if (card.hidden) return;
    card.hidden = true;
    if (back && pinned && opener) opener.focus({ preventScroll: true });
    pinned = false;
    if (opener) opener.removeAttribute("aria-expanded");
    opener = null;
  };
  const place = () => {
    if (!opener) return;
    const at = opener.getClientRects()[0] || opener.getBoundingClientRect();
    if (window.matchMedia("(max-width: 40rem)").matches) { // a sheet at the foot, which must not hide the number
      card.style.left = card.style.top = "";
      const hidden = at.bottom + 12 - card.getBoundingClientRect().top;
      if (hidden > 0) window.scrollBy(0, hidden);
      return;
    }
    const width = card.offsetWidth, height = card.offsetHeight;
    const left = Math.max(8, Math.min(at.left, root.clientWidth - width - 8));
    const below = at.bottom + 6, above = at.top - height - 6;
    const top = below + height < window.innerHeight || above < 0 ? below : above;
    card.style.left = `${left + window.scrollX}px`;
    card.style.top = `${top + window.scrollY}px`;
  };
  const fill = (entry) => {
    card.replaceChildren(...[...entry.childNodes].map((node) => node.cloneNode(true)));
    const tools = make("p", { class: "tools" });
    if (trail.length > 1) {
      const back = make("button", { type: "button" }, "Back");
      back.addEventListener("click", () => { trail.pop(); fill(trail[trail.length - 1]); card.focus({ preventScroll: true }); });
      tools.append(back);
    }
    tools.append(make("a", { href: `#${entry.id}`, class: "entry" }, "In the list of evidence"));
    const shut = make("button", { type: "button" }, "Close");
    shut.addEventListener("click", () => close(true));
    tools.append(shut);
    card.append(tools);
    place();
  };
  const open = (link, pin) => {
    const entry = entryOf(link);
    if (!entry) return;
    if (opener && opener !== link) opener.removeAttribute("aria-expanded");
    clearTimeout(timer);
    opener = link;
    pinned = pin;
    trail = [entry];
    card.hidden = false;
    link.setAttribute("aria-expanded", "true");
    card.setAttribute("aria-label", `Evidence of ${link.textContent}`);
    fill(entry);
    if (pin) card.focus({ preventScroll: true });
  };
  const numbers = [...document.querySelectorAll("main a.number")].filter(entryOf);
  numbers.forEach((link) => {
    link.removeAttribute("title"); // the card says more
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse" || pinned) return;
      clearTimeout(timer);
      timer = setTimeout(() => open(link, false), 180);
    });
    link.addEventListener("pointerleave", () => {
      clearTimeout(timer);
      if (!pinned) timer = setTimeout(() => close(false), 250);
    });
    link.addEventListener("focus", () => { if (!pinned && link.matches(":focus-visible")) open(link, false); });
    link.addEventListener("blur", () => { if (!pinned) close(false); });
    link.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      open(link, true);
    });
  });
  card.addEventListener("focusout", (event) => { // past its last link: back to the number, and on from there
    if (pinned && event.relatedTarget && !card.contains(event.relatedTarget)) close(true);
  });
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", () => { if (!pinned) timer = setTimeout(() => close(false), 250); });
  card.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    if (link.classList.contains("entry")) { close(false); return; }
    const entry = entryOf(link);
    if (!entry) return;
    event.preventDefault();
    pinned = true;
    trail.push(entry);
    fill(entry);
    card.focus({ preventScroll: true });
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  document.addEventListener("pointerdown", (event) => {
    if (!card.hidden && !card.contains(event.target) && !(opener && opener.contains(event.target))) close(false);
  });
  window.addEventListener("resize", place);
})();
