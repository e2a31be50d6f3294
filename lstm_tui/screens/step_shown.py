"""A training step that was watched, as text: its batch, the loss on both sides of it, the clip, tensor by tensor."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from lstm_model.settings.config import Config
from lstm_model.training.observed import StepRecord, TensorStep
from lstm_tui.charts.bars import bar_of
from lstm_tui.session.snapshot import Snapshot
from lstm_tui.session.units import NAT, unit_of
from lstm_tui.session.watched import ShownBatch
from lstm_tui.visible import shortened_line
from lstm_tui.wording import figure

LEAST_ROWS, MOST_ROWS = 3, 12  # of the batch
OTHER_ROWS = 8  # of the dialog, beside batch and tensors
MOST_BAR = 20  # cells
NUMBERS = 50  # cells of the table beside its bars


def step_shown(snapshot: Snapshot, width: int, height: int, *, ascii_only: bool = False) -> Group | None:
    """The last step that was watched, for so many columns and rows; None if there is none."""
    record, batch, config = snapshot.watched.record, snapshot.watched.batch, snapshot.about.config
    if record is None or batch is None or config is None:
        return None
    rows = min(max(height - OTHER_ROWS - len(record.tensors), LEAST_ROWS), MOST_ROWS)
    return Group(
        *_batch(batch, width, rows),
        Text(),
        *_losses(record, snapshot, config, ascii_only=ascii_only),
        *_clip(record, config),
        Text(),
        _tensors(record, width, ascii_only=ascii_only),
    )


def _batch(batch: ShownBatch, width: int, rows: int) -> list[Text]:
    lines = [Text(shortened_line(batch.name, width), "bold")]
    return lines + [Text(shortened_line(row, width), no_wrap=True) for row in batch.rows[:rows]]


def _losses(record: StepRecord, snapshot: Snapshot, config: Config, *, ascii_only: bool) -> list[Text]:
    """The loss of the batch before and after, and which way it went."""
    times = NAT if snapshot.is_in_bits else 1.0
    before, after = record.loss_before * times, record.loss_after * times
    change = after - before
    way = "=" if change == 0 else ("v" if change < 0 else "^") if ascii_only else ("▼" if change < 0 else "▲")
    line = Text.assemble(
        ("Loss  ", "bold"), f"before {figure(before)}  after {figure(after)}  ",
        (f"{way} {abs(change):.2g}", "bold"), (f" {unit_of(snapshot)}", "dim"),
    )  # fmt: skip
    if not config.dropout:
        return [line]
    return [line, Text(f"      in training, with dropout: {figure(record.report.loss * times)}", "dim")]


def _clip(record: StepRecord, config: Config) -> list[Text]:
    """What the gradient was, what the clip left of it, and how fast the step went along it."""
    norm = record.report.grad_norm
    if not record.clip:
        what = "is never clipped in this run"
    elif record.kept == 1:
        what = f"the clip at {record.clip:g} cut nothing"
    elif config.clip_mode == "norm":
        what = f"clipped to {norm * record.kept:.3g}: all of it times {record.kept:.2g}"
    else:
        what = f"clipped to {norm * record.kept:.3g}: no number in it is beyond {record.clip:g}"
    return [
        Text.assemble(("Gradient norm  ", "bold"), f"{norm:.3g}, {what}"),
        Text.assemble(("Learning rate  ", "bold"), f"{record.report.learning_rate:.3g}, {config.optimizer}"),
    ]


def _tensors(record: StepRecord, width: int, *, ascii_only: bool) -> Table:
    """Gradients and updates by tensor, the largest gradient first; updates also as a share of the weights."""
    ordered = sorted(record.tensors.items(), key=lambda item: -item[1].gradient)
    most = (max(t.gradient for _, t in ordered), max(t.update for _, t in ordered))
    room = max(0, min(MOST_BAR, (width - NUMBERS) // 2))
    table = Table.grid(padding=(0, 1))
    for justify in ("left", "right", "left", "right", "left", "right"):
        table.add_column(justify=justify, no_wrap=True)
    heads = ("tensor", "gradient", "", "update", "", "of weights")
    table.add_row(*(Text(head, "bold") for head in heads))
    for name, tensor in ordered:
        bars = [bar_of(part, of, room, ascii_only=ascii_only) for part, of in
                ((tensor.gradient, most[0]), (tensor.update, most[1]))]  # fmt: skip
        table.add_row(
            name, f"{tensor.gradient:.3g}", bars[0].ljust(room), f"{tensor.update:.3g}", bars[1].ljust(room),
            _share(tensor),
        )  # fmt: skip
    return table


def _share(tensor: TensorStep) -> str:
    return "were zero" if tensor.relative is None else f"{100 * tensor.relative:.2g} %"
