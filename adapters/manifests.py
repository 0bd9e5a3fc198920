"""What the manifests of all platforms have in common: nothing is in them that nobody checked."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Url = Annotated[str, Field(pattern=r"^https://[^\s/]+\S*$", max_length=2048)]


class UnfitError(ValueError):
    """This is nothing that the platform takes; one line says what is wrong."""


class Part(BaseModel):
    """A part of a manifest: a key more than those it has is a mistake."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")
