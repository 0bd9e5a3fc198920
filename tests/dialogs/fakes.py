"""A library whose diagnosis reads plain orders, so that the engine is tested by itself."""

from __future__ import annotations

from dataclasses import fields

from dialogs.diagnosis.model import Confidence, Diagnosis, Evidence
from dialogs.library import Library, Policy, load

_CONFIDENCE: dict[str, Confidence] = {"certain": "certain", "likely": "likely", "unsure": "unsure"}
_LINKS = {
    "run": "https://make.powerautomate.com/environments/e/flows/f/runs/r",
    "connections": "https://make.powerautomate.com/environments/e/connections",
    "error": "https://login.microsoftonline.com/error?code=50173",
}


class OrderedLibrary(Library):
    """Diagnoses what the text orders: "<cause or kind> [certain|likely|unsure] [code=..] ...".

    Further words: `connector=SharePoint`, `language=ko`, `status=403`, `also=mfa-required`,
    `run`, `connections`, `error` for links. Any other text is talk of the kind "other".
    """

    def diagnose(self, text: str, secrets: tuple[str, ...] = ()) -> Diagnosis:
        """Return what `text` orders."""
        name, *words = text.split() or [""]
        given = dict(word.split("=", 1) for word in words if "=" in word)
        surely = [_CONFIDENCE[word] for word in words if word in _CONFIDENCE]
        is_cause = name in self.causes
        kind = name if name in self.kinds else "other"
        return Diagnosis(
            text=text,
            auth_failure=is_cause,
            confidence=surely[0] if surely else "certain",
            cause=name if is_cause else None,
            kind=None if is_cause else kind,
            who=tuple(self.playbook(name, "en").who) if is_cause else (),
            http_status=int(given["status"]) if "status" in given else None,
            codes=(given["code"],) if "code" in given else (),
            language=given.get("language"),
            evidence=Evidence(
                connector=given.get("connector"), environment=given.get("environment")
            ),
            links={word: _LINKS[word] for word in words if word in _LINKS},
            secrets=secrets,
            also=(given["also"],) if "also" in given else (),
        )


def ordered(policy: Policy | None = None) -> OrderedLibrary:
    """Return all content with the diagnosis of orders."""
    book = load(policy=policy or Policy())
    return OrderedLibrary(**{it.name: getattr(book, it.name) for it in fields(book)})
