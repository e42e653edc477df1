/** Facts as `helpers.reporting.packing` packs them, by id. */
function unpacked({ forms, kinds, ids, words, rows }) {
  const names = Object.keys(kinds), found = Object.create(null);
  const text = (cell) => (Array.isArray(cell) ? cell.map(text) : words[cell]);
  const opened = (form, cell, inputs) => {
    if (form === "data") return cell;
    if (form === "ids") return cell.map((one) => ids[one]);
    if (form === "joined") return text(cell).join(", ");
    return form === "placed" ? text(cell).replace(/\$(\$|\d+)/g, (_, place) => (place === "$" ? "$" : inputs[place])) : text(cell);
  };
  rows.forEach(([kind, ...cells], number) => {
    const columns = kinds[names[kind]], fact = { id: ids[number], kind: names[kind] };
    const inputs = (cells[columns.indexOf("inputs")] || []).map((one) => ids[one]);
    cells.forEach((cell, place) => {
      if (cell !== null) fact[columns[place]] = opened(forms[columns[place]], cell, inputs);
    });
    found[fact.id] = fact;
  });
  return found;
}
