"""What the documents of a county hold: one frozen record per type, read from a document's state.

A record is a reading of ``Merged.state``: unknown keys stay in the state and survive every save. Every field may be
missing (people without papers exist, unknown is an answer, a field in conflict is absent from the state), so
readings default to None or empty. Dates are ISO texts, ``YYYY`` or ``YYYY-MM`` where only that is known; money is
integer 分; times are RFC 3339 in UTC. Repeats are objects keyed by row id (``pointers.ROW``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from fieldapp.domain.pointers import ORDER, ROW, Json

DOOR_ANSWERS = ("normal", "changed", "difficulty", "nobody_home", "all_away", "other", "new")
OTHER_REASONS = (
    "lives_elsewhere",  # 人户分离
    "refused",  # 拒访
    "in_hospital",  # 住院
    "institution",  # 集中供养
    "in_prison",  # 服刑
    "deceased",  # 死亡销户
    "empty_house",  # 空置
)
ROUND_KINDS = ("regular", "cold", "snow", "flood", "extra")
HOW_KNOWN = ("seen", "phone", "neighbour", "village_cadre")
CHANNELS = (
    "department",  # 部门下发
    "anti_relapse",  # 防返贫平台
    "hotline",  # 12345、救助热线
    "online",  # 网上申请
    "walk_in",  # 窗口申请
    "collector",  # 信息员
    "neighbour",  # 邻里
    "child",  # 孩子说的
    "errand",  # 办别的事时发现
)
LEAD_OUTCOMES = ("true_needs_help", "true_already_helped", "not_true", "not_found")
DECISIONS = ("approved", "returned")


@dataclass(frozen=True)
class Record:
    """Base of all readings: the document's id, and its whole state for what the reading does not name."""

    id: str
    state: Mapping[str, Json] = field(repr=False)

    @classmethod
    def read(cls, document_id: str, state: Mapping[str, Any]) -> Self:
        """The reading of ``state``; absent keys take the field's default."""
        named = {f.name: state[f.name] for f in fields(cls) if f.name not in ("id", "state") and f.name in state}
        return cls(id=document_id, state=state, **named)


@dataclass(frozen=True)
class Person(Record):
    """``person``, kept in the area of its household's grid. Membership lives here alone.

    ``membership``: {household, relation, lives_with_family}; relation is ``head`` | ``spouse`` | ``son`` |
    ``daughter`` | ``father`` | ``mother`` | ``grandson`` ... or free text. ``register``: {kind: urban|rural, place,
    book}. ``disability``: {kind, level, card}. ``whereabouts``: ``home`` | ``away_work`` | ``school`` | ``hospital``
    | ``institution`` | ``prison`` | ``moved_away``. ``withdrawn``: made by mistake and taken back, on no list.
    """

    full_name: str | None = None
    other_names: list[str] = field(default_factory=list)
    sex: str | None = None
    birth_date: str | None = None
    id_kind: str | None = None
    id_number: str | None = None
    no_id_reason: str | None = None
    phone: str | None = None
    membership: Mapping[str, Any] = field(default_factory=dict)
    register: Mapping[str, Any] = field(default_factory=dict)
    disability: Mapping[str, Any] = field(default_factory=dict)
    illness: str | None = None
    school: str | None = None
    work: str | None = None
    whereabouts: str | None = None
    deceased_on: str | None = None
    withdrawn: bool = False

    @property
    def household(self) -> str | None:
        value = self.membership.get("household")
        return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Household(Record):
    """``household``: the family living together, kept in the area of its grid.

    ``doors``: rows of {number, order, lat, lon, note}; the door is (grid, number), so two families may share one and
    a family may have two. ``order`` is the walking order within the grid. ``programs``: rows of {policy, since,
    amount_month (分), person}. ``flags``: names such as ``lives_alone``, ``unsafe_housing``. ``revisit``: {on, risk,
    reason, planned_by and usual_on while a visit is agreed on for a day (``visit_planning``)}. ``head_name`` is only
    what a ledger called the family; members come from the people. ``withdrawn``: made by mistake and taken back, on no
    list.
    """

    head_name: str | None = None
    address: str | None = None
    phone: str | None = None
    nature: str | None = None
    doors: Mapping[str, Any] = field(default_factory=dict)
    programs: Mapping[str, Any] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    tier: int | None = None
    risk: str | None = None
    revisit: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: bool = False


@dataclass(frozen=True)
class Round(Record):
    """``round``, on the notice board of its area. ``kind`` of ``ROUND_KINDS``.

    ``proof``: what its closing rests on: {households, people, unmet, new, vanished}, counts of that moment.
    """

    title: str | None = None
    number: int | None = None
    kind: str | None = None
    areas: list[str] = field(default_factory=list)
    opens_on: str | None = None
    closes_on: str | None = None
    closed_at: str | None = None
    flagged_first: bool = False
    opened_by: str | None = None
    closed_by: str | None = None
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DoorAnswer(Record):
    """``door_answer``: the answer of one household in one round; its id is ``ids.door_answer_id``.

    ``answer`` of ``DOOR_ANSWERS``; ``reason`` of ``OTHER_REASONS`` with answer ``other``; ``attempts``: rows of
    {at, how}; ``signals``: names of what was noticed; ``members``: person id -> whereabouts as told at the door.
    """

    round: str | None = None
    household: str | None = None
    answer: str | None = None
    reason: str | None = None
    how_known: str | None = None
    at: str | None = None
    by: str | None = None
    note: str | None = None
    signals: list[str] = field(default_factory=list)
    attempts: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Lead(Record):
    """``lead``: an alert, from whoever sent it, with its four dates (passed on, assigned, checked, answered).

    ``source``: the sending office as named; ``channel`` of ``CHANNELS``. ``days``: working days allowed for the check.
    ``answer``: {outcome, seen, at, by, visit, how (of ``HOW_KNOWN``), photos, files (blob ids), taken_into_help}.
    ``misdirected``: {words, at, by}: handed back
    to the desk as not of this grid. ``near_relative``: the family is close to somebody who decides
    (``near_relative_of``). ``again``: rows of {channel, source, content, at, by}: the same need told once more.
    """

    number: str | None = None
    source: str | None = None
    channel: str | None = None
    person_name: str | None = None
    id_number: str | None = None
    address: str | None = None
    content: str | None = None
    urgent: bool = False
    issued_on: str | None = None
    days: int | None = None
    due_on: str | None = None
    assigned_on: str | None = None
    assigned_to: str | None = None
    checked_on: str | None = None
    answered_on: str | None = None
    withdrawn_on: str | None = None
    household: str | None = None
    person: str | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    phone: str | None = None
    near_relative: bool = False
    near_relative_of: str | None = None
    misdirected: Mapping[str, Any] = field(default_factory=dict)
    again: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Visit(Record):
    """``visit`` and, with the form of that name, ``report``: a finished form about a household.

    ``answers`` is the form's tree as ``forms.api`` gives it; ``assessment`` the frozen rule results;
    ``investigators``: rows of {user, name, identity}. ``rechecks`` is the visit a blind second one is about. Photos,
    signatures and files are blob ids inside ``answers``.
    """

    household: str | None = None
    purpose: str | None = None
    lead: str | None = None
    round: str | None = None
    form_id: str | None = None
    form_version: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    investigators: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    audit: Mapping[str, Any] = field(default_factory=dict)
    assessment: Mapping[str, Any] = field(default_factory=dict)
    rechecks: str | None = None


@dataclass(frozen=True)
class Review(Record):
    """``review`` of a visit or report; its id is ``ids.review_id``.

    A decision holds only for exactly the ``subject_leaves`` it names: a new leaf of the subject reopens it.
    ``comments``: rows of {path (pointer into answers), text, by, at, resolved}.
    """

    subject: str | None = None
    subject_leaves: list[str] = field(default_factory=list)
    decision: str | None = None
    comments: Mapping[str, Any] = field(default_factory=dict)
    by: str | None = None
    at: str | None = None

    def holds_for(self, leaves: tuple[str, ...]) -> bool:
        return self.decision in DECISIONS and sorted(self.subject_leaves) == sorted(leaves)


@dataclass(frozen=True)
class SameAs(Record):
    """``same_as`` per pair; ``on`` joins, off undoes it exactly. The canonical id is the smallest of a component."""

    one: str | None = None
    other: str | None = None
    on: bool = False


@dataclass(frozen=True)
class Assignment(Record):
    """``assignment``, on the notice board of a grid: who is meant to walk it; its id is ``ids.assignment_id``.

    ``workers``: rows of {name, since, by}. It gives nobody a right: scopes are the county's.
    """

    grid: str | None = None
    workers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recheck(Record):
    """``recheck``, on the notice board of its area: a random re-check (``drawing.py``). ``commitment`` is published
    before the period ends; ``seed``, ``candidates`` and ``drawn`` after it. ``results``: visit id -> {asked, differs,
    on}: counts, no answers and no names of those who are checked. One whose seed was lost stays on the board with
    ``superseded`` {by (the re-check in its place), on, who, why}; that one names it in ``supersedes``.
    """

    title: str | None = None
    area: str | None = None
    first: str | None = None
    last: str | None = None
    per_mille: int = 0
    inspectors: list[str] = field(default_factory=list)
    commitment: str | None = None
    announced_on: str | None = None
    by: str | None = None
    seed: str | None = None
    candidates: list[Any] = field(default_factory=list)
    drawn: list[Any] = field(default_factory=list)
    drawn_on: str | None = None
    results: Mapping[str, Any] = field(default_factory=dict)
    supersedes: str | None = None
    superseded: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Matter(Record):
    """``application`` | ``referral`` | ``conference`` | ``emergency`` | ``mutual_aid`` | ``filing`` |
    ``sealed_report``: something with dated steps that is followed to its result (事项).

    ``procedure`` names the file that says its steps; ``settings`` are the county's terms and parameters on the day it
    was opened. ``steps``: rows keyed by step id, or ``<step id>:<row>`` where a step is done once for each person or
    session, of {step, row, on, at, by, user, role, outcome, words, amount (分), until, form, answers, visit, undone}.
    ``origin``: {type, id} of the lead, visit or matter it came from. ``next`` and ``due_on`` follow from the steps.
    ``result``: {at, outcome, text, hours, word, amount}.
    """

    procedure: str | None = None
    kind: str | None = None
    household: str | None = None
    person: str | None = None
    title: str | None = None
    provider: str | None = None
    opened_on: str | None = None
    opened_by: str | None = None
    due_on: str | None = None
    next: list[str] = field(default_factory=list)
    origin: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    steps: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Task(Matter):
    """``task``: something handed to others (referral, service, emergency step) and followed to its result.

    ``kind``: referral | service | emergency | identity | other. One without a procedure has no steps, only its result.
    """


@dataclass(frozen=True)
class Errand(Matter):
    """``errand``: the slip of a task that is served by somebody from outside (第三方、社工、志愿者); its id is
    ``slips.slip_id``. It says whom, where, which kind of service and until when, and nothing else of the family:
    revisions are signed whole, so what may not be read by its reader must never be written into it.
    """

    task: str | None = None
    person_name: str | None = None
    address: str | None = None


@dataclass(frozen=True)
class FundEntry(Record):
    """``fund_entry``: one line of a ledger of money, vouchers or points, kept where the account is kept.

    ``account``: mutual_aid | vouchers | points; the account is that of the entry's area. ``amount`` is 分 or points,
    negative when paid out; ``struck`` says why an entry no longer counts.
    """

    account: str | None = None
    amount: int | None = None
    on: str | None = None
    words: str | None = None
    who: str | None = None
    person: str | None = None
    household: str | None = None
    matter: str | None = None
    by: str | None = None
    struck: str | None = None


@dataclass(frozen=True)
class ParameterChange(Record):
    """``parameter_change``, on the county's notice board: what the county wants to set, by which document.

    ``change`` is a ``parameter-change/1`` (``fieldapp/policy/changes.py``) without its approval, which is a ``review``
    of this document by another person. ``entered_user`` is the user id of whoever entered it.
    """

    change: Mapping[str, Any] = field(default_factory=dict)
    entered_user: str | None = None


@dataclass(frozen=True)
class RecoveryAnswer(Record):
    """``recovery_answer``, on the county's notice board: a custodian gave his half of the key of a profile whose
    passphrase was forgotten. ``request`` is the request's SHA-256, ``slot`` of ``recovery.SLOTS``, ``label`` what the
    profile is called."""

    request: str | None = None
    profile: str | None = None
    label: str | None = None
    slot: str | None = None
    by: str | None = None
    at: str | None = None


RECORDS: Mapping[str, type[Record]] = {
    "person": Person,
    "household": Household,
    "round": Round,
    "assignment": Assignment,
    "recheck": Recheck,
    "door_answer": DoorAnswer,
    "lead": Lead,
    "visit": Visit,
    "report": Visit,
    "review": Review,
    "same_as": SameAs,
    "task": Task,
    "errand": Errand,
    "application": Matter,
    "referral": Matter,
    "conference": Matter,
    "emergency": Matter,
    "mutual_aid": Matter,
    "filing": Matter,
    "sealed_report": Matter,
    "fund_entry": FundEntry,
    "parameter_change": ParameterChange,
    "recovery_answer": RecoveryAnswer,
}


def rows(repeat: Json) -> list[tuple[str, Mapping[str, Any]]]:
    """The standing rows of a repeat in their order: as ``ORDER`` lists them, then by row id."""
    if not isinstance(repeat, Mapping):
        return []
    listed = repeat.get(ORDER)
    place = {key: index for index, key in enumerate(listed)} if isinstance(listed, list | tuple) else {}
    standing = [(key, row) for key, row in repeat.items() if isinstance(row, Mapping) and row.get(ROW, True)]
    return sorted(standing, key=lambda item: (place.get(item[0], len(place)), item[0]))
