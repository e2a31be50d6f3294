"""A training step with each kind of cell, in turn on one core: equally wide, and with equally many parameters.

    python benchmarks/cells.py [--seconds 0.6] [--json FILE]

The step is that of step.py. An LSTM of H units has four gates where a GRU has three and a tanh RNN has none, so the
others are wider where the parameters are equal. Each figure is the median of the medians of five rounds.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import math
import statistics

from machine import Results, introduce, parser_of
from step import ROUNDS, V, batch_of, held_to, median_ms, stepper

from lstm_model.costs.memory import parameter_count
from lstm_model.network.cells.registry import CELLS
from lstm_model.network.model import Network
from lstm_model.settings.config import Config
from lstm_model.settings.presets import preset_config
from lstm_model.settings.task_kinds import kind_of
from lstm_model.settings.words import DEFAULT_CELL

DEFAULT = preset_config("text")
SHAPES = [(256, 64, 32), (DEFAULT.hidden_size, DEFAULT.seq_length, DEFAULT.batch_size)]  # H, T, B
BLOCK = 16  # widths are multiples of it, as the products like them
DATA = {"vocabulary": " " * V}


def parameters(cell: str, H: int) -> int:
    """How many a network has."""
    config = Config.of("text", cell=cell, hidden_size=H)
    return parameter_count(config, kind_of("text").sizes(config, DATA))


def as_many(cell: str, H: int) -> int:
    """The width at which a network of this cell has about as many parameters as one of H units of the usual cell."""
    wanted = parameters(DEFAULT_CELL, H)
    return min(range(BLOCK, 4 * H, BLOCK), key=lambda width: abs(math.log(parameters(cell, width) / wanted)))


def compare(seconds: float, results: Results) -> None:
    """A table for each shape, a row for each cell and width."""
    for H, T, B in SHAPES:
        models = [(cell, width) for cell in CELLS for width in dict.fromkeys((H, as_many(cell, H)))]
        steps = [stepper(Network(V, width, V, cell=cell), *batch_of(T, B), 1)[0] for cell, width in models]
        rounds = [[median_ms(step, seconds) for step in steps] for _ in range(ROUNDS)]
        times = [statistics.median(of_model) for of_model in zip(*rounds, strict=True)]
        usual = times[models.index((DEFAULT_CELL, H))]
        rows = [
            [
                f"{cell} H{width}",
                f"{parameters(cell, width):,}",
                f"{ms:.2f}",
                f"{B * T / ms:,.0f}k",
                f"{usual / ms:.2f}",
            ]
            for (cell, width), ms in zip(models, times, strict=True)
        ]
        head = ["cell", "parameters", "ms", "chars/s", f"to {DEFAULT_CELL} H{H}"]
        results.table(f"cells H{H}", head, rows, title=f"T{T} B{B}", less=["ms"], more=head[-1:])


def main() -> None:
    """Measure, held to one core."""
    parser = parser_of(__doc__)
    parser.add_argument("--seconds", type=float, default=0.6, help="for each figure of each round")
    asked = parser.parse_args()
    if hold := held_to(1):
        hold()
    results = Results(asked.json)
    introduce()
    compare(asked.seconds, results)
    results.write()


if __name__ == "__main__":
    main()
