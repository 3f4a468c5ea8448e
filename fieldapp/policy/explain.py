"""Steps in words: the arithmetic of each, why a result is as it is, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from fieldapp.policy.assessment import Match
from fieldapp.policy.money import ROUNDING_WORDS, yuan
from fieldapp.policy.parameters import ratio_text, register
from fieldapp.policy.steps import Gap, GapFinder, Step
from fieldapp.policy.vocabulary import vocabulary
from fieldapp.policy.words import GAP_WORDS, MatchState

ARITHMETIC = frozenset({"minus", "divide", "times"})
SIGNS = {"below": ("<", "≥"), "above": (">", "≤"), "at_most": ("≤", ">"), "at_least": ("≥", "<")}
REFUSED = {
    "below": ("不低于", "is not below"),
    "above": ("未超过", "does not exceed"),
    "at_most": ("超过", "is above"),
    "at_least": ("未达到", "does not reach"),
}
SELF_CARE = {
    "self": ("全自理", "self"), "partial": ("部分丧失", "partial"), "full": ("完全丧失", "full"),
    "high": ("高", "high"), "medium": ("中", "medium"), "low": ("低", "low"), "none": ("无", "none"),
    "done": ("已核查", "done"),
}  # fmt: skip
GROUPS = frozenset({"all", "any", "none", "after", "at_least_n", "person", "policy"})


class Explained(msgspec.Struct, frozen=True):
    """One line: how deep it stands, its words, the clauses it rests on, the parameter it read, its step."""

    depth: int
    text: str
    clause: str
    parameter: str
    step: Step


def clause_text(step: Step, lang: str = "zh") -> str:
    """《社会救助法》第18条；…."""
    return ("; " if lang == "en" else "；").join(clause.words(lang) for clause in step.about.clauses)


def explain(
    step: Step, lang: str = "zh", people: Mapping[str, str] | None = None, *, seen: set[int] | None = None
) -> tuple[Explained, ...]:
    """The step tree as lines, the conclusion first; each step once, facts and parameters beside their use.

    ``people`` maps row ids to names. Trees that share ``seen`` do not repeat each other's steps.
    """
    return tuple(_lines(step, lang, people or {}, 0, set() if seen is None else seen, GapFinder()))


def _lines(
    step: Step, lang: str, people: Mapping[str, str], depth: int, seen: set[int], finder: GapFinder
) -> Iterator[Explained]:
    if id(step) in seen or _idle(step):
        return
    seen.add(id(step))
    who = people.get(step.row, "")
    text = (f"{who}: " if lang == "en" else f"{who}：") if who else ""
    yield Explained(depth, text + line_text(step, lang, finder), clause_text(step, lang), _parameter(step, lang), step)
    yield from _deductions(step, lang, depth)
    for inner in step.inputs:
        yield from _lines(inner, lang, people, depth + 1, seen, finder)


def _idle(step: Step) -> bool:
    """A sum or fact of nothing says nothing."""
    return step.value == 0 and step.about.unit == "fen" and step.about.kind in ("fact", "sum", "least", "months")


def _parameter(step: Step, lang: str) -> str:
    parameter = step.about.parameter
    if parameter is None or parameter.since is None:
        return ""
    until = f" – {parameter.until}" if parameter.until else ""
    source = f"（{parameter.source}）" if parameter.source else ""
    return f"{parameter.since}{until or (' on' if lang == 'en' else ' 起')}{source}"


def _deductions(step: Step, lang: str, depth: int) -> Iterator[Explained]:
    """What was taken off the income, in a sentence each."""
    if step.about.id not in ("income.after_costs", "income.own_after_costs") or step.value is None:
        return
    for part in step.inputs[1:]:
        if part.value:
            yield Explained(depth + 1, _deduction(part, lang), clause_text(part, lang), "", part)


def _deduction(part: Step, lang: str) -> str:
    amount = yuan(part.number or 0)
    if part.about.id.startswith("income.job_cost"):
        return f"job cost {amount} deducted" if lang == "en" else f"扣减就业成本 {amount} 元"
    if _capped(part):
        spent = yuan(part.inputs[0].number or 0)
        return (f"rigid spending {spent} a month deducted up to the cap {amount}" if lang == "en"
                else f"刚性支出月均 {spent} 元，按上限扣减 {amount} 元")  # fmt: skip
    return f"rigid spending {amount} a month deducted" if lang == "en" else f"扣减刚性支出月均 {amount} 元"


def line_text(step: Step, lang: str, finder: GapFinder | None = None) -> str:
    """Label and text of one step."""
    if step.about.id.startswith("param:dibao.standard_month") and step.about.parameter is not None:
        since = step.about.parameter.since
        if step.number is not None and since is not None:
            amount = yuan(step.number)
            return (f"the standard of the month used: {amount} since {since}" if lang == "en"
                    else f"所用当月标准：{amount} 元（{since} 起）")  # fmt: skip
    label, colon = step.label(lang), ": " if lang == "en" else "："
    if step.value is None and step.frozen_text is None:
        open_now = {gap_text(gap, lang) for gap in (finder or GapFinder()).of(step)}
        if len(open_now) == 1 and (only := next(iter(open_now))).startswith(label + colon):
            return only  # what is open is what the line is about: "身份已核清：未填写"
    return label + colon + step_text(step, lang, finder)


def step_text(step: Step, lang: str = "zh", finder: GapFinder | None = None) -> str:
    """The arithmetic or comparison of a step; "待核实" with what is missing when it is not known."""
    if step.frozen_text is not None:
        return step.frozen_text[1 if lang == "en" else 0]
    if step.value is None:
        return open_text(step, lang, finder)
    kind = step.about.kind
    if kind in SIGNS and len(step.inputs) == 2:
        return compare_text(step, lang)
    if kind in ARITHMETIC or kind in ("sum", "round"):
        return arithmetic(step, lang)
    if kind in ("given", "least", "months", "year") and step.about.unit == "percent":
        return arithmetic(step, lang)
    return value_text(step, lang)


def arithmetic(step: Step, lang: str, *, result: bool = True) -> str:
    """"550 − 500 capped rigid deduction = 50"; a single term is just its value."""
    value = value_text(step, lang)
    kind = step.about.kind
    if kind == "round":
        how = ROUNDING_WORDS.get(str(step.inputs[-1].value), ("", ""))[1 if lang == "en" else 0]
        return f"{arithmetic(step.inputs[0], lang, result=False)} → {value}（{how}）"
    terms = _terms(step, lang)
    if len(terms) < 2:
        return value
    joined = {"minus": " − ", "divide": " / ", "times": " × "}.get(kind, " + ").join(terms)
    return f"{joined} = {value}" if result else joined


def _terms(step: Step, lang: str) -> list[str]:
    kind, inputs = step.about.kind, step.inputs
    if kind == "sum":
        return [_factor(i, lang) for i in inputs if i.value is not None and i.value != 0 and i.value is not True]
    if kind == "minus":
        first, *rest = inputs
        return [_number(first, lang), *(f"{_number(i, lang)}{_named(i, lang)}" for i in rest if i.value)]
    if kind == "times":
        return [_factor(i, lang, inside=True) for i in inputs if i.value is not True]
    return [_number(i, lang) for i in inputs]


def _factor(step: Step, lang: str, *, inside: bool = False) -> str:
    """A factor that is itself a difference or product is written out."""
    if inside and step.about.kind == "minus" and len(_terms(step, lang)) > 1:
        return f"({' − '.join(_number(i, lang) for i in step.inputs if i.value)})"
    if step.about.kind == "times" and len(step.inputs) == 2:
        return " × ".join(_factor(i, lang, inside=True) for i in step.inputs)
    return _number(step, lang)


def _named(step: Step, lang: str) -> str:
    if step.about.kind not in ("least", "sum", "months", "given"):
        return ""
    if _capped(step):
        return f" capped {step.about.en}" if lang == "en" else f"（{step.about.zh}，封顶）"
    return f" {step.about.en}" if lang == "en" else f"（{step.about.zh}）"


def _capped(step: Step) -> bool:
    return step.about.kind == "least" and step.about.id == "income.rigid_deduction" and (
        step.inputs[0].value != step.value
    )


def compare_text(step: Step, lang: str) -> str:
    """"50 / 5 = 10 < 600"; "per person 600 is not below 600 (600 ≥ 600)"."""
    left, right = step.inputs
    percent = left.about.unit == "percent"
    a, b = _number(left, lang), _number(right, lang, percent=percent)
    sign, opposite = SIGNS[step.about.kind]
    if step.value:
        return f"{_left(left, a, lang)} {sign} {b}"
    words = REFUSED[step.about.kind][1 if lang == "en" else 0]
    if percent:
        return f"{_left(left, a, lang)} {words} {b}"
    signs = f" ({a} {opposite} {b})" if lang == "en" else f"（{a} {opposite} {b}）"
    return f"{left.label(lang)} {a} {words} {b}{signs}"


def _left(left: Step, value: str, lang: str) -> str:
    if left.about.kind == "sum":
        terms = _terms(left, lang)
        return " + ".join(terms) if len(terms) > 1 else f"{left.label(lang)} {value}"
    if left.about.kind in ARITHMETIC or left.about.unit == "percent":
        return arithmetic(left, lang)
    return f"{left.label(lang)} {value}"


def value_text(step: Step, lang: str) -> str:
    """The value alone."""
    about, value = step.about, step.value
    english = lang == "en"
    if value is None:
        return open_text(step, lang)
    if isinstance(value, bool):
        return ("yes" if value else "no") if english else ("是" if value else "否")
    if about.kind == "fact":
        return vocabulary()[about.id[5:]].word(value, lang)
    if about.kind == "parameter":
        return register()[about.id[6:]].word(value, lang)
    if isinstance(value, str):
        return SELF_CARE[value][english] if value in SELF_CARE else value
    if isinstance(value, tuple):
        return ((", " if english else "、").join(map(str, value))) or ("none" if english else "无")
    return _number(step, lang)


def _number(step: Step, lang: str, *, percent: bool = False) -> str:
    value, unit = step.value, step.about.unit
    if value is None:
        return "待核实" if lang != "en" else "?"
    if percent or unit == "percent":
        text = f"{float(Fraction(step.number or 0) * 100):.1f}".removesuffix(".0")
        return f"{text} %"
    if unit == "fen" and isinstance(value, (int, Fraction)):
        return yuan(value)
    if isinstance(value, Fraction):
        return ratio_text(value)
    return value_text(step, lang) if isinstance(value, (bool, str, tuple)) else str(value)


def gap_text(gap: Gap, lang: str = "zh", people: Mapping[str, str] | None = None) -> str:
    """"存款：未填写", "邓山 医疗个人负担：拒答", "低保标准：参数未定"."""
    known = register().get(gap.name) if gap.state == "parameter" else vocabulary().get(gap.name)
    label = gap.name if known is None else known.en if lang == "en" else known.zh
    who = (people or {}).get(gap.row, "")
    state = GAP_WORDS[gap.state][1 if lang == "en" else 0]
    return f"{who + ' ' if who else ''}{label}{': ' if lang == 'en' else '：'}{state}"


def open_text(step: Step, lang: str, finder: GapFinder | None = None) -> str:
    """What keeps a step from being known, at most five things; ``finder`` is shared by steps told together."""
    found = sorted((finder or GapFinder()).of(step))
    names = dict.fromkeys(gap_text(gap, lang) for gap in found)
    shown = list(names)[:5]
    more = len(names) - len(shown)
    words = ("; " if lang == "en" else "；").join(shown)
    rest = (f" and {more} more" if lang == "en" else f"等 {len(names)} 项") if more else ""
    return f"to be checked ({words}{rest})" if lang == "en" else f"待核实（{words}{rest}）"


def reasons(step: Step, lang: str = "zh") -> tuple[str, ...]:
    """The conditions that decided a result: those that failed, those that hold, or what is open."""
    return tuple(dict.fromkeys(_reasons(step, lang)))


def _reasons(step: Step, lang: str) -> Iterator[str]:
    inner = [part for part in step.inputs if _decides(step, part)]
    if step.value is True and len(inner) > 1:  # that somebody is who they are explains no policy
        inner = [part for part in inner if part.about.id != "family.identity"]
    if step.about.kind in GROUPS and inner:
        for part in inner:
            yield from _reasons(part, lang)
        return
    yield said(step, lang)


def _decides(step: Step, part: Step) -> bool:
    """Whether a part is why its group has the value it has."""
    kind, value = step.about.kind, step.value
    if kind == "after":
        return part.value is value if value is None else part is step.inputs[1]
    if value is None:
        return part.value is None
    if kind == "none":
        return part.value is (not value)
    return part.value is value


def said(step: Step, lang: str) -> str:
    """A terminal condition as a sentence."""
    if step.about.kind in SIGNS and step.value is not None and len(step.inputs) == 2:
        return step_text(step, lang)
    if step.note and step.about.kind == "leaf":
        return step.note
    return line_text(step, lang)


def match_reasons(match: Match, lang: str) -> tuple[str, ...]:
    """Why a policy is in its state: papers and clashes first, then the conditions."""
    english = lang == "en"
    lines = []
    if match.state is MatchState.PAPERS:
        papers = (", " if english else "、").join(paper[1 if english else 0] for paper in match.papers)
        lines.append(f"papers missing: {papers}" if english else f"待补材料：{papers}")
    if match.note is not None:
        lines.append(match.note.words(lang))
    return tuple(dict.fromkeys((*lines, *reasons(match.step, lang))))
