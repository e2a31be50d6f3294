"""Which files a text was made of, each with its hash: kept in a checkpoint, so that a changed one can be named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from lstm_model.errors import shortened
from lstm_model.tasks.text.corpus import Corpus

KEY = "files"  # in a checkpoint's memory
MOST = 10_000  # files, and commas and brackets in their names: of these the record of a checkpoint may have so many
NAMED = 3  # files that a sentence names of each sort


@dataclass(frozen=True)
class KeptFiles:
    """The sha256 of each file by its name. No files: the text is a single one, or so many that none are kept."""

    hashes: Mapping[str, str]

    @classmethod
    def of(cls, corpus: Corpus) -> Self:
        """Those of a text. Of files with the same name in several folders the later ones are numbered."""
        hashes: dict[str, str] = {}
        for name, sha256 in zip(corpus.files, corpus.hashes, strict=True):
            free, number = name, 1
            while free in hashes:
                number += 1
                free = f"{name} ({number})"
            hashes[free] = sha256
        signs = sum("".join(hashes).count(sign) for sign in ",[{")
        return cls(hashes if len(hashes) + signs <= MOST else {})

    def memory(self) -> dict[str, Any]:
        """For a checkpoint; nothing of a single file, whose hash it has anyway."""
        return {KEY: dict(self.hashes)} if self.hashes else {}

    @classmethod
    def from_memory(cls, memory: Mapping[str, Any]) -> Self:
        """From a checkpoint; no files if it was written before they were kept, or holds no sound ones."""
        found = memory.get(KEY)
        sound = isinstance(found, dict) and all(isinstance(each, str) for each in found.values())
        return cls(found if isinstance(found, dict) and sound else {})

    def changes(self, now: "KeptFiles", skipped: Sequence[str] = ()) -> str:
        """What is other than it was, in words: "chapter2.md has changed, notes.md is new"; "" if that is not known.

        skipped: names of files that are there and cannot be read as text.
        """
        if not (self.hashes and now.hashes):
            return ""
        changed = [name for name, sha256 in now.hashes.items() if self.hashes.get(name, sha256) != sha256]
        gone = [name for name in self.hashes if name not in now.hashes]
        new = [name for name in now.hashes if name not in self.hashes]
        said = (
            _said(changed, "has changed", "have changed"),
            _said([name for name in gone if name not in skipped], "is missing", "are missing"),
            _said([name for name in gone if name in skipped], "is no text any more", "are no text any more"),
            _said(new, "is new", "are new"),
        )
        return ", ".join(filter(None, said))


def _said(names: Sequence[str], one: str, several: str) -> str:
    if not names:
        return ""
    some = [shortened(name) for name in sorted(names)[:NAMED]]
    some += [f"{len(names) - NAMED:,} more"] if len(names) > NAMED else []
    return f"{' and '.join(filter(None, [', '.join(some[:-1]), some[-1]]))} {one if len(names) == 1 else several}"
