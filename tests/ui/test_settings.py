"""Settings: declared once, kept beside the profile, harmless when damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.settings import DECLARED, FILE, Settings


def test_what_is_set_is_there_next_time(tmp_path: Path) -> None:
    first = Settings(tmp_path)
    first["type_size"] = "large"
    first["lock_minutes"] = 3
    again = Settings(tmp_path)
    assert (again["type_size"], again["lock_minutes"], again["language"]) == ("large", 3, "zh")


def test_a_value_outside_its_choices_is_refused_and_not_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="theme"):
        Settings(tmp_path)["theme"] = "pink"
    (tmp_path / FILE).write_text('{"theme": "pink", "privacy": "yes", "lock_minutes": 5}')
    read = Settings(tmp_path)
    assert (read["theme"], read["privacy"], read["lock_minutes"]) == ("light", False, 5)


@pytest.mark.parametrize("damage", ["", "[1]", '{"language":', "\x00\x01"])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE).write_text(damage)
    read = Settings(tmp_path)
    assert {setting.name: read[setting.name] for setting in DECLARED} == {s.name: s.default for s in DECLARED}


def test_a_disk_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "gone")
    settings["theme"] = "dark"
    assert settings["theme"] == "dark"
