"""The contract of the reports: what other rooms import. reportlab is loaded by the first drawing, not by this import.

    report = visit_report(tx, actor, shelf.best, visit, printed_at=actor.now())   # fieldapp.workflows.report_data
    drawn = render_visit(report, sealer)         # sealer: fieldapp.workflows.exporting.sealer(...); None for a preview
    drawn.pdf, drawn.missing                     # bytes; characters no font has, to be named in a warning

Bytes are the same for the same report, sealer and time. ``verify_file`` and ``verify_code`` say what a paper is.
"""

from __future__ import annotations

from fieldapp.reports.code import Sealer
from fieldapp.reports.content import (
    Comparison,
    Grid,
    Imprint,
    Line,
    Matrix,
    Paper,
    Picture,
    Rendered,
    Section,
    Signed,
    VisitReport,
    Words,
)
from fieldapp.reports.verify import Verdict, verify_code, verify_file

__all__ = [
    "Comparison", "Grid", "Imprint", "Line", "Matrix", "Paper", "Picture", "Rendered", "Sealer", "Section",
    "Signed", "Verdict",
    "VisitReport", "Words", "render_paper", "render_visit", "verify_code", "verify_file",
]  # fmt: skip


def render_visit(report: VisitReport, sealer: Sealer | None = None, password: str = "") -> Rendered:
    """The visit report as PDF. Raises InputError ``photo.unreadable`` | ``signature.unreadable`` |
    ``report.password``."""
    from fieldapp.reports.visit_report import render

    return render(report, sealer, password)


def render_paper(paper: Paper, sealer: Sealer | None = None, password: str = "") -> Rendered:
    """Any other report as PDF. Raises InputError ``report.password``."""
    from fieldapp.reports.paper import render

    return render(paper, sealer, password)
