"""Finding people as workers remember them: variants, rare characters, order, masks, highlights."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.store.api import Store, find
from fieldapp.store.projections import accesses
from fieldapp.store.search.fold import fold, fold_with_places
from fieldapp.store.search.pinyin import ways
from fieldapp.store.search.tokens import match_expression
from tests.store.county import GRID, OTHER_GRID, VILLAGE, County, make_store
from tests.store.test_store import family


def found(store: Store, query: str) -> list[str | None]:
    return [hit.head_name for hit in store.read_now(lambda tx: find(tx, query))]


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("曾国强", ["曾", "zgq", "zengguoqiang", "zeng", "guoq", "國強", "國强"]),
        ("单小兰", ["单", "sxl", "shanxiaolan", "單"]),
        ("仇英", ["qy", "qiuying", "仇英"]),
        ("尉迟恭", ["ycg", "yuchigong", "尉迟"]),
        ("張〇三", ["张零三", "张〇三", "張零", "〇三", "zls", "zhanglingsan"]),
        ("䶮三", ["䶮", "䶮三", "ys", "yansan"]),
        ("𬱖㛃", ["𬱖", "㛃", "𬱖㛃"]),
        ("买买提·艾力", ["买买提艾力", "买买提·艾力", "艾力", "mmtal"]),
        ("ＡＢ王", ["ab王", "AB王", "ａｂ"]),
        ("欧阳小兰", ["欧阳", "ouyang", "oyxl", "小兰", "xl"]),
        ("吕梁", ["lvliang", "ll", "吕"]),
    ],
)
def test_every_way_a_name_is_typed(store: Store, name: str, queries: list[str]) -> None:
    family(store, name)
    family(store, "赵六")
    for query in queries:
        assert found(store, query) == [name], query


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("2342", 1), ("022342", 1), ("341799198302022342", 1), ("３４１７９９１９８３０２０２２３４２", 1),
        ("51234", 0), ("138", 1), ("13855512345", 1), ("2345", 1), ("138 5551", 0), ("范 2345", 1), ("赵 2345", 0),
        ("周岭 范", 1), ("fan 12", 1), ("112", 0), ("1", 0), ("三组", 2), ("3组", 0), ("  ", 0), ("·", 0),
        ('"', 0), ("范*", 1), ("NOT 范", 0), ("(", 0), ("a" * 500, 0),
    ],
)  # fmt: skip
def test_numbers_and_combined_words(store: Store, query: str, hits: int) -> None:
    family(store, id_number="341799198302022342", phone="138-5551-2345")
    family(store, "赵六")
    assert len(found(store, query)) == hits


def test_numbers_are_masked_and_what_matched_is_marked(store: Store) -> None:
    family(store, id_number="341799198302022342", phone="13855512345")
    (hit,) = store.read_now(lambda tx: find(tx, "2342"))
    (match,) = hit.matches
    assert (match.field, match.text) == ("id_number", "3417**********2342")
    assert [match.text[a:b] for a, b in match.spans] == ["2342"]
    (hit,) = store.read_now(lambda tx: find(tx, "5512345"))
    assert hit.matches[0].text == "138****2345"
    (hit,) = store.read_now(lambda tx: find(tx, "qe"))
    assert [hit.matches[0].text[a:b] for a, b in hit.matches[0].spans] == ["秋娥"]


@pytest.mark.parametrize(
    ("query", "marked"),
    [("秋", "秋"), ("qe", "秋娥"), ("fanq", "范秋"), ("娥", "娥"), ("周岭村", "周岭村"), ("12", "12")],
)
def test_spans_point_at_what_was_typed(store: Store, query: str, marked: str) -> None:
    family(store)
    (hit,) = store.read_now(lambda tx: find(tx, query))
    assert marked in [match.text[a:b] for match in hit.matches for a, b in match.spans]


def test_own_grid_first_then_exact_then_prefix(tmp_path: object, county: County) -> None:
    store, _ = make_store(tmp_path / "s", county, role="supervisor", areas=[VILLAGE])  # type: ignore[operator]

    def add(area: str, name: str) -> None:
        def work(tx: object) -> None:
            home = tx.create("household", area, {"address": "周岭"})  # type: ignore[attr-defined]
            person = {"full_name": name, "membership": {"household": home, "relation": "head"}}
            tx.create("person", area, person)  # type: ignore[attr-defined]

        store.write_now(work)

    with store:
        for number in range(300):
            add(OTHER_GRID, f"王{chr(0x4E00 + number)}")
        for name in ("小王", "王大", "王"):
            add(GRID, name)
        hits = store.read_now(lambda tx: find(tx, "王", own_areas=[GRID], limit=5))
    assert [hit.head_name for hit in hits][:3] == ["王", "王大", "小王"]
    assert [hit.area for hit in hits] == [GRID] * 3 + [OTHER_GRID] * 2


def test_who_may_not_read_households_finds_none(store: Store, county: County) -> None:
    family(store)
    identity = replace(county.identity(store.profile, role="third_party", version=2))
    store.profile.set_identity(identity)
    assert found(store, "范") == []


def test_an_old_name_is_no_longer_found(store: Store) -> None:
    _, person = family(store)
    store.write_now(lambda tx: tx.save(person, {"/full_name": "范春娥"}))
    assert found(store, "秋") == []
    assert found(store, "范春娥") == ["范春娥"]


def test_surnames_are_read_their_own_way() -> None:
    assert ways("单单")[0] == ("shan", "dan")
    assert ways("曾曾")[0] == ("zeng", "ceng")
    assert ways("尉迟恭")[0] == ("yu", "chi", "gong")


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_and_keeps_places(text: str) -> None:
    folded, places = fold_with_places(text)
    assert len(folded) == len(places)
    assert all(0 <= place < len(text) for place in places)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60))
def test_whatever_is_typed_makes_a_sound_query(text: str) -> None:
    import sqlite3

    expression = match_expression(text)
    if expression is None:
        return
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='ascii', detail=none)")
    db.execute("SELECT rowid FROM t WHERE t MATCH ?", (expression,)).fetchall()


def test_the_access_log_is_read_by_document_and_by_user(store: Store) -> None:
    home, person = family(store)
    store.write_now(lambda tx: tx.log_access("reveal", person))
    store.write_now(lambda tx: tx.log_access("export", person, home))
    about = store.read_now(lambda tx: accesses.about(tx, person))
    assert [(entry.kind, entry.user) for entry in about] == [("export", "li.qiu"), ("reveal", "li.qiu")]
    assert len(store.read_now(lambda tx: accesses.of_user(tx, "li.qiu"))) == 3
    assert len(store.read_now(lambda tx: accesses.recent(tx, 2))) == 2
    from fieldapp.errors import ProgrammingFault

    with pytest.raises(ProgrammingFault):
        store.write_now(lambda tx: tx.log_access("看了 范秋娥", person))
