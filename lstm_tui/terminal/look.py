"""An app with our looks: the one that was chosen and is kept, and that for a projector in its place for a while."""

from textual.app import App
from textual.theme import Theme

from lstm_tui.terminal.preferences import prefer, preference
from lstm_tui.terminal.themes import DARK, LIGHT, OF_PROJECTOR, THEMES


class LookingApp(App[int]):
    """Knows which look is on. big: begin with that for a projector."""

    _before_big: str | None = None  # the look that the projector's is in the place of

    def begin_look(self, *, big: bool) -> None:
        """The look that was kept, or our dark one."""
        for theme in THEMES:
            self.register_theme(theme)
        chosen = preference("theme")
        self.theme = chosen if chosen in self.available_themes else DARK.name
        if big:
            self.toggle_big()

    def keep_looks(self) -> None:
        """From now on remember a look that is chosen for the next start, but for that of a projector."""
        own = {theme.name for theme in OF_PROJECTOR.values()}

        def keep(theme: Theme) -> None:
            if theme.name not in own:
                prefer("theme", theme.name)

        self.theme_changed_signal.subscribe(self, keep)

    @property
    def is_big(self) -> bool:
        """Whether the look is the one for a projector."""
        return self._before_big is not None

    def toggle_big(self) -> None:
        """The look for a projector; or the one before it, or ours of the other kind where that was chosen meanwhile."""
        before, is_dark = self._before_big, self.current_theme.dark
        self._before_big = self.theme if before is None else None
        if before is None:
            self.theme = OF_PROJECTOR[is_dark].name
        else:
            fits = self.available_themes[before].dark == is_dark
            self.theme = before if fits else (DARK if is_dark else LIGHT).name

    def choose_look(self, *, dark: bool) -> None:
        """Our dark look, or our light one; with the contrast for a projector where that is on."""
        self.theme = (OF_PROJECTOR[dark] if self.is_big else DARK if dark else LIGHT).name
