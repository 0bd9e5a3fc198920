"""Secrets go, everything that a diagnosis needs stays."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.redaction import KINDS, redact
from tests.dialogs.planting import GAP, PEM, SPEECH, planted_texts

GUID = "6e74172b-be56-4843-9ff4-e66a39bb12e3"
RUN = "08585981115186985105550762687CU161"
JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJlLXNpZw"
SIG = "q2Zx7Yt9-bN4kLmP0_sRvWdEfGhJ1uIoXcVbNmAzQ3w"
ENTRA = "k4m8Q~7dWxYzAbCdEfGhIjKlMnOpQrStUvWx.ab"
KEY_LINES = [
    "MIIEpAIBAAKCAQEA7Qk0v3dXhT1zq9f4c2nB5Yw8mKpL6sRj",
    "q8ZtUeGxOaVbNcMdLfKgJhHiPoIuYtReWqAsDfGhJkLz0xCv",
]
HOOK = f"IncomingWebhook/{'a1' * 16}/{GUID}"
STORAGE_KEY = "Zm9vYmFyYmF6cXV4" * 5 + "Zm9vYg=="

HIDDEN: list[tuple[str, str, str]] = [
    # kind, text, what must be gone
    ("access-token", f"Authorization: Bearer {JWT}", "eyJ0eXAi"),
    ("access-token", f'"authorization":"Bearer {JWT[:40]}...', "eyJ0eXAi"),
    ("access-token", f'{{\\"access_token\\":\\"{JWT}\\",\\"expires_in\\":3599}}', "eyJ0eXAi"),
    ("access-token", f"https://app.example/#id_token={JWT}&session_state={GUID}", "eyJ0eXAi"),
    ("access-token", "https://app.example/cb?code=0.AXoAx1y2z3a4b5c6d7e8f9&state=1", "AXoAx1y2"),
    ("access-token", "https://app.example/api?code=Xy12zA34bC56dE78fG90hI==&x=1", "Xy12zA34"),
    ("access-token", "refresh_token=0.AXoAx1y2z3a4b5c6d7e8f9g0h1", "AXoAx1y2"),
    ("access-token", "curl -H 'Authorization: Bearer 9f8e7d6c5b4a39281706f5e4'", "9f8e7d6c"),
    ("access-token", "Authorization: Bearer abcdefghijklmnop", "abcdefgh"),
    ("access-token", "token: 9f8e7d6c5b4a39281706f5e4", "9f8e7d6c"),
    ("access-token", "엑세스 토큰: 9f8e7d6c5b4a39281706f5e4", "9f8e7d6c"),
    ("sas-signature", f"https://prod-1.westeurope.logic.azure.com:443/x?sv=1.0&sig={SIG}", SIG),
    ("sas-signature", f"...&amp;sv=1.0&amp;sig={SIG}", SIG),
    ("sas-signature", f"url=https%3A%2F%2Fprod%3Fsv%3D1.0%26sig%3D{SIG}%26x%3D1", SIG),
    ("sas-signature", f'{{"url":"https://a?sv=1\\u0026sig\\u003d{SIG}"}}', SIG),
    ("sas-signature", f"the sig is {SIG}", SIG),
    ("sas-signature", f'{{"sp": "r", "sig": "{SIG}"}}', SIG),
    ("client-secret", "client_secret=hunter2hunter2&grant_type=client_credentials", "hunter2"),
    ("client-secret", '"clientSecret": "abcdEFGH1234"', "abcdEFGH"),
    ("client-secret", "AZURE_CLIENT_SECRET: 'abc~defghijkl'", "abc~def"),
    ("client-secret", '-ClientSecret "abcdEFGH1234" -TenantId x', "abcdEFGH"),
    ("client-secret", '<add key="ClientSecret" value="abcd1234efgh" />', "abcd1234"),
    ("client-secret", f"we pasted {ENTRA} into the connection", ENTRA),
    ("client-secret", "my client secret is topsecret99", "topsecret"),
    ("client-secret", "클라이언트 시크릿: abcd1234efgh", "abcd1234"),
    ("password", "Password: hunter2", "hunter2"),
    ("password", "password: letmein", "letmein"),
    ("password", "Password:\nhunter2", "hunter2"),
    ("password", "Password is hunter2!", "hunter2"),
    ("password", "my password is Summer2024 and it does not work", "Summer2024"),
    ("password", "user bob / password hunter2 is rejected", "hunter2"),
    ("password", '"password":"correct horse battery"', "horse"),
    ("password", '{\\"password\\":\\"p@ss\\",\\"x\\":1}', "p@ss"),
    ("password", "&quot;password&quot;:&quot;hunter2&quot;,&quot;x&quot;:1", "hunter2"),
    ("password", "pwd=hunter2", "hunter2"),
    ("password", "my pw: hunter2", "hunter2"),
    ("password", "ID/PW: admin / hunter2", "hunter2"),
    ("password", "ID/PW: bob/hunter2", "hunter2"),
    ("password", "DB_PASSWORD=hunter2", "hunter2"),
    ("password", "spring.datasource.password = hunter2", "hunter2"),
    ("password", '"adminPassword": {"value": "hunter2"}', "hunter2"),
    ("password", '{"key":"password","value":"hunter2"}', "hunter2"),
    ("password", "<password>hunter2</password>", "hunter2"),
    ("password", "<b>Password:</b> hunter2", "hunter2"),
    ("password", "**Password:** hunter2", "hunter2"),
    ("password", "| Password | hunter2 |", "hunter2"),
    ("password", "password for bob@contoso.com: hunter2", "hunter2"),
    ("password", "password -> hunter2", "hunter2"),
    ("password", "I changed the password from Summer2023! to Winter2024!", "Winter"),
    ("password", "le nouveau mot de passe (Soleil99) est refusé", "Soleil"),
    ("password", "비밀번호를 qwer1234! 로 바꿨는데", "qwer"),
    ("password", json.dumps({"text": "비밀번호: hunter2"}), "hunter2"),
    ("password", "credentials are bob / hunter2", "hunter2"),
    ("password", "--password hunter2 --tenant x", "hunter2"),
    ("password", "curl -u bob:hunter2 https://example.com", "hunter2"),
    ("password", f"az login --service-principal -u {GUID} -p hunter2hunter --tenant x", "hunter2"),
    ("password", 'ConvertTo-SecureString "letmein" -AsPlainText -Force', "letmein"),
    ("password", "Kennwort: Sommer2024!", "Sommer"),
    ("password", "Passwort lautet Sommer24!", "Sommer"),
    ("password", "mot de passe : Soleil99", "Soleil"),
    ("password", "contraseña: verano2024", "verano"),
    ("password", "la contraseña es verano2024", "verano"),
    ("password", "senha=abc123", "abc123"),
    ("password", "비밀번호: hunter2!", "hunter2"),
    ("password", "비밀번호는 hunter2 입니다", "hunter2"),
    ("password", "비번 abc1234인데 안 돼요", "abc1234"),
    ("password", "パスワード：hunter2", "hunter2"),
    ("password", "パスワードはhunter2です", "hunter2"),
    ("password", "密码是hunter2", "hunter2"),
    ("password", "密碼：abc123", "abc123"),
    ("password", "the password I use is hunter2", "hunter2"),
    ("password", "my password hunter2 is right", "hunter2"),
    ("password", "My password, hunter2, is right", "hunter2"),
    ("password", "the password that we use for the service account is Pa$$w0rd", "Pa$$"),
    ("password", "the password was reset to Welcome1", "Welcome1"),
    ("password", "my pw is hunter2", "hunter2"),
    ("password", "the password \"letmein\" is right", "letmein"),
    ("password", "I use hunter2 as my password", "hunter2"),
    ("password", "Sommer2024! is the right password", "Sommer"),
    ("password", "das Passwort, das ich benutze, ist Sommer2024", "Sommer"),
    ("password", "le mot de passe que j'utilise est Soleil99", "Soleil"),
    ("password", "제가 쓰는 비밀번호는 hunter 입니다", "hunter"),
    ("password", "비밀번호로 qwer1234를 쓰고 있어요", "qwer"),
    ("password", "qwer1234가 제 비밀번호예요", "qwer"),
    ("password", "Authorization: Basic dXNlcjpodW50ZXIy", "dXNlcjpo"),
    ("password", "the header is Basic dXNlcjpodW50ZXIy", "dXNlcjpo"),
    ("connection-string", "Server=x;User ID=bob;Password=S3cret!;Encrypt=True;", "S3cret"),
    ("connection-string", f"AccountName=foo;AccountKey={STORAGE_KEY};EndpointSuffix=x", "Zm9v"),
    ("connection-string", f"key1 is {STORAGE_KEY}", "Zm9v"),
    ("connection-string", "Endpoint=sb://x/;SharedAccessKey=abcd1234abcd1234abcd=", "abcd1234"),
    ("connection-string", "mongodb://user:pa%24s@host/db", "pa%24s"),
    ("connection-string", "postgres://user:p@ss@host:5432/db", "p@ss"),
    ("connection-string", "https://bob:hunter2@example.com/x", "hunter2"),
    ("slack-token", "xoxb-123456789012-123456789012-abcdefghijklmnopqrstuvwx", "abcdefgh"),
    ("slack-token", "xapp-1-A012345-6789-abcdef0123456789", "abcdef01"),
    ("webhook-url", "https://hooks.slack.com/services/T0001/B0002/abcDEF123ghi", "abcDEF123"),
    ("webhook-url", f"https://c.webhook.office.com/webhookb2/{GUID}@{GUID}/{HOOK}", "a1a1a1"),
    ("github-token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefgh"),
    ("github-token", "github_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz", "ABCDEFG0"),
    ("private-key", "\n".join((PEM, *KEY_LINES, PEM.replace("BEGIN", "END"))), KEY_LINES[1]),
    ("private-key", "\\n".join((PEM, *KEY_LINES, PEM.replace("BEGIN", "END"), "")), KEY_LINES[1]),
    ("private-key", "\\\\n".join((PEM, *KEY_LINES)), KEY_LINES[1]),
    ("private-key", " ".join((PEM, *KEY_LINES)), KEY_LINES[1]),
    ("cookie", "Cookie: ESTSAUTH=0.AXoA1; x=y1z2", "y1z2"),
    ("cookie", "Set-Cookie: sid=abc123; path=/; HttpOnly", "abc123"),
    ("cookie", "FedAuth=77u/PD94bWwgdmVyc2lvbj0iMS4wIiBlbmNvZGlu", "77u/PD94"),
    ("cookie", "rtFa\tlvC3zvbC12345678abcdefg\t.sharepoint.com", "lvC3zvbC"),
    ("cookie", '{"name":"ESTSAUTHPERSISTENT","value":"1.AVwA1234567890abcdef"}', "AVwA1234"),
    ("api-key", "AKIAIOSFODNN7EXAMPLE", "IOSFODNN7"),
    ("api-key", "AIzaSyA1234567890abcdefghijklmnopqrstuv", "A1234567"),
    ("api-key", "sk-proj-abcdefghij1234567890", "abcdefghij"),
    ("api-key", "//npm.example.com/:_authToken=npm_abcdefghijklmnopqrstuvwxyz01", "abcdefgh"),
    ("api-key", "x-api-key: 0123456789abcdef0123456789abcdef", "01234567"),
    ("api-key", "Ocp-Apim-Subscription-Key: 0123456789abcdef0123456789abcdef", "01234567"),
]  # fmt: skip

KEPT = [
    "my password was rejected",
    "password: expired",
    "Password: must be changed at next sign-in",
    "Password change required",
    "the right password is not accepted, it is asked again and again",
    "Password authentication failed for user \"bob\"",
    "Kennwort: abgelaufen",
    "mot de passe : expiré",
    "비밀번호가 틀렸다고 나와요",
    "비밀번호: 만료됨",
    "비밀번호를 바꿨더니 401 오류가 납니다",
    "パスワードが違うと言われます",
    "密码已过期",
    "the password I use is right, error 401 Unauthorized",
    "my password works in Office365 but not in the flow",
    "my password was changed and the code is E1234X",
    "the password policy is set to 90 days",
    'click the "password" "Save" button',
    'it calls the password "expired"',
    'presence of the existing Secret "shop-db" (Key Vault)',
    "비밀번호는 OK인데 401이 나요",
    "비밀번호가 AADSTS50126이라고 나와요",
    "wrong password: 401",
    "error for a wrong password: 50126",
    "using password: YES",
    "password=<secret> client_secret=*** token={{token}} password=$PASSWORD pwd=",
    "Password: *** and the user is bob",
    '"password": "", "clientSecret": null, "token": "{{token}}"',
    '"password": "@parameters(\'pw\')"',
    '"password": ["This field is required."]',
    "password=%PASSWORD% --password ${env:SECRET}",
    "password = getpass()",
    '<input type="password" name="passwd" id="i0118">',
    "grant_type=password&username=bob",
    "AADSTS50055: The password is expired.",
    "AADSTS50056: Invalid or null password: password does not exist in the directory.",
    "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent is the client "
    f"secret value, not the client secret ID, for a secret added to app '{GUID}'.",
    f"AADSTS50173: no. Trace ID: {GUID} Correlation ID: {GUID} Timestamp: 2026-11-23 10:10:10Z",
    f"client_secret={GUID}",
    "authScheme:ClientSecret\n##[error]AADSTS7000215: Invalid client secret provided.",
    "for the secret: `AADSTS7000222` is no longer in the logs",
    "Failed to refresh access token for service: office365certificationv2. Correlation Id=x",
    "rotate the client secret of app 'nw-intake' → vault, reminder 30 d before expiry",
    "7000215/7000222 client secret -> app owner",
    "the password of the generic account (flowadmin@) because three people knew it",
    "`Password=`, connection strings, e-mail; 2 things",
    "(integrity sha512-" + "a1B2" * 21 + "aw==)",
    "login|password|permission*|credential*",
    f"secret id {GUID} expired on 11/23/2026",
    f"run {RUN} of flow {GUID} in Default-{GUID}",
    f"https://make.powerautomate.com/environments/Default-{GUID}/flows/{GUID}/runs/{RUN}",
    "https://login.microsoftonline.com/error?code=50173",
    "https://host:8080/path/user@contoso.com",
    f'WWW-Authenticate: Bearer authorization_uri="https://login.windows.net/{GUID}"',
    'Bearer error="invalid_token", error_description="The access token expired"',
    "System.Web, Version=4.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
    "Authorization: Bearer authentication failed",
    "the client secret is expired since 2024",
    "basic authentication is disabled",
    "cookie: I cleared them all",
    "Token: expired",
    "Unexpected token: punc (})",
    "the key vault refuses the API key",
    "bob@contoso.com signed in at 2026-11-23T10:10:10.1234567Z with 1.27.6+g9f62afb",
    f"x-ms-client-request-id: {GUID}",
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "secret"), HIDDEN)
def test_secret_is_hidden_and_named(kind: str, text: str, secret: str) -> None:
    redacted = redact(text)

    assert secret not in redacted.text
    assert kind in redacted.secrets
    assert f"[hidden: {kind.replace('-', ' ')}]" in redacted.text


@pytest.mark.parametrize(("kind", "text", "secret"), HIDDEN)
def test_hiding_twice_finds_nothing_more(kind: str, text: str, secret: str) -> None:
    once = redact(text)

    twice = redact(once.text)

    assert (twice.text, twice.secrets) == (once.text, ())


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_secret_stays(text: str) -> None:
    redacted = redact(text)

    assert (redacted.text, redacted.secrets) == (text, ())


def test_kinds_are_named_once_in_the_order_of_the_text() -> None:
    redacted = redact(f"password: hunter2 then Bearer {JWT} and password: hunter3")

    assert redacted.secrets == ("password", "access-token")


def test_what_stands_around_a_secret_stays() -> None:
    redacted = redact(f"https://a?sv=1&sig={SIG}&id={GUID}, run {RUN}")

    assert redacted.text == f"https://a?sv=1&sig=[hidden: sas signature]&id={GUID}, run {RUN}"


@given(planted_texts())
def test_planted_secret_never_survives(planted: tuple[str, str]) -> None:
    text, secret = planted

    redacted = redact(text)

    assert secret not in redacted.text
    assert redacted.secrets


@given(planted_texts())
def test_planted_secret_never_survives_inside_json(planted: tuple[str, str]) -> None:
    text, secret = planted

    once = redact(json.dumps({"message": text}))
    twice = redact(json.dumps(json.dumps({"message": text}, ensure_ascii=False)))

    assert secret not in once.text
    assert secret not in twice.text


@given(st.one_of(planted_texts().map(lambda planted: planted[0]), SPEECH, st.text()))
def test_hiding_is_done_once(text: str) -> None:
    once = redact(text)

    twice = redact(once.text)

    assert (twice.text, twice.secrets) == (once.text, ())
    assert set(once.secrets) <= set(KINDS)


_GUIDS = st.uuids().map(str)
_RUNS = st.integers(10**25, 10**26 - 1).map(lambda number: f"085{number}CU17")
_LABELS = st.sampled_from(
    ["ID", "Correlation Id: ID", '"clientRequestId":"ID"', "Default-ID", "trace-id=ID", "'ID'"]
)
_IDS = st.tuples(_LABELS, st.one_of(_GUIDS, _RUNS))


@given(SPEECH, GAP, _IDS, GAP, SPEECH)
def test_ids_always_survive(
    before: str, gap: str, labelled: tuple[str, str], other_gap: str, after: str
) -> None:
    label, id = labelled

    redacted = redact(before + gap + label.replace("ID", id, 1) + other_gap + after)

    assert id in redacted.text


@given(planted_texts(), _IDS, st.booleans())
def test_ids_survive_beside_secrets(
    planted: tuple[str, str], labelled: tuple[str, str], first: bool
) -> None:
    label, id = labelled
    written = label.replace("ID", id, 1)

    redacted = redact(f"{written}\n\n{planted[0]}" if first else f"{planted[0]}\n\nand {written}")

    assert id in redacted.text


def test_the_text_of_an_ordinary_message_is_the_same_object() -> None:
    text = "my flow fails with 401 since I changed my password"

    assert redact(text).text is text
