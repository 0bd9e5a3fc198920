"""Ids by the words before them: "Correlation ID: ...", `"clientRequestId":"..."`, "테넌트 '...'".

The words are compared without spaces and signs, so that every way to write a label is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dialogs.diagnosis.ids import EMPTY, HEX

_GUID = re.compile(
    rf"-(?<=[{HEX}]{{8}}-)(?<![0-9a-zA-Z][{HEX}]{{8}}-)"
    rf"[{HEX}]{{4}}-[{HEX}]{{4}}-[{HEX}]{{4}}-[{HEX}]{{12}}(?![0-9a-zA-Z-])"
)
"""Anchored at its first hyphen, which prose has seldom; eight digits stand before it."""
_TRACE = re.compile(rf"(?<![0-9a-zA-Z])[{HEX}]{{32}}(?![0-9a-zA-Z])")
_BEFORE = 56
"""Characters before an id in which its label is looked for."""
_SIGNS = str.maketrans("", "", " \t\r\n\"'`“”‘’„«»「」『』()[]{}<>:=,;.#*_-–—\\/|：＝・、。·>")
_FILLERS = ("is", "was", "ist", "est", "es", "value", "guid", "는", "은", "は", "为")

LABELS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("correlation_id", (
        "correlationid", "correlation", "correlationrequestid", "상관관계id", "상관id", "相関id",
        "相关id", "关联id", "相關id", "korrelationsid", "iddecorrélation", "iddecorrelación",
        "iddecorrelação", "iddacorrelação",
    )),
    ("trace_id", (
        "traceid", "trace", "추적id", "トレースid", "跟踪id", "追踪id", "追蹤id",
        "ablaufverfolgungsid", "iddetrace", "iddesuivi", "iddeseguimiento", "idderastreamento",
        "iddorastreamento",
    )),
    ("request_id", (
        "requestid", "요청id", "要求id", "リクエストid", "请求id", "請求id", "anforderungsid",
        "iddedemande", "iddelademande", "iddesolicitud", "iddasolicitação", "iddopedido",
    )),
    ("tenant", (
        "tenantid", "tenant", "directoryid", "directory", "organization", "organisation",
        "tenantguid", "테넌트id", "테넌트", "テナントid", "テナント", "租户id", "租户", "租用戶id",
        "mandantenid", "mandant", "iddelocataire", "locataire", "iddelinquilino", "inquilino",
        "iddolocatário", "locatário",
    )),
    ("environment", (
        "environmentid", "environmentname", "environment", "envid", "env", "환경id", "환경",
        "環境id", "環境", "环境id", "环境", "umgebungsid", "umgebung", "iddenvironnement",
        "environnement", "iddelentorno", "entorno", "iddoambiente", "ambiente",
    )),
    ("flow_id", (
        "flowid", "flowname", "workflowid", "workflowname", "cloudflowid", "logicappname",
        "workflow", "flow", "flowwithid", "flowguid", "흐름id", "흐름", "フローid", "フロー",
        "流id", "流程id", "flussid", "iddeflux", "iddelflujo", "flujo", "iddofluxo", "fluxo",
    )),
    ("solution_id", (
        "solutionid", "solution", "solutionwithid", "솔루션id", "솔루션", "ソリューションid",
        "解决方案id", "lösungsid",
    )),
)  # fmt: skip
"""Field of `Evidence` -> how its label ends, in small letters; the first row that fits counts."""


class Labelled(NamedTuple):
    """An id and what it is."""

    field: str
    value: str
    start: int


def labelled(text: str) -> Iterator[Labelled]:
    """Yield the ids of `text` that a label names, in its order; `text` holds no addresses."""
    if text.count("-") >= 4:
        yield from _guids(text)
    if "race" in text:
        for match in _TRACE.finditer(text):
            if _label(text, 0, match.start()) == "trace_id":
                yield Labelled("trace_id", match[0], match.start())


def _guids(text: str) -> Iterator[Labelled]:
    last = 0
    for match in _GUID.finditer(text):
        start, end = match.start() - 8, match.end()
        value = text[start:end]
        before = text[max(start - 8, 0) : start]
        if before.lower() == "default-":
            yield Labelled("environment", before + value, start - 8)
        elif not before.endswith(("-", "/")) and value != EMPTY:
            name = _label(text, last, start)
            if name:
                yield Labelled(name, value, start)
        last = end


def _label(text: str, after: int, start: int) -> str | None:
    """Return the field that the words right before `start` name."""
    words = ending(text, after, start)
    for name, endings in LABELS:
        if words.endswith(endings):
            return name
    return None


def ending(text: str, after: int, start: int) -> str:
    """Return the words between `after` and `start` that are nearest to `start`, run together."""
    words = text[max(after, start - _BEFORE) : start].lower().translate(_SIGNS)
    for filler in _FILLERS:
        words = words.removesuffix(filler)
    return words
