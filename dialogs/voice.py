"""What the bot says in one language of any failure, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from dialogs import found
from dialogs.diagnosis.model import Diagnosis
from dialogs.library import Library
from dialogs.playbook import OTHER
from dialogs.words import fill


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one language."""

    book: Library
    language: str
    """In which the answer is given."""

    def phrase(self, name: str, **values: str | int) -> str:
        """Return one of the bot's phrases."""
        return self.book.phrase(name, self.language, **values)

    def title(self, diagnosis: Diagnosis) -> str | None:
        """Return what is broken in a few words; None when nothing is, as far as can be told."""
        if diagnosis.cause:
            return self.book.playbook(diagnosis.cause, self.language).title
        if diagnosis.kind is None or diagnosis.kind == OTHER:
            return None
        other = self.book.lookalike(diagnosis.kind, self.language)
        return None if other.about else other.title

    def meant_by(self, cause: str, diagnosis: Diagnosis) -> str:
        """Return what it would mean if `cause` were what `diagnosis` is about."""
        playbook = self.book.playbook(cause, self.language)
        said = fill(playbook.verdict, found.in_sentences(diagnosis, playbook))
        return f"**{playbook.title}**: {said.replace('**', '')}."

    def verdict(self, diagnosis: Diagnosis) -> tuple[str, ...]:
        """Return what is broken, who can fix it, what would make it certain, what else there is."""
        playbook = self.book.playbook(diagnosis.cause or "", self.language)
        values = found.in_sentences(diagnosis, playbook)
        said = fill(playbook.verdict, values)
        code = values.get("code")
        said += f" ({code})." if code and code not in said else "."
        text = [said, fill(playbook.fix, values)]
        if diagnosis.confidence != "certain":
            text[0] = self.phrase("likely", verdict=said)
            text += [fill(playbook.settle, values)] if playbook.settle else []
        if diagnosis.elsewhere:
            text.append(self.phrase("elsewhere"))
        if diagnosis.also:
            titles = (self.book.playbook(one, self.language).title for one in diagnosis.also)
            text.append(self.phrase("also", causes=", ".join(f"**{title}**" for title in titles)))
        return tuple(text)
