"""The columns of a price file that may be read beside the price."""

from lstm_model.errors import InputError, quoted

FEATURES = ("Open", "High", "Low", "Volume")


def known_feature(name: str) -> str:
    """Return the name of FEATURES that is meant, whatever its case; raise InputError if there is none."""
    for known in FEATURES:
        if known.casefold() == name.strip().casefold():
            return known
    raise InputError(f"unknown price feature {quoted(name)}: choose from {', '.join(FEATURES)}", field="features")
