"""The README's example of the library, where it is type-checked and run."""

from lstm_model import LSTM, Adam, clip, open_task, preset_config

task = open_task(preset_config("text", batch_size=32, seq_length=64))  # the man pages, as 32 streams side by side
model = LSTM(input_size=96, hidden_size=128, output_size=96, task_type="classification", seed=1)
optimizer = Adam(model.parameters.flat.size)
state = None
for _ in range(100):
    x, targets, fresh = task.next_batch()  # (T, B) ids each; every stream goes on where it stopped
    loss, state = model.loss_and_gradients(x, targets, None if fresh else state)  # nats per character
    clip(model.gradients.flat, 1.0, "norm")
    optimizer.update(model.parameters.flat, model.gradients.flat, learning_rate=1e-2)
