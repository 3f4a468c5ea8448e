"""The visit: list of visits, the form at the door, what is known beside it."""
