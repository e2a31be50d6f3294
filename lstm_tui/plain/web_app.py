"""The app in a process of its own, for a tab of a browser: textual-serve's, which says why where it cannot start."""

import asyncio
import contextlib
from asyncio import StreamReader
from collections.abc import Callable

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from lstm_tui.terminal.output import message
from lstm_tui.visible import as_line

AGAIN = "Mend that, and load this page again."


class Heard:
    """Standard error of the app, kept. Whoever reads it is given nothing, once it has ended."""

    def __init__(self, stream: StreamReader) -> None:
        self._stream, self.data = stream, b""

    async def read(self, n: int = -1) -> bytes:  # noqa: ARG002
        """Read to the end; a read that is given up loses nothing of what came before."""
        while more := await self._stream.read(1 << 16):
            self.data += more
        return b""

    @property
    def lines(self) -> list[str]:
        """The lines that say something."""
        return [as_line(line) for line in self.data.decode(errors="replace").splitlines() if line.strip()]


class AppProcess(AppService):
    """The app behind an open socket. ended: called once the process is gone, whether it had begun to show or not."""

    def __init__(
        self, command: str, socket: web.WebSocketResponse, downloads: DownloadManager, ended: Callable[[], None]
    ) -> None:

        async def close() -> None:
            await socket.close()

        super().__init__(
            command, write_bytes=socket.send_bytes, write_str=socket.send_str, close=close, download_manager=downloads
        )
        self._ended, self._shows, self._closes = ended, False, False

    async def on_data(self, payload: bytes) -> None:
        """Show something."""
        self._shows = True
        await super().on_data(payload)

    async def on_meta(self, data: bytes) -> None:
        """Do what the app asks of the browser; note that it says farewell."""
        self._closes = self._closes or b'"exit"' in data
        await super().on_meta(data)

    async def run(self) -> None:
        """Run the app to its end. What it says to a terminal goes to the server's; why it cannot start, to the tab."""
        process = self._process
        assert process is not None and process.stderr is not None  # noqa: PT018, S101 - for type checkers
        heard = Heard(process.stderr)
        process.stderr = heard  # type: ignore[assignment]
        with contextlib.suppress(asyncio.CancelledError):  # of its reader of standard error, if the app ends at once
            await super().run()
        await heard.read()
        await process.wait()  # its output has ended, and it in a moment: else the loop may end before it is reaped
        self._ended()
        said = heard.lines
        for line in said:
            message(line)
        if self._closes:
            return
        why = said[-1] if said else "lstm-tui: error: the app ended without a word"
        with contextlib.suppress(ConnectionError):  # of a tab that was closed
            if self._shows:
                await self.remote_close()
            else:
                await self.remote_write_bytes(f"{why}\r\n\r\n{AGAIN}\r\n".encode())
