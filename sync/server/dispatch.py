"""Which message goes to which handler, whatever carries it: HTTP, or a caller in the same process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from sync.protocol.messages import (
    FetchRequest,
    HaveRequest,
    PullRequest,
    PullResponse,
    PushRequest,
    ScopeAcknowledged,
    SealedRequest,
)
from sync.server.handlers import callers, pull, push, restore, scope
from sync.server.handlers.callers import Caller
from sync.server.service import Rejected, Service

T = TypeVar("T")


@dataclass(frozen=True)
class Route:
    """``stopped``: whether a device that waits for a person's look may still call it."""

    message: type[msgspec.Struct]
    handler: Callable[[Service, Caller, Any], msgspec.Struct]
    stopped: bool = False


ROUTES: Mapping[str, Route] = {
    "/v1/push": Route(PushRequest, push.push, stopped=True),
    "/v1/pull": Route(PullRequest, pull.pull),
    "/v1/fetch": Route(FetchRequest, pull.fetch),
    "/v1/have": Route(HaveRequest, restore.have, stopped=True),
    "/v1/sealed": Route(SealedRequest, restore.take_sealed, stopped=True),
    "/v1/scope": Route(ScopeAcknowledged, scope.acknowledge),
}


def handle(service: Service, route: Route, device: str, message: msgspec.Struct) -> msgspec.Struct:
    """Answer ``message`` from the device its token names. Raises Rejected."""
    callers.check_protocol(getattr(message, "protocol", 1))
    if getattr(message, "device", device) != device:
        raise Rejected(401, "unknown")
    return route.handler(service, known_caller(service, device, stopped=route.stopped), message)


def follow(service: Service, route: Route, device: str, message: PullRequest) -> Iterator[PullResponse]:
    """The answer and the ones behind it until nothing is left. Who asks is looked at anew for each. Raises Rejected."""
    while True:
        answer = handle(service, route, device, message)
        assert isinstance(answer, PullResponse)
        yield answer
        if not answer.left:
            return
        message = message.behind(answer)


def with_caller(service: Service, device: str, handler: Callable[..., T], *arguments: Any) -> T:
    """Run a blob handler for the device its token names. Raises Rejected."""
    return handler(service, known_caller(service, device, stopped=False), *arguments)


def known_caller(service: Service, device: str, *, stopped: bool) -> Caller:
    """Raises Rejected 401 for nobody we know, 403 for a revoked device, or a stopped one where it may not call."""
    caller = service.read(lambda connection: callers.identify(service, connection, device))
    if caller.device.state != "active" and not stopped:
        raise Rejected(403, "device.stopped")
    return caller
