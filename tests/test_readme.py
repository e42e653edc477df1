"""The README's numbers are those of the tables, and what it names exists."""

import re

import pytest

from helpers import checks, cleaning, comparators, growth, narrative, paths, transcription

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")


def test_every_number_of_a_finding_is_that_of_the_tables():
    known = narrative.Evidence()
    bound = re.findall(r"<!-- ([a-z0-9-]+)(?:\|(\w+))? -->", README)
    assert len(bound) >= 5
    for key, form in bound:
        shown = getattr(known, form or "value")(key)
        assert f"{shown}<!-- {key}{'|' + form if form else ''} -->" in README, f"{key} is now {shown}"


def test_what_the_readme_names_exists():
    for name in re.findall(r"\]\(([^)#]+)\)", README):
        assert (paths.ROOT / name).exists(), name
    for name in re.findall(r"`((?:data|src|tests|notebooks)/[\w/.]*)`", README):
        assert (paths.ROOT / name).exists() or "articles" in name, name
    makefile = (paths.ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("claims", checks.CLAIM_COLUMNS),
        ("untested", checks.UNTESTED_COLUMNS),
        ("comparators", comparators.COLUMNS),
        ("derivations", growth.DERIVATION_COLUMNS),
        ("constants", growth.CONSTANT_COLUMNS),
        ("corrections", cleaning.CORRECTION_COLUMNS),
        *transcription.KEY_COLUMNS.items(),
    ],
)
def test_the_codebook_names_every_column_of_a_table(table, columns):
    codebook = (paths.RAW / "README.md").read_text(encoding="utf-8")
    part = codebook[codebook.index(f"**`{table}.csv`**") :].partition("\n\n**`")[0]
    assert [name for name in columns if f"`{name}`" not in part] == []


def test_the_example_of_the_codebook_works(raw, figures):
    codebook = (paths.RAW / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^    (.*)$", codebook[codebook.index("## An example") :], re.MULTILINE)
    for table, row in zip(("comparators", "claims"), (rows[0], rows[2]), strict=True):
        with open(raw / f"{table}.csv", "a", encoding="utf-8") as file:
            file.write(row + "\n")
    assert rows[1] in (raw / "derivations.csv").read_text(encoding="utf-8")  # it is there already
    result = checks.check(figures, growth.derive(figures, raw), raw).set_index("check_id")
    assert result.verdict["gree-revenue-before"] == "consistent"
