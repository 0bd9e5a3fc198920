"""Ids out of addresses: from the hosts of every cloud, and from nobody else's."""

from __future__ import annotations

import pytest

from tests.dialogs.diagnosis.test_evidence import (
    ENV,
    FLOW,
    PATH,
    PORTAL,
    RUN,
    RUN_IDS,
    SOLUTION,
    A,
    B,
    seen,
)

ADDRESSES: list[tuple[str, dict[str, str]]] = [
    (f"https://make.powerautomate.com{PATH}", RUN_IDS),
    (f"see https://make.powerautomate.com{PATH}, it is red.", RUN_IDS),
    (f"HTTPS://MAKE.POWERAUTOMATE.COM{PATH}?v3=true#x", RUN_IDS),
    (f"https://make.powerautomate.com:443{PATH}", RUN_IDS),
    (f"<https://make.powerautomate.com{PATH}|the run>", RUN_IDS),
    (f"make.powerautomate.com{PATH}", RUN_IDS),
    (f"https://make.preview.powerautomate.com{PATH}", RUN_IDS),
    (f"https://flow.microsoft.com/manage{PATH}", RUN_IDS),
    (f"https://emea.flow.microsoft.com/manage{PATH}", RUN_IDS),
    (f"https://make.gov.powerautomate.us{PATH}", {**RUN_IDS, "cloud": "gcc"}),
    (f"https://gov.flow.microsoft.us/manage{PATH}", {**RUN_IDS, "cloud": "gcc"}),
    (f"https://make.high.powerautomate.us{PATH}", {**RUN_IDS, "cloud": "gcc-high"}),
    (f"https://high.flow.microsoft.us{PATH}", {**RUN_IDS, "cloud": "gcc-high"}),
    (f"https://make.powerautomate.appsplatform.us{PATH}", {**RUN_IDS, "cloud": "dod"}),
    (f"https://flow.appsplatform.us{PATH}", {**RUN_IDS, "cloud": "dod"}),
    (f"https://make.powerautomate.cn{PATH}", {**RUN_IDS, "cloud": "china"}),
    (
        f"{PORTAL}/solutions/{SOLUTION}/flows/{FLOW}/runs/{RUN}",
        {**RUN_IDS, "solution_id": SOLUTION},
    ),
    (f"{PORTAL}/flows/{FLOW}/details?utm_source=x", {"environment": ENV, "flow_id": FLOW}),
    (f"{PORTAL}/flows/{FLOW}", {"environment": ENV, "flow_id": FLOW}),
    (f"{PORTAL}/flows/new", {"environment": ENV}),
    (f"{PORTAL}/connections", {"environment": ENV}),
    (
        f"{PORTAL}/connections/shared_sql/shared-sql-{A}/details",
        {"environment": ENV, "connection_id": f"shared-sql-{A}"},
    ),
    (
        f"https://make.powerautomate.com/environments/Default-{A}/flows/{FLOW}/details",
        {"environment": f"Default-{A}", "flow_id": FLOW, "tenant": A},
    ),
    (
        f"https://make.powerapps.com/environments/{ENV}/solutions/{SOLUTION}/objects/cloudflows/{FLOW}",
        {"environment": ENV, "flow_id": FLOW, "solution_id": SOLUTION},
    ),
    (f"https://make.powerapps.com/e/{ENV}/canvas/?action=edit", {"environment": ENV}),
    (f"https://admin.powerplatform.microsoft.com/environments/{ENV}/hub", {"environment": ENV}),
    (
        f"https://api.flow.microsoft.com/providers/Microsoft.ProcessSimple{PATH}/cancel?api-version=1",
        RUN_IDS,
    ),
    (
        "https://api.flow.microsoft.com/providers/Microsoft.ProcessSimple/environments/"
        f"{ENV}/flows/{FLOW}/triggers/manual/histories/{RUN}/resubmit?api-version=2016-11-01",
        RUN_IDS,
    ),
    (
        f"https://api.powerplatform.com/powerautomate/environments/{ENV}/flowRuns?workflowId={FLOW}",
        {"environment": ENV, "flow_id": FLOW},
    ),
    (f'{{"id":"/providers/Microsoft.ProcessSimple{PATH}"}}', RUN_IDS),
    (f"\\\"https:\\/\\/make.powerautomate.com{PATH}\\\"".replace("/env", "\\/env"), RUN_IDS),
    (f'<a href="https://make.powerautomate.com{PATH}&amp;x=1">open</a>', RUN_IDS),
    (
        "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmake.powerautomate.com"
        + PATH.replace("/", "%2F") + "&data=05%7C01",
        RUN_IDS,
    ),
    (f"https://login.microsoftonline.com/{A}/oauth2/v2.0/token", {"tenant": A}),
    (f"https://login.microsoftonline.us/{A}/oauth2", {"tenant": A, "cloud": "gcc-high"}),
    ("token of login.partner.microsoftonline.cn refused", {"cloud": "china"}),
]  # fmt: skip

STRANGERS = [
    f"https://make.powerautomate.com.evil.example{PATH}",
    f"https://make.powerautomate.com@evil.example{PATH}",
    f"https://make.powerautomate.com:443@evil.example{PATH}",
    f"https://evil.example\\@make.powerautomate.com{PATH}",
    f"https://evil.example/make.powerautomate.com{PATH}",
    f"https://evil.example/?u=https://make.powerautomate.com{PATH}",
    f"https://evil.example#@make.powerautomate.com{PATH}",
    f"https://makepowerautomate.com{PATH}",
    f"https://make.powerautomate.co{PATH}",
    f"https://make.powerautomate.com%2eevil.example{PATH}",
    f"https://mаke.powerautomate.com{PATH}",  # a Cyrillic letter
    f"https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fx{PATH}",
    "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Fevil.example"
    + PATH.replace("/", "%2F"),
    f"evil.example{PATH}",
    f"evil.example/?environmentId={ENV}",
    f"someone@make.powerautomate.com{PATH}",
]


@pytest.mark.parametrize(("text", "expected"), ADDRESSES)
def test_ids_are_read_from_addresses_of_every_cloud(text: str, expected: dict[str, str]) -> None:
    found = seen(text)

    found.pop("connector", None)
    assert found == expected


@pytest.mark.parametrize("text", STRANGERS)
def test_addresses_of_strangers_give_no_ids(text: str) -> None:
    assert seen(text) == {}


def test_ids_of_one_run_are_not_mixed_with_those_of_another() -> None:
    found = seen(
        f"https://make.powerautomate.com/environments/{A}/flows/{B}/details "
        f"https://make.powerautomate.com{PATH}"
    )

    assert found == RUN_IDS
