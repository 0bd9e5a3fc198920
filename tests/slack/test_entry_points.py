"""Shortcut, command, home and agent: what one person sees and nobody else."""

from __future__ import annotations

import pytest

from tests.slack import bodies
from tests.slack.town import PASTE, Town
from tests.slack.web_api import Trouble
from tests.slack.workspace import MENTION, labels

OWN = "MissingConnectionReference: connection reference is missing"
"""Nobody but the requester can repair this."""


def words(blocks: list[bodies.Json]) -> str:
    return repr(blocks)


async def test_the_shortcut_opens_a_window_with_the_verdict(slack: Town) -> None:
    on = bodies.message("U2", "C9", PASTE, "1764000001.000100")

    await slack.workspace.interact(bodies.shortcut("U1", "C9", on, slack.api.url))

    await slack.eventually(lambda: slack.api.views)
    (opened,) = slack.api.views
    assert opened["view"]["title"]["text"] == "What this message says"
    assert "AADSTS50173" in words(opened["view"]["blocks"])
    assert not labels(opened["view"]), "nothing begins"
    assert not await slack.thread("C9")


async def test_the_shortcut_reads_what_other_bots_wrote(slack: Town) -> None:
    on = {
        **bodies.message("U2", "C9", "", "1764000001.000100", bot_id="B9"),
        "attachments": [{"title": "Flow failed", "fields": [{"title": "Error", "value": PASTE}]}],
    }

    await slack.workspace.interact(bodies.shortcut("U1", "C9", on, slack.api.url))

    await slack.eventually(lambda: slack.api.views)
    assert "AADSTS50173" in words(slack.api.views[0]["view"]["blocks"])


async def test_too_late_for_a_window_it_is_said_beside(slack: Town) -> None:
    slack.api.troubles["views.open"] = [Trouble(error="expired_trigger_id")]
    on = bodies.message("U2", "C9", PASTE, "1764000001.000100")

    await slack.workspace.interact(bodies.shortcut("U1", "C9", on, slack.api.url))

    await slack.eventually(lambda: slack.api.whispered)
    told = slack.api.whispered[0]
    assert told["response_type"] == "ephemeral"
    assert "AADSTS50173" in told["text"]


async def test_a_press_that_is_not_theirs_is_told_to_them_alone(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {OWN}")
    (card,) = await slack.thread("C1")

    await slack.workspace.presses("U2", "C1", card, "Done")

    await slack.eventually(lambda: slack.api.whispered)
    assert "for the person who asked" in slack.api.whispered[0]["text"]
    assert slack.api.whispered[0]["replace_original"] is False
    assert len(await slack.thread("C1")) == 1


async def test_without_a_way_to_respond_it_is_an_ephemeral_message(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {OWN}")
    (card,) = await slack.thread("C1")
    done = next(it for it in card["blocks"][-1]["elements"] if it["text"]["text"] == "Done")
    body = bodies.press("U2", "C1", card, done, slack.api.url)

    await slack.workspace.interact({**body, "response_url": "http://127.0.0.1:9/gone"})

    await slack.eventually(lambda: slack.api.whispered)
    told = slack.api.whispered[0]
    assert (told["channel"], told["user"]) == ("C1", "U2")
    assert told["thread_ts"] == card["thread_ts"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("explain AADSTS50173", "Fix connection"),
        ("explain 429", "429"),
        ("설명 AADSTS50173", "Fix connection"),
        ("explain AADSTS99999999", "no such code"),
        ("explain", "no such code"),
        ("help", "mention me in a channel"),
        ("", "mention me in a channel"),
        ("status", "Nothing is open"),
        (PASTE, "AADSTS50173"),
        ("how do I bake bread", "No sign-in failure"),
        ("상태", "Nothing is open"),
    ],
)
async def test_the_command_answers_whoever_typed_it_alone(
    slack: Town, typed: str, said: str
) -> None:
    shown = await slack.workspace.commands("U1", typed)

    assert shown["response_type"] == "ephemeral"
    assert said in shown["text"]
    assert shown["blocks"]
    assert not await slack.thread("C1")
    assert not slack.api.whispered


async def test_status_names_what_is_open(slack: Town) -> None:
    await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.workspace.says("U2", "C1", f"{MENTION} AADSTS50076")
    await slack.workspace.says("U1", "D1", "talk to a person")
    await slack.quiet()

    shown = await slack.workspace.commands("U1", "status")

    assert "Step 1 of" in shown["text"]
    assert "FM-1" in shown["text"]
    assert len(shown["blocks"]) == 3, "a title and two cases"


async def test_the_command_speaks_the_persons_language(slack: Town) -> None:
    slack.api.locales["U7"] = "ko-KR"

    assert "비밀번호" in (await slack.workspace.commands("U7", "explain AADSTS50173"))["text"]
    assert "멘션" in (await slack.workspace.commands("U7", "help"))["text"]


async def test_the_home_lists_open_cases_with_a_way_to_each(slack: Town) -> None:
    said = await slack.workspace.says("U1", "C1", f"{MENTION} {PASTE}")
    await slack.quiet()

    await slack.workspace.event(bodies.envelope(bodies.home_opened("U1", "D1", "home")))

    await slack.eventually(lambda: slack.api.homes)
    home = slack.api.homes["U1"]
    assert home["type"] == "home"
    assert "write to me under" in words(home["blocks"]), "nothing can be pasted into the home"
    assert "Step 1 of" in words(home["blocks"])
    links = [e["url"] for b in home["blocks"] for e in b.get("elements", ()) if "url" in e]
    assert links == [f"https://t.slack.com/archives/C1/p{said['ts']}"]


async def test_the_home_of_somebody_without_a_case(slack: Town) -> None:
    slack.api.locales["U7"] = "ko-KR"

    await slack.workspace.event(bodies.envelope(bodies.home_opened("U7", "D7", "home")))

    await slack.eventually(lambda: slack.api.homes)
    assert "진행 중인 문제" in words(slack.api.homes["U7"]["blocks"])
    assert not [person async for person in slack.store.people()], "looking leaves nothing"


async def test_whoever_opens_the_chat_is_shown_what_to_say(slack: Town) -> None:
    await slack.workspace.event(bodies.envelope(bodies.home_opened("U1", "D1", "messages")))

    await slack.eventually(lambda: slack.api.asked("assistant.threads.setSuggestedPrompts"))
    (asked,) = slack.api.asked("assistant.threads.setSuggestedPrompts")
    assert asked["channel_id"] == "D1"
    assert 1 <= len(asked["prompts"]) <= 4
    assert not await slack.thread("D1")


async def test_slack_is_told_how_a_case_stands(slack: Town) -> None:
    said = await slack.workspace.says("U1", "D1", PASTE)
    await slack.quiet()
    await slack.workspace.says("U1", "D1", "talk to a person", said["ts"])

    def told() -> list[str]:
        return [it["status"] for it in slack.api.asked("agents.sessions.setStatus")]

    await slack.eventually(lambda: told() == ["active", "suspended"])
    await slack.quiet()
    await slack.workspace.says("U1", "D1", "start over", said["ts"])
    await slack.eventually(lambda: told() == ["active", "suspended", "closed"])
    assert slack.api.asked("agents.sessions.setStatus")[0]["thread_ts"] == said["ts"]


async def test_whoever_stops_the_agent_sees_how_the_case_stands(slack: Town) -> None:
    said = await slack.workspace.says("U1", "D1", PASTE)
    await slack.eventually(lambda: slack.api.asked("agents.sessions.setStatus"))

    await slack.workspace.event(bodies.envelope(bodies.stopped("U1", "D1", said["ts"])))

    await slack.eventually(lambda: len(slack.api.asked("agents.sessions.setStatus")) == 2)
    assert {status for status, _ in slack.workspace.answers} == {200}


async def test_agents_that_are_not_to_be_had_disturb_nothing(slack: Town) -> None:
    slack.api.troubles["agents.sessions.setStatus"] = [Trouble(error="unknown_method")]

    await slack.workspace.says("U1", "D1", PASTE)

    assert len(await slack.thread("D1")) == 1
