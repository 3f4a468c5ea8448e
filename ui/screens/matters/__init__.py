"""Matters (事项): the list by nearest term, one matter's steps, opening, undoing, reports read in."""
