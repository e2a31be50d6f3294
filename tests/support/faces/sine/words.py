"""Its words."""

LOSS = "for waves the squared error"
WORDS = (("period", "How long a wave is."),)
