"""The looks of the program, dark and light, each also with the contrast for a projector. Textual's own work as well.

Four colours carry the charts: blue for training, orange for validation, green for what is best or beyond validation,
grey for what is only there to compare with. Blue and orange are told apart by all common kinds of colour blindness,
and nothing is said by colour alone: validation is dots, the best value a star, the state a word.
"""

from textual.theme import Theme

DARK = Theme(
    name="lstm-dark",
    dark=True,
    primary="#5aa9e6",
    secondary="#8fb8de",
    accent="#5aa9e6",
    warning="#f2a541",
    error="#ef6f6c",
    success="#7bc47f",
    foreground="#d8dee6",
    background="#11151a",
    surface="#1a2028",
    panel="#222a34",
)
LIGHT = Theme(
    name="lstm-light",
    dark=False,
    primary="#1668a8",
    secondary="#3f6f96",
    accent="#1668a8",
    warning="#b35c00",
    error="#b3261e",
    success="#2c7a34",
    foreground="#1d2530",
    background="#fbfbf8",
    surface="#eeefec",
    panel="#e2e5e6",
)
BIG_DARK = Theme(
    name="lstm-big-dark",
    dark=True,
    primary="#5ec8ff",
    secondary="#a8dcff",
    accent="#5ec8ff",
    warning="#ffb340",
    error="#ff7a75",
    success="#6ff07a",
    foreground="#ffffff",
    background="#000000",
    surface="#101010",
    panel="#1c1c1c",
    variables={"text-muted": "#d8d8d8"},
)
BIG_LIGHT = Theme(
    name="lstm-big-light",
    dark=False,
    primary="#004a99",
    secondary="#003366",
    accent="#004a99",
    warning="#8f3d00",
    error="#9a0f0a",
    success="#00591c",
    foreground="#000000",
    background="#ffffff",
    surface="#f2f2f2",
    panel="#e4e4e4",
    variables={"text-muted": "#2a2a2a"},
)
THEMES = (DARK, LIGHT, BIG_DARK, BIG_LIGHT)
OF_PROJECTOR = {True: BIG_DARK, False: BIG_LIGHT}  # by whether the look before it was dark
