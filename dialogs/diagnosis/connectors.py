"""Connectors: what the portal calls them, and by which ids and names a text speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from dialogs.letters import Pieces


class Connector(NamedTuple):
    """One connector."""

    name: str
    """As the portal shows it."""
    apis: tuple[str, ...] = ()
    """Its ids without `shared_`."""
    hosts: tuple[str, ...] = ()
    """Ends of the hosts that only its service has."""
    spellings: tuple[str, ...] = ()
    """How people write it, in small letters; found as whole words."""


def _row(name: str, apis: str, hosts: str, spellings: str) -> Connector:
    parts = (tuple(filter(None, part.split("|"))) for part in (apis, hosts, spellings))
    return Connector(name, *parts)


# fmt: off
CONNECTORS: tuple[Connector, ...] = (
    #    name                              ids                      hosts      spellings
    _row("SharePoint", "sharepointonline",
         ".sharepoint.com|.sharepoint.us|.sharepoint.cn|.sharepoint-mil.us",
         "sharepoint|share point|쉐어포인트|셰어포인트|シェアポイント"),
    _row("Office 365 Outlook", "office365|outlookconnector", "",
         "outlook|아웃룩|アウトルック"),
    _row("Outlook.com", "outlook", "", "outlook.com"),
    _row("Office 365 Users", "office365users", "", "office 365 users"),
    _row("Office 365 Groups", "office365groups", "", "office 365 groups"),
    _row("Microsoft Teams", "teams", "", "teams|팀즈|チームズ"),
    _row("Microsoft Dataverse", "commondataserviceforapps|commondataservice", ".dynamics.com",
         "dataverse|common data service|데이터버스|データバース"),
    _row("Dynamics 365", "dynamicscrmonline|dynamicsax|dyn365bc", "",
         "dynamics 365|dynamics crm|다이나믹스 365"),
    _row("SQL Server", "sql", ".database.windows.net", "sql"),
    _row("Excel Online (Business)", "excelonlinebusiness", "",
         "excel|엑셀|エクセル"),
    _row("OneDrive for Business", "onedriveforbusiness", "-my.sharepoint.com",
         "onedrive|원드라이브|ワンドライブ"),
    _row("OneDrive", "onedrive", "", ""),
    _row("Planner", "planner", "", "planner|플래너"),
    _row("Microsoft To Do", "todo", "", ""),
    _row("Microsoft Forms", "microsoftforms", "", "microsoft forms|ms forms"),
    _row("Approvals", "approvals", "",
         "approvals connector|approvals connection|wait for an approval"),
    _row("OneNote (Business)", "onenote", "", "onenote"),
    _row("Azure Key Vault", "keyvault", ".vault.azure.net", "key vault|keyvault|키 자격 증명 모음"),
    _row("HTTP with Microsoft Entra ID", "webcontents|webcontentsv2", "",
         "http with microsoft entra id|http with entra id|http with azure ad"),
    _row("Microsoft Entra ID", "azuread", "", ""),
    _row("Microsoft Graph", "", "graph.microsoft.com|graph.microsoft.us",
         "microsoft graph|ms graph|graph api"),
    _row("Power BI", "powerbi", ".powerbi.com", "power bi|powerbi"),
    _row("Azure DevOps", "visualstudioteamservices", "dev.azure.com|.visualstudio.com",
         "azure devops"),
    _row("Azure Blob Storage", "azureblob", ".blob.core.windows.net",
         "blob storage|azure blob"),
    _row("Azure Service Bus", "servicebus", ".servicebus.windows.net", "service bus"),
    _row("Power Platform for Admins", "powerplatformforadmins", "", ""),
    _row("Power Apps for Makers", "powerappsforappmakers", "", ""),
    _row("Power Automate Management", "flowmanagement", "", "power automate management"),
    _row("Desktop flows", "uiflow", "", ""),
    _row("Salesforce", "salesforce", ".salesforce.com|.force.com", "salesforce|세일즈포스"),
    _row("ServiceNow", "service-now", ".service-now.com", "servicenow"),
    _row("SAP ERP", "saperp", "", ""),
    _row("Jira", "jira", ".atlassian.net", "jira"),
    _row("Slack", "slack", "", ""),
    _row("GitHub", "github", "", ""),
    _row("Dropbox", "dropbox", "", "dropbox"),
    _row("DocuSign", "docusign", "", ""),
    _row("SendGrid", "sendgrid", "", "sendgrid"),
    _row("SMTP", "smtp", "", ""),
    _row("SFTP - SSH", "sftpwithssh", "", "sftp"),
    _row("File System", "filesystem", "", ""),
    _row("Google Drive", "googledrive", "", "google drive"),
    _row("Google Sheets", "googlesheet", "", "google sheets"),
    _row("Google Calendar", "googlecalendar", "", "google calendar"),
    _row("Gmail", "gmail", "", "gmail"),
)
"""All that are known. A custom connector has no row, and none is made up for it."""
# fmt: on

SPELLINGS = tuple(spelling for row in CONNECTORS for spelling in row.spellings)
"""How people write their names."""

_CUT = 13
"""Names of connections, `shared-sharepointonl-<id>`, keep so much of the connector's id."""
_API = re.compile(r"shared[-_]([a-z0-9]{2,60}(?:-now)?)")
_OTHER_API = re.compile(r"api(?:s/|[\s:]{1,3}['\"])shared_([a-z0-9]{2,60})(?![a-z0-9_-])")
"""One that has no row here; a custom connector's id goes on with a hyphen."""
_SOURCE = re.compile(r"([a-z0-9]{2,40})-[a-z0-9]{2,12}\.azconn-")
_SERVICE = re.compile(r"token for service: ?([a-z0-9]{2,40})")
_OF_CONNECTION = re.compile(
    r"['\"”’」』)\]]?\s{0,2}(?:online |server )?(?:\(business\) |for business )?"
    r"(?:connect(?:ion|or)|action|step|trigger|연결|커넥터|작업"
    r"|단계|接続|コネクタ|连接|連線|verbindung|aktion|connexion|conexi[oó]n|conex[aã]o)"
)
_CONNECTION_TO = re.compile(
    r"(?:connect(?:ion|or|ed)?|connexion|verbindung|conexi[oó]n|conex[aã]o)"
    r"(?: to| for| zu| à| a| ao| con| com| de| name)?[\s:\"'“‘「『(\[]{1,3}(?:the |my |our )?$"
)

_SENTENCE = re.compile(
    r"[.;!?]\s|[\n。；！？]|\s(?:and|but|while|whereas|und|aber|et|mais|y|pero|e|mas)\s|그리고|하지만|그런데"
)
_CLAUSE = re.compile(f"{_SENTENCE.pattern}|[,、，]")
"""Ends of what belongs together."""

_READ = 20_000
"""So far names are looked for: what is named later only is not what the text is about."""
_MOST = 40

_BY_API = {api: row.name for row in CONNECTORS for api in row.apis}
_BY_CUT_API = {api[:_CUT]: name for api, name in _BY_API.items() if len(api) >= _CUT}
_BY_HOST = sorted(
    ((host, row.name) for row in CONNECTORS for host in row.hosts),
    key=lambda entry: -len(entry[0]),
)
_ALSO_A_WORD = ("teams", "planner", "outlook")
"""Names that in small letters mean something else, unless one of these stands before them."""
_MEANT = ("ms ", "microsoft ", "in ", "on ", "to ", "via ", "from ", "365 ")
_NAMED = {spelling: row.name for row in CONNECTORS for spelling in row.spellings}
_MARKS = (
    "share", "power", "graph", "office", "http", "azure", "google", "vault", "servic", "approval",
    "dynamics", "outlook", "forms", "drive", "team", "force", "plan",
)  # fmt: skip
"""What some spellings have in common."""
_ASCII = Pieces((spelling for spelling in _NAMED if spelling.isascii()), _MARKS)
_OTHER = Pieces((spelling for spelling in _NAMED if not spelling.isascii()), ())


@cache
def _whole(spelling: str) -> re.Pattern[str]:
    """Return what finds `spelling` as a whole word; in Asia words have no ends."""
    exact = re.escape(spelling)
    ends = rf"(?![a-z0-9])(?<![a-z0-9@]{exact})" if spelling.isascii() else ""
    return re.compile(exact + ends)


def find_connector(text: str, low: str, hosts: Iterable[str], root: str = "") -> str | None:
    """Return the connector that a text speaks of, as the portal calls it.

    `low` is `text` in lower case, `hosts` those of its addresses, `root` the words that tell what
    is broken. In this order: an id, a name beside a word like "connection" (of several the one in
    the clause of `root`), the only name, the only service among `hosts`. None when there is none,
    or several and nothing to tell them apart.
    """
    by_id = next(_by_id(low), None)
    if by_id:
        return by_id
    low = low[:_READ]
    named = _by_name(text, low)
    beside = [name for start, end, name in named if _is_beside(low, start, end)]
    names = {name for _, _, name in named}
    if len(set(beside)) > 1 and (meant := _with(root.lower(), low, named)):
        return meant
    if beside or len(names) == 1:
        return beside[0] if beside else names.pop()
    services = {name for host in hosts for name in [_by_host(host)] if name}
    return services.pop() if not names and len(services) == 1 else None


def _by_id(low: str) -> Iterator[str]:
    if "shared" in low:
        for match in _API.finditer(low):
            name = _BY_API.get(match[1]) or _BY_CUT_API.get(match[1][:_CUT])
            if name:
                yield name
    for needle, shape in ((".azconn-", _SOURCE), ("for service:", _SERVICE)):
        if needle in low:
            yield from (_BY_API[match[1]] for match in shape.finditer(low) if match[1] in _BY_API)
    if "shared_" in low:
        yield from (match[1] for match in _OTHER_API.finditer(low))


def _by_name(text: str, low: str) -> list[tuple[int, int, str]]:
    """Return what is named where; of names inside one another, the longest."""
    spellings = _ASCII.of(low)
    if not low.isascii():
        spellings += _OTHER.of(low)
    found: list[tuple[int, int, str]] = []
    for spelling in sorted(spellings, key=len, reverse=True):
        for match in _whole(spelling).finditer(low):
            start, end = match.span()
            inside = any(first < end and start < last for first, last, _ in found)
            if not inside and _is_meant(spelling, text, low, start, end):
                found.append((start, end, _NAMED[spelling]))
                if len(found) >= _MOST:
                    return sorted(found)
    return sorted(found)


def _with(root: str, low: str, named: Iterable[tuple[int, int, str]]) -> str | None:
    """Return the only connector that is named in one sentence, or else one clause, with `root`."""
    at = low.find(root) if root else -1
    if at < 0:
        return None
    for ends in (_SENTENCE, _CLAUSE):
        start = max((end.end() for end in ends.finditer(low, 0, at)), default=0)
        stop = end.start() if (end := ends.search(low, at + len(root))) else len(low)
        names = {name for first, _, name in named if start <= first < stop}
        if len(names) < 2:
            return names.pop() if names else None
    return None


def _is_beside(low: str, start: int, end: int) -> bool:
    before = low[max(start - 30, 0) : start]
    return bool(_OF_CONNECTION.match(low, end) or _CONNECTION_TO.search(before))


def _is_meant(spelling: str, text: str, low: str, start: int, end: int) -> bool:
    if spelling not in _ALSO_A_WORD or text[start].isupper() or _is_beside(low, start, end):
        return True
    return low[max(start - 10, 0) : start].endswith(_MEANT)


def _by_host(host: str) -> str | None:
    return next((name for end, name in _BY_HOST if host.endswith(end)), None)
