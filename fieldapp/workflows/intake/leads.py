"""A list of alert leads as an Intake: what each department sends, in its own columns and dates."""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass
from datetime import date, timedelta

from fieldapp.domain.ids import imported_document_id
from fieldapp.domain.pointers import Json
from fieldapp.workflows.intake import row_kinds
from fieldapp.workflows.intake.gathering import Gathering
from fieldapp.workflows.intake.headers import SEARCHED_ROWS, Header, find_header, read_header
from fieldapp.workflows.intake.papers import Paper, full_number, read_paper
from fieldapp.workflows.intake.places import Found
from fieldapp.workflows.intake.problems import FLAG, REFUSED
from fieldapp.workflows.intake.result import Imported, Intake, Line
from fieldapp.workflows.intake.sheets import Sheet, SheetRow, Value, is_blank
from fieldapp.workflows.intake.values import NOTHING, ReadDate, chinese_number, person_name, read_date, read_phone, text

_DAYS = re.compile(r"(\d+|[一二三四五六七八九十]+)\s*(?:个)?(?:工作日|工作天|天|日|个?自然日)?(?:内|以内)?")
_BEFORE = re.compile(r"((?:\d{4}[年./-])?\d{1,2}[月./-]\d{1,2}[日号]?)(?:[之以]?前)?(?:反馈|办结|完成|报送)?")
_HOURS = re.compile(r"(\d+)\s*(?:个)?(?:小时|h)(?:内|以内)?")
_NATURAL = re.compile(
    r"(\d+|[一二三四五六七八九十]+)(?:个?自然日|天\(自然日\))(?:内|以内)?|([一两二三四1234])(?:周|个?星期)(?:内|之内|以内)?"
)
_AT_ONCE = re.compile(r"立即|立刻|即时|马上|当[日天](?:内|反馈|办结|完成|核查)?|即日")
_DAY_ALONE = re.compile(r"(\d{1,2})[月./-](\d{1,2})[日号]?")
_MONTH_END = re.compile(r"(?:本|当)?月底(?:前|以前|之前)?")
_CHANNELS = (
    ("hotline", "热线|12345|信访"), ("online", "网上|网络|小程序|随手拍"), ("anti_relapse", "防返贫|乡村振兴"),
    ("walk_in", "窗口|来访"), ("collector", "信息员|协理员"), ("neighbour", "邻居|群众反映"),
)  # fmt: skip
_URGENT = re.compile(r"紧急|特急|加急|红色|一级|是")


class LeadReading:
    """Reads a lead list; a number or a person with the same reason is known again across the whole file."""

    def __init__(self, gathering: Gathering) -> None:
        self.into = gathering
        self.by_number: dict[str, tuple[int, str]] = {}
        self.by_person: dict[tuple[str, str], int] = {}

    def result(self) -> Intake:
        return self.into.intake("leads")

    def read_sheet(self, sheet: Sheet) -> None:
        rows = (row for row in sheet.rows() if not row.blank)
        top = list(itertools.islice(rows, SEARCHED_ROWS))
        header = find_header(top, self.into.words, ("leads",))
        last = 0
        for row in itertools.chain(top, rows):
            if header is None or row.number <= header.last_row:
                side = "note" if header is None else "title" if row.number < header.first_row else "header"
                self.into.lines.append(Line(sheet.name, row.number, side))
            elif read_header([row], self.into.words, "leads"):
                self.into.lines.append(Line(sheet.name, row.number, "header"))
            elif self._is_side_line(row, header):
                self.into.lines.append(Line(sheet.name, row.number, row_kinds.kind_of(row, header)))
            else:
                self.read_row(sheet, header, row)
                last = row.number
        if header is None and top:
            self.into.say("sheet_without_header", sheet.name, top[0].number)
        self.into.sheets.append({"name": sheet.name, "last_data_row": last})

    def read_row(self, sheet: Sheet, header: Header, row: SheetRow) -> None:
        _LeadRow(self, sheet, header, row).read()

    def _is_side_line(self, row: SheetRow, header: Header) -> bool:
        """Totals, notes and sign-off lines; a line with content or a number is a lead whatever else it lacks."""
        kind = row_kinds.kind_of(row, header)
        return kind in (row_kinds.TOTAL, row_kinds.NOTE, row_kinds.FOOTER, row_kinds.GROUP)


@dataclass(frozen=True)
class Deadline:
    """Working days, or a day, or hours of an urgent lead; ``problem`` is a code."""

    days: int | None = None
    due_on: str | None = None
    urgent: bool = False
    problem: str = ""


def read_deadline(value: Value, sheet: Sheet, today: date, issued: str = "") -> Deadline:
    """``5个工作日``, ``3``, ``24小时``, a date, ``11月25日前`` (the first after ``issued``), or nothing."""
    words = text(value).replace(" ", "")
    if not words or words in NOTHING:
        return Deadline(problem="no_deadline")
    if match := _HOURS.fullmatch(words):
        return Deadline(days=max(1, -(-int(match[1]) // 24)), urgent=int(match[1]) <= 24)
    if _AT_ONCE.fullmatch(words):
        return Deadline(days=1, urgent=True)
    if by_calendar := _by_calendar(words, issued):
        return Deadline(due_on=by_calendar)
    match = _DAYS.fullmatch(words)
    if match and len(words) < 8 and (days := chinese_number(match[1])) is not None and 0 < days <= 366:
        return Deadline(days=days)
    if before := _BEFORE.fullmatch(words):
        value = before[1] if before[1][:4].isdigit() else _in_year(before[1], issued)
    due = read_date(value, sheet.epoch, today=today.replace(year=today.year + 5, day=1))
    return Deadline(due_on=due.iso) if len(due.iso) == 10 else Deadline(problem="unreadable_deadline")


def _by_calendar(words: str, issued: str) -> str | None:
    """The day that natural days, weeks or the end of the month after ``issued`` (ISO) come to; None for other words."""
    natural, month_end = _NATURAL.fullmatch(words), _MONTH_END.fullmatch(words)
    if len(issued) < 10 or not (natural or month_end):
        return None
    start = date.fromisoformat(issued)
    if natural:
        days = chinese_number(natural[1]) if natural[1] else 7 * (chinese_number(natural[2].replace("两", "二")) or 0)
        return (start + timedelta(days=min(days or 0, 366))).isoformat()
    next_month = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (next_month - timedelta(days=1)).isoformat()


def _in_year(month_and_day: str, issued: str) -> str:
    """``11月25日`` with the year of the first such day after the lead was passed on; without that as it is."""
    parts = re.findall(r"\d+", month_and_day)
    if len(issued) < 10 or len(parts) != 2:
        return month_and_day
    later = (int(parts[0]), int(parts[1])) < (int(issued[5:7]), int(issued[8:10]))
    return f"{int(issued[:4]) + later}年{month_and_day}"


class _LeadRow:
    """One data row of a lead list."""

    def __init__(self, reading: LeadReading, sheet: Sheet, header: Header, row: SheetRow) -> None:
        self.reading = reading
        self.into = reading.into
        self.sheet = sheet
        self.header = header
        self.row = row
        self.severities: set[str] = set()

    def read(self) -> None:
        paper = self._paper()
        number, content = self.text("number"), self.text("content")
        name = person_name(self.value("name"))
        if not content and not name and not paper.number:
            self._say("lead_without_content", "content")
        elif not self._seen_before(number, paper, name, content):
            self._say_paper(paper)
            self._lead(number, paper, name, content)
        cells = self._cells() if self.severities & {FLAG, REFUSED} else ()
        fate = "refused" if REFUSED in self.severities else "imported"
        self.into.lines.append(Line(self.sheet.name, self.row.number, fate, self.row.number, cells))

    def _paper(self) -> Paper:
        return read_paper(self.value("id_number"), today=self.into.today)

    def _say_paper(self, paper: Paper) -> None:
        for code in paper.problems:
            if code != "no_id" or self.header.column("id_number") is not None:
                self._say(code, "id_number", paper.detail)

    def _seen_before(self, number: str, paper: Paper, name: str, content: str) -> bool:
        """A number that stands above is no new lead; the flags of its cells are still told."""
        earlier = self.reading.by_number.get(number) if number else None
        summary = "|".join((name, full_number(paper.number or ""), content))
        if earlier is None:
            if number:
                self.reading.by_number[number] = (self.row.number, summary)
            self._same_reason(paper, name, content)
            return False
        self._say_paper(paper)
        self._deadline()
        code = "same_number_again" if earlier[1] == summary else "same_number_other_content"
        self._say(code, "number", f"第 {earlier[0]} 行")
        return True

    def _same_reason(self, paper: Paper, name: str, content: str) -> None:
        whole = paper.kind in ("resident", "old")
        who = full_number(paper.number or "") if whole else f"{name}|{paper.number}" if paper.number else ""
        if not who or not content:
            return
        reason = re.sub(r"\s", "", content)
        earlier = self.reading.by_person.setdefault((who, reason), self.row.number)
        if earlier != self.row.number:
            self._say("same_person_same_reason_new_number", "content", f"第 {earlier} 行")

    def _lead(self, number: str, paper: Paper, name: str, content: str) -> None:
        if not number:
            self._say("lead_without_number", "number")
        found = self._place()
        source = self.text("source") or self.into.source
        state: dict[str, Json] = {"source": source, "channel": _channel(source)}
        issued = self._issued()
        if issued.unreadable:
            self._say("unreadable_date", "issued", self.text("issued"))
        deadline = self._deadline()
        days = deadline.days or (self.into.terms.days if not deadline.due_on else None)
        urgent = deadline.urgent or bool(_URGENT.search(self.text("urgent")))
        leaves: dict[str, Json] = {
            "number": number, "person_name": name, "id_number": paper.number, "phone": read_phone(self.text("phone")),
            "address": self.text("address"), "content": content, "issued_on": issued.iso, "days": days,
            "due_on": deadline.due_on or self._due(issued.iso, days), "urgent": urgent,
        }  # fmt: skip
        state.update({key: value for key, value in leaves.items() if value})
        if others := self._others():
            state["imported"] = others
        key = lead_document_id(self.into.county, source, number or _fingerprint(state))
        area = found.area or self.into.areas.target or self.into.county
        document = Imported(key, "lead", area, state, self.sheet.name, self.row.number)
        self.into.documents.append(document)

    def _place(self) -> Found:
        group = self.text("group")
        group = f"{group}组" if group.isdigit() else group
        found = self.into.areas.find([self.text("village"), group, self.text("address"), self.text("town")])
        if not found.grid_known and self.into.areas.names:
            self._say("lead_to_assign", "address")
        return found

    def _issued(self) -> ReadDate:
        """The day the lead was passed on; ``11月18日`` is the last such day."""
        today, words = self.into.today, self.text("issued")
        if short := _DAY_ALONE.fullmatch(words):
            past = (int(short[1]), int(short[2])) <= (today.month, today.day)
            return read_date(f"{today.year - (not past)}-{short[1]}-{short[2]}", self.sheet.epoch, today=today)
        return read_date(self.value("issued"), self.sheet.epoch, today=today)

    def _deadline(self) -> Deadline:
        issued = self._issued().iso
        deadline = read_deadline(self.value("deadline"), self.sheet, self.into.today, issued)
        if deadline.problem:
            self._say(deadline.problem, "deadline", self.text("deadline"))
        return deadline

    def _due(self, issued_on: str, days: int | None) -> str | None:
        if len(issued_on) < 10 or not days:
            return None
        return self.into.terms.after(date.fromisoformat(issued_on), days).isoformat()

    def _others(self) -> dict[str, Json]:
        columns = list(self.header.others())
        if (remark := self.header.column("remark")) is not None:
            columns.append((remark, self.header.labels[remark]))
        return {label: text(self.row.own(column)) for column, label in columns if not is_blank(self.row.own(column))}

    def value(self, field: str) -> Value:
        column = self.header.column(field)
        return self.row.seen(column) if column is not None else None

    def text(self, field: str) -> str:
        words = text(self.value(field))
        return re.sub(r"\s*\n\s*", "", words) if field != "content" else words

    def _say(self, code: str, field: str, detail: str = "") -> None:
        problem = self.into.say(code, self.sheet.name, self.row.number, self.header, field, detail)
        self.severities.add(problem.severity)

    def _cells(self) -> tuple[tuple[str, str], ...]:
        labels = sorted(self.header.labels.items())
        return tuple((label, text(self.row.own(column))) for column, label in labels)


def lead_document_id(county: str, source: str, number: str) -> str:
    """A lead is a row of the sender's own register: sender and number name it in whatever file it is sent again."""
    return imported_document_id(county, source, f"预警编号 {number}", 1, kind="lead")


def _channel(source: str) -> str:
    return next((channel for channel, words in _CHANNELS if re.search(words, source)), "department")


def _fingerprint(state: dict[str, Json]) -> str:
    """What stands in for a missing number: the lead's own words, so that the same row sent again is the same lead."""
    words = "\0".join(str(state.get(key, "")) for key in ("person_name", "id_number", "content", "issued_on"))
    return "~" + hashlib.sha256(words.encode()).hexdigest()[:24]
