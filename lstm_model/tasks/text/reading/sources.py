"""Which files a text is made of, and in which order."""

import fnmatch
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_model.errors import InputError, shortened
from lstm_model.settings.config import Config
from lstm_model.tasks.data_files import readable_file, shipped
from lstm_model.tasks.text.kind import Order, TextSettings

MOST_FILES = 100_000
MOST_ENTRIES = 1_000_000  # of folders, whether they are taken or not


@dataclass(frozen=True)
class Source:
    """A file, and the name that its place in the order and its mentions follow from: within its folder, with /."""

    name: str
    path: Path


@dataclass(frozen=True)
class Texts:
    """Files and folders that are read as one text. include: patterns of names that are taken from folders; none: all.

    order: "mixed", by a hash of the names, so that each part of the text has some of every kind and the order is the
    same everywhere; or "name".
    """

    paths: tuple[Path, ...]
    include: tuple[str, ...] = ()
    order: Order = "mixed"

    @classmethod
    def of(cls, config: Config) -> "Texts":
        """Those that a run's settings name, or the one that ships."""
        own = TextSettings.of(config)
        named = (config.data, *config.more_data) if config.data else (shipped(config.task),)
        return cls(tuple(map(Path, named)), own.include, own.order)

    @property
    def single(self) -> Path | None:
        """The one file that all this is, which is then read as it stands; None for several, and for folders."""
        return self.paths[0] if len(self.paths) == 1 and not self.paths[0].is_dir() else None

    @property
    def name(self) -> str:
        """What the text is called in a line."""
        first = self.paths[0]
        name = f"{first.name}/" if first.is_dir() else first.name
        return name if len(self.paths) == 1 else f"{name} and {len(self.paths) - 1} more"

    @property
    def place(self) -> Path:
        """What errors name: a path, or the first of several."""
        return self.paths[0]


@dataclass(frozen=True)
class Found:
    """The files in their order; and of what was left out, how much of each kind."""

    files: tuple[Source, ...]
    left_out: Counter[str]


def find_files(texts: Texts) -> Found:
    """The files of a text. Hidden ones are left out, and links to folders are not followed: they may lead in a circle.

    InputError: a path that is not there, a folder without any file that fits, more than MOST_FILES files.
    """
    left_out: Counter[str] = Counter()
    files: list[Source] = []
    for path in texts.paths:
        before = len(files)
        if path.is_dir():
            files += _in_folder(path, texts.include, left_out)
        else:
            files.append(Source(readable_file(path, "text").name, path))
        if len(files) == before:
            raise InputError(_nothing_in(path, texts.include, left_out), field="data")
    return Found(tuple(_in_order(_once(files), texts.order)), left_out)


def _in_folder(folder: Path, include: Sequence[str], left_out: Counter[str]) -> list[Source]:
    found: list[Source] = []
    for name, path in _walk(folder, left_out):
        if include and not any(fnmatch.fnmatch(name, each) or fnmatch.fnmatch(path.name, each) for each in include):
            left_out["not asked for by `include`"] += 1
            continue
        found.append(Source(name, path))
        if len(found) > MOST_FILES:
            raise InputError(
                f"{folder} holds more than {MOST_FILES:,} files: name a smaller folder, or take some by `include`",
                field="data",
            )
    return found


def _walk(folder: Path, left_out: Counter[str]) -> Iterator[tuple[str, Path]]:
    """The plain files below a folder, by name within it."""
    waiting, seen = [("", folder)], 0
    while waiting:
        within, where = waiting.pop()
        try:
            entries = os.scandir(where)
        except OSError as error:
            if where == folder:
                raise InputError(f"cannot read {folder}: {error.strerror}", field="data") from None
            left_out["in folders that may not be read"] += 1
            continue
        with entries:
            for entry in entries:
                seen += 1
                if seen > MOST_ENTRIES:
                    raise InputError(f"{folder} holds more than {MOST_ENTRIES:,} entries: name a smaller folder",
                                     field="data")  # fmt: skip
                name = f"{within}{entry.name}"
                if why := _left_out(entry):
                    left_out[why] += 1
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{name}/", Path(entry.path)))
                else:
                    yield name, Path(entry.path)


def _left_out(entry: "os.DirEntry[str]") -> str:
    """Why an entry of a folder is no file to read; "" if it is one, or a folder to look into."""
    if entry.name.startswith("."):
        return "hidden"
    try:
        mode = entry.stat().st_mode
    except OSError:
        return "links that lead nowhere"
    if stat.S_ISDIR(mode):
        return "links to folders" if entry.is_symlink() else ""
    return "" if stat.S_ISREG(mode) else "pipes and devices"


def _once(files: Sequence[Source]) -> list[Source]:
    """Each file once, under its first name, also where a folder is named beside a file in it."""
    return list({os.path.realpath(each.path): each for each in reversed(files)}.values())


def _in_order(files: Sequence[Source], order: Order) -> list[Source]:
    if order == "name":
        return sorted(files, key=lambda each: (each.name, each.path))
    return sorted(files, key=lambda each: (hashlib.sha256(os.fsencode(each.name)).digest(), each.path))


def _nothing_in(folder: Path, include: Sequence[str], left_out: Counter[str]) -> str:
    asked = f" that fits {shortened(', '.join(include))}" if include else ""
    others = f" (left out: {', '.join(f'{why} {count:,}' for why, count in left_out.items())})" if left_out else ""
    return f"{folder} is a directory without a file{asked}{others}: name one that has texts, or a file"
