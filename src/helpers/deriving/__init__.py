"""Numerals to figures with intervals, and figures to derived quantities."""
