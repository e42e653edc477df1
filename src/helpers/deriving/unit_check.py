"""The unit of a researcher's own formula, checked with pint.

Each unit of `units.csv` is a dimension of its own, but shares, rates in percent and multiples are plain
numbers. A key `x_per_y` is x over y, `x_per_y_per_z` is x over y and z, and `per_y` is 1 over y; a part
that is no key, such as `kg`, is a dimension too. In the unit of a result, `item` and `each` stand for any one
thing counted: `yuan_per_item` is yuan over workshops, or projects. An exponent may be a number of years if
its base is a plain number.
"""

import functools
import operator
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from . import formula_language
from .formula_language import Call, Formula

PLAIN = {"", "percent", "percent_per_year", "percentage_point", "times", "ratio", "ratio_point"}
ANY_COUNT = ("_per_item", "_each")
_OF_ONE: dict[str, Any] = {**formula_language.OF_ONE, "ln": np.log, "exp": np.exp}
_OF_TWO: dict[str, Any] = {**formula_language.OF_TWO, "^": operator.pow}
_EXPECTED = {
    "^": "an exponent must be a plain number, or years over a plain number",
    "ln": "a logarithm is taken of a plain number",
    "exp": "an exponent must be a plain number",
}


def check_units(formula: Formula, units: Mapping[str, str], wanted: str) -> None:
    """Raise ValueError unless `formula`, over ids that have these `units`, results in the unit `wanted`.

    Units are keys such as `yuan_per_item`. The message says which part of the formula is in what.
    """
    import pint  # only here, because it takes as long to import as many formulas to check

    registry: Any = pint.UnitRegistry(None)
    registry.formatter.default_sort_func = lambda items, _: items

    def unit(key: str) -> Any:
        """The pint unit of a key."""
        above, *below = f"_{key}".split("_per_")
        if below and key not in PLAIN:
            return functools.reduce(operator.truediv, map(unit, below), unit(above[1:]))
        name = "" if key in PLAIN else f"u_{key}"  # a prefix, so that no key is read as a word of pint
        if name and name not in registry:
            registry.define(f"{name} = [{key}]")
        return registry.Unit(name)

    def said(one: Any) -> str:
        """A unit in words."""
        return "a plain number" if one == unit("") else re.sub(r"\bu_", "", str(one)).replace("**", "^")

    def step(call: Call, parts: list[Any]) -> Any:
        """One call on quantities; pint itself refuses unlike units."""
        quantities = [registry.Quantity(part) if isinstance(part, float) else part for part in parts]
        years = (unit("year"), unit("per_year"))
        if call.sign == "^" and quantities[0].dimensionless and quantities[1].units in years:
            return quantities[0]
        try:
            one = len(parts) == 1
            return (
                _OF_ONE[call.sign](*quantities) if one else functools.reduce(_OF_TWO[call.sign], quantities)
            )
        except pint.DimensionalityError:
            pairs = zip(call.parts, quantities, strict=True)
            shown = [f"{Formula(part).written()} is in {said(quantity.units)}" for part, quantity in pairs]
            expected = _EXPECTED.get(call.sign, "all must be in one unit")
            raise ValueError(f"In {Formula(call).written()}, {', and '.join(shown)}; {expected}.") from None

    # magnitudes are arbitrary; only an exponent that is a written number has one that counts
    numbers = np.linspace(1, 2, len(units) + 1)[1:]
    values = {name: registry.Quantity(n, unit(units[name])) for n, name in zip(numbers, units, strict=True)}
    with np.errstate(all="ignore"):
        found = registry.Quantity(formula.evaluate(values, step)).units
    counted = [unit(wanted.removesuffix(end)) / found for end in ANY_COUNT if wanted.endswith(end)]
    if found != unit(wanted) and not any([*one._units.values()] == [1] for one in counted):
        expected = f"{said(unit(wanted))}, the unit {wanted}"
        raise ValueError(f"The result of {formula.written()} is in {said(found)}, not in {expected}.")
