"""A line editor for a person at a terminal."""

from __future__ import annotations

from prompt_toolkit import PromptSession
from prompt_toolkit.output import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.patch_stdout import patch_stdout

from adapters.console.interrupted import Interrupted

_PROMPT = "› "


class Prompt:
    """Asks for one message at a time; a paste of many lines is one message.

    What was typed is remembered for the arrow keys until the chat ends, and never on disk.
    """

    def __init__(self) -> None:
        output = create_output()
        if isinstance(output, Vt100_Output):
            output.enable_cpr = False  # some terminals answer it with a warning on the screen
        self._session: PromptSession[str] = PromptSession(
            output=output, interrupt_exception=Interrupted, enable_suspend=True
        )

    async def read(self) -> str | None:
        """Return the next message; None after Ctrl-D. Raises `Interrupted`."""
        try:
            with patch_stdout(raw=True):
                return await self._session.prompt_async(_PROMPT)
        except EOFError:
            return None
