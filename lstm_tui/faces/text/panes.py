"""The panes of the task text, in the order in which tab goes through them."""

from lstm_tui.faces.text.baselines import BaselinesPane
from lstm_tui.faces.text.samples.pane import SamplesPane
from lstm_tui.faces.text.surprise.pane import SurprisePane
from lstm_tui.faces.text.surprise.watched import WatchedSurprisePane

PANES = (SurprisePane, BaselinesPane, SamplesPane, WatchedSurprisePane)
