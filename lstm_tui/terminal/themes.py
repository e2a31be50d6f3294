"""The two looks of the program, dark and light. Textual's own themes work as well.

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
THEMES = (DARK, LIGHT)
