"""Small painted parts that screens are made of. ``ARCHITECTURE.md``, "Window", lists them."""
