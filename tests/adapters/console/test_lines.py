"""Lines out of bytes that may hold anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from adapters.console.lines import MOST, Lines, split


def test_a_line_ends_at_its_break_and_loses_it() -> None:
    assert list(split([b"one\r\ntwo\n\nfo", b"ur"])) == ["one", "two", "", "four"]


def test_a_last_line_needs_no_break_and_an_empty_end_is_no_line() -> None:
    assert list(split([b"one\n"])) == ["one"]
    assert list(split([b""])) == []


def test_what_is_no_utf8_is_marked() -> None:
    assert list(split([b"a\xff\xfeb\x00\n", "한".encode()[:2] + b"\n"])) == ["a��b\x00", "�"]


def test_a_character_cut_between_two_reads_is_whole() -> None:
    word = "암호".encode()

    assert list(split([word[:2], word[2:], b"\n"])) == ["암호"]


def test_a_huge_line_is_cut_and_the_next_one_is_whole() -> None:
    chunks = [b"x" * 100_000] * 20 + [b"\nnext\n"]

    first, second = split(chunks)

    assert (len(first), second) == (MOST, "next")


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_how_the_stream_is_cut_makes_no_difference(chunks: list[bytes]) -> None:
    assert list(split(chunks)) == list(split([b"".join(chunks)]))


async def test_reads_a_pipe_line_by_line_while_it_is_written() -> None:
    read_end, write_end = os.pipe()
    lines = Lines(read_end)

    os.write(write_end, b"one\ntw")
    first = await lines.read()
    os.write(write_end, b"o\n")
    second = await lines.read()
    os.close(write_end)

    assert [first, second, await lines.read(), await lines.read()] == ["one", "two", None, None]
    os.close(read_end)


async def test_reads_more_lines_than_it_holds() -> None:
    read_end, write_end = os.pipe()
    lines = Lines(read_end)

    os.write(write_end, b"".join(b"%d\n" % number for number in range(100)))
    os.close(write_end)
    got = [await lines.read() for _ in range(101)]

    assert got == [*map(str, range(100)), None]
    os.close(read_end)


async def test_a_closed_stream_has_no_lines() -> None:
    assert await Lines(None).read() is None


async def test_waiting_for_a_line_can_be_given_up() -> None:
    read_end, write_end = os.pipe()
    lines = Lines(read_end)

    reading = asyncio.create_task(lines.read())
    await asyncio.sleep(0.01)
    reading.cancel()
    await asyncio.wait([reading])

    assert reading.cancelled()
    os.close(write_end)


def test_a_stream_is_read_no_further_than_it_is_asked_for() -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"line\n"

    lines = split(chunks())
    next(lines)

    assert taken == 1
