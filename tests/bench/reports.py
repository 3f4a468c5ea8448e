"""Reports: two pages beside bare reportlab, the price of code and seal, a thousand in a row with steady memory.

python -m tests.bench reports [--full]       100 reports in a row, --full 1,000; --full also tries WeasyPrint
"""

from __future__ import annotations

import importlib.util
import io
import json
import math
import resource
from datetime import UTC, datetime
from html import escape
from typing import Any

import pypdfium2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import resources
from fieldapp.domain.statements import sign_statement
from fieldapp.reports.code import Sealer
from fieldapp.reports.content import Comparison, Grid, Imprint, Line, Section, Signed, VisitReport
from fieldapp.reports.visit_report import render
from tests.bench.figures import Row, best, figure
from tests.bench.reports_yardstick import plain

PAGES, BUDGET, FASTER = 2, 1.3, 20.0
IN_A_ROW = {False: 100, True: 1000}


def run(full: bool) -> list[Row]:
    report, sealer = two_pages(), _sealer()
    render(report, sealer)  # fonts are read once a process
    assert _pages(render(report).pdf) == _pages(plain(report)) == PAGES, "the yardstick draws something else"
    ours, bare, sealed = best(lambda: render(report), lambda: plain(report), lambda: render(report, sealer))
    rows = [
        figure("visit report, two pages", ours * 1e3, "ms", yardstick=bare * 1e3, most_ratio=BUDGET, note="bare reportlab"),
        figure("the same with code and seal", sealed * 1e3, "ms", yardstick=bare * 1e3),
        _memory(report, sealer, IN_A_ROW[full]),
    ]
    return [*rows, _weasyprint(report, ours)] if full else rows


def _memory(report: VisitReport, sealer: Sealer, count: int) -> Row:
    """Resident memory at its highest after all, beside that after the first quarter."""
    for _ in range(count // 4):
        render(report, sealer)
    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for _ in range(count - count // 4):
        render(report, sealer)
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figure(f"memory after {count:,} reports", late, "MB", yardstick=early, most_ratio=1.05, note="after the first quarter")


def _weasyprint(report: VisitReport, ours: float) -> Row:
    name = "times faster than WeasyPrint"
    if importlib.util.find_spec("weasyprint") is None:
        return Row(name, None, "x", budget=f">= {FASTER:g} x", note="WeasyPrint is not installed: NOT measured")
    from weasyprint import HTML

    page = _html(report)
    HTML(string=page).write_pdf()
    (theirs,) = best(lambda: HTML(string=page).write_pdf(), rounds=3)
    return Row(name, theirs / ours, "x", budget=f">= {FASTER:g} x", holds=theirs / ours >= FASTER, note=f"{theirs * 1e3:.0f} ms")


def _html(report: VisitReport) -> str:
    """An equivalent page: the same texts in the same tables, the same font."""
    font = resources.path("fonts", "NotoSansSC-Regular.ttf").as_uri()
    style = f"@font-face {{font-family: N; src: url('{font}')}} body {{font: 9.5pt N}} td, th {{border: 0.4pt solid #C9D1DA}}"
    body = [f"<h1>{escape(report.imprint.title)}</h1>", _html_table([(line.label, line.answer) for line in report.summary])]
    for section in report.sections:
        lines = [(part.label, part.answer) for part in section.parts if isinstance(part, Line)]
        grids = [_html_table([part.head, *part.rows]) for part in section.parts if isinstance(part, Grid)]
        body += [f"<h2>{escape(section.title)}</h2>", _html_table(lines), *grids]
    body.append(_html_table([(c.name, c.word, "\n".join((*c.arithmetic, c.clause))) for c in report.comparisons]))
    return f"<style>{style}</style>{''.join(body)}"


def _html_table(rows: list[Any]) -> str:
    return "<table>" + "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in row) + "</tr>" for row in rows) + "</table>"


def _pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return len(document)


def _sealer() -> Sealer:
    key = Ed25519PrivateKey.generate()
    certificate = sign_statement("device-certificate", {"public_key": key.public_key().public_bytes_raw().hex()}, key)
    at = int(datetime(2026, 11, 21, tzinfo=UTC).timestamp())
    return Sealer(key.private_bytes_raw(), "0" * 64, "341799", certificate, at, ("a" * 64,))


def two_pages() -> VisitReport:
    """A family of five, as dense as reports are."""
    strokes = [[[0.1 + n / 200, 0.5 + 0.3 * math.sin(n / 9)] for n in range(160)] for _ in range(3)]
    signature = json.dumps({"schema": "strokes/1", "shape": 0.32, "strokes": strokes}).encode()
    names = ("肖雨", "邓山", "邓一", "邓二", "邓小")
    members = tuple((name, "子女", "女", "2018-05-06", "无", "小学", "务农", "400 元/月") for name in names)
    lines = tuple(Line(f"第 {n} 个问题", "经营净收入 400 元/月" if n % 3 else "丈夫患病，妻子独自照护三个孩子和病人。" * 2) for n in range(1, 25))
    steps = ("测算金额：每月 3490 元", "50 ÷ 5 = 10 < 600", "550 − 500（刚性支出扣减，封顶）= 50", "(600 − 10) × 5 + 540 → 3490")
    return VisitReport(
        Imprint("青石县柏叶镇人民政府", "入户核查情况报告", "20261121-7F3A2C", "王敏", "2026-11-21 10:05"),
        (Line("户主", "肖雨"), Line("家庭人口", "5 人"), Line("住址", "周岭村 4 组 6 号"), Line("走访时间", "2026-11-21 09:10")),
        (
            Section("基本情况", lines[:8]),
            Section("家庭成员", (Grid("", ("姓名", "关系", "性别", "出生", "残疾", "在读", "从业", "收入"), members),)),
            Section("财产与住房", lines[8:16]), Section("变故与需求", lines[16:]),
        ),
        tuple(Comparison(f"救助政策 {n}", "first_match", "初步符合", steps, "《社会救助法》第18条") for n in range(5)),
        signatures=tuple(Signed(f"调查人 {n}", signature) for n in range(3)), form="入户核查 2026112101",
        layout={"sign_here": ()},
    )  # fmt: skip
