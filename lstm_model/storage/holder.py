"""Which process trains in a run folder, found without touching its lock.

To try the lock would hold it for a moment, and a process that begins to train just then would be turned away.
"""

from pathlib import Path

LOCK = ".lock"
LOCKS = Path("/proc/locks")  # of Linux: `1: FLOCK  ADVISORY  WRITE 1234 fd:01:5678 0 EOF`, device and inode last


def tells() -> bool:
    """Whether this system tells who holds a lock."""
    return LOCKS.is_file()


def holder_of(folder: Path) -> int | None:
    """The number of the process that holds the folder; None where there is none, or where the system does not tell."""
    try:
        inode = str((folder / LOCK).stat().st_ino)
        for line in LOCKS.read_text(encoding="ascii", errors="replace").splitlines():
            words = line.split()
            # Some file systems show another device number here than to stat, so the inode decides.
            if len(words) == 8 and words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
                return int(words[4])
    except (OSError, ValueError):
        pass
    return None


def is_stopped(process: int) -> bool:
    """Whether a process was stopped, as Ctrl+Z does it; False where that cannot be known."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["T"]  # a name in brackets may hold spaces
