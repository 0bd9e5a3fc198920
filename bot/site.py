"""The few pages that a platform's directory links to: what this is, what it keeps, the terms."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from aiohttp import web

_Shows = Callable[[web.Request], Awaitable[web.Response]]

_PAGES = {
    "/": (
        "Flowmend",
        "Tells why a Power Automate flow cannot sign in, who can fix it, and where to click.",
        "Power Automate 흐름이 왜 로그인하지 못하는지, 누가 고칠 수 있는지, "
        "어디를 눌러야 하는지 알려 드려요.",
    ),
    "/privacy": (
        "Flowmend: privacy",
        "What you write to the bot is kept so that it can go on where you stood, and is passed to "
        "your support team when you ask for a person. Secrets are hidden before anything is kept. "
        "It is kept by your own organisation, on its own database, and by nobody else. "
        "Write “forget me” to the bot, and everything about you is deleted at once.",
        "봇에게 보낸 내용은 대화를 이어가는 데 쓰려고 보관하고, "
        "담당자를 찾으시면 지원 팀에 전달해요. "
        "비밀번호나 토큰 같은 비밀 정보는 보관하기 전에 가려요. "
        "내용은 소속 조직의 데이터베이스에만 보관돼요. "
        "봇에게 “내 정보 삭제”라고 보내시면 모두 바로 지워요.",
    ),
    "/terms": (
        "Flowmend: terms",
        "The bot is run by your own organisation, for its own people; its rules for the use of "
        "IT services apply. What it says is advice: the portal's own words decide.",
        "이 봇은 소속 조직이 구성원을 위해 운영하며, 조직의 IT 서비스 이용 규칙이 적용돼요. "
        "봇의 안내는 조언이고, 실제 화면의 내용이 우선해요.",
    ),
}
_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;"
    "color-scheme:light dark}h1{font-size:1.5rem}"
)


def add_pages(app: web.Application) -> None:
    """Add them to `app`."""
    for path, words in _PAGES.items():
        app.router.add_get(path, _shower(*words))


def _shower(title: str, english: str, korean: str) -> _Shows:
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1><p>{escape(english)}</p>"
        f'<p lang="ko">{escape(korean)}</p></html>'
    )

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    return show
