"""Many papers bound into one PDF, each under its bookmark."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from fieldapp.reports.code import SEALED, Sealer
from fieldapp.reports.protecting import with_password


def bind(
    parts: Sequence[tuple[str, bytes]], title: str, sealer: Sealer | None = None, password: str = ""
) -> bytes:
    """``parts`` are (bookmark, PDF) in their order. The same parts give the same bytes before sealing."""
    import pikepdf

    made = io.BytesIO()
    with pikepdf.new() as book:
        with book.open_outline() as outline:
            for name, data in parts:
                with pikepdf.open(io.BytesIO(data)) as part:
                    at = len(book.pages)
                    book.pages.extend(part.pages)
                outline.root.append(pikepdf.OutlineItem(name, at))
        book.docinfo["/Title"] = title
        book.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), SigFlags=3)
        if sealer:
            book.docinfo["/Keywords"] = SEALED
        book.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    bound = with_password(made.getvalue(), password) if password else made.getvalue()
    if sealer is None:
        return bound
    return sealer.seal(bound, sealer.code(hashlib.sha256(made.getvalue()).digest()))
