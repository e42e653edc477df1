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
            "check_statistics.csv",
            "growth_statistics.csv",
            "sensitivity.csv",
            "flips.csv",
            "sensitivity_statistics.csv",
        ),
        ("growth_of_three_cities.svg",),
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
FINDINGS = "07_findings"  # whose findings the front page shows
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
