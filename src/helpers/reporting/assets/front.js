// The front page: every claim, and a rate of growth that the reader may read otherwise.
mountClaims(document.getElementById("list-of-claims"), JSON.parse(document.getElementById("claims").textContent));
(function () {
  const block = document.getElementById("what-if"), evidence = document.getElementById("facts");
  if (!block || !evidence) return;
  const facts = unpacked(JSON.parse(evidence.textContent).facts);
  const GROWTH = "compound_annual_growth_rate";
  const lead = [...document.querySelectorAll(".hero a.number")].map((link) => facts[link.getAttribute("href").replace("#evidence-", "")])
    .find((fact) => fact && fact.measure === GROWTH && facts[fact.inputs[0]]?.kind === "figure");
  if (!lead) return;
  const printed = facts[lead.inputs[0]], period = lead.formula.match(/\^ \(1 \/ (\d+)\)/);
  if (!period) return;
  const form = make("div", { class: "what-if", role: "group", "aria-label": "The growth rate under other readings" });
  const field = (name, words, attributes) => {
    const input = make("input", { id: `if-${name}`, type: "number", ...attributes });
    form.append(make("label", { for: input.id }, words), input);
    return input;
  };
  const multiple = field("multiple", "Printed multiple", { value: printed.token, min: "0.1", step: "0.1" });
  const years = field("years", "Years", { value: period[1], min: "1", max: "100", step: "1" });
  const reading = make("select", { id: "if-reading" });
  reading.append(make("option", { value: "0" }, "times that of"), make("option", { value: "1" }, "grew by … times"));
  form.append(make("label", { for: reading.id }, "Read as"), reading);
  const said = make("output", { "aria-live": "polite" });
  form.append(said);
  const rate = (times) => ((times + Number(reading.value)) ** (1 / Number(years.value)) - 1) * 100;
  const outwards = (round, end) => (round(end * 10) / 10).toFixed(1).replace("-", "\u2212");
  const compute = () => {
    const text = multiple.value, half = 0.5 / 10 ** (text.split(".")[1] || "").length, times = Number(text);
    if (!(times > 0) || !(Number(years.value) >= 1)) { said.textContent = "A multiple above zero and a year at least are needed."; return; }
    const [low, high] = [rate(times - half), rate(times + half)];
    said.textContent = `${rate(times).toFixed(1).replace("-", "\u2212")} percent a year; rounding allows ${outwards(Math.floor, low)} to ${outwards(Math.ceil, high)}`;
  };
  form.addEventListener("input", compute);
  compute();
  block.append(form);
})();
