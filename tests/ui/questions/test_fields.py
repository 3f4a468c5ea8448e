"""Question widgets under a person's hands.

Q1  every question type of the engine has a widget, in every appearance of the bundled forms
Q2  an answer is said after a rest, on Enter, when the focus goes, and on commit; never twice
Q3  a half-typed composition of an input method is never an answer
Q4  what is no answer stays in the field, says why, and is not said
Q5  photos are repainted, scaled, freed of everything but the picture; a cut one is refused
Q6  five thousand choices are searched by a part of their label
Q7  不清楚, 拒答, 待核 are one key away and taken back by another
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from fieldapp.errors import InputError
from forms.api import Kind, RangeDef, Type
from tests.ui.questions.host import KeepingHost, choices, question
from ui.app import make_application
from ui.questions.choice_bar import ChoiceBar
from ui.questions.field import AnswerField
from ui.questions.frame import QuestionFrame
from ui.questions.multiline import MultilineField
from ui.questions.picture import clean_photo
from ui.questions.registry import FIELDS, field_class, make_field
from ui.questions.searchable import ChoiceList
from ui.questions.signature import SignatureField, strokes_from_bytes

YES_NO = choices(("yes", "是"), ("no", "否"))


@pytest.fixture
def room() -> Iterator[QVBoxLayout]:
    """A window to put fields into, with somewhere else for the focus to go."""
    make_application()
    window = QWidget()
    lines = QVBoxLayout(window)
    lines.addWidget(QLineEdit())
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    yield lines
    window.deleteLater()


def listen(field: AnswerField) -> list[object]:
    heard: list[object] = []
    field.answered.connect(heard.append)
    return heard


def test_every_type_has_a_widget() -> None:
    """Q1."""
    have = {kind for kind, _, _ in FIELDS}
    assert have >= set(Type) - {Type.NONE}
    plain = {kind for kind, appearance, _ in FIELDS if not appearance}
    assert plain >= set(Type) - {Type.NONE}


@pytest.mark.parametrize("kind", [kind for kind in Type if kind is not Type.NONE])
def test_every_type_is_built_shown_and_committed(kind: Type, room: QVBoxLayout) -> None:
    """Q1: an unanswered question of every type opens, commits nothing, and can be read only."""
    bounds = RangeDef("0", "10", "1") if kind is Type.RANGE else None
    options = YES_NO if kind in (Type.SELECT_ONE, Type.SELECT_MULTIPLE, Type.RANK) else ()
    host = KeepingHost()
    for readonly in (False, True):
        view = question(kind, options=options, range=bounds, readonly=readonly)
        field = make_field(view, host)
        heard = listen(field)
        room.addWidget(field)
        field.commit()
        assert heard == []
        assert field.focus_widget() is not None


def test_calculated_values_are_words(room: QVBoxLayout) -> None:
    view = question(Type.DECIMAL, node_kind=Kind.VALUE, value=Decimal(10), text="10")
    assert field_class(view).__name__ == "ReadOnlyField"


def test_money_is_chosen_by_its_unit() -> None:
    make_application()
    assert field_class(question(Type.DECIMAL, unit="元/月")).__name__ == "MoneyField"
    assert field_class(question(Type.DECIMAL, unit="亩")).__name__ == "NumberField"


def test_text_is_said_once_when_the_focus_goes(room: QVBoxLayout) -> None:
    """Q2."""
    field = make_field(question(), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    field.focus_widget().setFocus()
    QTest.keyClicks(field.focus_widget(), "Xiao Yu")
    assert heard == []
    room.itemAt(0).widget().setFocus()
    assert heard == ["Xiao Yu"]
    field.commit()
    assert heard == ["Xiao Yu"]


def test_text_is_said_after_a_rest(room: QVBoxLayout) -> None:
    """Q2: nobody needs to leave the field for the answer to be safe."""
    field = make_field(question(), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    field.focus_widget().setFocus()
    QTest.keyClicks(field.focus_widget(), "abc")
    QTest.qWait(600)
    assert heard == ["abc"]


@pytest.mark.parametrize("appearance", [(), ("multiline",)])
def test_a_composition_is_not_an_answer(appearance: tuple[str, ...], room: QVBoxLayout) -> None:
    """Q3: "xiao y" on the way to 肖雨."""
    field = make_field(question(appearance=appearance), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    target = field.focus_widget()
    target.setFocus()
    QApplication.sendEvent(target, QInputMethodEvent("xiao y", []))
    QTest.qWait(500)
    field.commit()
    assert heard == []
    done = QInputMethodEvent("", [])
    done.setCommitString("肖雨")
    QApplication.sendEvent(target, done)
    field.commit()
    assert heard == ["肖雨"]


def test_what_is_no_number_stays_and_says_why(room: QVBoxLayout) -> None:
    """Q4: never zero, never dropped."""
    field = make_field(question(Type.INTEGER, "人数"), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    said: list[str] = []
    field.rejected.connect(said.append)
    line = field.focus_widget()
    line.setFocus()
    QTest.keyClicks(line, "1.5")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert heard == []
    assert said
    assert said[-1]
    assert line.text() == "1.5"  # type: ignore[attr-defined]
    assert field.pending()
    line.setText("2")  # type: ignore[attr-defined]
    field.commit()
    assert heard == [2]


def test_letters_do_not_enter_a_number(room: QVBoxLayout) -> None:
    field = make_field(question(Type.DECIMAL, unit="元/月"), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    line = field.focus_widget()
    line.setFocus()
    event = QInputMethodEvent("", [])
    event.setCommitString("１，２００元a")
    QApplication.sendEvent(line, event)
    field.commit()
    assert heard == [Decimal(1200)]


def test_choices_by_digit_arrow_and_delete(room: QVBoxLayout) -> None:
    options = choices(("fixed", "有固定工作"), ("odd", "打零工"), ("ill", "没有，因病"))
    field = make_field(question(Type.SELECT_ONE, options=options), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    field.focus_widget().setFocus()
    QTest.keyClick(field.focus_widget(), Qt.Key.Key_3)
    assert heard == ["ill"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert heard == ["ill", "odd"]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert heard == ["ill", "odd", None]


def test_select_many_answers_in_the_forms_order(room: QVBoxLayout) -> None:
    options = choices(("a", "工资"), ("b", "经营"), ("c", "养老金"))
    view = question(Type.SELECT_MULTIPLE, options=options, value=("c",))
    field = make_field(view, KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    field.focus_widget().setFocus()
    QTest.keyClick(field.focus_widget(), Qt.Key.Key_1)
    assert heard == [("a", "c")]


def test_ranking_is_an_answer_when_everything_has_its_place(room: QVBoxLayout) -> None:
    options = choices(("a", "看病"), ("b", "上学"), ("c", "修房"))
    field = make_field(question(Type.RANK, options=options), KeepingHost())
    room.addWidget(field)
    heard = listen(field)
    field.focus_widget().setFocus()
    QTest.keyClick(field.focus_widget(), Qt.Key.Key_3)
    assert heard == []
    assert field.pending()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_1)
    assert heard == [("c", "a", "b")]


def test_unknown_is_one_key_away(room: QVBoxLayout) -> None:
    """Q7."""
    view = question(Type.DECIMAL, "存款", unit="元", companion="/q_unk")
    reasons = choices(("unclear", "不清楚"), ("refused", "拒答"), ("pending", "待核"))
    companion = question(Type.SELECT_ONE, "未答原因", name="q_unk", options=reasons)
    frame = QuestionFrame(view, companion, KeepingHost())
    room.addWidget(frame)
    frame.show()
    heard: list[tuple[str, object]] = []
    frame.answered.connect(lambda node, value: heard.append((node, value)))
    frame.focus_question()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F2)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_2)
    assert heard == [("/q_unk", "refused")]
    assert any(bar.isVisible() for bar in frame.findChildren(ChoiceBar))


def test_a_long_text_keeps_its_cursor_when_the_form_answers_back(room: QVBoxLayout) -> None:
    field = make_field(question(appearance=("multiline",)), KeepingHost())
    assert isinstance(field, MultilineField)
    room.addWidget(field)
    field.page.setFocus()
    QTest.keyClicks(field.page, "abc")
    field.commit()
    field.show_view(question(appearance=("multiline",), value="abc"))
    QTest.keyClicks(field.page, "d")
    assert field.page.toPlainText() == "abcd"


def test_a_signature_is_strokes(room: QVBoxLayout) -> None:
    host = KeepingHost()
    field = make_field(question(Type.IMAGE, "签字", appearance=("signature",)), host)
    assert isinstance(field, SignatureField)
    room.addWidget(field)
    QTest.mousePress(field.sheet, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    QTest.mouseMove(field.sheet, QPoint(120, 60))
    QTest.mouseRelease(field.sheet, Qt.MouseButton.LeftButton, pos=QPoint(200, 30))
    assert field.pending()
    field.commit()
    assert host.answers == {field.view.id: "signature-1"}
    strokes = strokes_from_bytes(host.files["signature-1"])
    assert len(strokes) == 1
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in strokes[0])


def jpeg(width: int, height: int, *, comment: str = "") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(90, 120, 60))
    if comment:
        image.setText("Comment", comment)
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPEG", 90)
    return bytes(store.data())


def test_a_photo_is_only_its_picture() -> None:
    """Q5."""
    make_application()
    raw = jpeg(3000, 1000, comment="30.66N 104.06E")
    assert b"104.06E" in raw
    kept = clean_photo(raw)
    image = QImage.fromData(kept)
    assert (image.width(), image.height()) == (1600, 533)
    assert b"104.06E" not in kept


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"GIF89a" + b"\0" * 64, "photo.kind"), (b"", "photo.kind"), (b"\xff\xd8\xff" + b"\0" * 64, "photo.broken")],
)
def test_what_is_no_photo_is_refused(data: bytes, code: str) -> None:
    """Q5."""
    with pytest.raises(InputError) as refused:
        clean_photo(data)
    assert refused.value.code == code


def test_a_cut_photo_is_refused() -> None:
    """Q5: Qt would draw the missing half grey without a word."""
    make_application()
    raw = jpeg(800, 600)
    with pytest.raises(InputError) as refused:
        clean_photo(raw[: len(raw) // 2])
    assert refused.value.code == "photo.broken"


def test_five_thousand_choices() -> None:
    """Q6."""
    make_application()
    model = ChoiceList()
    model.set_choices(choices(*((f"c{n}", f"第{n}种疾病") for n in range(5000))))
    model.search("1234")
    assert [model.choice(row).label for row in range(model.rowCount())] == ["第1234种疾病"]  # type: ignore[union-attr]
    model.search("没有这个")
    assert model.rowCount() == 0
