"""Two models of text, character by character."""

from lstm_model.network.losses import bits
from lstm_model.tasks.comparison import Comparison, Side


def compare_losses(a: float, b: float) -> Comparison:
    """Compare losses over the same characters, nats per character.

    No test is made: neighbouring characters hang together, so that n of them are not n independent trials.
    """
    if a == b:
        return Comparison(None, None, f"Neither is better: both need {bits(a):.4f} bits per character.")
    better: Side = "a" if a < b else "b"
    low, high = sorted((bits(a), bits(b)))
    compared = f"{low:.4f} bits per character against {high:.4f}, {high - low:.4f} fewer"
    return Comparison(better, None, f"{better.upper()} is better: {compared}.")
