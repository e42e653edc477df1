"""Commands for researchers.

`python -m helpers draft`, `check`, `acknowledge`, `show`, `measures`, `fingerprint`, `codebook`.
"""

import argparse
import io
import itertools
import os
import re
import sys
from collections import Counter
from pathlib import Path

from . import corpus, notebooks, paths
from .checking.claims import check
from .checking.coverage import NOBODY, coverage
from .corpus import schema
from .corpus.codebook import write_codebooks
from .corpus.differences import machine_file
from .corpus.faults import BadInput, refuse, shown
from .corpus.files import csv_bytes, write_table
from .corpus.processed import read_checks, read_processed, read_statistics
from .corpus.texts import fingerprints, text_file
from .deriving.cleaning import clean
from .deriving.derivations import derive
from .deriving.measures import MEASURES
from .transcribing.agreement import require_settled
from .transcribing.machine import acknowledge, require_current, transcriptions
from .vocabulary import CLASSES


def _draft(source: Path, article: str, record: dict[str, str], encoding: str = "") -> int:
    """Take a new text in: copy it, record it, and write a sheet with a proposed reading of every numeral.

    The text goes to data/raw/articles/ (which git ignores), its record to articles.csv, the sheet to
    data/raw/transcription/. Every row of the sheet is marked as proposed. The article counts once you have
    gone through all rows. Nothing that is there is overwritten.
    """
    from .transcribing.intake import draft

    sheet = draft(source, article, record, encoding, paths.RAW)
    counts = Counter(sheet["class"])
    said = ", ".join(f"{counts[name]} {name}" for name in CLASSES if counts[name])
    print(f"{shown(text_file(paths.RAW, article))}: the text")
    print(f"data/raw/transcription/{article}.csv: {len(sheet)} numerals ({said}), all of them proposals")
    lacking = [name for name in schema.NEEDED if not record.get(name)]
    if lacking:
        print(f"data/raw/articles.csv: its record still lacks {', '.join(lacking)}")
    print(
        "Next: `make lab`, and in notebooks/01_transcription.ipynb set "
        f'edit = "{article}"; or edit the sheet as a table.\n'
        "`python -m helpers check` says what is still to be done, `make report` makes the reports."
    )
    return 0


def _check(strict: bool = False) -> int:
    """Validate every raw table and say how far each sheet is.

    All faults are said together, but for those that could only follow from others. Cells are looked at once
    the rows are sound, tables against each other once the cells are. Two transcriptions are compared and
    derivations looked at once the figures are sound, claims once both are. An unfinished sheet is no fault:
    its article is left out of all results. With --strict it is one.
    """
    raw = corpus.load(paths.RAW)
    require_current(raw)
    progress = corpus.progress(raw)
    print(progress.drop(columns="state").to_string(index=False))
    for article, why in progress.set_index("article").state.items():
        if article in raw.unfinished:
            print(f"{article} is left out of the results: {why}")
            if (paths.RAW / schema.SECOND_FOLDER / f"{article}.csv").exists():
                print(f"{article}: its second transcription says nothing of agreement until then")
    for book in sorted(paths.NOTEBOOKS.glob("*.ipynb")) if raw.left_out else []:
        words = re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", book.read_text(encoding="utf-8"))
        wanted = sorted(raw.left_out & set(words))
        if wanted:
            more = ", …" if len(wanted) > 3 else ""
            named = f"{', '.join(wanted[:3])}{more}"
            print(f"notebooks/{book.name} cannot run: it names {named}, on an unfinished sheet")
    figures = clean(raw)
    require_settled(raw, figures)
    derived = derive(raw, figures)
    checked = check(raw, figures, derived)
    covered = coverage(raw, figures, derived, checked)
    counts = f"{len(figures)} figures, {len(derived)} derived quantities, {checked.claim_id.nunique()} claims"
    print(f"{counts}: all tables are valid.")
    open_ones = covered.figure_id[covered.why_not == NOBODY]
    if len(open_ones):
        print(f"In no claim, and no reason given in untested.csv: {', '.join(open_ones)}")
    return 1 if strict and raw.unfinished else 0


def _show(key: str) -> int:
    """Print a number with its evidence: its formula and inputs, down to the numerals as they are printed.

    A figure is shown in its sentence where the text is at hand.
    """
    try:
        found = _evidence(key)
    except BadInput:
        raise
    except (ArithmeticError, LookupError, StopIteration, TypeError, ValueError) as error:
        if isinstance(error, Unknown):
            advice = "What is new in data/raw is known once `make report` has run."
            print(f"{error.args[0]}. {advice}", file=sys.stderr)
        else:
            advice = "run `make report`, which makes it anew"
            print(f"data/processed is damaged or older than data/raw: {error!r}; {advice}", file=sys.stderr)
        return 1
    print("\n".join(found))
    return 0


class Unknown(KeyError):
    """An id that stands in no table; the message names those that are near."""


def _evidence(key: str) -> list[str]:
    """The lines that `show` prints. Raises Unknown, and whatever comes of tables that do not fit."""
    from .reporting.evidence import Evidence, described
    from .transcribing.proposals import sentence

    raw = corpus.load(paths.RAW)
    known = Evidence(
        raw,
        figures=read_processed(schema.FIGURES, paths.PROCESSED),
        derived=read_processed(schema.DERIVED, paths.PROCESSED),
        checks=read_checks(paths.PROCESSED),
        coverage=read_processed(schema.COVERAGE, paths.PROCESSED),
        statistics=read_statistics(paths.PROCESSED, *notebooks.STATISTICS_TABLES),
    )
    _require_made(raw)
    try:
        names = known.closure([key])
    except KeyError as error:
        raise Unknown(*error.args) from None
    lines = []
    for name in names:
        kind, row = known.row(name)
        lines.append(f"{name}\n  {described(known.fact(name))}")
        text = raw.texts.get(row.article) if kind == "figure" else None
        if text:
            first, last = sentence(text, row.start)
            around = f"{text[first : row.start]}[{text[row.start : row.end]}]{text[row.end : last]}"
            lines.append(f"  {' '.join(around.split())}")
    return lines


def _require_made(raw: corpus.Corpus) -> None:
    """Raise BadInput where a processed table is not what data/raw gives now, at its first such line."""
    figures = clean(raw)
    derived = derive(raw, figures)
    checks = check(raw, figures, derived)[schema.CHECKS.columns]
    for table, made in ((schema.FIGURES, figures), (schema.DERIVED, derived), (schema.CHECKS, checks)):
        kept = csv_bytes(read_processed(table, paths.PROCESSED)).splitlines()
        lines = itertools.zip_longest(kept, csv_bytes(made).splitlines(), fillvalue=b"")
        for line, (one, two) in enumerate(lines, 1):
            if one != two:
                advice = "it must be what data/raw gives now; run `make report`"
                raise refuse(paths.PROCESSED / f"{table.name}.csv", line, "row", one.decode(), advice)


def _fingerprint() -> int:
    """Read the texts at hand anew: write fingerprints.csv and the machine transcriptions.

    `draft` has done so for the texts that it took in. It is to be done again when `check` says that the
    machine reads a text otherwise than it did, such as after a new unit.
    """
    known = corpus.texts_at_hand(paths.RAW)
    printed = fingerprints(known.articles.article, known.texts, known.fingerprints)
    print(shown(write_table(printed, paths.RAW / "fingerprints.csv")))
    for article, table in transcriptions(known.articles, known.texts, known.names).items():
        print(shown(write_table(table, machine_file(paths.RAW, article))))
    return 0


def _acknowledge(article: str, reason: str) -> int:
    """Confirm together where the finished sheet of an article differs from what the machine reads.

    `check` lists these differences. Look at each before you say that the sheet is right. They go to
    machine_differences.csv with your reason, where you can give some of them another one.
    """
    for row in acknowledge(article, reason).itertuples():
        has, reads = row.sheet or "empty", row.machine or "empty"
        print(f"{row.token} at {row.start}: {row.column} is {has}, not {reads}")
    print("data/raw/machine_differences.csv: the sheet is right in these")
    return 0


def _measures() -> int:
    """Print every measure that derivations.csv may name, with its inputs in order and its formula.

    Below the formula stand the words for how entity and period follow from the inputs, which the codebook
    explains.
    """
    for name, measure in sorted(MEASURES.items()):
        years = "; needs a period such as 2011/2021" if measure.needs_years else ""
        print(f"{name}({', '.join(measure.parameters)}): {measure.meaning}")
        print(f"    {measure.formula}{years}")
        print(f"    entity: {measure.entities}; period: {measure.periods}")
    return 0


def _codebook() -> int:
    """Write the lists of columns and words in the codebooks anew, from the schema and the vocabulary."""
    for file in write_codebooks():
        print(shown(file))
    return 0


RECORD = {
    "outlet": "who published it",
    "title": "what it is about, in your words: the title belongs to its publisher",
    "date": 'when it appeared, such as 2022-03-15, or its year; resolves "this year" and days without a year',
    "date_printed": "the date as it stands in the text, if one does",
    "date_inferred": "what of the date is not printed, and what it is inferred from",
    "speaker": "who speaks, by office",
    "language": "of the text; en if not said",
    "machine_translated": "yes, no or presumably",
}
EXAMPLES = {
    "draft": "python -m helpers draft ~/texts/harbour.txt --article daily-2022-harbour "
    "--outlet 'Harbour Daily' --date 2022-03-15 --machine-translated no",
    "acknowledge": "python -m helpers acknowledge daily-2022-harbour --reason 'The unit is printed later'",
    "show": "python -m helpers show ganzhou-gdp-2011-implied",
}


def parser() -> argparse.ArgumentParser:
    """The commands, their arguments and their help."""
    whole = argparse.ArgumentParser(
        prog="python -m helpers",
        description="From the text of an article to numbers that lead back to where they were printed.",
        epilog="A new article: `draft` its text, go through the proposals in JupyterLab (`make lab`), "
        "`check` until nothing is left, `make report`. The README tells it step by step.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="command")

    def add(function) -> argparse.ArgumentParser:
        name = function.__name__.removeprefix("_")
        first, _, rest = (function.__doc__ or name).partition("\n\n")  # Python drops it when it optimises
        body, example = " ".join(rest.split()), EXAMPLES.get(name)
        added = commands.add_parser(
            name,
            help=first.strip(),
            description=f"{first.strip()} {body}",
            epilog=f"For example: {example}" if example else None,
        )
        added.set_defaults(function=function)
        return added

    drafted = add(_draft)
    drafted.add_argument(
        "source", metavar="TEXT", type=Path, help="the file of the text: UTF-8, one line a paragraph"
    )
    drafted.add_argument(
        "--article",
        required=True,
        metavar="ID",
        help="its id: lower-case letters, digits and hyphens, such as cns-2022-ganzhou",
    )
    drafted.add_argument("--encoding", default="", help="if it is neither UTF-8 nor marked, such as gb18030")
    for name, meaning in RECORD.items():
        drafted.add_argument(f"--{name.replace('_', '-')}", default="", metavar="…", help=meaning)
    checked = add(_check)
    checked.add_argument("--strict", action="store_true", help="end with status 1 if a sheet is unfinished")
    add(_show).add_argument(
        "key",
        metavar="ID",
        help="a figure, derived quantity, check, claim, comparator, constant or statistic",
    )
    add(_measures)
    add(_fingerprint)
    acknowledged = add(_acknowledge)
    acknowledged.add_argument("article", metavar="ARTICLE", help="the id of the article")
    acknowledged.add_argument("--reason", required=True, help="why the sheet is right, in your words")
    add(_codebook)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 if all is well, 1 with what is wrong on stderr if an input is bad."""
    for stream in (sys.stdout, sys.stderr):  # messages hold Chinese, and whatever stood in a cell
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    given = vars(parser().parse_args(arguments))
    function, command = given.pop("function"), given.pop("command")
    if command == "draft":
        given["record"] = {name: value for name in RECORD if (value := given.pop(name))}
    try:
        status = function(**given)
        if sys.stdout is not None:  # it is None where the shell has closed it
            sys.stdout.flush()  # here a full disk is still said
        return status
    except BadInput as bad:
        print(bad, file=sys.stderr)
        print(f"{len(bad.faults)} fault{'s' if len(bad.faults) != 1 else ''}", file=sys.stderr)
    except BrokenPipeError:  # the reader of a pipe, such as head, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
