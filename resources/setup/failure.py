"""The one error of the set-up: something outside is in the way, said in plain words."""

from __future__ import annotations


class SetupFailure(Exception):
    """What is missing and what to do about it, ready to print."""
