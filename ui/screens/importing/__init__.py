"""Importing an office's file: chosen, read, previewed, confirmed, done."""
