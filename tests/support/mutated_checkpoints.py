"""Real checkpoints with something changed, put through every door.

Four ways to change a file: its bytes; an entry of its record; an entry of its head; the numbers of its tensors. The
last three have no checksum, so that nothing but the checks themselves stands between them and the program.
"""

import json
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from support.hostile_files import Limits, answered, contents, joined, parted, put, spoken, without_checksum

Draw = Callable[[st.SearchStrategy[Any]], Any]

NUMBERS = [0, -1, 1, 2, 7, 255, 256, 2**31, 2**53, 2**63, 10**30, 10**300, -(10**9), 0.5, -0.0, 1e-320, 1e308,
           float("nan"), float("inf"), float("-inf")]  # fmt: skip
TEXTS = ["", "x", "text", "stock", "sgd", "\0", "\x1b[31m\n[red]", "\ud800", "a" * 5000, "/dev/zero", "/", "null", "é"]
OTHERS: list[Any] = [None, True, False, [], {}, [[]], [1, 2], {"a": 1}, [["saved", 1]], [[1, "saved"]]]
VALUES = st.sampled_from([*NUMBERS, *TEXTS, *OTHERS]) | st.integers(-9, 9) | st.floats() | st.text(max_size=9)


# Ways to change a file


def other_bytes(data: bytes, draw: Draw) -> bytes:
    """Some bytes changed, cut out, doubled or put in; mostly in the head, where a byte means most."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        head = min(len(changed), 8 + struct.unpack("<Q", data[:8])[0])
        at = draw(st.integers(0, max(0, (head if draw(st.integers(0, 2)) else len(changed)) - 1)))
        length = draw(st.sampled_from([1, 1, 1, 2, 8, 100]))
        match draw(st.sampled_from(["flip", "flip", "flip", "set", "cut", "double", "zero", "end"])):
            case "flip" if changed:
                changed[min(at, len(changed) - 1)] ^= 1 << draw(st.integers(0, 7))
            case "set" if changed:
                changed[min(at, len(changed) - 1)] = draw(st.sampled_from(b'\x00\xff\n"\\{}[],:0919-eE\x80'))
            case "cut":
                del changed[at : at + length]
            case "double":
                changed[at:at] = changed[at : at + length]
            case "zero":
                changed[at : at + length] = bytes(len(changed[at : at + length]))
            case "end":
                del changed[at:]
    return bytes(changed)


def older_other_bytes(data: bytes, draw: Draw) -> bytes:
    """The same to a file without a checksum."""
    head, body = parted(data)
    del head["__metadata__"]["checksum"]
    return other_bytes(joined(head, body), draw)


def places(value: Any, path: tuple[str, ...] = ()) -> list[str]:
    found = [".".join(path)] if path else []
    if isinstance(value, dict):
        found += [place for key, entry in value.items() for place in places(entry, (*path, key))]
    return found


def other_record(data: bytes, draw: Draw, file: Path) -> bytes:
    """One or two entries of the record replaced or left out, or a piece of its text."""
    metadata, record, tensors = contents(file)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(places(record)))
        record = put(record, place, ... if draw(st.integers(0, 6)) == 0 else draw(VALUES))
        if not places(record):
            break
    text = json.dumps(record)
    if draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(["[" * 5000, "9" * 5000, '{"a":', "\\u", ",", ""])) + text[at + 1 :]
    return without_checksum(metadata, text, tensors)


def other_head(data: bytes, draw: Draw) -> bytes:
    """A name, type, shape or place of a tensor changed, as a writer that means harm would."""
    head, body = parted(data)
    head["__metadata__"].pop("checksum")
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(head)))
        match draw(st.sampled_from(["gone", "named", "value", "value", "value"])):
            case "gone":
                del head[name]
            case "named":
                head[draw(st.sampled_from([*sorted(head), *TEXTS]))] = head.pop(name)
            case "value" if isinstance(head[name], dict) and head[name]:
                head[name] = dict(head[name])
                part = draw(st.sampled_from(sorted(head[name])))
                types = st.sampled_from(["F64", "F16", "BF16", "F8_E4M3", "F4", "I32", "BOOL", "C64", "F128"])
                whole = st.sampled_from([0, 1, 2, 8, 32, -1, 2**31, 2**62, 2**63, 2**64])
                head[name][part] = draw(types | st.lists(whole, max_size=4) | VALUES)
        if not head:
            break
    return joined(json.dumps(head).encode(), body)


def other_tensors(data: bytes, draw: Draw, file: Path) -> bytes:
    """Numbers, shape or type of a tensor changed, or the tensor left out."""
    metadata, record, tensors = contents(file)
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(tensors)))
        tensor = tensors[name].copy()
        match draw(st.sampled_from(["gone", "number", "number", "number", "type", "shape", "all"])):
            case "gone":
                del tensors[name]
            case "number" if tensor.size and tensor.dtype.kind == "f":
                with np.errstate(over="ignore"):
                    numbers = [np.nan, np.inf, 3e38, -3e38, 1e37, -1e30, 1e20, -1.0, 0.0, 1e-45]
                    tensor.reshape(-1)[draw(st.integers(0, tensor.size - 1))] = draw(st.sampled_from(numbers))
                tensors[name] = tensor
            case "type":
                kind = draw(st.sampled_from([np.float64, np.float16, np.int8, np.bool_, np.int64, np.complex64]))
                with np.errstate(all="ignore"):
                    tensors[name] = np.asarray(np.nan_to_num(tensor.real).astype(kind))
            case "shape":
                shape = draw(st.sampled_from([(), (0,), (1,), (3, 3), (0, 5), (7, 1), (7, 2048), (7, 2050)]))
                tensors[name] = np.zeros(shape, tensor.dtype)
            case "all":
                tensors[name] = np.full(tensor.shape, draw(st.sampled_from([0, 1, -1, 1e10, -1e30, 1e38])), np.float32)
        if not tensors:
            break
    return without_checksum(metadata, record, tensors)


WAYS = (other_bytes, older_other_bytes, other_head, other_record, other_tensors)


def changed(way: Callable[..., bytes], draw: Draw, file: Path) -> bytes:
    data = file.read_bytes()
    return way(data, draw, file) if way in (other_record, other_tensors) else way(data, draw)


def put_through(data: bytes, path: Path, *, commands: bool, counts: Counter[str]) -> None:
    path.write_bytes(data)
    with Limits():
        lines = spoken(path)
    counts["files"] += 1
    counts["refused" if lines else "loaded"] += 1
    if commands:
        with Limits():
            answered(path)
        counts["commands"] += 1


def fuzz(
    way: Callable[..., bytes], file: Path, path: Path, count: int, chosen: int | None = None, every: int = 5
) -> Counter[str]:
    """Change a file so many times, put it at a path and through the doors; every so many times through commands too.

    chosen: a seed, by which the same files are made again; without one many files are others each time.
    """
    counts: Counter[str] = Counter()

    # The quick ones are the same every time, so that nobody's change is blamed for what another day would find.
    @settings(max_examples=count, deadline=None, database=None, derandomize=count < 100 and chosen is None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.data())
    def run(data: st.DataObject) -> None:
        put_through(changed(way, data.draw, file), path, commands=counts["files"] % every == 0, counts=counts)

    if chosen is not None:
        run = seed(chosen)(run)
    run()
    return counts
