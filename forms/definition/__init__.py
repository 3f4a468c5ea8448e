"""The immutable form."""
