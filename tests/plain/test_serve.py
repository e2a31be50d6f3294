"""The page in a browser: nobody gets in without the token, one tab trains, keys steer, a closed tab saves."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from lstm_tui.cli import main
from lstm_tui.plain.serve import command_of
from lstm_tui.plain.web_page import Page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
BADGE = {"x": 1, "y": 686, "width": 2, "height": 2}  # of a page 720 high: the ground of the word for the state
CHART = {"x": 90, "y": 60, "width": 700, "height": 230}


async def test_without_the_token_nothing_is_shown_and_the_address_gives_a_cookie_for_all_else() -> None:
    async with TestClient(TestServer(await Page("true", "secret", one=True).make())) as client:
        for path in ("/", "/ws", "/static/js/textual.js", "/?token=wrong", "/?token=%C3%A9"):
            assert (await client.get(path)).status == 403
        shown = await client.get("/?token=secret")
        assert shown.status == 200
        assert "token" not in str(shown.url)
        assert "default-src 'self'" in shown.headers["Content-Security-Policy"]
        assert (await client.get("/static/js/textual.js")).status == 200


def test_a_taken_port_and_a_missing_extra_are_one_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
        assert capsys.readouterr().err == (
            f"lstm-tui: error: cannot listen on 127.0.0.1:{port}: Address already in use; choose another --port\n"
        )
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["serve"]) == 2
    assert "pip install 'lstm-tui[web]'" in capsys.readouterr().err


def test_what_opens_the_app_is_handed_on_quoted_and_what_is_the_pages_is_not() -> None:
    command = command_of({"data": ("a b", "c"), "eval_only": True, "steps": 5, "port": 0, "host": "::1"})
    assert command.endswith(" -m lstm_tui --data 'a b' c --steps 5 --eval-only")


async def test_a_tab_in_which_the_app_cannot_start_says_why_and_keeps_no_other_out(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = command_of({"data": ("nowhere.txt",)})
    async with TestClient(TestServer(await Page(command, "secret", one=True).make())) as client:
        assert (await client.get("/?token=secret")).status == 200
        async with client.ws_connect("/ws?width=100&height=30") as tab:
            shown = (await tab.receive_bytes(timeout=60)).decode()
            assert f"there is no file {here}/nowhere.txt" in shown
            assert len(shown.split("\r\n")) == 4, "one line, and what to do"
            assert (await client.get("/")).status == 200, "nothing trains there"
            assert not tab.closed, "the words stay"
    assert f"there is no file {here}/nowhere.txt" in capsys.readouterr().err
    async with TestClient(TestServer(await Page("exit 3", "secret", one=True).make())) as client:
        await client.get("/?token=secret")
        async with client.ws_connect("/ws?width=many") as tab:
            assert "the app ended without a word" in (await tab.receive_bytes(timeout=60)).decode()


def test_open_calls_the_browser_with_the_address_and_a_host_that_others_reach_is_warned_of(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []

    def browser(address: str) -> bool:
        opened.append(address)
        return len(opened) == 1

    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setattr("lstm_tui.plain.web_page.answer", lambda *arguments, **options: None)
    for options in (["--open"], ["--open", "--host", "0.0.0.0"], ["--host", "127.0.0.1"]):
        assert main(["serve", "--port", "0", *options]) == 0
        out, err = capsys.readouterr()
        address = out.splitlines()[0].removeprefix("open ")
        assert ("warning: 0.0.0.0 can be reached by other machines" in err) == ("0.0.0.0" in options)
        assert opened[-1:] == [address] if "--open" in options else address not in opened
        assert ("no browser was found: open the address yourself" in err) == (len(opened) == 2 and "--open" in options)


@pytest.mark.slow
@pytest.mark.skipif(BROWSER is None, reason="there is no Chromium here")
def test_in_a_browser_the_chart_is_shown_keys_pause_sample_and_save_and_a_closed_tab_saves(
    data: dict[str, Path], here: Path
) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from PIL import Image

    launch = "import sys; from lstm_tui.cli import main; sys.exit(main(sys.argv[1:]))"
    options = ["--port", "0", "--data", str(data["text"]), "--save", "run"]
    server = subprocess.Popen(
        [sys.executable, "-c", launch, "serve", *options], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    assert server.stdout is not None
    address = server.stdout.readline().split()[1]
    try:
        with playwright.sync_playwright() as chromium:
            browser = chromium.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1200, "height": 720})
            page = context.new_page()

            def colours(clip: dict[str, int]) -> set[tuple[int, int, int]]:
                picture = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
                return set(zip(*(iter(picture.tobytes()),) * 3, strict=True))

            def until(true: object) -> None:
                for _ in range(300):
                    if true():  # type: ignore[operator]
                        return
                    page.wait_for_timeout(100)
                raise AssertionError("it did not come true")

            page.goto(address)
            until(lambda: any(b > 180 and r < 120 for r, _, b in colours(CHART)))  # the blue of the training loss
            page.mouse.click(400, 400)
            trains = colours(BADGE)
            page.keyboard.press("g")
            until(lambda: Path("run/samples.txt").exists())
            page.keyboard.press("s")
            until(lambda: list(Path("run").glob("step-*.safetensors")))
            page.keyboard.press("p")
            until(lambda: colours(BADGE) != trains)
            page.keyboard.press("p")
            until(lambda: colours(BADGE) == trains)
            before = sorted(Path("run").glob("*.safetensors"))
            assert Path("run/last.safetensors") not in before
            other = context.new_page()
            assert other.goto(address).status == 409
            page.close()
            page = other
            until(Path("run/last.safetensors").exists)
            browser.close()
    finally:
        server.send_signal(signal.SIGINT)
        status = server.wait(20)
        server.stdout.close()
    assert status == 0
