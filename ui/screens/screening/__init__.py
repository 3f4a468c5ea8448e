"""Screening a row of doors: the doors at the left, the family and its answers at the right."""
