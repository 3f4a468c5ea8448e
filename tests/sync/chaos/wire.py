"""A way to the server inside one process: the same messages and handlers, and everything that goes wrong on a line."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from fieldapp.errors import InputError, NetworkError, StorageError
from fieldapp.store.api import Profile
from sync.client.transport import BlobAnswer, refusal
from sync.protocol.framing import pack, unpack
from sync.protocol.messages import (
    PullRequest,
    PullResponse,
    Signed,
    TokenRequest,
    TokenResponse,
    both_know,
    challenge_bytes,
)
from sync.server.dispatch import ROUTES, handle, with_caller
from sync.server.handlers import blobs, callers
from sync.server.service import Rejected, Service


class ServerDied(Exception):
    """The server process ended at this point."""


class ClientDied(BaseException):
    """The laptop went out at this point; nothing of the program catches it."""


@dataclass
class Weather:
    """How bad it is. ``late``: requests still on their way, which arrive after later ones."""

    rng: random.Random
    trouble: float = 0.0
    deaths: float = 0.0
    late: list[tuple[str, str, bytes]] = field(default_factory=list)

    def strikes(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance


Watcher = Callable[[str, msgspec.Struct], None]


class Wire:
    """Stands where ``Transport`` stands. ``watcher`` sees every answer that goes out, whether it arrives or not."""

    def __init__(self, service: Service, profile: Profile, weather: Weather, watcher: Watcher) -> None:
        self._service, self._profile, self._weather, self._watcher = service, profile, weather, watcher
        self.device = profile.device

    lanes = 1

    def greeted(self) -> TokenResponse | None:
        return None

    def connect(self) -> TokenResponse:
        self._trouble()
        identity = self._profile.require_identity()
        challenge = self._service.tokens.challenge()
        request = TokenRequest(
            self.device,
            challenge,
            self._profile.signing_key().sign(challenge_bytes(challenge)),
            Signed.of(identity.device_certificate),
            Signed.of(identity.scope_statement) if identity.scope_statement else None,
        )
        return self._worded(lambda: callers.give_token(self._service, request))

    def call(self, path: str, message: msgspec.Struct, answer: type[msgspec.Struct]) -> msgspec.Struct:
        data = pack(message, level=1)
        self._deliver_late()
        self._trouble()
        if self._weather.strikes(self._weather.trouble / 3):
            self._weather.late.append((path, self.device, data))
            raise NetworkError("network.slow")
        reply = self._worded(lambda: self._answered(path, self.device, data))
        if self._weather.strikes(self._weather.trouble / 3):
            reply = self._worded(lambda: self._answered(path, self.device, data))  # sent twice
        if self._weather.strikes(self._weather.deaths):
            raise ClientDied
        if self._weather.strikes(self._weather.trouble):
            raise NetworkError("network.away")  # the answer was lost
        if self._weather.strikes(self._weather.trouble / 3):
            reply = reply[: len(reply) // 2]
        try:
            return unpack(reply, answer, known=both_know(message))
        except InputError:
            raise NetworkError("network.garbage") from None

    def pages(self, request: PullRequest) -> Iterator[PullResponse]:
        """Page by page; the line may break behind any of them."""
        while True:
            answer = self.call("/v1/pull", request, PullResponse)
            assert isinstance(answer, PullResponse)
            yield answer
            if not answer.left:
                return
            request = request.behind(answer)

    def ask_blob(self, blob: str) -> BlobAnswer:
        self._trouble()
        offset, complete, found = self._worded(lambda: with_caller(self._service, self.device, blobs.ask, blob))
        if found is None:
            return BlobAnswer(offset, complete, "", "", b"")
        return BlobAnswer(offset, complete, found.kind, found.media_type, found.salt)

    def put_piece(
        self, blob: str, piece: bytes, *, query: Mapping[str, str | int], salt: bytes, answer: type[msgspec.Struct]
    ) -> tuple[int, msgspec.Struct]:
        self._trouble()
        offer = blobs.Offer(
            blob, str(query["document"]), str(query["kind"]), str(query["media_type"]), int(query["size"]), salt
        )
        offset = int(query["offset"])
        end, done = self._worded(lambda: with_caller(self._service, self.device, blobs.put_piece, offer, offset, piece))
        if self._weather.strikes(self._weather.trouble):
            raise NetworkError("network.away")
        return end, done

    def get_blob(self, blob: str, offset: int) -> Iterator[bytes]:
        self._trouble()
        self._worded(lambda: with_caller(self._service, self.device, blobs.find, blob))
        return blobs.content(self._service, blob, offset)

    def close(self) -> None:
        pass

    def _trouble(self) -> None:
        if self._weather.strikes(self._weather.deaths):
            raise ClientDied
        if self._weather.strikes(self._weather.trouble):
            raise NetworkError("network.away")

    def _deliver_late(self) -> None:
        """An old request arrives now; its sender hears nothing of it."""
        if self._weather.late and self._weather.strikes(0.3):
            path, device, data = self._weather.late.pop(self._weather.rng.randrange(len(self._weather.late)))
            try:
                self._answered(path, device, data)
            except (Rejected, ServerDied, StorageError):
                return

    def _answered(self, path: str, device: str, data: bytes) -> bytes:
        route = ROUTES[path]
        message = unpack(data, route.message)
        answer = handle(self._service, route, device, message)
        self._watcher(device, answer)
        return pack(answer, level=1, known=both_know(message))

    def _worded(self, work):  # type: ignore[no-untyped-def]
        try:
            return work()
        except Rejected as rejected:
            retry = rejected.retry_after or 0
            raise refusal(rejected.status, rejected.code, rejected.statement, retry) from None
        except (ServerDied, StorageError):
            raise NetworkError("network.away") from None
