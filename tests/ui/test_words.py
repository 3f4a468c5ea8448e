"""Words: every key used exists, every phrase has both languages, every error code raised anywhere has words."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.errors import StateError, StorageError, VaultError
from ui import words
from ui.messages import key_for, words_for
from ui.words import glossary, t

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u3400-\u9fff]")
#: Files that read what people type (今天, 三月五号, 2万): words coming in, not going out.
READS_TYPED_WORDS = {"date_text.py", "number.py"}
ERRORS = {"InputError", "VaultError", "StorageError", "NetworkError", "RefusedError", "StateError", "WorldError"}


def sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in names:
                yield node


def test_every_key_written_in_the_code_has_words() -> None:
    missing = [
        (path.name, call.args[0].value)
        for path, tree in sources("ui")
        for call in calls(tree, "t")
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value not in glossary()
    ]
    assert missing == []


def test_every_family_of_keys_built_from_a_code_has_some_words() -> None:
    """``t(f"answer.{name}")``: at least one key begins so; the rest is for the screens' own tests."""
    missing = []
    for path, tree in sources("ui"):
        for call in calls(tree, "t"):
            if (
                call.args
                and isinstance(call.args[0], ast.JoinedStr)
                and isinstance(call.args[0].values[0], ast.Constant)
            ):
                start = str(call.args[0].values[0].value)
                if not any(key.startswith(start) for key in glossary()):
                    missing.append((path.name, start))
    assert missing == []


def test_every_phrase_speaks_both_languages_with_the_same_values() -> None:
    def values(phrase: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}

    wrong = []
    for key, (zh, en) in glossary().items():
        extra = values(en.split("|")[-1]) - values(zh) - {"name"}
        if not zh or not en or extra:
            wrong.append(key)
    assert wrong == []


def test_no_phrase_stands_twice() -> None:
    keys = [line.split("\t")[0] for line in words.FILE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_english_holds_no_chinese_but_names() -> None:
    allowed = {"settings.language.zh", "screening.head_wanted", "error.mapping.codes.do"}
    assert [key for key, (_zh, en) in glossary().items() if HAN.search(en) and key not in allowed] == []


def test_screens_write_no_words_of_their_own() -> None:
    """A Chinese literal on screen would escape translation; docstrings and comments may speak Chinese."""
    found = []
    for path, tree in sources("ui"):
        docs = {id(node.body[0].value) for node in ast.walk(tree) if _has_doc(node)}  # type: ignore[attr-defined]
        found += [
            (path.name, node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
            if len(node.value) > 1 and HAN.search(node.value)
        ]
    assert [each for each in found if each[0] not in READS_TYPED_WORDS] == []


def _has_doc(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return (
        isinstance(body, list)
        and bool(body)
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    )


def raised_codes() -> set[str]:
    return {
        str(call.args[0].value)
        for _path, tree in sources("fieldapp", "forms", "sync", "ui")
        for call in calls(tree, *ERRORS)
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    }


def test_every_error_code_raised_anywhere_has_words() -> None:
    codes = raised_codes()
    assert len(codes) > 60
    assert sorted(code for code in codes if key_for(code) is None) == []


def test_an_error_says_what_happened_what_was_kept_and_what_to_do() -> None:
    full = words_for(StorageError("storage.full"))
    assert "满" in full.what
    assert full.kept
    assert "200 MB" in full.do


def test_the_longest_known_part_of_a_code_speaks() -> None:
    assert key_for("vault.passphrase") == "error.vault.passphrase"
    assert key_for("vault.something_new") == "error.vault"
    assert key_for("nobody.knows") is None
    assert words_for(VaultError("vault.something_new")).what == t("error.vault.what")


def test_values_that_the_raiser_forgot_do_not_hide_the_error() -> None:
    assert words_for(StateError("round.silent", n=3)).what.startswith("还有 3 户")
    assert words_for(StateError("round.silent")).what != ""


def test_what_is_ours_is_not_laid_on_the_user() -> None:
    assert words_for(KeyError("x")).what == t("error.ours.what")


@pytest.fixture
def english() -> Iterator[None]:
    words.use_language("en")
    yield
    words.use_language("zh")


@pytest.mark.usefixtures("english")
def test_one_and_many_in_english() -> None:
    assert t("household.people", n=1) == "1 person"
    assert t("household.people", n=3) == "3 people"


def test_every_policy_of_the_catalogue_has_words() -> None:
    text = (ROOT / "resources" / "policy" / "catalogue.yaml").read_text(encoding="utf-8")
    ids = re.findall(r"^- \{id: (\w+)", text, re.MULTILINE)
    assert len(ids) > 20
    assert [each for each in ids if f"policy.{each}" not in glossary()] == []
