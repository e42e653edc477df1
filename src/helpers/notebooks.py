"""The notebooks in the order of reading: which processed tables each reads and writes. Said once, for all."""

from typing import NamedTuple


class Notebook(NamedTuple):
    """What a notebook needs of the processed tables, and what it leaves among them."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]


NOTEBOOKS = {
    "01_transcription": Notebook((), ("numerals.csv", "transcription_statistics.csv")),
    "02_cleaning": Notebook((), ("figures.csv", "cleaning_statistics.csv")),
    "03_growth": Notebook(("figures.csv",), ("derived.csv",)),
    "04_consistency": Notebook(
        ("figures.csv", "derived.csv"),
        (
            *("checks.csv", "check_readings.csv", "coverage.csv", "power.csv", "ranks_and_lists.csv"),
            "check_statistics.csv",
        ),
    ),
    "05_growth_compared": Notebook(
        ("figures.csv", "derived.csv", "checks.csv", "check_readings.csv"), ("growth_statistics.csv",)
    ),
    "06_sensitivity": Notebook(
        ("figures.csv", "derived.csv", "checks.csv", "check_readings.csv", "power.csv"),
        ("calibration.csv", "sensitivity.csv", "flips.csv", "mutants.csv", "sensitivity_statistics.csv"),
    ),
    "07_findings": Notebook(
        (
            "figures.csv",
            "derived.csv",
            "checks.csv",
            "check_readings.csv",
            "coverage.csv",
            "power.csv",
            "check_statistics.csv",
            "growth_statistics.csv",
            "sensitivity.csv",
            "flips.csv",
            "sensitivity_statistics.csv",
        ),
        ("growth_of_three_cities.svg", "findings.md"),
    ),
}
STATISTICS_TABLES = [  # all tables of statistics, without the ending of their files
    table.removesuffix(".csv")
    for book in NOTEBOOKS.values()
    for table in book.writes
    if table.endswith("_statistics.csv")
]
PROFILE = Notebook(("figures.csv", "derived.csv", "checks.csv", "check_readings.csv", "coverage.csv"), ())
PROFILED = "region_profile"  # the notebook that is run once for each entity, as `profile_<entity>`
BOOK = "bay-and-old-area"  # the PDF of all notebooks, by its name without the ending
FINDINGS = "07_findings"  # whose findings the front page shows
FACTS = "facts.html"  # the page that lists every fact
WHAT_IF = "what_if.html"  # the page on which a reader changes numbers
DOWNLOADS = {  # the tables that the front page offers
    "numerals": "every numeral with its place and class",
    "figures": "every figure in base units with its interval",
    "derived": "every derived quantity with its formula and interval",
    "checks": "every comparison and its verdict",
    "check_readings": "the reading, test and grade of every comparison",
    "coverage": "how every figure is tested, or why not",
    "power": "what slip each comparison would have noticed",
    "sensitivity": "every verdict and headline under other choices",
    "flips": "between which values of a figure a verdict stays",
    "ranks_and_lists": "every rank and counted list, what was found of it, and its verdict",
    "calibration": "prints with a known true value, and which rules hold it",
    "mutants": "the slips tried, and what noticed them",
}
DOWNLOADS_BESIDE = {  # and those that it makes of the raw ones and of these
    "claims": "every claim with its readings, what each compares, and both verdicts",
    "comparators": "every value of another source, with its address, licence and grade",
    "articles": "the bibliographic record of every article",
    "data_dictionary": "every column of these tables: what it holds, and what it means",
}
