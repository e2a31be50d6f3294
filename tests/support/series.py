"""Made-up series of prices, and the reading of a file that is written for a test."""

from pathlib import Path

import numpy as np

from lstm_model.tasks.stock.series.prices import Prices, read_prices


def reading(folder: Path, content: str | bytes, features: list[str] | tuple[str, ...] = ()) -> Prices:
    (folder / "prices.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_prices(folder / "prices.csv", features=features)


def random_prices(days: int, seed: int = 0) -> Prices:
    rng = np.random.default_rng(seed)
    close = 20 * np.exp(np.cumsum(rng.normal(0, 0.02, days)))
    columns = {name: close * np.exp(rng.normal(0, 0.01, days)) for name in ("Open", "High", "Low")}
    columns["Volume"] = rng.integers(0, 10**8, days).astype(float)
    return Prices(np.datetime64("2024-01-01") + np.arange(days), close, columns, "Close", ())
