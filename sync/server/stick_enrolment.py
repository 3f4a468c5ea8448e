"""A laptop that cannot reach the server becomes a device: its sealed request in, certificate and first content out."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from fieldapp.domain.ids import device_id
from fieldapp.errors import InputError
from sync.protocol import bundle
from sync.protocol.messages import EnrolRequest, EnrolResponse, PullRequest
from sync.server.clock import now_text
from sync.server.handlers import callers
from sync.server.service import Rejected, Service
from sync.server.sticks import add_pages


def enrol_by_stick(service: Service, incoming: Path, outgoing: Path) -> dict[str, object]:
    """Answer a request; {user, device, rows}. The same request may be answered again.

    Raises InputError ``bundle.not_one`` | ``bundle.newer`` | ``bundle.not_for_us`` | ``bundle.signature`` |
    ``stream.damaged``, ``code.void`` for a code that is unknown, used by another laptop, expired or from before a
    restore.
    """
    request = _read(service, incoming)
    try:
        answer = callers.enrol(service, request)
    except Rejected:
        raise InputError("code.void") from None
    device = device_id(request.device_key)
    caller = service.read(lambda c: callers.identify(service, c, device))
    with bundle.writing(
        outgoing, county=service.keys.county, sender=bundle.COUNTY, addressee=device, made_at=now_text(),
        key=service.keys.signing["server"], to=X25519PublicKey.from_public_bytes(request.exchange_key),
    ) as out:  # fmt: skip
        out.add("enrolled", answer)
        rows = _first_content(service, caller, answer, out)
    return {"user": caller.device.user, "device": device, "rows": rows}


def _read(service: Service, path: Path) -> EnrolRequest:
    with open(path, "rb") as file:
        header, line, signature = bundle.read_header(file)
        if header.county != service.keys.county or header.addressee != bundle.COUNTY:
            raise InputError("bundle.not_for_us")
        kind, content = next(bundle.records(file, header, line, *service.keys.opening), ("", None))
    if kind != "enrol":
        raise InputError("bundle.not_for_us")
    request = bundle.taken(content, EnrolRequest)
    if header.sender != device_id(request.device_key) or len(request.device_key) != 32:
        raise InputError("bundle.signature")
    bundle.check_sender(line, signature, [Ed25519PublicKey.from_public_bytes(request.device_key)])
    return request


def _first_content(service: Service, caller: callers.Caller, answer: EnrolResponse, out: bundle.BundleWriter) -> int:
    """None while a restored county waits for what its laptops return."""
    if service.read(service.row).restoring:
        return 0
    return add_pages(service, caller, PullRequest(caller.device.device, []), out)
