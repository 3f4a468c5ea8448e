"""Every check of a pack as a whole: overlapping dates, missing stretches, unknown names, circles, needs, papers.

A problem's ``where`` is the place a person edits: the workbook passes its cells, other sources their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from fieldapp.policy.conditions import COMPARISONS, GROUPS, LEAVES, ORDER, Condition, leaves
from fieldapp.policy.pack import RELATIONS, Pack, ParamVersion, Policy
from fieldapp.policy.parameters import register
from fieldapp.policy.problems import FactError, PackError, Problem
from fieldapp.policy.rules.needs import VOCABULARY as NEEDS
from fieldapp.policy.vocabulary import nearest, vocabulary

Locate = Callable[[str, str, str], str]
"""(table, row key, column) -> the place to show."""



def plain_place(table: str, key: str, column: str) -> str:
    return ":".join(part for part in (table, key, column) if part)


def check_pack(pack: Pack, locate: Locate = plain_place, *, where: str = "") -> Pack:
    """The pack itself when nothing is wrong; else PackError with every problem."""
    problems = list(problems_of(pack, locate))
    if problems:
        raise PackError(problems, where=where)
    return pack


def problems_of(pack: Pack, locate: Locate = plain_place) -> Iterator[Problem]:
    """Every fault, by place."""
    yield from _dates(pack, locate)
    yield from _required(pack, locate)
    for policy in pack.policies:
        yield from _policy(policy, pack, locate)
    yield from _overlapping_policies(pack, locate)
    yield from _relations(pack, locate)
    yield from _circles(pack, locate)


def version_key(version: ParamVersion) -> str:
    return f"{version.key}@{version.since}"


def _dates(pack: Pack, locate: Locate) -> Iterator[Problem]:
    """Versions of one key neither overlap nor leave a stretch between them."""
    for key in dict.fromkeys(version.key for version in pack.parameters):
        versions = pack.versions(key)
        for version in versions:
            if version.until is not None and version.until <= version.since:
                yield _problem(locate("parameters", version_key(version), "until"), "dates", "失效日不晚于生效日",
                               "ends before it begins")  # fmt: skip
        for a, b in pairwise(versions):
            yield from _neighbours(a, b, locate)


def _neighbours(a: ParamVersion, b: ParamVersion, locate: Locate) -> Iterator[Problem]:
    place = locate("parameters", version_key(b), "since")
    if a.until is None or a.until > b.since:
        yield _problem(place, "overlap", f"{a.key} 的日期重叠：上一条到 {a.until or '无期限'}",
                       f"{a.key}: dates overlap, the one before lasts until {a.until or 'further notice'}")  # fmt: skip
    elif a.until < b.since:
        yield _problem(place, "missing_stretch", f"{a.key} 缺 {a.until} 至 {b.since} 的值",
                       f"{a.key}: nothing holds from {a.until} to {b.since}")  # fmt: skip


REQUIRED = ("dibao.standard_month.urban", "dibao.standard_month.rural")


def _required(pack: Pack, locate: Locate) -> Iterator[Problem]:
    """The standard has a line, and its last version has not run out (a missing year)."""
    for key in REQUIRED:
        versions = pack.versions(key)
        if not versions:
            yield _problem(locate("parameters", key, "key"), "missing", f"缺少 {register()[key].zh}",
                           f"{register()[key].en} is missing")  # fmt: skip
    for key in dict.fromkeys(version.key for version in pack.parameters):
        last = pack.versions(key)[-1]
        if last.until is not None and key in REQUIRED:
            yield _problem(locate("parameters", version_key(last), "until"), "missing_year",
                           f"{register()[key].zh}：{last.until} 起没有值，缺少下一年度",
                           f"{register()[key].en}: nothing from {last.until}, the next year is missing")  # fmt: skip


def _policy(policy: Policy, pack: Pack, locate: Locate) -> Iterator[Problem]:
    for need in policy.needs:
        if need not in NEEDS:
            near = nearest(need, NEEDS)
            zh = f"没有需求“{need}”，最接近的是“{near}”"
            en = f"no need {need}; the nearest is {near}"
            yield _problem(locate("policies", policy.id, "needs"), "unknown_need", zh, en)
    if policy.amount and (policy.amount not in register() or register()[policy.amount].type != "money"):
        yield _problem(locate("policies", policy.id, "amount"), "unknown_parameter", f"没有金额参数“{policy.amount}”",
                       f"no amount parameter {policy.amount}")  # fmt: skip
    if policy.until is not None and policy.until <= policy.since:
        yield _problem(locate("policies", policy.id, "until"), "dates", "失效日不晚于生效日", "ends before it begins")
    for paper in policy.papers:
        for name in filter(None, (paper.fact, paper.skip_if)):
            if name not in vocabulary():
                yield _problem(locate("papers", f"{policy.id}/{paper.fact}", "doc"), "unknown_fact",
                               f"没有事实“{name}”", f"no fact {name}")  # fmt: skip
    if not policy.when.children:
        yield _problem(locate("conditions", policy.id, ""), "no_condition", f"{policy.zh} 没有条件",
                       f"{policy.en} has no condition")  # fmt: skip
    yield from _tree(policy.when, policy, pack, locate, in_person=False, top=True)


def _tree(
    node: Condition, policy: Policy, pack: Pack, locate: Locate, *, in_person: bool, top: bool = False
) -> Iterator[Problem]:
    from fieldapp.policy.conclusions import PERSON_RULES, RULES

    place = locate("conditions", f"{policy.id}/{node.name or node.zh}", "name")
    if node.kind in LEAVES and not (node.zh and node.en):
        yield _problem(place, "no_words", "这一条没有写说明", "the condition has no words")
    if node.kind == "fact":
        yield from _fact_leaf(node, place, in_person=in_person)
    elif node.kind == "rule" and node.name not in RULES and not (in_person and node.name in PERSON_RULES):
        near = nearest(node.name, [*RULES, *PERSON_RULES])
        yield _problem(place, "unknown_rule", f"没有规则“{node.name}”，最接近的是“{near}”",
                       f"no rule {node.name} here; the nearest is {near}")  # fmt: skip
    elif node.kind == "rule" and not _comparable(node):
        yield _problem(place, "bad_value", f"“{node.value}”应为整数或 {{参数键}}", "a whole number or {parameter key}")
    elif node.kind == "param" and (node.name not in register() or register()[node.name].type != "yes_no"):
        yield _problem(place, "unknown_parameter", f"没有是否型参数“{node.name}”", f"no yes/no parameter {node.name}")
    elif node.kind == "policy" and node.name not in {other.id for other in pack.policies}:
        yield _problem(place, "unknown_policy", f"没有政策“{node.name}”", f"no policy {node.name}")
    elif node.kind not in (*LEAVES, *GROUPS):
        yield _problem(place, "unknown_kind", f"没有条件类型“{node.kind}”", f"no kind of condition {node.kind}")
    if node.kind in GROUPS and not node.children and not top:
        yield _problem(place, "empty_group", "条件组里没有条件", "the group is empty")
    if node.kind == "at_least" and not 1 <= node.count <= len(node.children):
        yield _problem(place, "bad_count", "“至少”的个数不对", "at_least needs a number of its conditions")
    for child in node.children:
        yield from _tree(child, policy, pack, locate, in_person=in_person or node.kind == "person")


def _comparable(node: Condition) -> bool:
    """A rule is asked for yes, or compared with a whole number or a parameter."""
    if node.compare == "is" and node.value == "yes":
        return True
    number = node.value.isdigit() or (node.value.startswith("{") and node.value.strip("{}") in register())
    return number and node.compare in ("is", "is_not", *ORDER)


def _fact_leaf(node: Condition, place: str, *, in_person: bool) -> Iterator[Problem]:
    info = vocabulary().get(node.name)
    if info is None:
        near = nearest(node.name, vocabulary())
        yield _problem(place, "unknown_fact", f"没有事实“{node.name}”，最接近的是“{near}”",
                       f"no fact {node.name}; the nearest is {near}")  # fmt: skip
        return
    if info.level == "member" and not in_person:
        yield _problem(place, "needs_person", "成员的事实要放在“存在成员”条件里",
                       "a member's fact belongs in a person group")  # fmt: skip
    if info.level == "obligor":
        yield _problem(place, "obligor_fact", "义务人的事实不能用在政策条件里", "obligor facts are for the rules")
    if node.compare not in COMPARISONS:
        yield _problem(place, "unknown_comparison", f"没有比较“{node.compare}”", f"no comparison {node.compare}")
        return
    try:
        from fieldapp.policy.conclusions import expected

        expected(info, node)
    except (ValueError, FactError) as error:
        yield _problem(place, "bad_value", f"“{node.value}”不是 {info.zh} 的值",
                       f"{node.value} is no {info.en}: {error}")  # fmt: skip


def _overlapping_policies(pack: Pack, locate: Locate) -> Iterator[Problem]:
    for id in dict.fromkeys(policy.id for policy in pack.policies):
        versions = sorted((p for p in pack.policies if p.id == id), key=lambda p: p.since)
        for a, b in pairwise(versions):
            if a.until is None or a.until > b.since:
                yield _problem(locate("policies", id, "since"), "overlap", f"政策 {id} 的日期重叠",
                               f"policy {id}: dates overlap")  # fmt: skip


def _relations(pack: Pack, locate: Locate) -> Iterator[Problem]:
    known = {policy.id for policy in pack.policies}
    seen: set[frozenset[str]] = set()
    for relation in pack.relations:
        key = f"{relation.a}/{relation.b}"
        for column, name in (("a", relation.a), ("b", relation.b)):
            if name not in known:
                yield _problem(locate("relations", key, column), "unknown_policy", f"没有政策“{name}”",
                               f"no policy {name}")  # fmt: skip
        if relation.kind not in RELATIONS:
            yield _problem(locate("relations", key, "kind"), "unknown_relation", f"没有关系“{relation.kind}”",
                           f"no relation {relation.kind}")  # fmt: skip
        pair = frozenset((relation.a, relation.b))
        if pair in seen or relation.a == relation.b:
            yield _problem(locate("relations", key, "a"), "twice", "同一对政策写了两次", "the pair is written twice")
        seen.add(pair)


def _circles(pack: Pack, locate: Locate) -> Iterator[Problem]:
    """Policies whose conditions need each other."""
    needs = {p.id: {leaf.name for leaf in leaves(p.when) if leaf.kind == "policy"} for p in pack.policies}
    for start in needs:
        path = _path_back(start, needs)
        if path and start == min(path):
            words = " → ".join((*path, start))
            yield _problem(locate("conditions", f"{start}/{path[1] if len(path) > 1 else start}", "name"), "circle",
                           f"条件循环：{words}", f"conditions go in a circle: {words}")  # fmt: skip


def _path_back(start: str, needs: dict[str, set[str]]) -> tuple[str, ...]:
    """A shortest way from a policy back to itself, () when there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for name in sorted(needs.get(way[-1], ())):
            if name == start:
                return way
            if name not in seen:
                seen.add(name)
                ways.append((*way, name))
    return ()


def _problem(where: str, code: str, zh: str, en: str) -> Problem:
    return Problem(where, f"pack.{code}", zh, en)


