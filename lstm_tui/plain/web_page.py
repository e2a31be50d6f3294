"""The page of `serve`: textual-serve's, behind a token, and with one tab at a time where something trains."""

import asyncio
import contextlib
import hmac
import logging
import socket
from collections.abc import Awaitable, Callable

from aiohttp import web
from textual_serve.server import Server

from lstm_tui.plain.web_app import AppProcess

COOKIE = "lstm-tui"
POLICY = "default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self' ws: data:"  # nothing from elsewhere
ENDS_WITHIN = 6.0  # seconds that an open tab has to save when the server ends
HEARTBEAT = 15.0  # seconds between signs of life of an open tab
LOOK = 0.05  # seconds between looks whether it has ended
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page(Server):
    """Lets in whoever knows the token: first in the address, then as a cookie. one: a second tab is turned away."""

    def __init__(self, command: str, token: str, *, one: bool) -> None:
        super().__init__(command, title="lstm-tui")
        self._token, self._one = token, one
        self._open: set[AppProcess] = set()

    async def make(self) -> web.Application:
        """The web application, with what guards it in front."""
        app = await self._make_app()

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._guarded(request, handler)

        app.middlewares.append(guard)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the command has."""

    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        name = f"{COOKIE}-{request.url.port}"  # cookies know no ports
        if self._is(request.query.get("token", "")):
            inside = web.Response(status=302, headers={"Location": request.path})
            inside.set_cookie(name, self._token, httponly=True, samesite="Lax")
            return inside
        if not self._is(request.cookies.get(name, "")):
            return web.Response(status=403, text="this address needs the token that lstm-tui serve has printed\n")
        if self._one and request.path in ("/", "/ws") and not await self._is_free():
            return web.Response(status=409, text="it is open in another tab: close that one first\n")
        self.public_url = f"{request.scheme}://{request.host}"  # as the browser calls it
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def _is_free(self) -> bool:
        """Whether no tab is open; one that was just closed or loaded anew still saves."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                while self._open:  # noqa: ASYNC110 - nothing that is awaited says so
                    await asyncio.sleep(LOOK)
        return not self._open

    def _is(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self._token.encode())

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run the app for a tab, until that is closed and the app has saved.

        One that cannot start leaves its tab open, with the reason in it, and keeps no other out.
        """
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT)
        app = AppProcess(self.command, socket, self.download_manager, lambda: self._open.discard(app))
        self._open.add(app)
        try:
            await socket.prepare(request)
            await app.start(_size(request, "width", 80), _size(request, "height", 24))
            await self._process_messages(socket, app)
        finally:
            await app.stop()
            self._open.discard(app)
        return socket


def _size(request: web.Request, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else usual


def answer(listening: socket.socket, token: str, command: str, *, one: bool) -> None:
    """Answer until Ctrl+C, or a signal, ends it."""
    logging.getLogger("textual-serve").setLevel(logging.CRITICAL)  # what it logs is said in our own words
    web.run_app(Page(command, token, one=one).make(), sock=listening, print=None, shutdown_timeout=ENDS_WITHIN)
