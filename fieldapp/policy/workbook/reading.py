"""Read and check the county's workbook: a pack, or every fault by cell. The pack in force is untouched by this."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from fieldapp.policy.checks import problems_of
from fieldapp.policy.conditions import GROUPS, LEAVES, Condition
from fieldapp.policy.pack import Pack, Paper, ParamVersion, Policy, Relation
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import PackError, Problem
from fieldapp.policy.vocabulary import nearest
from fieldapp.policy.workbook.cells import Row, day, open_workbook, rows_of
from fieldapp.policy.workbook.sheets import CONDITIONS, COVER, PAPERS, PARAMETERS, POLICIES, RELATIONS

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

KINDS = ("现金", "实物", "服务", "减免", "岗位", "资助参保", "资格")
MARKS = ("CERTAIN", "CERTAIN*", "FROM_MEMORY", "UNSURE")


def read_workbook(data: bytes, *, where: str = "") -> Pack:
    """The pack of a workbook; PackError with every fault, each with its cell."""
    reader = _Reader(open_workbook(data, where))
    pack = reader.pack()
    problems = [*reader.problems, *(problems_of(pack, reader.locate) if not reader.problems else ())]
    if problems:
        raise PackError(problems, where=where)
    return pack


class _Reader:
    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.problems: list[Problem] = []
        self.rows: dict[tuple[str, str], Row] = {}

    def pack(self) -> Pack:
        cover = self._cover()
        parameters = [v for row in self._sheet(PARAMETERS) if (v := self._parameter(row)) is not None]
        trees = self._trees(self._sheet(CONDITIONS))
        papers = self._papers(self._sheet(PAPERS))
        policies = [p for row in self._sheet(POLICIES) if (p := self._policy(row, trees, papers)) is not None]
        relations = [self._relation(row) for row in self._sheet(RELATIONS)]
        self._orphans(trees, policies)
        return Pack(cover.get("县", ""), cover.get("版次", ""), parameters, policies, relations)

    def _sheet(self, name: str) -> list[Row]:
        return list(rows_of(self.book, name, self.problems))

    def _cover(self) -> dict[str, str]:
        if COVER not in self.book.sheetnames:
            return {}
        rows = self.book[COVER].iter_rows(max_row=20, max_col=2, values_only=True)
        return {str(row[0]): str(row[1] or "") for row in rows if len(row) > 1 and row[0]}

    def locate(self, table: str, key: str, column: str) -> str:
        """The cell for a fault found in the pack as a whole."""
        row = self.rows.get((table, key)) or self.rows.get((table, key.split("/")[0]))
        names = {"parameters": PARAMETERS, "policies": POLICIES, "conditions": CONDITIONS, "papers": PAPERS,
                 "relations": RELATIONS}  # fmt: skip
        return row.place(column) if row is not None else f"{names[table]}!{key}"

    # --- parameters -----------------------------------------------------------------------------------------

    def _parameter(self, row: Row) -> ParamVersion | None:
        key = row.text("key")
        info = register().get(key)
        if info is None:
            near = nearest(key, register())
            self._say(row, "key", "unknown_parameter", f"没有参数“{key}”，最接近的是“{near}”",
                      f"no parameter {key}; the nearest is {near}")  # fmt: skip
            return None
        since, until = day(row, "since", self.problems), day(row, "until", self.problems)
        try:
            value = info.read(row.values.get("value"))
        except ValueError as error:
            words = {"negative": "不能是负数"}.get(str(error), "值不对")
            self._say(row, "value", "bad_value", f"{info.zh}：{words}（{row.text('value')}）", f"{info.en}: {error}")
            return None
        if row.text("entered_by") and row.text("entered_by") == row.text("approved_by"):
            self._say(row, "approved_by", "same_person", "录入人与复核人不能是同一人",
                      "entered and approved by the same person")  # fmt: skip
        if since is None:
            return None
        texts = {name: row.text(name) for name in ("source", "clause", "issuer", "entered_by", "approved_by",
                                                   "attachment")}  # fmt: skip
        version = ParamVersion(key, value, since, until, **texts)
        self.rows[("parameters", f"{key}@{since}")] = row
        self.rows.setdefault(("parameters", key), row)
        return version

    # --- policies -------------------------------------------------------------------------------------------

    def _policy(
        self, row: Row, trees: dict[str, Condition], papers: dict[str, list[Paper]]
    ) -> Policy | None:
        id, since = row.text("id"), day(row, "since", self.problems)
        until = day(row, "until", self.problems)
        self._among(row, "kind", KINDS)
        self._among(row, "mark", MARKS)
        self._among(row, "subject", ("household", "person"))
        self.rows[("policies", id)] = row
        if since is None:
            return None
        versioned = f"{id}@{since}"
        when = trees.get(versioned) or trees.get(id) or Condition("all")
        return Policy(
            id=id, zh=row.text("zh"), en=row.text("en"), department=row.text("department"),
            needs=_list(row.text("needs")), subject=row.text("subject"), when=when, since=since, until=until,
            kind=row.text("kind"), per=row.text("per"), amount=row.text("amount"), legal=row.text("legal"),
            mark=row.text("mark"), approved_by=row.text("approved_by"), where=row.text("where"),
            by_list=row.text("by_list") in ("是", "yes", "True"),
            papers=tuple(papers.get(versioned, papers.get(id, []))), aliases=_list(row.text("aliases")),
            accept_to_decide_wd=self._whole(row, "accept_to_decide_wd"),
            publicity_days=self._whole(row, "publicity_days") or 0, note=row.text("note"),
        )  # fmt: skip

    def _among(self, row: Row, key: str, known: tuple[str, ...]) -> None:
        if row.text(key) and row.text(key) not in known:
            self._say(row, key, "not_among", f"只能填：{'、'.join(known)}", f"one of {', '.join(known)}")

    def _whole(self, row: Row, key: str) -> int | None:
        text = row.text(key).removesuffix(".0")
        if not text:
            return None
        if not text.isdigit():
            self._say(row, key, "not_a_number", "应为不小于 0 的整数", "a whole number, not negative")
            return None
        return int(text)

    # --- conditions -----------------------------------------------------------------------------------------

    def _trees(self, rows: Iterable[Row]) -> dict[str, Condition]:
        """Condition trees by policy id, or id@since where a version is given."""
        by_policy: dict[str, dict[str, Row]] = {}
        for row in rows:
            version = day(row, "version", self.problems)
            key = row.text("policy") + (f"@{version}" if version else "")
            nodes = by_policy.setdefault(key, {})
            if row.text("node") in nodes:
                self._say(row, "node", "twice", "节点号重复", "the node stands twice")
            nodes[row.text("node")] = row
            self.rows.setdefault(("conditions", row.text("policy")), row)
            self.rows.setdefault(("conditions", f"{row.text('policy')}/{row.text('name') or row.text('zh')}"), row)
        found = {policy: self._tree(nodes) for policy, nodes in by_policy.items()}
        return {policy: tree for policy, tree in found.items() if tree is not None}

    def _tree(self, nodes: dict[str, Row]) -> Condition | None:
        before = len(self.problems)
        tops = []
        for id, row in nodes.items():
            parent = row.text("parent")
            if not parent:
                tops.append(id)
            elif parent not in nodes:
                self._say(row, "parent", "no_parent", f"没有节点“{parent}”", f"no node {parent}")
            elif self._circular(id, nodes):
                self._say(row, "parent", "circle", "条件循环：上级节点绕回自己", "conditions go in a circle")
            if row.text("kind") not in (*GROUPS, *LEAVES):
                self._say(row, "kind", "unknown_kind", f"没有条件类型“{row.text('kind')}”", "no such kind of condition")
        if len(self.problems) > before or not tops:
            return None
        if len(tops) > 1:
            self._say(nodes[tops[1]], "parent", "two_tops", "最上一层只能有一个节点", "only one node may be on top")
            return None
        return self._node(tops[0], nodes)

    def _circular(self, id: str, nodes: dict[str, Row]) -> bool:
        seen, at = {id}, nodes[id].text("parent")
        while at and at in nodes:
            if at in seen:
                return True
            seen.add(at)
            at = nodes[at].text("parent")
        return False

    def _node(self, id: str, nodes: dict[str, Row]) -> Condition:
        row = nodes[id]
        children = tuple(self._node(child, nodes) for child, r in nodes.items() if r.text("parent") == id)
        kind, value = row.text("kind"), row.text("value").removesuffix(".0")
        count = (self._whole(row, "value") or 0) if kind == "at_least" else 0
        group = kind in GROUPS
        return Condition(kind, children, row.text("name"), "is" if group else row.text("compare") or "is",
                         "yes" if group else value or "yes", row.text("zh"), row.text("en"), count)  # fmt: skip

    def _orphans(self, trees: dict[str, Condition], policies: list[Policy]) -> None:
        known = {policy.id for policy in policies}
        for key in trees:
            id = key.partition("@")[0]
            if id not in known and ("conditions", id) in self.rows:
                row = self.rows[("conditions", id)]
                self._say(row, "policy", "unknown_policy", f"没有政策“{id}”", f"no policy {id}")

    # --- papers, relations ----------------------------------------------------------------------------------

    def _papers(self, rows: Iterable[Row]) -> dict[str, list[Paper]]:
        found: dict[str, list[Paper]] = {}
        for row in rows:
            version: date | None = day(row, "version", self.problems)
            key = row.text("policy") + (f"@{version}" if version else "")
            must = row.text("must") not in ("否", "no", "False")
            paper = Paper(row.text("doc"), row.text("zh"), row.text("en"), must, row.text("skip_if"))
            found.setdefault(key, []).append(paper)
            self.rows[("papers", f"{row.text('policy')}/{paper.fact}")] = row
        return found

    def _relation(self, row: Row) -> Relation:
        relation = Relation(row.text("a"), row.text("b"), row.text("kind"), row.text("source"))
        self.rows[("relations", f"{relation.a}/{relation.b}")] = row
        return relation

    def _say(self, row: Row, key: str, code: str, zh: str, en: str) -> None:
        self.problems.append(row.problem(key, code, zh, en))


def _list(text: str) -> tuple[str, ...]:
    parts = text.replace("，", "、").replace(",", "、").split("、")
    return tuple(part.strip() for part in parts if part.strip())
