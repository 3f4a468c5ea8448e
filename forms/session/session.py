"""A form being filled: the one object windows and workflows hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms.definition.model import FormDefinition, NodeDef, Type
from forms.definition.outline import shown_children
from forms.environment import Environment
from forms.problems import AnswerProblem, AnswerRefused, FormIncomplete, UnknownNode
from forms.session import answers as answer_trees
from forms.session import draft as drafts
from forms.session.casting import Misfit, text_of
from forms.session.choices import Choices
from forms.session.contract import (
    AuditEntry,
    ChangeSet,
    FactAnswer,
    Json,
    NodeView,
    Submission,
)
from forms.session.entities import entity_writes
from forms.session.events import Events
from forms.session.facts import fact_answers
from forms.session.journal import Journal
from forms.session.outgoing import attachments, instance_id, submission_xml
from forms.session.prefill import apply_prefill
from forms.session.recalculation import Recalculation
from forms.session.rows import Rows, is_fixed
from forms.session.tree import Answer, build
from forms.session.views import Views, find_problems
from forms.session.wording import Wording
from forms.session.world import SessionWorld, last_saved_tree

MAX_UNDO = 500


class Session:
    """See ``forms.session.contract.FormSession``."""

    def __init__(self, definition: FormDefinition, env: Environment, last_saved: Mapping[str, Json] | None) -> None:
        self.definition = definition
        self.env = env
        plan = definition.plan
        world = SessionWorld(plan, definition.version, env, last_saved_tree(plan, last_saved))
        language = env.language if env.language in definition.languages else definition.default_language
        self.wording = Wording(plan, world, language)
        self.choices = Choices(self.wording)
        self.root = build(plan.root, None, env.zone)
        world.root.append(self.root)
        self.recalculation = Recalculation(self.root, world, self.choices)
        self.rows = Rows(self.recalculation)
        self.recalculation.resize = self.rows.resize
        self.events = Events(plan, self.recalculation, env)
        self.rows.on_new = self.events.new_row
        self.views = Views(definition, self.root, self.wording, self.choices, env.zone)
        world.choice_label = self.views.choice_name
        self.deleted: set[str] = set()
        self.moved: set[str] = set()
        self.orphans: dict[str, Json] = {}
        self.log: list[AuditEntry] = []
        self._done: list[Journal] = []
        self._undone: list[Journal] = []
        self._observer: Callable[[ChangeSet], None] | None = None

    @classmethod
    def open(
        cls,
        definition: FormDefinition,
        env: Environment,
        *,
        draft: Mapping[str, Json] | None = None,
        prefill: Mapping[str, Json] | None = None,
        last_saved: Mapping[str, Json] | None = None,
    ) -> Session:
        """See ``forms.api.open_session``."""
        session = cls(definition, env, last_saved)
        if draft is not None:
            drafts.restore(session, draft)
        else:
            session.start(prefill)
        session.recalculation.journal = Journal()
        return session

    @classmethod
    def reopen(cls, definition: FormDefinition, env: Environment, xml: bytes) -> Session:
        """Open a submission again for editing; no first-load event. Raises DraftError."""
        session = cls(definition, env, None)
        drafts.restore_submission(session, xml)
        session.recalculation.journal = Journal()
        return session

    def start(self, prefill: Mapping[str, Json] | None) -> None:
        """A new instance: defaults, preloads, first-load actions, then what is known already."""
        self.events.preload()
        self.recalculate_all()
        self.events.loaded(first=True)
        self.recalculation.run()
        if prefill:
            apply_prefill(self, prefill)
            self.recalculation.run()

    def recalculate_all(self) -> None:
        self.recalculation.push_tree(self.root)
        self.recalculation.run()

    # finding nodes

    def find(self, node_id: str) -> Answer:
        """The node of an id; raises UnknownNode."""
        return self.views.find(node_id)

    def exists(self, node_id: str) -> bool:
        try:
            self.views.place(node_id)
        except UnknownNode:
            return False
        return True

    def node_of(self, node_id: str) -> NodeDef:
        _, plan = self.views.place(node_id)
        return self.definition.nodes[plan.id]

    def instances(self, definition_id: str) -> tuple[str, ...]:
        plan = self.definition.plan.by_id.get(definition_id)
        if plan is None:
            raise UnknownNode(definition_id)
        return tuple(n.id for n in self.root.walk() if n.plan is plan)

    def children(self, node_id: str = "") -> tuple[str, ...]:
        node, plan = self.views.place(node_id)
        if node is None or node.plan is not plan:
            parent = self.views.parent_of_rows(node_id)
            return tuple(row.id for row in parent.named(plan.name))
        found: list[str] = []
        for child in shown_children(plan):
            found.extend([f"{node.id}/{child.name}"] if child.is_repeat else [n.id for n in node.named(child.name)])
        return tuple(found)

    def parent(self, node_id: str) -> str | None:
        if not node_id:
            return None
        self.views.place(node_id)
        return node_id.rpartition("/")[0]

    # looking

    @property
    def language(self) -> str:
        return self.wording.language

    def set_language(self, language: str) -> ChangeSet:
        known = language in self.definition.languages
        self.wording.language = language if known else self.definition.default_language
        every = frozenset(n.id for n in self.root.walk())
        return self._tell(ChangeSet(labels=every, choices=frozenset(self.views.with_choices())))

    def view(self, node_id: str) -> NodeView:
        return self.views.view(node_id)

    def problems(self) -> tuple[AnswerProblem, ...]:
        return find_problems(self.views, self.root)

    def facts(self) -> tuple[FactAnswer, ...]:
        return fact_answers(self.root, self.env.zone)

    def answers(self) -> dict[str, Json]:
        return answer_trees.answers(self)

    def touched(self) -> frozenset[str]:
        return answer_trees.touched(self)

    def observe(self, callback: Callable[[ChangeSet], None] | None) -> None:
        self._observer = callback

    # changing

    def set(self, node_id: str, value: Any) -> ChangeSet:
        node = self.find(node_id)
        plan = node.plan
        definition = self.definition.nodes.get(plan.id)
        if definition is None or not plan.is_leaf:
            raise AnswerRefused(node_id, "question")
        if node.readonly or not plan.control:
            raise AnswerRefused(node_id, "readonly")
        try:
            text = text_of(value, definition.type, plan.data_type, self.env.zone)
        except Misfit as misfit:
            raise AnswerRefused(node_id, str(misfit)) from misfit
        if text and definition.has_choices:
            text = self._chosen(node, text, definition.type)
        return self._step("answer", node_id, lambda: self._write(node, text))

    def _chosen(self, node: Answer, text: str, kind: Type) -> str:
        """The chosen values, of a select_multiple in the order of its list. Raises AnswerRefused."""
        allowed = self.choices.values(node)
        if text in allowed:
            return text
        chosen = text.split()
        if kind is Type.SELECT_ONE or not all(part in allowed for part in chosen):
            raise AnswerRefused(node.id, "choice")
        return " ".join(v for v in allowed if v in chosen) if kind is Type.SELECT_MULTIPLE else text

    def _write(self, node: Answer, text: str) -> None:
        if text == node.value:
            return
        self._user_value(node, text)
        partner = self._partner(node)
        if text and partner is not None and partner.value:
            self._user_value(partner, "")

    def _user_value(self, node: Answer, text: str) -> None:
        journal = self.recalculation.journal
        journal.write(node, "touched", True)
        journal.write(node, "prefilled", False)
        self.recalculation.assign(node, text)
        partner = self._partner(node)
        if partner is not None:
            self.recalculation.doubt(partner)

    def _partner(self, node: Answer) -> Answer | None:
        """The companion of a question, or the question of a companion."""
        other = node.plan.companion or node.plan.unknown_of
        return node.parent.leaf(other.name) if other is not None and node.parent is not None else None

    def can_add(self, repeat_id: str) -> bool:
        parent, plan = self._repeat(repeat_id)
        return not is_fixed(plan) and not parent.readonly and self.views.repeat_relevant(parent, plan)

    def can_remove(self, row_id: str) -> bool:
        row = self._row(row_id)
        return not is_fixed(row.plan) and not row.readonly

    def add_row(self, repeat_id: str, key: str | None = None, before: str | None = None) -> ChangeSet:
        parent, plan = self._repeat(repeat_id)
        if is_fixed(plan):
            raise AnswerRefused(repeat_id, "counted")
        stop = self._row(before) if before else None

        def work() -> None:
            row = self.rows.add(parent, plan, key or self.rows.new_key(parent, plan), stop)
            if row.id in self.deleted:
                self.recalculation.journal.write(self, "deleted", self.deleted - {row.id})
            self.events.new_row(row)

        return self._step("row.add", repeat_id, work)

    def remove_row(self, row_id: str) -> ChangeSet:
        row = self._row(row_id)
        if is_fixed(row.plan):
            raise AnswerRefused(row_id, "counted")

        def work() -> None:
            if row.prefilled:
                self.recalculation.journal.write(self, "deleted", self.deleted | {row.id})
            self.rows.remove([row])

        return self._step("row.remove", row_id, work)

    def move_row(self, row_id: str, before: str | None) -> ChangeSet:
        row = self._row(row_id)
        stop = self._row(before) if before else None
        if stop is not None and (stop.parent is not row.parent or stop.plan is not row.plan):
            raise UnknownNode(before)

        def work() -> None:
            if self.rows.move(row, stop):
                repeat = f"{row.parent.id}/{row.name}"
                self.recalculation.journal.write(self, "moved", self.moved | {repeat})

        return self._step("row.move", row_id, work)

    def _repeat(self, repeat_id: str) -> tuple[Answer, Any]:
        _, plan = self.views.place(repeat_id)
        parent = self.views.parent_of_rows(repeat_id) if plan.is_repeat else None
        if parent is None:
            raise UnknownNode(repeat_id)
        return parent, plan

    def _row(self, row_id: str) -> Answer:
        node = self.find(row_id)
        if not node.plan.is_repeat:
            raise UnknownNode(row_id)
        return node

    def _step(self, event: str, node_id: str, work: Callable[[], None]) -> ChangeSet:
        """Run one change; when it fails half-way everything is as before."""
        journal = self.recalculation.journal = Journal()
        try:
            work()
            self.recalculation.run()
        except Exception:
            self.recalculation.forget()
            journal.undo()
            raise
        changes = journal.changes()
        if journal.writes:
            self._done.append(journal)
            del self._done[:-MAX_UNDO]
            self._undone.clear()
            self._audit(event, node_id)
        return self._tell(changes)

    @property
    def can_undo(self) -> bool:
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        return bool(self._undone)

    def undo(self) -> ChangeSet:
        if not self._done:
            return ChangeSet()
        journal = self._done.pop()
        journal.undo()
        self._undone.append(journal)
        return self._after_travel("undo", journal, True)

    def redo(self) -> ChangeSet:
        if not self._undone:
            return ChangeSet()
        journal = self._undone.pop()
        journal.redo()
        self._done.append(journal)
        return self._after_travel("redo", journal, False)

    def _after_travel(self, event: str, journal: Journal, backwards: bool) -> ChangeSet:
        for node in self.root.walk():
            node.choices = None
        self._audit(event, "")
        return self._tell(journal.changes(backwards=backwards))

    def _audit(self, event: str, node_id: str) -> None:
        at = self.env.now().astimezone(self.env.zone).isoformat(timespec="milliseconds")
        self.log.append(AuditEntry(at, event, node_id))

    def _tell(self, changes: ChangeSet) -> ChangeSet:
        if self._observer is not None and changes:
            self._observer(changes)
        return changes

    # leaving

    def save(self) -> dict[str, Json]:
        return drafts.save(self)

    def audit(self) -> tuple[AuditEntry, ...]:
        return tuple(self.log)

    def submission_xml(self) -> bytes:
        return submission_xml(self.definition, self.root)

    def finalise(self) -> Submission:
        problems = self.problems()
        if problems:
            raise FormIncomplete(problems)
        self.recalculation.journal = Journal()
        self.events.finish()
        self.recalculation.run()
        self._audit("finalise", "")
        return Submission(
            form_id=self.definition.id,
            form_version=self.definition.version,
            instance_id=instance_id(self.root),
            answers=self.answers(),
            touched=self.touched(),
            xml=self.submission_xml(),
            entities=entity_writes(self.definition, self.root),
            audit=self.audit(),
            attachments=attachments(self.root),
        )
