"""The error tree.

    Exception
    ├── WorldError            the world's fault: plain words, what was kept, what to do next
    │   ├── InputError        a file or an entry cannot be used; names the place and the remedy
    │   ├── VaultError        passphrase, key file or profile
    │   ├── StorageError      disk full, damaged or newer store
    │   ├── NetworkError      server away, slow, full or answering nonsense
    │   ├── RefusedError      the county or a role does not allow it
    │   └── StateError        the record moved on: already approved, in conflict, closed
    └── ProgrammingFault      ours: never shown as the user's mistake, goes into the report

Layers add subclasses beside the code that raises them; ``ui/messages.py`` turns every one into words.
A WorldError carries ``code`` (stable, dotted, for the words table), ``args`` for the words, and nothing
personal: its text may be logged.
"""

from __future__ import annotations


class WorldError(Exception):
    """Something outside the program is in the way.

    ``code`` names the words to show; ``where`` names the place (file, sheet, row, path) without personal data;
    ``details`` are the values the words need.
    """

    code = "world"

    def __init__(self, code: str | None = None, *, where: str = "", **details: object) -> None:
        self.code = code or type(self).code
        self.where = where
        self.details = details
        place = f" at {where}" if where else ""
        super().__init__(f"{self.code}{place}")


class InputError(WorldError):
    """A file or an entry cannot be used as it is."""

    code = "input"


class VaultError(WorldError):
    """The passphrase, the key file or the profile does not open."""

    code = "vault"


class StorageError(WorldError):
    """The disk or the store does not let us write or read."""

    code = "storage"


class NetworkError(WorldError):
    """The county server cannot be reached or does not answer sensibly."""

    code = "network"


class RefusedError(WorldError):
    """The county, a role or a scope does not allow this."""

    code = "refused"


class StateError(WorldError):
    """The record is in a state in which this cannot be done."""

    code = "state"


class ProgrammingFault(Exception):
    """An invariant of the program does not hold; goes into the report."""
