"""A county's workbook: every fault with its sheet, row and column, in both languages, with the remedy."""

from __future__ import annotations

import pytest

from forms import api
from forms.words import problem_words
from tests.forms.making import TJB, problems

GOOD = f"""
| survey |
| | type | name | label | relevant | constraint | calculation | choice_filter | repeat_count | required | default | bind::tjb:fact | bind::tjb:unknown-of | save_to |
| | text | who | 姓名 | | | | | | | | | | full_name |
| | integer | age | 年龄 | ${{who}} != '' | . < 150 | | | | yes | | person.age | | |
| | select_one state | age_unk | 年龄不清 | | | | | | | | | age | |
| | select_one colour | colour | 颜色 | | | | kind = ${{who}} | | | red | | | |
| | begin_repeat | child | 孩子 | | | | | ${{age}} | | | | | |
| | text | name1 | 名字 | | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | |
| | calculate | total | | | | ${{age}} + 1 | | | | | | | |
| choices |
| | list_name | name | label | kind |
| | state | unclear | 不清楚 | |
| | state | refused | 拒答 | |
| | colour | red | 红 | a |
| | colour | blue | 蓝 | b |
| entities |
| | list_name | label |
| | people | ${{who}} |
| settings |
| | form_id | version | namespaces |
| | f | 1 | {TJB} |
"""
FAULTS = [
    ("${age} + 1", "${age} + ", "expression.syntax", 9, "calculation"),
    ("${age} + 1", "summe(${age})", "expression.function", 9, "calculation"),
    ("${age} + 1", "round()", "expression.arity", 9, "calculation"),
    ("${age} + 1", "/data/agee + 1", "expression.path", 9, "calculation"),
    ("${age} + 1", "../child/nme", "expression.path", 9, "calculation"),
    ("${age} + 1", "${agee} + 1", "pyxform.PYREF_003", 9, "calculation"),
    ("${age} + 1", "${total} + 1", "form.circle", 9, "calculation"),
    ("${age} + 1", "if(selected(${colour}, 'green'), 1, 2)", "expression.choice", 9, "calculation"),
    ("${age} + 1", "if('green' = ${colour}, 1, 2)", "expression.choice", 9, "calculation"),
    ("${age} + 1", "regex(${who}, '[a-')", "expression.regex", 9, "calculation"),
    ("${age} + 1", "instance('towns')/root/item[1]/name", "expression.instance", 9, "calculation"),
    ("${who} != ''", "${who} !== ''", "expression.syntax", 3, "relevant"),
    (". < 150", ". < 150 and", "expression.syntax", 3, "constraint"),
    ("kind = ${who}", "kind = (${who}", "expression.syntax", 5, "choice_filter"),
    ("| ${age} |", "| ${name1} |", "repeat.count_inside", 6, "repeat_count"),
    ("| red |", "| green |", "expression.choice", 5, "default"),
    ("person.age", "person.agge", "fact.unknown", 3, "bind::tjb:fact"),
    ("full_name", "name", "pyxform.NAMES_012", 2, "save_to"),
    ("select_one colour |", "select_one color |", "pyxform.other", 5, ""),
    ("| unclear | 不清楚 |", "| maybe | 也许 |", "fact.companion", 4, "bind::tjb:unknown-of"),
    (
        "| age | |\n| | select_one colour",
        "| agee | |\n| | select_one colour",
        "fact.unknown_of",
        4,
        "bind::tjb:unknown-of",
    ),
    ("| | text | who | 姓名", "| | text | 姓 名 | 姓名", "pyxform.NAMES_008", 2, "name"),
    ("end_repeat", "end_group", "pyxform.SURVEY_001", 8, ""),
    ("| blue | 蓝 |", "| red | 蓝 |", "pyxform.NAMES_007", 5, ""),
]


def test_a_good_form_has_no_problems() -> None:
    assert problems(GOOD, {"person.age"}) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "row", "column"), FAULTS, ids=[f"{f[2]}-{n}" for n, f in enumerate(FAULTS)]
)
def test_a_fault_is_named_with_its_cell(old: str, new: str, code: str, row: int, column: str) -> None:
    assert GOOD.count(old) >= 1
    found = problems(GOOD.replace(old, new, 1), {"person.age"})
    assert code in [p.code for p in found], found
    problem = next(p for p in found if p.code == code)
    assert problem.row == row
    if column:
        assert problem.column == column
    for language in ("zh", "en"):
        assert problem.remedy(language)
        assert "{" not in problem.text(language).replace("${", "")
    assert problem.message("zh") != problem.message("en")


def test_all_faults_are_found_at_once() -> None:
    broken = GOOD.replace("${age} + 1", "foo()").replace(". < 150", ". <").replace("person.age", "person.x")
    assert [(p.row, p.code) for p in problems(broken, {"person.age"})] == [
        (3, "fact.unknown"), (3, "expression.syntax"), (9, "expression.function")
    ]  # fmt: skip


def test_two_questions_must_not_write_one_property() -> None:
    two = GOOD.replace(
        "| total | | | | ${age} + 1 | | | | | | | |", "| total | | | | ${age} + 1 | | | | | | | Full_Name |"
    )
    assert any(p.code in ("entity.collision", "pyxform.ENTITY_002") for p in problems(two, {"person.age"}))


def test_longer_circles_are_told_by_their_names() -> None:
    circle = GOOD.replace("${age} + 1", "${b}").replace(
        "| choices |",
        "| | calculate | b | | | | ${c} | | | | | | | |\n| | calculate | c | | | | ${total} | | | | | | | |\n| choices |",
    )
    (problem,) = problems(circle, {"person.age"})
    assert (problem.code, problem.row) == ("form.circle", 9)
    assert "total, b, c" in problem.message("zh")


def test_a_circle_of_showing_is_one_too() -> None:
    circle = GOOD.replace("| who | 姓名 | |", "| who | 姓名 | ${age} > 1 |")
    assert [p.code for p in problems(circle, {"person.age"})] == ["form.circle"]


def test_counting_rows_until_the_last_answer_says_no_is_allowed() -> None:
    assert (
        problems("""
| survey |
| | type | name | label | calculation | repeat_count |
| | begin_repeat | child | 孩子 | | ${wanted} |
| | select_one yn | more | 还有吗 | | |
| | end_repeat | | | | |
| | calculate | last | | indexed-repeat(${more}, ${child}, ${wanted}) | |
| | calculate | wanted | | if(count(${child}) = 0 or ${last} = 'yes', count(${child}) + 1, count(${child})) | |
| choices |
| | list_name | name | label |
| | yn | yes | 是 |
| | yn | no | 否 |
""")
        == []
    )


def test_facts_are_unchecked_without_a_vocabulary() -> None:
    assert problems(GOOD.replace("person.age", "whatever")) == []


def test_every_problem_has_words_in_both_languages() -> None:
    from forms.words import _table

    for code, entry in _table()["problems"].items():
        for language in ("zh", "en"):
            said = problem_words(code, {}, language)
            assert all(said), code
        assert set(entry) == {"zh", "en"}  # type: ignore[call-overload]


def test_a_compiled_form_reopens_from_its_xml() -> None:
    from tests.forms.making import workbook

    compiled = api.compile_xlsform(workbook(GOOD), vocabulary={"person.age"})
    again = api.load_xform(compiled.xml)
    assert dict(again.nodes) == dict(compiled.definition.nodes)
    assert again.nodes["/age"].companion == "/age_unk"
    assert again.nodes["/age"].fact == "person.age"
    assert again.facts() == {"person.age": "/age"}
