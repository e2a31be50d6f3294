"""What a disk may hold after a power cut, given what a program did to files before it.

A model of file systems that is as strict as POSIX allows (Pillai et al., "All File Systems Are Not Created Equal",
OSDI 2014): what was not flushed may be there or not, each thing for itself and so in another order.

- Of the names in a folder that were made, changed or taken away since the folder was flushed, any are as they were.
- Of the bytes of a file since it was flushed, none are there, or a part, or its size is new and its bytes are zeros.
- A move from one folder to another may have left both names, never none of them.
- Flushing a file says nothing of its name, flushing a folder nothing of the contents of its files.

One change of a name is whole or not at all, and changes of the same name keep their order.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from support.recording import ROOT, Claimed, File, Flush, FlushNames, Move, Operation, Rename, Truncate, Write

FEW = 5  # changes of names of which all subsets are tried
SOME = 40  # subsets tried of more


@dataclass
class Contents:
    """A file: what is on the disk for sure, and what was done since."""

    flushed: bytes = b""
    since: list[Write | Truncate] = field(default_factory=list)

    def variants(self) -> dict[str, bytes]:
        """What may be on the disk, by how it came to be."""
        found = {"all": whole(self.flushed, self.since)}
        if self.since:
            found["none"] = self.flushed
            found["half"] = half(self.flushed, self.since)
            found["zeros"] = whole(self.flushed, [zeros(change) for change in self.since])
        return found


def whole(data: bytes, changes: Sequence[Write | Truncate]) -> bytes:
    """Contents after all changes."""
    for change in changes:
        if isinstance(change, Truncate):
            data = data[: change.size].ljust(change.size, b"\0")
        else:
            data = data.ljust(change.offset, b"\0")
            data = data[: change.offset] + change.data + data[change.offset + len(change.data) :]
    return data


def half(data: bytes, changes: Sequence[Write | Truncate]) -> bytes:
    """Contents after the first half of the changes, and of the bytes of the next one."""
    middle = changes[len(changes) // 2]
    data = whole(data, changes[: len(changes) // 2])
    if isinstance(middle, Write):
        return whole(data, [Write(middle.file, middle.offset, middle.data[: len(middle.data) // 2])])
    return data


def zeros(change: Write | Truncate) -> Write | Truncate:
    """A write of which only the size came to the disk."""
    return change if isinstance(change, Truncate) else Write(change.file, change.offset, bytes(len(change.data)))


@dataclass(frozen=True)
class State:
    """What a disk may hold: contents by path, and the paths of folders."""

    files: dict[str, bytes]
    folders: frozenset[str]
    how: str  # which things were lost, for a person who looks into it

    def lay_out(self, root: str, at: Path) -> None:
        """Make real files of what lay below `root`."""
        for folder in sorted(self.folders):
            (at / os.path.relpath(folder, root)).mkdir(parents=True, exist_ok=True)
        for path, data in self.files.items():
            (at / os.path.relpath(path, root)).write_bytes(data)


class Disk:
    """Follows operations, and tells at each moment what a power cut could leave."""

    def __init__(self, root: Path, seed: int = 0) -> None:
        self.root = os.path.realpath(root)
        self.names: dict[File, dict[str, File]] = {}  # by folder: names that are on the disk for sure
        self.changed: dict[File, list[Rename]] = {}  # by folder: since it was flushed
        self.needs: dict[int, Rename] = {}  # by the end of an old name in a move: the new name that comes before it
        self.contents: dict[File, Contents] = {}
        self.folders: set[File] = set()
        self.claims: dict[str, int] = {}
        self.dice = random.Random(seed)

    def do(self, operation: Operation) -> None:
        """Follow one operation."""
        match operation:
            case Rename(folder=folder, file=file):
                self.changed.setdefault(folder, []).append(operation)
                if operation.is_folder and file is not None:
                    self.folders.add(file)
                elif file is not None:
                    self.contents.setdefault(file, Contents())
            case Move(file=file, folder=folder, old=old, to=to, new=new, is_folder=is_folder):
                there, gone = Rename(to, new, file, None, is_folder), Rename(folder, old, None)
                self.changed.setdefault(to, []).append(there)
                self.changed.setdefault(folder, []).append(gone)
                self.needs[id(gone)] = there
            case Write(file=file) | Truncate(file=file):
                self.contents[file].since.append(operation)
            case Flush(file=file):
                contents = self.contents[file]
                contents.flushed, contents.since = whole(contents.flushed, contents.since), []
            case FlushNames(folder=folder):
                self._flush_names(folder)
            case Claimed(what=what, step=step):
                self.claims[what] = step

    def _flush_names(self, folder: File) -> None:
        changes = self.changed.pop(folder, [])
        for need in [self.needs[id(change)] for change in changes if id(change) in self.needs]:
            waiting = self.changed.get(need.folder, [])
            if any(each is need for each in waiting):  # with all that was done to the names there before
                self._flush_names(need.folder)
        self.names[folder] = renamed(self.names.get(folder, {}), changes)

    def _can_be(self, pending: Sequence[tuple[File, Rename]], kept: tuple[int, ...]) -> bool:
        """Whether no move has lost both of its names."""
        chosen, waiting = {id(pending[k][1]) for k in kept}, {id(change) for _, change in pending}
        needed = [self.needs[each] for each in chosen if each in self.needs]
        return all(id(need) in chosen or id(need) not in waiting for need in needed)

    def states(self) -> Iterator[State]:
        """What there may be after a cut at this moment."""
        pending = [(folder, change) for folder, changes in self.changed.items() for change in changes]
        for kept in self._subsets(len(pending)):
            if not self._can_be(pending, kept):
                continue
            names = {folder: dict(there) for folder, there in self.names.items()}
            for k in kept:
                folder, change = pending[k]
                names[folder] = renamed(names.get(folder, {}), [change])
            lost = [f"{c.old or ''} -> {c.new}" for k, (_, c) in enumerate(pending) if k not in kept]
            yield from self._with_contents(names, lost)

    def _subsets(self, n: int) -> Iterator[tuple[int, ...]]:
        everything = tuple(range(n))
        if n <= FEW:
            for size in range(n + 1):
                yield from combinations(everything, size)
            return
        tried = {everything[:k] for k in range(n + 1)}  # in order
        tried |= {everything[:k] + everything[k + 1 :] for k in everything}  # one lost
        while len(tried) < max(SOME, 2 * n + 2):
            tried.add(tuple(k for k in everything if self.dice.random() < 0.5))
        yield from sorted(tried)

    def _with_contents(self, names: dict[File, dict[str, File]], lost: list[str]) -> Iterator[State]:
        paths: dict[str, File] = {}
        folders = {self.root}
        waiting = [(self.root, ROOT)]
        while waiting:
            folder, number = waiting.pop()
            for name, file in names.get(number, {}).items():
                path = os.path.join(folder, name)  # noqa: PTH118
                if file in self.folders:
                    folders.add(path)
                    waiting.append((path, file))
                else:
                    paths[path] = file
        variants = {file: self.contents[file].variants() for file in set(paths.values())}
        ways = ["all", *dict.fromkeys(way for found in variants.values() for way in found if way != "all")]
        torn = [file for file, found in variants.items() if len(found) > 1]
        chosen = [dict.fromkeys(variants, way) for way in ways]
        if len(torn) > 1:  # one lost, the others there
            chosen += [{file: way} for file in torn for way in variants[file] if way != "all"]
        for choice in chosen:
            data = {file: found.get(choice.get(file, "all"), found["all"]) for file, found in variants.items()}
            how = f"lost names: {lost}; contents: {sorted(set(choice.values()))}"
            yield State({path: data[file] for path, file in paths.items()}, frozenset(folders), how)


def renamed(names: dict[str, File], changes: Sequence[Rename]) -> dict[str, File]:
    """The names in a folder after some changes."""
    names = dict(names)
    for change in changes:
        if change.old is not None:
            names.pop(change.old, None)
        if change.file is None:
            names.pop(change.new, None)
        else:
            names[change.new] = change.file
    return names
