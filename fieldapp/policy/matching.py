"""Policies seek people: every policy of the catalogue against this household, in one of six states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from weakref import WeakKeyDictionary

import msgspec

from fieldapp.policy.assessment import Conflict, Line, Match
from fieldapp.policy.conclusions import Compiled, Compiler
from fieldapp.policy.conditions import leaves
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.money import Amount
from fieldapp.policy.pack import RELATION_WORDS, Pack, Policy, Relation
from fieldapp.policy.rules import dibao, single, tekun, temporary
from fieldapp.policy.rules.tier import has, told
from fieldapp.policy.steps import Step, StepValue
from fieldapp.policy.words import MatchState

WITHOUT_IDENTITY = frozenset({"temp_fast", "emergency_medical", "stray"})
"""Help that does not wait for papers (the Law §30, §31, §50)."""
OFFSETS = ("excludes", "tops_up", "higher_of")
Had = Mapping[str, tuple[str, ...]]
"""Policies already had: by the household () or by members (their rows)."""


class _Prepared(msgspec.Struct, frozen=True):
    """A policy with its condition as a function, its relations, and what every match of it says alike."""

    policy: Policy
    condition: Compiled
    related: tuple[tuple[str, Relation], ...]
    included_in: tuple[str, ...]
    name: tuple[str, str]
    to_public: bool
    cash: bool
    of_veterans: bool

    def match(self, state: MatchState, step: Step, people: tuple[str, ...] = (), papers: Papers = (),
              bring: Papers = (), clashes: tuple[str, ...] = (), amount: Amount | None = None,
              note: Line | None = None) -> Match:  # fmt: skip
        policy = self.policy
        return Match(
            policy.id, self.name, policy.department, policy.needs, state, step, people, papers, bring, clashes,
            self.to_public, policy.mark, self.cash, amount, note,
        )  # fmt: skip


Papers = tuple[tuple[str, str], ...]
_prepared: WeakKeyDictionary[Pack, dict[date, tuple[_Prepared, ...]]] = WeakKeyDictionary()


def _policies(c: Case) -> tuple[_Prepared, ...]:
    by_day = _prepared.setdefault(c.pack, {})
    found = by_day.get(c.on)
    if found is None:
        policies = c.pack.policies_on(c.on)
        compiler = Compiler(policy.when for policy in policies)
        found = by_day[c.on] = tuple(_prepare(c.pack, policy, compiler) for policy in policies)
    return found


def _prepare(pack: Pack, policy: Policy, compiler: Compiler) -> _Prepared:
    make = compiler.compile if policy.id in WITHOUT_IDENTITY else compiler.gated
    to_it = [(r.a, r) for r in pack.relations if r.b == policy.id]
    from_it = [(r.b, r) for r in pack.relations if r.a == policy.id]
    return _Prepared(
        policy, make(policy.when, f"policy:{policy.id}"),
        tuple((other, r) for other, r in [*to_it, *from_it] if r.kind in OFFSETS),
        tuple(other for other, r in to_it if r.kind == "includes"), (policy.zh, policy.en), policy.to_public,
        policy.kind == "现金", any(leaf.name == "member.veteran" for leaf in leaves(policy.when)),
    )  # fmt: skip


def matches(c: Case) -> tuple[Match, ...]:
    """One Match per policy in force, in the catalogue's order."""
    had = _had(c)
    return tuple([_match(c, prepared, had) for prepared in _policies(c)])


def _had(c: Case) -> Had:
    of_household = c.fact("already.programs").names
    found: dict[str, tuple[str, ...]] = {name: () for name in of_household}
    for row in c.rows:
        for name in c.fact("member.already", row).names:
            if name not in of_household:
                found[name] = (*found.get(name, ()), row)
    return found


@once
def condition_step(c: Case, policy_id: str) -> Step:
    """The condition of another policy, for conditions that refer to it."""
    return next(p for p in _policies(c) if p.policy.id == policy_id).condition(c, "", [])


def _match(c: Case, prepared: _Prepared, had: Had) -> Match:
    policy = prepared.policy
    people: list[str] = []
    step = prepared.condition(c, "", people)
    if had:
        held = _held(c, prepared, had, step, people)
        if held is not None:
            return held
    if step.value is None:
        return prepared.match(MatchState.TO_CHECK, step)
    # A definite answer also rests on what they have: had, the policy would be told as that.
    step = Step(step.about, step.value, (*step.inputs, told(c)), step.row)
    if step.value is False:
        return prepared.match(MatchState.NO_MATCH, step, note=_lived_with(c) if prepared.of_veterans else None)
    return _fulfilled(c, prepared, step, tuple(sorted(set(people) - set(had.get(policy.id, ())))), had)


def _held(c: Case, prepared: _Prepared, had: Had, step: Step, people: list[str]) -> Match | None:
    """The policy is had already, by itself or as part of another."""
    id = prepared.policy.id
    if id in had and not had[id]:
        return prepared.match(MatchState.HAS, has(c, id), note=_already(c, id))
    for other in prepared.included_in:
        if other in had:
            return prepared.match(MatchState.HAS, has(c, other), note=_included(c.pack, other))
    if id in had and step.value is not None and not set(people) - set(had[id]):
        return prepared.match(MatchState.HAS, has(c, id), people=had[id], note=_already(c, id))
    return None


def _fulfilled(c: Case, prepared: _Prepared, step: Step, rows: tuple[str, ...], had: Had) -> Match:
    policy = prepared.policy
    clashes = [(other, r) for other, r in prepared.related if other in had]
    amount = _amount(c, policy, rows)
    if clashes:
        names = tuple(other for other, _ in clashes)
        note = _clash_words(c.pack, clashes)
        return prepared.match(MatchState.CONFLICT, step, rows, clashes=names, amount=amount, note=note)
    if policy.by_list:
        return prepared.match(MatchState.FIRST_MATCH, step, rows, amount=amount, note=BY_LIST)
    missing, bring = _papers(c, policy)
    state = MatchState.PAPERS if missing else MatchState.FIRST_MATCH
    return prepared.match(state, step, rows, missing, bring, amount=amount, note=_people(c, rows))


BY_LIST = Line("按名单发放，不需申请；核对是否已享受", "paid by list, no application; check whether it is paid")


def _papers(c: Case, policy: Policy) -> tuple[Papers, Papers]:
    """(missing for certain, still to bring); what the checking mechanism knows is not asked for."""
    missing, bring = [], []
    for paper in policy.papers:
        if not paper.must or (paper.skip_if and c.fact(paper.skip_if).value is True):
            continue
        given = c.fact(paper.fact).value
        cards = [c.fact("member.disability.card", row).value for row in c.rows]
        if paper.fact == "doc.disability_card" and given is None and (True in cards or False in cards):
            given = True in cards
        if given is False:
            missing.append((paper.zh, paper.en))
        elif given is None:
            bring.append((paper.zh, paper.en))
    return tuple(missing), tuple(bring)


def _amount(c: Case, policy: Policy, rows: tuple[str, ...]) -> Amount | None:
    """分 a month (or in all), where the rules or the county's parameters give it."""
    value: StepValue
    if policy.id == "dibao":
        value = dibao.amount(c).value
    elif policy.id == "dibao_single":
        value = _sum(single.amount(c, row).value for row in single.people(c))
    elif policy.id == "class_aid":
        value = dibao.top_ups(c).value
    elif policy.id == "tekun":
        value = tekun.total(c).value
    elif policy.id == "temp_fast":
        value = temporary.limit(c).value
    else:
        each = c.param(policy.amount).value if policy.amount else None
        value = each * max(1, len(rows)) if isinstance(each, int) else None
    return value if isinstance(value, (int, Fraction)) else None


def _sum(values: Iterator[StepValue]) -> Amount | None:
    total: Amount = 0
    for value in values:
        if not isinstance(value, (int, Fraction)):
            return None
        total += value
    return total


def _name(pack: Pack, id: str) -> tuple[str, str]:
    return next(((p.zh, p.en) for p in pack.policies if p.id == id), (id, id))


def _already(c: Case, id: str) -> Line | None:
    paid, since = c.fact("already.dibao_amount_month").number, c.fact("already.dibao_since").value
    if id != "dibao" or paid is None:
        return None
    from fieldapp.policy.money import yuan

    amount = yuan(paid)
    return Line(f"现领每月 {amount} 元" + (f"，{since} 起" if since else ""),
                f"{amount} a month" + (f" since {since}" if since else ""))  # fmt: skip


def _included(pack: Pack, other: str) -> Line:
    zh, en = _name(pack, other)
    return Line(f"随{zh}一并享受", f"part of {en}")


def _clash_words(pack: Pack, clashes: list[tuple[str, Relation]]) -> Line:
    words = [(_name(pack, other), RELATION_WORDS[r.kind], r.source) for other, r in clashes]
    zh = "；".join(f"与已享受的{name[0]}{kind[0]}（{source}）" for name, kind, source in words)
    return Line(zh, "; ".join(f"{kind[1]} with {name[1]}, already had" for name, kind, _ in words))


def _people(c: Case, rows: tuple[str, ...]) -> Line | None:
    if not rows:
        return None
    names = [str(c.fact("member.name", row).value or row) for row in rows]
    return Line(f"涉及 {len(rows)} 人：{'、'.join(names)}", f"{len(rows)} people: {', '.join(names)}")


def _lived_with(c: Case) -> Line | None:
    """A veteran who lived with them and is not of the family: say so instead of a bare no."""
    if "veteran" not in c.fact("livedwith.was").names:
        return None
    who = c.fact("livedwith.name").value or c.fact("livedwith.relation").value or ""
    relation = c.fact("livedwith.relation").value or ""
    zh = f"退役军人是曾共同居住的{who}（{relation}），不是家庭成员"
    return Line(zh, f"the veteran was the {relation or who}, not a member")


def conflicts(c: Case, found: tuple[Match, ...]) -> tuple[Conflict, ...]:
    """Pairs that cannot both be had or are offset: had against possible, and possible against each other."""
    live = {m.policy for m in found if m.state in (MatchState.FIRST_MATCH, MatchState.PAPERS, MatchState.CONFLICT)}
    held = {m.policy for m in found if m.state is MatchState.HAS}
    either = live | held
    listed = []
    for relation in c.pack.relations:
        a, b = relation.a, relation.b
        if a in either and b in either and (a in live or b in live) and relation.kind in OFFSETS:
            zh, en = RELATION_WORDS[relation.kind]
            first, second = _name(c.pack, a), _name(c.pack, b)
            words = Line(f"{first[0]}与{second[0]}：{zh}", f"{first[1]} and {second[1]}: {en}")
            listed.append(Conflict(relation.a, relation.b, relation.kind, words, relation.source))
    return tuple(listed)
