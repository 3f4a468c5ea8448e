"""A new version of the program: signed by the county, put beside the old one, and gone back from."""
