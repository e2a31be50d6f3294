"""How much of the disk folders take."""

import os
from collections.abc import Iterable
from pathlib import Path


def disk_use(folders: Iterable[Path]) -> int:
    """Bytes of all files in some folders and below; one with several names counts once.

    What cannot be read is left out. Links to elsewhere are not followed.
    """
    seen: set[tuple[int, int]] = set()
    total, waiting = 0, [os.fspath(folder) for folder in folders]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                        continue
                    status = entry.stat(follow_symlinks=False)
                    if (status.st_dev, status.st_ino) not in seen:
                        seen.add((status.st_dev, status.st_ino))
                        total += status.st_size
        except OSError:
            continue
    return total
