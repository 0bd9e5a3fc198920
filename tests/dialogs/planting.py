"""Invented secrets of every kind, planted into arbitrary texts."""

from __future__ import annotations

import base64
import hashlib
import json

from hypothesis import strategies as st

PEM = "-----BEGIN RSA PRIVATE KEY-----"
_ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _run(size: int, alphabet: str = _ALNUM) -> st.SearchStrategy[str]:
    """Draw what a generator of tokens would make: no character is likelier than another."""

    def token(seed: int) -> str:
        digits = int.from_bytes(hashlib.shake_256(seed.to_bytes(8)).digest(2 * size))
        return "".join(alphabet[digits // len(alphabet) ** n % len(alphabet)] for n in range(size))

    return st.integers(0, 2**64 - 1).map(token)


def _filled(template: str, secret: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, str]]:
    return secret.map(lambda value: (template.replace("SECRET", value), value))


_PASSWORD = st.from_regex(r"[A-Za-z]{5,12}[0-9]{3,5}[!#%*+?]", fullmatch=True)


def _part(claims: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")


_CLAIMS = st.dictionaries(st.text(max_size=5), st.integers(), max_size=3)
_JWT = st.builds(
    lambda claims, end: f"{_part({'typ': 'JWT'})}.{_part(claims)}.{end}", _CLAIMS, _run(43)
)
_BASIC = _PASSWORD.map(lambda value: base64.b64encode(f"user:{value}".encode()).decode())

PLANTED: dict[str, st.SearchStrategy[tuple[str, str]]] = {
    "jwt": _filled("SECRET", _JWT),
    "bearer": _filled("Authorization: Bearer SECRET", _run(40)),
    "sas": _filled("https://x.logic.azure.com/a?sv=1.0&sig=SECRET", _run(43)),
    "sas in mail": _filled("&amp;sig=SECRET&amp;x=1", _run(43)),
    "client secret": _filled("client_secret=SECRET", _run(34)),
    "client secret in JSON": _filled('"clientSecret": "SECRET"', _run(34)),
    "entra value": _filled("SECRET", _run(34).map(lambda v: v[:3] + "8Q~" + v)),
    "password": _filled("Password: SECRET", _PASSWORD),
    "password said": _filled("my password is SECRET", _PASSWORD),
    "password told": _filled("the password that I use is SECRET", _PASSWORD),
    "password first": _filled("with SECRET as my password", _PASSWORD),
    "password in JSON": _filled('"password":"SECRET"', _PASSWORD),
    "password in Korean": _filled("비밀번호: SECRET", _PASSWORD),
    "connection string": _filled("Server=x;Uid=bob;Pwd=SECRET;Encrypt=True", _PASSWORD),
    "storage key": _filled("AccountKey=SECRET", _run(86).map(lambda v: v + "==")),
    "userinfo": _filled("postgres://bob:SECRET@db.example/x", _run(12)),
    "slack": _filled("SECRET", _run(24, _ALNUM.lower()).map(lambda v: f"xoxb-123456789012-{v}")),
    "slack hook": _filled("https://hooks.slack.com/services/T01ABC/B02DEF/SECRET", _run(24)),
    "github": _filled("SECRET", _run(36).map(lambda v: "ghp_" + v)),
    "aws": _filled("SECRET", _run(16, _ALNUM[26:]).map(lambda v: "AKIA" + v)),
    "npm": _filled("//npm.example.com/:_authToken=SECRET", _run(36).map(lambda v: "npm_" + v)),
    "stripe": _filled("SECRET", _run(24).map(lambda v: "sk_live_" + v)),
    "sendgrid": _filled("SECRET", _run(65).map(lambda v: f"SG.{v[:22]}.{v[22:]}")),
    "private key": _filled(f"{PEM}\nSECRET\n{PEM.replace('BEGIN', 'END')}", _run(64)),
    "cut private key": _filled(f"{PEM}\\nSECRET", _run(64)),
    "cookie": _filled("Cookie: a=1; ESTSAUTH=SECRET", _run(40)),
    "basic": _filled("Authorization: Basic SECRET", _BASIC),
}  # fmt: skip

_WORDS = st.sampled_from(
    [
        "my", "password", "Password:", "token", "secret", "is", "was", "rejected", "401", "Bearer",
        "connection", "비밀번호", "パスワード:", "key", "api key:", "client secret", "=", ":", '"',
        "'", "{", "}", "\\n", "AADSTS50126:", "pwd", "for", "user", "bob@contoso.com", "and", "\n",
        "cookies", "basic", "sig", "[hidden: password]", "https://example.com/a?b=c", "Sommer",
    ]
)  # fmt: skip
SPEECH = st.lists(_WORDS, max_size=12).map(" ".join)
_SURROUNDINGS = st.one_of(st.text(max_size=60), SPEECH)
GAP = st.sampled_from([" ", "\n", "\t", " \n ", "\r\n", " … "])


@st.composite
def planted_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a text with a secret somewhere in it, and the secret."""
    form, secret = draw(st.sampled_from(sorted(PLANTED)).flatmap(PLANTED.__getitem__))
    before, after = draw(_SURROUNDINGS), draw(_SURROUNDINGS)
    return before + draw(GAP) + form + draw(GAP) + after, secret
