"""What reports are made of, as data: texts people read, in order; no drawing, no looking up.

Workflows fill these from the store, the rooms beside this one draw them. Nothing here imports reportlab.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, TypeAlias


class Source(Protocol):
    """Bytes read when they are drawn: a blob of the store."""

    def open(self) -> BinaryIO: ...


Data: TypeAlias = "bytes | Source"


@dataclass(frozen=True)
class Imprint:
    """What stands around every page. ``printed_at`` is a text in local time; ``code`` names the report."""

    letterhead: str
    title: str
    number: str
    printed_by: str
    printed_at: str
    code: str = ""


@dataclass(frozen=True)
class Line:
    """A question and its answer, both as people read them."""

    label: str
    answer: str


@dataclass(frozen=True)
class Words:
    """A paragraph of its own: what was read out before signing, a note. ``style`` of ``document.STYLES``."""

    text: str
    style: str = "body"


@dataclass(frozen=True)
class Grid:
    """A repeat with few questions: one line per row, ``head`` the questions, ``rows`` answers as texts. ``widths`` are
    shares; empty for shares by content."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Matrix:
    """A repeat with many questions: questions downwards, rows (people) side by side under ``names``. ``lines`` are
    (question, one answer per name); ``label_share`` is the questions' width, a name's being 1.6."""

    title: str
    names: tuple[str, ...]
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    label_share: float = 1.9


@dataclass(frozen=True)
class Choices:
    """A question to be ticked by pen: its choices after empty boxes."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """A number that carries weight, with what it counts; ``kind`` a state's colour (``document.STATE``)."""

    label: str
    value: str
    kind: str = "quiet"


@dataclass(frozen=True)
class Counts:
    """Numbers side by side."""

    counts: tuple[Count, ...]


@dataclass(frozen=True)
class Shape:
    """An area on a map: its rings as ((longitude, latitude), ...), its name, its state's colour."""

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    kind: str


@dataclass(frozen=True)
class AreaMap:
    """Areas in their colours; ``legend`` is (state, word)."""

    shapes: tuple[Shape, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Curve:
    """What grew day by day: ``days`` as short labels, ``values`` counted so far, ``goal`` the whole; values end where
    the days have not come yet."""

    days: tuple[str, ...]
    values: tuple[int, ...]
    goal: int
    label: str


@dataclass(frozen=True)
class SignHere:
    """Places to sign by pen."""

    labels: tuple[str, ...]


Part: TypeAlias = "Line | Words | Grid | Matrix | Choices | Counts | AreaMap | Curve | SignHere"


@dataclass(frozen=True)
class Section:
    """A section of the form in its order, its parts as they were asked."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Comparison:
    """One rule's result: ``verdict`` as ``fieldapp.policy`` names states, its Chinese word, the arithmetic and reasons
    by lines, the clause."""

    name: str
    verdict: str
    word: str
    arithmetic: tuple[str, ...]
    clause: str


@dataclass(frozen=True)
class Signed:
    """A signature: strokes (JSON) or a picture (thumb print), who, as what."""

    label: str
    data: Data
    is_strokes: bool = True


@dataclass(frozen=True)
class Picture:
    """A photo (JPEG or PNG) and what it shows; ``data`` None when this laptop does not hold it."""

    label: str
    data: Data | None


@dataclass(frozen=True)
class VisitReport:
    """Everything a visit report prints. ``summary`` stands on top; ``history`` are the reviews, oldest first.

    ``draft`` says why this is no final paper ("" when it is one); only a final report gets a verification code.
    ``checks`` are the differences between what the family said and what the county's information check found;
    ``layout`` holds the county's choices, ``files`` what else was attached.
    """

    imprint: Imprint
    summary: tuple[Line, ...]
    sections: tuple[Section, ...]
    comparisons: tuple[Comparison, ...] = ()
    needs: tuple[str, ...] = ()
    signatures: tuple[Signed, ...] = ()
    photos: tuple[Picture, ...] = ()
    files: tuple[str, ...] = ()
    checks: Grid | None = None
    history: tuple[Line, ...] = ()
    form: str = ""
    draft: str = ""
    layout: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """Any other report: sections of parts under one imprint. ``documents`` are the ids it tells of, for the seal and
    the export log; ``note`` is its last small line; sections are numbered unless they have no title; ``manner`` is
    ``large`` | ``pen`` | ``""``."""

    imprint: Imprint
    sections: tuple[Section, ...]
    documents: tuple[str, ...] = ()
    draft: str = ""
    note: str = ""
    landscape: bool = False
    numbered: bool = True
    manner: str = ""


@dataclass(frozen=True)
class Rendered:
    """The PDF and the characters no font could draw (printed as boxed codes)."""

    pdf: bytes
    missing: frozenset[str] = frozenset()
