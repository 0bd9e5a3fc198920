"""Microsoft's clouds and the hosts they are known by."""

from __future__ import annotations

PORTALS = {
    "public": "make.powerautomate.com",
    "gcc": "make.gov.powerautomate.us",
    "gcc-high": "make.high.powerautomate.us",
    "dod": "make.powerautomate.appsplatform.us",
    "china": "make.powerautomate.cn",
}
"""Where the makers of each cloud work; the only hosts that links to a portal lead to."""

SIGN_IN_HELP = "login.microsoftonline.com"
"""Explains an AADSTS number to makers of every cloud."""

_BY_LABEL = "by label"

_MAKER_DOMAINS = {
    "powerautomate.com": "public",
    "powerapps.com": "public",
    "powerplatform.com": "public",
    "flow.microsoft.com": "public",
    "powerautomate.microsoft.com": "public",
    "powerplatform.microsoft.com": "public",
    "copilotstudio.microsoft.com": "public",
    "powerautomate.us": _BY_LABEL,
    "powerapps.us": _BY_LABEL,
    "flow.microsoft.us": _BY_LABEL,
    "powerplatform.microsoft.us": _BY_LABEL,
    "appsplatform.us": "dod",
    "powerautomate.cn": "china",
    "powerapps.cn": "china",
    "powerplatform.cn": "china",
    "powerplatform.partner.microsoftonline.cn": "china",
}
"""Domains whose paths hold the ids of environments, flows and runs; all are Microsoft's own."""

_SIGN_IN_DOMAINS = {
    "login.microsoftonline.com": "public",
    "login.windows.net": "public",
    "sts.windows.net": "public",
    "login.microsoftonline.us": "gcc-high",
    "login.partner.microsoftonline.cn": "china",
    "login.chinacloudapi.cn": "china",
}
"""Domains whose paths begin with a tenant."""

_OTHER_DOMAINS = {
    "crm9.dynamics.com": "gcc",
    "sharepoint.us": "gcc-high",
    "graph.microsoft.us": "gcc-high",
    "outlook.office365.us": "gcc-high",
    "crm.microsoftdynamics.us": "gcc-high",
    "logic.azure.us": "gcc-high",
    "dod-graph.microsoft.us": "dod",
    "sharepoint-mil.us": "dod",
    "sharepoint.cn": "china",
    "dynamics.cn": "china",
    "logic.azure.cn": "china",
    "microsoftgraph.chinacloudapi.cn": "china",
}
"""Domains that tell a cloud and nothing else."""


def maker_cloud(host: str) -> str | None:
    """Return the cloud whose portal or API `host` (lower case) is; None for any other host."""
    cloud = _under(host, _MAKER_DOMAINS)
    if cloud == _BY_LABEL:
        return "gcc-high" if "high" in host.split(".") else "gcc"
    return cloud


def sign_in_cloud(host: str) -> str | None:
    """Return the cloud whose sign-in page `host` (lower case) is; None for any other host."""
    return _SIGN_IN_DOMAINS.get(host)


def cloud_of(host: str) -> str | None:
    """Return the cloud that `host` (lower case) belongs to; None when it tells none."""
    return maker_cloud(host) or sign_in_cloud(host) or _under(host, _OTHER_DOMAINS)


def _under(host: str, domains: dict[str, str]) -> str | None:
    """Look up `host` or the longest domain that it is part of."""
    while host:
        if host in domains:
            return domains[host]
        _, _, host = host.partition(".")
    return None
