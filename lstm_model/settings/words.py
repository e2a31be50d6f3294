"""The words that settings are chosen from."""

from typing import Literal

TaskType = Literal["classification", "regression"]
LossAt = Literal["last", "every"]
CellName = Literal["lstm", "gru", "rnn"]
OptimizerName = Literal["adam", "adagrad", "sgd"]
ScheduleName = Literal["constant", "cosine", "sqrt"]
ClipMode = Literal["norm", "value"]
OnDivergence = Literal["rollback", "stop"]
HeldOutPart = Literal["val", "test"]

DEFAULT_CELL: CellName = "lstm"
