"""Its keys."""

from lstm_tui.keys.key import Key

LOOK = "for waves, draw the next point now"
ON_CHARTS = ""
KEYS: tuple[Key, ...] = ()
PANE_KEYS: tuple[Key, ...] = ()
