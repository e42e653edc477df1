"""All of data/raw, read once: `load(folder)` gives a frozen `Corpus`. Beside it, what all tables share."""

from .corpus import Corpus, load, progress, texts_at_hand
from .faults import BadInput, Fault

__all__ = ["BadInput", "Corpus", "Fault", "load", "progress", "texts_at_hand"]
