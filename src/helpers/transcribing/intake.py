"""Taking a text in: its copy, its record, its fingerprints and the draft of its sheet."""

import hashlib
from pathlib import Path

import pandas as pd

from .. import paths
from ..corpus import symptoms
from ..corpus.corpus import Corpus, load
from ..corpus.differences import machine_file
from ..corpus.faults import BadInput, Fault, once, refuse
from ..corpus.files import content, csv_bytes, replace_files, with_row
from ..corpus.schema import ARTICLES, MACHINE
from ..corpus.sheets import sheet_file
from ..corpus.texts import fingerprints, paragraphs, text_file
from .proposals import propose

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32"}
_MARKS |= {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # after those that begin with them


def draft(
    source: Path,
    article: str,
    record: dict[str, str] | None = None,
    encoding: str = "",
    folder: Path = paths.RAW,
) -> pd.DataFrame:
    """Take a text in: its record, fingerprints, machine transcription and sheet, and its copy in `articles/`.

    Returns the sheet, all of proposals. `record` fills cells of `articles.csv`; what it leaves out stays
    empty, and the article unfinished. `encoding` is needed for a text that is neither UTF-8 nor begins with a
    byte-order mark. Its files are written together or not at all; drafting the same again changes nothing,
    and finishes what was cut off.

    Raises BadInput, before anything is written, for an id that is no slug, a file that is no text, an unknown
    encoding, control characters, a text without numerals, faults in the tables of `folder` as they are and as
    they would be, and where the article is there already with another text, another record or a sheet that
    somebody has worked on. Raises NotWritten for what the system refuses.
    """
    rule = ARTICLES.rules({})["article"]
    if not rule.test(article):
        advice = f"{rule.sentence}; such as cns-2022-ganzhou"
        raise refuse(folder / "articles.csv", 1, "article", article, advice)
    text = read_source(source, encoding)
    octets = text.encode("utf-8")
    corpus = load(folder, coming=article)
    row = dict.fromkeys(ARTICLES.columns, "") | {"language": "en"} | (record or {})
    row |= {
        "article": article,
        "sha256": hashlib.sha256(octets).hexdigest(),
        "characters": str(len(text)),
        "paragraphs": str(len(paragraphs(text))),
    }
    known = _known(corpus, source, row, record or {})
    date = row["date"] if known is None else known.date
    sheet = propose(text, corpus.entities, corpus.indicators, corpus.units, date, _taken(corpus, article))
    if sheet.empty:
        raise refuse(source, 1, "text", "no numeral", "a text with numerals is needed")
    file, copy = sheet_file(folder, article), text_file(folder, article)
    if file.exists() and content(file) != csv_bytes(sheet):
        advice = "there must be no sheet yet; take it away first if its work is to be thrown away"
        raise refuse(file, 1, "file", "a sheet that is not this draft", advice)
    if copy.exists() and content(copy) != octets and not copy.samefile(source):
        raise refuse(copy, 1, "file", "another text", "there must be no text yet; take it away first")
    articles = dict.fromkeys([*corpus.articles.article, article])
    printed = fingerprints(articles, {**corpus.texts, article: text}, corpus.fingerprints)
    # In this order `load` finds nothing wrong with what was cut off but that the sheet is not there yet.
    coming = {
        folder / "articles.csv": _records(folder, row if known is None else {}),
        folder / "fingerprints.csv": csv_bytes(printed),
        machine_file(folder, article): csv_bytes(sheet[MACHINE.columns]),
        file: csv_bytes(sheet),
        copy: octets,
    }
    load(folder, instead=coming)  # nothing is written that could not be read
    replace_files({p: new for p, new in coming.items() if not p.exists() or content(p) != new})
    return sheet


def _records(folder: Path, row: dict[str, str]) -> bytes:
    """The bytes of articles.csv with a row more, if there is one."""
    before = content(folder / "articles.csv")
    return with_row(before, [row[name] for name in ARTICLES.columns]) if row else before


def _known(corpus: Corpus, source: Path, row: dict[str, str], record: dict[str, str]) -> pd.Series | None:
    """The row that `articles.csv` has for the article of `row`; None if it has none.

    Raises BadInput where it is that of another text or record, where the text is there under another id, and
    for a row that does not fit.
    """
    file, article = corpus.folder / "articles.csv", row["article"]
    known = corpus.articles[corpus.articles.article == article]
    same = corpus.articles[(corpus.articles.sha256 == row["sha256"]) & (corpus.articles.article != article)]
    if len(same):
        advice = f"it must be a text that is new; {same.article.iloc[0]} has it already"
        raise refuse(source, 1, "text", article, advice)
    if len(known) and known.sha256.iloc[0] != row["sha256"]:
        advice = "it must be an id that is free; this one is that of another text or another version of it"
        raise refuse(file, int(known.index[0]), "article", article, advice)
    line = len(corpus.articles) + 2
    odd = {name: found for name, cell in row.items() if (found := symptoms.forbidden(cell))}
    if odd:
        advice = "it must be text without the character"
        raise BadInput(Fault(file, line, name, row[name], f"{advice} {found}") for name, found in odd.items())
    ARTICLES.validated(pd.DataFrame([row], dtype="str"), lambda _: (file, line), {})
    if known.empty:
        return None
    if any(known[name].iloc[0] != value for name, value in record.items()):
        advice = "there must be no record of it yet; change the record in articles.csv"
        raise refuse(file, int(known.index[0]), "article", article, advice)
    return known.iloc[0]


def _taken(corpus: Corpus, article: str) -> set[str]:
    """Ids that no figure of an article can have: those of other figures and of all that is no figure."""
    own = set(corpus.sheets.figure_id[corpus.sheets.article == article])
    others = set(corpus.sheets.figure_id[corpus.sheets.article != article])
    beside = {*corpus.constants.constant, *corpus.comparators.comparator_id, *corpus.derivations.derived_id}
    return others | beside | (corpus.left_out - own)


def read_source(source: Path, encoding: str = "") -> str:
    """The text of a file, without a byte-order mark; line ends as they are.

    UTF-8, or UTF-16 and UTF-32 that begin with their mark; anything else only if `encoding` names it: a guess
    is told, never used. Raises BadInput for what cannot be read, and names the line of every control
    character.
    """
    octets = content(source)
    marked = next((name for mark, name in _MARKS.items() if octets.startswith(mark)), "utf-8")

    def unnamed(examples: str) -> str:
        seems = symptoms.encoding(octets)
        return f"it must be UTF-8; the file seems to be {seems}: name it with --encoding {examples}"

    try:
        text = octets.decode(encoding or marked).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = octets[: error.start].count(b"\n") + 1
        found = f"byte 0x{octets[error.start]:02X} at {error.start}"
        advice = f"it must be {encoding} text" if encoding else unnamed("gb18030, windows-1252 or such")
        raise refuse(source, line, "encoding", found, advice) from None
    except (LookupError, ValueError):  # ValueError: names that are none, and codecs that decode no text
        advice = "it must be an encoding that Python knows, such as gb18030, utf-16-le or windows-1252"
        raise refuse(source, 1, "encoding", encoding, advice) from None
    if not encoding and marked == "utf-8" and octets.count(0) > len(octets) // 4:
        raise refuse(source, 1, "encoding", "NUL beside every letter", unnamed("utf-16-le or utf-16-be"))
    odd = [
        Fault(source, number, "text", f"U+{ord(c):04X}", "there must be no control character")
        for number, line in enumerate(text.split("\n"), 1)
        for c in line
        if symptoms.forbidden(c) and c not in "\t\r"
    ]
    if odd:
        raise BadInput(once(odd, "text", "there must be no control character"))
    if not text.strip():
        raise refuse(source, 1, "text", "", "a text is needed")
    return text
