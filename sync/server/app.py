"""The HTTP face: thin routes on the raw request; every answer but 200 is a code and nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, TypeVar

import anyio.to_thread
import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from fieldapp.domain.revision import SALT_BYTES
from fieldapp.errors import InputError, StorageError
from sync.protocol.framing import MEDIA_TYPE, StreamPacker, pack, unpack
from sync.protocol.limits import BLOB_PIECE, MAX_BODY
from sync.protocol.messages import EnrolRequest, PullRequest, Signed, TokenRequest, both_know
from sync.server import paper_check
from sync.server.described import MESSAGE, OCTETS, OFFSET, PIECE, described
from sync.server.dispatch import ROUTES, Route, follow, handle, with_caller
from sync.server.handlers import blobs, callers
from sync.server.logs import log, log_fault
from sync.server.service import Rejected, Service
from sync.server.storage import counted

M = TypeVar("M", bound=msgspec.Struct)
T = TypeVar("T")

BODY_SECONDS = 60
WORKERS = 8
QUEUE = 64
"""Requests that may wait for a worker before new ones are asked to come back later."""


class Desk:
    """Runs handlers on a few threads and turns away what would wait too long."""

    def __init__(self, service: Service, *, workers: int = WORKERS, queue: int = QUEUE) -> None:
        self.service = service
        self._limit = workers + queue
        self._threads = anyio.CapacityLimiter(workers)
        self.waiting = 0

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        if self.waiting >= self._limit:
            self.service.metrics.add("shed_total")
            raise Rejected(503, "server.busy", retry_after=2)
        self.waiting += 1
        try:
            return await anyio.to_thread.run_sync(partial(work, *args), limiter=self._threads)
        finally:
            self.waiting -= 1


def build_app(service: Service) -> FastAPI:
    """The application over ``service``."""
    app = FastAPI(title="Iron Soles county server", version="1", docs_url=None, redoc_url=None)
    desk = Desk(service)
    app.add_middleware(_Answers, service=service)

    def post(path: str, route: Route) -> None:
        async def answer(request: Request) -> Response:
            device = _bearer(service, request)
            message = await _message(request, route.message)
            if isinstance(message, PullRequest) and message.follow:
                return await _following(desk, route, device, message)
            return await desk.run(_answered, service, route, device, message)

        app.add_api_route(path, answer, methods=["POST"], name=path.rsplit("/", 1)[-1], **MESSAGE)

    for path, route in ROUTES.items():
        post(path, route)

    @app.post("/v1/enrol", **MESSAGE)
    async def enrol(request: Request) -> Response:
        return _packed(await desk.run(callers.enrol, service, await _message(request, EnrolRequest)))

    @app.post("/v1/token", **MESSAGE)
    async def token(request: Request) -> Response:
        return _packed(await desk.run(callers.give_token, service, await _message(request, TokenRequest)))

    @app.api_route("/v1/blobs/{blob}", methods=["HEAD"], **described(OCTETS))
    async def blob_offset(blob: str, request: Request) -> Response:
        device = _bearer(service, request)
        offset, complete, found = await desk.run(with_caller, service, device, blobs.ask, blob)
        headers = {"Upload-Offset": str(offset), "Upload-Complete": str(int(complete))}
        if found:
            headers |= {"X-Salt": found.salt.hex(), "X-Kind": found.kind, "X-Media-Type": found.media_type}
        return Response(headers=headers)

    @app.put("/v1/blobs/{blob}", **described(MEDIA_TYPE, sent=OCTETS, parameters=PIECE))
    async def put_blob(blob: str, request: Request) -> Response:
        device = _bearer(service, request)
        offer, offset = _offer(blob, request)
        piece = await _body(request, BLOB_PIECE)
        end, done = await desk.run(with_caller, service, device, blobs.put_piece, offer, offset, piece)
        answer = _packed(done)
        answer.headers["Upload-Offset"] = str(end)
        return answer

    @app.get("/v1/blobs/{blob}", **described(OCTETS, parameters=[OFFSET]))
    async def get_blob(blob: str, request: Request) -> Response:
        device = _bearer(service, request)
        found = await desk.run(with_caller, service, device, blobs.find, blob)
        offset = _number(request, "offset")
        headers = {"Content-Length": str(max(found.size - offset, 0))}
        return StreamingResponse(
            blobs.content(service, blob, offset), headers=headers, media_type="application/octet-stream"
        )

    @app.get("/health", **described("application/json"))
    async def health() -> Response:
        await desk.run(service.read, service.row)
        return Response(b'{"status":"ok"}', media_type="application/json")

    @app.get("/verify", **described("text/html"))
    async def verify_page() -> Response:
        return Response(paper_check.PAGE, media_type="text/html; charset=utf-8", headers=paper_check.HEADERS)

    @app.post("/verify", **described("text/plain", sent="application/pdf"))
    async def verify_paper(request: Request) -> Response:
        sent = await _body(request, paper_check.MOST_BYTES)
        verdict = await desk.run(paper_check.check, service, sent)
        return Response(verdict.words(), media_type="text/plain; charset=utf-8", headers=paper_check.HEADERS)

    @app.get("/metrics", **described("text/plain"))
    async def metrics() -> Response:
        lying = await desk.run(service.read, partial(counted.counts, county=service.keys.county))
        page = service.metrics.text(requests_waiting=desk.waiting, **lying)
        return Response(page, media_type="text/plain; version=0.0.4")

    return app


class _Answers:
    """Turns rejections and faults into answers, and counts and logs every request."""

    def __init__(self, app: Callable[..., Awaitable[None]], service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.monotonic(), 500

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Rejected as rejected:
            await self._answer(rejected)(scope, receive, watched)
        except InputError as failed:
            code = 413 if failed.code.endswith("too_large") else 400
            await self._answer(Rejected(code, failed.code))(scope, receive, watched)
        except StorageError as failed:
            log_fault("storage", failed, code=failed.code)
            await self._answer(Rejected(503, "server.storage", retry_after=10))(scope, receive, watched)
        except Exception as failed:  # noqa: BLE001 -- the last line: a fault of ours is logged and answered 500
            log_fault("fault", failed)
            await self._answer(Rejected(500, "server.fault"))(scope, receive, watched)
        finally:
            route = scope.get("route")
            path = getattr(route, "path", "other")
            spent = time.monotonic() - started
            self._service.metrics.add("requests_total", path=path, status=str(status))
            self._service.metrics.add("request_seconds_total", spent, path=path)
            log("request", method=scope["method"], path=path, status=status, ms=round(spent * 1000))

    def _answer(self, rejected: Rejected) -> Response:
        body: dict[str, Any] = {"code": rejected.code}
        headers = {}
        if rejected.statement is not None:
            body["statement"] = Signed.of(rejected.statement).to_bytes().hex()
        if rejected.retry_after is not None:
            headers["Retry-After"] = str(rejected.retry_after)
        if rejected.status == 401:
            headers["WWW-Authenticate"] = f'Device challenge="{self._service.tokens.challenge()}"'
        return Response(msgspec.json.encode(body), rejected.status, headers, "application/json")


def _bearer(service: Service, request: Request) -> str:
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    device = service.tokens.device_of(text) if scheme.lower() == "bearer" else None
    if device is None:
        raise Rejected(401, "unknown")
    return device


async def _message(request: Request, kind: type[M]) -> M:
    return await asyncio.to_thread(unpack, await _body(request, MAX_BODY), kind)


async def _body(request: Request, limit: int) -> bytes:
    """The body, never more than ``limit`` bytes of it, never longer than ``BODY_SECONDS``."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > limit:
        raise Rejected(413, "message.too_large")
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                data += part
                if len(data) > limit:
                    raise Rejected(413, "message.too_large")
    except TimeoutError:
        raise Rejected(408, "message.slow") from None
    return bytes(data)


def _offer(blob: str, request: Request) -> tuple[blobs.Offer, int]:
    query = request.query_params
    try:
        salt = bytes.fromhex(request.headers.get("x-salt", ""))
    except ValueError:
        salt = b""
    offer = blobs.Offer(
        blob,
        query.get("document", ""),
        query.get("kind", ""),
        query.get("media_type", ""),
        _number(request, "size"),
        salt[: SALT_BYTES + 1],
    )
    return offer, _number(request, "offset")


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "0")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Rejected(422, "blob.piece")
    return int(text)


def _answered(service: Service, route: Route, device: str, message: Any) -> Response:
    answer = handle(service, route, device, message)
    return Response(pack(answer, known=both_know(message)), media_type=MEDIA_TYPE)


async def _following(desk: Desk, route: Route, device: str, message: PullRequest) -> Response:
    """The first page as any answer, with its status; the others behind it, each made while the one before is sent."""
    pages, packer = follow(desk.service, route, device, message), StreamPacker()

    def made() -> bytes:
        page = next(pages, None)
        return packer.add(page) if page is not None else b""

    first = await desk.run(made)

    async def sent() -> AsyncIterator[bytes]:
        part = first
        while part:
            coming = asyncio.ensure_future(desk.run(made))
            try:
                yield part
                part = await coming
            except (Rejected, StorageError) as failed:  # the reader asks again and is told
                log("cut", code=failed.code)
                return
            finally:
                coming.cancel()
        yield packer.end()

    return StreamingResponse(sent(), media_type=MEDIA_TYPE)


def _packed(message: msgspec.Struct) -> Response:
    return Response(pack(message), media_type=MEDIA_TYPE)
