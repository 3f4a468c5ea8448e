"""The bad habits of ledgers, one by one: where the header is, what a family is, what is no person at all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflows.intake.makers import HEADER, book, codes, families, number, persons, read, read_rows

WANG, LI, ZHAO = number("1950-03-05", 1), number("1952-07-09", 2), number("1980-01-20", 3)
SUN, QIAN = number("1948-05-17", 5), number("1986-11-02", 8)


def row(name: str, relation: str = "", id_number: Any = "", **cells: Any) -> list[Any]:
    """A row under the usual header; ``cells`` by label."""
    values = {"姓名": name, "与户主关系": relation, "身份证号码": id_number, **cells}
    return [values.get(label) for label in HEADER]


def test_relation_alone_parts_families() -> None:
    intake = read_rows(
        row("王一", "户主", WANG), row("李二", "配偶", LI), row("孙三", "户主", SUN), row("钱四", "之妻", QIAN)
    )
    assert families(intake) == [["王一", "李二"], ["孙三", "钱四"]]
    relations = [p.state["membership"]["relation"] for p in persons(intake).values()]
    assert relations == ["head", "spouse", "head", "spouse"]


def test_household_numbers_part_families_even_without_a_head() -> None:
    header = ["户号", "姓名", "与户主关系", "身份证号"]
    rows = [["7", "王一", "户主", WANG], ["7", "李二", "配偶", LI]]
    rows += [["8", "赵三", "子", ZHAO], ["8", "孙四", "父亲", SUN]]
    intake = read(book(("周岭村", [header, *rows])))
    assert families(intake) == [["王一", "李二"], ["赵三", "孙四"]]
    assert "family_without_head" in codes(intake, 4)


def test_a_head_column_alone_parts_families() -> None:
    header = ["户主姓名", "姓名", "身份证号", "性别"]
    rows = [["王一", "王一", WANG, "男"], [None, "李二", LI, "女"]]
    rows += [["孙三", "孙三", SUN, "男"], ["孙三", "钱四", QIAN, "女"]]
    intake = read(book(("周岭村", [header, *rows])))
    assert families(intake) == [["王一", "李二"], ["孙三", "钱四"]]


def test_serials_of_families_and_serials_of_rows_are_told_apart() -> None:
    first = (row("王一", "户主", WANG, 序号=1), row("李二", "配偶", LI))
    by_family = read_rows(*first, row("赵三", "母亲", ZHAO, 序号=2), row("孙四", "子", SUN))
    assert families(by_family) == [["王一", "李二"], ["赵三", "孙四"]]
    by_row = read_rows(
        row("王一", "户主", WANG, 序号=1), row("李二", "配偶", LI, 序号=2), row("孙三", "户主", SUN, 序号=3)
    )
    assert families(by_row) == [["王一", "李二"], ["孙三"]]


def test_merged_cells_hold_a_family_together_but_a_blank_line_under_them_does_not() -> None:
    header = ["户主", "姓名", "身份证号", "住址"]
    rows = [["王一", "王一", WANG, "周岭村3组1号"], [None, "李二", LI, None], ["孙三", "孙三", SUN, "周岭村4组2号"]]
    intake = read(book(("周岭村", [header, *rows]), merges=("A2:A3", "D2:D3")))
    assert families(intake) == [["王一", "李二"], ["孙三"]]
    shifted = read_rows(
        row("王一", "户主", WANG), [None] * 11, row("孙三", "户主", SUN), row("钱四", "配偶", QIAN), merges=("A3:A4",)
    )
    assert families(shifted) == [["王一"], ["孙三", "钱四"]]


def test_two_families_behind_one_door_stay_two() -> None:
    first = row("王一", "户主", WANG, 家庭住址="周岭村3组9号")
    intake = read_rows(first, row("李二", "户主", LI, 家庭住址="同上"), row("赵三", "子", ZHAO))
    assert families(intake) == [["王一"], ["李二", "赵三"]]
    doors = [d.state["doors"]["d1"]["number"] for d in intake.documents if d.type == "household"]
    assert doors == ["3组9号", "3组9号"]


def test_header_in_two_lines_with_merged_groups() -> None:
    top = ["序号", "户主情况", None, "家庭成员情况", None, None, "住址"]
    low = [None, "姓名", "身份证号", "姓名", "关系", "身份证号", None]
    rows = [
        [1, "王一", WANG, "王一", "户主", WANG, "周岭村3组1号"],
        [None, None, None, "李二", "配偶", LI, None],
    ]
    merges = ("A1:G1", "B3:C3", "D3:F3", "A3:A4", "G3:G4")
    intake = read(book(("周岭村", [["周岭村困难家庭花名册"], [], top, low, *rows]), merges=merges))
    assert families(intake) == [["王一", "李二"]]
    assert intake.source == "周岭村困难家庭花名册"
    assert [line.fate for line in intake.lines] == ["title", "header", "header", "imported", "imported"]


def test_columns_in_any_order_with_other_words() -> None:
    header = ["备注", "公民身份号码", "联系方式", "称谓", "成员姓名（必填）", "出生年月", "门牌号", "组别"]
    intake = read(book(("竹园村", [header, [None, WANG, "0566-1234567", "本人", "王一", "1950.3", "12号", "3组"]])))
    person = persons(intake)["王一"]
    assert person.state["birth_date"] == "1950-03-05"
    household = next(d for d in intake.documents if d.type == "household")
    assert (household.state["phone"], household.state["address"]) == ("0566-1234567", "12号")
    assert household.area == "341799101202-001"


def test_totals_groups_notes_and_signatures_are_no_people() -> None:
    intake = read_rows(
        ["3组"],
        row("王一", "户主", WANG),
        ["本页小计", None, 1],
        list(HEADER),
        row("李二", "户主", LI),
        [None, "合计", 2],
        ["注：以上人员均已核实，如有变动请及时上报"],
        ["制表人：", None, None, "审核人：", None, None, "负责人："],
        merges=("A2:K2",),
    )
    fates = {line.row: line.fate for line in intake.lines}
    want = ["header", "group", "imported", "total", "header", "imported", "total", "note", "footer"]
    assert fates == dict(enumerate(want, start=1))
    assert families(intake) == [["王一"], ["李二"]]
    areas = {d.area for d in intake.documents}
    assert areas == {"341799101201-001"}


def test_a_head_count_that_differs_and_one_that_agrees() -> None:
    intake = read_rows(
        row("王一", "户主", WANG, 家庭人口="3人"), row("李二", "配偶", LI), row("孙三", "户主", SUN, 家庭人口=1)
    )
    assert codes(intake, 2) == ["member_count_differs"]
    assert "member_count_differs" not in codes(intake, 4)


def test_one_person_twice_is_one_person_across_sheets() -> None:
    first = [HEADER, row("王一", "户主", WANG), row("李　二", "配偶", LI)]
    second = [HEADER, row("李二", "户主", f"{LI[:6]} {LI[6:]}"), row("孙三", "户主", SUN)]
    intake = read(book(("周岭村", first), ("竹园村", second)))
    assert families(intake) == [["王一", "李二"], ["孙三"]]
    again = next(p for p in intake.problems if p.code == "duplicate_person")
    assert (again.sheet, again.row, again.detail) == ("竹园村", 2, "周岭村 第 3 行")


def test_one_number_under_two_names_is_two_people_to_look_at() -> None:
    intake = read_rows(row("王一", "户主", WANG), row("李二", "配偶", WANG))
    assert families(intake) == [["王一", "李二"]]
    assert codes(intake, 3) == ["id_of_two_names"]


def test_people_without_papers_come_in_with_their_reason() -> None:
    intake = read_rows(row("王一", "户主", "无", 备注="低保户，未上户口"), row("李二", "配偶", None))
    assert codes(intake) == ["no_id", "no_id"]
    assert persons(intake)["王一"].state["no_id_reason"] == "未上户口"
    assert "id_number" not in persons(intake)["李二"].state


def test_a_row_without_a_name_is_refused_and_named() -> None:
    nameless = (row("", "配偶", LI), row("", "子", None, 联系电话="13500000000"))
    intake = read_rows(row("王一", "户主", WANG, 家庭人口=2), *nameless)
    assert [line.fate for line in intake.lines] == ["header", "imported", "refused", "refused"]
    assert codes(intake, 3) == codes(intake, 4) == ["row_without_name"]


def test_unknown_columns_and_remarks_are_kept_as_written() -> None:
    header = [*HEADER, "民族", "帮扶责任人"]
    intake = read(book(("周岭村", [header, [*row("王一", "户主", WANG, 备注="腿脚不便"), "土家族", "郑二"]])))
    assert persons(intake)["王一"].state["imported"] == {"民族": "土家族", "帮扶责任人": "郑二", "备注": "腿脚不便"}


def test_programs_tiers_and_disabilities() -> None:
    header = [*HEADER, "人员类别", "残疾类别等级", "月保障金额(元)"]
    rows = [
        [*row("王一", "户主", WANG), "低保边缘", "视力残疾 1级", None],
        [*row("李二", "户主", LI), "低保", "精神二级", "1,200.00元"],
        [*row("赵三", "子", ZHAO), "特困", "心脏病", 640],
    ]
    intake = read(book(("周岭村", [header, *rows])))
    homes = [d for d in intake.documents if d.type == "household"]
    assert [entry["policy"] for entry in homes[0].state["programs"].values()] == ["edge"]
    programs = homes[1].state["programs"]
    assert programs["r3"] == {"@row": True, "policy": "dibao", "amount_month": 120000}
    assert programs["r4"]["person"] == persons(intake)["赵三"].id
    assert [home.state["tier"] for home in homes] == [2, 1]
    assert persons(intake)["李二"].state["disability"] == {"kind": "mental", "level": 2}
    assert persons(intake)["赵三"].state["imported"] == {"残疾类别等级": "心脏病"}


@pytest.mark.parametrize(
    ("words", "nature"),
    [("农业", "agricultural"), ("非农业家庭户口", "non_agricultural"), ("居民户口", "resident"), ("不详", None)],
)
def test_the_kind_of_register(words: str, nature: str | None) -> None:
    intake = read(book(("周岭村", [[*HEADER, "户口性质"], [*row("王一", "户主", WANG), words]])))
    assert intake.documents[0].state.get("nature") == nature


def test_numbers_as_text_serial_dates_and_real_dates() -> None:
    from datetime import datetime

    intake = read_rows(
        row("王一", "户主", WANG, 出生日期=18327, 家庭人口="４"),
        row("李二", "配偶", None, 出生日期=datetime(1952, 7, 9)),  # noqa: DTZ001
        row("赵三", "子", None, 出生日期="1980/1"),
        row("孙四", "子", None, 出生日期="不详"),
    )
    births = [p.state.get("birth_date") for p in persons(intake).values()]
    assert births == ["1950-03-05", "1952-07-09", "1980-01", None]
    assert "unreadable_date" in codes(intake, 5)


def test_sex_and_birth_against_the_number() -> None:
    intake = read_rows(row("王一", "户主", WANG, 性别="女", 出生日期="1951-03-05"), row("李二", "配偶", LI, 性别="女"))
    assert codes(intake, 2) == ["birth_differs_from_id", "sex_differs_from_id"]
    assert codes(intake, 3) == []


def test_hidden_sheets_and_rows_are_read_and_said() -> None:
    data = book(("周岭村", [HEADER, row("王一", "户主", WANG), row("李二", "配偶", LI)]), hidden_rows=[3], hidden=True)
    intake = read(data)
    assert families(intake) == [["王一", "李二"]]
    assert set(codes(intake)) == {"hidden_sheet", "hidden_row"}


def test_cover_sheets_are_named_not_dropped() -> None:
    intake = read(book(("填表说明", [["请按要求填写"], ["每人一行"]]), ("周岭村", [HEADER, row("王一", "户主", WANG)])))
    assert codes(intake) == ["sheet_without_header"]
    assert [(line.sheet, line.fate) for line in intake.lines][:2] == [("填表说明", "note"), ("填表说明", "note")]


def test_formulas_nobody_calculated_are_said() -> None:
    intake = read_rows(row("王一", "户主", WANG, 家庭人口="=1+1", 出生日期="=DATE(1950,3,5)"))
    assert codes(intake, 2).count("formula_without_value") == 2


def test_a_ledger_of_heads_only() -> None:
    header = ["序号", "户主姓名", "身份证号", "家庭人口", "住址"]
    rows = [[1, "王一", WANG, 4, "周岭村1组1号"], [2, "李二", LI, 2, "周岭村1组2号"]]
    intake = read(book(("Sheet1", [header, *rows])))
    assert families(intake) == [["王一"], ["李二"]]
    assert codes(intake) == []


def test_tables_side_by_side_are_not_half_read_in_silence() -> None:
    header = ["姓名", "身份证号", "住址", "姓名", "身份证号", "住址"]
    intake = read(book(("周岭村", [header, ["王一", WANG, "1组", "李二", LI, "2组"]])))
    assert codes(intake).count("column_twice") == 3
    assert persons(intake)["王一"].state["imported"]["姓名"] == "李二"


@pytest.mark.parametrize(
    ("sheet", "address", "target", "area"),
    [
        ("周岭村", "周岭村3组26号", None, "341799101201-001"),
        ("周岭村", "五组九号", None, "341799101201-002"),
        ("Sheet1", "柏叶镇周岭村2组", None, "341799101201-001"),
        ("周岭村", "26号", None, "341799101201"),
        ("Sheet1", "9组26号", None, None),
        ("Sheet1", "9组26号", "341799101201", "341799101201"),
        ("Sheet1", "2组26号", "341799101201", "341799101201-001"),
        ("Sheet1", "", "341799101201-002", "341799101201-002"),
        ("Sheet1", "新庄村一组", None, None),
        ("Sheet1", "石桥镇新庄村一组", None, "341799102201-001"),
        ("Sheet1", "新庄村1组", "341799102", "341799102201-001"),
    ],
)
def test_area_from_what_the_sheet_calls_it(sheet: str, address: str, target: str | None, area: str | None) -> None:
    intake = read_rows(row("王一", "户主", WANG, 家庭住址=address), sheet=sheet, target=target)
    assert {d.area for d in intake.documents} == {area}


@pytest.mark.parametrize(
    ("line", "fate"),
    [
        (["一、低保户"], "note"),
        (["共 2 户 3 人"], "total"),
        ([None, "共2户"], "total"),
        ([1, 2, 3, 4, 5, 6, 7], "note"),
        (["第 1 页 共 3 页"], "note"),
        (["竹园村三组（12户）"], "group"),
        ([None, None, None, None, None, None, None, None, None, "13500000001"], "refused"),
        ([None, None, None, None, None, None, None, None, None, None, "详见附件"], "refused"),
    ],
)
def test_lines_between_people(line: list[Any], fate: str) -> None:
    intake = read_rows(row("王一", "户主", WANG), line, row("李二", "配偶", LI))
    assert [each.fate for each in intake.lines] == ["header", "imported", fate, "imported"]
    assert families(intake)[0][0] == "王一"


def test_the_head_named_only_in_his_own_column() -> None:
    intake = read_rows(row("", "户主", WANG, 户主姓名="王一"), row("李二", "配偶", LI))
    assert families(intake) == [["王一", "李二"]]


def test_several_names_in_one_cell_are_flagged() -> None:
    intake = read_rows(row("王一、王二", "户主", WANG), row("李三\n李四", "子", None))
    assert [codes(intake, 2), codes(intake, 3)] == [["strange_name"], ["no_id", "strange_name"]]


def test_a_short_list_of_people_is_a_ledger_and_one_with_reasons_a_list_of_leads() -> None:
    people = ["编号", "姓名", "身份证号", "家庭住址", "联系电话", "备注"]
    intake = read(book(("周岭村", [people, ["1", "王一", WANG, "3组1号", None, None]])))
    assert intake.kind == "ledger"
    leads = ["编号", "姓名", "身份证号", "住址", "预警原因", "下发日期"]
    intake = read(book(("11月", [leads, ["1", "王一", WANG, "周岭村3组1号", "失业", "20261118"]])))
    assert intake.kind == "leads"
