"""Forms nobody here wrote for this engine: they load and can be filled to their end."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from forms import api
from forms.session.session import Session
from tests.forms.making import env, fill
from tests.forms.robot import fill_to_end

FORMS = {
    "census with members and a roster note": """
| survey |
| | type | name | label | relevant | constraint | constraint_message | required | calculation | appearance | repeat_count | hint | choice_filter | parameters | default |
| | start | start | | | | | | | | | | | | |
| | today | today | | | | | | | | | | | | |
| | text | hh_name | Household head? | | string-length(.) >= 2 | Too short | yes | | | | Full name | | | |
| | integer | hh_size | How many people? | | . >= 1 and . <= 12 | 1 to 12 | yes | | | | | | | 2 |
| | begin_repeat | person | Person | | | | | | field-list | ${hh_size} | | | | |
| | calculate | idx | | | | | | position(..) | | | | | | |
| | text | name1 | Name of person ${idx} | | | | yes | | | | | | | |
| | date | dob | Birth date of ${name1} | | . <= today() | Not in the future | | | | | | | | |
| | calculate | age | | | | | | int((today() - ${dob}) div 365.25) | | | | | | |
| | select_one sex | sex | Sex | | | | yes | | likert | | | | | |
| | select_multiple ill | ill | Illnesses | ${age} > 5 | not(selected(., 'none') and count-selected(.) > 1) | None alone | | | | | | | | |
| | integer | weeks | Weeks pregnant | ${sex} = 'f' and ${age} > 14 and ${age} < 50 | . < 45 | | | | | | | | | |
| | end_repeat | | | | | | | | | | | | | |
| | calculate | women | | | | | | count(${person}[${sex} = 'f']) | | | | | | |
| | calculate | first_child | | | | | | indexed-repeat(${name1}, ${person}, 1) | | | | | | |
| | note | sum_note | ${hh_name}: ${women} women, first ${first_child} | | | | | | | | | | | |
| | begin_group | home | Home | | | | | | | | | | | |
| | select_one own or_other | own | Who owns it? | | | | | | | | | | | |
| | decimal | area | Area in m2 | | . > 0 | | | | | | | | | |
| | range | satisfaction | How content? | | | | | | picker | | | | start=0 end=10 step=2 | |
| | geopoint | gps | Place | | | | | | placement-map | | | | | |
| | image | photo | Photo | | | | | | annotate | | | | max-pixels=1024 | |
| | end_group | | | | | | | | | | | | | |
| | acknowledge | consent | I agree | | | | yes | | | | | | | |
| choices |
| | list_name | name | label |
| | sex | f | Female |
| | sex | m | Male |
| | ill | none | None |
| | ill | cough | Cough |
| | ill | fever | Fever |
| | own | us | Us |
| | own | landlord | Landlord |
""",
    "cascade in a repeat with a language switch": """
| survey |
| | type | name | label::English (en) | label::French (fr) | hint::English (en) | choice_filter | required | appearance | calculation |
| | begin_repeat | trip | Trip | Voyage | | | | | |
| | select_one county | county | County | Comté | Pick one | | yes | minimal | |
| | select_one town | town | Town in ${county} | Ville | | county = ${county} | yes | | |
| | rank town | liked | Rank towns | Classez | | county = ${county} | | | |
| | time | at | When | Quand | | | | | |
| | dateTime | exact | Exactly | Exactement | | | | | |
| | barcode | code | Code | Code | | | | | |
| | end_repeat | | | | | | | | |
| | calculate | towns | | | | | | | join(', ', ${town}) |
| | text | again | Visited ${towns} | Visité | | | | multiline | |
| choices |
| | list_name | name | label::English (en) | label::French (fr) | county |
| | county | k | King | Roi | |
| | county | q | Queen | Reine | |
| | town | k1 | Kone | Kun | k |
| | town | k2 | Ktwo | Kdeux | k |
| | town | q1 | Qone | Qun | q |
""",
    "nested groups and repeats without labels": """
| survey |
| | type | name | label | relevant | calculation | required | constraint |
| | begin group | a | | | | | |
| | begin repeat | b | | | | | |
| | begin group | c | | | | | |
| | integer | d | D | | | yes | |
| | begin repeat | e | E | ${d} > 0 | | | |
| | integer | f | F | | | yes | . < ${d} |
| | calculate | g | | | ${f} + ${d} + count(${e}) + position(../..) | | |
| | end repeat | | | | | | |
| | calculate | h | | | sum(${g}) | | |
| | end group | | | | | | |
| | end repeat | | | | | | |
| | end group | | | | | | |
| | hidden | secret | | | | | |
| | calculate | i | | | sum(${h}) * 2 div 3 | | |
| | text | j | ${i} | ${i} > 1 | | yes | regex(., '[A-Z]-[0-9]+') |
""",
    "tables, matrix and dates": """
| survey |
| | type | name | label | appearance | required | constraint | relevant | calculation |
| | begin_group | grid | Grid | table-list | | | | |
| | select_one scale | s1 | Row one | | yes | | | |
| | select_one scale | s2 | Row two | | yes | | | |
| | end_group | | | | | | | |
| | date | from1 | From | month-year | yes | | | |
| | date | to1 | To | | yes | . >= ${from1} | | |
| | calculate | days | | | | | | decimal-date-time(${to1}) - decimal-date-time(${from1}) |
| | calculate | nice | | | | | | format-date(${to1}, '%e %b %Y') |
| | calculate | score | | | | | | ${s1} + ${s2} |
| | text | why | Why | | | | ${score} >= 4 and not(${days} > 400) | |
| | calculate | band | | | | | | if(${score} > 3, 'high', if(${score} > 2, 'middle', 'low')) |
| | geotrace | path | Path | | | | | |
| | calculate | metres | | | | | | distance(${path}) |
| | audio | voice | Voice | | | | | |
| choices |
| | list_name | name | label |
| | scale | 1 | Low |
| | scale | 2 | Middle |
| | scale | 3 | High |
""",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_it_loads_and_can_be_filled_to_its_end(name: str) -> None:
    session = fill(FORMS[name])
    assert fill_to_end(session) == ()
    done = session.finalise()
    ET.fromstring(done.xml)
    assert api.read_submission(session.definition, done.xml)
    json.dumps(done.answers)
    while session.can_undo:
        session.undo()
    again = Session.open(session.definition, env(), draft=json.loads(json.dumps(session.save())))
    assert again.answers() == session.answers()


def test_a_house_of_four_is_counted() -> None:
    session = fill(FORMS["census with members and a roster note"])
    session.set("/hh_size", 4)
    fill_to_end(session)
    assert session.view("/women").text == "4"
    assert session.view("/sum_note").label == "王桂兰: 4 women, first 王桂兰"


def test_the_recorded_forms_of_another_engine_load_and_can_be_filled(shared: Path) -> None:
    data = json.loads((shared / "conformance" / "scenario_cases.json").read_text(encoding="utf-8"))
    finished = loaded = 0
    for xml in data["forms"].values():
        definition = api.load_xform(xml.encode())
        files: dict[str, bytes | list[dict[str, str]]] = {f: [] for f in definition.external_files}
        session = Session.open(definition, env(instances=files))
        loaded += 1
        finished += not fill_to_end(session, rounds=4)
    assert loaded == len(data["forms"])
    assert finished / loaded > 0.95
