// The transcription view: shows what Python says of a sheet, and sends back what a person does.
// Text reaches the page as textContent only. Places in the text are Python's: a part has its start, and
// what stands before a place inside it is counted in code points.

const KEYS = [
  ["←  →", "or k j: the numeral before, the next"],
  ["n", "next proposal"],
  ["Enter", "accept the proposal and go to the next"],
  ["e  F2", "to the fields; Esc: back to the text"],
  ["Ctrl+Enter", "in a field: accept and go to the next"],
  ["s", "take the suggested figure_id"],
  ["x", "no numeral: remove the row"],
  ["Shift+→  Shift+←", "select from the numeral on (with Ctrl by words; with Alt the other end)"],
  ["a", "make the selection one numeral"],
  ["Ctrl+Z", "undo; Ctrl+Shift+Z or Ctrl+Y: redo"],
];

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const points = (text) => Array.from(text).length;
const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

function render({ model, el }) {
  const id = `workbench-${Math.random().toString(36).slice(2)}`;
  const about = model.get("about");
  let current = null; // key of a row, or "@" and the start of a numeral without one
  let spans = new Map(); // by the same
  const partOf = new WeakMap(); // what Python says of a piece of the text
  let drawn = null;
  let waiting = null;
  let turn = 0; // counts steps and moves: an answer leads to its row unless something was done since
  let held = false; // a mouse button is down: redrawing or moving the focus would undo the click or the selection
  let late = false; // an answer came meanwhile
  const inputs = {};

  function send(message) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      alarm.textContent = "The kernel does not answer; what was done last may not be saved. Run the cell again.";
    }, 8000);
    turn += 1;
    model.send({ ...message, view: `${id} ${turn}` });
  }

  // What is there

  const button = (label, key, act, title) => {
    const node = make("button", { type: "button", onclick: act }, label);
    if (key) node.append(" ", make("kbd", {}, key));
    if (title) node.title = title;
    return node;
  };
  const progress = make("p", { className: "count" });
  const undo = button("Undo", "Ctrl+Z", () => send({ kind: "undo" }));
  const redo = button("Redo", "Ctrl+Y", () => send({ kind: "redo" }));
  const reload = button("Read again", "", () => send({ kind: "reload" }), "Read sheet, keys and text anew");
  const save = button("Save again", "", () => send({ kind: "save" }));
  const trouble = make("p", { className: "trouble", role: "alert", hidden: true });
  const text = make("div", { className: "text", tabIndex: -1, role: "group", "aria-label": "Text with its numerals" });
  const title = make("h3", { className: "numeral" });
  const remark = make("p", { className: "remark" });
  const classes = make("div", { className: "classes", role: "group", "aria-label": "Class" });
  const form = make("div", { className: "fields" });
  const accept = button("Accept", "Enter", () => act("accept"));
  const remove = button("No numeral", "x", () => act("remove"));
  const add = button("Make the selection one numeral", "a", () => addSelection());
  add.addEventListener("mousedown", (event) => event.preventDefault()); // which would take the selection away
  const status = make("p", { className: "status", role: "status" });
  const alarm = make("p", { className: "alarm", role: "alert" });
  const legend = make("details", { className: "legend", open: true }, make("summary", {}, "Keys in the text, and marks"));
  const keys = make("dl");
  for (const [key, meaning] of KEYS) keys.append(make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, meaning)));
  for (const [name, letter] of Object.entries(about.letters)) {
    const sample = make("span", { className: "mark", "data-class": name, "data-badge": letter }, name);
    keys.append(make("div", {}, make("dt", {}, make("kbd", {}, letter)), make("dd", {}, "class ", sample)));
  }
  const sign = (kind, words) => make("span", { className: `mark ${kind}`, "data-class": "figure", "data-badge": { proposed: "f?", faulty: "f!", rowless: "+" }[kind] }, words);
  keys.append(
    make("div", {}, make("dt", {}, sign("proposed", "57")), make("dd", {}, "a proposal: nobody has decided it")),
    make("div", {}, make("dt", {}, sign("faulty", "57")), make("dd", {}, "decided, but something is wrong or empty")),
    make("div", {}, make("dt", {}, sign("rowless", "57")), make("dd", {}, "has no row yet: Enter makes one")),
  );
  legend.append(keys);
  const panel = make(
    "div", { className: "panel", role: "group", "aria-label": "The numeral" },
    title, remark, classes, form, make("div", { className: "tools" }, accept, remove, add),
  );
  const root = make(
    "div",
    { className: "workbench", id, role: "group", "aria-label": `Transcription of ${about.article}` },
    make("div", { className: "head" }, progress, make("div", { className: "tools" }, undo, redo, reload, save)),
    trouble,
  );
  const textless = make("p", { className: "trouble" });
  root.append(textless, make("div", { className: "sides" }, text, panel), make("div", { className: "said" }, status, alarm), legend);

  for (const field of model.get("fields")) {
    const name = field.name;
    if (name === "class") continue; // it has buttons
    const label = make("label", { htmlFor: `${id}-${name}` }, name);
    const input = make(field.closed ? "select" : "input", { id: `${id}-${name}`, "aria-describedby": `${id}-${name}-said`, autocomplete: "off", spellcheck: false });
    const said = make("p", { className: "fault", id: `${id}-${name}-said` });
    const line = make("div", { className: "field" }, label, input);
    if (!field.closed) {
      input.setAttribute("list", `${id}-${name}-list`);
      line.append(make("datalist", { id: `${id}-${name}-list` }));
    }
    const take = name === "figure_id" ? button("", "s", () => suggest()) : null;
    if (take) {
      take.hidden = true;
      line.append(take);
    }
    line.append(said);
    form.append(line);
    inputs[name] = { ...field, input, said, take, shown: "", row: null };
    input.addEventListener("change", () => commit(name));
  }

  // What the sheet says

  const rows = () => model.get("state").rows;
  const row = () => rows().find((one) => one.key === current);

  function draw() {
    const paragraphs = model.get("paragraphs");
    if (drawn === paragraphs) return;
    drawn = paragraphs;
    spans = new Map();
    const top = text.scrollTop;
    const had = text.contains(document.activeElement);
    if (had) text.focus({ preventScroll: true }); // or JupyterLab takes the focus while the numeral is redrawn
    text.replaceChildren(
      ...paragraphs.map(({ number, parts }) => {
        const paragraph = make("p", { "data-number": number });
        for (const part of parts) {
          const span = make("span", {}, part.text);
          partOf.set(span, part);
          if ("row" in part) {
            span.className = "mark";
            span.setAttribute("role", "button");
            spans.set(part.row || `@${part.start}`, span);
          }
          paragraph.append(span);
        }
        return paragraph;
      }),
    );
    text.scrollTop = top;
    return had;
  }

  const order = () => [...spans.keys()];
  const position = () => order().indexOf(current);

  function show() {
    clearTimeout(waiting);
    const before = position();
    const had = draw();
    const { rows: all, answer } = model.get("state");
    const mine = Boolean(answer.view?.startsWith(`${id} `));
    if (answer.view === `${id} ${turn}` && spans.has(answer.row)) current = answer.row;
    if (!spans.has(current)) {
      const open = all.find((one) => one.proposed);
      current = order()[Math.min(before, spans.size - 1)] ?? open?.key ?? order()[0] ?? null;
    }
    const byKey = new Map(all.map((one) => [one.key, one]));
    for (const [key, span] of spans) mark(span, byKey.get(key), key === current);
    const state = model.get("state");
    progress.textContent = state.progress;
    const place = model.get("about").text;
    textless.hidden = !place;
    textless.textContent = `The text is not at hand: numerals stand here without it. Put it at ${place}, then “Read again”.`;
    for (const field of model.get("fields")) Object.assign(inputs[field.name] ?? {}, field);
    undo.disabled = !state.undo;
    redo.disabled = !state.redo;
    trouble.textContent = state.trouble;
    trouble.hidden = save.hidden = !state.trouble;
    status.textContent = answer.done ? answer.words : "";
    alarm.textContent = answer.done ? "" : answer.words;
    if (had || (mine && text.contains(document.activeElement))) spans.get(current)?.focus({ preventScroll: true });
    if (mine) reveal();
    fill();
  }

  function mark(span, one, here) {
    const kind = one ? one.cells.class : "";
    const faulty = one && !one.proposed && Object.keys(one.faults).length > 0;
    const letter = about.letters[kind] ?? "+";
    const badge = letter + (one?.proposed ? "?" : faulty ? "!" : "");
    span.dataset.class = kind;
    span.dataset.badge = badge;
    span.classList.toggle("proposed", Boolean(one?.proposed));
    span.classList.toggle("faulty", Boolean(faulty));
    span.classList.toggle("rowless", !one);
    span.tabIndex = here ? 0 : -1;
    if (here) span.setAttribute("aria-current", "true");
    else span.removeAttribute("aria-current");
    const words = one ? [kind, one.proposed && "proposal", faulty && "incomplete"] : ["no row yet"];
    span.setAttribute("aria-label", [span.textContent, ...words.filter(Boolean)].join(", "));
  }

  function options(field, one) {
    if (field.name !== "figure_id") return field.options;
    if (one.cells.class === "figure") return one.suggestion ? [[one.suggestion, ""]] : [];
    return rows().filter((other) => other.cells.class === "figure" && other.cells.figure_id)
      .map((other) => [other.cells.figure_id, other.token]);
  }

  function fill() {
    const one = row();
    title.textContent = one ? `${one.id}  ${one.token}` : "No row yet";
    const general = one ? Object.entries(one.faults).filter(([name]) => !(name in inputs)) : [];
    remark.textContent = [
      one?.proposed ? "A proposal: nobody has decided it." : "",
      ...general.map(([name, words]) => `${name}: ${words}.`),
    ].filter(Boolean).join(" ");
    classes.replaceChildren(
      ...Object.entries(about.letters).map(([name, letter]) => {
        const node = button(name, letter, () => set("class", name));
        node.setAttribute("aria-pressed", String(one?.cells.class === name));
        node.disabled = !one;
        return node;
      }),
    );
    accept.disabled = !one?.proposed;
    remove.disabled = !one;
    for (const field of Object.values(inputs)) fillField(field, one);
  }

  function fillField(field, one) {
    const { name, input, said, take } = field;
    const kept = one?.unwritten[name];
    const value = kept ? kept[0] : one?.cells[name] ?? "";
    const offered = one ? options(field, one) : [];
    if (field.closed) {
      const known = offered.map(([key]) => key);
      const extra = [...new Set(["", value])].filter((key) => !known.includes(key));
      input.replaceChildren(
        ...extra.map((key) => make("option", { value: key }, key || "none")),
        ...offered.map(([key, words]) => make("option", { value: key }, words ? `${key}: ${words}` : key)),
      );
    } else {
      input.list.replaceChildren(...offered.map(([key, words]) => make("option", { value: key }, words)));
    }
    const typing = !field.closed && input.matches(":focus") && input.value !== field.shown && field.row === current;
    if (!typing) input.value = value;
    field.shown = value;
    field.row = current;
    const meaningless = field.quantity && one && !["figure", "repeat"].includes(one.cells.class);
    input.disabled = !one || (meaningless && !value);
    const fault = kept ? kept[1] : one?.faults[name];
    const meant = field.options.find(([key]) => key === value)?.[1];
    said.textContent = kept ? `Not written: ${fault}` : fault ? sentence(fault) : field.closed ? "" : meant ?? "";
    said.className = kept || (fault && !one.proposed) ? "fault wrong" : fault ? "fault open" : "fault";
    input.setAttribute("aria-invalid", String(Boolean(kept || (fault && !one.proposed))));
    if (take) {
      take.hidden = !one?.suggestion;
      take.firstChild.textContent = one?.suggestion ? `Take ${one.suggestion}` : "";
    }
  }

  // What a person does

  function set(column, value) {
    if (row()) send({ kind: "set", row: current, column, value });
  }

  function commit(name) {
    const field = inputs[name];
    if (field.input.value === field.shown) return;
    field.shown = field.input.value;
    send({ kind: "set", row: field.row, column: name, value: field.input.value });
  }

  function act(kind) {
    if (row()) send({ kind, row: current });
    else if (kind === "accept") addSelection();
  }

  function suggest() {
    const one = row();
    if (one?.suggestion) set("figure_id", one.suggestion);
  }

  function go(key) {
    if (!spans.has(key)) return;
    turn += 1;
    const old = spans.get(current);
    const byKey = new Map(rows().map((one) => [one.key, one]));
    if (old) mark(old, byKey.get(current), false);
    current = key;
    mark(spans.get(key), byKey.get(key), true);
    reveal();
    fill();
  }

  function move(by) {
    go(order()[Math.max(0, Math.min(spans.size - 1, position() + by))]);
    spans.get(current)?.focus({ preventScroll: true });
  }

  function nextProposal() {
    const open = new Set(rows().filter((one) => one.proposed).map((one) => one.key));
    const found = [...order().slice(position() + 1), ...order().slice(0, position())].find((key) => open.has(key));
    if (found) go(found);
    else status.textContent = open.size ? "This is the only proposal." : "There is no proposal.";
    spans.get(current)?.focus({ preventScroll: true });
  }

  function reveal() {
    const span = spans.get(current);
    if (!span) return;
    const [outer, inner] = [text.getBoundingClientRect(), span.getBoundingClientRect()];
    const room = Math.min(60, outer.height / 4);
    if (inner.top < outer.top + room) text.scrollTop -= outer.top + room - inner.top;
    else if (inner.bottom > outer.bottom - room) text.scrollTop += inner.bottom - outer.bottom + room;
  }

  function selected() {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    let [start, end] = [null, null];
    for (const span of text.querySelectorAll("p > span")) {
      const part = partOf.get(span);
      if (!("start" in part) || !range.intersectsNode(span)) continue;
      const inside = document.createRange();
      inside.selectNodeContents(span);
      if (range.comparePoint(span, 0) < 0) inside.setStart(range.startContainer, range.startOffset);
      if (range.comparePoint(span, span.childNodes.length) > 0) inside.setEnd(range.endContainer, range.endOffset);
      const ahead = document.createRange();
      ahead.selectNodeContents(span);
      ahead.setEnd(inside.startContainer, inside.startOffset);
      const first = part.start + points(ahead.toString());
      const last = first + points(inside.toString());
      if (first === last) continue;
      start ??= first;
      end = last;
    }
    return start === null ? null : { start, end };
  }

  function addSelection() {
    const part = row() ? null : partOf.get(spans.get(current));
    const found = selected() ?? (part && { start: part.start, end: part.start + points(part.text) });
    document.getSelection().removeAllRanges();
    send({ kind: "add", ...(found ?? { start: 0, end: 0 }) });
  }

  function extend(event) {
    const selection = document.getSelection();
    const forward = event.key === "ArrowRight";
    if (selection.isCollapsed || !text.contains(selection.anchorNode)) {
      const inside = spans.get(current)?.firstChild;
      if (!inside) return;
      const ends = [0, inside.length];
      if (forward === event.altKey) ends.reverse(); // the end that moves comes last
      selection.setBaseAndExtent(inside, ends[0], inside, ends[1]);
    } else if (event.altKey) {
      selection.setBaseAndExtent(selection.focusNode, selection.focusOffset, selection.anchorNode, selection.anchorOffset);
    }
    selection.modify("extend", forward ? "forward" : "backward", event.ctrlKey || event.metaKey ? "word" : "character");
    if (event.altKey) {
      selection.setBaseAndExtent(selection.focusNode, selection.focusOffset, selection.anchorNode, selection.anchorOffset);
    }
  }

  function toFields() {
    const one = row();
    if (!one) return;
    const open = Object.values(inputs).filter(({ input }) => !input.disabled);
    (open.find(({ name }) => one.faults[name]) ?? open[0]).input.focus();
  }

  const simple = {
    ArrowRight: () => move(1), j: () => move(1),
    ArrowLeft: () => move(-1), k: () => move(-1),
    Home: () => move(-spans.size), End: () => move(spans.size),
    n: nextProposal, e: toFields, F2: toFields, s: suggest, a: addSelection,
    x: () => act("remove"), Delete: () => act("remove"), Enter: () => act("accept"),
  };
  for (const [name, letter] of Object.entries(about.letters)) simple[letter] = () => set("class", name);

  function inText(event) {
    if (["ArrowLeft", "ArrowRight"].includes(event.key) && event.shiftKey) extend(event);
    else if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    else if (simple[event.key]) simple[event.key]();
    else return;
    event.preventDefault();
  }

  root.addEventListener("keydown", (event) => {
    event.stopPropagation(); // JupyterLab must not take our keys for its own: 0 0 would restart the kernel
    const command = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    const typed = Object.values(inputs).find(({ input, shown }) => input === event.target && input.value !== shown);
    if (command && (letter === "z" || letter === "y") && !typed) { // typed text has the browser's own undo
      send({ kind: letter === "y" || event.shiftKey ? "redo" : "undo" });
    } else if (command && letter === "s") {
      send({ kind: "save" });
    } else if (text.contains(event.target)) {
      return inText(event);
    } else if (event.key === "Escape") {
      if (typed) commit(typed.name);
      spans.get(current)?.focus({ preventScroll: true });
    } else if (event.key === "Enter" && typed && !command) {
      commit(typed.name);
    } else if (event.key === "Enter" && command && panel.contains(event.target)) {
      if (typed) commit(typed.name);
      spans.get(current)?.focus({ preventScroll: true });
      act("accept");
    } else return;
    event.preventDefault();
  });
  text.addEventListener("click", (event) => {
    const part = partOf.get(event.target.closest(".mark"));
    if (!part || !document.getSelection().isCollapsed) return; // a selection that ends in a numeral
    go(part.row || `@${part.start}`);
    spans.get(current).focus({ preventScroll: true });
  });

  function answered() {
    late = held;
    if (!held) show();
  }

  function release() {
    held = false;
    if (late) setTimeout(answered); // after the click
  }

  root.addEventListener("pointerdown", (event) => { // the list of a select may swallow its pointerup
    held = event.button === 0 && event.target.closest("button, .text") !== null;
  });
  for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, release, true);
  model.on("change:state", answered);
  model.on("change:paragraphs", answered);
  el.append(root);
  show();
  return () => {
    clearTimeout(waiting);
    for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, release, true);
    model.off("change:state", answered);
    model.off("change:paragraphs", answered);
  };
}

export default { render };
