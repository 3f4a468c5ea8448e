"""Every bundled form compiles, passes ODK Validate, and is filled here as the trade would fill it."""

from __future__ import annotations

import functools
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fieldapp.policy.vocabulary import vocabulary
from forms import shipped
from forms.api import CompiledForm, Environment, FormIncomplete, FormSession, compile_xlsform, open_session

FOLDER = Path(__file__).resolve().parents[3] / "forms" / "definitions"
WORKBOOKS = sorted(FOLDER.glob("*.xlsx"))
ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 21)
PHOTO = "blob-1"

EXPECTED = {
    "action_done", "adjustment_decision", "application_acceptance", "case_conference", "closing",
    "collector_report", "county_visit", "crisis_followup", "crisis_opening", "decision", "democratic_review",
    "elder_ability", "emergency_help", "emergency_papers", "emergency_response", "harm_notified", "harm_report",
    "hearing", "home_visit", "information_check", "joint_task", "lead_verification", "living_situation_score",
    "mutual_aid_notice", "mutual_aid_payment", "mutual_aid_vote", "near_relative_filing", "neighbour_inquiry",
    "notice_closed", "payment", "phone_visit", "policy_telling", "public_notice", "recheck_found", "referral_answer",
    "referral_letter", "report_of_difficulty", "revisit", "self_care", "service_closing", "service_task",
    "spending_proof", "supplement_received", "told_in_writing", "undertaking",
}  # fmt: skip


#: What the program puts into a form before it is shown: the county's quorum of two thirds, decided by more than half.
KNOWN = {
    "mutual_aid_vote": {
        "basics": {"quorum_top": "2", "quorum_bottom": "3", "decision_top": "1", "decision_bottom": "2", "at_most": "1000"}
    }
}


@functools.cache
def compiled(name: str) -> CompiledForm:
    return compile_xlsform(FOLDER / f"{name}.xlsx", vocabulary=frozenset(vocabulary()))


def opened(name: str) -> FormSession:
    env = Environment(now=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=ZONE), zone=ZONE)
    return open_session(compiled(name).definition, env, prefill=KNOWN.get(name))


def add_row(session: FormSession, repeat: str, answers: dict[str, Any]) -> None:
    """The first row still empty takes the answers, else a new one."""
    first = next(iter(answers))
    empty = [row for row in session.children(repeat) if session.view(f"{row}/{first}").value is None]
    row = empty[0] if empty else session.add_row(repeat).rows_added[0].row_id
    for name, value in answers.items():
        session.set(f"{row}/{name}", value)


def fact(session: FormSession, name: str) -> Any:
    return next(answer.value for answer in session.facts() if answer.fact == name)


def test_all_the_forms_of_the_trade_are_here() -> None:
    assert {path.stem for path in WORKBOOKS} == EXPECTED


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_compiled_twin_is_fresh(name: str) -> None:
    """After a workbook was edited: ``python -m forms ship``."""
    assert shipped.twin(FOLDER / f"{name}.xlsx").read_bytes() == compiled(name).xml


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_it_compiles_in_both_languages(name: str) -> None:
    form = compiled(name)
    assert form.definition.id == name
    assert len(form.definition.languages) == 2
    assert not form.warnings
    for node in form.definition.walk():
        if node.fact:
            assert node.fact in vocabulary()


def test_odk_validate_accepts_them_all(tmp_path: Path) -> None:
    import pyxform

    jar = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
    if not shutil.which("java") or not jar.exists():
        pytest.skip("no Java here: ODK Validate has NOT looked at the forms")
    files = []
    for name in sorted(EXPECTED):
        files.append(tmp_path / f"{name}.xml")
        files[-1].write_bytes(compiled(name).xml)
    looked = subprocess.run(["java", "-jar", str(jar), *map(str, files)], capture_output=True, text=True, check=False)
    assert looked.returncode == 0, looked.stderr[-3000:]


BASICS = {"/basics/by": "李秀"}
FILLED: dict[str, dict[str, Any]] = {
    "report_of_difficulty": {
        "/what/signals": ("illness", "child"), "/what/urgent": "no", "/what/whom": "household", "/what/how_known": "seen",
    },
    "collector_report": {"/what/person_name": "周老", "/what/place": "3组9号", "/what/signals": ("job",), "/what/urgent": "no"},
    "lead_verification": BASICS | {
        "/check/met": "self", "/check/outcome": "true_needs_help", "/check/seen": "丈夫肝癌术后，在家卧床",
        "/check/next_steps": ("assess", "apply"), "/check/near_relative": "no", "/check/answer_words": "情况属实，已入户评估",
        "/check/sign_by": PHOTO,
    },
    "self_care": BASICS | {
        "/basics/by_2": "陈芳", "/basics/person_name": "逄某", "/six/eating": "yes", "/six/dressing": "yes", "/six/bed": "yes",
        "/six/toilet": "yes", "/six/walking_indoors": "yes", "/six/bathing": "no", "/signing/sign_1": PHOTO, "/signing/sign_2": PHOTO,
    },
    "living_situation_score": BASICS | {
        "/basics/by_2": "陈芳", "/items/house": "poor", "/items/appliance": "few", "/items/food": "enough", "/items/labour": "one",
        "/items/illness": "many", "/items/debt": "heavy", "/signing/sign_1": PHOTO, "/signing/sign_2": PHOTO,
    },
    "elder_ability": {
        "/result/person_name": "周母", "/result/assessor": "县评估中心 何平", "/result/assessed_on": date(2026, 10, 8),
        "/result/total": 60, "/result/level": "2",
    },
    "phone_visit": BASICS | {"/basics/talked_to": "邓涛", "/basics/reached": "yes", "/talk/state": "normal", "/talk/visit_needed": "no"},
    "emergency_help": BASICS | {
        "/emergency/events": ("traffic",), "/emergency/words": "车祸手术后在危房里养伤", "/emergency/place": "月亮湖社区",
        "/emergency/people": 2, "/emergency/hardship": "yes", "/done/measures": ("cash", "relocate"), "/done/amount": 1500,
        "/done/relocated_to": "社区安置点", "/done/given_at": "2026-11-21T08:30:00.000+08:00", "/done/sign_receiver": PHOTO,
        "/done/sign_by": PHOTO,
    },
    "mutual_aid_vote": BASICS | {
        "/basics/for_whom": "小范", "/basics/reason": "白血病失业", "/basics/asked": 1000, "/basics/committee": 6,
        "+/votes": {"member": "甲", "vote": "for"}, "+/votes ": {"member": "乙", "vote": "for"},
        "+/votes  ": {"member": "丙", "vote": "for"}, "+/votes   ": {"member": "丁", "vote": "against"},
        "/result/amount": 1000,
    },
    "mutual_aid_notice": {
        "/notice/name": "范哲", "/notice/amount": 1000, "/notice/days": 7, "/notice/balance": 23500,
    },
    "service_task": BASICS | {
        "/basics/service": "labour", "/basics/what": "十天内帮采茶", "/basics/provider": "镇志愿者队", "/basics/due": date(2026, 11, 30),
    },
    "service_closing": BASICS | {
        "/basics/served_on": TODAY, "/basics/hours": 12, "/basics/done": "采茶 60 斤", "/basics/photo": PHOTO,
        "/basics/family_word": "帮了大忙", "/basics/satisfied": "5", "/basics/sign_family": PHOTO,
    },
    "crisis_followup": BASICS | {
        "/basics/session": 2, "/basics/permission": "yes", "/session_part/level": "watch", "/session_part/seen": "能正常吃饭睡觉",
        "/session_part/done": "陪同谈话", "/session_part/closed": "no", "/session_part/next_on": date(2026, 11, 28),
    },
    "case_conference": BASICS | {
        "/basics/chair": "王敏", "/basics/question": "黎家能否给支出型临时救助", "+/opinions": {"department": "civil", "opinion": "可以"},
        "+/opinions ": {"department": "medical", "opinion": "已结算"}, "/decision/decision_text": "公示后按两人给予",
        "/decision/responsible": "镇民政所", "/decision/by_when": date(2026, 12, 1), "/decision/minutes": "李秀",
        "+/actions": {"who": "civil", "what": "公示后发放", "until": date(2026, 12, 1)},
    },
    "undertaking": {
        "/words/person_name": "肖雨", "/words/undertakes": "yes", "/words/authorises": "yes", "/words/capacity": "self",
        "/words/sign": PHOTO,
    },
    "neighbour_inquiry": BASICS | {
        "/basics/by_2": "陈芳", "+/neighbours": {"who": "neighbour", "agrees": "yes", "said": "一家五口，男的得了重病"},
        "/summary/summary_text": "与申报一致",
    },
    "policy_telling": BASICS | {
        "/basics/present_member": "邓光明",
        "+/policies": {"policy_name": "困难残疾人生活补贴", "told": "yes", "understood": "partly", "wish": "apply"},
        "+/policies ": {"policy_name": "高龄津贴", "told": "no"},
        "/proof_of_it/proof": "photo", "/proof_of_it/photo": PHOTO,
    },
    "revisit": BASICS | {
        "/basics/by_2": "陈芳", "/basics/present_member": "周老", "/since/state": "better", "/since/changed": "已在附近上班",
        "/since/help_arrived": "yes", "/since/urgent": "no", "/since/income_changed": "yes", "/since/wage_month": 4000,
        "/since/close": "yes",
    },
}  # fmt: skip


def as_filled(name: str) -> FormSession:
    session = opened(name)
    for where, value in FILLED[name].items():
        if where.startswith("+"):
            add_row(session, where[1:].strip(), value)
        else:
            session.set(where, value)
    return session


@pytest.mark.parametrize("name", sorted(FILLED))
def test_it_is_filled_to_the_end(name: str) -> None:
    session = as_filled(name)
    assert [problem.node_id for problem in session.problems()] == []
    submission = session.finalise()
    assert submission.form_id == name
    assert submission.xml.startswith(b"<")


@pytest.mark.parametrize("name", sorted(FILLED))
def test_empty_it_says_what_is_missing(name: str) -> None:
    with pytest.raises(FormIncomplete) as incomplete:
        opened(name).finalise()
    assert all(problem.node_id for problem in incomplete.value.problems)


def test_one_item_failed_is_partial_and_four_are_full() -> None:
    session = as_filled("self_care")
    assert session.answers()["six"]["level"] == "partial"
    for item in ("eating", "dressing", "bed"):
        session.set(f"/six/{item}", "no")
    assert session.answers()["six"]["level"] == "full"
    session.set("/six/toilet_unk", "unclear")
    assert session.answers()["six"]["level"] == "full", "four failed items decide, whatever the rest says"
    for item in ("eating", "dressing", "bed", "bathing"):
        session.set(f"/six/{item}", "yes")
    assert not session.answers()["six"].get("level"), "not assessed to the end"


def test_the_demonstration_score_adds_up() -> None:
    assert int(fact(as_filled("living_situation_score"), "visit.living_score")) == 10 + 5 + 20 + 12 + 0 + 0


def test_a_level_that_does_not_fit_the_total_is_stopped() -> None:
    session = as_filled("elder_ability")
    session.set("/result/level", "0")
    assert [p.node_id for p in session.problems()] == ["/result/level"]


def test_the_vote_needs_two_thirds_present_and_more_than_half_of_them() -> None:
    session = as_filled("mutual_aid_vote")
    assert session.answers()["result"]["passed"] == "yes"
    session.set("/basics/committee", 7)
    assert session.answers()["result"]["quorum"] == "no", "4 of 7 are fewer than two thirds"


def test_the_notice_hides_the_name() -> None:
    assert as_filled("mutual_aid_notice").answers()["notice"]["masked_name"] == "范*"


def test_a_crisis_is_not_closed_in_danger() -> None:
    session = as_filled("crisis_followup")
    session.set("/session_part/level", "danger")
    session.set("/session_part/closed", "yes")
    assert "/session_part/closed" in [p.node_id for p in session.problems()]


def test_without_the_countys_quorum_nobody_says_it_passed() -> None:
    env = Environment(now=lambda: datetime(2026, 11, 21, 9, 0, tzinfo=ZONE), zone=ZONE)
    session = open_session(compiled("mutual_aid_vote").definition, env)
    for where, value in FILLED["mutual_aid_vote"].items():
        if where.startswith("+"):
            add_row(session, where[1:].strip(), value)
        elif where != "/result/amount":
            session.set(where, value)
    assert session.answers()["result"]["passed"] == "unset"
