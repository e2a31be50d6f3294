"""Samples of text as the model writes them, one at a time, back to the first of the run.

They are read from the run's file in a thread, so that the screen never waits for a disk.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.css.query import NoMatches
from textual.widgets import Static

from lstm_model.tasks.text.writing.sample import Sample
from lstm_tui.faces.text.requests import ChangeTemperature, SetPrompt, SetSpread
from lstm_tui.faces.text.samples.columns import BROAD, SampleColumns
from lstm_tui.faces.text.samples.drawn import LONGEST_SHOWN, quoted, sample_text
from lstm_tui.faces.text.samples.prompt import PromptScreen
from lstm_tui.faces.text.samples.walk import (
    MOST_COLUMNS,
    Page,
    SampleReader,
    Wanted,
    columns_of,
    is_same,
    read_page,
)
from lstm_tui.faces.text.seen import TextSeen
from lstm_tui.keys.table import key_of
from lstm_tui.session.requests import Request
from lstm_tui.session.snapshot import Snapshot, Status
from lstm_tui.visible import LINE_END, shortened_line, without_controls
from lstm_tui.widgets.dialog import open_dialog
from lstm_tui.widgets.task_pane import TaskPane

SIDE_BY_SIDE = 90  # columns; in a narrower pane the two samples stand one above the other
COPIED_FOR = 2.0  # seconds that the word of it stands over the frame
EMPTY = "A sample will appear here every few seconds; * writes one now."  # *: the key
EMPTY_EVALUATION = "A sample will appear here; * writes another one."
EMPTY_ELSEWHERE = "There is no sample yet."  # of a run that is trained elsewhere, or was recorded


class SamplesPane(TaskPane):
    """One sample under its heading, and earlier ones below it as far as there is room.

    Where it is broad, samples of several temperatures stand beside each other, and the model is asked for such.
    A sample can be pinned at the side while others are walked through. What a model wrote is shown as plain text.
    """

    NAME, PLACE = "samples", "below"
    DEFAULT_CSS = """
    SamplesPane {
        #samples-halves { layout: horizontal; height: 1fr; }
        #samples-pinned { display: none; width: 1fr; height: 100%; padding-right: 1; }
        #samples-pinned { border-right: solid $foreground 50%; }
        #samples-walk { width: 1fr; height: 100%; }
        #samples-shown { height: auto; max-height: 100%; }
        #samples-shown, #samples-pinned { scrollbar-size-vertical: 1; }
        #samples-older { height: 1fr; padding-top: 1; }
        #samples-columns { display: none; }
        &.-columns #samples-columns { display: block; }
        &.-columns #samples-walk { display: none; }
        &.-pinned #samples-pinned { display: block; }
        &.-pinned #samples-walk { padding-left: 1; }
        &.-stacked #samples-halves { layout: vertical; }
        &.-stacked #samples-pinned { height: 1fr; padding: 0; border: none; border-bottom: solid $foreground 50%; }
        &.-stacked #samples-walk { height: 1fr; padding: 0; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "walk(-1)", "Older sample", show=False),
        Binding("right", "walk(1)", "Newer sample", show=False),
        Binding("home", "end_of_walk(0)", "Oldest sample", show=False),
        Binding("end", "end_of_walk(1)", "Newest sample", show=False),
        Binding("up", "scroll_text('up')", "Scroll up", show=False),
        Binding("down", "scroll_text('down')", "Scroll down", show=False),
        Binding("pageup", "scroll_text('page_up')", "Scroll a page up", show=False),
        Binding("pagedown", "scroll_text('page_down')", "Scroll a page down", show=False),
    ]

    def __init__(self, ask: Callable[[Request], None], *, ascii_only: bool = False) -> None:
        super().__init__(ask, ascii_only=ascii_only)
        self._snapshot: Snapshot | None = None
        self._seen = TextSeen()  # of that snapshot
        self._reader = SampleReader()
        self._at: int | None = None  # which sample is asked for; None: the newest, whichever that is
        self._wanted: Wanted | None = None  # what was asked for last
        self._read: Wanted | None = None  # what was answered last
        self._busy = False
        self._page = Page()
        self._pinned: Sample | None = None
        self._drawn: object = None  # what the text on the screen was made of

    def compose(self) -> ComposeResult:
        """The pinned sample, and at its side the shown one over those before it."""
        with Container(id="samples-halves"):
            with VerticalScroll(id="samples-pinned", can_focus=False):
                yield Static(id="samples-pinned-text")
            with Vertical(id="samples-walk"):
                with VerticalScroll(id="samples-shown", can_focus=False):
                    yield Static(EMPTY.replace("*", key_of("look")), id="samples-text")
                yield Static(id="samples-older")
            yield SampleColumns(id="samples-columns")

    def on_mount(self) -> None:
        """Say what the pane is."""
        self.border_title = "Samples"

    def on_resize(self) -> None:
        """Lay the two samples out for the width, and fill the height."""
        self.set_class(self.outer_size.width < SIDE_BY_SIDE, "-stacked")
        self._ask_for_spread()
        self._want()
        self._draw()

    def show(self, snapshot: Snapshot) -> None:
        """Take in a snapshot, and show the newest sample unless an older one is looked at."""
        before, self._snapshot, self._seen = self._snapshot, snapshot, TextSeen.of(snapshot.seen)
        if before is not None and self._seen.samples_file != TextSeen.of(before.seen).samples_file:
            self._at = None
            if self._pinned:
                self.action_pin()  # its heading would not tell that it is another run's
        self._ask_for_spread()
        if self._at is None and self._page.count and self.selected_text():
            self._at = self._page.at  # what somebody is about to copy must not change under the mouse
        self._want()
        self._draw()

    @property
    def _is_broad(self) -> bool:
        return self.content_size.width >= BROAD

    def _ask_for_spread(self) -> None:
        """Let samples be written at several temperatures where they can stand beside each other, and else at one."""
        known = self._snapshot is not None and self._snapshot.about.memory is not None
        if known and self.content_size.width and self._seen.spread != self._is_broad:
            self.call_after_refresh(self._ask_if_still, self._is_broad)

    def _ask_if_still(self, on: bool) -> None:
        if self._seen.spread != on and on == self._is_broad:
            self.ask(SetSpread(on))

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot that the pane was shown."""
        return self._snapshot

    @property
    def is_reading(self) -> bool:
        """True while something that was asked for is not on the screen yet."""
        return self._read is not self._wanted

    # Reading

    def _want(self, *, again: bool = False) -> None:
        """Ask for the page of a snapshot, unless it is the one that was asked for last."""
        if self._snapshot is None:
            return
        rows = self.content_size.height * (MOST_COLUMNS if self._is_broad else 1)
        wanted = Wanted(self._seen, self._at, rows)
        if not again and self._wanted is not None and is_same(wanted, self._wanted):
            return
        self._wanted = wanted
        if wanted.seen.samples_file is None:  # all of it is in memory
            self._take(wanted, read_page(None, wanted.seen, wanted.at, wanted.height))
        elif not self._busy:
            self._busy = True
            self.run_worker(self._read_wanted(), group="samples")

    async def _read_wanted(self) -> None:
        """Read until the newest of what was asked for is read; what was asked for in between is left out."""
        try:
            while self.is_reading and (wanted := self._wanted) is not None:
                page = await asyncio.to_thread(self._reader.read, wanted.seen, wanted.at, wanted.height)
                self._take(wanted, page)
        finally:
            self._busy = False

    def _take(self, wanted: Wanted, page: Page | None) -> None:
        """Show what was read; None if its file had just changed, and the next snapshot finds what there is."""
        if wanted is self._wanted:
            self._read = wanted
            if page is None:
                self._read = self._wanted = None
            elif page.follows:
                self._at = None  # there are fewer samples than there were
        if page is not None and page.file == self._seen.samples_file:
            self._page = page
            with contextlib.suppress(NoMatches):  # the screen is being taken down
                self._draw()

    # Walking

    def action_walk(self, steps: int) -> None:
        """Go to an older (negative) or a newer sample; where they stand in columns, by all of those at a time."""
        by = len(columns_of(self._page)) if self.has_class("-columns") else 1
        newest = self._page.count - 1
        at = newest if self._at is None else self._at
        if (steps < 0 and at <= 0) or (steps > 0 and at >= newest):
            end = "oldest" if steps < 0 else "newest"
            said = f"this is the {end} sample" if newest >= 0 else "there is no sample yet"
            self.notify(said, timeout=COPIED_FOR, markup=False)
        self._go(at + steps * by)

    def action_end_of_walk(self, end: int) -> None:
        """Go to the oldest (0) or the newest (1) sample."""
        self._go(self._page.count if end else 0)

    def _go(self, to: int) -> None:
        """Show another sample; beyond either end lies the end, and the newest is followed."""
        count = self._page.count
        self._at = max(0, to) if count > 1 and to < count - 1 else None
        self._want(again=True)

    def action_scroll_text(self, direction: str) -> None:
        """Scroll the shown sample, and the pinned one with it."""
        for name in ("#samples-shown", "#samples-pinned"):
            getattr(self.query_one(name), f"scroll_{direction}")(animate=False)
        self.query_one(SampleColumns).move(direction)

    # Steering

    def action_temperature(self, tenths: int) -> None:
        """Change the temperature of samples."""
        self.ask(ChangeTemperature(tenths))

    def action_edit_prompt(self) -> None:
        """Edit the prompt in a dialog."""

        def entered(prompt: str | None) -> None:
            if prompt is not None:
                self.ask(SetPrompt(prompt))

        open_dialog(self.screen, PromptScreen(self._seen.prompt, self._known), entered)

    @property
    def _in_bits(self) -> bool:
        return self._snapshot is not None and self._snapshot.is_in_bits

    @property
    def _known(self) -> str | None:
        """The characters that the model knows; None until its data are read."""
        memory = self._snapshot.about.memory if self._snapshot else None
        found: str | None = (memory or {}).get("vocabulary")
        return found

    # Comparing and copying

    def action_pin(self) -> None:
        """Keep the shown sample at the side, or let it go."""
        if self._page.shown is None:
            self.notify("there is no sample yet", timeout=COPIED_FOR, markup=False)
        self._pinned = self._page.shown if self._pinned is None else None
        if self._pinned is not None:
            text = Text.assemble(("pinned: ", "bold"), sample_text(self._pinned, in_bits=self._in_bits))
            self.query_one("#samples-pinned-text", Static).update(text)
            self.query_one("#samples-pinned").scroll_home(animate=False)
        self.set_class(self._pinned is not None, "-pinned")
        self._draw()

    def action_copy(self) -> None:
        """Copy what the mouse has selected in the pane, else the shown sample, through the terminal."""
        sample = self._page.shown
        text = self.selected_text()
        if not text and sample is not None:
            text = without_controls(sample.prompt + sample.text)
        if not text:
            self.notify("there is no sample to copy yet", markup=False)
            return
        self.app.copy_to_clipboard(text)
        self.notify(f"copied {len(text):,} characters", timeout=COPIED_FOR, markup=False)

    def selected_text(self) -> str:
        """What the mouse has selected in this pane."""
        parts = []
        for widget, selection in self.screen.selections.items():
            if widget.is_attached and self in widget.ancestors:
                found = widget.get_selection(selection)
                parts.append("".join(found) if found and found[0] else "")
        return "".join(parts).replace(f"{LINE_END}\n", "\n").rstrip("\n")  # the marks are not the model's

    # Drawing

    def _draw(self) -> None:
        """Write the frame, and the text if it is another one than stands there."""
        page, snapshot = self._page, self._snapshot
        if snapshot is None:
            return
        self._title(snapshot)
        size, shown = self.content_size, page.shown
        in_bits = self._in_bits
        made_of = (page.shown, page.older, self._pinned, size, in_bits)
        if made_of == self._drawn:
            return
        before, self._drawn = self._drawn, made_of
        if not isinstance(before, tuple) or shown != before[0]:
            self.query_one("#samples-shown").scroll_home(animate=False)
        if self.selected_text():
            self.screen.clear_selection()  # it would lie over other text
        columns = columns_of(page) if self._is_broad and self._pinned is None else []
        self.set_class(len(columns) > 1, "-columns")
        if len(columns) > 1:
            self.query_one(SampleColumns).show(columns, in_bits=in_bits)
            return
        width = size.width - 1  # beside the bar that scrolls
        if self._pinned is not None and not self.has_class("-stacked"):
            width = size.width // 2 - 2
        empty = EMPTY_EVALUATION if snapshot.status is Status.EVAL_ONLY else EMPTY
        empty = EMPTY_ELSEWHERE if snapshot.shown_as else empty.replace("*", key_of("look"))
        self.query_one("#samples-text", Static).update(
            Text(empty) if shown is None else sample_text(shown, width=width, in_bits=in_bits)
        )
        most = min(LONGEST_SHOWN, 4 * size.width * size.height)  # more of one would not be seen: it does not scroll
        texts = [sample_text(sample, most, width=width, in_bits=in_bits) for sample in page.older]
        self.query_one("#samples-older", Static).update(Text("\n\n").join(texts))

    def _title(self, snapshot: Snapshot) -> None:
        """Write the position and what the next sample starts with on the frame, as plain text."""
        room = max(20, self.outer_size.width - 6)
        seen, doing = self._seen, "writing" if snapshot.job == "sample" else "next"
        prompt = f", prompt {quoted(seen.prompt, room)}" if seen.prompt else ""
        parts = str(self._page), f"{doing}: temperature {seen.temperature:.1f}{prompt}"
        self.entitle("Samples", shortened_line("  ".join(filter(None, parts)), room))
