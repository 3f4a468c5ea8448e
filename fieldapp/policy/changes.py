"""Changes of parameters by hand: what, by which document, entered by one person and approved by another.

A change is drafted, its impact looked at, approved by a second person, and only then is there a new pack; the
old versions stay with an end date. What each of the two wrote is a revision signed by the key of their profile
(``parameter_change`` and its ``review``); this module knows the rules and no keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from fieldapp.policy.checks import check_pack
from fieldapp.policy.pack import Pack, ParamVersion
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import ApprovalError, PackError, Problem

SCHEMA = "parameter-change/1"


class Entry(msgspec.Struct, frozen=True):
    """One parameter's new value as written (text of the register; None is 参数未定) from a day on."""

    key: str
    value: str | int | bool | None
    since: date


class Change(msgspec.Struct, frozen=True):
    """A change of parameters on the basis of one document. ``base`` is the digest of the pack it was drafted on."""

    county: str
    base: str
    entries: tuple[Entry, ...]
    document: str
    clause: str
    issuer: str
    entered_by: str
    entered_on: date
    approved_by: str = ""
    approved_on: date | None = None
    attachment: str = ""


def to_json(change: Change) -> dict[str, Any]:
    """The change as plain data."""
    return {"schema": SCHEMA, **msgspec.to_builtins(change)}


def from_json(data: Mapping[str, Any]) -> Change:
    """The change ``to_json`` wrote; PackError when it is none."""
    if data.get("schema") != SCHEMA:
        raise PackError([Problem("schema", "change.not_a_change", "不是参数变更单", "not a parameter change")])
    try:
        return msgspec.convert({k: v for k, v in data.items() if k != "schema"}, Change)
    except msgspec.ValidationError as error:
        raise PackError([Problem("change", "change.not_a_change", "参数变更单不完整", str(error))]) from None


def draft(pack: Pack, entries: tuple[Entry, ...], *, document: str, clause: str, issuer: str, entered_by: str,
          entered_on: date, attachment: str = "") -> Change:  # fmt: skip
    """A change to be approved; PackError names what is missing or wrong with each entry."""
    change = Change(pack.county, pack.digest, entries, document.strip(), clause.strip(), issuer.strip(),
                    entered_by.strip(), entered_on, attachment=attachment)  # fmt: skip
    problems = [*_missing(change), *_wrong(change)]
    if not problems:
        _apply(pack, change)
        return change
    raise PackError(problems)


def _missing(change: Change) -> Iterator[Problem]:
    for name, zh in (("document", "文号"), ("clause", "条款"), ("issuer", "发布机关"), ("entered_by", "录入人")):
        if not getattr(change, name):
            yield Problem(name, "change.missing", f"没有填{zh}", f"{name} is missing")
    if not change.entries:
        yield Problem("entries", "change.empty", "没有要改的参数", "nothing to change")


def _wrong(change: Change) -> Iterator[Problem]:
    for number, entry in enumerate(change.entries):
        info = register().get(entry.key)
        if info is None:
            yield Problem(f"entries[{number}]", "change.unknown", f"没有参数“{entry.key}”", f"no parameter {entry.key}")
            continue
        try:
            info.read(entry.value)
        except ValueError as error:
            yield Problem(f"entries[{number}]", "change.bad_value", f"{info.zh}：值不对", f"{info.en}: {error}")


def approve(change: Change, *, approved_by: str, approved_on: date) -> Change:
    """The same change with its second person; ApprovalError when it is the person who entered it."""
    if not approved_by.strip() or approved_by.strip() == change.entered_by:
        raise ApprovalError("policy.approval_same_person")
    if change.approved_by:
        raise ApprovalError("policy.approval_twice")
    return msgspec.structs.replace(change, approved_by=approved_by.strip(), approved_on=approved_on)


def preview(pack: Pack, change: Change) -> Pack:
    """The pack as it would be, for looking at the impact; never to be put in force (see ``apply``)."""
    return _apply(pack, change)


def apply(pack: Pack, change: Change) -> Pack:
    """The new pack. ApprovalError unless approved by a second person and drafted on this very pack."""
    if not change.approved_by or change.approved_by == change.entered_by:
        raise ApprovalError("policy.approval_missing")
    if change.base != pack.digest:
        raise ApprovalError("policy.change_on_other_pack")
    return _apply(pack, change)


def _apply(pack: Pack, change: Change) -> Pack:
    versions = list(pack.parameters)
    for entry in change.entries:
        versions = [*_closed(versions, entry), _version(entry, change)]
    return check_pack(pack.replaced(parameters=versions))


def _closed(versions: list[ParamVersion], entry: Entry) -> Iterator[ParamVersion]:
    """Older versions end where the new one begins; versions that would begin later are replaced by it."""
    for version in versions:
        if version.key != entry.key or (version.until is not None and version.until <= entry.since):
            yield version
        elif version.since < entry.since:
            yield msgspec.structs.replace(version, until=entry.since)


def _version(entry: Entry, change: Change) -> ParamVersion:
    value = register()[entry.key].read(entry.value)
    return ParamVersion(entry.key, value, entry.since, None, change.document, change.clause, change.issuer,
                        change.entered_by, change.approved_by, change.attachment)  # fmt: skip


def is_in(pack: Pack, change: Change) -> bool:
    """Whether every entry of the change stands in the pack by its document."""
    return all(
        any(v.since == e.since and v.source == change.document and v.value == register()[e.key].read(e.value)
            for v in pack.versions(e.key))
        for e in change.entries
    )  # fmt: skip


def of_workbook(pack: Pack, edited: Pack) -> dict[tuple[str, str, str], tuple[Entry, ...]]:
    """What a workbook sets that ``pack`` has not, by (document, clause, issuer): a change for each document.

    Values that were removed or ended are not among them: a change sets a value (perhaps an empty one) from a day on.
    """
    known = {(v.key, v.since): v for v in pack.parameters}
    found: dict[tuple[str, str, str], list[Entry]] = {}
    for version in edited.parameters:
        before = known.get((version.key, version.since))
        if before is None or before.value != version.value:
            written = register()[version.key].write(version.value)
            value = str(written) if isinstance(written, float) else written
            basis = version.source, version.clause, version.issuer
            found.setdefault(basis, []).append(Entry(version.key, value, version.since))
    return {basis: tuple(entries) for basis, entries in found.items()}
