"""Slack's end in a process of its own: `python -m tests.bench.slack_api CERTIFICATE`.

It is reached over TLS only, like Slack, and writes the certificate to trust into that file. Its
first line of output is its port; each further one is `MOMENT TS CALLS`: when what answers the
message `TS` was posted, and how many calls there were until then.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import perf_counter
from typing import Any

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_HOST = "127.0.0.1"
_ANSWERS = {
    "auth.test": {"ok": True, "user_id": "UBOT", "bot_id": "BBOT", "team_id": "T1"},
    "users.info": {"ok": True, "user": {"id": "U1", "locale": "en-US"}},
}


async def main(certificate: Path) -> None:
    """Answer until the input ends."""
    calls = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        method, raw = request.match_info["method"], await request.read()
        if method == "chat.postMessage":
            print(perf_counter(), _answered(json.loads(raw)), calls, flush=True)
            return web.json_response({"ok": True, "ts": f"1764{calls:06}.000100"})
        return web.json_response(_ANSWERS.get(method, {"ok": True, "ts": "1.1"}))

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, _HOST, 0, ssl_context=_secured(certificate)).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


def _secured(certificate: Path) -> ssl.SSLContext:
    """Return what a server needs for TLS, and write the `certificate` that clients are to trust."""
    key, name, now = ec.generate_private_key(ec.SECP256R1()), x509.Name([]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(_HOST))]), critical=True
        )
        .sign(key, SHA256())
    )
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with NamedTemporaryFile() as private:
        private.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        private.flush()
        context.load_cert_chain(certificate, private.name)
    return context


def _answered(post: dict[str, Any]) -> str:
    """Return the `ts` of the message that `post` answers: the metadata's, or the thread's."""
    payload = (post.get("metadata") or {}).get("event_payload")
    return str(payload["key"].split(":")[3] if payload else post["thread_ts"])


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
