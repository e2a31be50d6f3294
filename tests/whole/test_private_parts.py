"""What is used of Textual and plotext that they do not promise: a new version of theirs is tried here first."""

from importlib.metadata import version

import plotext
import pyte
from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Static

from lstm_tui.terminal.painter import Painter

WIDTH, HEIGHT = 40, 6
TEXTUAL, PLOTEXT = f"Textual {version('textual')}", f"plotext {version('plotext')}"


class Two(App[None]):
    """Two texts beside each other, and what Textual would send to show them."""

    CSS = "Static { width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[object] = []

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("left", id="left")
            yield Static("right", id="right")

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self.updates.append(renderable)
        super()._display(screen, renderable)


class Shown:
    """Two terminals: one gets what Textual sends, the other what the painter makes of it."""

    def __init__(self) -> None:
        self.painter = Painter()
        self.console = Console(color_system="truecolor", force_terminal=True)
        self.plain, self.tight = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)

    def send(self, update: CompositorUpdate) -> float:
        """Show an update; how many times as many characters the painter took."""
        texts = update.render_segments(self.console), self.painter.tighten(update).render_segments(self.console)
        for screen, text in zip((self.plain, self.tight), texts, strict=True):
            pyte.Stream(screen).feed(text)
        assert self.tight.display == self.plain.display, TEXTUAL
        return len(texts[1]) / len(texts[0])


async def test_textual_displays_updates_of_the_two_kinds_that_the_painter_takes_apart() -> None:
    shown, app = Shown(), Two()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        await pilot.pause()
        whole = [update for update in app.updates if isinstance(update, LayoutUpdate)]
        assert whole, TEXTUAL
        shown.send(whole[-1])
        assert any("left" in line and "right" in line for line in shown.tight.display), TEXTUAL

        app.updates.clear()
        app.query_one("#right", Static).update("write")
        await pilot.pause()
        parts = [update for update in app.updates if isinstance(update, ChopsUpdate)]
        assert parts, TEXTUAL
        assert shown.send(parts[-1]) < 1
        assert any("left" in line and "write" in line for line in shown.tight.display), TEXTUAL


def test_a_signal_of_plotext_asks_for_its_pixels_by_the_name_that_charts_replace() -> None:
    figure = type(plotext.figure)(parent=type(plotext.terminal)())
    assert callable(figure.signal([1, 2], [1, 2])._get_unique_pixels), PLOTEXT  # noqa: SLF001
