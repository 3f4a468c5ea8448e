"""The public notice (公示): surname, number of members and amount, nothing else (社会救助法, trade.md); it says when it
comes down and ends with the right to 复议 and 诉讼. Help for children is never posted."""

from __future__ import annotations

from datetime import timedelta

from fieldapp.domain.documents import Household, rows
from fieldapp.domain.identity_number import mask_name
from fieldapp.errors import RefusedError, StateError
from fieldapp.policy.api import yuan
from fieldapp.reports.content import Grid, Line, Paper, Section, Words
from fieldapp.store.api import ReadTx
from fieldapp.workflows.actor import Actor
from fieldapp.workflows.papers.asking import Ask, family_name, family_size, imprint_of_area
from fieldapp.workflows.places import places
from fieldapp.workflows.report_data_layout import layout
from fieldapp.workflows.report_words import POLICIES, words

#: Never posted: children without carers (trade.md, "Visit report"), and what is given before any check (no notice).
NEVER_POSTED = frozenset({"swwrfy", "orphan", "child_rehab", "temp_fast"})
HEAD = ("序号", "村（社区）", "申请人", "人数", "金额（元/月）")


def paper(tx: ReadTx, actor: Actor, ask: Ask) -> Paper:
    """``ask.subject`` is an area, ``ask.policy`` the programme, the period the months it was granted since.

    Raises RefusedError ``refused.notice`` for what is never posted, StateError ``report.nothing``.
    """
    if ask.policy in NEVER_POSTED:
        raise RefusedError("refused.notice")
    names, choices = places(tx), layout(tx)["notice"]
    start = ask.printed_at.astimezone().date()
    end = start + timedelta(days=int(choices["days"]))
    found, documents = [], []
    for view in tx.of_type("household", ask.subject):
        for _key, program in rows(Household.read(view.id, view.state).programs):
            if program.get("policy") == ask.policy and ask.holds(program.get("since")):
                head, _ = family_name(tx, view.id)
                amount = yuan(program["amount_month"]) if program.get("amount_month") else ""
                people = str(family_size(tx, actor, view.id))
                found.append((names.name(view.area[:12]), mask_name(head), people, amount))
                documents.append(view.id)
    if not found:
        raise StateError("report.nothing")
    listed = tuple((str(n), *row) for n, row in enumerate(sorted(found), 1))
    what = words(POLICIES, ask.policy)
    sections = (
        Section("", (Words(f"按照社会救助有关规定，现将{what}拟确认（已确认）对象公示如下，接受监督。"),)),
        Section("", (Grid("", HEAD, listed, (0.8, 2.6, 1.6, 1, 1.6)),)),
        Section("", (
            Line("公示时间", f"{start.isoformat()} 至 {end.isoformat()}，期满撤下"), Line("监督电话", "　"),
            Words(str(choices["appeal"])),
        )),
    )  # fmt: skip
    return Paper(
        imprint_of_area(tx, actor, ask, ask.subject, f"{what}公示"), sections, tuple(documents), numbered=False,
        manner="large",
    )  # fmt: skip
