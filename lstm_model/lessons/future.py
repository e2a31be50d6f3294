"""Three ways in which tomorrow gets into a forecast of tomorrow."""

import numpy as np

from lstm_model.arrays import Floats
from lstm_model.lessons.outcome import Outcome, Progress
from lstm_model.network.model import LSTM
from lstm_model.optimization.clipping import clip
from lstm_model.optimization.optimizers import Adam
from lstm_model.settings.presets import preset_config
from lstm_model.tasks.stock.task import StockTask

STEPS, H, B, T = 400, 16, 64, 20


def outcome(progress: Progress) -> Outcome:
    """Train four networks on the same prices."""
    data = StockTask(preset_config("stock", seq_length=T, threads=1)).data
    returns = data.x[:, 0] * data.input_scaler.std[0] + data.input_scaler.mean[0]  # (N,), day 0 has none
    train, test = data.parts["train"], data.parts["test"]
    learnt, judged = np.arange(train.start, train.stop), np.arange(test.start, test.stop)
    mixed = np.random.default_rng(1).permutation(np.arange(train.start, test.stop))
    seen = returns[1 : train.stop]
    ways = (
        ("honest", learnt, judged, seen, 0),
        ("scaler fitted on all days", learnt, judged, returns[1:], 0),
        ("days shuffled before the split", mixed[: len(learnt)], mixed[-len(judged) :], seen, 0),
        ("the day itself inside its window", learnt, judged, seen, 1),
    )
    rows = []
    for number, (name, days, tested, fitted, shift) in enumerate(ways):
        scaled = (returns - fitted.mean()) / fitted.std()
        model = LSTM(1, H, 1, task_type="regression", seed=1)
        optimizer, rng = Adam(model.parameters.flat.size), np.random.default_rng(2)
        for step in range(STEPS):
            x, y = windows(scaled, rng.choice(days, B), shift)
            model.loss_and_gradients(x, y)
            clip(model.gradients.flat, 1.0, "norm")
            optimizer.update(model.parameters.flat, model.gradients.flat, 0.003)
            progress((number + step / STEPS) / len(ways))
        x, _ = windows(scaled, tested, shift)
        predicted = model.forward(x)[0][0, :, 0] * fitted.std() + fitted.mean()
        error, still = (float(np.sqrt(np.mean((returns[tested] - p) ** 2))) for p in (predicted, 0.0))
        rows.append((name, 100 * error, 100 * still, 100 * (1 - error / still)))
    return Outcome(
        f"Four networks learn {STEPS} steps to forecast the return of the next day of the shipped prices from the"
        f" {T} days before. Errors are in per cent of the price, on days that were not trained on.",
        ("way", "RMSE", "RMSE of no change", "better than no change, %"),
        tuple(rows),
        "Only the last one is easy to see, for nobody forecasts that well. The scaler leaks little, because returns"
        " have much the same spread everywhere; on prices it would leak the level. A shuffled split tests on days"
        " whose neighbours were learnt. None of the first three beats no change by more than chance, which is the"
        " true answer.",
    )


def windows(scaled: Floats, days: np.ndarray, shift: int) -> tuple[Floats, Floats]:
    """Windows (T, B, 1) that end the day before, or with a shift of 1 with the day itself; and what to predict."""
    index = days + np.arange(-T, 0)[:, None] + shift
    return scaled[index][..., None].astype(np.float32), scaled[days][None, :, None].astype(np.float32)
