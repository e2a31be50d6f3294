"""The data sets that ship: the very bytes that were built, found from anywhere, with their licences beside them."""

from pathlib import Path

import pytest

from lstm_model.tasks.data_files import file_fingerprint, shipped
from support.places import DATA

SHA256 = {
    "text": "bc9a560628850d4d32a2cda32274e6179b017af642935831f89d3af406ed39eb",
    "stock": "2ddcfa48822351d551a2145ce9428eacf0481f5f53ac7eba0c9be58127eefae9",
}


@pytest.mark.parametrize("task", SHA256)
def test_a_data_set_has_the_bytes_it_was_built_with(task: str) -> None:
    assert file_fingerprint(shipped(task)) == SHA256[task]


@pytest.mark.parametrize("task", SHA256)
def test_a_data_set_is_found_from_any_folder(task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shipped(task).is_absolute()
    assert shipped(task).is_file()


def test_every_man_page_is_named_in_the_licence_file() -> None:
    licence = (DATA / "linux_man.LICENSE.txt").read_text(encoding="utf-8")
    pages = (DATA / "linux_man.txt").read_text(encoding="ascii").count("\n\n\n") + 1
    assert pages == 637
    assert licence.count("Copyright") > 300
    assert "provided that the entire resulting derived work is distributed" in " ".join(licence.split())


@pytest.mark.parametrize("name", ["linux_man", "MSFT_1d_data"])
def test_the_builders_say_the_same_checksum(name: str) -> None:
    builder = {"linux_man": "build_linux_man.py", "MSFT_1d_data": "build_msft.py"}[name]
    assert SHA256["text" if name == "linux_man" else "stock"] in (DATA / builder).read_text(encoding="utf-8")
