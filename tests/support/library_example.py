"""The README's example of the library, where it is type-checked and run."""

import numpy as np

from lstm_model import LSTM, Adam, clip

model = LSTM(input_size=96, hidden_size=128, output_size=96, num_layers=2, task_type="classification", seed=1)
optimizer = Adam(model.parameters.flat.size)
ids = np.random.default_rng(0).integers(0, 96, (65, 32))  # (T + 1, B)
state = None
for _ in range(10):
    loss, state = model.loss_and_gradients(ids[:-1], ids[1:], state)  # nats per character
    clip(model.gradients.flat, 1.0, "norm")
    optimizer.update(model.parameters.flat, model.gradients.flat, learning_rate=1e-3)
