"""What the list of saves shows of a text run beside its figures and curves: the last thing it wrote."""

from pathlib import Path

from rich.text import Text

from lstm_model.tasks.text.writing.sample_book import last_sample
from lstm_tui.faces.text.samples.drawn import LONGEST_SHOWN, sample_heading
from lstm_tui.visible import visible


def last_look(folder: Path) -> Text | None:
    """The last sample of a run; None if there is none. It waits for the disk, so a thread should call it."""
    sample = last_sample(folder)
    if sample is None:
        return None
    text = Text.assemble(("last sample: ", "dim"), (sample_heading(sample) + "\n", "dim"))
    lines = visible((sample.prompt + sample.text)[:LONGEST_SHOWN]).strip("\n").expandtabs(8).splitlines()
    text.append("\n".join(line.rstrip() for line in lines))  # else blanks at an end would count as cut off
    return text
