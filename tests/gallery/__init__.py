"""Pictures of every screen: ``python -m tests.gallery OUT/ [--scale 1.25] [--only today]``."""
