"""The admin command: one file per thing the county office does."""
