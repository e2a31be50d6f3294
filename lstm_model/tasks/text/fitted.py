"""What follows from the size of a text and from how often a run will read it: docs/recipe.md has the trials."""

from typing import Any

from lstm_model.settings.task_kinds import Amount

# Up to so many passes, so much dropout: what is read once cannot be learnt by heart, what is read twenty times is.
DROPOUT = ((3.0, 0.0), (7.0, 0.1), (14.0, 0.3))
MOST = 0.5


def fitted(amount: Amount) -> dict[str, Any]:
    """The dropout for so many passes."""
    return {"dropout": next((share for passes, share in DROPOUT if amount.passes <= passes), MOST)}
