// The evidence panel: what a number is and what it is made of, down to where it was printed. It stands beside
// the text, and on a phone at the foot as a sheet. `mountPanel` takes what `helpers.reporting.panel` made of a page.

function mountPanel(data, within, base) {
  "use strict";
  const facts = unpacked(data.facts), SIGNS = data.signs;
  const KINDS = {
    figure: "Printed figure", derived: "Derived quantity", comparator: "Other source", constant: "Constant",
    statistic: "Statistic of our tables", check: "Comparison", claim: "Claim",
  };
  const ID = /[a-z0-9]+(?:-[a-z0-9]+)+/g;
  const MOST = 8; // parts that a list shows before it says how many more there are
  const used = {};
  for (const [key, fact] of Object.entries(facts)) for (const part of fact.inputs || []) (used[part] ||= []).push(key);

  const panel = make("aside", { id: "panel", "aria-label": "Evidence", tabindex: "-1", hidden: "" });
  document.body.append(panel);
  let opener = null, trail = [];

  const drawn = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const line = (text, kind) => make("p", kind ? { class: kind } : {}, text);
  const heading = (text) => make("h3", {}, text);
  const button = (text, act, label) => {
    const found = make("button", { type: "button", ...(label ? { "aria-label": label } : {}) }, text);
    found.addEventListener("click", act);
    return found;
  };
  const verdictOf = (word) => {
    const found = make("span", { class: `verdict ${word.replace(/ /g, "-")}` }, `${SIGNS[word]} ${word}`);
    return found;
  };
  const isVerdict = (fact) => fact.value in SIGNS;

  /** A link to the evidence of an id, with what it is called and its value. */
  const linked = (key, text) => {
    const fact = facts[key];
    if (!fact) return document.createTextNode(text || key);
    const mark = isVerdict(fact) ? `${SIGNS[fact.value]} ` : "";
    return make("a", { href: `#evidence-${key}` }, text || `${fact.name}: ${mark}${fact.value}`);
  };
  const withLinks = (text, naming) => {
    const found = make("span");
    let done = 0;
    for (const match of text.matchAll(ID)) {
      if (!facts[match[0]]) continue;
      found.append(text.slice(done, match.index), linked(match[0], naming(match[0])));
      done = match.index + match[0].length;
    }
    found.append(text.slice(done));
    return found;
  };

  /** Intervals on one axis, each with its value as a point where there is one. */
  const intervals = (rows, label) => {
    const ends = rows.flatMap((row) => [row.low, row.high, row.value]).filter((end) => Number.isFinite(end));
    let [least, most] = [Math.min(...ends), Math.max(...ends)];
    if (!ends.length || least === most) return "";
    const open = rows.some((row) => !Number.isFinite(row.low) || !Number.isFinite(row.high));
    if (open) { const more = (most - least) * 0.15; least -= more; most += more; }
    const at = (end, edge) => (Number.isFinite(end) ? 8 + ((end - least) / (most - least)) * 284 : edge);
    const plot = drawn("svg", { viewBox: `0 0 300 ${rows.length * 26}`, role: "img", "aria-label": label });
    rows.forEach((row, number) => {
      const y = number * 26 + 20;
      plot.append(drawn("text", { x: 0, y: y - 9, class: "soft" }, row.name));
      plot.append(drawn("line", { x1: at(row.low, 0), x2: at(row.high, 300), y1: y, y2: y, class: "interval" }));
      if (Number.isFinite(row.value)) plot.append(drawn("circle", { cx: at(row.value), cy: y, r: 4.5, class: "point" }));
    });
    return plot;
  };
  const drawnInterval = (fact) => {
    if (fact.observed && fact.expected) {
      const rows = [["claimed", fact.observed], ["expected", fact.expected]];
      return intervals(rows.map(([name, [low, high]]) => ({ name, low: low ?? NaN, high: high ?? NaN })), "What is claimed and what is expected");
    }
    if (!fact.bounds || !fact.range) return "";
    const [value, low, high] = fact.bounds;
    return intervals([{ name: "", value, low, high }], fact.range);
  };

  const place = (fact) => {
    if (fact.kind === "figure") return `printed “${fact.token}” · ${fact.outlet}, paragraph ${fact.paragraph}, characters ${fact.start} to ${fact.end}`;
    if (fact.source && fact.kind !== "check") return fact.grade ? `${fact.source} (grade ${fact.grade})` : fact.source;
    return "";
  };
  const tree = (key, depth, seen) => {
    const item = make("li"), fact = facts[key];
    item.append(linked(key));
    if (!fact) return item;
    const where = place(fact);
    if (where) item.append(line(where, "soft"));
    const parts = fact.inputs || [];
    if (parts.length && depth < 5 && !seen.has(key)) item.append(list(parts, (part) => tree(part, depth + 1, new Set(seen).add(key))));
    return item;
  };
  const list = (keys, entry) => {
    const found = make("ul");
    keys.slice(0, MOST).forEach((key) => found.append(entry(key)));
    if (keys.length > MOST) {
      const more = make("li");
      more.append(button(`${keys.length - MOST} more`, () => more.replaceWith(...keys.slice(MOST).map(entry))));
      found.append(more);
    }
    return found;
  };

  /** The sentence of a figure, from the text that the reader has and nobody else gives away. */
  const sentence = (fact) => {
    const found = make("div", { class: "sentence" }), article = data.articles[fact.article];
    const choose = make("label", { class: "button" }, "Show it in your copy of the text");
    const file = make("input", { type: "file", accept: ".txt,text/plain", class: "unseen" });
    const said = make("p", { role: "status" });
    choose.append(file);
    file.addEventListener("change", async () => {
      if (!file.files.length) return;
      const octets = await file.files[0].arrayBuffer();
      const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", octets))].map((one) => one.toString(16).padStart(2, "0")).join("");
      if (digest !== article.sha256) { said.textContent = `This is not the text of ${article.outlet} that was read: its SHA-256 differs.`; return; }
      const letters = [...new TextDecoder("utf-8", { ignoreBOM: true }).decode(octets)];
      const ends = (letter) => /[.!?。！？\n]/.test(letter);
      let from = fact.start, to = fact.end;
      while (from > 0 && !(ends(letters[from - 1]) && /\s/.test(letters[from] || " "))) from -= 1;
      while (to < letters.length && !(ends(letters[to]) && /\s|undefined/.test(String(letters[to + 1])))) to += 1;
      said.replaceChildren(letters.slice(from, fact.start).join("").trimStart(), make("mark", {}, letters.slice(fact.start, fact.end).join("")), letters.slice(fact.end, to + 1).join("").trimEnd());
    });
    if (window.isSecureContext && article) found.append(choose);
    found.append(said);
    return found;
  };

  const citation = (key, fact) => {
    const of = facts[key] && data.articles[fact.article];
    const where = fact.kind === "figure" ? `${of.outlet}, “${of.title}” (${of.date || "no date"}), paragraph ${fact.paragraph}, characters ${fact.start} to ${fact.end}: “${fact.token}”.`
      : fact.source && fact.kind !== "check" ? `${fact.source}. ${fact.url || ""}` : fact.formula ? `${fact.measure ? fact.measure.replace(/_/g, " ") : "computed"}: ${fact.formula}.` : "";
    return `${fact.name}: ${fact.value}. ${where} In: ${data.project}, ${document.title}, #evidence-${key}`.replace(/\s+/g, " ");
  };
  const copied = async (text, from) => {
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = false; }
    from.textContent = done ? "Copied" : text;
    from.setAttribute("role", "status");
  };

  /** Links to a number within the text, in its order. */
  const numbers = (key) => [...(within || document).querySelectorAll(key ? `a[href="#evidence-${key}"]` : 'a.number[href^="#evidence-"]')].filter((link) => !panel.contains(link) && link.getClientRects().length);
  const go = (link) => {
    if (!link) return;
    if (opener) opener.removeAttribute("aria-expanded");
    opener = link;
    link.scrollIntoView({ block: "center" });
    show(link.getAttribute("href").slice("#evidence-".length), true);
  };
  const step = (by) => {
    const all = numbers(), here = all.indexOf(opener);
    go(all[(here + by + all.length) % all.length]);
  };

  const described = (key, fact) => {
    const found = [make("h2", {}, fact.name)];
    const value = make("p", { class: "value" }, isVerdict(fact) ? "" : fact.value);
    if (isVerdict(fact)) value.append(verdictOf(fact.value));
    found.push(value, drawnInterval(fact));
    if (fact.range) found.push(line(`${fact.kind === "figure" ? "The print allows" : fact.kind === "comparator" ? "Its digits allow" : "Its inputs allow"} ${fact.range}.`));
    if (fact.bounds && !Number.isInteger(fact.bounds[0])) {
      const [now, low, high] = fact.bounds.map((end) => end.toLocaleString("en", { maximumSignificantDigits: 12 }));
      found.push(line(`All digits: ${now}${low === high ? "" : `, from ${low} to ${high}`}${fact.unit ? `, unit ${fact.unit.replace(/_/g, " ")}` : ""}.`, "soft"));
    }
    if (fact.explanation) { const said = make("p"); said.append(withLinks(fact.explanation, (part) => facts[part].name)); found.push(said); }
    for (const [how, words] of [["stands", "Stands if read as"], ["fails", "Fails if read as"], ["open", "Cannot be checked if read as"]]) if (fact[how]) found.push(line(`${words}: ${fact[how]}.`));
    if (fact.formula) {
      const formula = make("p", { class: "formula" });
      formula.append(withLinks(fact.formula, (part) => facts[part].name));
      found.push(heading(fact.measure ? `Formula: ${fact.measure.replace(/_/g, " ")}` : "How it was found"), formula);
      if ((fact.inputs || []).length) {
        const filled = make("p", { class: "formula" }, "= ");
        filled.append(withLinks(fact.formula, (part) => facts[part].value));
        found.push(filled);
      }
    }
    for (const [name, words] of [["reading", "Read as"], ["basis", "Basis"], ["corrected", "Read otherwise than printed"], ["status", "Status"], ["note", "Remark"]]) if (fact[name]) found.push(line(`${words}: ${fact[name]}${/[.!?]$/.test(fact[name]) ? "" : "."}`));
    if (fact.tested) { const said = make("p"); said.append(withLinks(fact.tested[0].toUpperCase() + fact.tested.slice(1), (part) => part)); found.push(said); }
    return found;
  };
  const below = (key, fact) => {
    const found = [];
    if (fact.kind === "figure") {
      found.push(heading("Where it is printed"), line(place(fact)));
      (fact.again || []).forEach((again) => found.push(line(`and again in ${again}`)));
      found.push(sentence(fact));
    } else if (fact.source) {
      const source = line(fact.kind === "check" ? `Compared with ${fact.source}` : place(fact));
      found.push(heading("Source"), source);
      if (fact.url && /^https?:/.test(fact.url)) { const address = make("p"); address.append(make("a", { href: fact.url, rel: "noopener" }, fact.url)); found.push(address); }
      if (fact.licence) found.push(line(`Licence: ${fact.licence}.`, "soft"));
    }
    if ((fact.inputs || []).length) found.push(heading(fact.kind === "claim" ? "Its readings" : "Down to the print"), list(fact.inputs, (part) => tree(part, 1, new Set([key]))));
    const resting = used[key] || [], findings = data.findings.filter((one) => one.ids.includes(key));
    if (resting.length || findings.length) {
      found.push(heading("Used in"));
      if (findings.length) found.push(list(findings, (one) => { const item = make("li", { class: "finding" }); item.append("Finding: ", make("a", { href: one.href }, one.title)); return item; }));
      if (resting.length) found.push(list(resting, (part) => { const item = make("li"); item.append(linked(part)); return item; }));
    }
    return found;
  };
  const tools = (key, fact) => {
    const found = make("p", { class: "tools" }), places = numbers(key), all = numbers();
    if (places.length > 1) found.append(button(`Next of ${places.length} places here`, () => go(places[(places.indexOf(opener) + 1) % places.length])));
    if (!base && all.length > 1) found.append(button("‹ Number", () => step(-1), "Number before this one in the text"), button("Number ›", () => step(1), "Number after this one in the text"));
    const copy = button("Copy link", () => copied(`${location.href.split("#")[0]}#evidence-${key}`, copy));
    const cite = button("Copy citation", () => copied(citation(key, fact), cite));
    found.append(copy, cite);
    if (!base && fact.kind !== "statistic") found.append(make("a", { href: `facts.html#id=${key}`, class: "button" }, "Calculation and rules"));
    if (!base && fact.kind === "figure") found.append(make("a", { href: `what_if.html#${key}`, class: "button" }, "What if it were another?"));
    return found;
  };

  function show(key, fresh) {
    const fact = facts[key];
    if (!fact) return false;
    if (fresh) trail = [];
    if (trail[trail.length - 1] !== key) trail.push(key);
    const bar = make("div", { class: "tools bar" });
    if (trail.length > 1) bar.append(button("‹ Back", () => { trail.pop(); show(trail[trail.length - 1]); panel.focus({ preventScroll: true }); }));
    bar.append(line(KINDS[fact.kind], "soft kind"), button("Close", close));
    panel.setAttribute("aria-label", `Evidence: ${fact.name}`);
    panel.replaceChildren(bar, ...described(key, fact), ...below(key, fact), tools(key, fact), line(`id: ${key}`, "soft"));
    const top = opener && opener.getBoundingClientRect().top;
    panel.hidden = false;
    if (!base) document.documentElement.classList.add("with-panel");
    if (opener) {
      window.scrollBy(0, opener.getBoundingClientRect().top - top); // the text keeps its place
      const hidden = opener.getBoundingClientRect().bottom + 12 - panel.getBoundingClientRect().top;
      if (window.matchMedia("(max-width: 63.99rem)").matches && hidden > 0) window.scrollBy(0, hidden);
      opener.setAttribute("aria-expanded", "true");
    }
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    if (!base) history.replaceState(null, "", `#evidence-${key}`);
    return true;
  }
  function close() {
    if (panel.hidden) return;
    const top = opener && opener.getBoundingClientRect().top;
    panel.hidden = true;
    document.documentElement.classList.remove("with-panel");
    if (!base) history.replaceState(null, "", location.pathname + location.search);
    if (!opener) return;
    window.scrollBy(0, opener.getBoundingClientRect().top - top);
    opener.removeAttribute("aria-expanded");
    if (!opener.matches("a")) opener.setAttribute("tabindex", "-1"); // such as a line of a drawing
    opener.focus({ preventScroll: true });
    opener = null;
  }

  const keyOf = (link) => link.dataset.key || link.getAttribute("href").slice("#evidence-".length);
  const ours = (event) => {
    const link = event.target.closest && event.target.closest('a[href^="#evidence-"], [data-key]');
    return link && (panel.contains(link) || !within || within.contains(link)) && facts[keyOf(link)] ? link : null;
  };
  const stopped = new AbortController();
  const listen = { capture: true, signal: stopped.signal };
  document.addEventListener("click", (event) => {
    const link = ours(event);
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    event.stopPropagation();
    const inside = panel.contains(link);
    if (!inside) { if (opener) opener.removeAttribute("aria-expanded"); opener = link; }
    show(keyOf(link), !inside);
  }, listen);
  const escape = (event) => { if (event.key === "Escape" && !panel.hidden) { event.stopPropagation(); close(); } };
  document.addEventListener("keydown", escape, listen);
  const follow = () => show(location.hash.replace(/^#evidence-/, ""), true); // an id has no letter that is encoded
  if (!base) {
    window.addEventListener("hashchange", () => { if (location.hash.startsWith("#evidence-")) follow(); });
    if (location.hash.startsWith("#evidence-")) follow();
  }

  // The list at the end of a page is made when it is opened: a page with scripts has the panel.
  const fold = document.querySelector("details.evidence-list");
  if (fold && !base) fold.addEventListener("toggle", () => {
    if (!fold.open || fold.querySelector("ul")) return;
    const entries = make("ul");
    for (const [key, fact] of Object.entries(facts)) {
      const item = make("li");
      item.append(linked(key), " ", fact.range || "", " ", make("span", { class: "soft" }, place(fact)));
      entries.append(item);
    }
    fold.append(entries);
  });
  return { show, close, stop: () => { stopped.abort(); panel.remove(); } };
}
