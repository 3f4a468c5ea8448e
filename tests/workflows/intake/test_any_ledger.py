"""Whatever an office does to a ledger's layout, the families come out whole and every line is accounted for."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldapp.workflows.intake.sheets import letter
from tests.workflows.intake.makers import book, families, number, read

WORDS = {
    "serial": ["序号", "编号"],
    "household_number": ["户号", "家庭编号"],
    "head_name": ["户主姓名", "户主", "户 主"],
    "stated_count": ["家庭人口", "家庭人口数（人）", "人口数"],
    "name": ["姓名", "成员姓名", "姓　名", "家庭成员姓名"],
    "relation": ["与户主关系", "关系", "称谓"],
    "sex": ["性别"],
    "id_number": ["身份证号码", "公民身份号码", "证件号码", "身份证号*"],
    "birth": ["出生日期", "出生年月"],
    "address": ["家庭住址", "住址", "门牌号"],
    "phone": ["联系电话", "联系方式"],
    "remark": ["备注"],
}
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "䶮㛃堃喆伟芳娜敏静丽强磊洋艳勇杰娟涛明超霞平刚桂英华玉梅"


@dataclass
class Layout:
    """One office's habits, drawn by chance."""

    order: list[str]
    words: dict[str, str]
    titles: int
    two_lines: bool
    sign: str  # what parts the families: relation, household_number, head_name, head_name_repeated
    merge: bool
    blanks: float
    extras: float
    header_again: bool
    footer: bool
    dates: str


@dataclass
class Drawn:
    """The rows of the sheet, the merges, and what a reader must find."""

    rows: list[list[Any]] = field(default_factory=list)
    merges: list[str] = field(default_factory=list)
    families: list[list[str]] = field(default_factory=list)
    people: int = 0
    lines: int = 0


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    sign = draw(st.sampled_from(["relation", "household_number", "head_name", "head_name_repeated"]))
    needed = {"relation": {"relation"}, "household_number": {"household_number"}}.get(sign, {"head_name"})
    optional = [name for name in WORDS if name not in {"name", "id_number", *needed}]
    others = draw(st.sets(st.sampled_from(optional)))
    if sign != "relation":
        others -= {"relation"} if draw(st.booleans()) else set()
    columns = draw(st.permutations(sorted({"name", "id_number", *needed, *others})))
    return Layout(
        order=list(columns),
        words={name: draw(st.sampled_from(words)) for name, words in WORDS.items()},
        titles=draw(st.integers(0, 3)),
        two_lines=draw(st.booleans()),
        sign=sign,
        merge=draw(st.booleans()),
        blanks=draw(st.sampled_from([0.0, 0.2])),
        extras=draw(st.sampled_from([0.0, 0.2])),
        header_again=draw(st.booleans()),
        footer=draw(st.booleans()),
        dates=draw(st.sampled_from(["{0}.{1}.{2}", "{0}年{1}月{2}日", "{0}/{1}", "{0}{1:02}{2:02}", "serial", "real"])),
    )


def draw_sheet(layout: Layout, chance: random.Random, sizes: list[int]) -> Drawn:
    drawn = Drawn()
    width = len(layout.order)
    for index in range(layout.titles):
        drawn.rows.append([f"柏叶镇困难群众花名册之{index}", *[None] * (width - 1)])
    header = [layout.words[name] for name in layout.order]
    if layout.two_lines:
        drawn.rows.append(["基本情况", *[None] * (width - 1)])
        drawn.merges.append(f"A{len(drawn.rows)}:{letter(max(width - 1, 1))}{len(drawn.rows)}")
    drawn.rows.append(header)
    serial = 0
    for index, size in enumerate(sizes):
        serial = add_family(drawn, layout, chance, index, size, serial)
        if chance.random() < layout.blanks:
            drawn.rows.append([None] * width)
        if chance.random() < layout.extras:
            drawn.rows.append([None] * (width - 1) + [None])
            drawn.rows[-1][0] = chance.choice(["小计", "3组", "本页合计", "注：以上属实"])
        if layout.header_again and index == len(sizes) // 2:
            drawn.rows.append(header)
    if layout.footer:
        drawn.rows.append(["合计", *[None] * (width - 1)])
        drawn.rows.append(["制表人：", *[None] * (width - 1)])
    drawn.lines = sum(any(cell is not None for cell in row) for row in drawn.rows)
    return drawn


def add_family(drawn: Drawn, layout: Layout, chance: random.Random, index: int, size: int, serial: int) -> int:
    first = len(drawn.rows) + 1
    head = new_name(chance, drawn)
    names = [head, *(new_name(chance, drawn) for _ in range(size - 1))]
    for member, name in enumerate(names):
        serial += 1
        cells = member_cells(layout, chance, drawn.people, name, member)
        cells |= family_cells(layout, index, head, size, member)
        drawn.people += 1
        drawn.rows.append([cells.get(column) for column in layout.order])
    if layout.merge and size > 1:
        for column in ("head_name", "stated_count", "address", "household_number"):
            if column in layout.order and layout.sign != f"{column}_repeated":
                at = letter(layout.order.index(column))
                drawn.merges.append(f"{at}{first}:{at}{first + size - 1}")
    drawn.families.append(names)
    return serial


def member_cells(layout: Layout, chance: random.Random, person: int, name: str, member: int) -> dict[str, Any]:
    born = date(1935, 1, 1) + timedelta(days=chance.randrange(30_000))
    digits = number(born.isoformat(), person % 999 + 1)
    shown: Any = {
        "serial": (born - date(1899, 12, 30)).days,
        "real": born,
    }.get(layout.dates) or layout.dates.format(born.year, born.month, born.day)
    return {
        "name": name,
        "id_number": chance.choice([digits, digits.lower(), f"{digits[:6]} {digits[6:]}", None]),
        "relation": "户主" if member == 0 else chance.choice(["配偶", "长子", "女儿", "孙子", "母亲"]),
        "sex": chance.choice(["男", "女", None]),
        "birth": shown,
        "phone": chance.choice([None, "13500000000"]),
        "remark": chance.choice([None, "腿脚不便"]),
    }


def family_cells(layout: Layout, index: int, head: str, size: int, member: int) -> dict[str, Any]:
    everywhere = {"head_name": head} if layout.sign == "head_name_repeated" else {}
    if layout.sign == "household_number" and not layout.merge:
        everywhere["household_number"] = f"H{index:04d}"
    if member:
        return everywhere
    return {
        "household_number": f"H{index:04d}", "head_name": head, "stated_count": size, "serial": index + 1,
        "address": f"周岭村{index % 6 + 1}组{index + 1}号",
    }  # fmt: skip


def new_name(chance: random.Random, drawn: Drawn) -> str:
    """A name nobody else has, so that families can be compared by names."""
    taken = {name for names in drawn.families for name in names}
    while True:
        name = chance.choice(SURNAMES) + "".join(chance.choice(GIVEN) for _ in range(chance.choice([1, 2, 2])))
        if name not in taken:
            return name


@settings(max_examples=120, deadline=None)
@given(layouts(), st.integers(0, 10**9), st.lists(st.integers(1, 5), min_size=1, max_size=8))
def test_families_come_out_whole_from_any_layout(layout: Layout, seed: int, sizes: list[int]) -> None:
    drawn = draw_sheet(layout, random.Random(seed), sizes)
    intake = read(book(("周岭村", drawn.rows), merges=drawn.merges))
    assert families(intake) == drawn.families
    assert intake.rows_read == drawn.people
    assert len(intake.lines) == drawn.lines
    assert len({line.row for line in intake.lines}) == drawn.lines
    assert not [problem for problem in intake.problems if problem.severity == "refused"]


@settings(max_examples=80, deadline=None)
@given(layouts(), st.integers(0, 10**9), st.data())
def test_no_row_is_lost_whatever_stands_in_it(layout: Layout, seed: int, data: st.DataObject) -> None:
    """Cells knocked out, filled with rubbish, rows doubled: each line is still there, imported or named."""
    chance = random.Random(seed)
    drawn = draw_sheet(layout, chance, [2, 3, 1])
    rows = [list(row) for row in drawn.rows]
    body = range(layout.titles + layout.two_lines + 1, len(rows))
    rubbish = st.sampled_from([None, "", "？", "#N/A", 3.4e17, -1, "1900-00-00", "同上", True, "张三\n李四", "x" * 400])
    for _ in range(data.draw(st.integers(1, 12))):
        row = data.draw(st.sampled_from(body))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(rubbish)
    rows.append(list(rows[data.draw(st.sampled_from(body))]))
    intake = read(book(("周岭村", rows)))
    not_blank = [i for i, row in enumerate(rows, 1) if any(c is not None and str(c).strip() for c in row)]
    assert sorted(line.row for line in intake.lines) == not_blank
    named = {problem.row for problem in intake.problems}
    made = {document.row for document in intake.documents if document.type == "person"}
    for line in intake.lines:
        assert line.row in made if line.fate == "imported" else line.fate != "refused" or line.row in named
