"""How much memory a process may still take: of the machine, and of the limits that somebody has set."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]

STATM = Path("/proc/self/statm")  # of Linux: sizes in pages, first that of the address space
CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")
UNLIMITED = 1 << 60  # bytes: a limit of no consequence


def machine_memory() -> int | None:
    """Bytes of memory this machine has, where that can be known."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def memory_left() -> int | None:
    """Bytes that limits leave to this process; None where there is no limit.

    Of `ulimit -v` what the address space has not taken yet; of each cgroup around the process what its processes and
    files in use have not.
    """
    found = [room for room in (_address_space(), *_cgroups()) if room is not None]
    return max(0, min(found)) if found else None


def too_little(needed: int) -> str:
    """What is needed, and what there is, in words, if so many bytes cannot be had; "" if they can."""
    there, left = machine_memory(), memory_left()
    if there is not None and needed > there:
        return f"{_size(needed)} of memory; there are {_size(there)}"
    if left is not None and needed > left:
        return f"{_size(needed)} of memory; a limit leaves {_size(left)} (ulimit -v, or a cgroup)"
    return ""


def _size(bytes_: int) -> str:
    if bytes_ >= 10e9:
        return f"{bytes_ / 1e9:,.0f} GB"
    return f"{bytes_ / 1e6:,.0f} MB" if bytes_ >= 100e6 else f"{bytes_ / 1e6:.3g} MB"


def _address_space() -> int | None:
    if resource is None:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or limit > UNLIMITED:
        return None
    try:
        taken = int(STATM.read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        taken = 0
    return limit - taken


def _cgroups() -> Iterator[int | None]:
    for folder, limit, used in _folders():
        most = _number(folder / limit)
        if most is not None and most < UNLIMITED:
            free = _stat(folder, "inactive_file", "total_inactive_file")  # files that can be forgotten
            yield most - max(0, (_number(folder / used) or 0) - free)


def _folders() -> Iterator[tuple[Path, str, str]]:
    """The cgroups around this process that may limit memory, in both versions, with the names of limit and use."""
    try:
        lines = OWN_CGROUP.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers == "":
            root, names = CGROUPS, ("memory.max", "memory.current")
        elif "memory" in controllers.split(","):
            root, names = CGROUPS / "memory", ("memory.limit_in_bytes", "memory.usage_in_bytes")
        else:
            continue
        place = root / path.lstrip("/")  # in a container it may not be there: then the root is its own
        for folder in (place, *place.parents):
            if folder != root and root not in folder.parents:
                break
            yield folder, *names


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # "max" is no limit
        return None


def _stat(folder: Path, *names: str) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(" ")
            if name in names:
                return int(value)
    return 0
