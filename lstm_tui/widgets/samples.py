"""Samples of text as the model writes them, the newest on top."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from lstm_model.events import Sample
from lstm_tui.snapshot import Snapshot
from lstm_tui.visible import visible
from lstm_tui.widgets.pane import Pane

SHOWN = 10  # older ones are in the run's samples.txt


class SamplesPane(Pane):
    """Each sample under its step, temperature and prompt; what the model wrote is shown as plain text."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._shown: tuple[Sample, ...] | None = None

    def compose(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(can_focus=False):
            yield Static("A sample will appear here every few seconds; g writes one now.", id="samples-text")

    def on_mount(self) -> None:
        """Say what the pane is."""
        self.border_title = "Samples"

    def show(self, snapshot: Snapshot) -> None:
        """Write the samples of a snapshot, if there are new ones."""
        prompt = f"prompt {snapshot.prompt!r}" if snapshot.prompt else ""
        writing = "writing ... " if snapshot.job == "sample" else ""
        self.entitle("Samples", visible(f"{writing}temperature {snapshot.temperature:.1f}, {prompt}")[:60])
        if snapshot.samples == self._shown or not (snapshot.samples or self._shown):
            return
        self._shown = snapshot.samples
        text = Text()
        for sample in reversed(snapshot.samples[-SHOWN:]):
            text.append(sample_heading(sample) + "\n", "bold")
            text.append(visible(sample.prompt.lstrip("\n")), "underline")
            text.append(visible(sample.text).strip("\n") + "\n\n")
        self.query_one("#samples-text", Static).update(text)


def sample_heading(sample: Sample) -> str:
    """Step, temperature and prompt of a sample."""
    return f"step {sample.step:,}, temperature {sample.temperature:.1f}, prompt {sample.prompt!r}"
