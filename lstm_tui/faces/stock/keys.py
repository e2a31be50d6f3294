"""The keys of the task stock: it has none of its own, but speaks of those that all tasks have."""

from lstm_tui.keys.key import Key

LOOK = "for prices, predict all days now"  # what g does
ON_CHARTS = "on prices, days are its steps"  # what is to be said of the keys of charts

KEYS: tuple[Key, ...] = ()
PANE_KEYS: tuple[Key, ...] = ()  # of panes, while they have the focus
