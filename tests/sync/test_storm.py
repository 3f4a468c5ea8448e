"""Everybody is back in town at once, and the server dies in the middle: all acknowledged, nothing twice."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldapp.domain.payload import Payload
from fieldapp.domain.revision import sign_revision
from sync.client.enrol import enrolment_request, identity_from
from sync.client.transport import Patience, Transport
from sync.protocol.messages import PushItem, PushRequest, PushResponse, Sent
from sync.server.handlers import callers
from tests.sync.chaos.world import _fresh_profile
from tests.sync.county import COUNTY, GRID_A, County

REVISIONS = 40
PATIENT = Patience(timeout=60, tries=12, backoff=0.2)


class Walker:
    """One laptop's outbox; ``push`` sends it whole and remembers what was acknowledged."""

    def __init__(self, county: County, folder: Path, number: int) -> None:
        self.profile = _fresh_profile(folder / f"w{number}", random.Random(number))
        code = county.code("li.qiu")
        answer = callers.enrol(county.service, enrolment_request(self.profile, code))
        self.profile.set_identity(identity_from(answer, code.root, county.address))
        self.transport = Transport(county.address, self.profile, patience=PATIENT)
        self.acknowledged: set[str] = set()
        self.items: list[PushItem] = []
        prev = None
        for seq in range(1, REVISIONS + 1):
            revision = sign_revision(
                self.profile.signing_key(), Payload({"address": f"{number}-{seq}号"}, ("/address",)), county=COUNTY,
                document=f"home-{number}-{seq}", type="household", area=GRID_A, parents=(), author="li.qiu",
                device=self.profile.device, device_seq=seq, prev=prev, seen={},
                claimed_at="2026-11-21T01:00:00.000Z", form_id=None, form_version=None,
            )  # fmt: skip
            prev = revision.id
            self.items.append(PushItem(Sent.of(revision), []))

    def push(self) -> None:
        request = PushRequest(self.profile.device, 1, self.items)
        answer = self.transport.call("/v1/push", request, PushResponse)
        for verdict in answer.verdicts:
            assert verdict.receipt is not None
            self.acknowledged.add(verdict.receipt.statement().body["revision"])


def storm(county: County, folder: Path, clients: int) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    walkers = [Walker(county, folder, number) for number in range(clients)]
    threads = [threading.Thread(target=walker.push) for walker in walkers]
    port = int(county.address.rsplit(":", 1)[1])
    for thread in threads:
        thread.start()
    county.kill()
    county.serve(port=port)
    for thread in threads:
        thread.join()
    with county.service.engine.connect() as connection:
        held = list(connection.execute(text("SELECT revision FROM revisions WHERE state = 'accepted'")).scalars())
        rows = connection.execute(text("SELECT count(*), max(seq) FROM feed")).one()
    assert [len(walker.acknowledged) for walker in walkers] == [REVISIONS] * clients, "nobody starved"
    assert len(held) == len(set(held)) == clients * REVISIONS
    assert set().union(*(walker.acknowledged for walker in walkers)) == set(held)
    assert tuple(rows) == (clients * REVISIONS, clients * REVISIONS), "each stands in the feed once"


def test_sixty_laptops_at_once(county: County, tmp_path: Path) -> None:
    storm(county, tmp_path, 60)


@pytest.mark.long
def test_six_hundred_laptops_at_once(county: County, tmp_path: Path) -> None:
    storm(county, tmp_path, 600)
