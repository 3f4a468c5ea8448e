"""The public interface of the store beside a plain model: 1,000 steps here, 10,000 with ``--long``.

The model knows nothing of SQL, caches or projections: it keeps who wrote what on top of which revisions, and reads
every field by walking that graph.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, precondition, rule

from fieldapp.domain import feed
from fieldapp.domain.ids import same_as_id
from fieldapp.errors import StateError
from fieldapp.store.api import Profile, Store, find
from fieldapp.store.exchange import Cursor
from fieldapp.store.projections import households, people
from fieldapp.store.rebuild import differences, rebuild
from tests.store.county import COUNTY, GRID, Clock, County, Device

FIELDS = ("/phone", "/full_name", "/membership/household", "/note")
VALUES = st.sampled_from(["甲一", "乙二", "丙三", "13855512345", None])


@dataclass
class Write:
    parents: frozenset[str]
    values: dict[str, Any]


@dataclass
class Model:
    """Documents as graphs of writes; ``hidden`` revisions the county put aside."""

    graph: dict[str, dict[str, Write]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    drafts: dict[str, Any] = field(default_factory=dict)
    joined: set[frozenset[str]] = field(default_factory=set)

    def shown(self, document: str) -> dict[str, Write]:
        """Revisions not put aside whose ancestors are all shown too."""
        graph = {name: write for name, write in self.graph[document].items() if name not in self.hidden}
        while True:
            lost = [name for name, write in graph.items() if not write.parents <= set(graph)]
            if not lost:
                return graph
            for name in lost:
                del graph[name]

    def leaves(self, document: str) -> set[str]:
        graph = self.shown(document)
        return set(graph) - {parent for write in graph.values() for parent in write.parents}

    def standing(self, document: str, path: str) -> set[Any]:
        graph = self.shown(document)
        writers = {name for name, write in graph.items() if path in write.values}
        over = {above for name in writers for above in self._ancestors(graph, name)}
        return {graph[name].values[path] for name in writers - over}

    @staticmethod
    def _ancestors(graph: dict[str, Write], name: str) -> set[str]:
        found: set[str] = set()
        todo = list(graph[name].parents)
        while todo:
            parent = todo.pop()
            if parent not in found:
                found.add(parent)
                todo += graph[parent].parents
        return found

    def component(self, document: str) -> set[str]:
        found, todo = {document}, [document]
        while todo:
            here = todo.pop()
            for pair in self.joined:
                if here in pair:
                    todo += pair - found
                    found |= pair
        return found


class StoreMachine(RuleBasedStateMachine):
    documents = Bundle("documents")
    keys: Profile

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="machine-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        shutil.copytree(self.keys.folder, self.folder / "p")
        self.profile = replace(self.keys, folder=self.folder / "p")
        self.county = County()
        self.profile.identity = None
        self.profile._secrets = {**self.profile._secrets, "identity": None}
        self.profile.set_identity(self.county.identity(self.profile))
        self.clock = Clock()
        self.store = Store.open(self.profile, now=self.clock)
        self.other: Device = self.county.device("wang.min")
        self.store.write_now(lambda tx: tx.apply_statements([self.other.certificate, self.other.scope]))
        self.model = Model()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(target=documents, kind=st.sampled_from(["person", "person", "household"]), name=VALUES)
    def create(self, kind: str, name: Any) -> str:
        state = {"note": "neu"} if name is None else {"full_name": name, "note": "neu"}
        document = self.store.write_now(lambda tx: tx.create(kind, GRID, state))
        (revision,) = self.store.read_now(lambda tx: tx.document(document)).merged.leaves  # type: ignore[union-attr]
        values = {"/" + key: value for key, value in state.items()}
        self.model.graph[document] = {revision: Write(frozenset(), values)}
        return document

    @rule(document=documents, path=st.sampled_from(FIELDS), value=VALUES)
    def save(self, document: str, path: str, value: Any) -> None:
        leaves = self.model.leaves(document)
        if not leaves:
            return
        revision = self.store.write_now(lambda tx: tx.save(document, {path: value}))
        self.model.graph[document][revision] = Write(frozenset(leaves), {path: value})

    @rule(document=documents, household=documents)
    def move(self, document: str, household: str) -> None:
        self.save(document, "/membership/household", household)

    @rule(document=documents, value=VALUES, data=st.data())
    def save_on_an_old_state(self, document: str, value: Any, data: st.DataObject) -> None:
        shown = list(self.model.shown(document))  # in the order written: ids differ from run to run
        if not shown:
            return
        parent = data.draw(st.sampled_from(shown))
        path = data.draw(st.sampled_from(FIELDS))
        revision = self.store.write_now(lambda tx: tx.save(document, {path: value}, parents=[parent]))
        self.model.graph[document][revision] = Write(frozenset([parent]), {path: value})

    @rule(document=documents, data=st.data())
    def decide(self, document: str, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(FIELDS))
        values = self.model.standing(document, path)
        if len(values) < 2:
            with pytest.raises(StateError):
                self.store.write_now(lambda tx: tx.decide(document, path, "x"))
            return
        value = data.draw(st.sampled_from(sorted(values, key=repr)))
        leaves = self.model.leaves(document)
        revision = self.store.write_now(lambda tx: tx.decide(document, path, value))
        self.model.graph[document][revision] = Write(frozenset(leaves), {path: value})

    @rule(target=documents, document=st.none() | documents, value=VALUES)
    def pull(self, document: str | None, value: Any) -> Any:
        """Another laptop's revision comes down the feed."""
        if document is None:
            signed = self.other.write("person", {"full_name": "远方", "phone": value or "1"})
            made = signed.envelope.document
            self.model.graph[made] = {signed.id: Write(frozenset(), {"/full_name": "远方", "/phone": value or "1"})}
        else:
            view = self.store.read_now(lambda tx: tx.document(document))
            parents = list(self.model.shown(document))[:1]
            if view is None or not parents:
                return multiple()
            state = {} if value is None else {"phone": value}
            signed = self.other.write(view.type, state, document=document, parents=parents, written=["/phone"])
            self.model.graph[document][signed.id] = Write(frozenset(parents), {"/phone": value})
            made = None
        known = self.store.read_now(lambda tx: tx.cursors()).get(GRID)
        head = known or feed.start(COUNTY, 1, GRID)
        self.county.heads[GRID] = head
        row = self.county.append(GRID, feed.REVISION, signed.id, revision=signed)
        result = self.store.write_now(lambda tx: tx.apply_feed([row], Cursor(GRID, self.county.heads[GRID])))
        assert (result.stored, result.refused) == (1, ())
        return made if made else multiple()

    @rule(document=documents, state=st.sampled_from(["accepted", "quarantined", "waiting"]), data=st.data())
    def verdict(self, document: str, state: str, data: st.DataObject) -> None:
        revision = data.draw(st.sampled_from(list(self.model.graph[document])))
        at = self.clock().isoformat()
        self.store.write_now(lambda tx: tx.apply_receipts([self.county.receipt(revision, state, at=at)]))
        (self.model.hidden.discard if state == "accepted" else self.model.hidden.add)(revision)

    @rule(one=documents, other=documents, on=st.booleans())
    def same(self, one: str, other: str, on: bool) -> None:
        if one == other:
            return
        name = same_as_id(COUNTY, one, other)

        def work(tx: Any) -> None:
            if tx.document(name):
                tx.save(name, {"/on": on})
            else:
                tx.create("same_as", GRID, {"one": one, "other": other, "on": on}, document_id=name)

        self.store.write_now(work)
        (self.model.joined.add if on else self.model.joined.discard)(frozenset([one, other]))

    @rule(name=st.sampled_from("ab"), body=st.dictionaries(st.sampled_from("xyz"), st.integers()) | st.none())
    def draft(self, name: str, body: Any) -> None:
        if body is None:
            self.store.write_now(lambda tx: tx.drop_draft(name))
            self.model.drafts.pop(name, None)
        else:
            self.store.write_now(lambda tx: tx.save_draft(name, "visit", None, body))
            self.model.drafts[name] = body

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store.open(self.profile, now=self.clock)
        assert self.store.opened.faults == []
        assert self.store.opened.lost_commits == 0

    @precondition(lambda self: len(self.model.graph) > 3)
    @rule()
    def rebuilt(self) -> None:
        assert differences(self.store) == {}
        rebuild(self.store)

    @invariant()
    def reads_like_the_model(self) -> None:
        if not hasattr(self, "store"):
            return
        for document in self.model.graph:
            view = self.store.read_now(lambda tx, d=document: tx.document(d))
            assert view
            assert set(view.merged.leaves) == self.model.leaves(document)
            for path in FIELDS:
                values = self.model.standing(document, path)
                if len(values) > 1:
                    assert {value.value for value in view.merged.conflicts[path]} == values
                else:
                    (value,) = values or {None}
                    assert path not in view.merged.conflicts
                    assert _get(view.state, path) == value
        assert {d.id: d.body for d in self.store.read_now(lambda tx: tx.drafts())} == self.model.drafts

    @invariant()
    def members_and_hits_follow(self) -> None:
        if not hasattr(self, "store"):
            return
        for document in self.model.graph:
            component = self.model.component(document)
            canonical = self.store.read_now(lambda tx, d=document: tx.canonical(d))
            assert canonical == min(component)
            expected = {
                self.store.read_now(lambda tx, p=person: tx.canonical(p))
                for person in self.model.graph
                if self._kind(person) == "person"
                and self.model.standing(person, "/membership/household") - {None} <= component
                and len(self.model.standing(person, "/membership/household")) == 1
                and self.model.standing(person, "/membership/household") != {None}
            }
            found = self.store.read_now(lambda tx, d=document: people.members(tx, d))
            assert {self.store.read_now(lambda tx, p=m.id: tx.canonical(p)) for m in found} == expected
        self._hits()

    def _hits(self) -> None:
        subjects = {hit.subject for hit in self.store.read_now(lambda tx: find(tx, "甲一", limit=500))}
        named = {
            d
            for d in self.model.graph
            if self._kind(d) == "person" and self.model.standing(d, "/full_name") == {"甲一"}
        }
        homes = {home.id for home in self.store.read_now(households.in_area)}
        for person in named:
            claims = self.model.standing(person, "/membership/household")
            if claims <= {None}:
                assert subjects & self.model.component(person)
            elif len(claims) == 1:
                target = min(self.model.component(next(iter(claims))))
                assert target in subjects or target not in homes | self.model.graph.keys()

    def _kind(self, document: str) -> str:
        view = self.store.read_now(lambda tx: tx.document(document))
        return view.type if view else ""


def _get(state: Any, path: str) -> Any:
    for part in path[1:].split("/"):
        state = state.get(part) if isinstance(state, dict) else None
    return state


def run(keys: Profile, examples: int, steps: int) -> None:
    StoreMachine.keys = keys
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        StoreMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a long shrink tells less than the steps it has
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_thousand_steps(keys: Profile) -> None:
    run(keys, examples=25, steps=40)


@pytest.mark.long
def test_ten_thousand_steps(keys: Profile) -> None:
    run(keys, examples=200, steps=50)
