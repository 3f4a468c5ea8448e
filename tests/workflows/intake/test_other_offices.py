"""One village told as other offices would send it: other words, dates, numbers, files; each read the same or refused.

The families are made once; every way of telling them must give back the same households, people, numbers and days.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fieldapp.errors import InputError
from fieldapp.workflows import intake as intake_room
from fieldapp.workflows.intake.problems import refusal
from fieldapp.workflows.intake.result import Intake
from tests.workflows.intake.makers import HEADER, book, codes, families, number, persons, read

#: name, relation, sex, birth; a household each
HOMES = (
    (("彭䶮", "户主", "男", date(1962, 3, 9)), ("李㛃", "配偶", "女", date(1964, 12, 20))),
    (("曹梅", "户主", "女", date(1950, 10, 1)),),
    (("欧阳修竹", "户主", "男", date(1978, 1, 31)), ("欧阳一", "长子", "男", date(2009, 11, 5)), ("王桂英", "母亲", "女", date(1951, 2, 28))),
)  # fmt: skip
NUMBERS = {
    name: number(born.isoformat(), 10 + 2 * place + (sex == "男"))
    for place, (name, _relation, sex, born) in enumerate(each for home in HOMES for each in home)
}
CN = "〇一二三四五六七八九"


def told(
    born: Callable[[date], Any] = date.isoformat, paper: Callable[[str], Any] = str, homes: Any = HOMES
) -> list[list[Any]]:
    rows = []
    for place, home in enumerate(homes, 1):
        for first, (name, relation, sex, day) in enumerate(home):
            own = ["", "", ""] if first else [place, home[0][0], len(home)]
            rows.append(
                [*own, name, relation, sex, paper(NUMBERS[name]), born(day), f"周岭村{place}组", "13855660000", ""]
            )
    return rows


def agrees(intake: Intake, homes: Any = HOMES) -> None:
    assert families(intake) == [[each[0] for each in home] for home in homes]
    for name, person in persons(intake).items():
        born = next(each[3] for home in homes for each in home if each[0] == name)
        assert (person.state["id_number"], person.state["birth_date"]) == (NUMBERS[name], born.isoformat())


def text(rows: list[list[Any]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([HEADER, *rows])
    return out.getvalue()


def spelt(value: int) -> str:
    tens, rest = divmod(value, 10)
    return ("" if tens < 2 else CN[tens]) + ("十" if tens else "") + (CN[rest] if rest else "")


def year_spelt(day: date) -> str:
    return "".join(CN[int(figure)] for figure in str(day.year))


DAYS: dict[str, Callable[[date], Any]] = {
    "spelt out": lambda day: f"{year_spelt(day)}年{spelt(day.month)}月{spelt(day.day)}日",
    "廿 and 卅": lambda day: f"{day.year}年{day.month}月{spelt(day.day).replace('二十', '廿').replace('三十', '卅')}日",
    "民国": lambda day: f"民国{day.year - 1911}年{day.month}月{day.day}日",
    "民國, spelt": lambda day: f"民國{spelt(day.year - 1911)}年{spelt(day.month)}月{spelt(day.day)}日",
    "公元": lambda day: f"公元{day.year}年{day.month}月{day.day}日",
    "生": lambda day: f"{day.year}年{day.month}月{day.day}日生",
    "a word behind": lambda day: f"{day.year}.{day.month}.{day.day}（身份证）",
    "blanks": lambda day: f"{day.year} {day.month} {day.day}",
    "tildes": lambda day: f"{day.year}~{day.month}~{day.day}",
    "a serial as text": lambda day: str((day - date(1899, 12, 30)).days),
}


@pytest.mark.parametrize("way", DAYS)
def test_a_birthday_however_it_is_written(way: str) -> None:
    intake = read(book(("周岭村", [HEADER, *told(born=DAYS[way])])))
    agrees(intake)
    assert codes(intake) == []


def test_a_lunar_birthday_is_another_day_and_is_said() -> None:
    intake = read(book(("周岭村", [HEADER, *told(born=lambda day: f"{day.year}年{day.month}月{day.day}日（农历）")])))
    assert codes(intake) == ["unreadable_date"] * len(NUMBERS)


PAPERS: dict[str, Callable[[str], Any]] = {
    "joiners and marks nobody sees": lambda paper: f"\u200b{paper[:6]}\u00ad{paper[6:]}\ufeff",
    "a direction mark": lambda paper: f"\u202d{paper}\u202c",
    "another alphabet's X": lambda paper: paper.replace("X", "Х"),
    "cut in three": lambda paper: f"{paper[:6]} {paper[6:14]}\u3000{paper[14:].lower()}",
    "two lines": lambda paper: f"{paper[:10]}\n{paper[10:]}",
}


@pytest.mark.parametrize("way", PAPERS)
def test_a_number_however_it_came_into_the_cell(way: str) -> None:
    intake = read(book(("周岭村", [HEADER, *told(paper=PAPERS[way])])))
    agrees(intake)
    assert codes(intake) == []


def test_a_number_written_by_a_program_that_had_rounded_it_is_lost() -> None:
    rounded = "341799195502062016"
    assert int(float(rounded)) == int(rounded), "one of the numbers a float can hold"
    intake = read(book(("周岭村", [HEADER, *told(paper=lambda _paper: f"{rounded}.0")])))
    assert set(codes(intake)) == {"id_lost_digits"}
    old = read(book(("周岭村", [HEADER, *told(paper=lambda paper: f"{paper[:6]}{paper[8:17]}.0")])))
    assert "id_lost_digits" not in codes(old), "fifteen figures fit into a number cell"


WORDS = (
    ["户编号", "户主名", "在册人数", "救助对象姓名", "户主关系", "性别（男/女）", "公民身份证号", "出生日", "现居住地", "移动电话", "备注"],
    ["编号", "户 主", "总人口", "*成员姓名", "与户主\n关系", "性 别", "身份证件号", "出生\n年月日", "实际居住地址", "本人电话", "说明"],
)  # fmt: skip


@pytest.mark.parametrize("words", WORDS, ids=lambda words: words[0])
def test_other_words_in_another_order(words: list[str]) -> None:
    order = [3, 6, 4, 0, 1, 2, 8, 5, 7, 10, 9]
    rows = [[row[place] for place in order] for row in (words, *told())]
    agrees(
        read(
            book(
                ("周岭村", [["二〇二六年花名册"], ["填报单位：周岭村", "", "日期：2026.11"], *rows, ["合计", "3户", 6]])
            )
        )
    )


def xml_workbook(rows: list[list[Any]]) -> bytes:
    def cell(place: int, value: Any) -> str:
        return f'<Cell ss:Index="{place}"><Data ss:Type="String">{value}</Data></Cell>' if value != "" else ""

    lines = "".join(f"<Row>{''.join(cell(*each) for each in enumerate(row, 1))}</Row>" for row in rows)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="周岭村"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "numbers kept as formulas of text": lambda: text(told(paper=lambda paper: f'="{paper}"')).encode("gb18030"),
    "a page of 2003's xml": lambda: xml_workbook([list(HEADER), *told()]),
    "tabs in UTF-16": lambda: text(told(), "\t").encode("utf-16"),
    "semicolons behind a byte order mark": lambda: text(told(), ";").encode("utf-8-sig"),
    "a separator told in the first line": lambda: ("sep=,\n" + text(told())).encode("utf-8"),
}


@pytest.mark.parametrize("file", FILES)
def test_the_same_village_out_of_every_kind_of_file(file: str) -> None:
    agrees(read(FILES[file](), "周岭村.xls"))


def test_a_second_sheet_without_a_header_goes_on_with_the_first_ones_columns() -> None:
    intake = read(book(("周岭村1组", [HEADER, *told(homes=HOMES[:2])]), ("周岭村2组", told(homes=HOMES[2:]))))
    agrees(intake)
    assert codes(intake) == ["header_of_sheet_before"]
    moved = [[row[6], *row[:6], *row[7:]] for row in told(homes=HOMES[2:])]
    other = read(book(("周岭村1组", [HEADER, *told(homes=HOMES[:2])]), ("周岭村2组", moved)))
    assert codes(other) == ["sheet_without_header"], "columns in another order are not guessed"


def packed(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, book(("周岭村", [HEADER, *told()])))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed("周岭村.xlsx"), "intake.archive"),
        (packed("mimetype", "content.xml"), "intake.open_document"),
        (b"%PDF-1.7\n1 0 obj", "intake.not_a_table"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "intake.not_a_table"),
        (book(("周岭村", [HEADER])), "intake.no_rows"),
        (text(told()).encode("gb18030") + b"\xff\xff\x80", r"intake.not_text at 台账.xlsx/8"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         "intake.not_a_workbook"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_what_it_is(data: bytes, code: str) -> None:
    with pytest.raises(InputError, match=code):
        read(data)


LEADS = {
    "number": "WX-88", "source": "县医保局", "name": "彭䶮", "paper": NUMBERS["彭䶮"], "place": "周岭村2组",
    "content": "自付医疗费高", "issued": "11月18日", "deadline": "7个自然日",
}  # fmt: skip


def leads(header: list[str], *keys: str, **other: str) -> Intake:
    return read(book(("预警", [header, [{**LEADS, **other}[key] for key in keys]])), "预警.xlsx")


def test_a_lead_list_in_words_nobody_told_us() -> None:
    header = [
        "派单编号",
        "移送单位",
        "困难对象",
        "身份证",
        "户籍地址",
        "风险预警内容",
        "派单日期",
        "最晚反馈截止日期",
        "反馈内容",
        "网格员",
    ]
    keys = ("number", "source", "name", "paper", "place", "content", "issued", "deadline", "nothing", "nothing")
    intake = leads(header, *keys, deadline="2026年11月27日", nothing="")
    (lead,) = intake.documents
    assert codes(intake) == []
    assert lead.area == "341799101201-001"
    assert {key: lead.state[key] for key in ("number", "source", "person_name", "content", "issued_on", "due_on")} == {
        "number": "WX-88", "source": "县医保局", "person_name": "彭䶮", "content": "自付医疗费高",
        "issued_on": "2026-11-18", "due_on": "2026-11-27",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "due", "urgent"),
    [("7个自然日", "2026-11-25", None), ("7个工作日", "2026-11-27", None), ("一周内", "2026-11-25", None),
     ("月底前", "2026-11-30", None), ("立即", "2026-11-19", True), ("当日办结", "2026-11-19", True)],
)  # fmt: skip
def test_working_days_natural_days_and_at_once(words: str, due: str, urgent: bool | None) -> None:
    header = ["预警编号", "姓名", "预警内容", "下发日期", "办理时限"]
    (lead,) = leads(header, "number", "name", "content", "issued", "deadline", deadline=words).documents
    assert (lead.state["due_on"], lead.state.get("urgent")) == (due, urgent)


def test_every_reason_not_to_read_a_file_is_told_with_what_to_do() -> None:
    """The command has words for whatever the readers raise."""
    sources = [path.read_text(encoding="utf-8") for path in Path(intake_room.__file__).parent.glob("*.py")]
    raised = {code for source in sources for code in re.findall(r'InputError\(\s*"(intake\.\w+)"', source)}
    assert len(raised) > 10
    assert {code for code in raised if not refusal(code)} == set()
