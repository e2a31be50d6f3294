"""Conditions on rows: what they let through, and where one that cannot be read is wrong."""

import pytest

from lstm_model.errors import InputError
from lstm_tui.tables.columns import COLUMNS, Row, Share
from lstm_tui.tables.conditions import condition

NOTHING: Row = dict.fromkeys(COLUMNS)
ROW: Row = NOTHING | {
    "run": "saves/it's one", "task": "text", "hidden": 256, "lr": 0.01, "split": "90/5/5", "time": 900.0,
    "size": 2_000_000, "passed": Share.counted(3, 5), "best_val_loss": 1.5,
}  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "hidden=256", "hidden==256", "hidden>=256", "hidden<=256", "hidden>255.5", "hidden<1e3", "hidden!=8",
        "HIDDEN = 256", "hidden_size=256", "learning_rate=0.01", "best<2", "best-val-loss=1.5",
        "task=text", 'task="text"', "task!=stock", "run~SAVES", '''run~"it's"''', "split=90/5/5", "passed>=3",
        "passed=3",
        "time>10min", "time<1h", "time=900", "size>=2MB", "size<1gb",
        "horizon=none", "hidden!=none", "horizon!=5", "not horizon=5",
        "hidden>=256 and task=text", "hidden=8 or task=text", "task=text or hidden=8 and hidden=9",
        "not (hidden=8 or task=stock)", "not hidden=8 and task=text", "(task=text)and(hidden=256)",
    ],
)  # fmt: skip
def test_a_condition_that_holds(text: str) -> None:
    assert condition(text)(ROW)


@pytest.mark.parametrize(
    "text",
    [
        "hidden=8", "hidden>256", "hidden!=256", "task=Text", "task~stock", "lr='0.01'", "split=90/10", "passed>3",
        "time>1h", "horizon=5", "horizon>0", "horizon~1", "hidden=none", "horizon!=none", "not task=text",
        "(task=text or hidden=8) and hidden=9",
    ],
)  # fmt: skip
def test_a_condition_that_does_not(text: str) -> None:
    assert not condition(text)(ROW)


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("hiden=8", 1, "there is no column 'hiden': did you mean hidden?"),
        ("hidden=8 and qqqqqq=1", 14, "there is no column 'qqqqqq': there are run, task"),
        ("hidden>=big", 9, "hidden>= needs a number, not 'big'"),
        ("hidden>'256'", 8, "hidden> needs a number, not '256'"),
        ("time>3q", 7, "time knows no unit 'q': s, min, h, d"),
        ("hidden", 7, "one of = != < <= > >= ~ is wanted after hidden, not the end"),
        ("hidden 8", 8, "one of = != < <= > >= ~ is wanted after hidden, not '8'"),
        ("hidden=", 8, "a value is wanted after hidden=, not the end"),
        ("hidden>=>8", 9, "a value is wanted after hidden>=, not '>'"),
        ("", 1, "a column is wanted, as in `hidden>=256`, not the end"),
        ("hidden=8 and", 13, "a column is wanted, as in `hidden>=256`, not the end"),
        ("(hidden=8", 10, "the bracket of character 1 is not closed"),
        ("hidden=8)", 9, "')' comes after a whole condition: join two with `and` or `or`"),
        ("hidden=8 task=text", 10, "'task' comes after a whole condition"),
        ("run='x", 5, "a quote that is not closed here"),
        ("hidden !8", 8, "'!' means nothing here"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, at: int, said: str) -> None:
    with pytest.raises(InputError) as caught:
        condition(text)
    assert str(caught.value).startswith(f"--where, character {at}: {said}")
