"""The help: what the keys do on one page, what the words mean on the other, both searched by typing."""

from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Key
from textual.widgets import Input, Static

from lstm_model.coach.rules import Advice
from lstm_tui.keys.bound import beside
from lstm_tui.keys.own import ALSO
from lstm_tui.screens.help_pages import NARROW, keys_page, words_page
from lstm_tui.widgets.dialog import Dialog
from lstm_tui.widgets.field import ChoiceField

Page = Literal["keys", "words"]
PAGES: tuple[Page, ...] = ("keys", "words")
NEVER_TYPED = {"question_mark"}  # into the search
NOT_AT_FIRST = {"q"}  # while it is empty: so are keys of one's own that scroll
BEGINS = "/"  # a search with any character, and is no part of it


class Search(Input, inherit_bindings=False):
    """Takes what is typed; keys that scroll, turn the page and leave are the dialog's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("backspace", "delete_left", "Back"),
        ("ctrl+u", "delete_left_all", "Empty"),
        ("ctrl+w", "delete_left_word", "Word back"),
    ]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is typed here."""
        scrolls = {each for name in ALSO for each in beside(name).split()}
        at_first = not self.value and (key in NOT_AT_FIRST or character in scrolls)
        return key not in NEVER_TYPED and not at_first and super().check_consume_key(key, character)

    def _on_key(self, event: Key) -> None:  # type: ignore[override]  # Textual calls that of the base as well
        if self.check_consume_key(event.key, event.character):
            return
        event.prevent_default()  # the dialog hears it
        if event.key in NOT_AT_FIRST:  # at once: by then a letter that came with it would stand in the search
            event.stop()
            self.screen.dismiss()


class HelpScreen(Dialog[None]):
    """advice: what the coach says at that moment. page: the one that is open first; pane: whose words come first."""

    AUTO_FOCUS = "#help-search"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,question_mark,f1,enter", "dismiss", "Close"),
        ("tab,shift+tab", "turn", "Other page"),
        *((key, f"scroll('{how}')", "Scroll") for key, how in (
            ("up", "up"), ("down", "down"), ("pageup", "page_up"), ("pagedown", "page_down"), ("home", "home"),
            ("end", "end"),
        )),
    ]  # fmt: skip
    DEFAULT_CSS = """
    HelpScreen {
        #help { height: 90%; }
        #help-head { height: 1; }
        #help-pages { width: 16; }
        #help-search { width: 1fr; background: $foreground 8%; }
        #help-body { height: 1fr; margin-top: 1; scrollbar-size-vertical: 1; }
        &.-flat #help { width: 100%; height: 100%; }
        &.-flat #help-body { margin-top: 0; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (16, "-low")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, advice: Advice | None = None, page: Page = "keys", pane: str = "") -> None:
        super().__init__()
        self._advice, self._page, self._pane = advice, page, pane
        self._written: tuple[str, str, bool] | None = None  # the page that is shown, what is searched, names above

    def compose(self) -> ComposeResult:
        """The two pages by their names and what is searched for; below them one of the pages."""
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Help"
            dialog.border_subtitle = "tab: the other page, escape closes"
            with Horizontal(id="help-head"):
                pages = ChoiceField(PAGES, self._page)
                pages.id, pages.can_focus = "help-pages", False
                yield pages
                yield Search(placeholder="type to search", compact=True, id="help-search")
            with VerticalScroll(id="help-body", can_focus=False):
                yield Static(id="help-text")

    def on_mount(self) -> None:
        """Show the page that was asked for."""
        self._write()

    @on(ChoiceField.Changed)
    @on(Input.Changed)
    def _write(self) -> None:
        searched = self.query_one(Search).value.strip().removeprefix(BEGINS)
        page = self.query_one("#help-pages", ChoiceField).value
        width = self.query_one("#help-body").size.width or self.app.size.width
        asked = (page, searched, width < NARROW)
        if asked == self._written:
            return
        self._written = asked
        if page == "keys":
            self.query_one("#help-text", Static).update(keys_page(width, searched, self._advice))
        else:
            self.query_one("#help-text", Static).update(words_page(width, searched, self._pane))
        self.query_one("#help-body").scroll_home(animate=False)

    def on_resize(self) -> None:
        """Set names above what they mean where there is no room beside it."""
        self.call_after_refresh(self._write)

    def action_turn(self) -> None:
        """Show the other page."""
        self.query_one("#help-pages", ChoiceField).action_move(1)

    def action_scroll(self, how: str) -> None:
        """Scroll the page."""
        getattr(self.query_one("#help-body"), f"scroll_{how}")(animate=False)
