"""The pane that shows one view at a time, over the run at hand."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from lstm_tui.inside.canvas import Canvas
from lstm_tui.inside.more import MoreScreen
from lstm_tui.inside.table import VIEWS, Entry, entry_of
from lstm_tui.inside.view import Drawn, Room, Spot, View
from lstm_tui.keys.table import INSIDE_KEYS
from lstm_tui.session.probing import Probe
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.widgets.dialog import open_dialog
from lstm_tui.widgets.pane import Pane

FAR = 10  # times as far with shift
WAITING = "The model is being looked at."


def contents(snapshot: Snapshot) -> tuple[object, ...]:
    """What of a snapshot a drawing depends on: how much of the next answer is done only until there is a first."""
    probed = snapshot.probed
    return probed.asked, probed.found, probed.refused, probed.share if probed.found is None else 0.0, snapshot.side


class InsidePane(Pane):
    """While it is open it needs `probe` of the run. Keys are answered from what the screen has.

    ask: called where the run should make something else than before.
    """

    BINDINGS: ClassVar[list[BindingType]] = [binding for key in INSIDE_KEYS for binding in key.bindings]
    DEFAULT_CSS = """
    InsidePane {
        width: 100%;
        height: 1fr;
        #inside-views, .inside-line { width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        .inside-line { color: $text-muted; }
        #inside-reading { width: 100%; height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self,
        ask: Callable[[], None],
        *,
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._ask, self._ascii = ask, ascii_only
        self._spot = Spot()
        self._views: dict[int, View] = {entry.number: entry.view(self._spot) for entry in VIEWS}
        self._entry: Entry = VIEWS[0]
        self._snapshot: Snapshot | None = None
        self._drawn: tuple[object, ...] = ()
        self.is_open = False

    def compose(self) -> ComposeResult:
        """The views there are, how to read this one, its picture, and what there is to say of the cursor's place."""
        yield Static(id="inside-views")
        yield Static(id="inside-first", classes="inside-line", markup=False)
        yield Static(id="inside-second", classes="inside-line", markup=False)
        yield Canvas(id="inside-canvas")
        yield Static(id="inside-reading", markup=False)

    @property
    def view(self) -> View:
        """The one that is shown."""
        return self._views[self._entry.number]

    @property
    def probe(self) -> Probe | None:
        """What the run is to make now; None while the pane is closed, or the view means nothing here."""
        if not self.is_open or self._snapshot is None or self._snapshot.about.config is None:
            return None
        return None if self.view.refuses(self._snapshot) else self.view.probe()

    def show(self, snapshot: Snapshot) -> None:
        """Show what was found for the view, if it is new."""
        self._snapshot = snapshot
        if self.is_open and contents(snapshot) != self._drawn:
            self._draw()

    def on_resize(self) -> None:
        """Draw for the new size, once the canvas has it."""
        self.call_after_refresh(self._draw)

    # Drawing

    def open(self) -> None:
        """Show the view anew."""
        self.is_open = True
        self._write_lines()
        self._draw()

    def close(self) -> None:
        """Ask for nothing more."""
        self.is_open = False

    def _write_lines(self) -> None:
        line = Content()
        for entry in VIEWS:
            name = f"{entry.number} {entry.name}"
            style = "bold reverse" if entry is self._entry else ""
            line += Content.assemble((name, f"{style} @click=screen.inside_view({entry.number})".strip()), " ")
        self.query_one("#inside-views", Static).update(line, layout=False)
        for widget, text in zip(("#inside-first", "#inside-second"), self._entry.lines, strict=True):
            self.query_one(widget, Static).update(text, layout=False)

    def _draw(self) -> None:
        snapshot = self._snapshot
        if not self.is_open or snapshot is None or not self.is_mounted:
            return
        probed, self._drawn = snapshot.probed, contents(snapshot)
        canvas = self.query_one(Canvas)
        room = Room(canvas.size.width, canvas.size.height, self._ascii, self._ascii or self.app.no_color)
        drawn = self._drawn_view(snapshot, room)
        canvas.show(drawn.rows)
        text = "\n".join(drawn.reading)
        self.query_one("#inside-reading", Static).update(text, layout=False)
        side = f"{snapshot.side}, " if snapshot.side else ""
        self.entitle("Look inside", f"{side}as of step {probed.step:,}" if probed.found is not None else "")

    def _drawn_view(self, snapshot: Snapshot, room: Room) -> Drawn:
        probed, view = snapshot.probed, self.view
        if why := view.refuses(snapshot) or probed.refused:
            return Drawn([], (why,))
        if probed.asked is None or type(probed.asked) is not type(view.probe()) or probed.found is None:
            share = f" {100 * probed.share:.0f} %" if probed.share else ""
            return Drawn([], (f"{WAITING}{share}",))
        try:
            view.take(probed.found)
            return view.drawn(probed.found, room)
        except Exception as error:  # noqa: BLE001 - no view may end the program, and the training with it
            return Drawn([], (f"this view failed, training goes on: {error!r}",))

    # Keys

    def on_key(self, event: events.Key) -> None:
        """A view that is typed into takes keys before they mean anything else."""
        if self.view.key(event.key, event.character):
            event.stop()
            event.prevent_default()
            self._moved()

    def on_paste(self, event: events.Paste) -> None:
        """The same for a text that is pasted."""
        if self.view.paste(event.text):
            event.stop()
            self._moved()

    def _moved(self) -> None:
        """Draw for another place; where the view needs something else of the run now, the screen asks for it."""
        self._spot.keep_inside()
        self._draw()
        if self._snapshot is not None and self.probe != self._snapshot.probed.asked:
            self._ask()

    def action_choose(self, number: int) -> None:
        """Show another view."""
        entry = entry_of(number)
        if entry is not None and entry is not self._entry:
            self._entry = entry
            self._write_lines()
            self._moved()

    def action_next_view(self, by: int) -> None:
        """Show the next view, or the one before."""
        here = VIEWS.index(self._entry)
        self.action_choose(VIEWS[(here + by) % len(VIEWS)].number)

    def action_along(self, by: int) -> None:
        """Left and right."""
        self.view.along(by)
        self._moved()

    def action_across(self, by: int) -> None:
        """Up and down."""
        self.view.across(by)
        self._moved()

    def action_to_end(self, last: int) -> None:
        """Home and end."""
        self.view.to_end(bool(last))
        self._moved()

    def action_other(self) -> None:
        """The next of what the view can show."""
        self.view.other()
        self._moved()

    def action_layer(self, by: int) -> None:
        """The layer above, or below."""
        self.view.layer(by)
        self._moved()

    def action_frame(self, by: int) -> None:
        """Earlier or later in the training."""
        self.view.frame(by)
        self._moved()

    def action_turn(self, by: int) -> None:
        """Another reading."""
        self.view.turn(by)
        self._moved()

    def action_more(self) -> None:
        """Say more about the view."""
        open_dialog(self.screen, MoreScreen(self._entry))
