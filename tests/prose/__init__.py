"""Rows of `tests/test_prose.py`: what each place says, and what computes it."""

from prose import chapters_01_06, chapters_07_09, chapters_10_13, pages

ROWS = chapters_01_06.ROWS | chapters_07_09.ROWS | chapters_10_13.ROWS | pages.ROWS
