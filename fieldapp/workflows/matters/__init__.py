"""Matters (事项): what is handed over and followed to its result, by procedures that are files."""
