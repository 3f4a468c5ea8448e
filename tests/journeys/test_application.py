"""An application for the allowance played in the window by the village, the town and the county, over a real server.

The village accepts, asks once for a missing paper and gets it, every adult signs; the town reads the county's
information-check report in beside what was declared and posts the notice; the county, which did not visit, decides;
the family is told in writing and paid; one step is taken back on the way and done again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from fieldapp.workflows import households
from fieldapp.workflows.matters import readings
from tests.journeys.county import JourneyCounty
from tests.journeys.laptop import Laptop, press, settle, type_text
from tests.journeys.matters import (
    GRID,
    family,
    fill_step,
    in_days,
    look_at,
    next_step,
    open_matter,
    pick,
    shown,
    sync,
    visit,
)
from tests.journeys.telling import people_of, told
from ui.screens.matters.check_sheet import CheckSheet
from ui.screens.matters.reason_sheet import ReasonSheet
from ui.screens.matters.screen import READ_IN, Matters

REPORT = (
    "信息核对报告,,,,,\n姓名,证件号码,核对项目,核对结果（元）,数据来源,核对日期\n"
    "肖雨,,存款,8000,县农商行,{day}\n邓山,,工资,0,县人社局,{day}\n邓山,,车辆,未查到,车管所,{day}\n"
)


def read_in(supervisor: Laptop, picture: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report file, seen beside the declaration before it is kept; its form then says what differs by itself."""
    file = folder / "核对报告 肖雨户.csv"
    file.write_bytes(REPORT.format(day=in_days(supervisor, 0)).encode("gb18030"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    before = shown(supervisor)
    assert before.next is not None
    assert before.next.id == "check"
    supervisor.frame.screens["matters"].setFocus()
    supervisor.press(Qt.Key.Key_Return)
    pick(supervisor, READ_IN)
    supervisor.wait(lambda: bool(supervisor.frame.findChildren(CheckSheet)))
    sheet = supervisor.frame.findChildren(CheckSheet)[-1]
    settle()
    assert [(row.item, row.state) for row in sheet.report.rows] == [("存款", "differs"), ("工资", "agrees"), ("车辆", "agrees")]
    press(sheet, Qt.Key.Key_Return)
    page = fill_step(supervisor, picture, before, "check", {"outcome": "explained"})
    (entry,) = page.step("check").entries
    assert entry.words == "肖雨 存款：申报 6000 元，核对 8000", "the difference stands in the form already"
    assert entry.outcome == "有差异，已说明"


def take_back_and_do_again(worker: Laptop, picture: Path) -> None:
    """U: the supplement was written down for the wrong paper."""
    worker.frame.screens["matters"].setFocus()
    worker.press(Qt.Key.Key_U)
    worker.wait(lambda: bool(worker.frame.findChildren(ReasonSheet)))
    sheet = worker.frame.findChildren(ReasonSheet)[-1]
    type_text(sheet.fields["why"].field, "材料登记错了")
    press(sheet.fields["why"].field, Qt.Key.Key_Return)
    page = shown(worker, lambda page: page.step("supplement").state == "open")
    assert page.step("supplement").entries[0].undone == "材料登记错了"
    next_step(worker, picture, "supplement", {"outcome": "given", "words": "住院费用结算单"})


def test_from_acceptance_to_payment(
    two_laptops: tuple[Laptop, Laptop], county_server: JourneyCounty, picture: Path, tmp_path: Path,
    the_case: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    worker, supervisor = two_laptops
    county = Laptop.of(county_server.laptop("county"))
    facts = the_case("high-medical-bill")["facts"]
    home, people = family(worker.store, GRID, *people_of(facts))
    made, rules = visit(worker, home, picture, told(facts, people))
    allowance = rules.program("dibao")
    assert allowance is not None
    assert allowance.amount == 3490_00

    opened = open_matter(worker, home, "dibao")
    page = next_step(
        worker, picture, "accept",
        {"outcome": "supplement", "words": "住院费用结算单", "until": in_days(worker, 5), "near_relative": "no",
         "applied_by": "self"},
    )  # fmt: skip
    next_step(worker, picture, "supplement", {"outcome": "given", "words": "身份证复印件"})
    take_back_and_do_again(worker, picture)
    for _adult in range(2):
        left = shown(worker).step("undertaking").left
        said = {"undertakes": "yes", "authorises": "yes", "capacity": "self"}
        page = next_step(worker, picture, "undertaking", said, row=left[0][0] if len(left) > 1 else "")
    assert sorted(entry.person for entry in page.step("undertaking").entries) == ["肖雨", "邓山"]
    screen = worker.frame.screens["matters"]
    assert isinstance(screen, Matters)
    screen.setFocus()
    worker.press(Qt.Key.Key_Return)
    pick(worker, made)
    shown(worker, lambda page: page.step("visit").state == "done")
    page = next_step(worker, picture, "score", {"house": "poor", "food": "short"})
    assert page.next is None or page.next.optional, "what follows is the town's"

    sync(county_server)
    look_at(supervisor, opened.id)
    read_in(supervisor, picture, tmp_path, monkeypatch)
    posted = {"until": in_days(supervisor, 7), "place": "村务公开栏", "shown_amount": 3490, "shown_people": 5}
    next_step(supervisor, picture, "notice", posted)
    page = next_step(supervisor, picture, "notice_end", {"outcome": "none"})
    assert page.next is None or page.next.optional, "the county has kept the decision"
    sync(county_server)
    look_at(county, opened.id)
    said = {"outcome": "granted", "people": 5, "amount": 3490, "starts_on": "2026-12-01"}
    next_step(county, picture, "confirm", said)
    next_step(county, picture, "told", {"how": "handed", "rights": "yes"})
    done = next_step(county, picture, "pay", {"way": "card"})
    assert done.closed_on
    sync(county_server)
    family_page = households.page(worker.store, worker.desk.actor, home).result()
    assert [(one.policy, one.amount_month, one.since) for one in family_page.programs] == [("dibao", 3490_00, "2026-12-01")]
    chain = [link.what for link in family_page.chain if link.kind in ("step", "paid")]
    assert chain == ["受理", "收到补正材料", *["承诺和核对授权（每名成年人）"] * 2, "入户调查", "生活状况综合评估",
                     "信息核对报告", "张贴公示", "公示结束", "审核确认", "书面告知", "开始发放"]  # fmt: skip
    (found,) = worker.read(lambda tx: [one for one in readings.applications(tx, worker.desk.actor) if one.id == opened.id])
    assert (found.papers_missing, found.papers_given_on != "", len(found.signed)) == ("住院费用结算单", True, 2)
    assert [row["item"] for row in found.differences] == ["存款"]
    county.leave()
