"""Ledgers kept in a village beside the matters: the mutual-aid society's fund (分), vouchers and volunteer points.

Helped people are helpers too: a line names the person it is about. A payment of a matter writes its own line
(``effects``); donations, purchases and points are entered here. A line is never deleted; one that was wrong is struck
with a reason. The lines stand on the village's notice board: every worker of the village sees the balance, and who
covers the village writes.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.areas import board
from fieldapp.domain.documents import FundEntry
from fieldapp.domain.pointers import Json
from fieldapp.errors import StateError
from fieldapp.store.api import ReadTx, Store, WriteTx
from fieldapp.store.projections import funds
from fieldapp.store.projections.funds import FundRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.readings import FundLine, fund_lines

ACCOUNTS = ("mutual_aid", "vouchers", "points")
#: Accounts whose balance is a person's own rather than the village's.
PERSONAL = ("vouchers", "points")


@dataclass(frozen=True)
class Line:
    """A new line. ``amount`` 分 for mutual_aid and vouchers, points for points; negative when it goes out. ``words``
    say what for, ``who`` the giver or receiver where that is nobody of the registry."""

    account: str
    amount: int
    on: str
    words: str
    who: str = ""
    person: str = ""
    household: str = ""


def enter(store: Store, actor: Actor, area: str, line: Line) -> Future[str]:
    """The new line's id. Raises StateError ``fund.nothing`` (an amount of nought), ``fund.below_nought`` (the balance
    would be negative and nobody says why), RefusedError."""
    if line.account not in ACCOUNTS or not line.amount:
        raise StateError("fund.nothing")

    def work(tx: WriteTx) -> str:
        home = funds.home_of(area)
        actor.require("fund_entry", board(home))
        if line.amount < 0 and _balance(tx, home, line) + line.amount < 0 and not line.words.strip():
            raise StateError("fund.below_nought")
        state: dict[str, Json] = {
            "account": line.account, "amount": line.amount, "on": line.on, "words": line.words.strip() or None,
            "who": line.who.strip() or None, "person": line.person or None, "household": line.household or None,
            "by": actor.name,
        }  # fmt: skip
        return tx.create("fund_entry", board(home), {name: value for name, value in state.items() if value is not None})

    return store.write(work)


def strike(store: Store, actor: Actor, entry: str, why: str) -> Future[str]:
    """The line no longer counts and says why. Raises StateError ``fund.why``, ``state.unknown``, RefusedError."""
    if not why.strip():
        raise StateError("fund.why")

    def work(tx: WriteTx) -> str:
        view = tx.document(entry)
        if view is None or not isinstance(view.record, FundEntry):
            raise StateError("state.unknown")
        actor.require("fund_entry", view.area)
        return tx.save(entry, {"/struck": why.strip()})

    return store.write(work)


def lines(store: Store, account: str, area: str) -> Future[list[FundLine]]:
    return store.read(lambda tx: fund_lines(tx, account, area))


def balance(store: Store, account: str, area: str) -> Future[int]:
    return store.read(lambda tx: funds.balance(tx, account, funds.home_of(area)))


def of_person(store: Store, person: str) -> Future[list[FundRow]]:
    return store.read(lambda tx: funds.of_person(tx, person))


def _balance(tx: ReadTx, home: str, line: Line) -> int:
    if line.account in PERSONAL and line.person:
        rows = [row for row in funds.of_person(tx, line.person) if row.account == line.account and row.struck is None]
        return sum(row.amount or 0 for row in rows)
    return funds.balance(tx, line.account, home)
