// Every claim with its verdict: what is claimed against what is expected. Data as of `claims_data` in
// `helpers.reporting.facts_page`; a claim leads to its place on the page of all facts.

function mountClaims(element, data) {
  "use strict";
  const worst = (row) => WORST_FIRST.indexOf(row.verdict);
  const said = (ends) => (!ends ? "nothing" : ends.map((end) => (end === null ? "open" : end.toLocaleString("en", { maximumSignificantDigits: 5 }))).filter((end, place, all) => !place || end !== all[0]).join(" to "));
  const sourced = (word) => ({ same: "the same source", "may be own": "perhaps its own source", independent: "an independent source" }[word] || "");
  const link = (row) => make("a", { href: `facts.html#id=${row.id}` }, row.claim);
  const claims = data.claims.sort((one, two) => worst(one) - worst(two));
  return mountFacets(element, claims, {
    name: "claims",
    caption: "Every claim: what is claimed (bar) and what it is compared with (band), its verdict and its sources",
    heads: ["Claim", "Claimed and expected", "Verdict", "Compared with", "Weakest source", "A slip of 10 percent"],
    page: 25,
    facets: { verdict: "Verdict", grade: "Weakest source", source: "Compared with", test: "Test", article: "Article", power: "A slip of 10 percent would be noticed" },
    values: (row, facet) => [row[facet] || []].flat(),
    shown: (facet, word) => (facet === "article" ? data.outlets[word] : facet === "grade" ? `grade ${word}` : facet === "source" ? sourced(word) : facet === "test" ? (data.tests[word] || word) : facet === "power" ? { every: "always", some: "sometimes", none: "never" }[word] : word),
    text: (row) => [row.id, row.claim, row.reading, row.verdict, row.source, (row.article || []).map((one) => data.outlets[one])].join(" "),
    first: "verdict, the worst first",
    orders: { "grade, the best first": (one, two) => (one.grade || "Z").localeCompare(two.grade || "Z") },
    cells: (row) => [
      [link(row), ...(row.reading ? [make("span", { class: "soft" }, ` Read as: ${row.reading}`)] : [])],
      drawnClaim(row.observed, row.expected, `Claimed ${said(row.observed)}, expected ${said(row.expected)} ${row.unit}`) || make("span", { class: "soft" }, "nothing to compare with"),
      verdictMark(row.verdict, data.signs),
      sourced(row.source),
      row.grade ? `grade ${row.grade}` : "",
      { every: "always noticed", some: "sometimes noticed", none: "never noticed" }[row.power] || "",
    ],
  });
}
