"""A whole payload is right by construction: what it lets through reads back as it stands (protocol.md)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.payload import WholePayload, parse_payload, whole_payload
from fieldapp.domain.pointers import MAX_DEPTH, leaves
from fieldapp.errors import InputError

_KEYS = st.text(min_size=1, max_size=4) | st.sampled_from(["a/b", "~", "@row", "屋顶"])
_SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
_LEAVES = _SCALARS | st.text(max_size=6)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=5))
def test_what_is_signed_is_what_reads_back(state: dict[str, Any]) -> None:
    made = whole_payload(state)
    read = parse_payload(made.to_bytes())
    assert (read.state, read.set) == (made.state, made.set)
    standing = {path: json.loads(json.dumps(value)) for path, value in leaves(state) if value is not None and path}
    assert {path: read.value(path) for path in read.set} == standing


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_refused_and_never_becomes_null(number: float) -> None:
    for value in (number, [1, number], {"low": number}):
        with pytest.raises(InputError, match=r"payload\.not_a_number"):
            whole_payload({"answers": {"income": value}})


def test_nesting_as_deep_as_others_read_and_not_deeper() -> None:
    def nested(depth: int) -> dict[str, Any]:
        return {"x": nested(depth - 1)} if depth > 1 else {"x": 1}

    assert parse_payload(whole_payload(nested(MAX_DEPTH)).to_bytes()).set == ("/x" * MAX_DEPTH,)
    with pytest.raises(InputError, match=r"payload\.too_deep"):
        whole_payload(nested(MAX_DEPTH + 1))
    with pytest.raises(InputError, match=r"payload\.too_deep"):
        parse_payload(WholePayload(nested(MAX_DEPTH + 1), ()).to_bytes())


def test_a_payload_nobody_would_take_is_not_signed() -> None:
    with pytest.raises(InputError, match=r"payload\.too_large"):
        whole_payload({"note": "屋" * 2_000_000}).to_bytes()
