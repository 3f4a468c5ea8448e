"""Profiles whose key is derived once, for tests that open hundreds of stores."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.store.api import QUICK, Profile
from tests.store.county import PASSPHRASE, County


@pytest.fixture(scope="session")
def county() -> County:
    return County()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory, county: County) -> Profile:
    profile = Profile.create(tmp_path_factory.mktemp("keys") / "profile", PASSPHRASE, kdf=QUICK)
    profile.set_identity(county.identity(profile))
    return profile


@pytest.fixture
def new_profile(keys: Profile) -> Callable[[Path], Profile]:
    """A profile with the session's keys in a fresh folder."""

    def make(folder: Path) -> Profile:
        shutil.copytree(keys.folder, folder)
        return replace(keys, folder=folder)

    return make
