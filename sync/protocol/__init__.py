"""The messages both sides share; no HTTP here."""
