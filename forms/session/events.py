"""Preloads and setvalue actions: what the form itself writes, and when."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from forms.definition.plan import Action, Plan
from forms.environment import Environment
from forms.expression.moments import iso_moment
from forms.session.casting import calculated_text
from forms.session.recalculation import Recalculation
from forms.session.tree import Answer

FIRST_LOAD = "odk-instance-first-load"
LOAD = "odk-instance-load"
NEW_REPEAT = "odk-new-repeat"
VALUE_CHANGED = "xforms-value-changed"
MAX_DEPTH = 20


class Events:
    """Runs actions on a session's answers."""

    def __init__(self, plan: Plan, recalculation: Recalculation, env: Environment) -> None:
        self.plan = plan
        self.recalculation = recalculation
        self.env = env
        self.new_row_actions = [a for a in plan.actions if NEW_REPEAT in a.events]
        self.muted = False
        self._depth = 0
        recalculation.value_changed = self.value_changed

    def loaded(self, first: bool) -> None:
        """The instance is there; ``first`` when nobody has filled anything yet."""
        for action in self.plan.actions:
            if (first and FIRST_LOAD in action.events) or LOAD in action.events:
                self._run(action, self.recalculation.root)

    def new_row(self, row: Answer) -> None:
        for action in self.new_row_actions:
            target = action.target_plan
            inside = target is not None and row.plan in target.repeats
            if inside:
                self._run(action, row)

    def value_changed(self, node: Answer) -> None:
        if self.muted or self._depth > MAX_DEPTH:
            return  # actions that set one another off
        self._depth += 1
        try:
            for action in node.plan.actions:
                self._run(action, node)
        finally:
            self._depth -= 1

    def _run(self, action: Action, context: Answer) -> None:
        recalculation = self.recalculation
        recalculation.run()
        targets = recalculation.evaluate(action.target, context) if action.target.text else ""
        if not targets and VALUE_CHANGED in action.events:
            targets = self._hidden(action, context)
        for target in targets if isinstance(targets, list) else []:
            if not isinstance(target, Answer):
                continue
            value = recalculation.evaluate(action.value, target) if action.value else action.text
            text = calculated_text(value, target.plan.data_type, self.env.zone)
            if text != target.value:
                recalculation.assign(target, text)
                if not target.touched:
                    recalculation.journal.write(target, "touched", True)

    def _hidden(self, action: Action, context: Answer) -> list[Answer]:
        """Paths do not see irrelevant nodes; a changed value is written to them all the same."""
        plan = action.target_plan
        if plan is None or "[" in action.target.text:
            return []
        around = context.repeat_rows()
        nodes = [self.recalculation.root]
        for step in plan.above()[1:]:
            if step.is_attribute:
                return []
            found = [m for n in nodes for m in n.named(step.name)]
            nodes = [m for m in found if any(m is row for row in around)] or found
        return nodes

    def preload(self) -> None:
        """jr:preload: identifiers, times and properties; what they give stands over a default."""
        for node in self.recalculation.root.walk():
            kind = node.plan.preload
            if kind:
                text = self._preloaded(kind, node.plan.preload_params)
                if text:
                    self.recalculation.assign(node, text)

    def _preloaded(self, kind: str, params: str) -> str:
        now = self.env.now().astimezone(self.env.zone)
        if kind == "uid":
            return "uuid:" + str(uuid.UUID(int=self.env.random.getrandbits(128), version=4))
        if kind == "timestamp":
            return iso_moment(now) if params == "start" else ""
        if kind == "date":
            return _preloaded_date(now, params)
        if kind == "property":
            return self.recalculation.world.property(params)
        return ""

    def finish(self) -> None:
        """The end timestamp, written when the form is finished."""
        now = iso_moment(self.env.now().astimezone(self.env.zone))
        for node in self.recalculation.root.walk():
            if node.plan.preload == "timestamp" and node.plan.preload_params == "end":
                self.recalculation.assign(node, now)


def _preloaded_date(now: datetime, params: str) -> str:
    if params == "today":
        return now.date().isoformat()
    if params.startswith("prevperiod"):
        return (now.date() - timedelta(days=30)).isoformat()
    return ""

