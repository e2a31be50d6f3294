"""What the words of the copy task mean, for the help."""

from lstm_tui.glossary.word import Word

LOSS = "for the copy task the logarithm (nats) at each step of a sequence, blank ones among them"
PLACES = {"tried": "one sequence", "gaps": "recall at longer gaps"}  # what the panes are called

WORDS: tuple[Word, ...] = (
    Word("recall", "Share of the symbols that the model repeats rightly after the gap. Guessing gets one in as many as"
         " there are different symbols.", ("tried", "figures", "gaps"), ("right", "guessing")),
    Word("without memory", "The loss of a model that knows when to speak, and guesses what. Only what is kept over the"
         " gap, in the cell state, gets below it.", ("tried", "loss")),
    Word("gap", "Steps between the last symbol and the ! that asks for them; trained says which gap it learnt.",
         ("tried", "gaps"), ("trained",)),
    Word("came in, model says", "What it reads at each step, what is right to say, and what it says; below it a mark"
         " for what is right or wrong.", ("tried",), ("came in", "to be said", "model says")),
    Word("nats per symbol", "The loss at the steps where symbols are asked for, alone.", ("gaps",)),
)  # fmt: skip
