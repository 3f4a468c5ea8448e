"""A plan in numbers and words: what its import would do, said on the button that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.workflows.intake.plan import ImportPlan
from fieldapp.workflows.intake.problems import FLAG, NOTE, REFUSED, Problem
from ui.words import t

#: problems that say: this may be somebody who is already there
DUPLICATES = frozenset({
    "duplicate_person", "maybe_duplicate_person", "known_under_another_row", "maybe_known", "id_of_two_names",
    "same_number_again", "same_number_other_content", "same_person_same_reason_new_number", "row_holds_someone_else",
})  # fmt: skip
VIEWS = ("all", REFUSED, FLAG, "duplicate", NOTE)


@dataclass(frozen=True)
class Account:
    """``views`` are the problems by tab; ``refused_rows`` and ``flagged_rows`` are disjoint counts of rows."""

    rows: int
    households: int
    people: int
    leads: int
    changed: int
    unchanged: int
    refused_rows: int
    flagged_rows: int
    views: Mapping[str, Sequence[Problem]]

    @property
    def created(self) -> int:
        return self.households + self.people + self.leads

    @property
    def does_nothing(self) -> bool:
        return not self.created and not self.changed

    @property
    def to_mend(self) -> int:
        return self.refused_rows + self.flagged_rows


def account_of(plan: ImportPlan) -> Account:
    counts, problems = plan.counts, plan.problems
    refused = {(p.sheet, p.row) for p in problems if p.severity == REFUSED}
    flagged = {(p.sheet, p.row) for p in problems if p.severity == FLAG} - refused
    changed = sum(number for name, number in counts.items() if name.startswith("changed_"))
    views: dict[str, Sequence[Problem]] = {"all": problems}
    for severity in (REFUSED, FLAG, NOTE):
        views[severity] = [p for p in problems if p.severity == severity]
    views["duplicate"] = [p for p in problems if p.code in DUPLICATES]
    return Account(
        plan.intake.rows_read, counts.get("new_household", 0), counts.get("new_person", 0), counts.get("new_lead", 0),
        changed, plan.unchanged, len(refused), len(flagged), views,
    )  # fmt: skip


def what_comes(account: Account) -> str:
    """``80 户 203 人``, ``62 条预警``, ``改动 3 处``: what is new and what changes."""
    parts = []
    if account.households or account.people:
        parts.append(t("importing.families", homes=f"{account.households:,}", people=f"{account.people:,}"))
    if account.leads:
        parts.append(t("importing.leads", n=account.leads))
    if account.changed:
        parts.append(t("importing.changes", n=account.changed))
    return t("importing.and").join(parts)


def consequence(account: Account) -> str:
    """The words of the button that imports."""
    out = t("importing.out", n=account.refused_rows) if account.refused_rows else ""
    return t("importing.do", what=what_comes(account)) + out
