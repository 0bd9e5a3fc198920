"""Files of a new language."""

from __future__ import annotations

import tomllib

from bot.commands.template import template

KNOWN: dict[str, object] = {
    "title": 'A "title"',
    "months": ["Jan", "Feb"],
    "steps.one.say": "Open **Connections** \\ now.",
    "steps.one.send": 'Hello,\n\nplease "sign in".\n',
    "steps.two.say": "Wait.",
}


def test_as_laid_out_it_says_nothing() -> None:
    assert tomllib.loads(template("about", KNOWN)) == {"steps": {"one": {}, "two": {}}}


def test_uncommented_it_holds_every_english_text() -> None:
    laid_out = template("about", KNOWN).split("\n", 2)[2]
    uncommented = "\n".join(
        line.removeprefix("#").removeprefix(" ") for line in laid_out.split("\n")
    )

    assert tomllib.loads(uncommented) == {
        "title": 'A "title"',
        "months": ["Jan", "Feb"],
        "steps": {
            "one": {"say": "Open **Connections** \\ now.", "send": 'Hello,\n\nplease "sign in".\n'},
            "two": {"say": "Wait."},
        },
    }
