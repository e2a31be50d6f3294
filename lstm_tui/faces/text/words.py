"""What the words of the task text mean, for the help."""

LOSS = "for text the natural logarithm of 1 / probability it gave the character that came (nats)"
WORDS = (
    ("bits per char", "The loss in bits: nats / ln 2. The uniform guess, all characters equally likely, costs log2 of"
                      " their number."),
    ("4-gram counts", "What one knows from the 3 characters before, counted in the training part, Kneser-Ney smoothed."
                      " Unigram counts know only how often each character comes."),
    ("temperature", "Divides the logits when a sample is drawn: below 1 safer, above 1 bolder, 0 always the likeliest"
                    " character."),
)  # fmt: skip
