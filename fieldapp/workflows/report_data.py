"""What a visit report prints, read from the store: the visit, its form, the frozen rules, reviews, receipts, photos."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from fieldapp.domain.documents import Household, Lead, Visit, rows
from fieldapp.domain.ids import review_id
from fieldapp.errors import ProgrammingFault, RefusedError, StateError
from fieldapp.reports.content import Imprint, Line, Picture, Signed, VisitReport
from fieldapp.store.api import DocumentView, ReadTx, RevisionRow, WriteTx
from fieldapp.store.projections.reviews import comments_of
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.people import members_of
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data_answers import Named, Reader, local_time
from fieldapp.workflows.report_data_checks import checks
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.report_data_rules import assessment_of, comparisons, standing
from fieldapp.workflows.report_words import DECISIONS, PURPOSES, WITHHELD
from forms import api as forms
from forms.api import FormDefinition

#: Gives the form a document was filled with: ``FormShelf.best``.
Forms = Callable[[str, str | None], FormDefinition]
UNMASK = "unmask"


def visit_report(
    tx: ReadTx, actor: Actor, forms_here: Forms, visit_id: str, *, printed_at: datetime, unmask: bool = False,
    alone: bool = True,
) -> VisitReport:  # fmt: skip
    """Everything the report of one visit says. Numbers are masked unless ``unmask``, a right of the desk, which is
    logged and therefore needs a WriteTx. ``alone`` False (batches) leaves out what was asked with separate permission.

    Raises StateError ``visit.unknown``, RefusedError ``refused.unmask``; photos are read when they are drawn.
    """
    view = tx.document(visit_id)
    if view is None or not isinstance(view.record, Visit):
        raise StateError("visit.unknown")
    if unmask:
        log_unmasking(tx, actor, visit_id)
    visit = view.record
    form = forms_here(visit.form_id or "", visit.form_version)
    choices = layout(tx)["visit_report"]
    reader = Reader(form, visit.answers, unmask, alone, frozenset(choices["leave_out"]))
    sections = reader.sections()
    result = assessment_of(visit.assessment)
    history = tuple(_history(tx, view))
    if reader.withheld:
        history = (*history, Line("未列入", WITHHELD))
    return VisitReport(
        imprint(tx, actor, view, printed_at, title=choices["title"] if view.type == "visit" else form.title()),
        tuple(_summary(tx, actor, view, visit)) + (_standing_lines(result) if result else ()),
        sections, comparisons(result) if result else (), result.need_names() if result else (),
        tuple(_signatures(tx, reader.named)), tuple(_photos(tx, reader.named)), tuple(_files(tx, reader.named)),
        checks(tx, visit.household or ""),
        history, f"{form.title()}（{form.id}，版本 {form.version}）", draft_reason(tx, view), choices,
    )  # fmt: skip


def log_unmasking(tx: ReadTx, actor: Actor, *documents: str) -> None:
    """Numbers are shown whole to the desk only, and the device's chain says so. Raises RefusedError."""
    if not actor.at_desk:
        raise RefusedError("refused.unmask")
    if not isinstance(tx, WriteTx):
        raise ProgrammingFault("unmasking is logged and needs a writing transaction")
    tx.log_access(UNMASK, *documents)


def imprint(tx: ReadTx, actor: Actor, view: DocumentView, printed_at: datetime, *, title: str) -> Imprint:
    """Letterhead of the county and town the document lies in, number, who prints and when."""
    number = report_number(view)
    return Imprint(letterhead(tx, view.area), title, number, actor.name, local_time(printed_at.isoformat()), number)


def letterhead(tx: ReadTx, area: str) -> str:
    """The office whose paper this is, by the county's pattern."""
    county = tx.identity.county_name if tx.identity else ""
    plain = area.rstrip("*")
    town = places(tx).names.get(plain[:9], "") if len(plain) >= len("341799101") else ""
    return str(layout(tx)["letterhead"]).format(county=county, town=town)


def report_number(view: DocumentView) -> str:
    """``20261121-7F3A2C``: the day of the document and six digits of its id's hash; says nothing of the family."""
    day = str(view.state.get("finished_at") or view.first_at)[:10].replace("-", "")
    return f"{day}-{hashlib.sha256(view.id.encode()).hexdigest()[:6].upper()}"


def draft_reason(tx: ReadTx, view: DocumentView) -> str:
    """Why this document cannot be printed as final, "" when it can (protocol.md: no open conflict; the county holds
    every revision it consists of, with payload and photos)."""
    if view.merged.conflicts:
        return f"两人填写不一致，有 {len(view.merged.conflicts)} 处待商定"
    if view.waiting or view.quarantined:
        return "有修订尚待县级核对"
    held = {row.id: _is_held(row) for row in tx.revisions(view.id)}
    return "" if all(held.get(leaf, False) for leaf in view.merged.leaves) else "尚未经县级接收"


def _is_held(row: RevisionRow) -> bool:
    """Own work needs the county's complete receipt; what was pulled came from the county."""
    return (row.verdict == "accepted" and row.complete) or (not row.own and row.verdict in ("", "accepted"))


def _summary(tx: ReadTx, actor: Actor, view: DocumentView, visit: Visit) -> Iterator[Line]:
    names = places(tx)
    home = tx.document(visit.household or "")
    family = members_of(tx, home.id, actor.today()) if home else ()
    record = home.record if home else None
    head = next((one.name for one in family if one.relation == "head"), "")
    yield Line("户主", head or (record.head_name or "" if isinstance(record, Household) else ""))
    yield Line("家庭人口", f"{sum(one.whereabouts not in ('died', 'moved_away') for one in family)} 人")
    yield Line("住址", record.address or "" if isinstance(record, Household) else "")
    yield Line("所属网格", names.grid_words(view.area))
    yield Line("走访缘由", PURPOSES.get(visit.purpose or "", visit.purpose or ""))
    yield Line("走访时间", " 至 ".join(_span(visit)))
    yield from _source(tx, visit)
    yield Line("调查人", "、".join(_investigators(visit)))


def _span(visit: Visit) -> list[str]:
    """Start and end, the end by its time alone on the same day."""
    start, end = (local_time(text) if text else "" for text in (visit.started_at, visit.finished_at))
    if start and end and start[:10] == end[:10]:
        end = end[11:]
    return [text for text in (start, end) if text]


def _source(tx: ReadTx, visit: Visit) -> Iterator[Line]:
    view = tx.document(visit.lead) if visit.lead else None
    if view is not None and isinstance(view.record, Lead):
        lead = view.record
        yield Line("线索来源", " ".join(text for text in (lead.source, lead.number, lead.issued_on) if text))


def _investigators(visit: Visit) -> Iterator[str]:
    from fieldapp.workflows.report_words import IDENTITIES

    for _, row in rows(visit.investigators):
        identity = str(row.get("identity") or "")
        words = IDENTITIES.get(identity, identity)
        yield f"{row.get('name', '')}（{words}）" if words else str(row.get("name", ""))


def _standing_lines(result: Any) -> tuple[Line, ...]:
    return tuple(Line(label, words) for label, words in standing(result))


def _history(tx: ReadTx, view: DocumentView) -> Iterator[Line]:
    """Submissions and decisions in their order, each comment under its decision."""
    found: list[tuple[str, Line]] = []
    people = {str(row.get("user")): str(row.get("name")) for _, row in rows(view.state.get("investigators"))}
    for place, row in enumerate(tx.revisions(view.id)):
        what = "；".join(filter(None, ("提交" if place == 0 else "修改后再次提交", _held_words(tx, row))))
        found.append((row.claimed_at, Line(f"{local_time(row.claimed_at)} {people.get(row.author, row.author)}", what)))
    review = tx.document(review_id(tx.identity.county, view.id)) if tx.identity else None
    if review is not None:
        found += _decisions(tx, review)
    yield from (line for _, line in sorted(found, key=lambda each: each[0]))


def _held_words(tx: ReadTx, row: RevisionRow) -> str:
    """How the county said that it holds a revision: its receipt, or its signed feed for what came from elsewhere."""
    proof = tx.proof(row.id)
    if proof is None:
        return "县级已接收" if _is_held(row) else ""
    at, short = local_time(str(proof.body.get("at") or "")), hashlib.sha256(proof.body_bytes).hexdigest()[:8].upper()
    return f"县级已接收（{'回执' if proof.kind == 'receipt' else '签名流水'} {short}，{at}）"


def _decisions(tx: ReadTx, review: DocumentView) -> Iterator[tuple[str, Line]]:
    for row in tx.revisions(review.id):
        state: Mapping[str, Any] = row.state or {}
        decided = DECISIONS.get(str(state.get("decision")), "")
        if decided and {"/decision", "/at", "/subject_leaves"} & set(row.set):
            by = str(state.get("by") or row.author)
            yield row.claimed_at, Line(f"{local_time(row.claimed_at)} {by}", decided)
    for comment in comments_of(review.state):
        mended = "（已答复）" if comment.resolved else ""
        yield comment.at, Line(f"{local_time(comment.at)} {comment.by}", f"意见：{comment.text}{mended}")


def _signatures(tx: ReadTx, named: list[Named]) -> Iterator[Signed]:
    for each in named:
        blob = tx.blob(each.blob) if each.kind in ("strokes", "print") else None
        if blob is not None:
            yield Signed(each.label, blob, each.kind == "strokes")


def _photos(tx: ReadTx, named: list[Named]) -> Iterator[Picture]:
    for each in named:
        if each.kind == "photo":
            yield Picture(each.label, tx.blob(each.blob))


def _files(tx: ReadTx, named: list[Named]) -> Iterator[str]:
    for each in named:
        if each.kind == "file":
            blob = tx.blob(each.blob)
            size = f"，{max(blob.info.size // 1024, 1)} KB" if blob else "，尚未下载到本机"
            yield f"{each.label}{size}"


def empty_form(
    tx: ReadTx, actor: Actor, form: FormDefinition, area: str, printed_at: datetime
) -> tuple[Imprint, FormDefinition]:
    """What a form printed for the pen needs."""
    title = f"{form.title()}（空表）"
    printed = local_time(printed_at.isoformat())
    return Imprint(letterhead(tx, area), title, "", actor.name, printed, f"{form.id} {form.version}"), form


__all__ = ["Forms", "draft_reason", "empty_form", "forms", "imprint", "letterhead", "report_number", "visit_report"]
