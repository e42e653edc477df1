"""Facts of a page as compact data: every text once, ids as numbers. `assets/packing.js` opens it again."""

import re
from collections.abc import Mapping
from typing import Any

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")
Facts = Mapping[str, Mapping[str, Any]]
# In which form a part of a fact is kept: one or several texts, a text whose parts between commas come back in
# others, a text that names inputs by their place, ids, or data as they are.
COLUMNS = {
    "name": "joined", "value": "text", "range": "text", "bounds": "data", "inputs": "ids",
    "shares": "data", "token": "text", "outlet": "text", "paragraph": "data", "start": "data", "end": "data",
    "again": "text", "printed": "data", "formula": "placed", "explanation": "placed", "measure": "text",
    "reading": "text", "status": "text", "qualifier": "text", "corrected": "text", "tested": "text",
    "why_not": "text", "observed": "data", "expected": "data", "source": "text",
    "url": "text", "licence": "text", "basis": "text", "stands": "text", "fails": "text", "open": "text",
    "note": "text", "entity": "text", "unit": "text", "article": "text", "against": "text",
    "verdict": "text", "grade": "text", "claim": "text",
}  # fmt: skip


def packed(facts: Facts) -> dict[str, Any]:
    """Facts by id, with all their inputs among them, as data that `unpacked` of `packing.js` opens.

    `kinds` has the columns of each kind, `rows` the number of the kind and the cells, without empty ones at
    the end. In a formula `$0` is the first input, and `$$` a dollar.
    """
    number, words = {key: place for place, key in enumerate(facts)}, dict[str, int]()

    def text(content: Any) -> Any:
        if isinstance(content, list):
            return [text(part) for part in content]
        return words.setdefault(content, len(words))

    def cell(form: str, content: Any, inputs: list[str]) -> Any:
        if content is None or form == "data":
            return content
        if form == "ids":
            return [number[key] for key in content]
        if form == "joined":
            return text(content.split(", "))
        if form == "placed":
            places = {key: f"${place}" for place, key in enumerate(inputs)}
            content = ID.sub(lambda match: places.get(match[0], match[0]), content.replace("$", "$$"))
        return text(content)

    kinds: dict[str, list[str]] = {
        kind: [] for kind in dict.fromkeys(fact["kind"] for fact in facts.values())
    }
    for kind in kinds:
        there = {name for fact in facts.values() if fact["kind"] == kind for name in fact}
        kinds[kind] = [name for name in COLUMNS if name in there]
    order, rows = list(kinds), []
    for fact in facts.values():
        cells = [cell(COLUMNS[name], fact.get(name), fact.get("inputs", [])) for name in kinds[fact["kind"]]]
        while cells and cells[-1] is None:
            cells.pop()
        rows.append([order.index(fact["kind"]), *cells])
    return {"forms": COLUMNS, "kinds": kinds, "ids": list(facts), "words": list(words), "rows": rows}
