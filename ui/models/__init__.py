"""Item models that page over the store."""
