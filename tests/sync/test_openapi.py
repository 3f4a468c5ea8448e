"""The published description, tried by schemathesis: whatever fits it, or nearly, is answered as it says and never 5xx."""

from __future__ import annotations

import secrets
from pathlib import Path

import msgspec
import pytest
import requests
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.protocol.framing import MEDIA_TYPE, pack
from sync.protocol.messages import FetchRequest, HaveRequest, PullRequest, PushRequest, SealedRequest
from tests.sync.county import GRID_A, County
from tests.sync.laptop import Laptop

schemathesis = pytest.importorskip(
    "schemathesis", reason="schemathesis is not here: the description is NOT tried by it"
)
WORDS = ("li.qiu", "household", "traceback", "sqlite", "psycopg", "select ")
EXAMPLES = 12

names = st.sampled_from(["", "a" * 64, "../..", "'; DROP TABLE revisions; --", "李秋"])
messages = st.one_of(
    st.builds(lambda ids: pack(FetchRequest("d", ids)), st.lists(names)),
    st.builds(lambda ids: pack(HaveRequest("d", ids)), st.lists(names)),
    st.builds(lambda ask: pack(PullRequest("d", [], {"x": 1}, ask, follow=True)), st.lists(names)),
    st.builds(lambda parts: pack(SealedRequest("d", parts)), st.lists(st.binary(max_size=50))),
    st.builds(lambda epoch: pack(PushRequest("d", epoch, [])), st.integers(-(2**40), 2**40)),
)
bodies = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map(zstandard.compress),
    st.recursive(st.none() | st.integers(-(2**63), 2**63) | st.text() | st.binary(), st.lists, max_leaves=12).map(
        lambda value: zstandard.compress(msgspec.msgpack.encode(value))
    ),
    messages,
)
for kind in (MEDIA_TYPE, "application/octet-stream", "application/pdf"):
    schemathesis.openapi.media_type(kind, bodies)


def tried(address: str, token: str) -> int:
    """How many requests were made; each must be answered as the description says."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    count = 0
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    for found in schemathesis.openapi.from_url(address + "/openapi.json").get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def run(case) -> None:  # type: ignore[no-untyped-def]
            nonlocal count
            answer = case.call(headers={"Authorization": f"Bearer {token}"} if token else None, timeout=30)
            case.validate_response(answer, checks=checks)
            if answer.status_code != 200:
                assert not [word for word in WORDS if word in answer.text.lower()]
            assert token or not case.path.startswith("/v1/") or answer.status_code in (400, 401, 413)
            count += 1

        run()
    return count


def test_nobody_and_a_laptop_are_answered_as_described(county: County, tmp_path: Path) -> None:
    county.user("li.qiu", "grid_worker", GRID_A)
    li = Laptop.enrol(county, "li.qiu", tmp_path / "li")
    token = county.service.tokens.token(li.profile.device)
    for who in ("", secrets.token_urlsafe(60), token):
        assert tried(county.address, who) > 100
    home = li.household(GRID_A, address="1号")
    assert li.sync().pushed == 1, "and the server stands"
    assert home
    assert requests.get(county.address + "/health", timeout=20).json() == {"status": "ok"}
    li.close()
