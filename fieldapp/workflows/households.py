"""Finding households and one household's page: who, tier, risk, visits, and the chain of help in time order."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from fieldapp.domain.documents import Household, Lead, Person, rows
from fieldapp.errors import StateError
from fieldapp.store.api import Hit, ReadTx, Store, WriteTx
from fieldapp.store.api import find as search
from fieldapp.store.projections import door_answers, helps, households, leads, people, reviews, visits
from fieldapp.store.projections.helps import HelpRow
from fieldapp.store.projections.households import HouseholdRow
from fieldapp.workflows import handing_over
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.matters.chain import step_links
from fieldapp.workflows.people import Member, members_of
from fieldapp.workflows.places import Places, places
from fieldapp.workflows.screening import Program, programs_of

PAGE = 100


@dataclass(frozen=True)
class HouseholdLine:
    """A household in a list. ``place`` is grid and door; ``matched`` what the search found it by, beyond its head."""

    id: str
    kind: str
    head: str
    people: int
    place: str
    tier: int | None
    risk: str | None
    revisit_on: str | None
    conflicts: int
    matched: str = ""


@dataclass(frozen=True)
class Link:
    """One link of the chain of help. ``at`` an ISO day or time; ``kind``: ``lead`` | ``answered`` | ``withdrawn`` |
    ``door`` | ``visit`` | ``report`` | ``approved`` | ``returned`` | ``program`` | ``help`` | ``step`` | ``paid`` |
    ``served`` | ``due``; ``open``: without a result yet; ``matter``: the document is a matter with steps, ``quick``
    whose result may be written in one line; ``amount`` 分; ``person`` whom it is for, where it is for one
    member alone."""

    at: str
    kind: str
    what: str
    who: str
    document: str
    words: str = ""
    open: bool = False
    matter: bool = False
    amount: int | None = None
    person: str = ""
    quick: bool = False


@dataclass(frozen=True)
class Page:
    """One household, whole. ``visit_count`` and ``phone_count`` are all there were; ``disputed`` names fields with
    two values, by pointer."""

    id: str
    area: str
    head: str
    address: str
    place: str
    phone_masked: str
    tier: int | None
    risk: str | None
    flags: tuple[str, ...]
    revisit_on: str | None
    revisit_reason: str
    members: tuple[Member, ...]
    programs: tuple[Program, ...]
    visit_count: int
    phone_count: int
    chain: tuple[Link, ...]
    disputed: tuple[str, ...]


def find(store: Store, actor: Actor, query: str, limit: int = 50) -> Future[list[HouseholdLine]]:
    """Households by anything people remember of them; own areas first."""

    def work(tx: ReadTx) -> list[HouseholdLine]:
        names = places(tx)
        return [_hit_line(tx, hit, names) for hit in search(tx, query, own_areas=actor.scopes, limit=limit)]

    return store.read(work)


def count(store: Store) -> Future[int]:
    """All households on this laptop."""
    return store.read(households.count)


def page_of_list(store: Store, offset: int, limit: int = PAGE) -> Future[list[HouseholdLine]]:
    """A stretch of the whole list, by grid and walking order."""

    def work(tx: ReadTx) -> list[HouseholdLine]:
        names = places(tx)
        return [_line(row, names) for row in households.in_area(tx, limit=limit, offset=offset)]

    return store.read(work)


def page(store: Store, actor: Actor, household: str, lang: str = "zh") -> Future[Page]:
    """Steps of matters are named in ``lang``. Raises StateError ``state.unknown`` when the household is not here."""

    def work(tx: ReadTx) -> Page:
        row = households.household(tx, household)
        view = tx.document(row.id) if row else None
        if row is None or view is None or not isinstance(view.record, Household):
            raise StateError("state.unknown")
        made = visits.of_household(tx, row.id)
        phone = sum(each.purpose == "phone" for each in made)
        home = view.record
        return Page(
            row.id, row.area, row.head_name or "", row.address or "", places(tx).grid_words(row.area),
            _masked(row.phone), row.tier, row.risk, row.flags, row.revisit_on, str(home.revisit.get("reason") or ""),
            members_of(tx, row.id, actor.today()), programs_of(home), len(made) - phone, phone,
            _chain(tx, row.id, home, lang), tuple(view.merged.conflicts),
        )  # fmt: skip

    return store.read(work)


def reveal(store: Store, actor: Actor, document: str, what: str) -> Future[str]:
    """The full ID number (``what`` = ``id_number``) or phone (``phone``), after the look is on the device's chain.

    Raises RefusedError ``refused.role``.
    """

    def work(tx: WriteTx) -> str:
        view = tx.document(document)
        if view is None or not isinstance(view.record, Person | Household | Lead):
            raise StateError("state.unknown")
        actor.require_read(view.type)
        tx.log_access("reveal", document)
        return str(getattr(view.record, what, None) or "")

    return store.write(work)


def _masked(phone: str | None) -> str:
    from fieldapp.domain.identity_number import mask_phone

    return mask_phone(phone) if phone else ""


def _hit_line(tx: ReadTx, hit: Hit, names: Places) -> HouseholdLine:
    row = households.household(tx, hit.subject) if hit.kind == "household" else None
    other = next((match.text for match in hit.matches if match.text != hit.head_name), "")
    if row is not None:
        line = _line(row, names)
        return HouseholdLine(**{**line.__dict__, "matched": other})
    place = names.grid_words(hit.area)
    return HouseholdLine(
        hit.subject, hit.kind, hit.head_name or "", hit.people, place, None, None, None, hit.conflicts, other
    )


def _line(row: HouseholdRow, names: Places) -> HouseholdLine:
    place = " ".join(part for part in (names.grid_words(row.area), row.door or "") if part)
    return HouseholdLine(
        row.id, "household", row.head_name or "", row.people, place, row.tier, row.risk, row.revisit_on, row.conflicts
    )


def _until(due_on: str | None) -> str:
    return f"≤ {due_on}" if due_on else ""


def _result_words(tx: ReadTx, document: str) -> str:
    view = tx.document(document)
    result = view.state.get("result") if view else None
    return str(result.get("text") or "") if isinstance(result, dict) else ""


def _chain(tx: ReadTx, household: str, home: Household, lang: str) -> tuple[Link, ...]:
    """Found, visited, decided, paid, served, revisited: nothing between is lost, whatever document it stands in."""
    links: list[Link] = []
    for lead in leads.of_household(tx, household):
        links.append(
            Link(lead.issued_on or "", "lead", lead.channel or "", lead.source or "", lead.id, lead.content or "")
        )
        if lead.answered_on:
            links.append(Link(lead.answered_on, "answered", lead.outcome or "", "", lead.id))
        if lead.withdrawn_on:
            links.append(Link(lead.withdrawn_on, "withdrawn", "", lead.source or "", lead.id))
    for told in door_answers.of_household(tx, household):
        links.append(Link(told.at or "", "door", told.answer or "", told.by or "", told.id, told.note or ""))
    for visit in visits.of_household(tx, household):
        names = "、".join(visits.investigators(tx, visit.id))
        links.append(Link(visit.finished_at or visit.last_at, visit.type, visit.purpose or "", names, visit.id))
        review = reviews.of_subject(tx, visit.id)
        if review is not None and review.decision:
            links.append(Link(review.at or "", review.decision, "", review.by or "", visit.id, review.words or ""))
    for _key, row in rows(home.programs):
        links.append(Link(str(row.get("since") or ""), "program", str(row.get("policy") or ""), "", household))
    for help_ in helps.of_household(tx, household):
        links += _help(tx, help_, lang)
    if home.revisit.get("on"):
        reason = str(home.revisit.get("reason") or "")
        links.append(Link(str(home.revisit["on"]), "due", str(home.revisit.get("risk") or ""), "", household, reason))
    return tuple(sorted(links, key=_in_time))


def _help(tx: ReadTx, row: HelpRow, lang: str) -> list[Link]:
    """What was handed over, each of its steps, what was paid, its result."""
    title, by, whom = row.title or row.type, row.provider or "", _person_name(tx, row.person)
    open_ = row.type in ("task", "referral") and not row.done_at
    stepped = row.procedure is not None
    quick = not stepped or row.procedure in handing_over.STEPS
    until = _until(row.due_on)
    found = [Link(row.first_at, "help", title, by, row.id, until, open_, stepped, person=whom, quick=quick)]
    for step in step_links(tx, row, lang):
        about = _person_name(tx, step.person) or whom
        link = Link(step.at, step.kind, step.title, step.who, row.id, step.words, False, True, step.amount, about)
        found.append(link)
    if row.done_at:
        found.append(Link(row.done_at, "served", title, by, row.id, _result_words(tx, row.id), False, stepped))
    return found


def _person_name(tx: ReadTx, person: str | None) -> str:
    row = people.person(tx, person) if person else None
    return (row.full_name or "") if row else ""


def _in_time(link: Link) -> str:
    """By the second, the finest all have; within one as they were gathered. What has only a day stands last in it."""
    return link.at[:19] if "T" in link.at or link.kind == "lead" else link.at + "~"
