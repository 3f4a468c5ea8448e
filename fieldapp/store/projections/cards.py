"""One card per canonical household, and per person without one: what lists and search show without opening anything.

A pure function of the person, household, door and component tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from fieldapp.store.codec import pack_json
from fieldapp.store.connection import Connection, one, rows
from fieldapp.store.search import tokens
from fieldapp.store.search.pinyin import spellings

NAME = "cards"
_PERSON = (
    "p.document, p.full_name, p.other_names, p.id_number, p.phone, p.deceased_on, p.conflicts, p.relation, p.area, "
    "coalesce(k.canonical, p.document), p.household"
)
_RANK = "CASE p.relation WHEN 'head' THEN 0 WHEN 'spouse' THEN 1 ELSE 2 END, p.birth_date, p.document"


class Cards:
    """``card`` with the texts a hit is checked against and shown by; ``card_index`` their tokens, by ``card.num``."""

    NAME = NAME

    def create(self, connection: Connection, prefix: str, generation: int) -> None:
        connection.execute(
            f"CREATE TABLE {prefix}card(num INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, "
            "area TEXT NOT NULL, head_name TEXT, people INTEGER NOT NULL, conflicts INTEGER NOT NULL, "
            "content BLOB NOT NULL)"
        )
        connection.execute(
            f"CREATE VIRTUAL TABLE {prefix}card_index USING fts5("
            "tokens, content='', contentless_delete=1, tokenize='ascii', detail=none)"
        )

    def tables(self) -> Sequence[str]:
        return ("card", "card_index")

    def derive(self, connection: Connection, prefix: str, subjects: Iterable[str]) -> set[str]:
        """Write the cards of ``subjects`` anew: of the canonical ids, none for those joined into them."""
        done = set(subjects)
        for subject in sorted(done):
            _write(connection, prefix, subject, _card(connection, prefix, subject))
        return done


def _write(connection: Connection, prefix: str, subject: str, card: tuple[Any, ...] | None) -> None:
    num = one(connection, f"SELECT num FROM {prefix}card WHERE subject = ?", (subject,))
    if card is None:
        if num:
            connection.execute(f"DELETE FROM {prefix}card WHERE num = ?", num)
            connection.execute(f"DELETE FROM {prefix}card_index WHERE rowid = ?", num)
        return
    *columns, words = card
    if num:
        sql = f"UPDATE {prefix}card SET kind=?, area=?, head_name=?, people=?, conflicts=?, content=? WHERE num=?"
        connection.execute(sql, (*columns, num[0]))
        connection.execute(f"UPDATE {prefix}card_index SET tokens=? WHERE rowid=?", (words, num[0]))
    else:
        sql = (
            f"INSERT INTO {prefix}card(subject, kind, area, head_name, people, conflicts, content) "
            "VALUES (?,?,?,?,?,?,?)"
        )
        made = connection.execute(sql, (subject, *columns)).lastrowid
        connection.execute(f"INSERT INTO {prefix}card_index(rowid, tokens) VALUES (?, ?)", (made, words))


def _card(connection: Connection, prefix: str, subject: str) -> tuple[Any, ...] | None:
    ids = _component(connection, prefix, subject)
    if subject != ids[0]:
        return None
    marks = ",".join("?" * len(ids))
    homes = rows(
        connection,
        f"SELECT document, area, head_name, address, phone, conflicts FROM {prefix}household "
        f"WHERE document IN ({marks}) ORDER BY document",
        ids,
    )
    # Members, and whoever of these ids is a person without a household.
    people = rows(
        connection,
        f"SELECT {_PERSON} FROM {prefix}person p LEFT JOIN {prefix}component k ON k.document = p.document "
        f"WHERE p.household IN ({marks}) OR (p.document IN ({marks}) AND p.household IS NULL) ORDER BY {_RANK}",
        ids * 2,
    )
    if homes:
        numbers = rows(connection, f"SELECT number FROM {prefix}door WHERE document IN ({marks}) ORDER BY number", ids)
        return _household_card(homes, people, sorted({row[0] for row in numbers if row[0]}))
    if any(person[10] for person in people):
        # Members of a household that has not arrived: found under its id until it does.
        return ("members", *_household_card([(subject, people[0][8], None, None, None, 0)], people, [])[1:])
    return _person_card(people) if people else None


def _component(connection: Connection, prefix: str, subject: str) -> list[str]:
    sql = (
        f"SELECT o.document FROM {prefix}component m JOIN {prefix}component o ON o.canonical = m.canonical "
        "WHERE m.document = ? ORDER BY 1"
    )
    return [row[0] for row in rows(connection, sql, (subject,))] or [subject]


def _household_card(homes: list[Any], people: list[Any], doors: list[str]) -> tuple[Any, ...]:
    area, named = homes[0][1], homes[0][2]
    conflicts = sum(home[5] for home in homes[1:]) + sum(person[6] for person in people)
    dead = {person[9] for person in people if person[5]}
    living = {person[9] for person in people} - dead  # entered twice, counted once
    head = next((person[1] for person in people if person[7] == "head" and person[1]), None)
    addresses = list(dict.fromkeys(home[3] for home in homes if home[3]))
    phones = list(dict.fromkeys(home[4] for home in homes if home[4]))
    families = list(dict.fromkeys(home[2] for home in homes if home[2]))
    content = _content(people, addresses, phones, doors, families)
    return ("household", area, head or named, len(living), conflicts, pack_json(content), _words(area, content))


def _person_card(people: list[Any]) -> tuple[Any, ...]:
    first = people[0]
    content = _content(people, [], [], [], [])
    return ("person", first[8], first[1], int(not first[5]), first[6], pack_json(content), _words(first[8], content))


def _content(
    people: list[Any], addresses: list[str], phones: list[str], doors: list[str], families: list[str]
) -> dict[str, Any]:
    """What a hit is checked against. ``spelled``: each name as letters spell it, so that no search has to ask."""
    texts = [_texts(person) for person in people]
    names = [name for _, name, others, _, _ in texts for name in filter(None, (name, *others))] + families
    return {
        "people": texts,
        "addresses": addresses,
        "phones": phones,
        "doors": doors,
        "families": families,
        "spelled": {name: spellings(name) for name in names},
    }


def _texts(person: Any) -> list[Any]:
    """[id, full name, other names, ID number, phone]"""
    return [person[0], person[1], json.loads(person[2]), person[3], person[4]]


def _words(area: str, content: dict[str, Any]) -> str:
    found = {tokens.area_token(area)}
    for _, name, others, number, phone in content["people"]:
        for text in filter(None, (name, *others)):
            found.update(tokens.name_tokens(text))
        found.update(tokens.number_tokens(number or ""))
        found.update(tokens.phone_tokens(phone or ""))
    for name in content["families"]:
        found.update(tokens.name_tokens(name))
    for phone in content["phones"]:
        found.update(tokens.phone_tokens(phone))
    for text in (*content["addresses"], *content["doors"]):
        found.update(tokens.address_tokens(text))
    return " ".join(sorted(found))
