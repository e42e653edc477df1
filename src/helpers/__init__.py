"""Helpers of bay-and-old-area: from the numerals of press articles to traceable numbers.

Read the rooms in the order in which data passes them: `paths`, `vocabulary`, `tables`, `articles`,
`numerals`, `transcription`, `cleaning`, `growth`, `checks`, `narrative`, `fonts`,
`plots`, `runs`, `reports`.
"""

__version__ = "0.1.0"
