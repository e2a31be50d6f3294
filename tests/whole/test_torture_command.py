"""The one command of all torture: it says what each part tried, what was found, and how to find it again."""

import argparse
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from torture.parts import PARTS, Part, table, tortured


def part_of(name: str, wrong_at: int) -> Part:
    """A part that finds something at one seed."""
    module = ModuleType(name)

    def one(seed: int, folder: Path, asked: argparse.Namespace) -> Counter[str]:
        assert list(folder.iterdir()) == []
        (folder / "left").write_text("by this seed")
        if seed == wrong_at:
            raise AssertionError("a run is lost\nand more of it")
        return Counter({"kills": 10})

    setattr(module, "one", one)  # noqa: B010 - a module made here
    return Part(name, "", module, 1.0)


def test_a_finding_stands_in_the_table_with_the_seed_that_finds_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    asked = argparse.Namespace()
    results = [tortured(part_of("a", 0), range(1, 4), None, asked), tortured(part_of("b", 2), range(1, 4), 9, asked)]
    assert [each.counts["kills"] for each in results] == [30, 20]
    fine, found = table(results).splitlines()[2:]
    assert "| a | 3 |" in fine
    assert "| 30 kills | nothing |" in fine
    assert "| a run is lost | `python -m tools.torture b --seeds 2` |" in found
    assert "b 2: FOUND" in capsys.readouterr().out


def test_the_parts_share_all_of_the_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert sum(part.share for part in PARTS.values()) == pytest.approx(1)
    for part in PARTS.values():
        parser = argparse.ArgumentParser()
        part.module.add_options(parser)
        parser.parse_args(list(part.in_short(9)))
