"""Frozen records, identifiers, areas, people, revisions and merging; pure, no I/O."""
