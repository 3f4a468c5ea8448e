"""Changes of parameters by hand: what, by which document, entered by one person and approved by another, sealed.

A change is drafted, its impact looked at, approved by a second person, and only then is there a new pack; the
old versions stay with an end date. ``Change.bytes_to_sign`` is what each of the two signs with the key of their
profile; this module checks the rules and leaves keys to whoever holds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
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

    def bytes_to_sign(self) -> bytes:
        """What the one who enters signs (without approval), and after approval the one who approves."""
        return b"parameter-change-1\0" + msgspec.json.encode(to_json(self), order="sorted")

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.bytes_to_sign()).hexdigest()


class SignedChange(msgspec.Struct, frozen=True):
    """An approved change with both signatures; ``entered`` is over the change before approval."""

    change: Change
    entered: bytes
    approved: bytes


def to_json(change: Change) -> dict[str, Any]:
    """The change as plain data."""
    return {"schema": SCHEMA, **msgspec.to_builtins(change)}


def from_json(data: Mapping[str, Any]) -> Change:
    """The change ``to_json`` wrote; PackError when it is none."""
    if data.get("schema") != SCHEMA:
        raise PackError([Problem("schema", "change.not_a_change", "不是参数变更单", "not a parameter change")])
    return msgspec.convert({k: v for k, v in data.items() if k != "schema"}, Change)


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


def sign(change: Change, entered: Callable[[bytes], bytes], approved: Callable[[bytes], bytes]) -> SignedChange:
    """Both signatures; each callable signs with the key of that person's profile."""
    if not change.approved_by:
        raise ApprovalError("policy.approval_missing")
    return SignedChange(change, entered(_before_approval(change).bytes_to_sign()), approved(change.bytes_to_sign()))


def _before_approval(change: Change) -> Change:
    return msgspec.structs.replace(change, approved_by="", approved_on=None)


def verify(signed: SignedChange, check: Callable[[str, bytes, bytes], bool]) -> Change:
    """The change when both signatures hold: ``check(person, message, signature)``. ApprovalError otherwise."""
    change = signed.change
    if not change.approved_by or change.approved_by == change.entered_by:
        raise ApprovalError("policy.approval_same_person")
    entered = check(change.entered_by, _before_approval(change).bytes_to_sign(), signed.entered)
    if not (entered and check(change.approved_by, change.bytes_to_sign(), signed.approved)):
        raise ApprovalError("policy.approval_signature")
    return change


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
