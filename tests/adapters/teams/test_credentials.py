"""Tokens for what is sent: from which credential, how often, and what happens without."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from adapters.base import TryLater
from adapters.teams.credentials import App, Tokens, thumbprint, token_of
from tests.adapters.teams.bodies import APP, TENANT
from tests.adapters.teams.microsoft import new_key


@dataclass
class Source:
    """Gives token after token, or throws what it is told to."""

    asked: int = 0
    error: Exception | None = None
    now: float = field(default=1000.0)

    def __call__(self) -> str:
        self.asked += 1
        if self.error:
            raise self.error
        return f"token-{self.asked}"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key, name = new_key(), x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=3650))
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = tmp_path / "bot.pem"
    file.write_bytes(private + made.public_bytes(Encoding.PEM))
    return file


@pytest.mark.parametrize(
    ("app", "tenant"),
    [
        (App(id=APP, tenant=TENANT, password="a-secret"), TENANT),
        (App(id=APP, type="MultiTenant", tenant=TENANT, password="a-secret"), "botframework.com"),
    ],
)
def test_a_secret_is_used_at_the_tenant_that_it_is_of(app: App, tenant: str) -> None:
    found = getattr(token_of(app), "__self__")  # noqa: B009 - the type checker sees a function

    assert type(found).__name__ == "MicrosoftAppCredentials"
    assert found.oauth_endpoint.endswith(f"/{tenant}")
    assert "a-secret" not in repr(app)


def test_a_managed_identity_has_no_secret() -> None:
    found = getattr(token_of(App(id=APP, type="UserAssignedMSI", tenant=TENANT)), "__self__")  # noqa: B009

    assert type(found).__name__ == "ManagedIdentityAppCredentials"


def test_a_certificate_is_known_by_its_thumbprint(certificate: Path) -> None:
    app = App(id=APP, tenant=TENANT, certificate=certificate)

    found = getattr(token_of(app), "__self__")  # noqa: B009

    assert type(found).__name__ == "CertificateAppCredentials"
    assert found.certificate_thumbprint == thumbprint(certificate.read_text())
    assert len(found.certificate_thumbprint) == 40


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")

    with pytest.raises(ValueError, match="PEM"):
        token_of(App(id=APP, tenant=TENANT, certificate=tmp_path / "x.pem"))


async def test_the_library_is_asked_now_and_then() -> None:
    source = Source()
    tokens = Tokens(source, lambda: source.now)

    for _ in range(3):
        assert await tokens.headers() == {"Authorization": "Bearer token-1"}
    source.now += 121

    assert await tokens.headers() == {"Authorization": "Bearer token-2"}


async def test_an_old_token_is_used_while_no_new_one_is_to_be_had() -> None:
    source = Source()
    tokens = Tokens(source, lambda: source.now)
    await tokens.headers()
    source.now += 121
    source.error = ConnectionError("x")

    assert await tokens.headers() == {"Authorization": "Bearer token-1"}


@pytest.mark.parametrize(
    "error", [PermissionError("a-secret"), ValueError("a-secret"), KeyError("access_token")]
)
async def test_without_any_token_it_is_tried_again(error: Exception) -> None:
    tokens = Tokens(Source(error=error), lambda: 1000.0)

    with pytest.raises(TryLater, match=type(error).__name__) as caught:
        await tokens.headers()

    assert "a-secret" not in str(caught.value)


async def test_a_developers_bot_proves_nothing() -> None:
    assert await Tokens(None, lambda: 0.0).headers() == {}
