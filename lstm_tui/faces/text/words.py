"""What the words of the task text mean, for the help."""

LOSS = "for text the natural logarithm of 1 / probability it gave the character that came (nats)"
WORDS = (
    ("bits per char", "The loss in bits: nats / ln 2. Guessing among all characters alike would cost log2 of their"
                      " number."),
    ("temperature", "Divides the logits when a sample is drawn: below 1 safer, above 1 bolder, 0 always the likeliest"
                    " character."),
)  # fmt: skip
