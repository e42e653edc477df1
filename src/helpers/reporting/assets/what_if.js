// The page on which a reader changes what is printed. `Engine` computes; this shows what moves and keeps the address.
(function () {
  const { model, findings, signs } = JSON.parse(document.getElementById("model").textContent);
  const engine = Engine(model);
  let run_before = null;
  const before = () => run_before ||= engine.run(); // what the reports say; not before it is needed
  const FIRST = 8; // moved numbers that are drawn before the reader asks for all
  const MATCHES = 6; // figures that are offered at once
  const at = (id) => document.getElementById(id);
  const plain = (text) => text.toLowerCase().replace(/[\u2018\u2019]/g, "'").replace(/[\u2212\u2013]/g, "-");
  const tied = (...parts) => parts.filter(Boolean).join(", ");
  const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  // -- what is known of every id ------------------------------------------------------------------------

  const about = {}; // by id: kind, unit, name, and of a figure where and how it is printed
  const { figures, derived } = model;
  const subject = (table, row) => {
    const name = tied(model.indicators[table.indicator[row]], model.entities[table.entity[row]], table.period[row]);
    return name[0].toUpperCase() + name.slice(1);
  };
  figures.id.forEach((id, row) => {
    const [, singular, plural] = model.units[figures.unit[row]];
    const printed = figures.as_printed[row] || figures.token[row];
    const token = figures.token[row];
    about[id] = {
      kind: "figure", name: subject(figures, row), unit: figures.unit[row], token,
      qualifier: figures.qualifier[row], corrected: figures.corrected[row],
      after: tied([figures.scale[row], token === "1" ? singular : plural].filter(Boolean).join(" ")),
      where: `${model.articles[figures.article[row]][0]}, paragraph ${figures.paragraph[row]}, printed “${printed}”`,
    };
  });
  derived.id.forEach((id, row) => {
    const how = derived.measure[row].replaceAll("_", " ");
    about[id] = { kind: "derived", name: tied(subject(derived, row), how), unit: derived.unit[row], reading: derived.reading[row] };
  });
  const shown = (id, found) => engine.show({
    kind: about[id].kind, unit: about[id].unit, qualifier: found.qualifier || "", value: found.value, low: found.low,
    high: found.high, token: found.token || "",
  });
  const quantity = (result, id) => result.figures[id] || result.derived[id];
  const reported = {};
  const shownBefore = (id) => reported[id] ||= shown(id, quantity(before(), id));
  const restsOn = {}; // by derived id, the numbers of the figures and sources behind it
  const sources = model.sources.id.length + figures.id.length;
  derived.inputs.forEach((inputs, row) => {
    restsOn[derived.id[row]] = new Set(inputs.flatMap((place) => (place < sources ? [place] : [...restsOn[derived.id[place - sources]]])));
  });
  const resting = figures.id.map((_, place) => derived.id.filter((id) => restsOn[id].has(place)).length);
  const readings = {}; // the checks of each claim
  model.claims.id.forEach((id, row) => (readings[model.claims.claim[row]] ||= []).push(row));

  // -- the state, which the address holds ------------------------------------------------------------------

  const state = { rules: "usual", changes: new Map(), typed: new Map(), wrong: new Map() };
  const isChange = (id, { token, qualifier }) => token !== about[id].token || qualifier !== about[id].qualifier;
  const given = () => Object.fromEntries([...state.changes].filter(([id, change]) => isChange(id, change)));

  /** Take what is typed for a figure, or say why not and keep what was there. */
  const take = (id, typed) => {
    state.typed.set(id, typed);
    const token = typed.token.trim();
    try {
      if (!token) throw new Error("Type a number, such as 2.7, 1,200 or 5-6.");
      for (const rules of Object.keys(model.rules)) engine.ofPrint({ figure: id, rules, token, qualifier: typed.qualifier });
      state.changes.set(id, { token, qualifier: typed.qualifier });
      state.wrong.delete(id);
    } catch (error) {
      state.wrong.set(id, error.message);
      if (!state.changes.has(id)) state.changes.set(id, { token: about[id].token, qualifier: about[id].qualifier });
    }
  };
  const choose = (id) => take(id, { token: about[id].token, qualifier: about[id].qualifier });
  const drop = (id) => [state.changes, state.typed, state.wrong].forEach((of) => of.delete(id));

  const written = () => {
    const parts = state.rules === "usual" ? [] : [`rules=${state.rules}`];
    for (const [id, change] of state.changes) {
      const said = [change.token, ...(change.qualifier === about[id].qualifier ? [] : [change.qualifier])].join(",");
      parts.push(isChange(id, change) ? `${id}=${encodeURIComponent(said).replaceAll("%2C", ",")}` : id);
    }
    return parts.join("&");
  };
  let address = null; // what this page last wrote into the address
  const write = () => {
    address = written();
    try { history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search); } catch { location.hash = address; }
  };
  const read = () => {
    const text = location.hash.slice(1);
    if (text === address) return;
    Object.assign(state, { rules: "usual", changes: new Map(), typed: new Map(), wrong: new Map() });
    const unknown = [];
    for (const part of text.split("&").filter(Boolean)) {
      const [key, ...rest] = part.split("=");
      let value = rest.join("=");
      try { value = decodeURIComponent(value); } catch { /* it stays as it is */ }
      if (key === "rules" && Object.hasOwn(model.rules, value)) state.rules = value;
      else if (Object.hasOwn(about, key) && about[key].kind === "figure") {
        const [, token, qualifier] = value.match(/^(.*?)(?:,([a-z_]+))?$/s);
        const known = Object.hasOwn(model.qualifiers, qualifier || "");
        choose(key);
        if (value) take(key, { token: (known ? token : value) || about[key].token, qualifier: known ? qualifier : about[key].qualifier });
      } else unknown.push(key);
    }
    at("address").textContent = unknown.length ? `No printed figure has this id of the address: ${unknown.join(", ")}.` : "";
    address = text;
    draw();
    if (state.changes.size) at("changes").scrollIntoView({ block: "nearest" });
  };

  // -- what moves -------------------------------------------------------------------------------------------

  const LEFT = 4;
  const WIDTH = 192;
  /** Two intervals on one line of numbers, the upper and the lower; open ends reach the edge. */
  const bar = (upper, lower) => {
    const known = [...upper, ...lower].filter(Number.isFinite);
    const [from, to] = [Math.min(...known), Math.max(...known)];
    const x = (end, edge) => (!Number.isFinite(end) ? edge : to > from ? LEFT + ((end - from) / (to - from)) * WIDTH : 100);
    const draw_line = ([low, high], y, kind) => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      const [left, right] = [x(low, 0), x(high, 200)];
      const pad = Math.max(0, 3 - (right - left)) / 2; // so that a narrow one is seen
      const parts = { class: kind, x1: left - pad, x2: right + pad, y1: y, y2: y, "stroke-width": 6 };
      for (const [name, value] of Object.entries(parts)) line.setAttribute(name, value);
      return line;
    };
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [name, value] of Object.entries({ class: "bar", viewBox: "0 0 200 26", "aria-hidden": "true", preserveAspectRatio: "none" })) svg.setAttribute(name, value);
    const lines = [[upper, 7, "was"], [lower, 19, "now"]].filter(([ends]) => ends.some(Number.isFinite)); // else lost
    svg.append(...lines.map((line) => draw_line(...line)));
    return svg;
  };
  const verdict = (word) => make("span", { class: `verdict ${word.replaceAll(" ", "-")}` }, `${signs[word] || "–"} ${word}`);
  const move = (name, from, to, more, ...bars) => {
    const item = make("li", { class: "move" });
    const text = make("div");
    const from_to = make("div");
    from_to.append(from, " → ", to);
    text.append(make("div", { class: "name" }, name), from_to);
    if (more) text.append(make("div", { class: "name" }, more));
    item.append(text, ...bars);
    return item;
  };
  const ofNumber = (id, after) => {
    const [was, now] = [quantity(before(), id), quantity(after, id)];
    const [old, fresh] = [shownBefore(id), shown(id, now)];
    const name = about[id].reading ? `${about[id].name}. Reading: ${about[id].reading}` : about[id].name;
    const item = move(name, old.value, make("span", { class: "after" }, fresh.value), `Range: ${old.range} → ${fresh.range}`,
      bar([was.low, was.high], [now.low, now.high]));
    item.firstChild.append(id in restsOn ? behind(id) : make("div", { class: "name" }, about[id].where));
    return item;
  };
  /** What is behind a derived number, filled in when it is opened: every printed figure with its place. */
  const behind = (id) => {
    const fold = make("details");
    fold.append(make("summary", { class: "name" }, "Where it was printed"));
    fold.addEventListener("toggle", () => {
      if (fold.children.length > 1) return;
      const places = [...restsOn[id]];
      const printed = places.filter((place) => place < figures.id.length).map((place) => about[figures.id[place]]);
      const others = places.length - printed.length;
      const lines = printed.map((one) => `${one.name}: ${one.where}`);
      if (others) lines.push(`${printed.length ? "and " : ""}${count(others, "value", "values")} of other sources`);
      fold.append(list(lines.map((line) => make("li", { class: "name" }, line))));
    });
    return fold;
  };
  const ofClaim = (claim, after) => {
    const said = model.claims.said[claim] || `All prints of “${about[claim.slice(0, -model.alike.length)].name}” allow a common value`;
    const ids = readings[claim]?.map((row) => model.claims.id[row]) || [claim];
    const decides = ids.find((id) => before().checks[id].verdict === before().claims[claim] && after.checks[id].verdict !== before().claims[claim])
      || ids.find((id) => after.checks[id].verdict === after.claims[claim]) || ids[0];
    const { observed, expected } = after.checks[decides];
    const place = model.claims.id.indexOf(decides);
    const end = ([low, high]) => {
      const unit = place < 0 ? about[claim.slice(0, -model.alike.length)].unit : unitOf(model.claims.observed[place]);
      const show = (value) => engine.show({ kind: "comparator", unit, value, low: value, high: value }).value;
      const few = (value) => show(Number(value.toPrecision(4)));
      if (!Number.isFinite(low) && !Number.isFinite(high)) return "nothing that could be computed";
      if (!Number.isFinite(low)) return `at most ${few(high)}`;
      if (!Number.isFinite(high)) return `at least ${few(low)}`;
      return few(low) === few(high) ? few(low) : `${few(low)} to ${few(high)}`;
    };
    const reading = place < 0 ? "" : model.claims.reading[place];
    const note = `Expected (above): ${end(expected)}. Claimed (below): ${end(observed)}.${reading ? ` Reading: ${reading}.` : ""}`;
    return move(said, verdict(before().claims[claim]), verdict(after.claims[claim]), note, bar(expected, observed));
  };
  const unitOf = (place) => [...figures.unit, ...model.sources.unit, ...derived.unit][place];
  const list = (items) => { const found = make("ul"); found.append(...items); return found; };

  const moved = (after) => {
    const numbers = Object.keys(about).filter((id) => {
      const [was, now] = [quantity(before(), id), quantity(after, id)];
      if (["value", "low", "high"].every((end) => Object.is(was[end], now[end])) && was.qualifier === now.qualifier) return false;
      const [old, fresh] = [shownBefore(id), shown(id, now)];
      return old.value !== fresh.value || old.range !== fresh.range;
    });
    const claims = Object.keys(after.claims).filter((claim) => after.claims[claim] !== before().claims[claim]);
    const own = new Set([...numbers, ...claims]);
    const of = findings.map((finding) => ({ ...finding, moved: finding.ids.filter((id) => own.has(id)) }));
    return { numbers, claims, findings: of.filter((finding) => finding.moved.length) };
  };
  const section = (id, title, items, all = () => items) => {
    const place = at(id);
    place.replaceChildren();
    if (!items.length) return;
    place.append(make("h3", {}, title), list(items));
    const rest = all().length - items.length;
    if (rest <= 0) return;
    const button = make("button", { type: "button" }, `Show ${rest} more`);
    button.addEventListener("click", () => {
      const more = all().slice(items.length);
      place.querySelector("ul").append(...more);
      button.remove();
      more[0].setAttribute("tabindex", "-1");
      more[0].focus();
    });
    place.append(button);
  };

  const results = () => {
    const nothing = state.rules === "usual" && !Object.keys(given()).length;
    const after = nothing ? null : engine.run({ rules: state.rules, changes: given() });
    const { numbers, claims, findings: of } = nothing ? { numbers: [], claims: [], findings: [] } : moved(after);
    const computed = numbers.filter((id) => about[id].kind === "derived");
    at("counts").textContent = nothing
      ? "Nothing is changed yet. Choose a figure and type another number, or choose other rules."
      : `${of.length} of ${count(findings.length, "finding", "findings")} ${of.length === 1 ? "moves" : "move"}. ${count(claims.length, "verdict", "verdicts")} and ${count(computed.length, "derived number", "derived numbers")} change.`;
    section("findings", "Findings that move", of.map((finding) => {
      const item = make("li", { class: "finding" });
      item.append(make("a", { href: finding.href }, finding.title));
      const items = finding.moved.map((id) => (id in about ? ofNumber(id, after) : ofClaim(id, after)));
      const fold = items.length > 4 ? make("details") : null;
      item.append(list(items.slice(0, fold ? 3 : 4)));
      if (fold) {
        fold.append(make("summary", {}, `${items.length - 3} more of this finding`), list(items.slice(3)));
        item.append(fold);
      }
      return item;
    }));
    section("claims", "Verdicts that change", claims.map((claim) => ofClaim(claim, after)));
    const draw_all = () => numbers.map((id) => ofNumber(id, after));
    section("numbers", "Numbers that change", numbers.slice(0, FIRST).map((id) => ofNumber(id, after)), draw_all);
    return after || before();
  };

  // -- what a reader sets ----------------------------------------------------------------------------------------

  const card = (id) => {
    const { name, where, after, corrected } = about[id];
    const box = make("fieldset", { class: "change", "data-id": id });
    const fields = make("div", { class: "fields" });
    const number = make("label", {}, "Printed number ");
    const input = make("input", { type: "text", inputmode: "text", "aria-describedby": `wrong-${id} allows-${id}`, spellcheck: "false" });
    input.value = state.typed.get(id).token;
    number.append(input);
    const words = make("label", {}, "Its wording ");
    const select = make("select");
    for (const [key, word] of Object.entries(model.qualifiers)) select.append(make("option", { value: key }, word || "the bare number"));
    select.value = state.typed.get(id).qualifier;
    words.append(select);
    const remove = make("button", { type: "button" }, "Put back");
    remove.setAttribute("aria-label", `Put back ${name}`);
    fields.append(number, make("span", {}, after), words, remove);
    box.append(make("legend", {}, name), make("p", { class: "where" }, where + (corrected ? ` (read otherwise: ${corrected})` : "")), fields,
      make("p", { class: "wrong", id: `wrong-${id}`, role: "alert" }), make("p", { class: "allows", id: `allows-${id}` }));
    const typed = () => { take(id, { token: input.value, qualifier: select.value }); update(); };
    input.addEventListener("input", typed);
    select.addEventListener("change", typed);
    remove.addEventListener("click", () => { drop(id); draw(); write(); at("find").focus(); });
    return box;
  };
  const update = () => {
    const after = results();
    for (const box of at("changes").children) {
      const id = box.dataset.id;
      const wrong = state.wrong.get(id) || "";
      box.querySelector(".wrong").textContent = wrong;
      box.querySelector("input").setAttribute("aria-invalid", String(Boolean(wrong)));
      const [old, fresh] = [shownBefore(id), shown(id, quantity(after, id))];
      const now = isChange(id, state.changes.get(id)) || state.rules !== "usual" ? `; now ${fresh.value} allows ${fresh.range}` : "";
      box.querySelector(".allows").textContent = `As printed it allows ${old.range}${now}.`;
    }
    write();
  };
  const search = () => {
    const words = plain(at("find").value).split(/\s+/).filter(Boolean);
    const rows = figures.id.map((id, row) => ({ id, rests: resting[row], text: plain(`${about[id].name} ${about[id].where} ${id}`) }))
      .filter(({ id, text }) => !state.changes.has(id) && words.every((word) => text.includes(word)))
      .sort((a, b) => b.rests - a.rests);
    const idle = !words.length && state.changes.size; // a reader who has chosen wants to see what moves
    at("found").textContent = idle ? "You can change several at once: type to find another." : words.length
      ? `${rows.length ? count(rows.length, "figure fits", "figures fit") : "No figure fits"}.${rows.length > MATCHES ? " The first are those on which most rests." : ""}`
      : `Of ${figures.id.length} figures, those on which most rests:`;
    at("matches").replaceChildren(...rows.slice(0, idle ? 0 : MATCHES).map(({ id }) => {
      const item = make("li");
      const button = make("button", { type: "button" }, about[id].name);
      button.append(make("small", {}, about[id].where));
      button.addEventListener("click", () => {
        choose(id);
        at("find").value = "";
        draw();
        write();
        const field = at("changes").querySelector(`[data-id="${id}"] input`);
        field.focus();
        field.select();
      });
      item.append(button);
      return item;
    }));
  };
  const draw = () => {
    document.querySelectorAll('[name="rules"]').forEach((radio) => { radio.checked = radio.value === state.rules; });
    at("changes").replaceChildren(...[...state.changes.keys()].map(card));
    search();
    update();
  };

  at("find").addEventListener("input", search);
  at("choices").addEventListener("submit", (event) => event.preventDefault());
  document.querySelectorAll('[name="rules"]').forEach((radio) => radio.addEventListener("change", () => { state.rules = radio.value; update(); }));
  at("reset").addEventListener("click", () => {
    Object.assign(state, { rules: "usual", changes: new Map(), typed: new Map(), wrong: new Map() });
    at("address").textContent = "";
    draw();
  });
  window.addEventListener("hashchange", read);
  read();
  setTimeout(before, 300); // ready for the first change
})();
