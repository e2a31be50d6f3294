"""`data` with a text: how it was read, its characters, and its parts with what training never shows of them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from lstm_model.settings.config import Config
from lstm_model.tasks.text.description import PartDescription, TextDescription, describe_text
from lstm_model.tasks.text.judging.verdict import LEAST_CHARACTERS
from lstm_model.tasks.text.kind import TextSettings
from lstm_model.tasks.text.reading.sources import Texts
from lstm_model.tasks.text.unseen import percent
from lstm_tui.charts.bars import bar_rows
from lstm_tui.reports.described import Described, labelled
from lstm_tui.reports.judged import Report
from lstm_tui.visible import as_line, shortened_line
from lstm_tui.wording import PART_WORDS, size

COMMON = 10  # characters in the picture
EXCERPT = 60  # cells
MUCH = 0.05  # share of a part's stretches in the training part, from which it is said


def claim(path: Path, config: Config) -> str:  # noqa: ARG001
    """Nothing: a text is what no other task claims."""
    return ""


def describe(path: Path, config: Config, progress: Callable[[float], None], *, quick: bool) -> "TextDescribed":
    """Read a text as a run with these settings would."""
    own = TextSettings.of(config)
    texts = Texts((path,), own.include, own.order)
    found = describe_text(texts, own.encoding, config.split, own.encoding_errors, with_copies=not quick, tell=progress)
    notes = [*found.notes]
    for part in found.parts:
        if part.name != "train" and part.characters and not part.judgeable:
            name = PART_WORDS[part.name]
            notes.append(
                f"the {name} part has {len(part.characters):,} characters: a verdict needs {LEAST_CHARACTERS:,}"
            )
    return TextDescribed(_report(found, config), tuple(notes), found)


@dataclass(frozen=True, eq=False)
class TextDescribed(Described):
    """A text as it was read."""

    description: TextDescription

    @property
    def brief(self) -> str:
        """Characters and the encoding."""
        found = self.description
        return f"{found.length:,} characters, {len(found.counts):,} different, {found.as_read.encoding}"

    @property
    def learnt_from(self) -> int:
        """Characters of the training part."""
        return next(len(part.characters) for part in self.description.parts if part.name == "train")

    def lines(self) -> list[str]:
        """The file, its characters, how it begins and ends, the parts."""
        found, read = self.description, self.description.as_read
        ends = ", ".join(f"{name} ({count:,})" for name, count in read.line_ends.items() if count)
        replaced = f", {read.replaced:,} times bytes that are no text were replaced" if read.replaced else ""
        rarest = ", ".join(f"{_named(character)} {count:,}" for character, count in found.rarest().items())
        several = f"{len(found.files):,} files, " if found.files else ""
        return [
            labelled(
                "files" if found.files else "file",
                f"{several}{size(read.size)}, {read.encoding}, lines end in {ends or 'nothing'}{replaced}",
            ),
            labelled("text", f"{found.length:,} characters, {len(found.counts):,} different"),
            labelled("rarest", rarest),
            labelled("begins", shortened_line(found.start, EXCERPT)),
            labelled("ends", shortened_line(found.end.rstrip()[-EXCERPT:], EXCERPT)),
            *(labelled(PART_WORDS[part.name], _part(part)) for part in found.parts if part.characters),
        ]

    def picture(self, width: int, *, ascii_only: bool) -> list[str]:
        """The most frequent characters as bars, in per cent of the text."""
        common = list(self.description.counts.items())[:COMMON]
        shares = [(_named(character), 100 * count / self.description.length) for character, count in common]
        rows = bar_rows(shares, min(width, 60), ascii_only=ascii_only)
        return ["the most frequent characters, in per cent", *(f"  {row}" for row in rows)]


def _part(part: PartDescription) -> str:
    said = f"{len(part.characters):,} characters"
    if part.unseen.counts:
        n = len(part.unseen.counts)
        said += f", {n} of them never in training, {percent(part.unseen.share)} of it"
    copied = {width: share for width, share in part.copies.items() if share >= MUCH}
    if copied:
        width, share = list(copied.items())[-1]
        said += f", {percent(share)} of its stretches of {width} stand in training word for word"
    return said


def _report(found: TextDescription, config: Config) -> Report:
    read = found.as_read
    return {
        "bytes": read.size,
        **({"files": list(found.files), "skipped": [asdict(each) for each in found.skipped]} if found.files else {}),
        "encoding": read.encoding,
        "line_ends": dict(read.line_ends),
        "replaced": read.replaced,
        "characters": found.length,
        "vocabulary": len(found.counts),
        "rarest": found.rarest(),
        "begins": found.start,
        "ends": found.end,
        "split": config.split_text,
        "parts": {
            part.name: {
                "characters": len(part.characters),
                "never_in_training": part.unseen.counts,
                "never_in_training_share": part.unseen.share,
                "copies": part.copies,
            }
            for part in found.parts
        },
    }


def _named(character: str) -> str:
    return {" ": "blank", "\n": "line end", "\t": "tab"}.get(character, as_line(character))
