"""What the words of the task text mean, for the help."""

from lstm_tui.glossary.word import Word

LOSS = "for text the natural logarithm of 1 / probability it gave the character that came (nats)"
PLACES = {  # what the panes are called
    "samples": "samples",
    "surprise": "surprise, on held-out text",
    "watched": "surprise, while it trains",
    "baselines": "losses, beside counting",
}

_BASELINES = ("baselines", "loss")

WORDS: tuple[Word, ...] = (
    Word("sample", "What the model writes: it draws a character by its probabilities, reads it, and draws the next.",
         ("samples",), ("samples", "newest of *")),
    Word("temperature", "Divides the logits when a sample is drawn: below 1 safer, above 1 bolder, 0 always the"
         " likeliest character. [ and ] change it.", ("samples", "figures")),
    Word("prompt", "What the model reads before it writes; i edits it.", ("samples",)),
    Word("own surprise", "How surprised the model was by what it drew itself, on average. It says how bold the"
         " sample is, and not how good: it is no loss on data.", ("samples",), ("loss of a sample", "own surprise *")),
    Word("bits per char", "The loss in bits: nats / ln 2. A compressor of this kind would need so many bits for a"
         " character.", ("figures", "baselines"), ("nats per char", "bits per character", "nats per character")),
    Word("uniform", "A guess that holds all characters equally likely. It costs log2 of their number.", _BASELINES),
    Word("unigram counts", "A guess that knows only how often each character comes.", _BASELINES, ("unigram",)),
    Word("n-gram counts", "What one knows from the n - 1 characters before, counted in the training part, Kneser-Ney"
         " smoothed. 4-gram counts look at 3 characters.", _BASELINES, ("*-gram counts", "*-gram")),
    Word("this model", "The loss of the model over the whole validation part, once that was measured.", ("baselines",),
         ("model a", "model b", "model")),
    Word("passage, learning", "The mean over the passage, read without learning and with it: the model then learns from"
         " each piece once it has predicted it. a changes it.", ("baselines", "surprise", "watched"),
         ("passage*", "learning*", "still")),
    Word("surprise", "log2 of 1 / probability that the model gave to a character: 0 bits is certain, 1 is a coin, 8 is"
         " one in 256.", ("surprise", "watched"), ("bits", "mean", "<1", "1-2", "2-4", "4-8", ">8")),
    Word("expected", "What it held likeliest in the place of the character under the cursor.",
         ("surprise", "watched")),
)  # fmt: skip
