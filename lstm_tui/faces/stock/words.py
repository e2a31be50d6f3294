"""What the words of the task stock mean, for the help."""

from lstm_tui.glossary.word import Word

LOSS = "for prices the squared error in scaled units"
PLACES = {"prices": "prices and their errors"}  # what the panes are called

_PANES = ("prices",)

WORDS: tuple[Word, ...] = (
    Word("no change", "The persistence forecast: tomorrow's close is today's. A model that does not beat it has no"
         " skill, however close its curve follows the price.", ("prices", "loss"), ("same", "persistence")),
    Word("RMSE", "Root of the mean squared error, in the unit of the prices. Large errors count more.", _PANES),
    Word("MAE", "Mean of the errors without their signs, in the unit of the prices.", _PANES),
    Word("MAPE %", "Mean of the errors as a share of the price.", _PANES, ("mape",)),
    Word("direction", "How often it said rightly whether the price rises or falls. always up, or down, is what one gets"
         " who always says so.", _PANES, ("always up", "always down")),
    Word("skill", "1 - squared error / that of no change: above 0 it is better than no change, below 0 worse.", _PANES),
    Word("verdict", "Whether the errors are smaller than those of no change by more than chance makes them, in a word;"
         " where there is room, a sentence says it.", _PANES, ("skill found", "no skill", "not proven")),
    Word("next day", "The forecast for the first day after the data, after the last price that is known.", _PANES,
         ("next *",)),
    Word("errors", "The lower chart: predicted minus true, day by day. A cloud around 0 without a pattern is the best"
         " there is.", _PANES, ("predicted", "true", "prediction", "errors*")),
    Word("scaled units", "Values less their mean in the training part, divided by how much they spread there.",
         ("prices", "loss"), ("squared error*",)),
)  # fmt: skip
