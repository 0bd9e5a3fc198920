"""Who gets in: Microsoft's service, and nobody who only says so."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.teams.bearer import Bearer, ForgedError
from adapters.teams.keys import KeysUnavailableError, SigningKeys
from dialogs.events import Said
from tests.adapters.teams.bodies import APP
from tests.adapters.teams.conftest import World, world_with
from tests.adapters.teams.microsoft import Microsoft, new_key

EVIL = new_key()
NOW = int(time.time())
Forge = Callable[[Microsoft], str]


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _raw(header: dict[str, Any], claims: object, signature: bytes = b"") -> str:
    parts = (_b64(json.dumps(it).encode()) for it in (header, claims))
    return f"Bearer {'.'.join(parts)}.{_b64(signature)}"


def _hs256(secret: bytes) -> Forge:
    def forge(there: Microsoft) -> str:
        head = {"alg": "HS256", "typ": "JWT", "kid": "k1"}
        parts = ".".join(_b64(json.dumps(it).encode()) for it in (head, there.claims()))
        signed = hmac.new(secret, parts.encode(), hashlib.sha256).digest()
        return f"Bearer {parts}.{_b64(signed)}"

    return forge


def _public(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _tampered(there: Microsoft) -> str:
    head, _, signature = there.bearer().removeprefix("Bearer ").split(".")
    return f"Bearer {head}.{_b64(json.dumps(there.claims(aud='other')).encode())}.{signature}"


def _with(**claims: Any) -> Forge:
    return lambda there: there.bearer(**claims)


def _text(text: str) -> Forge:
    return lambda _: text


FORGED: dict[str, Forge] = {
    "no header": _text(""),
    "no token": _text("Bearer"),
    "an empty token": _text("Bearer "),
    "three letters": _text("Bearer x.y.z"),
    "two parts": _text("Bearer aaaa.bbbb"),
    "not base64": _text("Bearer a?.b!.c$"),
    "another scheme": lambda there: there.bearer().replace("Bearer", "Basic"),
    "small letters": lambda there: there.bearer().replace("Bearer", "bearer"),
    "two blanks": lambda there: there.bearer().replace("Bearer ", "Bearer  "),
    "two tokens": lambda there: f"{there.bearer()} {there.bearer()}",
    "a very long token": _text(f"Bearer {'a' * 6000}.{'b' * 600}.c"),
    "expired": _with(exp=NOW - 3600),
    "expired beyond the leeway": _with(exp=NOW - 400),
    "not valid yet": _with(nbf=NOW + 3600),
    "no exp": _with(exp=None),
    "exp is a word": _with(exp="tomorrow"),
    "another audience": _with(aud="99999999-9999-4999-8999-999999999999"),
    "no audience": _with(aud=None),
    "several audiences": lambda there: there.bearer(aud=[there.claims()["aud"], "other"]),
    "another issuer": _with(iss="https://evil.example"),
    "no issuer": _with(iss=None),
    "the emulator's issuer": _with(
        iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/", ver="1.0", appid="x"
    ),
    "another service": _with(serviceurl="https://evil.example/"),
    "the service without its slash": lambda there: there.bearer(
        serviceurl=there.service.rstrip("/")
    ),
    "no service": _with(serviceurl=None),
    "the service as a list": lambda there: there.bearer(serviceurl=[there.service]),
    "alg none": lambda there: _raw({"alg": "none", "kid": "k1"}, there.claims()),
    "alg none in capitals": lambda there: _raw({"alg": "NONE", "kid": "k1"}, there.claims()),
    "no alg": lambda there: _raw({"kid": "k1"}, there.claims(), b"x"),
    "claims that are a list": lambda there: _raw({"alg": "RS256", "kid": "k1"}, ["x"], b"x"),
    "HS256 with the public key": lambda there: _hs256(_public(there.key))(there),
    "HS256 with an empty key": _hs256(b""),
    "another key under our id": lambda there: there.bearer(key=EVIL),
    "an unknown key": lambda there: there.bearer(key=EVIL, kid="zzz"),
    "no key id": lambda there: there.bearer(kid=None),
    "a key id that is a path": lambda there: there.bearer(kid="../../keys"),
    "changed claims": _tampered,
    "a key that is not endorsed for Teams": lambda there: there.bearer(kid="webchat-only"),
    "a key without endorsements": lambda there: there.bearer(kid="bare"),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_forged_callers_are_refused(
    world: World, forge: Forge, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.teams.publish(world.teams.key, "webchat-only", ["webchat"])
    world.teams.publish(world.teams.key, "bare", None)

    response = await world.post(world.teams.message("a secret text"), forge(world.teams))

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not world.bot.heard
    assert "Traceback" not in await response.text()
    assert "a secret text" not in caplog.text


@pytest.mark.parametrize(
    "claims",
    [{}, {"nbf": None}, {"serviceUrl": "ignored"}],
    ids=["as usual", "no nbf", "one claim more"],
)
async def test_microsoft_gets_in(world: World, claims: dict[str, Any]) -> None:
    response = await world.post(world.teams.message("hello"), world.teams.bearer(**claims))

    assert response.status == 200
    assert [event.text for event in world.bot.heard if isinstance(event, Said)] == ["hello"]


async def test_a_clock_that_is_a_little_ahead_keeps_nobody_out(world: World) -> None:
    ended = int(time.time()) - 200
    response = await world.post(world.teams.message("hello"), world.teams.bearer(exp=ended))

    assert response.status == 200


@pytest.mark.parametrize(
    "envelope",
    [
        {"serviceUrl": None},
        {"serviceUrl": "https://evil.example/"},
        {"serviceUrl": ""},
        {"channelId": None},
        {"channelId": "directline"},
        {"channelId": "emulator"},
    ],
)
async def test_an_envelope_that_its_token_does_not_speak_for(
    world: World, envelope: dict[str, Any]
) -> None:
    response = await world.post({**world.teams.message(), **envelope})

    assert response.status == 401
    assert not world.bot.heard


async def test_a_token_for_a_host_that_is_not_microsofts(world: World) -> None:
    evil = "https://smba.trafficmanager.net.evil.example/"
    body = {**world.teams.message(), "serviceUrl": evil}

    assert (await world.post(body, world.teams.bearer(serviceurl=evil))).status == 401


async def test_this_machine_is_no_service_but_for_developers(teams: Microsoft) -> None:
    async with world_with(teams, loopback=False) as world:
        assert (await world.post(teams.message())).status == 401


async def test_other_tenants_are_not_served(world: World) -> None:
    body = world.teams.message(channelData={"tenant": {"id": "33333333"}})

    assert (await world.post(body)).status == 403
    assert not world.bot.heard


async def test_without_the_keys_microsoft_is_told_to_come_again(world: World) -> None:
    world.teams.down = True

    response = await world.post(world.teams.message())

    assert response.status == 503
    assert int(response.headers["Retry-After"]) >= 1


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_a_new_key_is_fetched_when_it_is_used_first(teams: Microsoft) -> None:
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, clock)
        assert await keys.get("k1")
        teams.publish(EVIL, "k9", ["msteams"])

        assert await keys.get("k9") is None, "not more than once a minute"
        clock.now += 61
        assert await keys.get("k9")
        assert teams.fetched == 2


async def test_a_known_token_ends_when_it_ends(teams: Microsoft) -> None:
    begun = datetime.now(UTC)
    clock = {"now": begun}
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, Clock())
        bearer = Bearer(APP, keys, lambda: clock["now"])
        token = teams.bearer(exp=int(time.time()) - 297)
        assert await bearer.service_of(token) == teams.service
        assert await bearer.service_of(token) == teams.service
        await asyncio.sleep(4)
        clock["now"] = begun + timedelta(seconds=4)

        with pytest.raises(ForgedError):
            await bearer.service_of(token)


async def test_a_known_token_is_worth_nothing_without_its_key(teams: Microsoft) -> None:
    clock, now = Clock(), datetime.now(UTC)
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, clock)
        bearer = Bearer(APP, keys, lambda: now)
        token = teams.bearer()
        assert await bearer.service_of(token) == teams.service
        teams.keys.clear()
        teams.publish(EVIL, "k2", ["msteams"])
        clock.now += 25 * 3600

        with pytest.raises(ForgedError):
            await bearer.service_of(token)


async def test_many_first_callers_wait_for_one_fetch(world: World) -> None:
    bodies = [world.teams.message(id=f"m-{n}") for n in range(20)]

    responses = await asyncio.gather(*map(world.post, bodies))

    assert {response.status for response in responses} == {200}
    assert world.teams.fetched == 1


async def test_unknown_keys_are_no_way_to_keep_us_busy(teams: Microsoft) -> None:
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, clock)
        for number in range(50):
            assert await keys.get(f"unknown-{number}") is None

    assert teams.fetched == 1


async def test_old_keys_stay_good_while_no_new_ones_are_to_be_had(teams: Microsoft) -> None:
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, clock)
        assert await keys.get("k1")
        teams.down = True
        clock.now += 25 * 3600

        assert await keys.get("k1")


async def test_withdrawn_keys_are_forgotten(teams: Microsoft) -> None:
    clock = Clock()
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, clock)
        assert await keys.get("k1")
        teams.keys.clear()
        teams.publish(EVIL, "k2", ["msteams"])
        clock.now += 25 * 3600

        assert await keys.get("k1") is None


async def test_keys_that_are_rubbish_are_none(teams: Microsoft) -> None:
    teams.keys[:] = [{"kty": "RSA", "kid": "k1", "n": "!", "e": "AQAB"}, {"kty": "EC"}]
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys(f"{teams.url}/metadata", lambda: session, Clock())

        with pytest.raises(KeysUnavailableError):
            await keys.get("k1")
