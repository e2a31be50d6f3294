"""A model of text without its text, which may be elsewhere: all it needs to write or to measure."""

from lstm_model.errors import CheckpointError
from lstm_model.network.model import LSTM
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.storage.weights import load_parameters, require_model
from lstm_model.tasks.text.corpus import Vocabulary


def bare_model(checkpoint: Checkpoint) -> tuple[LSTM, Vocabulary]:
    """The model and the characters it knows; CheckpointError if it is none of text, or if a tensor does not fit."""
    config, record = checkpoint.record.config, checkpoint.record
    if config.task != "text":
        raise CheckpointError(f"the checkpoint is of the task {config.task}, not of text: load another one")
    vocabulary = Vocabulary(record.data.memory["vocabulary"])
    V = len(vocabulary)
    require_model(checkpoint.tensors, config, record.sizes)  # before one of a wrong size is built
    model = LSTM(V, config.hidden_size, V, config.num_layers, cell=config.cell)
    load_parameters(model, checkpoint.tensors)
    return model, vocabulary
