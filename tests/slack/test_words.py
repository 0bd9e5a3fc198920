"""People's words, both ways, and their language."""

from __future__ import annotations

from tests.slack.town import PASTE, Town
from tests.slack.workspace import labels


async def test_escaped_words_and_links_are_read_as_they_were_typed(slack: Town) -> None:
    run = (
        "https://make.powerautomate.com/environments/Default-0a1b2c3d-0000-4000-8000-000000000001"
        "/flows/0a1b2c3d-0000-4000-8000-000000000002/runs/08584000000000000000000000000CU01"
    )
    await slack.workspace.says("U1", "D1", f"<Status> & 401: {PASTE} {run}")

    (answer,) = await slack.thread("D1")
    links = [b for block in answer["blocks"] for b in block.get("elements", ()) if "url" in b]
    assert run in [link["url"] for link in links]


async def test_what_people_write_never_becomes_markup(slack: Town) -> None:
    await slack.workspace.says("U1", "D1", f"Flow '*x* <!channel> `y`' failed: {PASTE} & <@U2>")

    (answer,) = await slack.thread("D1")
    assert "<!" not in answer["text"]
    assert not answer["mrkdwn"]
    assert {block["type"] for block in answer["blocks"]} <= {"rich_text", "section", "actions"}
    for block in answer["blocks"]:
        assert all(field["type"] == "plain_text" for field in block.get("fields", ()))


async def test_korean_by_the_persons_locale(slack: Town) -> None:
    slack.api.locales["U7"] = "ko-KR"

    await slack.workspace.says("U7", "D7", "AADSTS50173")
    await slack.workspace.says("U7", "D7", "AADSTS50076")

    first, _ = await slack.thread("D7")
    assert "완료" in labels(first)
    assert len(slack.api.asked("users.info")) == 1, "asked for once"
