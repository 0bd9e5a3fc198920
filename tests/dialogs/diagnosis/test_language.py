"""The person's language is told from their own words."""

from __future__ import annotations

import pytest

from dialogs.diagnosis.page import lay_out
from tests.dialogs.diagnosis.reading import reader

PASTE = '{"error":{"code":"Unauthorized","message":"The user must sign in again to this app"}}'


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my flow failed: 401 Unauthorized", "en"),
        ("제 흐름이 AADSTS50173 오류로 실패해요", "ko"),
        ("AADSTS50173 오류로 흐름이 실패했어요", "ko"),
        ("AADSTS50173: The provided grant has expired 라고 떠요", "ko"),
        ("AADSTS50173 エラーが出ます", "ja"),
        ("AADSTS50173 my flow failed since yesterday", "en"),
        ("The error is AADSTS50173, what should I do", "en"),
        ("AADSTS50126 Fehler in meinem Flow seit gestern", "de"),
        ("AADSTS50173 The provided grant has expired due to it being revoked", None),
        ("フローが失敗します", "ja"),
        ("流程运行失败", "zh"),
        ("Mein Flow läuft seit gestern nicht mehr", "de"),
        ("Mon flux ne marche plus depuis hier", "fr"),
        ("Mi flujo no funciona desde ayer", "es"),
        ("Meu fluxo não funciona desde ontem", "pt"),
        (f"Hola, mi flujo falla y no sé por qué: {PASTE}", "es"),
        (f"이 오류가 나와요 {PASTE}", "ko"),
        ("My portal shows 권한이 없음, what is it? I have no idea", "en"),
        ("el conector de la tienda da 429 demasiadas peticiones en cuanto subo más de 40", "es"),
        (PASTE, None),
        ("AADSTS50173: The provided grant has expired due to it being revoked", None),
        ("401", None),
        ("", None),
    ],
)
def test_tells_the_language(text: str, language: str | None) -> None:
    assert reader().languages.find(lay_out(text)) == language
