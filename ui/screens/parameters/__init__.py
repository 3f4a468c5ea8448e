"""Parameters by hand: what is in force, changes by two people, and what a change would do."""
