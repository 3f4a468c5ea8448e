"""Somebody who knows nothing of the program and presses everything: real events on every screen, from one seed."""
