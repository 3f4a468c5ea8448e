"""Documents that leave this device's scope: hidden at once, deleted as far as a county backup covers them, the rest
sealed to the county so that nobody here reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from fieldapp.store import blobs
from fieldapp.store.connection import Row
from fieldapp.store.revisions import keep_link
from fieldapp.store.sealing import seal
from fieldapp.store.views import current_area

if TYPE_CHECKING:
    from fieldapp.store.reading import ReadTx
    from fieldapp.store.writing import WriteTx

Place = tuple[str, int, int]
TO_FORGET = "erased_since_optimize"
"""Meta mark: words of what is gone still stand in the search index, which is made to forget them at the next rest."""
_ENTER = (
    "INSERT INTO place(document, area, epoch, entered) VALUES (?,?,?,?) ON CONFLICT(document, area) DO UPDATE "
    "SET epoch = excluded.epoch, entered = excluded.entered "
    "WHERE (excluded.epoch, excluded.entered) > (place.epoch, place.entered)"
)


def enter(tx: WriteTx, document: str, place: Place) -> None:
    """A feed row of ``place`` (area, epoch, seq) brought a revision of ``document``."""
    enter_many(tx, {document: place})


def enter_many(tx: WriteTx, places: Mapping[str, Place]) -> None:
    """``enter`` for many documents at once."""
    tx.connection.executemany(_ENTER, [(document, *place) for document, place in places.items()])
    if tx.one("SELECT 1 FROM evicted LIMIT 1"):
        tx.connection.executemany("DELETE FROM evicted WHERE document = ?", [(document,) for document in places])


def leave(tx: WriteTx, document: str, place: Place) -> int:
    """An evict row: the document left that area's feed. How many revisions were sealed or deleted."""
    area, epoch, seq = place
    if not tx.one("SELECT 1 FROM place WHERE document = ?", (document,)):
        return 0
    tx.run(
        "INSERT INTO place(document, area, epoch, entered, left_epoch, left_seq) VALUES (?,?,?,0,?,?) "
        "ON CONFLICT(document, area) DO UPDATE SET left_epoch = excluded.left_epoch, left_seq = excluded.left_seq "
        "WHERE (excluded.left_epoch, excluded.left_seq) > (place.left_epoch, place.left_seq)",
        (document, area, epoch, epoch, seq),
    )
    if current_area(tx.connection, document) is not None:
        return 0
    return put_away(tx, document)


def evict_area(tx: WriteTx, area: str) -> int:
    """The scope no longer reads ``area``: all its documents leave. How many revisions were sealed or deleted."""
    cursor = tx.cursors().get(area)
    place = (area, cursor.epoch if cursor else 1, 2**62)
    documents = [row[0] for row in tx.rows("SELECT document FROM place WHERE area = ?", (area,))]
    done = 0
    for document in documents:
        done += leave(tx, document, place)
        tx.touch(document)
    tx.run("DELETE FROM cursor WHERE area = ?", (area,))
    return done


def evict_types(tx: WriteTx, types: Collection[str]) -> int:
    """The role neither reads nor writes these types any more: their documents leave, whatever area they are in. How
    many revisions were sealed or deleted; own work the county never answered stays until it was pushed."""
    marks = ",".join("?" * len(types))
    found = [row[0] for row in tx.rows(f"SELECT document FROM document WHERE type IN ({marks})", tuple(types))]
    done = 0
    for document in found:
        tx.run("UPDATE place SET left_epoch = epoch, left_seq = ? WHERE document = ?", (2**62, document))
        done += put_away(tx, document)
        tx.touch(document)
    return done


def types_held(tx: ReadTx) -> list[str]:
    """The document types there are here; one look into the index for each."""
    found: list[str] = []
    while (row := tx.one("SELECT min(type) FROM document WHERE type > ?", (found[-1] if found else "",))) and row[0]:
        found.append(row[0])
    return found


def areas_held(tx: ReadTx) -> list[str]:
    """Areas this device has read, or made a document in."""
    return [row[0] for row in tx.rows("SELECT area FROM cursor UNION SELECT area FROM place")]


def read_anew(tx: WriteTx, area: str) -> None:
    """``area`` came back into scope and is read from its beginning: what left with it enters again row by row."""
    tx.run("DELETE FROM place WHERE area = ? AND epoch > 0", (area,))
    tx.run("UPDATE place SET left_epoch = 0, left_seq = -1 WHERE area = ?", (area,))


def of_older_epochs(tx: ReadTx) -> list[tuple[str, str]]:
    """(document, area) known only from a feed before the county was restored, though the new feed was read."""
    sql = (
        "SELECT p.document, p.area FROM place p JOIN cursor c ON c.area = p.area "
        "WHERE p.epoch > 0 AND p.epoch < c.epoch"
    )
    return [(row[0], row[1]) for row in tx.rows(sql)]


def drop_older_epochs(tx: WriteTx) -> None:
    """Call when every feed was read to its end: what the restored county's feeds no longer name is not there."""
    for document, area in of_older_epochs(tx):
        tx.run("DELETE FROM place WHERE document = ? AND area = ?", (document, area))
        tx.touch(document)


def put_away(tx: WriteTx, document: str) -> int:
    """Take a document out of this device: drafts sealed first, covered revisions deleted, held ones sealed. What the
    county never answered stays to be pushed; a later call, after a backup, goes on where this one stopped."""
    tx.run("INSERT OR IGNORE INTO evicted VALUES (?, ?)", (document, tx.now))
    for draft in tx.drafts(document):
        _seal(tx, "draft", draft.id, [draft.kind, draft.body, list(draft.heads)], ("", 0, 0))
        tx.drop_draft(draft.id)
    done = 0
    keep_link(tx.connection, tx.device)
    for num, name, covered, place, *signed in _revisions(tx, document):
        if not covered and not _seal(tx, "revision", name, [_text(part) for part in signed], place):
            continue
        tx.run("DELETE FROM revision WHERE num = ?", (num,))
        done += 1
    if done:
        tx.set_meta(TO_FORGET, 1)
    if not tx.one("SELECT 1 FROM revision WHERE document = ?", (document,)):
        blobs.mark_ending(tx, document)
        tx.run("DELETE FROM evicted WHERE document = ?", (document,))
    return done


def settle(tx: WriteTx) -> int:
    """After a new ``backed-up-to``: finish what waited and drop the sealed that is covered now."""
    done = sum(put_away(tx, row[0]) for row in tx.rows("SELECT document FROM evicted"))
    covered = tx.rows(
        "SELECT s.num FROM sealed s JOIN backed_up b ON b.area = s.area AND b.epoch = s.epoch WHERE s.seq <= b.seq"
    )
    for num in covered:
        tx.run("DELETE FROM sealed WHERE num = ?", num)
    return done + len(covered)


def _revisions(tx: WriteTx, document: str) -> list[Row]:
    found = tx.rows(
        "SELECT r.num, r.id, r.feed_epoch = b.epoch AND r.feed_seq <= b.seq, r.feed_area, r.feed_epoch, r.feed_seq, "
        "r.envelope, r.signature, r.salt, r.payload FROM revision r LEFT JOIN backed_up b ON b.area = r.feed_area "
        "WHERE r.document = ? AND r.sent = 1",
        (document,),
    )
    return [(row[0], row[1], bool(row[2]), (row[3] or "", row[4] or 0, row[5] or 0), *row[6:]) for row in found]


def _text(part: bytes | None) -> str | None:
    return None if part is None else bytes(part).hex()


def _seal(tx: WriteTx, kind: str, name: str, content: object, place: Place) -> bool:
    """Whether the county has a key to seal to; without one the rows stay, hidden."""
    keys = tx.require_identity().trust.exchange_keys("transport")
    if not keys:
        return False
    sealed = seal(kind, name, content, keys[-1])
    tx.run(
        "INSERT INTO sealed(kind, revision, area, epoch, seq, content) VALUES (?,?,?,?,?,?)",
        (kind, name if kind == "revision" else None, *place, sealed),
    )
    return True
