"""The panes of the task stock."""

from lstm_tui.faces.stock.prices import PricesPane

PANES = (PricesPane,)
