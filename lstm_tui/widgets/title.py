"""The first line: which program, on which machine, learns what with which model."""

from textual.widgets import Static

from lstm_model.settings.task_kinds import kind_of
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.visible import shortened_line
from lstm_tui.wording import short


class TitleLine(Static):
    """One row; `host` names the machine where that is not the one at hand."""

    def __init__(self, host: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._host = host
        self._written = ""

    def show(self, snapshot: Snapshot) -> None:
        """Write what a snapshot is of."""
        parts = [f"lstm-tui on {shortened_line(self._host)}" if self._host else "lstm-tui", snapshot.task]
        about, sizes = snapshot.about, snapshot.about.sizes
        parts.append(shortened_line(about.name))
        if snapshot.side and about.file:
            parts.append(shortened_line(f"{snapshot.side} = {about.file.parent.name}/{about.file.name}"))
        parts += [shortened_line(about.data_name), about.model]
        if about.parameters:
            parts.append(f"{short(about.parameters)} parameters")
        if sizes is not None and (ids := kind_of(snapshot.task).words.ids):
            parts.append(f"{sizes.inputs} {ids}")
        title = "  ".join(part for part in parts if part)
        if title != self._written:
            self._written = title
            self.update(title, layout=False)
