"""`lstm-tui serve`: the app in a browser on this machine, for the same person."""

import ipaddress
import secrets
import shlex
import socket
import sys
import webbrowser

from lstm_model.errors import LSTMError, reason_of
from lstm_tui.opening.outputs import require_package
from lstm_tui.options.given import Given
from lstm_tui.options.table import of_command
from lstm_tui.terminal.output import message, result

LOOPBACK, PORT = "127.0.0.1", 8000


def serve(given: Given) -> int:
    """Answer until Ctrl+C. The address holds a token, without which nothing is shown."""
    require_package("serve", "textual_serve", "web")
    host, port = given.get("host", LOOPBACK), given.get("port", PORT)
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        why = reason_of(error).partition(" (while")[0]  # Python names the address again
        raise LSTMError(f"cannot listen on {host}:{port}: {why}; choose another --port") from None
    with listening:
        token = secrets.token_urlsafe(24)
        address = f"http://{host}:{listening.getsockname()[1]}/?token={token}"
        if not _is_loopback(host):
            message(f"warning: {host} can be reached by other machines, and the link is not encrypted")
        result(f"open {address}")
        result("the address is a key: keep it to yourself; Ctrl+C ends, and saves what is open")
        if "open" in given and not webbrowser.open(address):
            message("no browser was found: open the address yourself")
        from lstm_tui.plain.web_page import answer

        answer(listening, token, command_of(given), one="eval_only" not in given)
    return 0


def command_of(given: Given) -> str:
    """The command line of the app that a tab opens, for a shell."""
    words = [sys.executable, "-m", "lstm_tui"]
    for option in of_command("serve"):
        if option.name not in given or option.group == "serve":
            continue
        value = given[option.name]
        words.append(option.flag)
        if option.takes != "nothing":
            words += map(str, value) if option.takes == "values" else [option.text(value)]
    return shlex.join(words)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
