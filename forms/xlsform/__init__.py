"""Workbook to checked definition."""
