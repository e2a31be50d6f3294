"""What general compressors need for a part of a text, once they have read the training part."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from lstm_model.progress import Tell, equal_stages, quiet

PIECE = 1 << 18  # bytes compressed at a time
LEAST_DICTIONARY, MOST_DICTIONARY = (
    4096,
    1 << 26,
)  # bytes of xz's: the least it allows, and what -9 takes


def compressed_bits(
    train: bytes, part: bytes, tell: Tell = quiet, names: Sequence[str] | None = None
) -> dict[str, int]:
    """Bits that gzip -9, bzip2 -9 and xz -9e need for `part` after `train`; those of them that this Python has.

    names: which of them, all unless told.

    That is size(train + part) - size(train). For gzip and bzip2 it is more than all of the training part could save:
    gzip looks back over 32 kB only, and bzip2 starts anew every 900 kB. All three go on learning while they read the
    part, and none was made for one kind of text: beside a model that stands still that is not quite the same game.
    """
    there = available() if names is None else names
    found = {}
    for name, stage in zip(there, equal_stages(tell, len(there)), strict=True):
        alone, both = (_MAKERS[name](_library(name), len(train) + len(part)) for _ in range(2))
        first, second = equal_stages(stage, 2)
        size = _size(alone, train, first)
        found[name] = 8 * max(0, _size(both, train + part, second) - size)
    return found


def available() -> list[str]:
    """Names of the compressors whose library this Python was built with; some lack one."""
    return [name for name in _MAKERS if _library(name) is not None]


def _library(name: str) -> Any:
    try:
        return import_module({"gzip": "zlib", "bzip2": "bz2", "xz": "lzma"}[name])
    except ImportError:
        return None


def _gzip(zlib: Any, _: int) -> Any:
    return zlib.compressobj(9, zlib.DEFLATED, 31)  # 31: a window of 32 kB, in the format of gzip


def _bzip2(bz2: Any, _: int) -> Any:
    return bz2.BZ2Compressor(9)


def _xz(lzma: Any, size: int) -> Any:
    # A dictionary larger than the text would cost memory and save nothing.
    chosen = {
        "id": lzma.FILTER_LZMA2,
        "preset": 9 | lzma.PRESET_EXTREME,
        "dict_size": min(max(size, LEAST_DICTIONARY), MOST_DICTIONARY),
    }
    return lzma.LZMACompressor(filters=[chosen])


_MAKERS: dict[str, Callable[[Any, int], Any]] = {"gzip": _gzip, "bzip2": _bzip2, "xz": _xz}


def _size(compressor: Any, data: bytes, tell: Tell) -> int:
    """Bytes of the compressed data, which are not kept."""
    size = 0
    for start in range(0, len(data), PIECE):
        size += len(compressor.compress(data[start : start + PIECE]))
        tell(min(1.0, (start + PIECE) / len(data)))
    return size + len(compressor.flush())
