"""Looking a profile over: key files, pages, revisions, chain, projections, blobs, drafts. Nothing is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fieldapp.domain.ids import device_id
from fieldapp.domain.revision import verify_revision
from fieldapp.errors import InputError, StorageError, VaultError, WorldError
from fieldapp.store import blobs, chains, opening
from fieldapp.store.codec import unpack_json
from fieldapp.store.connection import Connection, Row, one, open_database, rows, wording
from fieldapp.store.mark import MarkFile
from fieldapp.store.projections import keeping
from fieldapp.store.revisions import read_signed
from fieldapp.store.salvaging.pages import Pages
from fieldapp.store.trust import public_key
from fieldapp.store.vault import keyfile
from fieldapp.store.vault.profile import Profile
from fieldapp.store.views import DocumentView, compute_view

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """``code`` is stable and worded by the caller; ``count`` how many; ``names`` at most twenty ids or file names."""

    severity: str
    code: str
    count: int
    names: tuple[str, ...] = ()


@dataclass
class Report:
    """``checked`` counts what was looked at: ``pages``, ``revisions``, ``documents``, ``blobs``, ``drafts``.
    ``salvageable`` says that reading into a new store would help."""

    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        return not any(finding.severity == ERROR for finding in self.findings)

    @property
    def salvageable(self) -> bool:
        return any(finding.code in _HELPED for finding in self.findings)

    def add(self, severity: str, code: str, names: list[str]) -> None:
        if names:
            self.findings.append(Finding(severity, code, len(names), tuple(names[:20])))


_HELPED = ("pages.damaged", "database.unreadable", "revisions.damaged")


def run(folder: Path, passphrase: str) -> Report:
    """Look the profile in ``folder`` over; the program must not be running on it.

    Raises VaultError when the passphrase does not open it.
    """
    return examine(Profile.unlock(folder, passphrase))


def examine(profile: Profile) -> Report:
    report = Report()
    _key_files(profile, report)
    _pages(profile, report)
    path = profile.folder / opening.RECORDS
    try:
        connection = open_database(path, profile.subkey("records"), writable=True)
    except (StorageError, VaultError) as error:
        report.findings.append(Finding(ERROR, "database.unreadable", 1, (error.code,)))
        return report
    checks: tuple[Callable[[Connection, Profile, Report], None], ...] = (
        _structure, _mark, _revisions, _chain, _drafts, _blobs, _projections,
    )  # fmt: skip
    try:
        for check in checks:
            _try(check, connection, profile, report)
    finally:
        connection.close()
    return report


def _try(
    check: Callable[[Connection, Profile, Report], None], connection: Connection, profile: Profile, report: Report
) -> None:
    """A damaged page ends one check, never the examination."""
    try:
        with wording(opening.RECORDS):
            check(connection, profile, report)
    except WorldError as error:
        name = check.__name__.strip("_")
        report.findings.append(Finding(ERROR, "database.unreadable", 1, (f"{name}: {error.code}",)))


def _key_files(profile: Profile, report: Report) -> None:
    bad = []
    for name in (keyfile.NAME, keyfile.COPY):
        path = profile.folder / name
        try:
            if not path.exists() or keyfile.parse(path.read_bytes()).generation != profile.key_file.generation:
                bad.append(name)
        except VaultError:
            bad.append(name)
    report.add(WARNING, "vault.copy", bad)
    if profile.identity and not profile.recovery_ready:
        report.findings.append(Finding(WARNING, "vault.no_recovery", 1))


def _pages(profile: Profile, report: Report) -> None:
    pages = Pages(profile.folder / opening.RECORDS, profile.subkey("records"))
    report.checked["pages"] = pages.count
    report.add(ERROR, "pages.damaged", [str(number) for number in pages.damaged])


def _structure(connection: Connection, profile: Profile, report: Report) -> None:
    told = [row[0] for row in rows(connection, "PRAGMA integrity_check(20)") if row[0] != "ok"]
    report.add(ERROR, "database.structure", told)


def _mark(connection: Connection, profile: Profile, report: Report) -> None:
    mark = MarkFile(profile.folder, profile.subkey("mark")).read()
    if mark is None:
        report.findings.append(Finding(WARNING, "mark.missing", 1))
        return
    commits = one(connection, "SELECT value FROM meta WHERE key = 'commits'")
    behind = mark.commits - (int(commits[0]) if commits else 0)
    if mark.device == profile.device and behind > 0:
        report.findings.append(Finding(ERROR, "commits.lost", behind))


def _revisions(connection: Connection, profile: Profile, report: Report) -> None:
    keys = {device: bytes(key) for device, key in rows(connection, "SELECT id, public FROM device")}
    keys |= {profile.device: profile.device_public, **profile.former_keys()}
    bad: list[str] = []
    strangers: list[str] = []
    count = 0
    for name, *signed in connection.execute("SELECT id, envelope, signature, salt, payload FROM revision"):
        count += 1
        verdict = _verify(name, tuple(signed), keys)
        if verdict:
            (strangers if verdict == "stranger" else bad).append(name)
    report.checked["revisions"] = count
    report.add(ERROR, "revisions.damaged", bad)
    report.add(WARNING, "revisions.unknown_device", strangers)


def _verify(name: str, signed: Row, keys: dict[str, bytes]) -> str:
    try:
        revision = read_signed(signed)
        if revision.id != name:
            return "id"
        key = keys.get(revision.envelope.device)
        if key is None:
            return "stranger"
        verify_revision(revision, public_key(key))
    except (InputError, StorageError) as error:
        return error.code
    return ""


def _chain(connection: Connection, profile: Profile, report: Report) -> None:
    kinds: dict[str, list[str]] = {}
    for device, kind, first, last in rows(connection, "SELECT device, kind, first, last FROM chain_fault"):
        kinds.setdefault(kind, []).append(f"{device[:8]}:{first}-{last}")
    for kind, first, last in chains.faults_of(connection, profile.device):
        named = f"{profile.device[:8]}:{first}-{last}"
        if named not in kinds.get(kind, []):
            kinds.setdefault(kind, []).append(named)
    for kind, names in kinds.items():
        report.add(ERROR if kind in ("gap", "lost") else WARNING, f"chain.{kind}", names)
    assert device_id(profile.device_public) == profile.device


def _drafts(connection: Connection, profile: Profile, report: Report) -> None:
    bad, count = [], 0
    for name, body in rows(connection, "SELECT id, body FROM draft"):
        count += 1
        try:
            unpack_json(body)
        except StorageError:
            bad.append(name)
    report.checked["drafts"] = count
    report.add(ERROR, "drafts.damaged", bad)


def _blobs(connection: Connection, profile: Profile, report: Report) -> None:
    missing: list[str] = []
    damaged: list[str] = []
    count = 0
    sql = "SELECT id, size, salt, key, file FROM blob WHERE state = 'here'"
    for name, size, salt, key, file in rows(connection, sql):
        count += 1
        digest = hashlib.sha256(salt)
        try:
            for piece in blobs.read_pieces(blobs.path_of(profile.folder, file), key, size):
                digest.update(piece)
        except StorageError as error:
            (missing if error.code == "storage.blob_missing" else damaged).append(name)
            continue
        if digest.hexdigest() != name:
            damaged.append(name)
    report.checked["blobs"] = count
    report.add(ERROR, "blobs.missing", missing)
    report.add(ERROR, "blobs.damaged", damaged)


def _projections(connection: Connection, profile: Profile, report: Report) -> None:
    """Every document's rows compared with what its revisions give; derived rows are compared by a rebuild."""
    wrong, count = [], 0
    documents = [row[0] for row in rows(connection, "SELECT DISTINCT document FROM place ORDER BY 1")]
    for document in documents:
        count += 1
        if not _agrees(connection, document):
            wrong.append(document)
    report.checked["documents"] = count
    report.add(ERROR, "projections.differ", wrong)


def _agrees(connection: Connection, document: str) -> bool:
    """A document whose revisions cannot be read is named by the check of revisions."""
    try:
        given = _given(compute_view(connection, document))
    except (InputError, StorageError):
        return True
    return _kept(connection, document) == given


def _kept(connection: Connection, document: str) -> dict[str, list[Row]]:
    kept = {
        table: sorted(rows(connection, f"SELECT * FROM {table} WHERE document = ?", (document,)), key=repr)
        for table in keeping.direct_tables()
    }
    return {table: found for table, found in kept.items() if found}


def _given(view: DocumentView | None) -> dict[str, list[Row]]:
    if view is None:
        return {}
    made, _ = keeping.project_all(view)
    return {table: sorted(_as_kept(found), key=repr) for table, found in made.items() if found}


def _as_kept(found: object) -> Iterator[Row]:
    assert isinstance(found, list)
    yield from (tuple(row) for row in found)
