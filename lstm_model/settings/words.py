"""The words that settings are chosen from."""

from typing import Literal

TaskType = Literal["classification", "regression"]
LossAt = Literal["every", "last"]
OptimizerName = Literal["adam", "adagrad", "sgd"]
ScheduleName = Literal["constant", "cosine", "sqrt"]
ClipMode = Literal["norm", "value"]
