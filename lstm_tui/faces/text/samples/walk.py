"""All samples of a run, the oldest first: those on disk, then those that no file holds. One of them is shown."""

from dataclasses import dataclass
from pathlib import Path

from lstm_model.tasks.text.writing.sample import Sample
from lstm_model.tasks.text.writing.sample_book import SampleBook
from lstm_tui.faces.text.seen import TextSeen

HEADING = 3  # rows that a sample takes beside its text's line ends: its heading, its last line, an empty one


@dataclass(frozen=True)
class Page:
    """The sample that is shown, those before it as far as there is room, and where it stands among all."""

    file: Path | None = None
    count: int = 0
    at: int = -1  # number of the shown sample, the oldest is 0; -1 if there is none
    follows: bool = True  # it is the newest, and newer ones take its place
    shown: Sample | None = None
    older: tuple[Sample, ...] = ()  # the newest of them first

    def __str__(self) -> str:
        if not self.count:
            return ""
        return f"newest of {self.count:,}" if self.follows else f"{self.at + 1:,} of {self.count:,}"


MOST_COLUMNS = 3


def columns_of(page: Page) -> list[list[Sample]]:
    """The shown sample and those before it by temperature, the lowest first; of each the newest first.

    Of the temperatures that were used last, no more than MOST_COLUMNS.
    """
    by: dict[float, list[Sample]] = {}
    for sample in [*([] if page.shown is None else [page.shown]), *page.older]:
        if sample.temperature in by or len(by) < MOST_COLUMNS:
            by.setdefault(sample.temperature, []).append(sample)
    return [by[temperature] for temperature in sorted(by)]


def read_page(book: SampleBook | None, seen: TextSeen, at: int | None, height: int) -> Page:
    """The page of sample `at`, or of the newest, for so many rows. IndexError if the file has just changed."""
    on_disk = len(book) if book else 0
    # Where the file is gone, the session's memory is all there is.
    own = seen.samples[len(seen.samples) - seen.unwritten if on_disk else 0 :]
    count = on_disk + len(own)
    follows = at is None or at >= count
    number = count - 1 if at is None or at >= count else at

    def sample(k: int) -> Sample:
        return own[k - on_disk] if k >= on_disk or book is None else book[k]

    shown = sample(number) if count else None
    older: list[Sample] = []
    rows = height - 1 - (shown.text.count("\n") if shown else 0)
    for k in range(number - 1, -1, -1):
        if rows <= 0:
            break
        older.append(sample(k))
        rows -= HEADING + older[-1].text.count("\n")
    return Page(seen.samples_file, count, number, follows, shown, tuple(older))


@dataclass(frozen=True, eq=False)
class Wanted:
    """What is to be read for a pane of so many rows. at: None for the newest."""

    seen: TextSeen
    at: int | None
    height: int


def is_same(one: Wanted, other: Wanted) -> bool:
    """True if the same page answers both, as long as nobody else writes into the file."""
    a, b = one.seen, other.seen
    return (one.at, one.height, a.samples_file, a.unwritten, a.samples) == (
        other.at, other.height, b.samples_file, b.unwritten, b.samples,
    )  # fmt: skip


class SampleReader:
    """Reads pages. It waits for the disk, so a thread should call it, one call at a time."""

    def __init__(self) -> None:
        self._book: SampleBook | None = None

    def read(self, seen: TextSeen, at: int | None, height: int) -> Page | None:
        """The page as the file has it now; None if the file has just changed."""
        file = seen.samples_file
        if file != (self._book.path if self._book else None):
            self._book = SampleBook(file) if file else None
        elif self._book:
            self._book.refresh()
        try:
            return read_page(self._book, seen, at, height)
        except IndexError:
            return None
