"""The chart widget: shows a picture, and repaints only the rows that changed."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.dom import NoScreen
from textual.errors import NoWidget
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from lstm_tui.charts.picture import Picture, draw
from lstm_tui.charts.sheet import Row


class Plot(Widget):
    """A chart of the newest picture it was shown.

    A picture is drawn when it is new and the widget can be seen; otherwise at the moment it comes into view. Rows that
    came out as before are not repainted. Colours are component classes, `plot--` and the role: a theme can change
    them, and a role without a class is shown in the colour of the widget's text.
    """

    ALLOW_SELECT = False  # there is no text in a chart
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "plot--axis",  # frame, ticks, labels
        "plot--baseline",
        "plot--best",
        "plot--cursor",
        "plot--event",  # marks on the axis
        "plot--faint",  # a raw curve under its smoothed one
        "plot--ghost",  # the curve of another run
        "plot--mark",  # boundaries and other marked places
        *(f"plot--run-{letter}" for letter in "abcdef"),  # of several runs over each other
        "plot--test",
        "plot--train",
        "plot--truth",
        "plot--val",
    }
    DEFAULT_CSS = """
    Plot {
        width: 1fr;
        height: 1fr;
        .plot--axis, .plot--baseline, .plot--mark, .plot--ghost { color: $text-muted; }
        .plot--cursor, .plot--event { color: $accent; }
        .plot--faint { color: $text-disabled; }
        .plot--truth { color: $foreground; }
        .plot--train { color: $primary; }
        .plot--val { color: $warning; }
        .plot--test, .plot--best { color: $success; }
        &:light {
            .plot--val { color: $text-warning; }
            .plot--test, .plot--best { color: $text-success; }
        }
        .plot--best { text-style: bold; }
        .plot--run-a { color: $primary; }
        .plot--run-b { color: $warning; }
        .plot--run-c { color: $success; }
        .plot--run-d { color: $error; }
        .plot--run-e { color: $accent; }
        .plot--run-f { color: $foreground; }
        &:light .plot--run-b { color: $text-warning; }
        &:light .plot--run-c { color: $text-success; }
        &:nocolor {
            .plot--faint { text-style: dim; }
            .plot--train, .plot--val, .plot--test { color: $foreground; text-style: bold; }
        }
    }
    """

    def __init__(
        self,
        picture: Picture | None = None,
        *,
        ascii_only: bool = False,
        id: str | None = None,  # noqa: A002  the name every widget uses
    ) -> None:
        self._picture = picture if picture is not None else Picture()
        self._ascii_only = ascii_only
        self._thick = False
        self._stale = True  # the rows below are not of this picture
        self._rows: list[Row] = []
        self._rows_size = Size(0, 0)  # the size they were drawn for
        self._strips: list[Strip | None] = []  # the same rows in the colours of the theme, made when asked for
        self._styles_of_roles: dict[str | None, Style] = {}
        super().__init__(id=id)

    def show(self, picture: Picture) -> None:
        """Take a picture to show; the same object again changes nothing."""
        if picture is not self._picture:
            self._picture = picture
            self._changed()

    def thicken(self, thick: bool) -> None:
        """Draw lines of blocks, or of fine dots again."""
        if thick != self._thick:
            self._thick, self._stale = thick, True
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Give line `y` of the content, drawing first where the picture or the size has changed."""
        if self._stale or self._rows_size != self.size:
            self._draw()
        if y >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        strip = self._strips[y]
        if strip is None:
            segments = [Segment(text, self._style(role)) for text, role in self._rows[y]]
            strip = self._strips[y] = Strip(segments, self._rows_size.width)
        return strip

    def notify_style_update(self) -> None:
        """Forget the coloured lines: the theme or a class has changed. The rows themselves stay."""
        super().notify_style_update()
        self._styles_of_roles.clear()
        self._strips = [None] * len(self._rows)

    def _changed(self) -> None:
        """Draw now and repaint what differs; out of sight, only note that the lines on record are old."""
        if not self._stale and self._rows_size == self.size and self._in_sight():
            if regions := self._draw():
                self.refresh(*regions)
        elif not self._stale:
            self._stale = True
            self.refresh()  # whoever asks for a line next gets a new one

    def _in_sight(self) -> bool:
        """Whether any of the widget can be seen now."""
        try:
            screen = self.screen
            through = screen.is_current and self.app.screen.styles.background.a < 1  # below a dialog that lets it show
            return (screen.is_active or through) and screen.find_widget(self).visible_region.area > 0
        except (NoScreen, NoWidget):
            return False

    def _draw(self) -> list[Region]:
        """Draw the picture and return the rows of the content that differ from before, as regions."""
        width, height = self.size
        old_rows, old_strips = (self._rows, self._strips) if self._rows_size == self.size else ([], [])
        rows = draw(self._picture, width, height, self._ascii_only, thick=self._thick)
        strips: list[Strip | None] = [None] * len(rows)
        regions: list[Region] = []
        for y, (before, after, strip) in enumerate(zip(old_rows, rows, old_strips, strict=False)):
            if before == after:
                strips[y] = strip
            else:
                regions.append(Region(0, y, width, 1))
        self._rows, self._strips, self._rows_size, self._stale = rows, strips, self.size, False
        return regions

    def _style(self, role: str | None) -> Style:
        """Colours of a role on the widget's background."""
        style = self._styles_of_roles.get(role)
        if style is None:
            style = self.rich_style
            if role is not None:
                style = self.get_component_rich_style(f"plot--{role}", default=style)
            self._styles_of_roles[role] = style
        return style
