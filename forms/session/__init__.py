"""A form being filled: answers, recalculation, rows, validity, drafts."""
