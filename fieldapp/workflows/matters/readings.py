"""Matters as papers and ledgers read them: one frozen record per kind, plain days, words and 分, no query of their own.

A step is found by its id (``accept``, ``notice``, ``pay`` ...), so a county's own procedure that uses the same ids
stands in the same ledgers. Undone steps are left out. Days are ISO texts, "" where it has not happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fieldapp.domain.documents import Matter, rows
from fieldapp.domain.roles import READ, may
from fieldapp.store.api import DocumentView, ReadTx
from fieldapp.store.projections import funds, helps, people
from fieldapp.store.projections.funds import FundRow
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.course import Entry, entries
from fieldapp.workflows.matters.known import answer_named
from fieldapp.workflows.matters.shelf import procedures


@dataclass(frozen=True)
class Base:
    """What every matter has. ``title`` and ``outcome`` in Chinese, ``steps`` those that count, in time order."""

    id: str
    type: str
    kind: str
    procedure: str
    title: str
    area: str
    household: str
    person: str
    provider: str
    opened_on: str
    opened_by: str
    closed_on: str
    outcome: str
    steps: tuple[Entry, ...]
    settings: Mapping[str, Any]

    def last(self, *step_ids: str) -> Entry | None:
        """The latest entry of any of these steps."""
        return next((each for each in reversed(self.steps) if each.step in step_ids), None)

    def day(self, *step_ids: str) -> str:
        found = self.last(*step_ids)
        return found.on if found else ""

    def said(self, step_id: str, question: str) -> Any:
        """An answer of the latest entry of a step, by question name; None without one."""
        found = self.last(step_id)
        return answer_named(found.answers, question) if found else None


@dataclass(frozen=True)
class Application(Base):
    """受理登记、审核确认: an application for any programme. ``signed`` (name, day) of each undertaking; ``differences``
    rows of the information-check report that differ; amounts 分."""

    accepted_on: str
    papers_told_on: str
    papers_missing: str
    papers_until: str
    papers_given_on: str
    signed: tuple[tuple[str, str], ...]
    checked_on: str
    check_outcome: str
    differences: tuple[Mapping[str, Any], ...]
    visited_on: str
    visit: str
    score: int | None
    reviewed_on: str
    notice_from: str
    notice_until: str
    notice_ended_on: str
    objection: str
    decided_on: str
    decision: str
    number: str
    people: int | None
    amount: int | None
    starts_on: str
    reasons: str
    told_on: str
    paid_on: str
    paid: int | None


@dataclass(frozen=True)
class Adjustment(Base):
    """动态调整: ``change`` unchanged | increase | decrease | stop; amounts per month in 分."""

    found_on: str
    reason: str
    heard_on: str
    heard_who: str
    heard_words: str
    decided_on: str
    change: str
    amount_before: int | None
    amount_after: int | None
    starts_on: str
    reasons: str
    told_on: str


@dataclass(frozen=True)
class Emergency(Base):
    """先行救助: answered, given, papers after. ``measures`` are codes of the form; ``times_this_year`` counts this
    household's emergency help of the year up to this one."""

    answered_at: str
    state: str
    relocated_to: str
    meals: str
    given_on: str
    measures: tuple[str, ...]
    people: int | None
    amount: int | None
    papers_due: str
    papers_on: str
    times_this_year: int


@dataclass(frozen=True)
class MutualAid(Base):
    """互助: ``votes`` (member, vote) one by one; ``balance_after`` 分 as the fund stood after the payment."""

    voted_on: str
    for_whom: str
    reason: str
    committee: int | None
    present: int | None
    in_favour: int | None
    passed: str
    votes: tuple[tuple[str, str], ...]
    voted_amount: int | None
    paid_on: str
    paid: int | None
    balance_after: int | None
    notice_name: str
    notice_from: str
    notice_until: str
    objection: str


@dataclass(frozen=True)
class Handed(Base):
    """转介、多部门任务、服务派单: what, to whom, by when, and what came of it. ``answers`` (office, day, outcome,
    words) one by one; ``hours`` of service, ``satisfied`` 1-5, ``word`` the family's."""

    handed_on: str
    what: str
    due_on: str
    answers: tuple[tuple[str, str, str, str], ...]
    hours: float | None
    served_on: str
    satisfied: str
    word: str
    receipt: str
    photo: str


@dataclass(frozen=True)
class Conference(Base):
    """会商: ``opinions`` (department, person, opinion), ``actions`` (who, what, until, result)."""

    held_on: str
    chair: str
    question: str
    opinions: tuple[tuple[str, str, str], ...]
    decision: str
    responsible: str
    minutes_by: str
    actions: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Filing(Base):
    """近亲属备案: only the desk reads it."""

    filed_on: str
    cadre: str
    post: str
    relation: str
    visited_on: str
    conclusion: str


@dataclass(frozen=True)
class FundLine:
    """One line of an account with the balance after it (分 or points); struck lines do not count and say why."""

    row: FundRow
    balance: int


def read(tx: ReadTx, matter: str) -> Base | None:
    """The record of this matter's kind; None for what is no matter with steps."""
    view = tx.document(matter)
    return _read(tx, view) if view is not None else None


def all_of(tx: ReadTx, actor: Actor, types: Sequence[str], area: str = "") -> Iterator[Base]:
    """Matters of these document types in an area, as far as this role may read them; sealed types are given only
    when they are asked for by name."""
    for document_type in types:
        if may(actor.role, READ, document_type):
            for view in tx.of_type(document_type, area):
                found = _read(tx, view)
                if found is not None:
                    yield found


def applications(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Application]:
    return (each for each in all_of(tx, actor, ("application", "emergency"), area) if isinstance(each, Application))


def adjustments(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Adjustment]:
    return (each for each in all_of(tx, actor, ("application",), area) if isinstance(each, Adjustment))


def emergencies(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Emergency]:
    return (each for each in all_of(tx, actor, ("emergency",), area) if isinstance(each, Emergency))


def mutual_aids(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[MutualAid]:
    return (each for each in all_of(tx, actor, ("mutual_aid",), area) if isinstance(each, MutualAid))


def handed(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Handed]:
    return (each for each in all_of(tx, actor, ("referral", "task"), area) if isinstance(each, Handed))


def conferences(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Conference]:
    return (each for each in all_of(tx, actor, ("conference",), area) if isinstance(each, Conference))


def filings(tx: ReadTx, actor: Actor, area: str = "") -> Iterator[Filing]:
    return (each for each in all_of(tx, actor, ("filing",), area) if isinstance(each, Filing))


def fund_lines(tx: ReadTx, account: str, area: str) -> list[FundLine]:
    """An account of a village (mutual_aid | vouchers | points) line by line; ``area`` its code or any within it."""
    balance, found = 0, []
    for row in funds.of_account(tx, account, funds.home_of(area)):
        balance += (row.amount or 0) if row.struck is None else 0
        found.append(FundLine(row, balance))
    return found


def _read(tx: ReadTx, view: DocumentView) -> Base | None:
    record = Matter.read(view.id, view.state)
    procedure = procedures(tx).get(record.procedure or "")
    if procedure is None:
        return None
    counting = tuple(each for each in entries(view.state) if not each.undone)
    base = Base(
        view.id, view.type, record.kind or "", procedure.id, record.title or procedure.words.zh, view.area,
        record.household or "", record.person or "", record.provider or "", record.opened_on or "",
        record.opened_by or "", str(record.result.get("at") or "")[:10], str(record.result.get("text") or ""),
        counting, record.settings,
    )  # fmt: skip
    made: Base = _READERS.get(procedure.group, _plain)(tx, base)
    return made


def _plain(_tx: ReadTx, base: Base) -> Base:
    return base


def _application(tx: ReadTx, base: Base) -> Application:
    accept, decided = base.last("accept"), base.last("confirm", "confirm_town")
    asked = accept if accept is not None and accept.outcome == "supplement" else None
    signed = [(_name(tx, each.row), each.on) for each in base.steps if each.step == "undertaking"]
    check, notice, end, paid = (base.last(name) for name in ("check", "notice", "notice_end", "pay"))
    visit, told = base.last("visit"), base.last("told", "refusal_told")
    step = decided.step if decided else ""
    return Application(
        **base.__dict__, accepted_on=accept.on if accept else "", papers_told_on=asked.on if asked else "",
        papers_missing=asked.words if asked else "", papers_until=(asked.until or "") if asked else "",
        papers_given_on=base.day("supplement"), signed=tuple(signed), checked_on=check.on if check else "",
        check_outcome=(check.outcome or "") if check else "",
        differences=tuple(row for row in (check.report if check else ()) if row.get("differs")),
        visited_on=visit.on if visit else "", visit=visit.visit if visit else "",
        score=_whole(base.said("score", "score")),
        reviewed_on=base.day("review"), notice_from=notice.on if notice else "",
        notice_until=(notice.until or "") if notice else "", notice_ended_on=end.on if end else "",
        objection=end.words if end else "", decided_on=decided.on if decided else "",
        decision=(decided.outcome or "") if decided else "", number=str(base.said(step, "number") or ""),
        people=_whole(base.said(step, "people")), amount=decided.amount if decided else None,
        starts_on=(decided.until or "") if decided else "", reasons=decided.words if decided else "",
        told_on=told.on if told else "", paid_on=paid.on if paid else "", paid=paid.amount if paid else None,
    )  # fmt: skip


def _adjustment(tx: ReadTx, base: Base) -> Adjustment:
    decided = base.last("decide")
    heard = base.last("hear")
    return Adjustment(
        **base.__dict__, found_on=base.day("found"), reason=str(base.said("found", "reason") or ""),
        heard_on=heard.on if heard else "", heard_who=str(base.said("hear", "heard") or ""),
        heard_words=heard.words if heard else "", decided_on=decided.on if decided else "",
        change=(decided.outcome or "") if decided else "", amount_before=_fen(base.said("decide", "amount_before")),
        amount_after=0 if decided and decided.outcome == "stop" else decided.amount if decided else None,
        starts_on=(decided.until or "") if decided else "", reasons=decided.words if decided else "",
        told_on=base.day("told"),
    )  # fmt: skip


def _emergency(tx: ReadTx, base: Base) -> Emergency:
    answered, given = base.last("respond"), base.last("help")
    return Emergency(
        **base.__dict__, answered_at=str(base.said("respond", "at") or ""),
        state=(answered.outcome or "") if answered else "",
        relocated_to=str(base.said("respond", "place") or base.said("help", "relocated_to") or ""),
        meals=str(base.said("respond", "meals") or base.said("help", "meals") or ""),
        given_on=given.on if given else "",
        measures=tuple(str(base.said("help", "measures") or "").split()) if given else (),
        people=_whole(base.said("help", "people")), amount=given.amount if given else None,
        papers_due=(given.until or "") if given else "", papers_on=base.day("papers"),
        times_this_year=_times(tx, base),
    )  # fmt: skip


def _times(tx: ReadTx, base: Base) -> int:
    year = base.opened_on[:4]
    rows_ = [row for row in helps.of_household(tx, base.household) if row.type == "emergency"]
    return sum(row.first_at[:4] == year and row.first_at <= (base.opened_on + "~") for row in rows_)


def _mutual_aid(tx: ReadTx, base: Base) -> MutualAid:
    vote, paid, notice, end = (base.last(name) for name in ("vote", "pay", "notice", "notice_end"))
    votes = [(str(row.get("member") or ""), str(row.get("vote") or "")) for _k, row in
             rows(vote.answers.get("votes") if vote else None)]  # fmt: skip
    return MutualAid(
        **base.__dict__, voted_on=vote.on if vote else "", for_whom=str(base.said("vote", "for_whom") or ""),
        reason=str(base.said("vote", "reason") or ""), committee=_whole(base.said("vote", "committee")),
        present=_whole(base.said("vote", "present")), in_favour=_whole(base.said("vote", "in_favour")),
        passed=(vote.outcome or "") if vote else "", votes=tuple(votes), voted_amount=vote.amount if vote else None,
        paid_on=paid.on if paid else "", paid=paid.amount if paid else None,
        balance_after=_fen(base.said("pay", "balance")), notice_name=str(base.said("notice", "masked_name") or ""),
        notice_from=notice.on if notice else "", notice_until=(notice.until or "") if notice else "",
        objection=end.words if end else "",
    )  # fmt: skip


def _handed(_tx: ReadTx, base: Base) -> Handed:
    sent = base.last("send", "task", "order")
    answers = [
        (str(answer_named(each.answers, "answered_by") or base.provider), each.on, each.outcome or "", each.words)
        for each in base.steps if each.step in ("answer", "offices")
    ]  # fmt: skip
    hours = base.said("serve", "hours")
    return Handed(
        **base.__dict__, handed_on=sent.on if sent else base.opened_on, what=sent.words if sent else base.title,
        due_on=(sent.until or "") if sent else "", answers=tuple(answers),
        hours=float(hours) if hours is not None else None, served_on=str(base.said("serve", "served_on") or ""),
        satisfied=str(base.said("serve", "satisfied") or ""),
        word=str(base.said("serve", "family_word") or base.said("close", "family_word") or ""),
        receipt=str(base.said("serve", "sign_family") or ""), photo=str(base.said("serve", "photo") or ""),
    )  # fmt: skip


def _conference(_tx: ReadTx, base: Base) -> Conference:
    held = base.last("confer")
    answers = held.answers if held else {}
    opinions = [tuple(str(row.get(name) or "") for name in ("department", "person", "opinion"))
                for _k, row in rows(answers.get("opinions"))]  # fmt: skip
    results = {each.row: each.words for each in base.steps if each.step == "actions"}
    asked = ("who", "what", "until")
    actions = [(*(str(row.get(name) or "") for name in asked), results.get(key, ""))
               for key, row in rows(answers.get("actions"))]  # fmt: skip
    said = {name: str(answer_named(answers, name) or "") for name in
            ("chair", "question", "decision_text", "responsible", "minutes")}  # fmt: skip
    return Conference(
        **base.__dict__, held_on=held.on if held else "", chair=said["chair"], question=said["question"],
        opinions=tuple((a, b, c) for a, b, c in opinions), decision=said["decision_text"],
        responsible=said["responsible"], minutes_by=said["minutes"],
        actions=tuple((a, b, c, d) for a, b, c, d in actions),
    )  # fmt: skip


def _filing(_tx: ReadTx, base: Base) -> Filing:
    visit = base.last("county_visit")
    return Filing(
        **base.__dict__, filed_on=base.day("file"), cadre=str(base.said("file", "cadre") or ""),
        post=str(base.said("file", "post") or ""), relation=str(base.said("file", "relation") or ""),
        visited_on=visit.on if visit else "", conclusion=(visit.outcome or "") if visit else "",
    )  # fmt: skip


#: By the ``group`` a procedure's file names.
_READERS: Mapping[str, Any] = {
    "application": _application, "adjustment": _adjustment, "emergency": _emergency, "mutual_aid": _mutual_aid,
    "handed": _handed, "service": _handed, "conference": _conference, "filing": _filing,
}  # fmt: skip


def _name(tx: ReadTx, person: str) -> str:
    row = people.person(tx, person) if person else None
    return (row.full_name or "") if row else ""


def _whole(value: Any) -> int | None:
    return int(float(value)) if value not in (None, "") else None


def _fen(value: Any) -> int | None:
    return round(float(value) * 100) if value not in (None, "") else None
