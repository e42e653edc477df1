"""Claims to verdicts: which stand, what they rest on, and whether a slip would be noticed."""
