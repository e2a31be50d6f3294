"""A framed part of the screen that can have the focus and be maximised."""

from textual.containers import Vertical
from textual.markup import escape


class Pane(Vertical, can_focus=True):
    """A box with a title; tab moves between panes, z gives the focused one the whole screen."""

    DEFAULT_CSS = """
    Pane {
        border: round $foreground 30%;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        &:focus, &:focus-within { border: round $accent; border-title-color: $text; }
    }
    """

    ALLOW_MAXIMIZE = True

    def entitle(self, title: str, subtitle: str = "") -> None:
        """Write plain text on the frame. Textual repaints a pane when these are set, even to what they were."""
        title, subtitle = escape(title), escape(subtitle)
        if self.border_title != title:
            self.border_title = title
        if self.border_subtitle != subtitle:
            self.border_subtitle = subtitle
