// A list that a reader narrows down: facets with counts, search, order, pages, and CSV of what is left.
// It draws one page of rows at a time, so that its size on the page does not grow with the data.

/** Text as a search compares it: without accents, cases, kinds of quotation marks and minus, or commas in numbers. */
const searched = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
  .replace(/[\u2018\u2019\u02bc]/g, "'").replace(/[\u201c\u201d\u00ab\u00bb]/g, '"')
  .replace(/[\u2010-\u2015\u2212]/g, "-").replace(/(\d),(?=\d{3})/g, "$1").replace(/\s+/g, " ");

const WORST_FIRST = ["contradicted", "in tension", "undecided", "consistent", "not checkable"];

/** A verdict with its sign, in its colour. */
const verdictMark = (word, signs) => make("span", { class: `verdict ${word.replace(/ /g, "-")}` }, `${signs[word]} ${word}`);

/** An element of SVG. */
const drawn = (name, attributes, text) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
};

/** What is claimed (a bar with ends) over what is expected (a band), on one axis; nothing where one is missing. */
const drawnClaim = (observed, expected, label, height = 22) => {
  if (!observed || !expected) return "";
  const ends = [...observed, ...expected].filter((end) => end !== null && end !== undefined);
  let least = Math.min(...ends), most = Math.max(...ends);
  const more = (most - least) * 0.12 || Math.abs(most) * 0.1 || 1;
  least -= more; most += more;
  const at = (end, open) => (end === null || end === undefined ? open : ((end - least) / (most - least)) * 160);
  const plot = drawn("svg", { viewBox: `0 0 160 ${height}`, class: "claimed", role: "img", "aria-label": label });
  const [from, to] = [at(expected[0], 0), at(expected[1], 160)];
  plot.append(drawn("rect", { x: Math.max(0, from - 1), width: Math.max(2, to - from), y: 2, height: height - 4, class: "band" }));
  const [low, high] = [at(observed[0], 0), at(observed[1], 160)], middle = height / 2;
  plot.append(drawn("line", { x1: low, x2: high, y1: middle, y2: middle, class: "reach" }));
  for (const x of [low, high]) plot.append(drawn("line", { x1: x, x2: x, y1: middle - 4, y2: middle + 4, class: "reach" }));
  return plot;
};

/**
 * Mount the list in `element`.
 *
 * `rows` are things of any kind. `options`: name (of a row, in the plural), heads, cells(row) → contents of the
 * cells, text(row) → what a search looks through, facets {key: name}, values(row, key) → list of words,
 * orders {name: compare(a, b)} besides that of the rows, which is called first, csv {file, heads, cells(row)} if it can be exported, page (rows at a time),
 * read() → URLSearchParams and write(params, typing) where the state lies, and caption.
 * Returns show(), which draws anew by the state.
 */
function mountFacets(element, rows, options) {
  "use strict";
  const facets = Object.keys(options.facets), size = options.page || 50;
  let state = new URLSearchParams();
  const read = options.read || (() => state);
  const write = options.write || ((params) => { state = params; });

  // For each facet its words, and for each row the numbers of its words.
  const words = {}, coded = {};
  for (const facet of facets) {
    const known = new Map();
    coded[facet] = rows.map((row) => options.values(row, facet).map((word) => {
      if (!known.has(word)) known.set(word, known.size);
      return known.get(word);
    }));
    words[facet] = [...known.keys()];
  }
  let texts = null; // made at the first search
  const orders = options.orders || {};

  // -- what is left ---------------------------------------------------------------------------------
  const narrowed = (params) => {
    const chosen = facets.map((facet) => {
      const wanted = new Set(params.getAll(facet).map((word) => words[facet].indexOf(word)));
      return wanted.size ? wanted : null;
    });
    const sought = searched(params.get("q") || "").split(" ").filter(Boolean);
    if (sought.length && !texts) texts = rows.map((row) => searched(options.text(row)));
    const counts = facets.map((facet) => new Uint32Array(words[facet].length)), left = [];
    for (let number = 0; number < rows.length; number += 1) {
      if (sought.length && !sought.every((word) => texts[number].includes(word))) continue;
      let missed = -1, misses = 0;
      for (let place = 0; place < facets.length && misses < 2; place += 1) {
        const wanted = chosen[place];
        if (wanted && !coded[facets[place]][number].some((code) => wanted.has(code))) { missed = place; misses += 1; }
      }
      if (misses > 1) continue;
      if (!misses) left.push(number);
      for (let place = 0; place < facets.length; place += 1) {
        if (misses && place !== missed) continue; // a facet counts what the others leave
        for (const code of coded[facets[place]][number]) counts[place][code] += 1;
      }
    }
    const compare = orders[params.get("sort")];
    if (compare) left.sort((one, two) => compare(rows[one], rows[two]) || one - two);
    return { left, counts };
  };

  // -- what a reader sets ---------------------------------------------------------------------------
  const change = (act, typing) => {
    const params = new URLSearchParams(read());
    params.delete("page");
    act(params);
    write(params, typing);
    show();
  };
  const field = make("input", { type: "search", autocomplete: "off" });
  field.addEventListener("input", () => change((params) => (field.value ? params.set("q", field.value) : params.delete("q")), true));
  const find = make("label", { class: "seek" }, "Search ");
  find.append(field);
  const choose = make("select");
  for (const name of ["", ...Object.keys(orders)]) choose.append(make("option", { value: name }, name || options.first || "as in the tables"));
  choose.addEventListener("change", () => change((params) => (choose.value ? params.set("sort", choose.value) : params.delete("sort"))));
  const order = make("label", { class: "seek" }, "Order ");
  order.append(choose);
  const said = make("p", { role: "status", class: "count" });
  const clear = make("button", { type: "button" }, "Clear choices");
  clear.addEventListener("click", () => { change((params) => { ["q", ...facets].forEach((name) => params.delete(name)); }); field.focus(); });
  const bar = make("div", { class: "controls" });
  bar.append(find, ...(Object.keys(orders).length ? [order] : []), clear);
  if (options.csv) {
    const save = make("button", { type: "button" }, "Save as CSV");
    save.addEventListener("click", () => {
      const lines = [options.csv.heads, ...narrowed(read()).left.map((number) => options.csv.cells(rows[number]))];
      const text = lines.map((cells) => cells.map(harmless).join(",")).join("\n");
      const link = make("a", { href: URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" })), download: options.csv.file });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });
    bar.append(save);
  }

  const narrow = make("details", { class: "narrow" });
  narrow.open = window.matchMedia("(min-width: 64rem)").matches;
  narrow.append(make("summary", {}, "Narrow down"));
  const boxes = facets.map((facet, place) => {
    const group = make("details", { class: "facet" });
    group.open = place < 3;
    const title = make("summary", {}, options.facets[facet]);
    const list = make("ul", { "aria-label": options.facets[facet] });
    const items = words[facet].map((word) => {
      const item = make("li"), label = make("label"), box = make("input", { type: "checkbox" }), count = make("span", { class: "many" });
      box.addEventListener("change", () => change((params) => {
        const others = params.getAll(facet).filter((one) => one !== word);
        params.delete(facet);
        (box.checked ? [...others, word] : others).forEach((one) => params.append(facet, one));
      }));
      label.append(box, make("span", { class: "word" }, (options.shown || ((_, one) => one))(facet, word)), " ", count);
      item.append(label);
      return { item, box, count, word };
    });
    group.append(title, list);
    narrow.append(group);
    return { group, list, items };
  });

  const table = make("table"), head = make("tr"), body = make("tbody");
  options.heads.forEach((name) => head.append(make("th", { scope: "col" }, name)));
  const top = make("thead");
  top.append(head);
  table.append(make("caption", {}, options.caption), top, body);
  const frame = make("div", { class: "table", role: "region", tabindex: "0", "aria-label": options.caption });
  frame.append(table);
  const pager = make("nav", { class: "pager", "aria-label": `Pages of ${options.name}` });
  const main = make("div", { class: "found" });
  main.append(bar, said, frame, pager);
  const app = make("div", { class: "facets" });
  app.append(narrow, main);
  element.replaceChildren(app);

  const show = () => {
    const params = read(), { left, counts } = narrowed(params);
    if (document.activeElement !== field) field.value = params.get("q") || "";
    choose.value = orders[params.get("sort")] === undefined ? "" : params.get("sort");
    boxes.forEach(({ group, list, items }, place) => {
      const chosen = params.getAll(facets[place]);
      for (const one of items) {
        const many = counts[place][words[facets[place]].indexOf(one.word)];
        one.box.checked = chosen.includes(one.word);
        one.count.textContent = many.toLocaleString("en");
        one.item.hidden = !many && !one.box.checked;
        one.many = many;
      }
      const sorted = [...items].sort((one, two) => two.many - one.many);
      if (!list.contains(document.activeElement)) list.append(...sorted.map((one) => one.item)); // not under a reader's hands
      if (chosen.length) group.open = true;
    });
    const pages = Math.max(1, Math.ceil(left.length / size));
    const page = Math.min(Math.max(1, Math.floor(Number(params.get("page"))) || 1), pages), from = (page - 1) * size;
    body.replaceChildren(...left.slice(from, from + size).map((number) => {
      const row = make("tr");
      options.cells(rows[number]).forEach((content, column) => {
        const cell = make(column ? "td" : "th", column ? { "data-label": options.heads[column] } : { scope: "row" });
        cell.append(...[content].flat());
        row.append(cell);
      });
      return row;
    }));
    const many = left.length.toLocaleString("en"), all = rows.length.toLocaleString("en");
    said.textContent = `${left.length === rows.length ? `All ${all}` : `${many} of ${all}`} ${options.name}${pages > 1 ? `, ${from + 1} to ${Math.min(from + size, left.length)} shown` : ""}.`;
    clear.disabled = !["q", ...facets].some((name) => params.has(name));
    frame.hidden = !left.length;
    pager.replaceChildren(...(pages === 1 ? [] : [["Previous", page - 1], ["Next", page + 1]].map(([name, to]) => {
      const step = make("button", { type: "button" }, name);
      step.disabled = to < 1 || to > pages;
      step.addEventListener("click", () => {
        change((other) => other.set("page", String(to)));
        main.scrollIntoView();
        frame.focus({ preventScroll: true });
      });
      return step;
    })));
    if (pages > 1) pager.firstChild.after(make("span", {}, ` Page ${page} of ${pages} `));
  };
  show();
  return show;
}

/** A cell of CSV that no spreadsheet takes for a formula, as `helpers.corpus.files.harmless_csv` makes it. */
function harmless(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return plainNumber(value);
  const line = String(value).replace(/[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g, " ");
  const safe = /^-?\d{1,40}(\.\d{1,40})?$/.test(line) ? line : line.replace(/((?:^|;)[\s"]*)(?=[=+@＝＋－＠-])/g, "$1'");
  return /[",\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A number in plain digits, without exponent. */
function plainNumber(value) {
  const text = String(value);
  return /e/.test(text) ? value.toLocaleString("en", { useGrouping: false, maximumSignificantDigits: 17 }) : text;
}
