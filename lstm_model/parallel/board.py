"""Arrays that several processes see: fields one after the other in a block of memory without a name.

The block is a file that has no path, so nothing is left behind however its processes end. Whoever inherits its
descriptor and knows the fields maps the same bytes.
"""

import mmap
import os
import tempfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

ALIGNED = 64  # bytes: a cache line, and the widest vector
Fields = Mapping[str, tuple[tuple[int, ...], str]]  # name -> shape, dtype


class Board:
    """The fields by name, zero at first. `descriptor` is what another process must inherit to see them."""

    def __init__(self, fields: Fields, descriptor: int | None = None) -> None:
        starts, size = {}, 0
        for name, (shape, dtype) in fields.items():
            starts[name] = size
            size += -(-int(np.prod(shape)) * np.dtype(dtype).itemsize // ALIGNED) * ALIGNED
        self.descriptor = _nameless_file(size) if descriptor is None else descriptor
        memory = mmap.mmap(self.descriptor, size)
        self._arrays: dict[str, NDArray[Any]] = {
            name: np.frombuffer(memory, dtype, int(np.prod(shape)), starts[name]).reshape(shape)
            for name, (shape, dtype) in fields.items()
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self._arrays[name]

    def close_descriptor(self) -> None:
        """Let go of the descriptor; the arrays stay for as long as somebody holds one."""
        os.close(self.descriptor)


def _nameless_file(size: int) -> int:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("lstm-tui")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, size)
    return descriptor
