"""Finding the header of a table by what it says, wherever it stands, in one line or in several.

The words are data (``columns.yaml``); a department's mapping file of the same shape adds its own.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from fieldapp.errors import InputError
from fieldapp.workflows.intake.sheets import SheetRow, Value, is_blank

Words: TypeAlias = Mapping[str, Mapping[str, str]]
"""kind of table -> label in its plain form -> field"""

SEARCHED_ROWS = 60
MAX_DEPTH = 3
LEAST_FIELDS = 3
#: a row of labels without any of these sets of fields is not a header of that kind
NEEDED: Mapping[str, Sequence[frozenset[str]]] = {
    "ledger": (frozenset({"name"}), frozenset({"head_name"})),
    "leads": (frozenset({"content"}), *(frozenset({"number", field}) for field in ("source", "issued", "deadline"))),
    "correction": (frozenset({"row"}),),
}

#: what was done about a lead, or who did it, is not the lead
_AFTER = re.compile(r"核查|核实|反馈|处理|处置|办理|办结|填报|填表|联系人|经办|网格员|走访|帮扶|是否|责任|监护|备注")
_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_MARKS = re.compile(r"[\s*＊★※:：、，,/\\|·.。_\-—]+")
_MEMBER = re.compile(r"^(?:家庭)?(?:成员|人员|居民|本人|户内人员|共同生活)(?:信息|情况|基本情况|基本信息)?")
_HEAD = re.compile(r"^户主(?:信息|情况|基本情况|基本信息)?")


@dataclass(frozen=True)
class Header:
    """``fields``: field -> 0-based column; ``labels``: every labelled column; ``twice``: columns of a field again."""

    kind: str
    first_row: int
    last_row: int
    fields: Mapping[str, int]
    labels: Mapping[int, str]
    twice: tuple[int, ...] = ()

    def column(self, field: str) -> int | None:
        return self.fields.get(field)

    def others(self) -> Iterable[tuple[int, str]]:
        """The labelled columns that no field reads."""
        read = set(self.fields.values())
        return ((column, label) for column, label in self.labels.items() if column not in read)


def plain(label: str) -> str:
    """A label as it is compared: narrow, without blanks, brackets and marks."""
    narrow = unicodedata.normalize("NFKC", label)
    return _MARKS.sub("", _BRACKETS.sub("", narrow)) or _MARKS.sub("", narrow)


@cache
def default_words() -> Words:
    return _words((Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"),))


def words_with(mapping: str) -> Words:
    """The default words with a mapping file's (YAML text) before them; raises InputError for another shape."""
    return _words((Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"), mapping))


@cache
def _endings() -> Words:
    return _words((Path(__file__).with_name("column_endings.yaml").read_text(encoding="utf-8"),))


def _words(texts: Sequence[str]) -> Words:
    import yaml

    words: dict[str, dict[str, str]] = {}
    for text in texts:
        try:
            tables = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise InputError("intake.mapping_unreadable") from error
        _add_words(words, tables)
    return words


def _add_words(words: dict[str, dict[str, str]], tables: Any) -> None:
    if not isinstance(tables, dict):
        raise InputError("intake.mapping_unreadable")
    for kind, fields in tables.items():
        if not isinstance(fields, dict) or (words and kind not in words and kind not in NEEDED):
            raise InputError("intake.mapping_unreadable", where=str(kind))
        known = set(words.get(kind, {}).values())
        for name, labels in fields.items():
            if known and name not in known:
                raise InputError("intake.mapping_unknown_field", where=f"{kind}.{name}")
            for label in labels:
                words.setdefault(kind, {})[plain(str(label))] = name


def find_header(rows: Sequence[SheetRow], words: Words, kinds: Sequence[str]) -> Header | None:
    """The best header among the first rows of a sheet, of one of ``kinds``; None when nothing looks like one."""
    best: tuple[int, int, Header] | None = None
    for index in range(min(len(rows), SEARCHED_ROWS)):
        for depth in range(1, MAX_DEPTH + 1):
            block = rows[index : index + depth]
            if len(block) < depth or not _one_block(block):
                break
            for kind in kinds:
                header = read_header(block, words, kind)
                rank = (len(header.fields), -depth) if header else (0, 0)
                if header and (best is None or rank > best[:2]):
                    best = (*rank, header)
    return best[2] if best else None


def read_header(block: Sequence[SheetRow], words: Words, kind: str) -> Header | None:
    """The header these consecutive rows make together; None when they make none of this kind."""
    fields: dict[str, int] = {}
    labels: dict[int, str] = {}
    twice = []
    unread = []
    for column in range(max(len(row.cells) for row in block)):
        parts = _label_parts(block, column)
        if not parts:
            continue
        labels[column] = "".join(parts)
        field = field_of(parts, words[kind])
        if field and field in fields:
            twice.append(column)
        elif field:
            fields[field] = column
        else:
            unread.append((column, plain(labels[column])))
    _by_ending(fields, unread, _endings().get(kind, {}))
    enough = len(fields) >= LEAST_FIELDS and any(needed <= fields.keys() for needed in NEEDED[kind])
    if not enough:
        return None
    return Header(kind, block[0].number, block[-1].number, fields, labels, tuple(twice))


def _by_ending(fields: dict[str, int], unread: Sequence[tuple[int, str]], endings: Mapping[str, str]) -> None:
    """Fields nothing names exactly, from the first column whose label ends as one of theirs; longest endings first."""
    for ending in sorted(endings, key=len, reverse=True):
        field = endings[ending]
        for column, label in unread:
            if (
                field not in fields
                and column not in fields.values()
                and label.endswith(ending)
                and not _AFTER.match(label)
            ):
                fields[field] = column


def field_of(parts: Sequence[str], words: Mapping[str, str]) -> str | None:
    """What a column labelled by ``parts`` (from the top line to the bottom line) holds."""
    whole, last = plain("".join(parts)), plain(parts[-1])
    for label in (whole, _HEAD.sub("户主", whole), _MEMBER.sub("", whole)):
        if label in words:
            return words[label]
    if len(parts) > 1 and not whole.startswith("户主") and last in words:
        return words[last]
    return None


def _one_block(block: Sequence[SheetRow]) -> bool:
    """Whether the rows can be lines of one header: adjacent, only words, and a lower line fills gaps of the upper."""
    if len(block) == 1:
        return True
    if any(lower.number != upper.number + 1 for upper, lower in itertools.pairwise(block)):
        return False
    if not all(_only_words(row.cells) for row in block[1:]):
        return False
    upper, lower = block[-2], block[-1]
    spread = any(cover.top == upper.number for cover in upper.covered.values())
    columns = range(len(lower.cells))
    return spread or any(not is_blank(lower.own(c)) and is_blank(upper.own(c)) for c in columns)


def _only_words(cells: Iterable[Value]) -> bool:
    texts = [value for value in cells if not is_blank(value)]
    return all(isinstance(text, str) and not re.search(r"\d{3}", text) for text in texts)


def _label_parts(block: Sequence[SheetRow], column: int) -> list[str]:
    parts: list[str] = []
    for row in block:
        value = row.own(column)
        cover = row.covered.get(column)
        if is_blank(value) and cover and cover.top == row.number:
            value = cover.value
        if isinstance(value, str) and value.strip() and (not parts or parts[-1] != value.strip()):
            parts.append(value.strip())
    return parts
