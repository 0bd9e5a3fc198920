"""The way in: a text to its `Diagnosis`."""

from __future__ import annotations

from dialogs.diagnosis.evidence import find_evidence
from dialogs.diagnosis.links import build_links
from dialogs.diagnosis.model import Diagnosis
from dialogs.diagnosis.page import lay_out, printable
from dialogs.diagnosis.reader import Reader
from dialogs.diagnosis.reading import read
from dialogs.diagnosis.verdict import decide
from dialogs.redaction import redact


def diagnose(text: str, reader: Reader, secrets: tuple[str, ...] = ()) -> Diagnosis:
    """Return what `text` says is broken; never raises, whatever the text.

    `secrets` are the kinds that an earlier redaction hid from it. The text that comes back is
    without invisible characters and secrets; all spans count in that one.
    """
    redacted = redact(printable(text))
    page = lay_out(redacted.text)
    reading = read(page, reader)
    verdict = decide(redacted.text, reading, reader.sources)
    root = next((it.text for it in verdict.why if it.sign == verdict.cause), "")
    evidence = find_evidence(redacted.text, root)
    return Diagnosis(
        text=redacted.text,
        auth_failure=verdict.auth_failure,
        confidence=verdict.confidence,
        cause=verdict.cause,
        kind=verdict.kind,
        who=reader.sources[verdict.cause].who if verdict.cause else (),
        why=verdict.why,
        http_status=verdict.http_status,
        codes=verdict.codes,
        language=reader.languages.find(page),
        evidence=evidence,
        links=build_links(evidence, verdict.codes),
        secrets=tuple(dict.fromkeys((*secrets, *redacted.secrets))),
        also=verdict.also,
        elsewhere=verdict.auth_failure and reading.elsewhere and not evidence.flow_id,
    )
