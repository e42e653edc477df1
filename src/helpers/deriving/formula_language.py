"""The formula language: one text that is computed, enclosed, checked for units, and shown to readers.

A formula is made of numbers, names, `+`, `−`, `×`, `/`, `^`, parentheses, functions, and definitions after a
comma: `total × r / ((1 + r) ^ amounts − 1), r = rate / 100`. A name is that of an input of a measure, or the
id of a quantity. A minus is U+2212 or a hyphen with blanks around it, because ids contain hyphens. `ln x` and
`ln (…)` are never the base of a power, so `ln x ^ 2` has to be written with parentheses. A name may stand for
a list. Operators apply to lists item by item, and `sum(levels / multiples)` adds up the items.
"""

import difflib
import functools
import itertools
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import lark
import numpy as np

GRAMMAR = r"""
    start: sum ("," NAME "=" sum)*
    ?sum: product | sum (PLUS | MINUS) product -> operation
    ?product: signed | product (TIMES | OVER) signed -> operation
    ?signed: power | MINUS signed -> sign | LN atom -> sign
    ?power: atom | atom POWER signed -> operation
    ?atom: NUMBER -> leaf | NAME -> leaf | NAME "(" sum ("," sum)* ")" -> call | "(" sum ")"

    PLUS: "+"
    MINUS: /−|(?<![^\s(])-(?!\S)/
    TIMES: /[×*]/
    OVER: "/"
    POWER: "^"
    LN.2: /ln(?![a-z0-9_-])/
    NAME.1: /[0-9]*[a-z][a-z0-9_]*(-[a-z0-9]+)*|[0-9]+(-[a-z0-9]+)+/
    NUMBER: /[0-9]+(\.[0-9]+)?/
    %ignore /\s+/
"""
LEVELS = {"+": 1, "−": 1, "×": 2, "/": 2, "ln": 3, "^": 4}  # the higher, the closer a sign binds
DEEPEST = 100  # levels of a formula as written, so that no walk meets the limit of recursion
MINUS_HINT = "a minus between names is − (U+2212) or has blanks around it, because ids contain hyphens"
SPELLING = {  # how the text ends where it cannot be read, and what is said of it
    "[-–]": MINUS_HINT,
    "÷": "a division is written /",
    r"\*\*": "a power is written ^",
    "%": "a percentage is a number like any other, so divide by 100 where needed",
    "[A-Z]": "names and ids are in lower-case letters",
}
MISPLACED = {  # the same, where an operator could stand
    r",\s*\w+": "after a comma comes a definition such as r = rate / 100, and numbers are written "
    "without commas",
    r"\^": "a power of a logarithm or of its argument needs parentheses around the one or the other",
    r"[\w(]": "a sign such as + or × is missing before it",
    "": "a sign such as + or × is expected",
}


class FormulaError(ValueError):
    """A formula that cannot be read or used; the message is a sentence for its author."""


@dataclass(frozen=True)
class Call:
    """An operator or a function, `sign`, and what it is applied to. A minus of one part changes the sign."""

    sign: str
    parts: tuple["Node", ...]


Node: TypeAlias = str | Call  # a text is a number as it was written, or a name
Expanded: TypeAlias = Node | list[Node]
Names: TypeAlias = Mapping[str, int | Node | Sequence[str]]
_Step: TypeAlias = Callable[[Call, list[Any]], Any]


@dataclass(frozen=True)
class Formula:
    """A parsed formula: its expression, and its definitions in order."""

    result: Node
    definitions: tuple[tuple[str, Node], ...] = ()
    expanded: bool = False  # whether definitions are put in and lists written out

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """Names that no definition explains, in the order of their first appearance."""
        found: dict[str, None] = {}
        for node in [self.result, *dict(self.definitions).values()]:
            walk(node, found.setdefault, lambda call, parts: None)
        return tuple(name for name in found if name not in dict(self.definitions) and not _is_number(name))

    def check(self, known: Collection[str]) -> None:
        """Raise FormulaError for the first name that is not in `known`, with what may have been meant."""
        for name in self.names:
            if name not in known:
                pairs = [(name[: cut.start()], name[cut.end() :]) for cut in re.finditer("-", name)]
                meant = any(all(half in known or half.isdigit() for half in pair) for pair in pairs)
                near = [f"; {close} is near" for close in difflib.get_close_matches(name, known, 1)]
                hint = f"; {MINUS_HINT}" if meant else "".join(near)
                raise FormulaError(f"No quantity has the id {name}{hint}.")

    def bind(self, names: Names) -> "Formula":
        """The formula over ids, for computing: definitions put in, lists written out item by item.

        `names` gives for a name an id, a list of ids, or a whole number; others stay. Raises FormulaError for
        lists of unequal length and for a result that is a list.
        """
        known = _nodes(names)
        for name, node in self.definitions:
            known[name] = _expand(node, known)
        return Formula(_one(_expand(self.result, known)), expanded=True)

    @functools.cached_property
    def plain(self) -> "Formula":
        """The formula as it is computed, with definitions put in and lists written out."""
        return self if self.expanded else self.bind({})

    def substitute(self, formulas: Mapping[str, "Formula"]) -> "Formula":
        """The formula with others in place of names, for computing; a name that occurs twice stays one."""
        return self.bind({name: formula.plain.result for name, formula in formulas.items()})

    def written(self, names: Names | None = None) -> str:
        """The text for readers, over ids: sums and products of inputs written out, definitions kept."""
        known, texts = _nodes(names or {}), []
        ids = {*self.names, *itertools.chain(*(v if isinstance(v, list) else [v] for v in known.values()))}
        for name, node in self.definitions:
            known[name] = meant = _expand(node, known, plain=False)
            if isinstance(meant, str | Call):
                free = name
                while free in ids:  # an id that is spelt like a definition
                    free += "2"
                known[name] = free
                texts.append(f"{free} = {_text(meant)}")
        return ", ".join([_text(_one(_expand(self.result, known, plain=False))), *texts])

    def evaluate(self, values: Mapping[str, Any], step: _Step | None = None) -> Any:
        """The value of the formula where each name has the value that `values` gives it.

        Values are floats or numpy arrays of one shape; where a step has no finite value, the result is nan.
        For values of another kind give `step`, which computes one call from its parts.
        """
        plain = self.plain.result
        return walk(
            plain, lambda leaf: np.float64(leaf) if _is_number(leaf) else values[leaf], step or compute
        )


def walk(node: Node, leaf: Callable[[str], Any], step: _Step) -> Any:
    """What `step` makes of a call and the results of its parts; a call that occurs twice is visited once."""
    memo: dict[int, Any] = {}

    def visit(node: Node) -> Any:
        if isinstance(node, str):
            return leaf(node)
        if id(node) not in memo:
            memo[id(node)] = step(node, [visit(part) for part in node.parts])
        return memo[id(node)]

    return visit(node)


def _is_number(leaf: str) -> bool:
    return leaf.replace(".", "").isdigit()


# -- computing ---------------------------------------------------------------------------------------


def _each(function: Callable[..., float], count: int) -> Callable[..., Any]:
    """`function` of floats or arrays, item by item, with nan where there is no finite real value.

    It is one of Python's `math`, not of numpy, whose vector instructions are chosen by processor, and so
    is the last bit of the result. `math` is the C library on every machine.
    """

    def value(*numbers: float) -> float:
        try:
            return function(*numbers)
        except (ValueError, OverflowError):
            return math.nan

    each = np.frompyfunc(value, count, 1)

    def apply(*parts: Any) -> Any:
        with np.errstate(all="ignore"):  # numpy sees the flags that the C library sets
            finite = np.isfinite(sum(parts))  # the C library has 1 ^ nan = 1
            return np.where(finite, np.asarray(each(*parts), float), np.nan)[()]

    return apply


power, logarithm, exponential = _each(math.pow, 2), _each(math.log, 1), _each(math.exp, 1)
OF_ONE: dict[str, Callable[..., Any]] = {"−": np.negative, "ln": logarithm, "exp": exponential}
OF_TWO: dict[str, Callable[..., Any]] = {
    "+": np.add, "−": np.subtract, "×": np.multiply, "/": np.divide, "^": power,
    "min": np.minimum, "max": np.maximum,
}  # fmt: skip


def compute(call: Call, parts: list[Any]) -> Any:
    """The result of one call of a formula without lists; nan where it is not finite."""
    with np.errstate(all="ignore"):
        one = len(parts) == 1
        result = OF_ONE[call.sign](*parts) if one else functools.reduce(OF_TWO[call.sign], parts)
    return np.where(np.isfinite(result), result, np.nan)[()]


# -- names to ids, and lists to items --------------------------------------------------------------------


def _running_least(items: list[Node]) -> list[Node]:
    rising = items[-1:]
    for item in items[-2::-1]:
        rising.insert(0, Call("min", (item, rising[0])))
    return rising


JOINED = {"sum": ("+", "0"), "product": ("×", "1")}  # the sign that joins the items, and the result of none
PICKED: dict[str, Callable[[list[Node]], Any]] = {
    "first": lambda items: items[0],
    "last": lambda items: items[-1],
    "rest": lambda items: items[1:],
    "running_least": _running_least,
}
LISTS = {*JOINED, *PICKED, "min", "max"}  # functions of any number of items
FUNCTIONS = sorted({"ln", "exp", *LISTS})


def _nodes(names: Names) -> dict[str, Any]:
    """What names stand for: nodes, and lists of them."""
    return {name: str(value) if isinstance(value, int) else value for name, value in names.items()}


def _one(node: Expanded) -> Node:
    if isinstance(node, list):
        raise FormulaError("The formula gives a list, not one number; sum(…) would add up its items.")
    return node


def _joined(sign: str, parts: Iterable[Node]) -> Node:
    """A call; a sum continues the sums of which it is made, and a product the products."""
    items: list[Node] = []
    for part in parts:
        items += part.parts if sign in "+×" and isinstance(part, Call) and part.sign == sign else [part]
    return Call(sign, tuple(items))


def _expand(node: Node, known: Mapping[str, Expanded], plain: bool = True) -> Expanded:
    """`node` with names replaced; without any list left if `plain`, else as readers see it."""

    def step(call: Call, parts: list[Any]) -> Expanded:
        if call.sign in LISTS:
            return _of_items(call.sign, parts, plain)
        lengths = {len(part) for part in parts if isinstance(part, list)}
        if len(lengths) > 1:
            counts = " and ".join(map(str, sorted(lengths)))
            raise FormulaError(f"Lists of unequal length, {counts}, do not go together.")
        # what is computed keeps its shape: a sum of sums that share a part would grow beyond all bounds
        made = Call if plain else _joined
        if not lengths:
            return made(call.sign, tuple(parts))
        lists = (part if isinstance(part, list) else itertools.repeat(part) for part in parts)
        return [made(call.sign, row) for row in zip(*lists, strict=False)]

    return walk(node, lambda leaf: known.get(leaf, leaf), step)


def _of_items(function: str, parts: list[Expanded], plain: bool) -> Expanded:
    """A function of a list, applied to its items, or kept as a call where a definition hides them."""
    items = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    if function in JOINED and (plain or len(parts) > 1 or isinstance(parts[0], list)):
        sign, empty = JOINED[function]
        made = Call if plain else _joined
        return made(sign, tuple(items)) if len(items) > 1 else items[0] if items else empty
    if plain and not items:
        raise FormulaError(f"{function}(…) needs at least one item.")
    if plain and function in PICKED:
        return PICKED[function](items)
    return items[0] if plain and len(items) == 1 else Call(function, tuple(items))


# -- text --------------------------------------------------------------------------------------------


def _text(node: Node, least: int = 0) -> str:
    """The text of `node`, in parentheses if its sign binds less closely than `least`."""
    if isinstance(node, str):
        return node
    sign, (first, *others) = node.sign, node.parts
    level = LEVELS.get(sign, 0) if others else 3
    if sign not in LEVELS:
        return f"{sign}({', '.join(map(_text, node.parts))})"
    if not others:
        text = f"ln {_text(first, 5)}" if sign == "ln" else f"−{_text(first, 3)}"
    elif sign == "^":
        text = f"{_text(first, 5)} ^ {_text(others[0], 3)}"
    else:
        text = f" {sign} ".join([_text(first, level), *(_text(part, level + 1) for part in others)])
    return f"({text})" if level < least else text


@lark.v_args(inline=True)
class _Builder(lark.Transformer):
    """Nodes from what the parser finds."""

    def leaf(self, token):
        return str(token)

    def sign(self, token, part):
        return Call("ln" if token.type == "LN" else "−", (part,))

    def operation(self, left, token, right):
        return _joined({"MINUS": "−", "TIMES": "×"}.get(token.type, str(token)), [left, right])

    def call(self, token, *parts):
        if token not in FUNCTIONS:
            place = f"Unknown function {token} at character {token.start_pos + 1}"
            raise FormulaError(f"{place}; the functions are {', '.join(FUNCTIONS)}, and a product needs ×.")
        if token == "exp" and len(parts) > 1:
            raise FormulaError(f"The function exp at character {token.start_pos + 1} takes one value only.")
        return Call(str(token), parts)

    def start(self, result, *rest):
        return Formula(result, tuple(zip(map(str, rest[::2]), rest[1::2], strict=True)))


@functools.cache
def _parser() -> lark.Lark:
    return lark.Lark(GRAMMAR, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


@functools.lru_cache(maxsize=4096)
def parse(text: str) -> Formula:
    """The formula that `text` writes. Raises FormulaError, which says what is wrong and where."""
    try:
        formula: Any = _parser().parse(text)
    except lark.UnexpectedInput as error:
        raise FormulaError(_parentheses(text) or _complaint(text, error)) from None
    later = [name for name, _ in formula.definitions]
    for name, node in formula.definitions:
        if later.count(name) > 1:
            raise FormulaError(f"The name {name} is defined twice.")
        used = set(Formula(node).names) & set(later)
        if used:
            raise FormulaError(f"The definition of {name} uses {min(used)}, which is not defined before it.")
        later.remove(name)
    level = [formula.result, *(node for _, node in formula.definitions)]
    for _ in range(DEEPEST):
        level = [part for node in level if isinstance(node, Call) for part in node.parts]
    if level:
        raise FormulaError(
            f"The formula is nested more than {DEEPEST} levels deep; split it with definitions."
        )
    return formula


def _parentheses(text: str) -> str:
    """What is wrong with the parentheses of `text`, or nothing."""
    while (inner := re.sub(r"\(([^()]*)\)", r" \1 ", text)) != text:
        text = inner
    for stray in re.finditer(r"[()]", text):
        wrong = {"(": 'is not closed; a ")" is missing after', ")": 'closes nothing; a "(" is missing before'}
        return f'The "{stray[0]}" at character {stray.start() + 1} {wrong[stray[0]]} it.'
    return ""


def _complaint(text: str, error: Any) -> str:
    """What is wrong at the place where the parser stopped."""
    if not text.strip():
        return "The formula is empty."
    token, *wanted = (getattr(error, key, None) for key in ("token", "accepts", "expected", "allowed"))
    value = 'a number, a name or a "("' if "NUMBER" in next(filter(None, wanted), ()) else ""
    if token is not None and token.type == "$END":
        missing = value or 'the rest of a definition such as "r = rate / 100"'
        return f"The formula ends where {missing} is expected."
    sign, place = str(token or text[error.pos_in_stream]), error.pos_in_stream
    hints = SPELLING if value else SPELLING | MISPLACED
    hint = next((hint for end, hint in hints.items() if re.search(f"{end}$", text[:place] + sign)), "")
    reason = f"; {hint}." if hint else f", where {value} is expected."
    return f'Unexpected "{sign}" at character {place + 1}{reason}'
