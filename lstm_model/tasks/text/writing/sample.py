"""A text that a model wrote."""

from dataclasses import dataclass

from lstm_model.events import Event


@dataclass(frozen=True)
class Sample(Event):
    """A text the model wrote.

    loss: the mean of -ln p over its characters, nats per character, by the model's own distribution, whatever the
    temperature and the filters were; None where it was not noted.
    """

    step: int
    temperature: float
    prompt: str
    text: str
    loss: float | None = None
