"""From a node of the form and what is wrong with it back to the cell it was written in."""

from __future__ import annotations

from collections.abc import Iterator

from forms.definition.plan import Role
from forms.xlsform.workbook import Row, Sheet, Workbook

COLUMNS: dict[Role, tuple[str, ...]] = {
    Role.RELEVANT: ("relevant", "relevance", "bind::relevant"),
    Role.CALCULATE: ("calculation", "calculate", "bind::calculate"),
    Role.COUNT: ("repeat_count", "count", "control::jr:count", "jr:count"),
    Role.CHOICES: ("choice_filter",),
    Role.READONLY: ("readonly", "read_only", "read only", "bind::readonly"),
    Role.REQUIRED: ("required", "bind::required"),
    Role.CONSTRAINT: ("constraint", "bind::constraint"),
    Role.LABEL: ("label", "hint"),
    Role.ITEM_LABEL: ("label",),
}
ALIASES = {
    "unknown-of": ("bind::tjb:unknown-of",), "fact": ("bind::tjb:fact",), "default": ("default",),
    "save_to": ("save_to",), "name": ("name",), "type": ("type",), "trigger": ("trigger",),
}  # fmt: skip


class Places:
    """Survey rows by node path, and headers by what they say."""

    def __init__(self, workbook: Workbook, root_name: str) -> None:
        self.survey: Sheet = workbook["survey"]
        self.entities: Sheet | None = workbook.get("entities")
        self.by_path: dict[str, Row] = dict(_walk(self.survey, "/" + root_name))

    def row(self, path: str) -> Row | None:
        return self.by_path.get(path)

    def number(self, path: str) -> int:
        row = self.by_path.get(path)
        return row.number if row else 0

    def entity_row(self, list_name: str) -> int:
        """The row of an entity list on the entities sheet, 0 when it is not there."""
        rows = self.entities.rows if self.entities else ()
        return next((r.number for r in rows if list_name in r.cells.values()), 0)

    def column(self, row: Row | None, names: tuple[str, ...], text: str = "") -> str:
        """The header as written: one of the names, or a translation of one, that holds a text if given."""
        candidates = [h for h in self.survey.headers if _means(h, names)]
        filled = [h for h in candidates if row is not None and h in row.cells]
        holding = [h for h in filled if text and text in row.cells[h]] if row is not None else []
        return next(iter(holding or filled or candidates), names[0])


def _means(header: str, names: tuple[str, ...]) -> bool:
    plain = header.lower().strip()
    return plain in names or any(plain.startswith((f"{n}::", f"{n}:")) for n in names)


def _walk(sheet: Sheet, root: str) -> Iterator[tuple[str, Row]]:
    around = [root]
    for row in sheet.rows:
        cells = {h.lower(): v for h, v in row.cells.items()}
        kind = cells.get("type", cells.get("command", "")).lower().replace("_", " ")
        name = cells.get("name", cells.get("value", ""))
        if kind.startswith("end "):
            if len(around) > 1:
                around.pop()
            continue
        path = f"{around[-1]}/{name}"
        yield path, row
        if kind.startswith("begin "):
            around.append(path)
