"""One file per thing a worker or supervisor does; each owns its transaction."""
