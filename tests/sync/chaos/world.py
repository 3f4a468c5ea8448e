"""A small county under bad weather: laptops with real stores, a real server core, an office that intervenes."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fieldapp.domain.areas import may_read, may_write
from fieldapp.errors import InputError, NetworkError, RefusedError, StateError, WorldError
from fieldapp.store.api import QUICK, Profile, Store
from sync.client import bundle
from sync.client.enrol import enrolment_request, identity_from
from sync.client.run import SyncRun
from sync.protocol.messages import PullResponse
from sync.server import sticks
from sync.server.admin.backup import restored_service
from sync.server.admin.county import init_county
from sync.server.admin.devices import adopt, revoke
from sync.server.admin.people import make_code, set_scope
from sync.server.backups import back_up, open_pulls
from sync.server.handlers import callers
from sync.server.service import Service
from tests.sync.chaos.wire import ClientDied, ServerDied, Weather, Wire
from tests.sync.county import COUNTY, GRID_A, GRID_B, PASSPHRASE, TOWN

FIELDS = ("phone", "address", "nature")
_profiles: dict[str, Profile] = {}


@dataclass
class Phone:
    """A laptop and what its owner did on it. ``drift``: how wrong its clock is."""

    user: str
    profile: Profile
    store: Store
    drift: timedelta = timedelta(0)
    stick: Path | None = None
    answer: Path | None = None
    dead: bool = False


@dataclass
class Work:
    """What somebody meant to write, noted outside the program under test."""

    revision: str
    document: str
    paths: frozenset[str]
    device: str
    area: str


class World:
    """One county. ``step`` does something random; ``heal`` brings everybody together. ``fresh``: how many of the three
    people's views are compared with a new laptop's after each healing; who, is left to chance."""

    def __init__(
        self,
        folder: Path,
        seed: int,
        url: Callable[[], str] | None = None,
        acts: dict[str, float] | None = None,
        fresh: int = 3,
    ) -> None:
        self.acts = acts or _ACTS
        self.fresh = fresh
        self.folder, self.rng = folder, random.Random(seed)
        self._number = itertools.count(1)
        self._url = url or (lambda: f"sqlite:///{folder / f'county{next(self._number)}.db'}")
        self.weather = Weather(self.rng)
        self.service = self._dying(
            init_county(
                self._url(), folder / "blobs", folder / "keys", county=COUNTY, name="青田县", passphrase="root of all"
            )
        )
        self.works: list[Work] = []
        self.receipts: dict[str, str] = {}
        self.leaks: list[str] = []
        self.adopted: set[str] = set()
        self.revoked: dict[str, set[str]] = {}
        self.aside: dict[str, str] = {}
        self.moving: set[str] = set()
        self.last_sticks: list[Path] = []
        self.clones = 0
        self.backup: Path | None = None
        self.log: list[str] = []
        self.phones: list[Phone] = []
        self.scopes: dict[str, tuple[str, str]] = {}
        for user, role, area in (
            ("li.qiu", "grid_worker", GRID_A),
            ("zhao.min", "grid_worker", GRID_B),
            ("sun.wei", "supervisor", TOWN),
        ):
            self._scope(user, role, area)
            self.phones.append(self.enrol(user))

    # ---- what people do

    def step(self) -> None:
        act = self.rng.choices(list(self.acts), weights=list(self.acts.values()))[0]
        phone = self.rng.choice(self.phones)
        self.log.append(f"{act} {phone.user}")
        getattr(self, f"do_{act}")(phone)

    def play(self, script: str) -> None:
        """Acts in order, ``act user`` each, in good weather."""
        for line in script.split(", "):
            act, user = line.split()
            self.log.append(line)
            getattr(self, f"do_{act}")(next(phone for phone in self.phones if phone.user == user))

    def do_create(self, phone: Phone) -> None:
        role = self.scopes[phone.user][0]
        identity = phone.profile.require_identity()
        areas = [GRID_A, GRID_B] if role == "supervisor" else list(identity.scope)
        state = {name: str(self.rng.randrange(4)) for name in FIELDS[:2]}
        area, name = self.rng.choice(areas), str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        self._write(phone, lambda tx: tx.create("household", area, state, document_id=name), FIELDS[:2])

    def do_edit(self, phone: Phone) -> None:
        found = self._documents(phone)
        if found:
            name = self.rng.choice(FIELDS)
            document, value = self.rng.choice(found), str(self.rng.randrange(4))
            self._write(phone, lambda tx: tx.save(document, {f"/{name}": value}), (name,))

    def do_decide(self, phone: Phone) -> None:
        views = phone.store.read_now(lambda tx: tx.conflicted())
        views = [view for view in views if may_write(phone.profile.require_identity().scope, view.area)]
        if views:
            view = self.rng.choice(views)
            path, values = self.rng.choice(sorted(view.merged.conflicts.items()))
            self._write(phone, lambda tx: tx.decide(view.id, path, values[0].value), (path[1:],))

    def do_move(self, phone: Phone) -> None:
        phone = next(one for one in self.phones if self.scopes[one.user][0] == "supervisor")
        found = self._documents(phone)
        if found:
            document = self.rng.choice(found)
            view = phone.store.read_now(lambda tx: tx.document(document))
            target = GRID_B if view.area == GRID_A else GRID_A
            self.moving.add(document)
            self._write(phone, lambda tx: tx.move(document, target), ())

    def do_late_edit(self, phone: Phone) -> None:
        """A worker goes on writing in a family's file while the town has moved it to the next grid."""
        desk = next(one for one in self.phones if self.scopes[one.user][0] == "supervisor")
        both = sorted(set(self._documents(desk)) & set(self._documents(phone)))
        if phone is desk or not both:
            return
        document = self.rng.choice(both)
        view = desk.store.read_now(lambda tx: tx.document(document))
        self.moving.add(document)
        self._write(desk, lambda tx: tx.move(document, GRID_B if view.area == GRID_A else GRID_A), ())
        self.sync(desk)
        for value in ("8", "9"):
            self._write(phone, lambda tx, v=value: tx.save(document, {"/phone": v}), ("phone",))  # type: ignore[misc]
        self.sync(phone)

    def do_photo(self, phone: Phone) -> None:
        found = self._documents(phone)
        if found:
            document = self.rng.choice(found)
            content = b"\xff\xd8\xff" + self.rng.randbytes(2000) + b"\xff\xd9"
            blob = phone.store.write_now(lambda tx: tx.put_blob(document, content, "photo"))
            self._write(phone, lambda tx: tx.save(document, {"/photo": blob}), ("photo",))

    def do_sync(self, phone: Phone) -> None:
        self.sync(phone)

    def do_clock(self, phone: Phone) -> None:
        phone.drift = timedelta(days=self.rng.choice((-1200, -1, 0, 1, 2000)))

    def do_stick_out(self, phone: Phone) -> None:
        path = self.folder / f"stick{next(self._number)}"
        bundle.write_bundle(phone.store, path)
        phone.stick = path

    def do_stick_town(self, phone: Phone) -> None:
        if phone.stick is not None:
            answer = self.folder / f"answer{next(self._number)}"
            if self._office(lambda: sticks.exchange(self.service, phone.stick, answer)):
                phone.answer = answer

    def do_stick_in(self, phone: Phone) -> None:
        if phone.answer is not None:
            try:
                bundle.read_bundle(phone.store, phone.answer)
            except RefusedError:
                self._replace(phone)

    def do_reassign(self, phone: Phone) -> None:
        role, area = self.scopes[phone.user]
        if role == "grid_worker":
            self._office(lambda: self._scope(phone.user, role, GRID_B if area == GRID_A else GRID_A))

    def do_revoke(self, phone: Phone) -> None:
        """A laptop is taken over: told so, its unsent work comes by stick and is adopted by name."""
        device = phone.profile.device
        if self.rng.random() < 0.5 and self._office(lambda: revoke(self.service, device)):
            self.revoked.setdefault(device, set(self.stored()))
            if self.rng.random() < 0.5:
                self.sync(phone)
            if not phone.dead:
                self._replace(phone)

    def do_clone(self, phone: Phone) -> None:
        """Somebody copied the laptop's folder, and both went on writing under the same numbers."""
        if self.rng.random() < 0.5:
            return
        self.clones += 1
        folder = self.folder / f"clone{next(self._number)}"
        phone.store.close()
        shutil.copytree(phone.profile.folder, folder)
        phone.store = self._open(phone.profile, phone)
        twin = Phone(phone.user, replace(phone.profile, folder=folder), phone.store)
        twin.store = self._open(twin.profile, twin)
        self.do_create(twin)
        self.do_create(phone)
        self.do_edit(twin)
        for one in (twin, phone):
            if not one.dead:
                self._calm(lambda one=one: self.sync(one))  # type: ignore[misc]
        self._replace(twin, of=phone)

    def do_backup(self, phone: Phone) -> None:
        path = self.folder / "backup"
        if self._office(lambda: back_up(self.service, path)):
            self.backup = path
            self.last_sticks.clear()

    def do_restore(self, phone: Phone) -> None:
        if self.backup is None or self.rng.random() < 0.5:
            return
        self.service.close()
        restored = restored_service(self._url(), self.folder / "blobs", self.folder / "keys/server.keys", self.backup)
        self.service = self._dying(restored)
        self.weather.late.clear()
        self.adopted |= self.receipts.keys()  # what the county once answered for comes back on its word
        # What the office revoked on the lost day it revokes again; a laptop that only the lost day knew is a stranger
        # until its certificate comes back.
        self._calm(self._revoke_again)
        # The office keeps the last stick of a laptop that was given up until a backup covers it.
        for stick in self.last_sticks:
            self._calm(lambda stick=stick: sticks.exchange(self.service, stick, stick.with_suffix(".answer")))  # type: ignore[misc]

    def _revoke_again(self) -> None:
        for device in list(self.revoked):
            try:
                revoke(self.service, device)
            except InputError:
                del self.revoked[device]

    # ---- the program under test, in bad weather

    def sync(self, phone: Phone) -> bool:
        """One run; whether anything moved."""
        before, moved = phone.store, True
        try:
            done = SyncRun(phone.store, Wire(self.service, phone.profile, self.weather, self._watch)).run()  # type: ignore[arg-type]
            moved = bool(done.pushed or done.pulled or done.returned or done.scope_changed)
        except ClientDied:
            before.close()
            phone.store = self._open(phone.profile, phone)
        except NetworkError:
            pass
        except RefusedError as refused:
            self.log.append(f"{refused.code} {phone.user}")
            if refused.code in ("refused.revoked", "refused.stopped"):
                self._replace(phone)
        self._note_receipts(phone)
        return moved

    def run(self, schedules: int, *, acts: int = 8) -> None:
        """Several schedules in bad weather, one after the other, then healing."""
        self.log.clear()
        for _ in range(schedules):
            self.storm()
            for _ in range(acts):
                self.step()
        self.heal()

    def heal(self) -> None:
        """Good weather: sticks on the way arrive, pulls open, everybody syncs until nothing changes."""
        self.weather.trouble = self.weather.deaths = 0.0
        for phone in list(self.phones):
            self.do_stick_town(phone)
        for phone in list(self.phones):
            phone.drift = timedelta(0)
            self.sync(phone)
        open_pulls(self.service)
        self._scopes_again()
        for phone in list(self.phones):
            self.sync(phone)
        self.aside.clear()
        for _ in range(8):
            adopted = self._adopt_all()
            if not any([self.sync(phone) for phone in list(self.phones)]) and not adopted:
                break

    def storm(self) -> None:
        self.weather.trouble, self.weather.deaths = 0.12, 0.02

    # ---- helpers

    def _watch(self, device: str, answer: Any) -> None:
        """Every content that leaves the server must be of a document its reader may read at that moment."""
        if not isinstance(answer, PullResponse):
            return
        sent = [row.revision for page in answer.areas for row in page.rows if row.revision]
        if not sent:
            return
        with self.service.engine.connect() as connection:
            areas = dict(connection.execute(text("SELECT document, area FROM documents")).all())
        scope = json.loads(answer.scope.body)["areas"]
        for revision in sent:
            document = json.loads(revision.envelope)["document"]
            if not may_read(scope, areas[document]):
                self.leaks.append(f"C5 sent to a reader of {scope}: {document[:8]} of {areas[document]}")

    def enrol(self, user: str) -> Phone:
        folder = self.folder / f"{user}-{next(self._number)}"
        profile = _fresh_profile(folder, self.rng)
        code = make_code(self.service, user, "http://county")
        answer = callers.enrol(self.service, enrolment_request(profile, code))
        profile.set_identity(identity_from(answer, code.root, "http://county"))
        phone = Phone(user, profile, None)  # type: ignore[arg-type]
        phone.store = self._open(profile, phone)
        return phone

    def stored(self) -> dict[str, Any]:
        """Every revision the county holds."""
        with self.service.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT revision, document, state, reason, payload FROM revisions ORDER BY device_seq DESC")
            ).all()
        return {row.revision: row for row in rows}

    def close(self) -> None:
        for phone in self.phones:
            phone.store.close()
        self.service.close()

    def _open(self, profile: Profile, phone: Phone) -> Store:
        return Store.open(profile, now=lambda: datetime.now(UTC) + phone.drift)

    def _dying(self, service: Service) -> Service:
        """A service that dies now and then, before a commit or just after it."""
        plain = service.write

        def write(work):  # type: ignore[no-untyped-def]
            if self.weather.strikes(self.weather.deaths):

                def dies(connection):  # type: ignore[no-untyped-def]
                    work(connection)
                    raise ServerDied

                return plain(dies)
            result = plain(work)
            if self.weather.strikes(self.weather.deaths):
                raise ServerDied
            return result

        service.write = write  # type: ignore[method-assign]
        return service

    def _office(self, work: Callable[[], object]) -> bool:
        """An office command, which may be cut off by the server's death as well."""
        try:
            work()
        except (ServerDied, WorldError):
            return False
        return True

    def _calm(self, work: Callable[[], object]) -> None:
        trouble, deaths = self.weather.trouble, self.weather.deaths
        self.weather.trouble = self.weather.deaths = 0.0
        try:
            work()
        finally:
            self.weather.trouble, self.weather.deaths = trouble, deaths

    def _scope(self, user: str, role: str, area: str) -> None:
        set_scope(self.service, user, role, [area], name=user, by="office")
        self.scopes[user] = (role, area)

    def _scopes_again(self) -> None:
        """What the office granted on a lost day, and no laptop had heard of, it grants again."""
        for user, (role, area) in self.scopes.items():
            with self.service.engine.connect() as connection:
                from sync.server.storage.people import newest_scope

                newest = newest_scope(connection, COUNTY, user)
            if newest is None or newest[0].areas != (area,):
                self._scope(user, role, area)

    def _replace(self, phone: Phone, of: Phone | None = None) -> None:
        """A laptop is given up: its unsent work goes to the office on a stick, its owner gets another one."""

        def work() -> None:
            for old in [one for one in {id(one): one for one in (phone, of or phone)}.values() if not one.dead]:
                path = self.folder / f"last{next(self._number)}"
                bundle.write_bundle(old.store, path, farewell=True)
                self._leave(old, path)

        self._calm(work)

    def _leave(self, old: Phone, path: Path) -> None:
        service = self.service
        with contextlib.suppress(WorldError):  # a restored county may have forgotten it; the bundle brings it back
            revoke(service, old.profile.device)
            self.revoked.setdefault(old.profile.device, set(self.stored()))
        sticks.exchange(service, path, path.with_suffix(".answer"))
        self.last_sticks.append(path)
        old.store.close()
        old.dead = True
        if old in self.phones:
            self.phones[self.phones.index(old)] = self.enrol(old.user)

    def _adopt_all(self) -> bool:
        """The office looks at what was put aside and answers for it, children before parents:
        it may do so in any order."""
        stored = self.stored()
        aside = {name: row.reason for name, row in stored.items() if row.state == "quarantined"}
        self.aside |= aside
        for name in aside:
            self.adopted.add(name)
            adopt(self.service, [name], by="office")
        return bool(aside)

    def _documents(self, phone: Phone) -> list[str]:
        scope = phone.profile.require_identity().scope
        found = phone.store.read_now(lambda tx: [(view.id, view.area) for view in tx.of_type("household")])
        return sorted(name for name, area in found if may_write(scope, area))

    def _write(self, phone: Phone, work: Callable[[Any], object], names: tuple[str, ...]) -> None:
        def noted(tx: Any) -> str:
            work(tx)
            assert tx.last_link is not None
            return str(tx.last_link[1])

        try:
            name = phone.store.write_now(noted)
        except (StateError, RefusedError):
            return
        document, area = phone.store.read_now(lambda tx: _place_of(tx, name))
        paths = frozenset(f"/{one}" for one in names)
        self.works.append(Work(name, document, paths, phone.profile.device, area))

    def _note_receipts(self, phone: Phone) -> None:
        if phone.dead:
            return
        rows = phone.store.read_now(lambda tx: tx.rows("SELECT revision, state FROM verdict"))
        self.receipts.update(dict(rows))


def _place_of(tx: Any, revision: str) -> tuple[str, str]:
    (document,) = tx.one("SELECT document FROM revision WHERE id = ?", (revision,))
    return document, tx.document(document).area


_ACTS = {
    "create": 4, "edit": 8, "decide": 2, "move": 1, "late_edit": 0.7, "photo": 1, "sync": 9, "clock": 1, "stick_out": 1,
    "stick_town": 2, "stick_in": 2, "reassign": 1, "revoke": 0.3, "clone": 0.3, "backup": 0.7, "restore": 0.5,
}  # fmt: skip


def _fresh_profile(folder: Path, rng: random.Random) -> Profile:
    """A profile with new keys and an empty store. Deriving a passphrase's key and making the tables again for each would
    only measure Argon2id and SQLCipher: all come from one template, under one data key."""
    if "template" not in _profiles:
        import tempfile

        made = Profile.create(Path(tempfile.mkdtemp()) / "template", PASSPHRASE, kdf=QUICK)
        Store.open(made).close()
        _profiles["template"] = made
    template = _profiles["template"]
    shutil.copytree(template.folder, folder)
    return Profile(folder, template._file, template._data_key, {
        "signing": rng.randbytes(32).hex(), "exchange": rng.randbytes(32).hex(), "identity": None,
    })  # fmt: skip


def view_of(store: Store) -> dict[str, Any]:
    """Everything a laptop shows, in a form that can be compared."""

    def work(tx: Any) -> dict[str, Any]:
        made = {}
        for (name,) in tx.rows("SELECT DISTINCT document FROM revision"):
            view = tx.document(name)
            if view is None or not view.merged.leaves:
                continue
            contested = {
                path: sorted((json.dumps(value.value), value.revisions) for value in values)
                for path, values in view.merged.conflicts.items()
            }
            made[name] = (view.type, view.area, dict(view.merged.state), contested, view.merged.leaves)
        return made

    return store.read_now(work)
