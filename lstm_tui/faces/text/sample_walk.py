"""A place among all samples of a run, and walking from there to older and newer ones."""

from lstm_model.tasks.text.sample import Sample
from lstm_model.tasks.text.sample_book import SampleBook
from lstm_tui.session.seen import Seen


class SampleWalk:
    """The samples on disk, then those that no file holds, the oldest first; and which of them is shown.

    At the newest the walk follows: what is added is shown. Anywhere else it stays where it is.
    """

    def __init__(self) -> None:
        self._book: SampleBook | None = None
        self._own: tuple[Sample, ...] = ()
        self._at: int | None = None  # None: the newest

    def take(self, seen: Seen) -> None:
        """Take in what a snapshot knows of; a run from another file is shown from its newest sample."""
        file = seen.samples_file
        if file != (self._book.path if self._book else None):
            self._book, self._at = SampleBook(file) if file else None, None
        elif self._book:
            self._book.refresh()
        on_disk = len(self._book) if self._book else 0
        # Where the file is gone, the session's memory is all there is.
        self._own = seen.samples[len(seen.samples) - seen.unwritten if on_disk else 0 :]
        if self._at is not None and self._at >= len(self):
            self._at = None

    def __len__(self) -> int:
        return (len(self._book) if self._book else 0) + len(self._own)

    def __getitem__(self, k: int) -> Sample:
        """Sample k, the oldest is 0. IndexError if there is none, or its file has just changed."""
        on_disk = len(self._book) if self._book else 0
        return self._own[k - on_disk] if k >= on_disk or self._book is None else self._book[k]

    @property
    def at(self) -> int:
        """The number of the shown sample; -1 if there is none."""
        return len(self) - 1 if self._at is None else self._at

    @property
    def follows(self) -> bool:
        """True at the newest sample, where new ones take its place."""
        return self._at is None

    @property
    def in_memory(self) -> Sample | None:
        """The shown sample, if it need not be read."""
        k = self.at - len(self) + len(self._own)
        return self._own[k] if k >= 0 and self._own else None

    def go(self, to: int) -> None:
        """Show another one; beyond either end lies the end, and at the newest the walk follows again."""
        self._at = max(0, to) if len(self) > 1 and to < len(self) - 1 else None

    def stay(self) -> None:
        """Show the same one from now on, even if it is the newest."""
        self._at = self.at if len(self) else None

    def before(self, rows: int) -> list[Sample]:
        """As many samples before the shown one, the newest of them first, as fill some rows of the screen."""
        found: list[Sample] = []
        k = self.at - 1
        while k >= 0 and rows > 0:
            found.append(self[k])
            rows -= 3 + found[-1].text.count("\n")
            k -= 1
        return found

    def __str__(self) -> str:
        if not len(self):
            return ""
        return f"newest of {len(self):,}" if self.follows else f"{self.at + 1:,} of {len(self):,}"
