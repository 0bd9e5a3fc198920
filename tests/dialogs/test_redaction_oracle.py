"""A kept secret scanner reads what was redacted and finds nothing."""

from __future__ import annotations

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.basic_auth import BasicAuthDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.gitlab_token import GitLabTokenDetector
from detect_secrets.plugins.jwt import JwtTokenDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.openai import OpenAIDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.pypi_token import PypiTokenDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.stripe import StripeDetector
from hypothesis import given
from hypothesis import strategies as st

from dialogs.redaction import redact
from tests.dialogs.planting import PLANTED, planted_texts
from tests.dialogs.test_redaction import HIDDEN

SCANNERS = (
    AWSKeyDetector(),
    AzureStorageKeyDetector(),
    BasicAuthDetector(),
    GitHubTokenDetector(),
    GitLabTokenDetector(),
    JwtTokenDetector(),
    NpmDetector(),
    OpenAIDetector(),
    PrivateKeyDetector(),
    PypiTokenDetector(),
    SendGridDetector(),
    SlackDetector(),
    StripeDetector(),
)
SEEN_BY_THE_SCANNER = (
    "jwt", "storage key", "userinfo", "slack", "slack hook", "github", "aws", "npm", "stripe",
    "sendgrid", "private key", "cut private key",
)  # fmt: skip


def scan(text: str) -> list[str]:
    """Return what the scanners find in `text`, line by line."""
    return [
        f"{scanner.secret_type}: {secret}"
        for line in text.splitlines()
        for scanner in SCANNERS
        for secret in scanner.analyze_string(line)
    ]


@given(st.sampled_from(SEEN_BY_THE_SCANNER).flatmap(PLANTED.__getitem__))
def test_the_scanner_knows_the_planted_secrets(planted: tuple[str, str]) -> None:
    assert scan(planted[0])


@given(planted_texts())
def test_the_scanner_finds_nothing_after_redaction(planted: tuple[str, str]) -> None:
    assert scan(redact(planted[0]).text) == []


def test_the_scanner_finds_nothing_in_the_examples() -> None:
    text = "\n".join(example for _, example, _ in HIDDEN)

    assert scan(text)
    assert scan(redact(text).text) == []
