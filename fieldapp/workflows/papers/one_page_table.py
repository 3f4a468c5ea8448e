"""The visit on one page, as a table (入户核查情况登记表): members, the facts the county chose, conclusion, signatures.

Which facts stand in it is the county's (``report_layout``, ``one_page``); they are named by the vocabulary, so that any
form that binds them fills the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fieldapp.domain.documents import Visit
from fieldapp.domain.pointers import get
from fieldapp.policy.api import fact_info
from fieldapp.reports.content import Grid, Line, Paper, Part, Section, SignHere
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, asked_document, family_name, imprint_for
from fieldapp.workflows.people import Member, members_of
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data import draft_reason
from fieldapp.workflows.report_data_answers import local_time, spoken
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.report_data_masking import hide_answer
from fieldapp.workflows.report_data_rules import amount_words, assessment_of
from fieldapp.workflows.report_words import PURPOSES, RELATIONS, SEXES, fact_word, words
from forms import api as forms
from forms.api import FormDefinition

HEAD = ("姓名", "关系", "性别", "年龄", "证号", "健康、残疾", "在读、从业")
WIDTHS = (1.5, 1.1, 0.7, 0.7, 2.6, 1.7, 1.7)
SIGNED = ("调查人（两人）", "家庭成员", "乡镇负责人（盖章）")


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is a visit."""
    view = asked_document(tx, ask, "visit", "report")
    visit = Visit.read(view.id, view.state)
    form = ask.forms(visit.form_id or "", visit.form_version)
    chosen = layout(tx)["one_page"]
    head, address = family_name(tx, visit.household or "")
    about = (
        Line("户主", head), Line("住址", address), Line("所属网格", places(tx).grid_words(view.area)),
        Line("走访时间", local_time(visit.finished_at or "")), Line("走访缘由", words(PURPOSES, visit.purpose)),
    )  # fmt: skip
    family = members_of(tx, visit.household or "", actor.today())
    said = Said(form, visit.answers)
    sections = (
        Section("", about), Section("", (Grid("家庭成员", HEAD, tuple(map(_member, family)), WIDTHS),)),
        Section("", tuple(said.lines(fact for row in chosen["facts"] for fact in row))),
        Section("", tuple(said.lines(chosen["words"]))), Section("", tuple(_result(visit.assessment))),
        Section("", (SignHere(SIGNED),)),
    )  # fmt: skip
    return Paper(
        imprint_for(tx, actor, ask, view, str(chosen["title"])), tuple(s for s in sections if s.parts), (view.id,),
        draft_reason(tx, view), f"{form.title()}（{form.id}，版本 {form.version}）", numbered=False,
    )  # fmt: skip


class Said:
    """What a form says about facts of the household, masked."""

    def __init__(self, form: FormDefinition, answers: Mapping[str, Any]) -> None:
        self.form, self.answers = form, answers
        self.asked = form.facts()

    def lines(self, facts: Any) -> Iterator[Line]:
        """A line per fact that was answered, in the words of the vocabulary."""
        for fact in facts:
            text = self._text(fact)
            if text:
                yield Line(fact_info(fact).zh, text)

    def _text(self, fact: str) -> str:
        node = self.form.node(self.asked[fact]) if fact in self.asked else None
        if node is None or node.repeats:
            return ""
        value = get(self.answers, node.id)
        if value is not None:
            return hide_answer(node, spoken(self.form, node, value))
        said = get(self.answers, node.companion) if node.companion else None
        return forms.answer_text(self.form, node.companion, said) if said is not None else ""


def _member(one: Member) -> tuple[str, ...]:
    health = "、".join(filter(None, (one.illness, f"残疾{one.disability}级" if one.disability else "")))
    number = one.id_masked or (f"无证：{one.no_id_reason}" if one.no_id_reason else "")
    return (
        one.name, words(RELATIONS, one.relation), words(SEXES, one.sex), "" if one.age is None else str(one.age),
        number, health, "、".join(filter(None, (_school(one), fact_word("member.work", one.work)))),
    )  # fmt: skip


def _school(one: Member) -> str:
    return fact_word("member.school", one.school)


def _result(frozen: Mapping[str, Any]) -> Sequence[Part]:
    result = assessment_of(frozen)
    if result is None:
        return ()
    fits = [program for program in result.programs if str(program.verdict) == "first_match"]
    told = "\n".join(f"{program.name[0]}：{program.state_words()}　{amount_words(program)}" for program in fits)
    open_ = "、".join(p.name[0] for p in result.programs if str(p.verdict) == "to_check")
    return [
        Line("政策比对（仅供参考）", told or "没有初步符合的"), *([Line("待核实", open_)] if open_ else []),
        Line("需求", "、".join(result.need_names())),
        Line("圈层、风险", f"{result.tier.words()}，{result.risk.words()}"),
    ]  # fmt: skip
