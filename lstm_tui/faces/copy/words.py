"""What the words of the copy task mean, for the help."""

LOSS = "for the copy task the logarithm (nats) at each step of a sequence, blank ones among them"
WORDS = (
    ("recall", "Share of the symbols that the model repeats rightly after the gap. Guessing gets one in as many as"
               " there are different symbols."),
    ("without memory", "The loss of a model that knows when to speak, and guesses what. Only what is kept over the gap,"
                       " in the cell state, gets below it."),
)  # fmt: skip
