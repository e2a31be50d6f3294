"""The keys of the task text."""

from lstm_tui.keys.key import Key, of_task

LOOK = "Write a sample now"  # what g does
ON_CHARTS = ""  # what is to be said of the keys of charts

KEYS = (
    Key(of_task("edit_prompt"), "i", "i", "Prompt", "Edit what samples start from", "steering"),
    Key(of_task("temperature", -1), "left_square_bracket", "[", "Colder", "Lower the temperature of samples by 0.1",
        "steering"),
    Key(of_task("temperature", 1), "right_square_bracket", "]", "Hotter", "Raise the temperature of samples by 0.1",
        "steering"),
    Key(of_task("watch_surprise"), "r", "r", "Surprise",
        "Held-out text coloured by surprise, in the place of the samples; again: the samples", "training"),
    Key(of_task("walk", -1), "comma", ",", "Older", "Show the sample before the shown one", "samples"),
    Key(of_task("walk", 1), "full_stop", ".", "Newer", "Show the next newer sample; at the newest, follow", "samples"),
    Key(of_task("pin"), "d", "d", "Beside", "Keep this sample at the side of the others, or let it go", "samples"),
    Key(of_task("copy"), "c", "c", "Copy", "Copy what the mouse has selected, else the shown sample", "samples"),
)  # fmt: skip

_PASSAGE = "on held-out text, while it has the focus"  # as it has at the start of evaluation-only mode
PASSAGE_KEYS = tuple(
    Key(action, keys, shown, label, meaning, _PASSAGE, "on held-out text")
    for action, keys, shown, label, meaning in (
        ("move(-1)", "left", "left", "Cursor", "Cursor to the character before"),
        ("move(1)", "right", "right", "Cursor", "Cursor to the next character"),
        ("move_rows(-1)", "up", "up", "Row", "Cursor to the row above"),
        ("move_rows(1)", "down", "down", "Row", "Cursor to the row below"),
        ("to_surprise(-1)", "less_than_sign,shift+left", "<", "Surprise", "Cursor back to 4 bits or more"),
        ("to_surprise(1)", "greater_than_sign,shift+right", ">", "Surprise", "Cursor on to 4 bits or more"),
        ("turn(-1)", "pageup", "pageup", "Passage", "The passage before"),
        ("turn(1)", "pagedown", "pagedown", "Passage", "The next passage"),
        ("learn", "a", "a", "Learning", "Read it learning from each piece once it was predicted, or without"),
    )
)
PANE_KEYS = PASSAGE_KEYS  # of panes, while they have the focus
