"""What a line below the header is: a person, or one of the things offices put between and below people."""

from __future__ import annotations

import re

from fieldapp.workflows.intake.headers import Header
from fieldapp.workflows.intake.sheets import SheetRow, is_blank
from fieldapp.workflows.intake.values import NOTHING, text

DATA, TOTAL, GROUP, NOTE, FOOTER, NAMELESS = "data", "total", "group", "note", "footer", "nameless"

_TOTAL = re.compile(
    r"(?:(?:本|全|各|分)?(?:页|组|村|社区|镇|乡|县|表|户)?|[一二三四五六七八九十\d]+组|.{1,10}[村镇组乡]|.{1,10}社区)?"
    r"(?:小|合|总|共|累)计(?:\d+[户人条]|[一二三四五六七八九十百]+[户人条]|户数|人数)*[:：]?.{0,30}"
)
_HEADCOUNT = re.compile(r"共(?:计|有)?\d+[户人条]")
_FOOTER = re.compile(
    r"(?:制表|填表|填报|审核|复核|核对|经办|负责|分管|主管|主任|书记|单位|乡镇|村委会|居委会|民政所|报送|统计|"
    r"盖章|签字|签章|日期|时间|联系)[^:：]{0,12}[:：].*"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填报说明|附|附注|※|★|\*|第?\d+页|第.{1,4}页|共.{1,4}页|[（(]?以上|[（(]?以下空白).*"
)
_GROUP = re.compile(
    r"[（(【\[]?(?:[一二三四五六七八九十]+、|\d+[、.])?"
    r"(?:第?[一二三四五六七八九十百\d]+(?:村民)?(?:小组|组|网格)|[^\d，。；:：]{1,12}(?:村|社区|居委会|屯|队|庄|湾|组|网格|小区)"
    r"(?:第?[一二三四五六七八九十百\d]+(?:村民)?(?:小组|组|网格))?)[）)】\]]?(?:[:：（(].*)?"
)
_PERSON_FIELDS = ("name", "id_number", "relation", "sex", "birth")


def kind_of(row: SheetRow, header: Header) -> str:
    """What ``row`` is. One with something in it that fits nothing else is ``nameless``: it is named, not lost."""
    texts = [(column, text(value)) for column, value in enumerate(row.cells) if not is_blank(value)]
    first = re.sub(r"\s", "", texts[0][1])
    name = re.sub(r"\s", "", _field(row, header, "name") or _field(row, header, "head_name"))
    has_number = bool(re.search(r"\d{6}", _field(row, header, "id_number")))
    if not has_number and any(_TOTAL.fullmatch(text) or _HEADCOUNT.match(text) for text in (first, name)):
        return TOTAL
    if not has_number and _FOOTER.fullmatch(first):
        return FOOTER
    if not has_number and _lies_alone(texts, row):
        if _GROUP.fullmatch(first):
            return GROUP
        if _NOTE.fullmatch(first) or len(first) > 12 or _heads_a_section(texts, header):
            return NOTE
    if _numbers_columns(texts):
        return NOTE
    if not has_number and _NOTE.fullmatch(first) and not _has_person(row, header):
        return NOTE
    return DATA if _own_name(row, header) or has_number else NAMELESS


def _lies_alone(texts: list[tuple[int, str]], row: SheetRow) -> bool:
    """One text, or one text merged over the row."""
    column = texts[0][0]
    spread = any(cover.top == row.number and cover.left == column for cover in row.covered.values())
    return len(texts) == 1 and (spread or not any(ch.isdigit() for ch in texts[0][1][:1]) or len(texts[0][1]) > 1)


def _heads_a_section(texts: list[tuple[int, str]], header: Header) -> bool:
    """``一、低保户`` alone in the first column; in a column that says who somebody is, it would be a name."""
    column, words = texts[0]
    who = [header.column(field) for field in ("name", "head_name", "id_number", "relation")]
    return column == min(header.labels) and column not in who and not words.isdigit()


def _numbers_columns(texts: list[tuple[int, str]]) -> bool:
    """The line that numbers the columns: 1 2 3 4 ..."""
    numbers = [int(words) for _, words in texts if words.isdigit() and len(words) < 3]
    return len(numbers) >= 4 and len(numbers) == len(texts) and numbers == list(range(numbers[0], numbers[-1] + 1))


def _has_person(row: SheetRow, header: Header) -> bool:
    return sum(bool(_field(row, header, field)) for field in _PERSON_FIELDS) > 1


def _own_name(row: SheetRow, header: Header) -> bool:
    name = _field(row, header, "name" if header.column("name") is not None else "head_name")
    return bool(name) and name not in NOTHING


def _field(row: SheetRow, header: Header, field: str) -> str:
    column = header.column(field)
    return text(row.own(column)) if column is not None else ""
