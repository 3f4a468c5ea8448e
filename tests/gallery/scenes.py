"""What the gallery shows: every registered screen in four states, and the sheets that open over them.

A screen is shown by being registered. A sheet or a state reached by keys is one function under ``EXTRA``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from fieldapp.domain.roles import COUNTY, SUPERVISOR
from fieldapp.errors import StorageError
from fieldapp.store.api import QUICK, Profile, Store
from fieldapp.store.projections import households
from fieldapp.workflows import rounds
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.keeping_safe import AtRisk
from tests.ui.hands import Hands, settle
from tests.ui.town import crowd, empty_laptop, village
from tests.workflows.county_desk import county_desk
from tests.workflows.doors import TODAY
from tests.workflows.intake.makers import HEADER, book
from ui.screens.registry import SCREENS
from ui.words import t

STATES = ("empty", "ordinary", "full", "error")
DEMO_HOUSEHOLDS = 800
DESKS = {SUPERVISOR, COUNTY}
#: sheets that stand over the desk's screens; screens that look otherwise at the desk
DESK_SHEETS = (
    "importing", "matters-", "accounts-", "rechecks-", "rounds-", "grids-", "review-", "leads-assign", "coverage-",
)  # fmt: skip
DESK_TOO = ("today", "leads", "households", "conflicts", "reports")
#: what the county's own office works on, with the pack in force
OFFICE = ("county_check", "parameters")
DESK_ONLY = ("importing", "rounds", "grids", "rechecks", *OFFICE)
ABOUT_A_FAMILY = ("household", "plan")
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


class FailingStore:
    """A store whose disk gives up at the next read: what every screen must survive with words."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def read(self, work: Callable[..., Any]) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(StorageError("storage.damaged", where="records.db"))
        return failed

    def write(self, work: Callable[..., Any]) -> Future[Any]:
        failed: Future[Any] = Future()
        failed.set_exception(StorageError("storage.full", where="records.db"))
        return failed


@dataclass(frozen=True)
class Scene:
    """``show`` brings the window into the state to be seen."""

    name: str
    state: str
    show: Callable[[Hands], None]
    desk: bool = False


class Laptops:
    """One laptop per state, made when first needed and kept for all looks.

    With ``demo`` the ordinary ones are enrolled and synced with the demo county's server; without, they are a village
    made in place, which is quicker.
    """

    def __init__(self, folder: Path, *, demo: bool = False) -> None:
        self._folder = folder
        self._county: DemoCounty | None = DemoCounty(folder / "demo") if demo else None
        self._made: dict[str, tuple[Profile, Store, Actor]] = {}

    def of(self, scene: Scene) -> tuple[Profile, Any, Actor]:
        if scene.state == "error":
            profile, store, actor = self.of(replace(scene, state="ordinary"))
            return profile, FailingStore(store), actor
        key = f"{scene.state}-desk" if scene.desk else scene.state
        if scene.name in OFFICE and scene.state != "empty":
            key = "office"
            if key not in self._made:
                self._made[key] = county_desk(self._folder / key)
        if key not in self._made:
            if self._county is not None and scene.state == "ordinary":
                self._made[key] = self._county.laptop("supervisor" if scene.desk else "worker")
                return self._made[key]
            make = {"empty": empty_laptop, "ordinary": partial(village, matters=True), "full": crowd}[scene.state]
            self._made[key] = make(self._folder / key, desk=scene.desk)
        return self._made[key]

    def close(self) -> None:
        for _profile, store, _actor in self._made.values():
            store.close()
        if self._county is not None:
            self._county.close()


class DemoCounty:
    """The county of ``python -m resources.demo``, smaller, with its real server."""

    def __init__(self, home: Path) -> None:
        from resources.demo.county_server import CountyServer, Wanted
        from resources.demo.generate import DEFAULT_SEED
        from resources.demo.stories import tell

        self._server = CountyServer(home, Wanted(DEMO_HOUSEHOLDS, DEFAULT_SEED))
        self._server.prepare()
        self._server.start()
        tell(self._server, kdf=QUICK)

    def laptop(self, who: str) -> tuple[Profile, Store, Actor]:
        from resources.demo.cast import colleague
        from resources.demo.county_server import first_sync

        each = colleague(who)
        folder = self._server.laptop(each, kdf=QUICK)
        first_sync(folder, each.passphrase)
        profile = Profile.unlock(folder, each.passphrase)
        about = profile.require_identity()
        actor = Actor(about.user, about.name, about.role, about.county, about.scope, today=lambda: TODAY)
        return profile, Store.open(profile), actor

    def close(self) -> None:
        self._server.stop()


def scenes() -> Iterator[Scene]:
    for each in SCREENS:
        for state in STATES:
            desk = each.name in DESK_ONLY or (each.rail <= DESKS and bool(each.rail))
            yield Scene(each.name, state, _opening(each.name, state), desk)
    for name in DESK_TOO:
        for state in STATES:
            yield Scene(f"{name}-desk", state, _opening(name, state), desk=True)
    for name, (state, show) in EXTRA.items():
        yield Scene(name, state, show, desk=name.startswith(DESK_SHEETS))


def _opening(name: str, state: str) -> Callable[[Hands], None]:
    def show(hands: Hands) -> None:
        args = {"household": _some_household(hands)} if name in ABOUT_A_FAMILY and state != "empty" else {}
        hands.open(name, **args)

    return show


def _keys(name: str, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Callable[[Hands], None]:
    """A screen after some of its keys."""

    def show(hands: Hands) -> None:
        _opening(name, "ordinary")(hands)
        for key in keys:
            hands.press(key, held)
        settle()

    return show


def _drawn(hands: Hands) -> None:
    """The re-check before the newest, which is drawn where there is one."""
    hands.open("rechecks").list.step(1)  # type: ignore[attr-defined]
    settle()


def _some_household(hands: Hands) -> str:
    store = getattr(hands.desk.store, "_store", hands.desk.store)
    rows = store.read_now(lambda tx: households.in_area(tx, limit=8))
    return next((row.id for row in rows if row.people > 4), rows[0].id)


def _draft(hands: Hands) -> None:
    """A visit begun and left stands on Today."""
    hands.open("visit", household=_some_household(hands), purpose="routine")
    settle(lambda: hands.frame.current_screen().form is not None)  # type: ignore[attr-defined]
    hands.press(Key.Key_W, CTRL)
    hands.open("today")


def _answered(hands: Hands) -> None:
    """Every door of the grid has its answer: as the panel shows it, without writing hundreds of answers."""
    screen = hands.open("screening")
    settle(lambda: screen.ready)  # type: ignore[attr-defined]
    found = screen.found  # type: ignore[attr-defined]
    told = ("normal", "nobody_home", "nobody_home", "difficulty")
    doors = tuple(
        replace(door, answer=told[n % 4], state=rounds.STATES[told[n % 4]], attempts=n % 3)
        for n, door in enumerate(found.doors)
    )
    screen.found = replace(found, doors=doors, silent=0, next_grid=found.grid)  # type: ignore[attr-defined]
    screen._show_finished(True)  # type: ignore[attr-defined]
    settle()


def _map(hands: Hands) -> None:
    hands.open("screening")
    hands.press(Key.Key_T)
    hands.desk.settings["screening_view"] = "list"


def _search(hands: Hands) -> None:
    hands.open("today")
    hands.press(Key.Key_K, CTRL)
    hands.type("d")
    settle(hands.frame.search.is_open)


def _undo(hands: Hands) -> None:
    hands.open("screening")
    hands.press(Key.Key_1)
    hands.desk.say("刚才保存了一户", lambda: None)
    hands.press(Key.Key_Z, CTRL)


def _import_preview(hands: Hands) -> None:
    born = ("1950.3.5", "1952年7月9日", "看不清", "1988-02-30")
    rows = [
        [n, f"户主{n}", 2, f"成员{n}", "户主", "男", "34179919500305001X", each] for n, each in enumerate(born * 12, 1)
    ]
    rows += [[None, None, None, None, "配偶", "女", "341799195207090021", None, None, None, "与表头不符的备注"]]
    screen = hands.open("importing")
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "柏叶镇周岭村低收入人口动态监测台账（2026年第四季度）.xlsx"
        ledger.write_bytes(book(("周岭村", [HEADER, *rows])))
        screen.read(ledger)
        settle()


def _form(hands: Hands) -> None:
    """A home visit under way, at the members' income: where most of a visit is spent."""
    screen = hands.open("visit", household=_some_household(hands))
    settle(lambda: screen.form is not None)
    screen.form.jump("/family/assets")
    for _section in range(6):
        screen.form.step_section(-1)
    settle()


def _calendar(hands: Hands) -> None:
    """The calendar under a day of the form."""
    from ui.widgets.button import IconButton

    screen = hands.open("visit", household=_some_household(hands))
    settle(lambda: screen.form is not None)
    screen.form.jump("/basics/visit_date")
    settle()
    hands.click(screen.form.pane.frame("/basics/visit_date").field.findChild(IconButton))


def _reports(view: str, *keys: Qt.Key) -> Callable[[Hands], None]:
    """One view of Reports, after some keys."""

    def show(hands: Hands) -> None:
        hands.open("reports").open_view(view)  # type: ignore[attr-defined]
        settle()
        for key in keys:
            hands.press(key)

    return show


def _verdict(hands: Hands) -> None:
    from fieldapp.reports.verify import Verdict
    from ui.screens.reports.checking import show_verdict

    hands.open("reports")
    show_verdict(hands.frame, "入户核查情况报告_20261121-7F3A2C.pdf", Verdict.ALTERED)


def _accesses(hands: Hands) -> None:
    store = getattr(hands.desk.store, "_store", hands.desk.store)
    people = store.read_now(lambda tx: tx.rows("SELECT document FROM person ORDER BY document LIMIT 9"))
    for number, (person,) in enumerate(people):
        store.write_now(lambda tx, p=person, n=number: tx.log_access(("reveal", "print", "export")[n % 3], p))
    hands.open("accesses")


def _reminded(hands: Hands) -> None:
    screen = hands.open("today")
    screen.reminders.show_risk(AtRisk(214, 3, 5, None, sync_due=True, backup_due=True))
    settle()


def _check_report(hands: Hands) -> None:
    from fieldapp.workflows.matters.check_report import CheckReport, CheckRow
    from tests.ui.town_matters import REPORT
    from ui.screens.matters.check_sheet import CheckSheet

    hands.open("matters")
    rows = tuple(
        CheckRow(**{**{name: row.get(name) for name in CheckRow.__dataclass_fields__}, "found_value": None})  # type: ignore[arg-type]
        for row in REPORT
    )
    CheckSheet(hands.frame, CheckReport(rows, "2026-11-20", "2026-11-21"), lambda: None).open()
    settle()


def _custodian(hands: Hands) -> None:
    """A custodian's answer, half filled in, with what is wrong said under the field."""
    from ui.screens.custodian_sheet import CustodianSheet

    hands.open("settings")
    sheet = CustodianSheet(hands.frame, hands.desk)
    sheet.open_first()
    sheet.whose.setText(t("custody.whose", who="柏叶镇周岭村 李秋"))
    sheet.whose.show()
    sheet.code.field.setText("7KQ2M XWD4P")
    sheet.answer()
    settle()


EXTRA: dict[str, tuple[str, Callable[[Hands], None]]] = {
    "visit-form": ("ordinary", _form),
    "visit-calendar": ("ordinary", _calendar),
    "accesses-logged": ("ordinary", _accesses),
    "settings-custodian": ("ordinary", _custodian),
    "today-reminded": ("ordinary", _reminded),
    "today-draft": ("ordinary", _draft),
    "screening-answered": ("ordinary", _answered),
    "today-quick-report": ("ordinary", _keys("today", Key.Key_R)),
    "household-hand-over": ("ordinary", _keys("household", Key.Key_T)),
    "household-matter": ("ordinary", _keys("household", Key.Key_M)),
    "matters-undo": ("ordinary", _keys("matters", Key.Key_U)),
    "matters-check": ("ordinary", _check_report),
    "accounts-new": ("ordinary", _keys("accounts", Key.Key_N)),
    "screening-report": ("ordinary", _keys("screening", Key.Key_3)),
    "screening-others": ("ordinary", _keys("screening", Key.Key_6)),
    "screening-changes": ("ordinary", _keys("screening", Key.Key_2)),
    "screening-new": ("ordinary", _keys("screening", Key.Key_N)),
    "screening-map": ("ordinary", _map),
    "screening-undo": ("ordinary", _undo),
    "leads-enter": ("ordinary", _keys("leads", Key.Key_N)),
    "leads-answer": ("ordinary", _keys("leads", Key.Key_A)),
    "household-agree": ("ordinary", _keys("household", Key.Key_D)),
    "leads-link": ("ordinary", _keys("leads", Key.Key_L)),
    "importing-preview": ("ordinary", _import_preview),
    "reports-papers": ("ordinary", _reports("papers")),
    "reports-ledgers": ("ordinary", _reports("ledgers")),
    "reports-log": ("ordinary", _reports("log")),
    "reports-batch": ("ordinary", _reports("visits", Key.Key_B)),
    "reports-protect": ("ordinary", _reports("visits", Key.Key_P)),
    "reports-verdict": ("ordinary", _verdict),
    "grids-assign": ("ordinary", _keys("grids", Key.Key_Return)),
    "visit-route": ("ordinary", _keys("visit", Key.Key_R, held=CTRL)),
    "rechecks-announce": ("ordinary", _keys("rechecks", Key.Key_N)),
    "rechecks-drawn": ("ordinary", _drawn),
    "review-asking": ("ordinary", _keys("review", Key.Key_E)),
    "leads-assign": ("ordinary", _keys("leads", Key.Key_G)),
    "coverage-other": ("ordinary", _keys("coverage", Key.Key_W)),
    "rounds-open": ("ordinary", _keys("rounds", Key.Key_N)),
    "rounds-close": ("ordinary", _keys("rounds", Key.Key_C)),
    "help": ("ordinary", _keys("screening", Key.Key_F1)),
    "search": ("full", _search),
}
