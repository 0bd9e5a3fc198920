"""What is compiled from files is kept until one of them is another one."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path

import pytest

from bot.compiled import kept

Make = Callable[[], list[str]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "words.toml").write_text("a = 1", "utf-8")
    return tmp_path


@pytest.fixture
def made() -> list[str]:
    """Each time that it was made anew."""
    return []


@pytest.fixture
def make(package: Path, made: list[str]) -> Make:
    def read() -> list[str]:
        made.append("anew")
        return [path.read_text("utf-8") for path in sorted(package.rglob("*.toml"))]

    return read


def _file(package: Path, name: str) -> Path:
    return Path(cache_from_source(str(package / "__init__.py"))).with_suffix(f".{name}.pickle")


def test_it_is_made_once(package: Path, make: Make, made: list[str]) -> None:
    assert [kept(package, "en", make) for _ in range(3)] == [["a = 1"]] * 3
    assert made == ["anew"]


def test_what_has_another_name_is_another_thing(package: Path, make: Make, made: list[str]) -> None:
    kept(package, "en", make)
    kept(package, "all", make)

    assert made == ["anew"] * 2


@pytest.mark.parametrize("change", ["touched", "longer", "added", "gone"])
def test_a_file_that_changes_makes_it_anew(
    package: Path, make: Make, made: list[str], change: str
) -> None:
    kept(package, "en", make)
    file = package / "inner" / "words.toml"
    match change:
        case "touched":
            os.utime(file, ns=(1, 1))
        case "longer":
            file.write_text("a = 12", "utf-8")
        case "added":
            (package / "more.toml").write_text("b = 2", "utf-8")
        case _:
            file.unlink()

    now = kept(package, "en", make)

    assert now == [path.read_text("utf-8") for path in sorted(package.rglob("*.toml"))]
    assert made == ["anew"] * 2


@pytest.mark.parametrize("content", [b"", b"\n", b"junk", b"x" * 100_000])
def test_what_cannot_be_read_is_made_anew(
    package: Path, make: Make, made: list[str], content: bytes
) -> None:
    kept(package, "en", make)
    file = _file(package, "en")
    file.write_bytes(content)

    assert kept(package, "en", make) == ["a = 1"]
    assert kept(package, "en", make) == ["a = 1"]
    assert made == ["anew"] * 2


def test_a_file_that_was_cut_off_is_made_anew(package: Path, make: Make, made: list[str]) -> None:
    kept(package, "en", make)
    file = _file(package, "en")
    file.write_bytes(file.read_bytes()[:-3])

    assert kept(package, "en", make) == ["a = 1"]
    assert made == ["anew"] * 2


def test_where_nothing_can_be_written_it_is_made_each_time(
    package: Path, make: Make, made: list[str]
) -> None:
    (package / "__pycache__").write_text("no folder", "utf-8")

    assert [kept(package, "en", make) for _ in range(2)] == [["a = 1"]] * 2
    assert made == ["anew"] * 2


def test_nothing_is_left_beside_it(package: Path, make: Make) -> None:
    kept(package, "en", make)

    assert [*(package / "__pycache__").iterdir()] == [_file(package, "en")]


def test_what_fails_is_told_and_not_kept(package: Path, make: Make) -> None:
    def fail() -> list[str]:
        raise ValueError("words.toml: a: unknown key")

    with pytest.raises(ValueError, match="unknown key"):
        kept(package, "en", fail)

    assert kept(package, "en", make) == ["a = 1"]
