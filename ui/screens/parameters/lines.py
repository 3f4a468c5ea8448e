"""Parameters and changes in words: their rows in the list, and all there is to know about one of them."""

from __future__ import annotations

from datetime import date

from fieldapp.workflows.parameters import ChangeLine, ParameterLine, Version
from ui.formats import day_text
from ui.units import unit
from ui.widgets.rows import Row
from ui.words import said, t

TONES = {"waiting": "changed", "returned": "abnormal", "approved": "accent", "published": "done", "overtaken": "todo"}


def parameter_row(line: ParameterLine, today: date) -> Row:
    now = line.now
    value = f"{now.words} {unit(line.unit)}".strip() if now is not None and now.words else ""
    basis = " · ".join(part for part in (now.source, t("parameters.since", day=day_text(now.since, today=today)))
                       if part) if now is not None else ""  # fmt: skip
    if now is None and line.fallback:
        value, basis = f"{line.fallback} {unit(line.unit)}".strip(), t("parameters.national")
    tag = (t("parameters.open"), "changed") if line.is_open else None
    if now is None and line.optional:
        tag = (t("parameters.absent"), "todo")
    if line.later:
        first = line.later[0]
        tag = (t("parameters.later", day=first.since, value=first.words or t("parameters.open")), "accent")
    return Row(title=line.name, second=basis, right=value, tag=tag)


def change_row(line: ChangeLine, today: date) -> Row:
    entries = "；".join(f"{e.name} {e.was or '—'} → {e.becomes or t('parameters.open')}" for e in line.entries)
    entered = t("parameters.entered", who=line.entered_by, day=day_text(line.entered_on, today=today))
    return Row(title=line.document, beside=entered, second=entries,
               tag=(t(f"parameters.state.{line.state}"), TONES[line.state]))  # fmt: skip


def about_parameter(line: ParameterLine, today: date) -> str:
    """Value by value, with document, clause and the two who signed."""
    parts = [t("parameters.set_by", who=said("set_by", line.set_by))]
    told = ((t("parameters.now"), (line.now,) if line.now else ()), (t("parameters.to_come"), line.later),
            (t("parameters.earlier"), line.before[::-1]))  # fmt: skip
    for heading, versions in told:
        parts += [f"\n{heading}", *(_version(v, unit(line.unit), today) for v in versions)] if versions else []
    if line.now is None and line.fallback:
        parts.append(f"\n{t('parameters.national')}\n{line.fallback} {unit(line.unit)}".rstrip())
    elif line.is_open or line.now is None:
        parts += ["", t("parameters.open_what" if line.is_open else "parameters.absent_what")]
    return "\n".join(parts)


def _version(v: Version, unit: str, today: date) -> str:
    value = f"{v.words} {unit}".strip() if v.words else t("parameters.open")
    basis = " ".join(part for part in (v.source, v.clause) if part)
    people = t("parameters.people", one=v.entered_by, other=v.approved_by) if v.entered_by else ""
    since = day_text(v.since, today=today)
    days = f"{since} — {day_text(v.until, today=today)}" if v.until else t("parameters.since", day=since)
    return "\n".join(part for part in (f"{value}（{days}）", basis, v.issuer, people) if part)


def about_change(line: ChangeLine, today: date) -> str:
    parts = [t(f"parameters.state.{line.state}") + (f"：{line.words}" if line.words else "")]
    parts += [" ".join(part for part in (line.clause, line.issuer) if part), ""]
    for e in line.entries:
        parts.append(f"{e.name}\n{e.was or '—'} → {e.becomes or t('parameters.open')}"
                     f"（{t('parameters.since', day=day_text(e.since, today=today))}）")  # fmt: skip
    parts += ["", t("parameters.entered", who=line.entered_by, day=day_text(line.entered_on, today=today))]
    parts += [t("parameters.decided", who=line.decided_by)] if line.decided_by else []
    parts.append(t(f"parameters.next.{line.state}"))
    parts += [t("parameters.own")] if line.own and line.state == "waiting" else []
    return "\n".join(parts)
