"""Papers and ledgers: picked, looked at, exported; many at once; and who took what out."""
