"""A lead is entered on the spot with few keys; the same need is offered to be added; the desk assigns with G."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from fieldapp.workflows import leads
from tests.ui.hands import Hands, at_work, settle
from tests.ui.town import village
from ui.screens.lead_answer import LeadAnswerSheet
from ui.screens.lead_link_sheet import LinkSheet
from ui.screens.lead_sheets import AssignSheet, NewLeadSheet
from ui.screens.leads import Leads
from ui.screens.screening.sheets import NewFamilySheet
from ui.screens.stored_picture import Picture
from ui.widgets.pick_sheet import PickSheet

Key = Qt.Key


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    with at_work(*village(tmp_path, desk=True)) as made:
        yield made


def enter(hands: Hands, *texts: str) -> None:
    hands.press(Key.Key_N)
    for text in texts:
        hands.type(text)
        hands.press(Key.Key_Return)


def test_entered_told_again_and_assigned(hands: Hands) -> None:
    screen = hands.open("leads")
    assert isinstance(screen, Leads)
    enter(hands, "谢冬梅", "3组5号", "两天没出门", "邻居", "")
    settle(lambda: screen.page is not None and screen.page.line.name == "谢冬梅")
    assert screen.page is not None
    lead = screen.page.line.id
    assert screen.page.line.channel == "walk_in"

    enter(hands, "谢冬梅", "", "孙子说她不吃饭", "孙子", "")
    settle(lambda: bool(hands.frame.findChildren(PickSheet)))
    hands.press(Key.Key_1)
    settle(lambda: not hands.frame.findChildren(NewLeadSheet))
    settle(lambda: screen.page is not None and screen.page.again != ())
    assert screen.page.line.id == lead

    hands.press(Key.Key_G)
    settle(lambda: bool(hands.frame.findChildren(AssignSheet)))
    sheet = hands.frame.findChildren(AssignSheet)[-1]
    sheet.fields["assignee"].field.clear()
    hands.type("李秋")
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None and screen.page.line.assigned_to == "李秋")
    assert [clock.state for clock in screen.page.clocks][:3] == ["done", "done", "running"]


def test_an_unknown_family_is_found_from_the_lead_and_taken_back(hands: Hands) -> None:
    screen = hands.open("leads")
    assert isinstance(screen, Leads)
    enter(hands, "陌生人", "老粮站旁", "两天没出门", "邻居", "")
    settle(lambda: screen.page is not None and screen.page.line.name == "陌生人")
    hands.press(Key.Key_L)
    sheet = hands.frame.findChildren(LinkSheet)[-1]
    assert sheet.finder.line.text() == "陌生人"
    hands.type("罗桂花")  # the lead's own words are selected: what is typed takes their place
    settle(lambda: bool(sheet.finder.household))
    hands.press(Key.Key_Return)
    settle(lambda: screen.page is not None and bool(screen.page.line.household))
    assert screen.page is not None
    hands.press(Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(lambda: screen.page is not None and not screen.page.line.household)

    hands.press(Key.Key_G)  # a lead entered at the desk lies in no grid yet
    settle(lambda: bool(hands.frame.findChildren(AssignSheet)))
    hands.press(Key.Key_Escape)


def test_a_new_household_is_made_from_the_lead(tmp_path: Path) -> None:
    worker = Hands(*village(tmp_path))
    screen = worker.open("leads")
    assert isinstance(screen, Leads)
    enter(worker, "陌生人", "老粮站旁", "两天没出门", "邻居", "13800000000")
    settle(lambda: screen.page is not None and screen.page.line.name == "陌生人")
    worker.press(Key.Key_L)
    worker.press(Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    sheet = worker.frame.findChildren(NewFamilySheet)[-1]
    assert [sheet.fields[name].text() for name in ("head", "address", "phone")] == ["陌生人", "老粮站旁", "13800000000"]
    sheet.fields["phone"].field.setFocus()
    worker.press(Key.Key_Return)
    settle(lambda: screen.page is not None and bool(screen.page.line.household))
    store = worker.desk.store
    worker.close()
    store.close()


def test_answered_by_phone_with_a_photo_pasted_and_a_file_dropped(hands: Hands, tmp_path: Path) -> None:
    screen = hands.open("leads")
    assert isinstance(screen, Leads)
    settle(lambda: screen.page is not None)
    assert screen.page is not None
    lead = screen.page.line.id
    hands.press(Key.Key_A)
    sheet = hands.frame.findChildren(LeadAnswerSheet)[-1]
    assert sheet.evidence.isVisible(), "no visit shows it"
    sheet.setFocus()
    hands.press(Key.Key_P)
    assert sheet.how.picked() == ["phone"]
    picture = QImage(60, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(picture)
    sheet.setFocus()
    hands.press(Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    paper = tmp_path / "说明.pdf"
    paper.write_bytes(b"%PDF-1.4")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(paper))])
    sheet.evidence.zone.take(dropped)
    assert [item.kind for item in sheet.evidence.items] == ["photo", "file"]
    sheet.setFocus()
    hands.press(Key.Key_3)
    hands.type("本人在女儿家，身体好")
    hands.press(Key.Key_Return)
    store, actor = hands.desk.store, hands.desk.actor
    settle(lambda: leads.page(store, actor, lead).result().answered_on is not None)
    page = leads.page(store, actor, lead).result()
    assert (page.line.outcome, page.how, len(page.photos), len(page.files)) == ("not_true", "phone", 1, 1)
    hands.open("leads", lead=lead)
    settle(lambda: screen.page is not None and screen.page.line.id == lead)
    shown = screen.area.findChildren(Picture)
    settle(lambda: any(not one.image.isNull() for one in shown))
