"""Ledgers (台账): one file each, its columns and where they come from; ``registry`` lists them."""
