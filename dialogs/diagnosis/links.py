"""Links out of evidence: from checked ids onto known hosts, never a pasted address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogs.diagnosis.clouds import PORTALS, SIGN_IN_HELP
from dialogs.diagnosis.ids import is_environment, is_guid, is_run
from dialogs.diagnosis.model import Evidence

_AADSTS = re.compile(r"AADSTS([0-9]{4,7})")


def build_links(evidence: Evidence, codes: Sequence[str]) -> dict[str, str]:
    """Return the pages that can be opened from what was found.

    Where no host told the cloud, they go to the public one.

    Out: `run` (the failed run), `connections` (those of the environment), `error` (what Microsoft
    says of the first AADSTS number in `codes`); only those that can be built.
    """
    links: dict[str, str] = {}
    portal = PORTALS.get(evidence.cloud or "public")
    environment = evidence.environment
    if portal and environment and is_environment(environment):
        base = f"https://{portal}/environments/{environment}"
        run = _run(evidence)
        if run:
            links["run"] = base + run
        links["connections"] = base + "/connections"
    number = next((match[1] for match in map(_AADSTS.fullmatch, codes) if match), None)
    if number:
        links["error"] = f"https://{SIGN_IN_HELP}/error?code={number}"
    return links


def _run(evidence: Evidence) -> str | None:
    """Return the path of the run below its environment; None when an id of it is not known."""
    flow, run, solution = evidence.flow_id, evidence.run_id, evidence.solution_id
    if not (flow and run and is_guid(flow) and is_run(run)):
        return None
    inside = f"/solutions/{solution}" if solution and is_guid(solution) else ""
    return f"{inside}/flows/{flow}/runs/{run}"
