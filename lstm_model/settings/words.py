"""The words that settings are chosen from."""

from typing import Literal, get_args

TaskType = Literal["classification", "regression"]
LossAt = Literal["every", "last"]
OptimizerName = Literal["adam", "adagrad", "sgd"]
ScheduleName = Literal["constant", "cosine", "sqrt"]
ClipMode = Literal["norm", "value"]
TaskName = Literal["text", "stock"]
Target = Literal["return", "close"]
TASKS: tuple[TaskName, ...] = get_args(TaskName)
