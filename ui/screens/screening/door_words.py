"""A door and a member in words and colours."""

from __future__ import annotations

from datetime import date

from fieldapp.workflows.people import Member
from fieldapp.workflows.rounds import RoundInfo
from fieldapp.workflows.screening import Door, LastAnswer
from ui import formats, privacy
from ui.widgets.rows import Row
from ui.words import said, t

#: Where a member is -> tone of its tag.
PLACE_TONES = {
    "home": "done", "school": "done", "away_work": "accent", "hospital": "changed", "institution": "changed",
    "prison": "todo", "moved_away": "todo", "died": "todo",
}  # fmt: skip


def door_row(place: int, door: Door, today: date) -> Row:
    return Row(
        number=str(place),
        title=privacy.name(door.head) or t("screening.no_name"),
        beside=t("household.people", n=door.people) if door.people else "—",
        second=door_second(door, today),
        state=door.state,
        spoken=t(f"state.{door.state}"),
    )


def door_second(door: Door, today: date) -> str:
    """What was answered and when, or why the door deserves a look."""
    if door.disputed and door.answer is None:
        return t("screening.disputed")
    if door.answer is None:
        marks = [t("screening.todo")]
        if door.revisit_on and door.revisit_on <= today.isoformat():
            marks.append(t("screening.revisit"))
        marks += [said("flag", flag) for flag in door.flags[:2]]
        return " · ".join(marks)
    if door.answer == "nobody_home":
        return t("screening.tries", n=door.attempts)
    words = said("reason", door.reason) if door.reason else t(f"answer.{door.answer}")
    if door.note:
        return t("screening.with_note", answer=words, note=privacy.secret(door.note))
    at = formats.stamp(door.at)
    return f"{words} {formats.when(at, today=today)}" if at else words


def round_words(info: RoundInfo) -> str:
    """``寒潮走访 · 加开`` or ``十一月排查 · 第 3 轮``."""
    name = info.title or t("round.unnamed")
    if info.kind != "regular":
        return t("screening.round_extra", title=name, kind=t(f"round.kind.{info.kind}"))
    return t("today.round", title=name, n=info.number) if info.number else name


def last_words(last: LastAnswer | None, today: date, *, key: str = "screening.last") -> str:
    """``上次 10 月 14 日 正常（李秋）``; ``screening.last_bare`` where 上次 stands before it."""
    if last is None:
        return t("screening.never")
    day = formats.day_text(last.at, today=today)
    words = said("reason", last.reason) if last.reason else t(f"answer.{last.answer}")
    return t(key, day=day, answer=words, by=last.by or t("common.unknown"))


def member_about(member: Member) -> str:
    """``妻 · 61 岁 · 高血压``."""
    age = t("format.age", n=member.age) if member.age is not None else t("member.no_age")
    sex = t(f"sex.{member.sex}") if member.relation == "head" and member.sex in ("male", "female") else ""
    school = said("school", member.school) if member.school not in (None, "none") else ""
    more = privacy.secret(member.illness) or school
    relation = said("relation", member.relation) if member.relation else ""
    return " · ".join(part for part in (relation, sex, age, more) if part)


def place_words(whereabouts: str | None) -> tuple[str, str]:
    """Where a member is: (words, tone)."""
    if whereabouts is None:
        return t("whereabouts.unknown"), "todo"
    return said("whereabouts", whereabouts), PLACE_TONES.get(whereabouts, "todo")
