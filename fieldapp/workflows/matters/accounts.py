"""The accounts of a village on screen: the mutual-aid fund, vouchers, points, each line with the balance after it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.areas import board, may_write
from fieldapp.domain.roles import WRITE, may
from fieldapp.store.api import ReadTx, Store
from fieldapp.store.projections import funds, people
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.readings import FundLine, fund_lines
from fieldapp.workflows.places import places


@dataclass(frozen=True)
class AccountLine:
    """One line as people read it. ``amount`` and ``balance`` 分 or points; ``who`` a person of the registry by name or
    whoever was written down; ``matter`` the payment's matter; ``struck`` why it no longer counts."""

    id: str
    on: str
    words: str
    who: str
    amount: int
    balance: int
    by: str
    matter: str
    struck: str


@dataclass(frozen=True)
class Account:
    """``kind`` of ``fund.ACCOUNTS``, ``place`` the village's name, ``lines`` newest first; ``may_write`` whether
    this user keeps it; ``villages`` (code, name) to choose among."""

    kind: str
    village: str
    place: str
    lines: tuple[AccountLine, ...]
    balance: int
    villages: tuple[tuple[str, str], ...]
    may_write: bool

    @property
    def is_money(self) -> bool:
        return self.kind != "points"


def account(store: Store, actor: Actor, name: str, village: str = "") -> Future[Account]:
    """The account of ``village``, by default of the first village this user has to do with."""

    def work(tx: ReadTx) -> Account:
        listed = _villages(tx, actor)
        chosen = village or (listed[0][0] if listed else actor.county)
        lines = fund_lines(tx, name, chosen)
        balance = lines[-1].balance if lines else 0
        writes = may(actor.role, WRITE, "fund_entry") and may_write(actor.scopes, board(chosen))
        shown = tuple(_line(tx, line) for line in reversed(lines))
        return Account(name, chosen, places(tx).name(chosen), shown, balance, listed, writes)

    return store.read(work)


def person_named(store: Store, village: str, name: str) -> Future[tuple[str, str] | None]:
    """(person, household) of the only one of this name in the village; None where there is none or more than one."""

    def work(tx: ReadTx) -> tuple[str, str] | None:
        found = [row for row in people.with_name(tx, name) if row.area.startswith(village)]
        return (found[0].id, found[0].household or "") if len(found) == 1 else None

    return store.read(work)


def _villages(tx: ReadTx, actor: Actor) -> tuple[tuple[str, str], ...]:
    names = places(tx)
    own = {funds.home_of(scope) for scope in actor.scopes if len(funds.home_of(scope)) == funds.VILLAGE}
    below = {code for code in names.names if len(code) == funds.VILLAGE and code.startswith(actor.scopes)}
    return tuple((code, names.name(code)) for code in sorted(own | below))


def _line(tx: ReadTx, line: FundLine) -> AccountLine:
    row = line.row
    person = people.person(tx, row.person) if row.person else None
    who = (person.full_name or "") if person else row.who or ""
    return AccountLine(
        row.id, row.on or "", row.words or "", who, row.amount or 0, line.balance, row.by or "", row.matter or "",
        row.struck or "",
    )  # fmt: skip
