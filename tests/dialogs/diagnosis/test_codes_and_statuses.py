"""Codes and statuses where they are some, and nowhere else."""

from __future__ import annotations

import pytest

from dialogs.diagnosis.page import lay_out
from tests.dialogs.diagnosis.reading import reader


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AADSTS50173: The provided grant has expired", "AADSTS50173"),
        ("aadsts 50173", "AADSTS50173"),
        ("AADSTS5017\n3: The provided", "AADSTS50173"),
        ("AADSTS5O173", "AADSTS50173"),
        ("AADSTS700082The refresh token", "AADSTS700082"),
        ("AADSTS7000222", "AADSTS7000222"),
        ("AADSTS999999: something new", "AADSTS999999"),
        ("error code 50126", "AADSTS50126"),
        ("오류 50126이 나와요", "AADSTS50126"),
        ('"error_codes":[700082]', "AADSTS700082"),
        (r"Authorization\_RequestDenied", "Authorization_RequestDenied"),
        ('{"code":"ConnectionAuthorizationFailed"}', "ConnectionAuthorizationFailed"),
        ("ErrorCode=DlpViolation;", "DlpViolation"),
        ("0x80040220", "0x80040220"),
        ("Error 18456, Severity 14", "18456"),
        ("ERROR 1045 (28000): Access denied", "1045"),
        ('(1045, "Access denied for user")', "1045"),
        ("MailboxNotEnabledForRESTAPI", "MailboxNotEnabledForRESTAPI"),
    ],
)
def test_reads_a_code(text: str, code: str) -> None:
    assert code in [found.name for found in reader().codes.find(lay_out(text))]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("AADSTS50173 on outlook", "AADSTS50173"),
        ("AADSTS50173or so", "AADSTS50173"),
        ("AADSTS5o173 x", "AADSTS5o173"),
        ("AADSTS 50 173, x", "AADSTS 50 173"),
    ],
)
def test_a_code_ends_where_it_ends(text: str, quoted: str) -> None:
    code = next(reader().codes.find(lay_out(text)))

    assert text[code.start : code.end] == quoted


@pytest.mark.parametrize(
    "text",
    [
        "order 50126 has shipped",
        "50126 items",
        "line 1045 of the log",
        "room 18456",
        "Item 4060 of 9000: 403 Forbidden on SharePoint",
        "see https://login.microsoftonline.com/error?code=50173",
        "8f5d2e8a-50173-4b8d",
        "we forbid that",
        "an unauthenticated user",
    ],
)
def test_reads_no_code(text: str) -> None:
    assert list(reader().codes.find(lay_out(text))) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("HTTP401Unauthorized", 401),
        ("statusCode: 401", 401),
        ('"status":403,', 403),
        ("401코드가 떠요", 401),
        ("错误代码401", 401),
        ("403エラー", 403),
        ("(403) Forbidden", 403),
        ("it returns 401s all day", 401),
        ("403 on creating tasks", 403),
        ("HTTP/1.1 401", 401),
    ],
)
def test_reads_a_status(text: str, number: int) -> None:
    found = [(s.number, s.strength > 1) for s in reader().statuses.find(lay_out(text))]

    assert (number, True) in found


@pytest.mark.parametrize(
    "text",
    [
        "room 401", "my 401k", "line 403", "403 items", "call 555-401-1234", "order #403",
        "$401", "401.50", "1,403", "401 원", "회의실 401", "403号室", "v4.0.401", "2026-04-03",
    ],
)  # fmt: skip
def test_reads_no_status(text: str) -> None:
    assert list(reader().statuses.find(lay_out(text))) == []
