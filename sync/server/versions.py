"""Rising versions of what the county signs: scopes and control documents."""

from __future__ import annotations


def next_version(newest: int, epoch: int) -> int:
    """The number after ``newest``. A county that was restored does not know which numbers it gave on the lost days, and
    a laptop that holds one of them takes none that is not above it: numbers go on from the new epoch, which is a time
    (``backups._new_epoch``) and so above all of them."""
    return newest + 1 if epoch == 1 else max(newest + 1, epoch)
