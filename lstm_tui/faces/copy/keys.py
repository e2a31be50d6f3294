"""The keys of the copy task: it has none of its own, but speaks of those that all tasks have."""

from lstm_tui.keys.key import Key

LOOK = "for the copy task, try a new sequence now"  # what g does
ON_CHARTS = ""  # what is to be said of the keys of charts

KEYS: tuple[Key, ...] = ()
PANE_KEYS: tuple[Key, ...] = ()  # of panes, while they have the focus
