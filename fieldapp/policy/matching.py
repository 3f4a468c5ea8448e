"""Policies seek people: every policy of the catalogue against this household, in one of six states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from weakref import WeakKeyDictionary

from fieldapp.policy.assessment import Conflict, Line, Match
from fieldapp.policy.conclusions import Compiled, compile_condition
from fieldapp.policy.conditions import leaves
from fieldapp.policy.evaluation import Case, once
from fieldapp.policy.money import Amount
from fieldapp.policy.pack import RELATION_WORDS, Pack, Policy, Relation
from fieldapp.policy.rules import dibao, single, tekun, temporary
from fieldapp.policy.rules.family import identity
from fieldapp.policy.rules.tier import has
from fieldapp.policy.steps import Step, StepValue
from fieldapp.policy.words import MatchState

_compiled: WeakKeyDictionary[Pack, dict[int, Compiled]] = WeakKeyDictionary()
WITHOUT_IDENTITY = frozenset({"temp_fast", "emergency_medical", "stray"})
"""Help that does not wait for papers (the Law §30, §31, §50)."""
OFFSETS = ("excludes", "tops_up", "higher_of")


def matches(c: Case) -> tuple[Match, ...]:
    """One Match per policy in force, in the catalogue's order."""
    had = _had(c)
    relations = _relations(c.pack)
    return tuple(_match(c, policy, had, relations) for policy in c.pack.policies_on(c.on))


def _had(c: Case) -> dict[str, tuple[str, ...]]:
    """Policies already had: by the household () or by members (their rows)."""
    of_household = c.fact("already.programs").value or ()
    found: dict[str, tuple[str, ...]] = {str(name): () for name in of_household}  # type: ignore[union-attr]
    for row in c.rows:
        for name in c.fact("member.already", row).value or ():  # type: ignore[union-attr]
            if name not in of_household:  # type: ignore[operator]
                found[str(name)] = (*found.get(str(name), ()), row)
    return found


def _relations(pack: Pack) -> Mapping[str, list[tuple[str, Relation]]]:
    found: dict[str, list[tuple[str, Relation]]] = {}
    for relation in pack.relations:
        found.setdefault(relation.b, []).append((relation.a, relation))
        if relation.kind != "includes":
            found.setdefault(relation.a, []).append((relation.b, relation))
    return found


def _function(pack: Pack, policy: Policy) -> Compiled:
    functions = _compiled.get(pack)
    if functions is None:
        functions = _compiled[pack] = {
            id(known): compile_condition(known.when, f"policy:{known.id}") for known in pack.policies
        }
    return functions[id(policy)]


@once
def condition_step(c: Case, policy_id: str) -> Step:
    """The condition of another policy, for conditions that refer to it."""
    policy = next(policy for policy in c.pack.policies_on(c.on) if policy.id == policy_id)
    return _function(c.pack, policy)(c, "", [])


def _match(
    c: Case, policy: Policy, had: Mapping[str, tuple[str, ...]], relations: Mapping[str, list[tuple[str, Relation]]]
) -> Match:
    people: list[str] = []
    step = _function(c.pack, policy)(c, "", people)
    if policy.id not in WITHOUT_IDENTITY and identity(c).value is not True:
        step = c.after("status.policy", identity(c), step)
    if policy.id in had and not had[policy.id]:
        return _made(policy, MatchState.HAS, has(c, policy.id), note=_already(c, policy.id))
    for other, relation in relations.get(policy.id, ()):
        if relation.kind == "includes" and other in had:
            return _made(policy, MatchState.HAS, has(c, other), note=_included(c.pack, other))
    rows = tuple(sorted(set(people) - set(had.get(policy.id, ()))))
    if policy.id in had and not rows and step.value is not None:
        return _made(policy, MatchState.HAS, has(c, policy.id), people=had[policy.id], note=_already(c, policy.id))
    if step.value is None:
        return _made(policy, MatchState.TO_CHECK, step)
    if step.value is False:
        return _made(policy, MatchState.NO_MATCH, step, note=_lived_with(c, policy))
    return _fulfilled(c, policy, step, rows, had, relations)


def _fulfilled(
    c: Case, policy: Policy, step: Step, rows: tuple[str, ...], had: Mapping[str, tuple[str, ...]],
    relations: Mapping[str, list[tuple[str, Relation]]],
) -> Match:  # fmt: skip
    clashes = [(other, r) for other, r in relations.get(policy.id, ()) if r.kind in OFFSETS and other in had]
    amount = _amount(c, policy, rows)
    if clashes:
        names = tuple(other for other, _ in clashes)
        note = _clash_words(c.pack, clashes)
        return _made(policy, MatchState.CONFLICT, step, people=rows, clashes=names, amount=amount, note=note)
    if policy.by_list:
        note = Line("按名单发放，不需申请；核对是否已享受", "paid by list, no application; check whether it is paid")
        return _made(policy, MatchState.FIRST_MATCH, step, people=rows, amount=amount, note=note)
    missing, bring = _papers(c, policy)
    state = MatchState.PAPERS if missing else MatchState.FIRST_MATCH
    return _made(policy, state, step, people=rows, papers=missing, bring=bring, amount=amount, note=_people(c, rows))


def _papers(c: Case, policy: Policy) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """(missing for certain, still to bring); what the checking mechanism knows is not asked for."""
    missing, bring = [], []
    for paper in policy.papers:
        if not paper.must or (paper.skip_if and c.fact(paper.skip_if).value is True):
            continue
        told = c.fact(paper.fact).value
        cards = [c.fact("member.disability.card", row).value for row in c.rows]
        if paper.fact == "doc.disability_card" and told is None and (True in cards or False in cards):
            told = True in cards
        if told is False:
            missing.append((paper.zh, paper.en))
        elif told is None:
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


def _made(policy: Policy, state: MatchState, step: Step, **more: object) -> Match:
    return Match(
        policy.id, (policy.zh, policy.en), policy.department, policy.needs, state, step,
        to_public=policy.to_public, mark=policy.mark, cash=policy.kind == "现金", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def _name(pack: Pack, id: str) -> tuple[str, str]:
    return next(((p.zh, p.en) for p in pack.policies if p.id == id), (id, id))


def _already(c: Case, id: str) -> Line | None:
    paid, since = c.fact("already.dibao_amount_month").value, c.fact("already.dibao_since").value
    if id != "dibao" or paid is None:
        return None
    from fieldapp.policy.money import yuan

    amount = yuan(paid)  # type: ignore[arg-type]
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


def _lived_with(c: Case, policy: Policy) -> Line | None:
    """A veteran who lived with them and is not of the family: say so instead of a bare no."""
    was = c.fact("livedwith.was").value or ()
    if "veteran" not in was or not any(leaf.name == "member.veteran" for leaf in leaves(policy.when)):  # type: ignore[operator]
        return None
    who = c.fact("livedwith.name").value or c.fact("livedwith.relation").value or ""
    relation = c.fact("livedwith.relation").value or ""
    zh = f"退役军人是曾共同居住的{who}（{relation}），不是家庭成员"
    return Line(zh, f"the veteran was the {relation or who}, not a member")


def conflicts(c: Case, found: tuple[Match, ...]) -> tuple[Conflict, ...]:
    """Pairs that cannot both be had or are offset: had against possible, and possible against each other."""
    live = {m.policy for m in found if m.state in (MatchState.FIRST_MATCH, MatchState.PAPERS, MatchState.CONFLICT)}
    held = {m.policy for m in found if m.state is MatchState.HAS}
    listed = []
    for relation in c.pack.relations:
        pair = {relation.a, relation.b}
        if relation.kind in OFFSETS and pair <= live | held and pair & live:
            zh, en = RELATION_WORDS[relation.kind]
            a, b = _name(c.pack, relation.a), _name(c.pack, relation.b)
            words = Line(f"{a[0]}与{b[0]}：{zh}", f"{a[1]} and {b[1]}: {en}")
            listed.append(Conflict(relation.a, relation.b, relation.kind, words, relation.source))
    return tuple(listed)
