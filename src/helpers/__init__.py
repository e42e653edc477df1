"""Helpers of bay-and-old-area: from the numerals of press articles to traceable numbers.

Read the rooms in the order in which data passes them. `paths`, `vocabulary` and `notebooks` say where files
lie, which words there are and which notebooks. `numerals` finds numerals in a text. `corpus` reads all of
data/raw, once. `transcribing` takes an article in (notebook 01), `deriving` makes figures and derived
quantities of it (02 and 03), `checking` tests claims and compares growth (04 to 06), `reporting` shows all of
it (07, profiles and pages), `running` runs the notebooks.
"""
