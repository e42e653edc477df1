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
        ("checks.csv", "check_readings.csv", "coverage.csv", "mutants.csv", "check_statistics.csv"),
    ),
    "05_findings": Notebook(
        (
            "figures.csv",
            "derived.csv",
            "checks.csv",
            "check_readings.csv",
            "coverage.csv",
            "check_statistics.csv",
        ),
        ("growth_of_three_cities.svg",),
    ),
}
PROFILE = Notebook(("figures.csv", "derived.csv", "checks.csv", "check_readings.csv", "coverage.csv"), ())
PROFILED = "region_profile"  # the notebook that is run once for each entity, as `profile_<entity>`
FINDINGS = "05_findings"  # whose findings the front page shows
DOWNLOADS = {  # the tables that the front page offers
    "numerals": "every numeral with its place and class",
    "figures": "every figure in base units with its interval",
    "derived": "every derived quantity with its formula and interval",
    "checks": "every comparison and its verdict",
    "check_readings": "the reading, test and grade of every comparison",
    "coverage": "how every figure is tested, or why not",
    "mutants": "the slips tried, and what noticed them",
}
