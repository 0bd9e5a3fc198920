"""What is read out of a text: found or absent, never invented, never from a stranger's address."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.diagnosis.clouds import PORTALS
from dialogs.diagnosis.evidence import find_evidence
from dialogs.diagnosis.ids import is_connection, is_environment, is_guid, is_run

ENV = "0f8fad5b-d9cb-469f-a165-70867728950e"
FLOW = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SOLUTION = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
A = "6fa459ea-ee8a-4ca4-894e-db77e160355e"
B = "16fd2706-8baf-433b-82eb-8c7fada847da"
C = "886313e1-3b8a-5372-9b90-0c9aee199e5d"
RUN = "08585981115186985105550762687CU161"
PORTAL = f"https://make.powerautomate.com/environments/{ENV}"
PATH = f"/environments/{ENV}/flows/{FLOW}/runs/{RUN}"
IDS = (
    "environment", "flow_id", "run_id", "solution_id", "connection_id", "tenant",
    "correlation_id", "trace_id", "request_id",
)  # fmt: skip


def seen(text: str) -> dict[str, str]:
    """Return what was found in `text`, without what is absent and without the public cloud."""
    found = asdict(find_evidence(text))
    if found["cloud"] == "public":
        del found["cloud"]
    return {name: value for name, value in found.items() if value is not None}


RUN_IDS = {"environment": ENV, "flow_id": FLOW, "run_id": RUN}

LABELLED: list[tuple[str, dict[str, str]]] = [
    (
        f"AADSTS50173: revoked. Trace ID: {A} Correlation ID: {B} Timestamp: 2026-11-23 10:11:12Z",
        {"trace_id": A, "correlation_id": B, "timestamp": "2026-11-23 10:11:12Z"},
    ),
    (
        f"Failed to refresh access token. Correlation Id={A}, UTC TimeStamp=11/4/2025 3:10:11 AM, "
        '{\\"error_description\\":\\"AADSTS700082: The token was issued on 2025-01-01T10:00:00Z '
        f"and was inactive. Trace ID: {B}\\r\\nCorrelation ID: {C}\\r\\n"
        'Timestamp: 2026-11-23 10:11:12Z\\"}',
        {"trace_id": B, "correlation_id": C, "timestamp": "2026-11-23 10:11:12Z"},
    ),
    (f"clientRequestId: {A}", {"request_id": A}),
    (f'"message":"Unauthorized\\\\r\\\\nclientRequestId: {A}"', {"request_id": A}),
    (f'"client-request-id":"{A}"', {"request_id": A}),
    (f"x-ms-request-id={A}", {"request_id": A}),
    (f"x-ms-correlation-request-id: {A}", {"correlation_id": A}),
    (f"<td><b>Correlation ID</b></td><td>{A}</td>", {"correlation_id": A}),
    (f"&quot;correlationId&quot;:&quot;{A}&quot;", {"correlation_id": A}),
    (f"Correlation ID\n\n{A}", {"correlation_id": A}),
    (f"correlation-id\t{A}", {"correlation_id": A}),
    (f"the correlation id is {A}", {"correlation_id": A}),
    (f"상관 관계 ID: {A}", {"correlation_id": A}),
    (f"相関 ID：{A}", {"correlation_id": A}),
    (f"추적 ID {A}", {"trace_id": A}),
    (f'"traceId": "{A.replace("-", "")}"', {"trace_id": A.replace("-", "")}),
    (f"tenant '{A}'", {"tenant": A}),
    (f"Directory (tenant) ID: {A}", {"tenant": A}),
    (f"environment {ENV}", {"environment": ENV}),
    (f'"environmentName":"Default-{A}"', {"environment": f"Default-{A}", "tenant": A}),
    (f"Umgebungs-ID: {ENV}", {"environment": ENV}),
    (f"Flow '{FLOW}' cannot be activated", {"flow_id": FLOW}),
    (f"workflowId={FLOW}", {"flow_id": FLOW}),
    (f"solution id {SOLUTION}", {"solution_id": SOLUTION}),
    (f"run {RUN} failed", {"run_id": RUN}),
    (f"permission for connection '{A}' under Api", {"connection_id": A}),
    (f"connectionId: {A.replace('-', '')}", {"connection_id": A.replace("-", "")}),
    (f"object id '{A}' of app '{B}', client id {C}", {}),
    (f"Connection 'cat_AcceleratorDataverse' and activity {A}", {}),
    ("Correlation ID: 00000000-0000-0000-0000-000000000000", {}),
    (f"Correlation ID: {A}f", {}),
]

WORKFLOW = json.dumps(
    {
        "id": "/workflows/0123456789abcdef0123456789abcdef",
        "name": FLOW,
        "type": "Microsoft.Logic/workflows",
        "tags": {"flowDisplayName": "Daily report", "environmentName": ENV},
        "run": {"id": f"/workflows/x/runs/{RUN}", "name": RUN},
    }
)

NAMES: list[tuple[str, str | None, str | None]] = [
    # text, action, flow
    ("Action: Create_item 403 Forbidden", "Create_item", None),
    ("It fails at action Create_item with 403", "Create_item", None),
    ("The action 'Get_items' failed in flow \"My flow\"", "Get_items", "My flow"),
    ("Your flow 'Invoices to ERP' has failed", None, "Invoices to ERP"),
    ("on the 'Create item' step of the flow named “Intake”", "Create item", "Intake"),
    ('{"flowDisplayName":"Daily","actionName":"Send_mail"}', "Send_mail", "Daily"),
    ("Flow: Daily report\nAction: Get items\nStatus: failed", "Get items", "Daily report"),
    ("**Flow name:** Daily report", None, "Daily report"),
    ("<p>Flow name: <b>Daily report</b></p><p>x</p>", None, "Daily report"),
    ("흐름 '일일 보고서'의 '항목 가져오기' 작업", "항목 가져오기", "일일 보고서"),
    ("흐름 이름: 일일 보고서", None, "일일 보고서"),
    ("フロー「日報」のアクション「項目の取得」", "項目の取得", "日報"),
    ("操作“获取项目”失败", "获取项目", None),
    ("beim Schritt „Datei erstellen“", "Datei erstellen", None),
    ("le flux « Factures »", None, "Factures"),
    ("el flujo 'Alta de proveedor'", None, "Alta de proveedor"),
    ("it's the users' flow that fails", None, None),
    ("flow's owner left, isn't it odd", None, None),
    ("Flow: it fails since monday", None, None),
    ("Impossible d'activer le flux : « Flow cannot be activated. »", None, None),
]

CONNECTORS = [
    ("under Api 'shared_sharepointonline'", "SharePoint"),
    ("/providers/Microsoft.PowerApps/apis/shared_commondataserviceforapps", "Microsoft Dataverse"),
    (f"connection shared-sharepointonl-{A}", "SharePoint"),
    (f"connection shared-excelonlinebu-{A}", "Excel Online (Business)"),
    ('"source":"sharepointonline-eus.azconn-eus-01.p.azurewebsites.net"', "SharePoint"),
    ("403 from SharePoint", "SharePoint"),
    ("쉐어포인트 연결에서 401", "SharePoint"),
    ("셰어포인트가 안 돼요", "SharePoint"),
    ("아웃룩 메일 보내기 실패", "Office 365 Outlook"),
    ("팀즈 메시지", "Microsoft Teams"),
    ("데이터버스 권한", "Microsoft Dataverse"),
    ("Send an email with Outlook", "Office 365 Outlook"),
    ("SQL Server: Login failed", "SQL Server"),
    ("HTTP with Microsoft Entra ID says 403", "HTTP with Microsoft Entra ID"),
    ("the vault says no: https://x.vault.azure.net/secrets/a", "Azure Key Vault"),
    ("https://contoso.sharepoint.com/sites/a gives 403", "SharePoint"),
    ("https://contoso-my.sharepoint.com/personal/a gives 403", "OneDrive for Business"),
    ("from SharePoint to Teams, the Teams connection is red", "Microsoft Teams"),
    ("Salesforce login", "Salesforce"),
    ("from OneDrive to SharePoint fails with 401", None),
    ("both teams complain, the outlook is grim", None),
    ("/providers/Microsoft.PowerApps/apis/shared_twitter is blocked", "twitter"),
    ("use of Api 'shared_rss' is restricted", "rss"),
    ("shared_access_signature is no connector", None),
    ("/apis/shared_woodgrove-20teams-5f0123456789abcdef is a custom one", None),
    ("shared_woodgrove.20teams is a custom one", None),
    ("mysql and excellent platforms", None),
    ("nothing here", None),
]

MOMENTS = [
    ("2026-11-23T10:11:12.1234567Z failed", "2026-11-23T10:11:12.1234567Z"),
    ("at 11/23/2026 10:11:12 AM it failed", "11/23/2026 10:11:12 AM"),
    ("Timestamp: Wed Dec 03 2025 08:17:17 GMT-0500 (EST)", "Wed Dec 03 2025 08:17:17 GMT-0500"),
    ("[2024/11/05 01:00:12] upload", "2024/11/05 01:00:12"),
    ("The grant was issued on '2020-01-01T00:00:00.0000000Z' and revoked", None),
    ("in 2026, at 10:11", None),
]

ACCOUNTS = [
    ("Login failed for user bob@contoso.com (cc alice@contoso.com)", "bob@contoso.com"),
    ("User account 'bob_fabrikam.com#EXT#@contoso.com' is", "bob_fabrikam.com#EXT#@contoso.com"),
    ("bob@contoso.com bob@contoso.com", "bob@contoso.com"),
    ("계정: bob@contoso.com 과 alice@contoso.com", "bob@contoso.com"),
    ("From: PowerAutomateNoReply@microsoft.com To: bob@contoso.com", "bob@contoso.com"),
    ("alice@contoso.com and bob@contoso.com", None),
    ("git@github.com:x/y and logo@2x.png", None),
    ("https://bob@contoso.com/x", None),
]


@pytest.mark.parametrize(("text", "expected"), LABELLED)
def test_ids_are_read_by_their_labels(text: str, expected: dict[str, str]) -> None:
    assert seen(text) == expected


def test_workflow_json_tells_run_flow_and_name() -> None:
    assert seen(WORKFLOW) == {**RUN_IDS, "flow": "Daily report"}
    assert seen(json.dumps(WORKFLOW)) == {**RUN_IDS, "flow": "Daily report"}


@pytest.mark.parametrize(("text", "action", "flow"), NAMES)
def test_names_of_actions_and_flows_are_read(
    text: str, action: str | None, flow: str | None
) -> None:
    evidence = find_evidence(text)

    assert (evidence.action, evidence.flow) == (action, flow)


@pytest.mark.parametrize(("text", "expected"), CONNECTORS)
def test_connector_is_named_as_in_the_portal(text: str, expected: str | None) -> None:
    assert find_evidence(text).connector == expected


@pytest.mark.parametrize(
    ("text", "root", "connector"),
    [
        ("The SQL action fails with 403, the Teams connection says X1", "X1", "Microsoft Teams"),
        ("The Teams connection says X1, the SharePoint action 403", "X1", "Microsoft Teams"),
        ("The Teams step: 401. SQL step: Login failed", "Login failed", "SQL Server"),
        ("SharePoint 연결은 403이에요. 그리고 Teams 연결은 X1", "X1", "Microsoft Teams"),
        ("The Teams connection and the SQL connection. Both say X1", "X1", "Microsoft Teams"),
        ("The Teams connection, the SQL step: nothing more", "", "Microsoft Teams"),
    ],
)
def test_of_two_connectors_the_one_beside_the_failure_is_meant(
    text: str, root: str, connector: str
) -> None:
    assert find_evidence(text, root).connector == connector


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_time_is_kept_as_it_stood(text: str, expected: str | None) -> None:
    assert find_evidence(text).timestamp == expected


@pytest.mark.parametrize(("text", "expected"), ACCOUNTS)
def test_account_is_the_one_it_is_about(text: str, expected: str | None) -> None:
    assert find_evidence(text).account == expected


_PIECES = st.sampled_from(
    [
        PORTAL, PATH, f"https://make.powerautomate.com{PATH}", A, B, RUN, f"Default-{A}", "flow",
        "Correlation ID:", "trace id", "connection", "environment", "shared-office365-", '"', "'",
        "\\", "\\u0022", "&quot;", "&amp;", "<td>", "</td>", "https://", "@", "bob@contoso.com",
        "flow 'x y'", "action: ", "\n", "2026-11-23 10:11:12Z", "SharePoint", "/", "://", "tenant",
        "작업", "フロー「", "」", "\ud800", "\x00", "İ", "microsoft.logic/workflows", '"name":"',
    ]
)  # fmt: skip
_TEXTS = st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=3))).map("".join))


@given(_TEXTS)
def test_whatever_the_text_every_id_stands_in_it_and_is_one(text: str) -> None:
    evidence = find_evidence(text)

    assert all(value is None or value in text for value in (getattr(evidence, id) for id in IDS))
    assert evidence.environment is None or is_environment(evidence.environment)
    assert evidence.flow_id is None or is_guid(evidence.flow_id)
    assert evidence.solution_id is None or is_guid(evidence.solution_id)
    assert evidence.run_id is None or is_run(evidence.run_id)
    assert evidence.connection_id is None or is_connection(evidence.connection_id)
    assert evidence.cloud is None or evidence.cloud in PORTALS
