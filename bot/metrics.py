"""What Prometheus reads: how much, how fast, how far behind."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.storage import Backlog, Decision, Outgoing
from dialogs.case import Case
from dialogs.events import Event, Said

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; upper ends of the histograms' buckets."""


class Metrics:
    """A `bot.watch.Watch` with a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = self._counter("turns", "Events by their outcome.", "platform", "outcome")
        self._diagnoses = self._counter("diagnoses", "New cases by cause.", "cause", "confidence")
        self._retries = self._counter("delivery_retries", "Deliveries put off.", "platform", "kind")
        self._lost = self._counter("delivery_given_up", "Deliveries put aside.", "platform", "kind")
        self._ingest = self._histogram("ingest", "From an event's arrival to its answer.")
        self._commit = self._histogram("commit", "One transaction of a turn.")
        self._delivery = self._histogram("delivery", "One reply or effect, done.", "kind")
        self._waiting = self._gauge("outbox_waiting", "Replies and effects that wait.")
        self._age = self._gauge("outbox_oldest_seconds", "How late the oldest of them is.")
        self._dead = self._gauge("dead_letters", "What was put aside and can be sent again.")

    def exposition(self, backlog: Backlog, now: int) -> bytes:
        """Return all metrics in Prometheus' text format; `now` in milliseconds since the epoch."""
        self._waiting.set(backlog.waiting)
        late = (now - backlog.oldest) / 1000 if backlog.oldest is not None else 0
        self._age.set(max(late, 0))
        self._dead.set(backlog.dead)
        return generate_latest(self.registry)

    def ingested(self, event: Event, seconds: float) -> None:
        """See `Watch.ingested`."""
        self._ingest.labels(event.origin.platform).observe(seconds)

    def turned(self, event: Event, decision: Decision | None, seconds: float) -> None:
        """See `Watch.turned`."""
        platform = event.origin.platform
        self._commit.labels(platform).observe(seconds)
        outcome = decision.note.outcome.lower() if decision else "repeated"
        self._turns.labels(platform, outcome).inc()
        if decision and isinstance(event, Said) and _begun(event, decision):
            note = decision.note
            self._diagnoses.labels(note.cause or "none", note.confidence or "none").inc()

    def refused(self, event: Event) -> None:
        """See `Watch.refused`."""
        self._turns.labels(event.origin.platform, "refused").inc()

    def failed(self, event: Event) -> None:
        """See `Watch.failed`."""
        self._turns.labels(event.origin.platform, "failed").inc()

    def delivered(self, outgoing: Outgoing, seconds: float) -> None:
        """See `Watch.delivered`."""
        self._delivery.labels(outgoing.origin.platform, _kind(outgoing)).observe(seconds)

    def postponed(self, outgoing: Outgoing) -> None:
        """See `Watch.postponed`."""
        self._retries.labels(outgoing.origin.platform, _kind(outgoing)).inc()

    def given_up(self, outgoing: Outgoing) -> None:
        """See `Watch.given_up`."""
        self._lost.labels(outgoing.origin.platform, _kind(outgoing)).inc()

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(f"flowmend_{name}", about, labels, registry=self.registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"flowmend_{name}", about, registry=self.registry)

    def _histogram(self, name: str, about: str, *labels: str) -> Histogram:
        return Histogram(
            f"flowmend_{name}_seconds",
            about,
            ("platform", *labels),
            registry=self.registry,
            buckets=_FAST,
        )


def _begun(event: Event, decision: Decision) -> bool:
    """Tell whether `event` opened the case that the conversation is about."""
    case = getattr(decision.state, "case", None)
    return isinstance(case, Case) and case.opened_at == event.at


def _kind(outgoing: Outgoing) -> str:
    return type(outgoing.item).__name__.lower()
