"""The list of services the county keeps (政策供给清单里的服务类救助): a workbook or CSV, published as ``services``.

Columns by their heads, in any order: 服务 (required), 类别, 机构, 电话, 范围, 说明. Without a list services are written
in by hand.
"""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from fieldapp.domain.pointers import Json
from fieldapp.store.api import ReadTx, Store
from fieldapp.workflows.matters.tables import read_table

CONTROL, HEAD = "services", "服务"
HEADS = {"服务": "name", "类别": "kind", "机构": "provider", "电话": "phone", "范围": "where", "说明": "note"}
#: Words of the 类别 column as the codes of the service form.
KINDS = {"照料护理": "care", "康复训练": "rehabilitation", "送医陪护": "escort", "社会融入": "social",
         "能力提升": "ability", "心理疏导": "mind", "资源链接": "links", "劳务互助": "labour"}  # fmt: skip


@dataclass(frozen=True)
class Service:
    """One line of the list. ``kind`` a code of ``KINDS`` or "" where the list says something else."""

    name: str
    kind: str = ""
    provider: str = ""
    phone: str = ""
    where: str = ""
    note: str = ""


def services(store: Store) -> Future[tuple[Service, ...]]:
    return store.read(read_list)


def read_list(tx: ReadTx) -> tuple[Service, ...]:
    statement = tx.control(CONTROL)
    listed = statement.body["content"]["services"] if statement is not None else ()
    return tuple(Service(**row) for row in listed)


def read_services(file: Path) -> dict[str, Json]:
    """The control document's content. Raises InputError ``table.*`` | ``intake.*``."""
    listed = read_table(file, HEADS, HEAD)
    return {"services": [{**row, "kind": KINDS.get(row.get("kind", ""), "")} for row in listed]}
