"""Where files lie. No side effects: nothing is created or read here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # the checkout
RAW = ROOT / "data" / "raw"  # what people write: sheets and tables
PROCESSED = ROOT / "data" / "processed"  # what the notebooks write, once published; committed
NOTEBOOKS = ROOT / "notebooks"  # what people read and run
REPORTS = ROOT / "reports"  # what a run exports, once published; not committed
BUILD = ROOT / "build"  # where a run works until it publishes what is finished; not committed
STATE = ROOT / ".snakemake"  # notes on what was run; not committed
RUN = STATE / "run"  # the name of the run whose processes may write
