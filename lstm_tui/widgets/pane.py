"""A framed part of the screen that can have the focus and be maximised."""

from textual.containers import Vertical
from textual.content import Content


class Pane(Vertical, can_focus=True):
    """A box with a title; tab moves between panes, z gives the focused one the whole screen."""

    DEFAULT_CSS = """
    Pane {
        border: round $foreground 50%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        &:focus, &:focus-within { border: round $accent; border-title-color: $text; }
    }
    """

    ALLOW_MAXIMIZE = True

    _entitled = "", ""

    def entitle(self, title: str, subtitle: str = "") -> None:
        """Write plain text on the frame. Textual repaints a pane when these are set, even to what they were."""
        if (title, subtitle) != self._entitled:
            self._entitled = title, subtitle
            self.border_title = Content(title)  # a plain string would be markup
            self.border_subtitle = Content(subtitle)
