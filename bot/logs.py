"""What a log line says of where it happened."""

from __future__ import annotations

from dialogs.events import Event, Origin


def about(origin: Origin, event: Event | None = None) -> dict[str, str]:
    """Return the fields by which a line of the log is found: nothing that anybody wrote."""
    fields = {"platform": origin.platform, "conversation": origin.conversation}
    return fields | ({"event": event.id} if event else {})
