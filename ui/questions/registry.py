"""Which widget asks which question: type × appearance. To add one, write its file and put a line here.

The first line whose type and appearance fit wins; a line without appearance takes whatever is left of its type.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from forms.api import Kind, NodeDef, NodeView, Type
from ui.questions.barcode import BarcodeField
from ui.questions.dates import DateField, MonthField, PartialDateField
from ui.questions.field import AnswerField
from ui.questions.file_field import FileField
from ui.questions.geo import PathField, PlaceField
from ui.questions.host import Host
from ui.questions.identity import IdentityField
from ui.questions.line import DigitsField, TextField
from ui.questions.multiline import MultilineField
from ui.questions.number import IntegerField, MoneyField, NumberField
from ui.questions.phone import PhoneField
from ui.questions.photo import PhotoField, ThumbPrintField
from ui.questions.range_field import RangeField
from ui.questions.rank import RankField
from ui.questions.select_long import AreaField, SelectLongField, SelectManyLongField
from ui.questions.select_many import SelectManyField
from ui.questions.select_one import SelectOneField
from ui.questions.signature import SignatureField
from ui.questions.spoken import AcknowledgeField, NoteField, ReadOnlyField
from ui.questions.times import DateTimeField, TimeField
from ui.units import unit

MOST_BUTTONS = 20
MOST_LETTERS = 170
UNIT = "tjb:unit"

FIELDS: tuple[tuple[Type, str, type[AnswerField]], ...] = (
    (Type.TEXT, "id-number", IdentityField),
    (Type.TEXT, "phone", PhoneField),
    (Type.TEXT, "area", AreaField),
    (Type.TEXT, "partial-date", PartialDateField),
    (Type.TEXT, "multiline", MultilineField),
    (Type.TEXT, "numbers", DigitsField),
    (Type.TEXT, "", TextField),
    (Type.BARCODE, "", BarcodeField),
    (Type.INTEGER, "money", MoneyField),
    (Type.INTEGER, "", IntegerField),
    (Type.DECIMAL, "money", MoneyField),
    (Type.DECIMAL, "", NumberField),
    (Type.RANGE, "", RangeField),
    (Type.SELECT_ONE, "long", SelectLongField),
    (Type.SELECT_ONE, "", SelectOneField),
    (Type.SELECT_MULTIPLE, "long", SelectManyLongField),
    (Type.SELECT_MULTIPLE, "", SelectManyField),
    (Type.RANK, "", RankField),
    (Type.DATE, "year", MonthField),
    (Type.DATE, "month-year", MonthField),
    (Type.DATE, "", DateField),
    (Type.TIME, "", TimeField),
    (Type.DATETIME, "", DateTimeField),
    (Type.GEOPOINT, "", PlaceField),
    (Type.GEOTRACE, "", PathField),
    (Type.GEOSHAPE, "", PathField),
    (Type.IMAGE, "signature", SignatureField),
    (Type.IMAGE, "thumbprint", ThumbPrintField),
    (Type.IMAGE, "", PhotoField),
    (Type.AUDIO, "", FileField),
    (Type.VIDEO, "", FileField),
    (Type.FILE, "", FileField),
    (Type.ACKNOWLEDGE, "", AcknowledgeField),
    (Type.BOOLEAN, "", AcknowledgeField),
    (Type.NOTE, "", NoteField),
)


def field_class(view: NodeView) -> type[AnswerField]:
    """The widget for a question as it stands; values nobody can change are shown as words."""
    node = view.node
    if node.kind is Kind.NOTE:
        return NoteField
    if node.kind is Kind.VALUE or (node.calculated and view.readonly):
        return ReadOnlyField
    looks = _looks(view)
    for kind, appearance, made in FIELDS:
        if kind is node.type and (not appearance or appearance in looks):
            return made
    return TextField


def make_field(view: NodeView, host: Host, parent: QWidget | None = None) -> AnswerField:
    """The widget, with its unit when it has one."""
    made = field_class(view)
    if issubclass(made, NumberField | ReadOnlyField) and unit_of(view.node):
        return made(view, host, parent, unit(unit_of(view.node)))
    return made(view, host, parent)


def unit_of(node: NodeDef) -> str:
    """``元/月``, ``亩`` ... as the workbook says in ``bind::tjb:unit``."""
    return node.bind.get(UNIT, "")


def _looks(view: NodeView) -> set[str]:
    """The form's appearances and what follows from the question itself: ``money``, ``long``."""
    looks = set(view.node.appearance)
    if "元" in unit_of(view.node):
        looks.add("money")
    letters = sum(len(choice.label) + 2 for choice in view.choices)
    if {"autocomplete", "search"} & looks or len(view.choices) > MOST_BUTTONS or letters > MOST_LETTERS:
        looks.add("long")
    return looks
