"""Forms begun and not submitted: what a draft keeps beside its answers.

Read by Today at the start of the window, so nothing of the form engine is imported here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.store.api import Draft, ReadTx

DRAFT = "visit"
#: A draft as it was before it was moved to a newer form, kept until its visit is submitted.
DRAFT_BEFORE = "visit_before"
HOME_VISIT = "home_visit"
#: Forms whose submissions are reports: collectors may write them and nobody reviews them as a visit.
REPORT_FORMS = frozenset({"report_of_difficulty", "collector_report"})
#: Forms that are visits of their own, also when a matter's step asks for one.
VISIT_FORMS = frozenset({HOME_VISIT, "revisit", "phone_visit", "lead_verification", "policy_telling"})


@dataclass(frozen=True)
class Header:
    """What a draft keeps beside its answers; ``mends`` the visit was returned and is being mended.

    ``matter`` and ``step``: the matter's step this is done for, ``row`` the person it is about, ``corrects`` the entry
    it takes the place of. A step's own form (``fills_step``) is kept in the matter, a visit on its own; what is
    ``sealed`` its author does not read again. ``rechecks`` is the visit a blind second one is about: nothing that one
    said is shown. ``gone``: person id -> why a member taken out of the form left (``GONE``)."""

    visit: str
    household: str
    area: str
    purpose: str
    lead: str | None
    round: str | None
    form_id: str
    form_version: str
    started_at: str
    mends: bool = False
    matter: str = ""
    step: str = ""
    row: str = ""
    corrects: str = ""
    rechecks: str = ""
    sealed: bool = False
    gone: Mapping[str, str] = field(default_factory=dict)

    @property
    def fills_step(self) -> bool:
        return bool(self.step) and self.form_id not in VISIT_FORMS

    @property
    def owner(self) -> str:
        """The document photos, signatures and files belong to."""
        return self.matter if self.fills_step else self.visit

    @property
    def document_type(self) -> str:
        return "report" if self.form_id in REPORT_FORMS else "visit"


def team_of(text: str | None) -> list[str]:
    """Names written in one line: ``陈芳、王敏`` or apart by blanks. A dot within a name holds it together."""
    return [name for name in re.split(r"[\s、，,；;]+", text or "") if name]


def unfinished(tx: ReadTx) -> list[tuple[Draft, Header]]:
    """Drafts of visits and of matters' steps, the newest first."""
    return [(draft, Header(**draft.body["header"])) for draft in tx.drafts() if draft.kind == DRAFT]
