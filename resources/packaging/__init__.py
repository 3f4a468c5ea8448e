"""Makes the program that workers get: one folder that needs no Python and no network."""
