"""Cells of a notebook whose text is Markdown: prose, the summary, and findings.

    %%say ganzhou kind
    {{ganzhou|name}} is a {{kind}}.
    It had {{ganzhou-gdp-2021}}.

The words after the magic are variables of the notebook, which the text shows by their names, letter by
letter; the rest is as in `Report.say`. `%%summary` is the same, and the front page repeats it. `%%finding`
takes a text as `findings` has it; of its variables those that are a plot, or are shown in another way of
their own, stand between the answer and how sure it is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from .findings import SUMMARY, finding
from .prose import Markdown, Report

MAGICS = ("say", "summary", "finding")


def told(report: Report, magic: str, line: str, text: str, variables: Mapping[str, Any]) -> Iterator[Any]:
    """What a cell of one of `MAGICS` displays, in order.

    `line` is what stands after the magic, `text` the rest of the cell, and `variables` are those of the
    notebook. Raises NameError for a name that is no variable, and KeyError and ValueError as `Report.say` and
    `findings.finding` do.
    """
    if missing := [name for name in line.split() if name not in variables]:
        raise NameError(f"%%{magic} names {', '.join(missing)}, which is no variable of this notebook")
    values = {name: variables[name] for name in line.split()}
    pictures = [value for value in values.values() if hasattr(value, "_repr_mimebundle_")]
    values = {name: value for name, value in values.items() if not hasattr(value, "_repr_mimebundle_")}
    if magic == "finding":
        found = finding(report, text, values)
        report.findings[found.parts["title"]] = found.parts
        yield from (found.above, *pictures, found.below)
    elif pictures:
        raise ValueError(f"%%{magic} shows text alone; a plot is the value of a cell of its own")
    else:
        said = report.filled(text.strip(), values)
        yield Markdown(said, {SUMMARY: {"summary": said}} if magic == "summary" else None)


def register(report: Report) -> None:
    """Have the cells of this notebook speak by a report. Does nothing where Python runs without cells."""
    shell = get_ipython()
    if shell is None:
        return

    def speaking(magic: str) -> Any:
        def speak(line: str, cell: str) -> None:
            for part in told(report, magic, line, cell, shell.user_ns):
                display(part)

        speak.__doc__ = f"Markdown with ids, as `helpers.reporting.magics` says; {magic} of a report."
        return speak

    for magic in MAGICS:
        shell.register_magic_function(speaking(magic), "cell", magic)
