"""Text to numerals: where each stands, and the number that it states. Knows nothing of sheets."""
