"""One file per paper: what it says, read from the store. ``registry`` lists them."""
