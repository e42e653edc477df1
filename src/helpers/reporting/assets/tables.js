// Tables: name each cell by its column, for cards on phones, sort by a column, and find rows in long ones.
// WORDS, which stands before the scripts, has the scales with their factors and the qualifiers of numbers.
(function () {
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
  const unit = (text) => text
    .replace(AROUND, "")
    .replace(/[\u2212\d,.-]+/g, "").trim().replace(/ies$/, "y").replace(/s\b/g, "").replace(/\s+/g, " ");
  const plain = (text) => text.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u2212\u2013]/g, "-");
  document.querySelectorAll(".table table").forEach((table) => {
    const body = table.tBodies[0];
    const rows = body ? [...body.rows] : [];
    if (!table.tHead) return;
    const heads = [...table.tHead.rows[0].cells];
    const names = heads.map((head) => head.textContent.trim());
    rows.forEach((row) => [...row.cells].forEach((cell, column) => {
      if (cell.tagName === "TD" && names[column]) cell.dataset.label = names[column];
    }));
    if (rows.length < 6) return;
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
})();
