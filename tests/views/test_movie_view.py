"""The movie view: a frame's surprise as shades, what did not change is grey, and what was learnt is said."""

import numpy as np

from lstm_model.tasks.films import FINEST, Film, Frame
from lstm_tui.inside.view import Room, Spot
from lstm_tui.inside.views.movie import Movie
from support.stage import still

TEXT = "ab cd\nefg\n"
KINDS = ("letters", "the rest")
ROOM = Room(10, 12)


def film() -> Film:
    first = np.full(len(TEXT), 6 * FINEST, np.uint8)
    second, third = first.copy(), first.copy()
    second[2] = third[2] = 1 * FINEST
    third[0] = 0
    frames = tuple(Frame(step, bits, "?" * len(TEXT)) for step, bits in ((0, first), (50, second), (100, third)))
    return Film(TEXT, frames, KINDS, np.array([0 if c.isalpha() else 1 for c in TEXT]))


def shown(view: Movie, room: Room = ROOM) -> tuple[list[str], dict[str, str], tuple[str, ...]]:
    """Lines, the role of each character of the passage's first line, what is said."""
    found = film()
    view.take(found)
    drawn = view.drawn(found, room)
    lines = ["".join(text for text, _ in row) for row in drawn.rows]
    roles = [role or "" for text, role in drawn.rows[2] for _ in text]
    return lines, dict(zip(lines[2][:6], roles, strict=False)), drawn.reading


def test_the_newest_frame_comes_first_and_what_did_not_change_is_grey() -> None:
    view = Movie(Spot())
    view.place = 8
    lines, roles, said = shown(view)
    assert "100" in lines[0]
    assert [lines[2].rstrip(), lines[3].rstrip()] == ["ab cd⏎", "efg⏎"]
    assert roles["a"] == "gate7.0"
    assert {roles["b"], roles["c"], roles["d"]} == {"faint"}
    assert "learnt since step 50: letters 6.0 to 5.1 bits" in said[1]


def test_the_keys_go_through_training_time_and_the_first_frame_says_what_surprises() -> None:
    view = Movie(Spot())
    shown(view)
    view.frame(-1)
    assert shown(view)[2][0].startswith("step 50: 5.50 bits a character")
    view.frame(-10)
    _, roles, said = shown(view)
    assert said[1].startswith("most surprising: ")
    assert "faint" not in roles.values()
    view.frame(10)
    assert view.at is None  # the newest is followed


def test_without_colours_a_mark_under_each_character_says_it() -> None:
    view = Movie(Spot())
    view.place = 8
    lines, _, _ = shown(view, Room(40, 12, ascii_only=True, plain=True))
    assert lines[2].startswith("ab cd")
    assert lines[3].strip() == ""  # learnt: the blank mark
    view.frame(-2)
    lines, _, _ = shown(view, Room(40, 12, ascii_only=True, plain=True))
    assert lines[3].startswith("@@@@@@")


def test_the_cursor_moves_along_lines() -> None:
    view = Movie(Spot())
    shown(view)
    view.along(4)
    view.across(1)
    assert TEXT[view.place] == "\n"  # the end of a shorter line
    view.across(-1)
    assert view.place == 3


def test_without_a_movie_it_says_so() -> None:
    view = Movie(Spot())
    assert "no movie" in view.refuses(still("stock"))
    assert view.refuses(still("text")) == ""
    assert "no frame yet" in view.drawn(Film(), ROOM).reading[0]


def test_where_there_is_room_the_guesses_stand_beside() -> None:
    lines, _, _ = shown(Movie(Spot()), Room(40, 12))
    assert lines[0].split() == ["step", "0", "50", "100"]
    assert lines[2].split() == ["ab", "cd⏎", "??????"]
