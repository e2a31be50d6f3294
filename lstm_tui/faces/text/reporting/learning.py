"""What `eval --adapt` adds to the report on a model of text: rows beside the static figure, and how they came about."""

from lstm_model.network.losses import bits
from lstm_model.tasks.text.adaptation.adaptive import SEGMENT
from lstm_model.tasks.text.adaptation.learning import Learning
from lstm_tui.reports.judged import Report, wrapped
from lstm_tui.wording import often

NAMES = {"adapted_loss": "learning as it reads", "mixed_loss": "model + counts",
         "adapted_mixed_loss": "learning + counts"}  # fmt: skip
ADAPTED_ROWS = (
    ("learning, nats", "adapted_loss", 4),
    ("learning, bits", "adapted_bits_per_char", 4),
)  # of two models beside each other


def adapted_report(learning: Learning) -> Report:
    """The keys that `--adapt` adds."""
    losses = {
        "adapted_loss": learning.adapted,
        "mixed_loss": learning.mixed,
        "adapted_mixed_loss": learning.adapted_mixed,
    }
    in_bits = {key.replace("loss", "bits_per_char"): None if nats is None else bits(nats)
               for key, nats in losses.items()}  # fmt: skip
    return losses | in_bits | {"adapting": learning.report()}


def learning_notes(learning: Learning, characters: int, *, searched_here: bool) -> tuple[str, ...]:
    """What a reader should know of it; searched_here: whether the part that is judged is the one it was found on."""
    notes = []
    if searched_here and learning.tuned.searched:
        notes.append(
            f"the rate of learning was found on the first {learning.tuned.searched:,} of these characters: the test"
            " part judges it fairly"
        )
    if characters <= SEGMENT:
        notes.append(
            f"the model learns after each {SEGMENT} characters, and the part has {characters}: nothing is predicted"
            " after it has learnt"
        )
    if not learning.tuned.searched:
        notes.append(
            "there is no validation part of the model's own text to find the rate on: it learns at a usual one"
        )
    if learning.explosions:
        first, times = learning.explosions[0] + 1, len(learning.explosions)
        more = f", and {often(times - 1)} more" if times > 1 else ""
        notes.append(
            f"learning as it reads, the weights ran away at character {first:,} of the part{more}: it went back to the"
            f" trained ones and on at half the rate"
        )
    return tuple(notes)


def model_losses(report: Report, name: str = "this model") -> list[tuple[str, float]]:
    """Names and losses of the model, standing still and, where that was asked for, learning or with counts."""
    found = [(label, report.get(key)) for key, label in NAMES.items()]
    return [(name, report["loss"]), *((label, loss) for label, loss in found if loss is not None)]


def learning_lines(report: Report) -> list[str]:
    """How the rows came about, in sentences."""
    if "adapting" not in report:
        return []
    how = report["adapting"]
    fewer = 100 * (1 - report["adapted_loss"] / report["loss"])
    found = f"found on {how['searched']:,} characters of the validation part" if how["searched"] else "not searched for"
    said = (
        f"Learning as it reads: {how['segment']} characters are predicted and scored, and only then learnt from"
        f" (rate {how['rate']:.3g}, pull back to the trained weights {how['pull']:.3g}, {found}). {fewer:.1f} % fewer"
        " nats, over the part in one stream, in order. The file stays as it is."
    )
    if report["mixed_loss"] is not None:
        said += " Counts are 9-gram counts; how much they weigh was fitted on the same characters."
    return ["", *wrapped(said)]
