"""An enrolled store of one grid worker, fresh for every test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fieldapp.store.api import QUICK, Profile, Store
from tests.store.county import PASSPHRASE, Clock, County


@pytest.fixture
def county() -> County:
    return County()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """A key file made once: deriving it takes longer than most tests."""
    return Profile.create(tmp_path_factory.mktemp("keys") / "profile", PASSPHRASE, kdf=QUICK)


@pytest.fixture
def store(tmp_path: Path, county: County, keys: Profile) -> Iterator[Store]:
    folder = tmp_path / "profile"
    shutil.copytree(keys.folder, folder)
    profile = replace(keys, folder=folder)
    profile.set_identity(county.identity(profile))
    with Store.open(profile, now=Clock()) as made:
        yield made
