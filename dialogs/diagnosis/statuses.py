"""HTTP statuses: numbers that stand where a status stands, and not where a count or a room does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.diagnosis.page import COVER, Page

_NUMBER = re.compile(r"(?<![\d.,$€£¥#₩])(4(?:0[01345678]|1[0359]|2[29])|50[0234])(?![\d]|[.,:]\d|[$€£¥%₩])")

_STATUS_BEFORE = re.compile(
    r"(?:status(?:[\s_-]?code)?|http(?:/\d(?:\.\d)?)?|https|code|codes|response(?:[\s_-]?code)?|error(?:[\s_-]?code)?"
    r"|errors?|err|fehler(?:code)?|statuscode|erreur|codigo|erro|e|오류|에러|코드|상태|エラー|コード|ステータス"
    r"|错误|代码|错误码|状态码|状态|錯誤|報錯|报错)"
    r"[\s\"'`*_:=#({\[<>|/\\-]{0,6}(?:(?:is|was|of|number|no|code|est|ist|es|é|은|는|가|이|が|は|为|是)[\s:\"']{1,3})?$"
)
_STATUS_AFTER = re.compile(
    r"[\s\"'`*_:=()\[\]{},.<>/|\\-]{0,6}(?:unauthori[sz]ed|un-?authori[sz]ed|forbidden|access|error|errors|response|responses|status"
    r"|http|bad request|not found|too many|internal server|bad gateway|service unavailable|gateway time|proxy auth"
    r"|oauth|auth|authentication|permission|denied|invalid|client error"
    r"|fehler|nicht autorisiert|verboten|erreur|non autoris|interdit|no autorizad|prohibid|acceso|nao autoriz|proibid|erro"
    r"|오류|에러|코드|권한|인증|금지|접근|액세스|상태|응답|エラー|権限|コード|認証|禁止|アクセス|を返|が返|错误|未授权|禁止|报错|错|拒绝|錯誤|未經)"
)
_SEEN_BEFORE = re.compile(
    r"(?:got|get|gets|getting|gives?|giving|gave|returns?|returned|returning|throws?|threw|throwing|receives?|received|receiving|shows?"
    r"|says?|saying|with|see|seeing|sees|hit|hits|hitting|fails?|failed|failing|failure|back|answers?|answered|responds?|responded|always|still"
    r"|now|only|just|constant|random|the|a|an|this|these|those|of|or|and|another|same|to|more|keeps?|is|was|->|=>|mit|bekomme|kommt|liefert|gibt|ein|einen|eine|der|die"
    r"|avec|une?|renvoie|le|la|donne|con|un|da|devuelve|recib\w+|com|um|retorna|o|d[aá]|→|自|出现|返回|收到|显示|提示|报|是|出|了)"
    r"[\s\"'`*_:(\[{<>=-]{1,4}$"
)
_SEEN_AFTER = re.compile(
    r"(?:s\b|'s\b|\s{0,2}(?:가|이|을|를|로|으로|은|는|만|도|뜨|뜹|나|떠|와|이랑|과|입니다|이에요|예요|라고|번)|\s{0,2}(?:が|を|で|に|は|と|って|です|出|返|に)|\s{0,2}(?:了|的|呢|啊)"
    r"|\s{0,3}[)\]}|\"'`;,!?\n]|\s{0,2}\.(?:\s|$)|\s{1,3}(?:on|when|from|for|after|since|every|each|again|and|or|in|while|at|trying|beim|seit|bei|quand|depuis|al|cuando|desde|ao|quando|from|but|with|since|/|-)\b|\s*$)"
)
_COUNTED = re.compile(
    r"[\s-]{0,2}(?:k\b|km\b|kg\b|kb\b|mb\b|gb\b|px\b|ms\b|m2\b|mm\b|cm\b|m\b|x\b|st\b|nd\b|th\b|min\b|mins\b|minutes?|hours?|days?|seconds?|sec\b|times|percent|euros?|dollars?|usd\b|eur\b|won\b|yen\b"
    r"|items?|rows?|records?|users?|people|persons?|members?|files?|mails?|emails?|messages?|lines?|pages?|entries|tickets?|orders?|employees?|seats?|students?|invoices?|units?|points?|steps?|words?|tests?|runs|customers?|contacts?|documents?|documentos?|registros?|eintr|zeilen|elemente|benutzer|lignes|elements|filas|elementos|linhas|itens"
    r"|명|개|건|원|호|번지|페이지|줄|행|층|대\b|회|km|미터|쪽|件|人|円|元|号|個|个|行|頁|页|楼|条|次|回|番|室|冊|本)"
)
_NAMED = re.compile(
    r"(?:room|rooms|line|lines|page|pages|row|rows|column|order|ticket|issue|pr|bug|no\.?|nr\.?|number|num|article|section|chapter|route|bus|flight|building|floor"
    r"|port|version|v|build|ext\.?|extension|tel\.?|phone|gate|seat|lot|suite|apartment|apt\.?|highway|form|paragraph|level|item|items|po|invoice|case|inc|id|step|train|platform|class|course|model|size|area|unit|box|hall|door|desk|locker|exit|bay"
    r"|raum|zimmer|zeile|seite|bestellung|rechnung|linie|salle|chambre|ligne|commande|bureau|facture|sala|aula|linea|pedido|fila|habitacion|factura|oficina|linha|quarto|fatura"
    r"|회의실|강의실|호실|방|내선|전화|주문|번호|버스|会議室|教室|号室|内線|部屋|注文|房间|教室|会议室|订单|分机|房号|線)"
    r"[\s#:.\"'(-]{0,3}$|[#$€£¥₩+]\s?$|\d[\s.,:/-]$|[-/.]$"
)


@dataclass(frozen=True, slots=True)
class Status:
    """A status in a text."""

    start: int
    end: int
    number: int
    strength: int
    """3: named as a status. 2: met as one. 1: only a number that may be one."""


def find_statuses(page: Page) -> Iterator[Status]:
    """Yield the statuses of `page` with how sure each is one."""
    low = page.low
    for match in _NUMBER.finditer(low):
        start, end = match.span()
        before, after = low[max(0, start - 32) : start], low[end : end + 28]
        if COVER in (before[-1:], after[:1]):
            continue
        strength = _strength(before, after)
        if strength:
            yield Status(start, end, int(match[0]), strength)


def _strength(before: str, after: str) -> int:
    named = bool(_STATUS_BEFORE.search(before))
    if _COUNTED.match(after) and not named:
        return 0
    if named or _STATUS_AFTER.match(after):
        return 3 if named or not _NAMED.search(before) else 0
    if _NAMED.search(before):
        return 0
    if _SEEN_BEFORE.search(before) and _SEEN_AFTER.match(after):
        return 2
    if before.rstrip()[-1:] in {"(", "[", ":", "="} or not before.strip():
        return 2 if _SEEN_AFTER.match(after) else 1
    return 1 if _SEEN_AFTER.match(after) else 0
