"""One row of a ledger as a person: the leaves it states, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fieldapp.domain.pointers import Json
from fieldapp.workflows.intake.headers import Header
from fieldapp.workflows.intake.papers import Paper, birth_agrees, read_paper, read_sex
from fieldapp.workflows.intake.sheets import SheetRow, is_blank
from fieldapp.workflows.intake.values import NOTHING, chinese_number, person_name, read_date, read_phone, text

_RELATIONS = {
    "head": "户主 本人 户主本人",
    "spouse": "配偶 丈夫 妻子 夫 妻 之夫 之妻 妻之 夫之 爱人 老伴",
    "son": "子 儿子 之子 长子 次子 三子 四子 五子 大儿子 二儿子 三儿子 小儿子 独生子 养子 继子",
    "daughter": "女 女儿 之女 长女 次女 三女 四女 五女 大女儿 二女儿 三女儿 小女儿 独生女 养女 继女",
    "father": "父 父亲 之父",
    "mother": "母 母亲 之母",
    "father_in_law": "公公 岳父 公爹",
    "mother_in_law": "婆婆 岳母",
    "son_in_law": "女婿",
    "daughter_in_law": "儿媳 儿媳妇 媳 媳妇",
    "grandson": "孙子 孙 长孙 次孙 外孙 外孙子 孙儿",
    "granddaughter": "孙女 长孙女 次孙女 外孙女",
    "grandfather": "祖父 爷爷 外祖父 外公",
    "grandmother": "祖母 奶奶 外祖母 外婆",
    "brother": "兄 弟 哥哥 弟弟 兄弟",
    "sister": "姐 妹 姐姐 妹妹",
    "uncle": "伯父 叔父 叔叔 舅父 舅舅",
    "nephew": "侄子 侄儿 外甥",
    "niece": "侄女 外甥女",
}
RELATIONS = {word: relation for relation, words in _RELATIONS.items() for word in words.split()}
_DISABILITIES = {
    "视力": "visual", "听力": "hearing", "言语": "speech", "语言": "speech",
    "肢体": "limb", "智力": "intellectual", "精神": "mental", "多重": "multiple",
}  # fmt: skip
_DISABILITY_LEVEL = re.compile(r"([一二三四1-4])\s*级")
_WHEREABOUTS = {
    "在家": "home", "是": "home", "务工": "away_work", "打工": "away_work", "外出": "away_work", "在校": "school",
    "就学": "school", "上学": "school", "住院": "hospital", "集中供养": "institution", "养老院": "institution",
    "敬老院": "institution", "服刑": "prison", "迁出": "moved_away",
}  # fmt: skip
_TELLING = re.compile(r"[长次三四五六大二小独养继外堂表]")
_SEVERAL_NAMES = re.compile(r"[\n\r、,，;；/／]")
_STRANGE_NAME = re.compile(r"[\d#@!！?？=+%&$<>{}\[\]|]")
_NO_PAPER_REMARK = re.compile(r"[^，,；;。]*(?:无证|无身份证|没有身份证|未办证|无户口|未上户|黑户|未落户)[^，,；;。]*")


HEAD_WORDS = frozenset(["户主", "本人", "户主本人", "本人(户主)", "申请人", "户主(本人)", "户主（本人）", "主"])


def is_head_word(relation: str) -> bool:
    return relation.replace(" ", "") in HEAD_WORDS


@dataclass(frozen=True)
class PersonRow:
    """A person as the row states it; ``problems`` are (code, field, detail)."""

    name: str
    relation: str
    relation_said: str
    paper: Paper
    state: dict[str, Json]
    problems: tuple[tuple[str, str, str], ...]

    @property
    def birth(self) -> str:
        value = self.state.get("birth_date")
        return value if isinstance(value, str) else ""


class RowReader:
    """Reads the cells of one table; the header says which column is what."""

    def __init__(self, header: Header, epoch: datetime, today: date) -> None:
        self.header = header
        self.epoch = epoch
        self.today = today

    def text(self, row: SheetRow, field: str) -> str:
        column = self.header.column(field)
        return text(row.own(column)) if column is not None else ""

    def seen(self, row: SheetRow, field: str) -> str:
        column = self.header.column(field)
        return text(row.seen(column)) if column is not None else ""

    def person(self, row: SheetRow) -> PersonRow:
        """The person on ``row``; never raises, an unreadable cell becomes a problem and its text is kept."""
        name, several = self._name(row)
        paper = self._paper(row)
        state: dict[str, Json] = {"full_name": name}
        problems = [(code, "id_number", paper.detail) for code in paper.problems]
        problems += [("strange_name", "name", name)] if several or _STRANGE_NAME.search(name) else []
        problems += self._sex_and_birth(row, paper, state)
        state.update(_paper_leaves(paper))
        state.update(self._plain_fields(row))
        problems += self._error_cells(row)
        if others := self.other_cells(row):
            state["imported"] = others
        said = self.text(row, "relation").replace(" ", "")
        relation = RELATIONS.get(said.removeprefix("户主").lstrip("的之") or said, said)
        told_more = relation == said or _TELLING.search(said)
        return PersonRow(name, relation, said if told_more else "", paper, state, tuple(problems))

    def _name(self, row: SheetRow) -> tuple[str, bool]:
        """The name, and whether the cell holds more than one. A head's row may leave it to the head's own column."""
        name, head = self.header.column("name"), self.header.column("head_name")
        said = row.own(name) if name is not None else None
        if is_blank(said) and head is not None and (name is None or is_head_word(self.text(row, "relation"))):
            said = row.seen(head)
        return person_name(said), bool(_SEVERAL_NAMES.search(str(said or "").strip()))

    def _paper(self, row: SheetRow) -> Paper:
        field = "id_number" if self.header.column("id_number") is not None else "head_id"
        column = self.header.column(field)
        reason = self.text(row, "no_id_reason")
        if not reason and (remark := _NO_PAPER_REMARK.search(self.text(row, "remark"))):
            reason = remark[0].strip("（）() ")
        value = row.own(column) if column is not None else None
        return read_paper(value, today=self.today, kind=self.text(row, "id_kind"), reason=reason)

    def _sex_and_birth(self, row: SheetRow, paper: Paper, state: dict[str, Json]) -> Iterator[tuple[str, str, str]]:
        sex, strange = read_sex(self.text(row, "sex"))
        if strange:
            yield "unreadable_sex", "sex", self.text(row, "sex")
        if sex and paper.sex and sex != paper.sex:
            yield "sex_differs_from_id", "sex", ""
        column = self.header.column("birth")
        born = read_date(row.own(column) if column is not None else None, self.epoch, today=self.today)
        if born.unreadable:
            yield "unreadable_date", "birth", self.text(row, "birth")
        agrees = not born.iso or not paper.birth or birth_agrees(born.iso, paper.birth)
        if not agrees:
            yield "birth_differs_from_id", "birth", born.iso
        birth = paper.birth if paper.trusted and agrees else born.iso
        sex = sex or (paper.sex if paper.trusted else None)
        state.update({key: value for key, value in (("sex", sex), ("birth_date", birth)) if value})

    def _plain_fields(self, row: SheetRow) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for field in ("illness", "school", "work"):
            words = self.text(row, field)
            if words and words not in NOTHING:
                found[field] = words
        if disability := self._disability(row):
            found["disability"] = disability
        gone = self.text(row, "whereabouts")
        if whereabouts := next((value for word, value in _WHEREABOUTS.items() if word in gone), None):
            found["whereabouts"] = whereabouts
        if place := self.text(row, "register_place"):
            found["register"] = {"place": place}
        return found

    def _disability(self, row: SheetRow) -> dict[str, Json]:
        words = self.text(row, "disability")
        found: dict[str, Json] = {}
        kind = next((kind for word, kind in _DISABILITIES.items() if word in words), None)
        grade = _DISABILITY_LEVEL.search(words + self.text(row, "disability_level"))
        card = self.text(row, "disability_card")
        if kind:
            found["kind"] = kind
        if grade:
            found["level"] = chinese_number(grade[1])
        if len(card) > 8:
            found["card"] = card
        return found

    def phone(self, row: SheetRow) -> str:
        return read_phone(self.text(row, "phone"))

    def other_cells(self, row: SheetRow) -> dict[str, Json]:
        """What no field reads, by the ledger's own labels, so that nothing the office wrote is dropped."""
        columns = list(self.header.others())
        kept = ["remark", "whereabouts"] + ([] if len(self._disability(row)) > 1 else ["disability"])
        for field in kept:
            column = self.header.column(field)
            if column is not None and text(row.own(column)) not in ("", *NOTHING):
                columns.append((column, self.header.labels[column]))
        cells: dict[str, Json] = {}
        for column, label in columns:
            if not is_blank(row.own(column)):
                key = label if label not in cells else f"{label}#{column + 1}"
                cells[key] = text(row.own(column))
        return cells

    def _error_cells(self, row: SheetRow) -> Iterator[tuple[str, str, str]]:
        for field, column in self.header.fields.items():
            value = row.own(column)
            if isinstance(value, str) and re.fullmatch(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", value):
                yield "error_cell", field, value


def _paper_leaves(paper: Paper) -> dict[str, Json]:
    leaves = {"id_kind": paper.kind, "id_number": paper.number, "no_id_reason": paper.reason}
    return {key: value for key, value in leaves.items() if value}
