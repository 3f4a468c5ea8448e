"""What the county server keeps, on SQLite or PostgreSQL."""
