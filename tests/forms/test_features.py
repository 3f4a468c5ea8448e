"""The features of the standard that counties use: lists, files, events, entities, media."""

from __future__ import annotations

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import env, fill, form, problems, workbook

CASCADE = """
| survey |
| | type | name | label | choice_filter | parameters | calculation |
| | select_one town | town | 镇 | | | |
| | select_one village | village | 村 | town = ${town} | | |
| | calculate | village_name | | | | jr:choice-name(${village}, '${village}') |
| | select_multiple village | seen | 去过 | town = ${town} | | |
| | rank need | order | 排序 | | | |
| | select_one need | shuffled | 需要 | | randomize=true seed=42 | |
| choices |
| | list_name | name | label | town |
| | town | e | 东镇 | |
| | town | w | 西镇 | |
| | village | e1 | 东一村 | e |
| | village | e2 | 东二村 | e |
| | village | w1 | 西一村 | w |
| | need | food | 粮食 | |
| | need | coal | 取暖 | |
| | need | care | 照料 | |
| | need | cash | 现金 | |
"""


def test_a_narrower_list_drops_what_is_no_longer_in_it() -> None:
    session = fill(CASCADE)
    assert session.view("/village").choices == ()
    session.set("/town", "e")
    assert [c.label for c in session.view("/village").choices] == ["东一村", "东二村"]
    session.set("/village", "e2")
    session.set("/seen", ["e2", "e1"])
    assert session.view("/seen").value == ("e1", "e2")
    assert session.view("/village_name").text == "东二村"
    changes = session.set("/town", "w")
    assert changes.values == {"/town", "/village", "/seen", "/village_name"}
    assert {"/village", "/seen"} <= changes.choices
    assert session.view("/village").value is None
    session.undo()
    assert session.view("/village").value == "e2"
    assert [c.value for c in session.view("/village").choices] == ["e1", "e2"]


def test_a_ranking_keeps_the_order_given() -> None:
    session = fill(CASCADE)
    session.set("/order", ["cash", "food", "care", "coal"])
    assert session.answers()["order"] == ["cash", "food", "care", "coal"]


def test_a_seeded_order_is_the_same_everywhere() -> None:
    first, again = fill(CASCADE), fill(CASCADE)
    order = [c.value for c in first.view("/shuffled").choices]
    assert order == [c.value for c in again.view("/shuffled").choices]
    assert sorted(order) == ["care", "cash", "coal", "food"]


FILES = """
| survey |
| | type | name | label | calculation | choice_filter |
| | select_one_from_file villages.csv | village | 村 | | |
| | calculate | households | | instance('villages')/root/item[name = ${village}]/households | |
| | csv-external | prices | | | |
| | calculate | price | | pulldata('prices', 'yuan', 'name', 'coal') | |
| | select_one_from_file grids.geojson | grid | 网格 | | |
| | calculate | where | | instance('grids')/root/item[id = ${grid}]/geometry | |
"""
GRIDS = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "g1",
 "properties": {"title": "\xe4\xb8\x80\xe7\xbb\x84"}, "geometry": {"type": "Point", "coordinates": [120.5, 30.25]}}]}"""


def files(**changes: object) -> api.Environment:
    given: dict[str, object] = {
        "villages.csv": "name;label;households\r\nv1;东村;120\r\nv2;西村;80\r\n".encode("utf-8-sig"),
        "prices": [{"name": "coal", "yuan": "900"}],
        "grids.geojson": GRIDS,
    }
    return env(instances={**given, **changes})


def test_lists_come_from_files() -> None:
    session = Session.open(form(FILES), files())
    assert [c.label for c in session.view("/village").choices] == ["东村", "西村"]
    session.set("/village", "v2")
    session.set("/grid", "g1")
    assert session.view("/households").text == "80"
    assert session.view("/price").text == "900"
    assert session.view("/where").text == "30.25 120.5 0 0"
    assert [c.label for c in session.view("/grid").choices] == ["一组"]


def test_a_missing_file_is_named() -> None:
    with pytest.raises(api.FormErrors) as caught:
        Session.open(form(FILES), env())
    assert "villages.csv" in caught.value.problems[0].text("zh")


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x01", b"{", b"[]", b'{"type": "FeatureCollection", "features": [{}]}'])
def test_an_unreadable_file_is_named(data: bytes) -> None:
    with pytest.raises(api.FormErrors) as caught:
        Session.open(form(FILES), files(**{"grids.geojson": data}))
    assert caught.value.problems[0].code == "instance.unreadable"


EVENTS = """
| survey |
| | type | name | label | calculation | trigger | default | readonly |
| | start | started | | | | | |
| | deviceid | device | | | | | |
| | text | price | 价 | | | | |
| | calculate | price_at | | now() | ${price} | | |
| | text | copied | 抄 | concat(${price}, '!') | ${price} | | |
| | begin_repeat | row | 行 | | | | |
| | text | made | 建 | | | now() | |
| | integer | n | 数 | | | position(..) | |
| | end_repeat | | | | | | |
| | end | ended | | | | | |
"""


def test_the_form_writes_when_its_events_come() -> None:
    session = Session.open(form(EVENTS), env(device_id="laptop-3", username="w"))
    assert session.view("/device").text == "laptop-3"
    assert session.view("/started").text == "2026-11-21T09:30:00.000+08:00"
    assert session.view("/price_at").text == ""
    session.set("/price", "12")
    assert session.view("/price_at").text == "2026-11-21T09:30:00.000+08:00"
    assert session.view("/copied").text == "12!"
    session.set("/copied", "mine")
    assert session.view("/copied").text == "mine"
    session.add_row("/row")
    assert [session.view(f"{r}/n").value for r in session.children("/row")] == [1, 2]
    assert session.view("/ended").text == ""
    assert session.finalise().answers["ended"] == "2026-11-21T09:30:00.000+08:00"


ENTITIES = """
| survey |
| | type | name | label | save_to | relevant |
| | csv-external | people | | | |
| | text | address | 地址 | households#address | |
| | begin_repeat | member | 成员 | | |
| | text | who | 姓名 | people#full_name | |
| | integer | age | 年龄 | people#age | ${who} != '' |
| | text | pid | 编号 | | |
| | end_repeat | | | | |
| entities |
| | list_name | label | entity_id | create_if | update_if |
| | households | ${address} | | | |
| | people | ${who} | coalesce(${pid}, uuid()) | ${pid} = '' | ${pid} != '' |
"""


def test_people_and_households_are_created_and_updated_row_by_row() -> None:
    session = Session.open(form(ENTITIES), env())
    session.set("/address", "东坡 3 号")
    session.set("/member/1/who", "张")
    session.add_row("/member", "p7")
    session.set("/member/p7/pid", "person-7")
    session.set("/member/p7/who", "李")
    session.set("/member/p7/age", 61)
    new, known, household = session.finalise().entities
    assert (new.dataset, new.action, new.label, new.row_id) == ("people", "create", "张", "/member/1")
    assert len(new.entity_id) == 36
    assert (known.action, known.entity_id) == ("update", "person-7")
    assert known.properties == {"full_name": "李", "age": "61"}
    assert (household.dataset, household.action, household.properties) == (
        "households", "create", {"address": "东坡 3 号"},
    )  # fmt: skip


def test_media_and_images_are_named() -> None:
    session = fill("""
| survey |
| | type | name | label | media::image |
| | image | door | 门 | door.png |
| | file | paper | 证明 | |
""")
    assert session.view("/door").media == {"image": "door.png"}
    session.set("/door", "IMG_1.jpg")
    session.set("/paper", "a.pdf")
    done = session.finalise()
    assert done.attachments == ("IMG_1.jpg", "a.pdf")


def test_table_list_and_field_list_are_told_to_the_window() -> None:
    definition = form("""
| survey |
| | type | name | label | appearance |
| | begin_group | g | 组 | field-list |
| | text | a | 甲 | multiline |
| | select_one yn | b | 乙 | minimal autocomplete |
| | end_group | | | |
| choices |
| | list_name | name | label |
| | yn | y | 是 |
""")
    assert definition.nodes["/g"].appearance == ("field-list",)
    assert definition.nodes["/g/b"].appearance == ("minimal", "autocomplete")
    assert definition.nodes["/g"].children == ("/g/a", "/g/b")


def test_a_note_asks_nothing_and_a_calculation_has_no_control() -> None:
    definition = form(
        EVENTS.replace("| text | price | 价 |", "| note | told | 注意 | | | | |\n| | text | price | 价 |")
    )
    kinds = {n.id: n.kind for n in definition.nodes.values()}
    assert kinds["/told"] is api.Kind.NOTE
    assert kinds["/price_at"] is api.Kind.VALUE
    assert kinds["/row"] is api.Kind.REPEAT
    assert "/meta" not in kinds


def test_compiling_warns_of_what_is_not_wrong() -> None:
    compiled = api.compile_xlsform(workbook("| survey |\n| | type | name | label |\n| | image | a | 照片 |"))
    assert compiled.warnings
    assert problems("| survey |\n| | type | name | label |\n| | image | a | 照片 |") == []


def test_members_written_a_moment_ago_can_be_chosen() -> None:
    session = fill("""
| survey |
| | type | name | label | choice_filter |
| | begin_repeat | member | 成员 | |
| | text | who | 姓名 | |
| | integer | age | 年龄 | |
| | end_repeat | | | |
| | select_one ${who} | carer | 照护人 | ${age} > 17 |
""")
    session.set("/member/1/who", "王五")
    session.set("/member/1/age", 50)
    session.add_row("/member", "b")
    assert "/carer" in session.set("/member/b/age", 20).choices
    assert "/carer" in session.set("/member/b/who", "赵六").choices
    assert [c.label for c in session.view("/carer").choices] == ["王五", "赵六"]
    session.set("/carer", "赵六")
    assert session.set("/member/b/age", 12).values == {"/member/b/age", "/carer"}
    assert session.view("/carer").value is None


def test_compiling_quickly_gives_what_pyxform_gives() -> None:
    from pyxform.xls2xform import convert

    for markdown in (CASCADE, EVENTS, ENTITIES):
        data = workbook(markdown)
        assert api.compile_xlsform(data).xml == convert(xlsform=data, file_type=".xlsx").xform.encode()
