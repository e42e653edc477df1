"""The README's numbers are those of the tables, and what it names exists."""

import re

import pytest

from helpers import paths
from helpers.reporting.evidence import Evidence

README = (paths.ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.corpus
def test_every_number_of_a_finding_is_that_of_the_tables(corpus, results):
    known = Evidence(corpus, **results)
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
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
