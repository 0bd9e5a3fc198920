"""Links are built from checked ids onto known hosts; what cannot be built is not there."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.diagnosis.clouds import PORTALS
from dialogs.diagnosis.evidence import find_evidence
from dialogs.diagnosis.links import build_links
from dialogs.diagnosis.model import Evidence
from tests.dialogs.diagnosis.test_addresses import STRANGERS
from tests.dialogs.diagnosis.test_evidence import ENV, FLOW, PATH, RUN, SOLUTION

CODES = ("401", "AADSTS50173", "AADSTS700082")
ERROR = "https://login.microsoftonline.com/error?code=50173"


def evidence(**fields: str) -> Evidence:
    """Return evidence of a run, with `fields` instead."""
    known = {"environment": ENV, "flow_id": FLOW, "run_id": RUN}
    return Evidence(**{**known, **fields})


@pytest.mark.parametrize(("cloud", "host"), PORTALS.items())
def test_run_and_connections_lead_to_the_portal_of_the_cloud(cloud: str, host: str) -> None:
    links = build_links(evidence(cloud=cloud), CODES)

    assert links == {
        "run": f"https://{host}/environments/{ENV}/flows/{FLOW}/runs/{RUN}",
        "connections": f"https://{host}/environments/{ENV}/connections",
        "error": ERROR,
    }


def test_run_of_a_solution_leads_into_the_solution() -> None:
    links = build_links(evidence(solution_id=SOLUTION), ())

    expected = f"/environments/{ENV}/solutions/{SOLUTION}/flows/{FLOW}/runs/{RUN}"
    assert links["run"] == "https://make.powerautomate.com" + expected


def test_default_environment_keeps_its_word() -> None:
    links = build_links(Evidence(environment=f"Default-{ENV}"), ())

    expected = f"https://make.powerautomate.com/environments/Default-{ENV}/connections"
    assert links == {"connections": expected}


@pytest.mark.parametrize("missing", ["flow_id", "run_id"])
def test_run_needs_all_of_its_ids(missing: str) -> None:
    assert set(build_links(evidence(**{missing: ""}), ())) == {"connections"}


def test_nothing_known_gives_no_links() -> None:
    assert build_links(Evidence(), ("401", "DlpViolation", "0x80040220")) == {}


def test_without_environment_nothing_leads_to_a_portal() -> None:
    assert build_links(evidence(environment=""), CODES) == {"error": ERROR}


@pytest.mark.parametrize(
    "code", ["AADSTS", "AADSTS50173&x=1", "AADSTS50173/..", "AADSTS٥٠١٧٣", "xAADSTS50173", "50173"]
)
def test_code_of_another_form_gives_no_link(code: str) -> None:
    assert build_links(Evidence(), [code]) == {}


def test_unknown_cloud_gives_no_link_to_a_portal() -> None:
    assert build_links(evidence(cloud="moon"), ()) == {}


_BAD = st.one_of(
    st.text(),
    st.sampled_from([ENV + "\n", f"{ENV}/../x", f"{ENV}?x", f"{ENV}@evil.example", f"\n{RUN}"]),
)


@given(_BAD, _BAD, _BAD, _BAD, st.sampled_from([*PORTALS, "", "evil.example"]), st.lists(_BAD))
def test_unchecked_ids_never_get_into_a_link(
    environment: str, flow: str, run: str, solution: str, cloud: str, codes: list[str]
) -> None:
    found = Evidence(
        environment=environment, flow_id=flow, run_id=run, solution_id=solution, cloud=cloud
    )

    assert build_links(found, codes) == {}


@given(st.lists(st.sampled_from([*STRANGERS, PATH, "https://make.powerautomate.cn" + PATH, " "])))
def test_links_lead_to_known_hosts_only(parts: list[str]) -> None:
    links = build_links(find_evidence(" ".join(parts)), CODES)

    hosts = {urlsplit(link).netloc for link in links.values()}
    assert hosts <= {*PORTALS.values(), "login.microsoftonline.com"}
    assert all(link.startswith("https://") and link.isascii() for link in links.values())
