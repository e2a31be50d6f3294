"""What the words of the task stock mean, for the help."""

LOSS = "for prices the squared error in scaled units"
WORDS = (
    ("no change", "The persistence forecast: tomorrow's close is today's. A model that does not beat it has no skill,"
                  " however close its curve follows the price."),
)  # fmt: skip
