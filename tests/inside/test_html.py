"""HTML shows what it is given, safely, and its pictures are real ones."""

import base64
import re
import xml.etree.ElementTree as ET
import zlib

import numpy as np

from lstm_model.inside.html import coloured, curves, document, picture, table


def test_text_keeps_each_character_and_can_not_become_markup() -> None:
    html = coloured(list('<b>&"\n'), np.array([0.0, 1.0, -1.0, 0.4, 0.6, np.nan]))
    spans = ET.fromstring(html)
    assert [span.text for span in spans] == ["<", "b", ">", "&", '"', "¶\n"]
    colours = [re.findall(r"\d+", span.get("style", ""))[:3] for span in spans]
    assert colours[0] == colours[5] == ["255", "255", "255"]
    assert len({tuple(colour) for colour in colours[:3]}) == 3
    assert ["underline" in span.get("style", "") for span in spans] == [False, True, True, False, True, False]


def test_words_stand_apart() -> None:
    assert "".join(ET.fromstring(coloured(["Mon", "Tue"], np.zeros(2))).itertext()) == "Mon Tue"


def test_a_picture_is_a_png_with_a_pixel_for_each_value() -> None:
    html = picture(np.array([[0.0, 1.0, 2.0], [np.nan, 0.4, -1.0]]), "two rows")
    (data,) = re.findall(r"base64,([^\"]*)", html)
    raw = base64.b64decode(data)
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    start = raw.index(b"IDAT")
    length = int.from_bytes(raw[start - 4 : start], "big")
    rows = np.frombuffer(zlib.decompress(raw[start + 4 : start + 4 + length]), np.uint8).reshape(2, 4)
    assert rows.tolist() == [[0, 0, 255, 255], [0, 0, 102, 0]]


def test_curves_are_drawn_on_a_log_axis_and_without_values_in_words() -> None:
    svg = ET.fromstring(curves({"a": np.array([1.0, 0.1, 0.01]), "b": np.array([0.0, np.nan, 1e-3])}, "x", "y"))
    lines = [element for element in svg.iter() if element.tag.endswith("polyline")]
    places = [[float(v) for v in pair.split(",")] for pair in lines[0].get("points", "").split()]
    assert np.diff([down for _, down in places]).std() < 0.2  # equal factors, equal steps
    assert len(lines[1].get("points", "").split()) == 1
    assert "nothing to draw" in curves({"a": np.zeros(3)}, "x", "y")


def test_a_page_holds_all_sections() -> None:
    page = document("A <title>", [table([["a", "b"], ["1", "<2>"]])])
    assert "<h1>A &lt;title&gt;</h1>" in page
    assert "<td>&lt;2&gt;</td>" in page
