"""A saved model's network without its data, which may be elsewhere."""

from lstm_model.network.model import Network
from lstm_model.settings.task_kinds import kind_of
from lstm_model.storage.checkpoint import Checkpoint
from lstm_model.storage.weights import load_parameters, require_model


def bare_network(checkpoint: Checkpoint) -> Network:
    """The network of a checkpoint, with the weights that are judged: their average, where one is kept.

    CheckpointError if a tensor is missing or does not fit.
    """
    config, memory = checkpoint.record.config, checkpoint.record.data.memory
    sizes = kind_of(config.task).sizes(config, memory)
    require_model(checkpoint.tensors, config, sizes)  # before one of a wrong size is built
    network = Network(
        sizes.inputs,
        config.hidden_size,
        sizes.outputs,
        config.num_layers,
        task_type="classification" if sizes.takes_ids else "regression",
        cell=config.cell,
        loss_at="every" if sizes.takes_ids or sizes.judged_steps == config.seq_length else "last",
    )
    load_parameters(network, checkpoint.tensors)
    return network
