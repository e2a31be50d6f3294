"""The columns of a file that may be read beside the price."""

from collections.abc import Iterable

FEATURES = ("Open", "High", "Low", "Volume")  # known by many names; any other column of numbers by its own


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """The names, each once whatever its case, those of FEATURES as they are written there."""
    known = {name.casefold(): name for name in FEATURES}
    found: dict[str, str] = {}
    for name in names:
        bare = name.strip()
        found.setdefault(bare.casefold(), known.get(bare.casefold(), bare))
    return tuple(found.values())
