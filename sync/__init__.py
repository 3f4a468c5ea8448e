"""Sync between laptops and the county server."""
