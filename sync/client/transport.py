"""The way to the county server: patient, honest about what is wrong, and the only place that speaks HTTP.

Every failure becomes a NetworkError (the way or the server is in trouble: ``network.away`` | ``network.slow`` |
``network.garbage`` | ``network.busy`` | ``network.restoring``) or a RefusedError (the county does not allow it:
``refused.unknown_device`` | ``refused.revoked`` | ``refused.stopped`` | ``refused.too_old`` | ``refused.too_large`` |
``refused.not_here`` | ``refused.code``). ``details`` hold ``status`` and the server's own code.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from fieldapp.domain.statements import Statement
from fieldapp.errors import InputError, NetworkError, RefusedError, WorldError
from sync.client.county_keys import take_keys
from sync.protocol.framing import MEDIA_TYPE, pack, unpack, unpack_stream
from sync.protocol.messages import (
    EnrolRequest,
    EnrolResponse,
    PullRequest,
    PullResponse,
    Signed,
    TokenRequest,
    TokenResponse,
    both_know,
    challenge_bytes,
)

if TYPE_CHECKING:
    import requests

    from fieldapp.store.vault.profile import Profile

M = TypeVar("M", bound=msgspec.Struct)
T = TypeVar("T")

LANES = 3
"""Requests that may be under way at once."""
TOKEN_MARGIN = 60.0
"""Seconds before its end from which a token is not begun anything with."""
CHALLENGE_SERVES = 45.0
"""Seconds a challenge serves for certain."""
TIMEOUT = 60.0
TRIES = 5
BACKOFF = 1.0
LONGEST_WAIT = 60.0
_CHALLENGE = re.compile(r'challenge="([^"]+)"')


class Revoked(RefusedError):
    """The county revoked this device; ``statement`` is its signed word, None when the server sent none."""

    code = "refused.revoked"

    def __init__(self, statement: Statement | None) -> None:
        super().__init__("refused.revoked")
        self.statement = statement


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try again; ``sleep`` waits that many seconds and says whether to give up."""

    timeout: float = TIMEOUT
    tries: int = TRIES
    backoff: float = BACKOFF
    sleep: Callable[[float], bool] = _sleep


@dataclass(frozen=True)
class BlobAnswer:
    """``offset``: bytes the server holds, all of them when ``complete``; only then kind, media type and salt are
    told."""

    offset: int
    complete: bool
    kind: str
    media_type: str
    salt: bytes


class Transport:
    """One server, seen from one profile. Threads may share it: requests under way have a connection each.

    It may be kept between runs; then the connections and the token of the last one serve again.
    """

    lanes = LANES

    def __init__(
        self, server: str, profile: Profile, *, tls_root: Path | None = None, patience: Patience | None = None
    ) -> None:
        self._server = server.rstrip("/")
        self._profile = profile
        self._tls_root = tls_root
        self._patience = patience or Patience()
        self._session: requests.Session | None = None
        self._lock = threading.Lock()
        self._token: str | None = None
        self._until = 0.0
        self.hello: TokenResponse | None = None

    @property
    def device(self) -> str:
        return self._profile.device

    def close(self) -> None:
        with self._lock:
            if self._session is not None:
                self._session.close()
                self._session = None

    def greeted(self) -> TokenResponse | None:
        """What the server said of itself when it gave the token that still serves; None when there is none."""
        return self.hello if self._token and time.monotonic() < self._until else None

    def connect(self) -> TokenResponse:
        """Get a token; what the server says of itself. Raises RefusedError ``refused.unknown_device``."""
        challenge = self._challenge()
        while True:
            asked = time.monotonic()
            try:
                self.hello = self._greet(challenge)
                break
            except _Unknown as answer:
                # In a crowd the answer may take longer than a challenge serves; then the next one is answered.
                found = _CHALLENGE.search(answer.challenge)
                if found is None or time.monotonic() - asked < CHALLENGE_SERVES:
                    raise RefusedError("refused.unknown_device") from None
                challenge = found.group(1)
        take_keys(self._profile, [signed.statement() for signed in self.hello.keys])
        self._token = self.hello.token
        self._until = time.monotonic() + self.hello.seconds - TOKEN_MARGIN
        return self.hello

    def _greet(self, challenge: str) -> TokenResponse:
        identity = self._profile.require_identity()
        request = TokenRequest(
            self._profile.device,
            challenge,
            self._profile.signing_key().sign(challenge_bytes(challenge)),
            Signed.of(identity.device_certificate),
            Signed.of(identity.scope_statement) if identity.scope_statement else None,
            keys=len(identity.trust.certificates),
        )
        return _read(self._send("POST", "/v1/token", pack(request), signed=False).content, TokenResponse)

    def call(self, path: str, message: msgspec.Struct, answer: type[M]) -> M:
        """Send ``message`` with the device's token; a new token is fetched when the old one expired."""
        sent = self._signed(lambda: self._send("POST", path, pack(message)))
        return _read(sent.content, answer, both_know(message))

    def pages(self, request: PullRequest) -> Iterator[PullResponse]:
        """The answer to ``request`` (``follow``) and those behind it, as they arrive.

        When the way breaks behind the first one, NetworkError is raised by the page that does not come. The county may
        also end early: the last page then says what is ``left``, and the caller asks on from there.
        """
        answer = self._signed(lambda: self._send("POST", "/v1/pull", pack(request), stream=True))
        try:
            yield from unpack_stream(_worded(answer.iter_content(None)), PullResponse)
        except InputError:
            raise NetworkError("network.garbage") from None
        finally:
            answer.close()

    def enrol(self, request: EnrolRequest) -> EnrolResponse:
        """Ask to become a device. Raises RefusedError ``refused.code`` for a code that does not serve (any more)."""
        try:
            return self._ask("POST", "/v1/enrol", pack(request), EnrolResponse, signed=False)
        except RefusedError as failed:
            if failed.code == "refused.unknown_device":
                raise RefusedError("refused.code") from None
            raise

    def ask_blob(self, blob: str) -> BlobAnswer:
        """What the server says of a blob. Raises RefusedError ``refused.not_here``."""
        answer = self._signed(lambda: self._send("HEAD", f"/v1/blobs/{blob}", None))
        offset, complete = _header_number(answer, "Upload-Offset"), answer.headers.get("Upload-Complete") == "1"
        try:
            salt = bytes.fromhex(answer.headers.get("X-Salt", ""))
        except ValueError:
            raise NetworkError("network.garbage") from None
        kind, media_type = answer.headers.get("X-Kind", ""), answer.headers.get("X-Media-Type", "")
        return BlobAnswer(offset, complete, kind, media_type, salt)

    def put_piece(
        self, blob: str, piece: bytes, *, query: Mapping[str, str | int], salt: bytes, answer: type[M]
    ) -> tuple[int, M]:
        """(bytes the server holds now, its answer)."""
        sent = self._signed(
            lambda: self._send("PUT", f"/v1/blobs/{blob}", piece, query=query, headers={"X-Salt": salt.hex()})
        )
        return _header_number(sent, "Upload-Offset"), _read(sent.content, answer)

    def get_blob(self, blob: str, offset: int) -> Iterator[bytes]:
        """The blob's content from ``offset`` on, as it arrives."""
        answer = self._signed(
            lambda: self._send("GET", f"/v1/blobs/{blob}", None, query={"offset": offset}, stream=True)
        )
        return _worded(answer.iter_content(64 * 1024))

    def _challenge(self) -> str:
        try:
            self._send("POST", "/v1/pull", b"", signed=False)
        except _Unknown as answer:
            found = _CHALLENGE.search(answer.challenge)
            if found:
                return found.group(1)
        raise NetworkError("network.garbage")

    def _signed(self, work: Callable[[], T]) -> T:
        if self._token is None:
            self.connect()
        try:
            return work()
        except _Unknown:
            self.connect()
        try:
            return work()
        except _Unknown:
            raise RefusedError("refused.unknown_device") from None

    def _ask(self, method: str, path: str, body: bytes, answer: type[M], *, signed: bool = True) -> M:
        try:
            return _read(self._send(method, path, body, signed=signed).content, answer)
        except _Unknown:
            if signed:
                raise
            raise RefusedError("refused.unknown_device") from None

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        *,
        signed: bool = True,
        query: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> requests.Response:
        """One request, tried again while the way or the server is in trouble."""
        sent = {"Content-Type": MEDIA_TYPE, **(headers or {})}
        if signed and self._token:
            sent["Authorization"] = f"Bearer {self._token}"
        for attempt in range(self._patience.tries):
            wait = self._patience.backoff * 2**attempt * random.uniform(0.5, 1.5)
            try:
                return self._once(method, path, body, sent, query, stream)
            except NetworkError as failed:
                if attempt == self._patience.tries - 1 or failed.code == "network.restoring":
                    raise
                wait = max(wait, float(str(failed.details.get("retry_after", 0))))
                if self._patience.sleep(min(wait, LONGEST_WAIT)):
                    raise
        raise NetworkError("network.away")

    def _line(self) -> requests.Session:
        with self._lock:
            self._session = self._session or _new_session(self._tls_root)
            return self._session

    def _once(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        query: Mapping[str, str | int] | None,
        stream: bool,
    ) -> requests.Response:
        import requests

        try:
            answer = self._line().request(
                method,
                self._server + path,
                data=body,
                headers=dict(headers),
                params={key: str(value) for key, value in (query or {}).items()},
                timeout=(min(self._patience.timeout, 15.0), self._patience.timeout),
                stream=stream,
                allow_redirects=False,
            )
        except requests.exceptions.RequestException as failed:
            raise _worded_failure(failed) from None
        if answer.status_code == 200:
            return answer
        raise _refusal(answer)


class _Unknown(WorldError):
    """401: the token is missing, expired or not ours."""

    code = "unknown"

    def __init__(self, challenge: str) -> None:
        super().__init__()
        self.challenge = challenge


def _new_session(tls_root: Path | None) -> requests.Session:
    import requests

    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, requests.adapters.HTTPAdapter(pool_maxsize=LANES + 1))
    session.trust_env = False  # no proxy or password file of the machine speaks for us
    if tls_root is not None:
        session.verify = str(tls_root)
    return session


def _worded_failure(failed: Exception) -> NetworkError:
    import requests

    if isinstance(failed, requests.exceptions.SSLError):
        return NetworkError("network.not_the_county")
    if isinstance(failed, requests.exceptions.Timeout):
        return NetworkError("network.slow")
    if isinstance(failed, requests.exceptions.ConnectionError):
        return NetworkError("network.away")
    return NetworkError("network.garbage")


def _worded(parts: Iterator[bytes]) -> Iterator[bytes]:
    import requests

    try:
        yield from parts
    except requests.exceptions.RequestException as failed:
        raise _worded_failure(failed) from None


def _refusal(answer: requests.Response) -> WorldError:
    if answer.status_code == 401:
        return _Unknown(answer.headers.get("WWW-Authenticate", ""))
    code, statement = _said(answer)
    if answer.request.method == "HEAD" and answer.status_code == 404:
        code = code or "unknown"  # an answer to HEAD has no body to say it in
    retry = answer.headers.get("Retry-After", "")
    return refusal(answer.status_code, code, statement, int(retry) if retry.isdigit() else 0)


def refusal(status: int, code: str, statement: Statement | None, retry_after: int) -> WorldError:
    """What a status other than 200 means in plain words; ``code`` is the server's, "" when it said none of ours."""
    named: dict[str, Any] = {"status": status, "said": code}
    if code == "device.revoked":
        return Revoked(statement)
    if status in (429, 503):
        kind = "network.restoring" if code == "server.restoring" else "network.busy"
        return NetworkError(kind, retry_after=retry_after, **named)
    if 400 <= status < 500 and code:
        return RefusedError(_REFUSED.get(code) or _REFUSED_STATUS.get(status, "refused.request"), **named)
    return NetworkError("network.server_fault" if code else "network.garbage", **named)


_REFUSED = {
    "device.stopped": "refused.stopped",
    "protocol.too_old": "refused.too_old",
    "protocol.too_new": "refused.too_new",
}
_REFUSED_STATUS = {401: "refused.unknown_device", 404: "refused.not_here", 413: "refused.too_large"}


def _said(answer: requests.Response) -> tuple[str, Statement | None]:
    """The server's code, and the statement it proves it with; ("", None) for an answer that is not our server's."""
    try:
        body = msgspec.json.decode(answer.content[:65536], type=dict[str, str])
        statement = body.get("statement")
        signed = Signed.from_bytes(bytes.fromhex(statement)) if statement else None
    except (ValueError, msgspec.MsgspecError):
        return "", None
    return body.get("code", ""), signed.statement() if signed else None


def _read(content: bytes, kind: type[M], known: Sequence[str] = ()) -> M:
    try:
        return unpack(content, kind, known=known)
    except InputError:
        raise NetworkError("network.garbage") from None


def _header_number(answer: requests.Response, name: str) -> int:
    text = answer.headers.get(name, "")
    if not text.isdigit():
        raise NetworkError("network.garbage")
    return int(text)
