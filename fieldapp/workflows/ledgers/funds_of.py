"""Which villages of an area keep an account."""

from __future__ import annotations

from fieldapp.store.api import ReadTx
from fieldapp.store.projections import funds


def villages(tx: ReadTx, account: str, area: str) -> list[str]:
    """Codes of the villages with lines in ``account``: those in ``area``, or the one it lies in."""
    found = {funds.home_of(view.area) for view in tx.of_type("fund_entry") if view.state.get("account") == account}
    plain = area.rstrip("*")
    return sorted(home for home in found if home.startswith(plain) or plain.startswith(home.rstrip("*")))
