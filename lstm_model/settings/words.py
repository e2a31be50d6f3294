"""The words that settings are chosen from."""

from typing import Literal, get_args

TaskType = Literal["classification", "regression"]
LossAt = Literal["last", "every"]
OptimizerName = Literal["adam", "adagrad", "sgd"]
ScheduleName = Literal["constant", "cosine", "sqrt"]
ClipMode = Literal["norm", "value"]
TaskName = Literal["text", "stock"]
Target = Literal["return", "close"]
TASKS: tuple[TaskName, ...] = get_args(TaskName)
OnDivergence = Literal["rollback", "stop"]
HeldOutPart = Literal["val", "test"]
