// All facts: the list, and the calculation of one. The address says which (`#id=…`) and what is chosen.

function mountFacts(element, data) {
  "use strict";
  const facts = unpacked(data.facts), every = Object.values(facts), title = document.title;
  const ID = /[a-z0-9]+(?:-[a-z0-9]+)+/g;
  const used = {};
  for (const fact of every) for (const part of fact.inputs || []) (used[part] ||= []).push(fact.id);
  const of = (article) => data.articles[article];
  const called = (article) => `${of(article).outlet}${of(article).date ? `, ${of(article).date.slice(0, 4)}` : ""}`;
  const isVerdict = (fact) => fact.kind === "check" || fact.kind === "claim";
  const capital = (text) => text[0].toUpperCase() + text.slice(1);

  // -- the address ------------------------------------------------------------------------------------
  const read = () => new URLSearchParams(location.hash.slice(1));
  let typed = false;
  const write = (params, typing) => {
    const address = `#${params}`;
    if (typing && typed) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    typed = Boolean(typing);
  };
  const addressOf = (id) => {
    const params = read();
    if (id) params.set("id", id); else params.delete("id");
    return `#${params}`;
  };
  const linked = (id, text) => (facts[id] ? make("a", { href: addressOf(id), "data-id": id }, text || `${facts[id].name}: ${facts[id].value}`) : document.createTextNode(text || id));
  const valued = (fact) => (isVerdict(fact) ? verdictMark(fact.value, data.signs) : document.createTextNode(fact.value));

  // -- the list ----------------------------------------------------------------------------------------
  const list = make("section", { "aria-labelledby": "list-title" }), sheet = make("section", { class: "sheet", "aria-labelledby": "sheet-title" });
  const place = (fact) => {
    if (fact.printed) return `${called(fact.printed[0][0])}, paragraph ${fact.printed[0][1]}, “${fact.printed[0][4]}”`;
    if (fact.kind === "derived") return capital(fact.measure.replace(/_/g, " "));
    if (fact.kind === "claim") return `${fact.inputs.length} readings`;
    return fact.source ? capital(fact.source) : "";
  };
  const width = (fact) => (fact.bounds && fact.bounds[0] ? (fact.bounds[2] - fact.bounds[1]) / Math.abs(fact.bounds[0]) : -1);
  const worst = (fact) => Math.min(...(fact.verdict || []).map((word) => WORST_FIRST.indexOf(word)), WORST_FIRST.length);
  const text = (one, two, name) => (one[name] || "\uffff").localeCompare(two[name] || "\uffff", "en");
  const inner = make("div");
  list.append(make("h2", { id: "list-title", class: "unseen" }, "The list"), inner);
  element.append(list, sheet);
  const show = mountFacets(inner, every, {
    name: "facts",
    caption: "Facts that fit the choices; a name leads to its calculation",
    heads: ["Fact", "Value", "Kind", "Where from", "Verdict of its claims"],
    facets: data.facets,
    values: (fact, facet) => [fact[facet] === undefined ? [] : fact[facet]].flat(),
    shown: (facet, word) => (facet === "kind" ? data.names[word] : facet === "article" ? called(word) : facet === "grade" ? `grade ${word}, ${data.grades[word]}` : facet === "qualifier" ? word.replace(/_/g, " ") : word),
    text: (fact) => [fact.id, fact.name, fact.value, fact.range, fact.reading, fact.source, fact.note, fact.formula, (fact.printed || []).map((one) => `${one[4]} ${of(one[0]).outlet}`)].flat().filter(Boolean).join(" "),
    orders: {
      name: (one, two) => text(one, two, "name"),
      "value, by unit": (one, two) => text(one, two, "unit") || ((one.bounds || [0])[0] - (two.bounds || [0])[0]),
      "widest interval": (one, two) => width(two) - width(one),
      "worst verdict": (one, two) => worst(one) - worst(two),
    },
    csv: {
      file: "facts.csv",
      heads: ["id", "kind", "name", "value", "low", "high", "unit", "article", "paragraph", "start", "end", "token", "formula", "source", "url", "grade", "tested", "verdict"],
      cells: (fact) => [
        fact.id, fact.kind, fact.name, ...(fact.bounds || ["", "", ""]), fact.unit,
        ...(fact.printed ? fact.printed[0] : [(fact.article || []).join(" "), "", "", "", ""]),
        fact.formula, fact.source, fact.url, fact.grade, fact.tested, isVerdict(fact) ? fact.value : (fact.verdict || []).join(", "),
      ],
    },
    read, write,
    cells: (fact) => [
      linked(fact.id, fact.name),
      valued(fact),
      data.names[fact.kind],
      place(fact),
      isVerdict(fact) ? "" : (fact.verdict || []).map((word) => { const line = make("div"); line.append(verdictMark(word, data.signs)); return line; }),
    ],
  });

  // -- the calculation of one fact ---------------------------------------------------------------------
  const line = (content, kind) => { const found = make("p", kind ? { class: kind } : {}); found.append(...[content].flat()); return found; };
  const heading = (words) => make("h3", {}, words);
  /** A number in short, with a scale word if it is large; its own page has all digits. */
  const short = (number) => {
    const [word, factor] = Object.entries(WORDS.scales).filter(([, one]) => one >= 1e6 && Math.abs(number) >= one).pop() || ["", 1];
    return `${(number / factor).toLocaleString("en", { maximumSignificantDigits: 6 })} ${word}`.trim();
  };
  const digits = (number) => number.toLocaleString("en", { maximumSignificantDigits: 12 });
  const span = (ends) => (ends ? (ends[0] === null || ends[0] === undefined ? `at most ${short(ends[1])}` : ends[1] === null || ends[1] === undefined ? `at least ${short(ends[0])}` : ends[0] === ends[1] ? short(ends[0]) : `${short(ends[0])} to ${short(ends[1])}`) : "nothing");
  const withLinks = (words, naming) => {
    const found = [];
    let done = 0;
    for (const match of words.matchAll(ID)) {
      if (!facts[match[0]]) continue;
      found.push(words.slice(done, match.index), linked(match[0], naming(match[0])));
      done = match.index + match[0].length;
    }
    return [...found, words.slice(done)];
  };
  /** The interval with its value, and its ends in words below. */
  const drawnInterval = (fact) => {
    const [value, low, high] = fact.bounds;
    if (low === high) return "";
    const at = (end) => 10 + ((end - low) / (high - low)) * 300;
    const plot = drawn("svg", { viewBox: "0 0 320 34", class: "interval-drawn", role: "img", "aria-label": `From ${short(low)} to ${short(high)}, value ${short(value)}` });
    plot.append(drawn("line", { x1: 10, x2: 310, y1: 10, y2: 10, class: "interval" }), drawn("circle", { cx: at(value), cy: 10, r: 5, class: "point" }));
    plot.append(drawn("text", { x: 0, y: 31 }, short(low)), drawn("text", { x: 320, y: 31, "text-anchor": "end" }, short(high)));
    return plot;
  };
  const table = (caption, heads, rows) => {
    const found = make("table"), top = make("thead"), body = make("tbody"), head = make("tr");
    heads.forEach((name) => head.append(make("th", { scope: "col" }, name)));
    top.append(head);
    rows.forEach((cells) => {
      const row = make("tr");
      cells.forEach((content, column) => {
        const cell = make(column ? "td" : "th", column ? { "data-label": heads[column] } : { scope: "row" });
        cell.append(...[content].flat());
        row.append(cell);
      });
      body.append(row);
    });
    found.append(make("caption", {}, caption), top, body);
    const frame = make("div", { class: "table", role: "region", tabindex: "0", "aria-label": caption });
    frame.append(found);
    return frame;
  };

  const contributions = (fact) => {
    if (!fact.shares) return [];
    const rows = fact.inputs.map((key, number) => [facts[key], fact.shares[number]]).sort((one, two) => two[1] - one[1]).map(([part, share]) => {
      const percent = (share * 100).toFixed(share && share < 0.0995 ? 1 : 0);
      const meter = drawn("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", class: "share", "aria-hidden": "true" });
      meter.append(drawn("rect", { width: 100, height: 10, class: "whole" }), drawn("rect", { width: Math.max(share * 100, share ? 1 : 0), height: 10, class: "part" }));
      return [linked(part.id, part.name), part.value, part.range || "one value", [meter, `${percent} percent`]];
    });
    return [heading("What makes it uncertain"), line("Each input runs over its own interval while the others keep their value. What inputs do together is in no share, so that shares need not add up to 100.", "soft"), table("Inputs and the share of the width that each causes", ["Input", "Value", "Allowed", "Share of the width"], rows)];
  };
  const compared = (fact) => {
    if (fact.kind !== "check" && fact.kind !== "claim") return [];
    const checks = (fact.kind === "claim" ? fact.inputs : [fact.id]).map((key) => facts[key]);
    const plots = checks.map((check) => [
      fact.kind === "claim" ? linked(check.id, check.name.startsWith(`${fact.name}: `) ? check.name.slice(fact.name.length + 2) : check.name) : "This comparison",
      drawnClaim(check.observed, check.expected, `Claimed ${span(check.observed)}, expected ${span(check.expected)}`, 26) || "nothing to compare with",
      span(check.observed), span(check.expected), check.unit || "", verdictMark(check.value, data.signs),
    ]);
    return [heading("Claimed and expected"), table("What is claimed (bar) and what it is compared with (band), on one axis a row", ["Reading", "On one axis", "Claimed", "Expected", "Unit", "Verdict"], plots)];
  };
  /** A tree down to the print; each branch is drawn when it is opened. */
  const tree = (key, depth) => {
    const fact = facts[key], item = make("li");
    const end = place(fact) ? make("span", { class: "soft" }, ` ${place(fact)}`) : "";
    if (!(fact.inputs || []).length) { item.append(linked(key), end); return item; }
    const branch = make("details"), name = make("summary", {}, `${fact.name}: ${fact.value}`);
    const fill = () => {
      if (branch.querySelector("ul")) return;
      const parts = make("ul");
      fact.inputs.forEach((part) => parts.append(tree(part, depth + 1)));
      branch.append(line(linked(key, "Its calculation")), parts);
    };
    branch.append(name);
    branch.addEventListener("toggle", () => { if (branch.open) fill(); });
    if (depth < 2 && fact.inputs.length <= 4) { fill(); branch.open = true; }
    item.append(branch);
    return item;
  };
  const leaves = (key) => {
    const seen = new Set([key]), found = [];
    for (const one of seen) {
      const parts = facts[one].inputs || [];
      if (!parts.length && one !== key) found.push(facts[one]);
      parts.forEach((part) => seen.add(part));
    }
    return found;
  };
  const above = (key) => {
    const seen = new Set([key]);
    for (const one of seen) (used[one] || []).forEach((more) => seen.add(more));
    seen.delete(key);
    return [...seen];
  };
  const MOST = 12;
  const items = (keys, entry) => {
    const found = make("ul");
    found.append(...keys.slice(0, MOST).map(entry));
    if (keys.length > MOST) {
      const more = make("li"), button = make("button", { type: "button" }, `${keys.length - MOST} more`);
      button.addEventListener("click", () => { const rest = keys.slice(MOST).map(entry); more.replaceWith(...rest); (rest[0].querySelector("a") || rest[0]).focus(); });
      more.append(button);
      found.append(more);
    }
    return found;
  };
  const item = (...content) => { const found = make("li"); found.append(...content); return found; };

  const where = (fact) => {
    const found = [];
    if (fact.printed) {
      found.push(heading("Where it is printed"), table("Every place where the quantity is printed", ["Article", "Paragraph", "Characters", "Printed"], fact.printed.map(([article, paragraph, start, end, token]) => [`${called(article)}: ${of(article).title}`, String(paragraph), `${start} to ${end}`, `“${token}”`])));
    } else if (fact.source) {
      found.push(heading(fact.kind === "check" ? "Compared with" : "Source"), line(`${capital(fact.source)}.${fact.grade ? ` ${fact.kind === "check" ? "Weakest source: grade" : "Grade"} ${fact.grade}, ${data.grades[fact.grade]}.` : ""}`));
      if (fact.url && /^https?:/.test(fact.url)) found.push(line(make("a", { href: fact.url, rel: "noopener" }, fact.url)));
      if (fact.licence) found.push(line(`Licence: ${fact.licence}.`, "soft"));
    }
    return found;
  };
  const made = (fact) => {
    const found = [], parts = fact.inputs || [];
    if (fact.formula) {
      found.push(heading("Formula"), line(capital(fact.measure.replace(/_/g, " ")), "soft"), line(withLinks(fact.formula, (key) => facts[key].name), "formula"));
      found.push(line(["= ", fact.formula.replace(ID, (key) => (facts[key] ? `[${facts[key].value}]` : key))], "formula"), line(["= ", make("strong", {}, fact.value)], "formula"));
    }
    if (fact.explanation) found.push(line(withLinks(fact.explanation, (key) => facts[key].name)));
    for (const [name, words] of [["stands", "Stands if read as"], ["fails", "Fails if read as"], ["open", "Cannot be checked if read as"]]) if (fact[name]) found.push(line(`${words}: ${fact[name]}.`));
    found.push(...compared(fact), ...contributions(fact));
    if (!parts.length) return found;
    const branches = make("ul", { class: "tree" });
    parts.forEach((key) => branches.append(tree(key, 1)));
    found.push(heading("Down to the print"), branches);
    const ends = leaves(fact.id);
    if (parts.some((key) => facts[key].inputs)) found.push(heading(`All that it rests on (${ends.length})`), items(ends, (one) => item(linked(one.id), " ", make("span", { class: "soft" }, one.printed ? `${place(one)}, characters ${one.printed[0][2]} to ${one.printed[0][3]}` : place(one)))));
    return found;
  };
  const otherRules = (fact) => {
    const names = Object.keys(data.others), changed = names.filter((name) => data.others[name][fact.id]);
    if (fact.kind === "comparator" || fact.kind === "constant") return [];
    const found = [heading("Under other rules for intervals")];
    if (!changed.length) return [...found, line(`The ${names.join(" and the ")} rules give the same.`)];
    const row = (name, one) => (isVerdict(fact) ? [name, verdictMark(one.value, data.signs), span(one.observed), span(one.expected)] : [name, one.value, one.range || "one value"]);
    const rows = [["usual", fact], ...names.map((name) => [name, { ...fact, ...data.others[name][fact.id] }])].map(([name, one]) => row(name, one));
    return [...found, table("The same under each set of rules", isVerdict(fact) ? ["Rules", "Verdict", "Claimed", "Expected"] : ["Rules", "Value", "Allowed"], rows)];
  };
  const uses = (fact) => {
    const findings = data.findings.filter((one) => one.ids.includes(fact.id)), resting = above(fact.id);
    const found = [heading("Used in")];
    if (!findings.length && !resting.length) return [...found, line("Nothing rests on it.")];
    if (findings.length) found.push(items(findings, (one) => item("Finding: ", make("a", { href: one.href }, one.title))));
    if (resting.length) found.push(line(`${resting.length} ${resting.length === 1 ? "fact rests" : "facts rest"} on it:`), items(resting, (key) => item(linked(key, facts[key].name), ": ", valued(facts[key]))));
    return found;
  };
  const citation = (fact) => {
    const at = fact.printed && fact.printed[0];
    const from = at ? `${of(at[0]).outlet}, ${of(at[0]).title} (${of(at[0]).date || "no date"}), paragraph ${at[1]}, characters ${at[2]} to ${at[3]}, printed “${at[4]}”.`
      : fact.formula ? `${capital(fact.measure.replace(/_/g, " "))}: ${fact.formula}.` : fact.source ? `${capital(fact.source)}. ${fact.url || ""}` : "";
    return `${fact.name}: ${fact.value}. ${from} In: bay-and-old-area, All facts, #id=${fact.id}`.replace(/\s+/g, " ");
  };
  const copying = (name, words) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", async () => {
      let done = true;
      try { await navigator.clipboard.writeText(words()); } catch { done = false; }
      copied.textContent = done ? `${name.replace("Copy", "Copied")}.` : words(); // to be selected by hand
    });
    return button;
  };
  const copied = make("p", { role: "status", class: "soft" });

  const inspected = (fact) => {
    const back = make("a", { href: addressOf(""), class: "back" }, "‹ Back to the list");
    const name = make("h2", { id: "sheet-title", tabindex: "-1" }, fact.name);
    const found = [line(back), line([`${capital(data.names[fact.kind])} · `, make("code", {}, fact.id)], "soft"), name, line(valued(fact), "value")];
    if (fact.bounds) found.push(drawnInterval(fact), line(`${fact.kind === "figure" ? "The print allows" : fact.kind === "comparator" ? "Its digits allow" : "Its inputs allow"} ${fact.range || "this value only"}. All digits: ${digits(fact.bounds[0])}${fact.unit ? `, in ${fact.unit}` : ""}.`));
    else found.push(line(`${capital(fact.value)}: ${data.verdicts[fact.value]}.`));
    for (const [key, words] of [["reading", "Read as"], ["basis", "Basis"], ["corrected", "Read otherwise than printed"], ["status", "Status"], ["note", "Remark"]]) if (fact[key]) found.push(line(`${words}: ${fact[key]}${/[.!?]$/.test(fact[key]) ? "" : "."}`));
    if (fact.claim && fact.claim !== fact.id) found.push(line(["A reading of the claim ", linked(fact.claim, facts[fact.claim] && facts[fact.claim].name), "."]));
    found.push(...where(fact), ...made(fact));
    if (fact.tested) {
      const claims = [...new Set(above(fact.id).map((key) => facts[key]).filter((one) => one.kind === "check").map((one) => (facts[one.claim] ? one.claim : one.id)))];
      found.push(heading("How it is tested"), line(fact.why_not ? `Not tested: ${fact.why_not}.` : `Tested ${fact.tested}, by:`));
      if (!fact.why_not) found.push(items(claims, (key) => item(linked(key, facts[key].name), ": ", valued(facts[key]))));
    }
    const bar = line([copying("Copy link", () => `${location.href.split("#")[0]}#id=${fact.id}`), copying("Copy citation", () => citation(fact))], "tools");
    if (fact.kind === "figure") bar.append(make("a", { href: `what_if.html#${fact.id}` }, "What if it were another?"));
    copied.textContent = "";
    return [...found, ...otherRules(fact), ...uses(fact), bar, copied].filter(Boolean);
  };

  let opened = null;
  const follow = () => {
    const id = read().get("id"), fact = facts[id], before = opened;
    list.hidden = Boolean(fact);
    sheet.hidden = !fact;
    opened = fact ? id : null;
    document.title = fact ? `${fact.name} · ${title}` : title;
    if (fact) {
      sheet.replaceChildren(...inspected(fact));
      if (before !== id) { window.scrollTo(0, 0); document.getElementById("sheet-title").focus({ preventScroll: true }); }
      return;
    }
    show();
    const row = before && inner.querySelector(`a[data-id="${before}"]`);
    if (row) row.focus();
  };
  window.addEventListener("hashchange", follow);
  follow();
}
mountFacts(document.getElementById("app"), JSON.parse(document.getElementById("data").textContent));
