"""Finding households and people by what workers remember of them."""
