"""What opening the store found missing, in words: said once, over the first screen."""

from __future__ import annotations

from fieldapp.store.opening import Opened
from ui.messages import Words
from ui.words import t


def words_of(opened: Opened) -> Words | None:
    """Records that are gone, else saves of drafts, else a chain that does not hold together; None when all is there."""
    if opened.lost is not None:
        first, last = opened.lost
        what = t("opened.lost", n=last - first + 1, first=first, last=last)
        return Words(what, t("opened.lost_kept"), t("opened.lost_do"))
    if opened.lost_commits:
        return Words(t("opened.saves", n=opened.lost_commits), t("opened.saves_kept"), t("opened.saves_do"))
    if opened.faults:
        return Words(t("error.chain.what"), do=t("error.chain.do"))
    return None
