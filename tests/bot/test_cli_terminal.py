"""`flowmend chat` at a terminal, as a person uses it."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator

import pexpect
import pytest

from tests.bot.program import Program

PASTE = '{\n  "status": 401,\n  "message": "AADSTS50173: The provided grant has expired."\n}'


class Terminal:
    """A terminal with the chat in it."""

    def __init__(self, program: Program, *args: str, **environment: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "bot", "chat", *args],
            env={"TERM": "xterm-256color", **program.environment, **environment},
            encoding="utf-8",
            dimensions=(40, 100),
            timeout=20,
        )

    def expect(self, words: str) -> str:
        """Wait for `words`; return what was on the screen before and with them."""
        self.child.expect_exact(words)
        return f"{self.child.before}{self.child.after}"

    def paste(self, text: str) -> None:
        """Paste as a terminal does, then press Enter."""
        left = f"\x1b[200~{text}\x1b[201~\r".encode()
        while left:
            left = left[os.write(self.child.child_fd, left) :]

    def type(self, text: str) -> None:
        """Type and press Enter."""
        self.child.send(f"{text}\r")

    def end(self) -> int | None:
        """Wait for the end; return the exit code."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        status: int | None = self.child.exitstatus
        return status


@pytest.fixture
def terminal(flowmend: Program) -> Iterator[Terminal]:
    terminal = Terminal(flowmend)
    yield terminal
    terminal.child.close(force=True)


def test_a_new_conversation_begins_with_an_example(terminal: Terminal) -> None:
    terminal.expect("For example")
    terminal.expect("›")


def test_a_paste_of_many_lines_is_one_message(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.paste(PASTE)

    shown = terminal.expect("[2]")

    assert "AADSTS50173" in shown
    terminal.type("1")
    terminal.expect("✓ Done")
    terminal.expect("Step 2 of")


def test_ctrl_d_leaves_and_the_conversation_is_shown_again(
    flowmend: Program, terminal: Terminal
) -> None:
    terminal.expect("›")
    terminal.paste(PASTE)
    terminal.expect("[2]")
    terminal.expect("›")
    terminal.child.sendeof()
    code = terminal.end()
    again = Terminal(flowmend)
    again.expect("Step 1 of")
    again.expect("›")
    again.child.sendeof()

    assert (code, again.end()) == (0, 0)


def test_ctrl_c_leaves(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.child.sendintr()
    code = terminal.end()

    assert code == 130
    assert "Traceback" not in str(terminal.child.before)


def test_ctrl_c_before_the_prompt_leaves(flowmend: Program) -> None:
    terminal = Terminal(flowmend)
    terminal.child.expect(pexpect.TIMEOUT, timeout=0.3)
    terminal.child.kill(signal.SIGINT)
    terminal.child.expect(pexpect.EOF)
    terminal.child.close()

    assert terminal.child.exitstatus == 130 or terminal.child.signalstatus == signal.SIGINT


def test_being_ended_gives_the_terminal_back(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.child.waitnoecho(timeout=10)
    before = terminal.child.getecho()
    terminal.child.kill(signal.SIGTERM)
    terminal.child.expect(pexpect.EOF)
    after = terminal.child.getecho()
    terminal.child.close()

    assert (before, after, terminal.child.exitstatus) == (False, True, 143)
    assert "Traceback" not in str(terminal.child.before)


def test_ctrl_z_suspends_and_the_chat_goes_on(flowmend: Program) -> None:
    shell = pexpect.spawn(
        "bash",
        ["--norc", "--noprofile", "-i"],
        env={"TERM": "xterm", "PATH": os.environ["PATH"], **flowmend.environment},
        encoding="utf-8",
        timeout=20,
    )
    shell.sendline(f"{sys.executable} -m bot chat")
    shell.expect_exact("›")
    shell.sendcontrol("z")
    shell.expect("Stopped")
    shell.sendline("fg")
    shell.expect_exact("›")
    shell.send("401 Unauthorized\r")

    shell.expect_exact("[2]")
    shell.close(force=True)


def test_what_the_desk_says_appears_above_the_prompt(flowmend: Program, terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.paste(PASTE)
    terminal.expect("[2]")
    terminal.type("talk to a person")
    terminal.expect("FM-1")
    terminal.expect("›")
    flowmend.run("tickets", "resolve", "1")

    terminal.expect("solved")
    terminal.expect("›")


def test_no_colours_where_none_are_wanted(flowmend: Program) -> None:
    terminal = Terminal(flowmend, NO_COLOR="1")
    terminal.expect("›")
    terminal.paste(PASTE)
    shown = terminal.expect("[2]")
    terminal.child.close(force=True)

    assert not re.search(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])m", shown)


def test_escapes_that_were_pasted_never_reach_the_terminal(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.paste("401 Unauthorized \x1b]0;owned\x07 from \x1b[2J[bold]SharePoint[/bold]")
    shown = terminal.expect("[2]")

    assert "\x1b]0;owned" not in shown
    assert "\x1b[2J" not in shown


def test_korean_is_typed_and_answered(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.paste("흐름이 401 권한이 없음 오류로 실패해요")
    shown = terminal.expect("아직 실패해요")

    assert "완료" in shown


def test_a_paste_of_ten_thousand_lines_is_read(terminal: Terminal) -> None:
    terminal.expect("›")
    terminal.paste("\n".join([*["x"] * 10_000, PASTE]))

    terminal.expect("(AADSTS50173)")
