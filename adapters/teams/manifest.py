"""The package that an administrator uploads to Teams: manifest, its Korean words, two icons.

https://learn.microsoft.com/microsoft-365/extensibility/schema
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Annotated, Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from pydantic import ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from adapters.checks import first_problem
from adapters.manifests import Part, UnfitError, Url

FILES = ("manifest.json", "ko.json", "color.png", "outline.png")
_ICONS = {"color.png": 192, "outline.png": 32}
_READ_ALL = {
    "webApplicationInfo": {"id": "{app_id}", "resource": "https://RscBasedStoreApp"},
    "authorization": {
        "permissions": {
            "resourceSpecific": [
                {"name": "ChannelMessage.Read.Group", "type": "Application"},
                {"name": "ChatMessage.Read.Chat", "type": "Application"},
            ]
        }
    },
}
"""What lets the bot hear what does not mention it; a team's owner agrees when they add it."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Scope = Literal["personal", "team", "groupChat"]


class _Part(Part):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class _Developer(_Part):
    name: Annotated[str, Field(max_length=32)]
    website_url: Url
    privacy_url: Url
    terms_of_use_url: Url


class _Name(_Part):
    short: Annotated[str, Field(max_length=30)]
    full: Annotated[str, Field(max_length=100)]


class _Description(_Part):
    short: Annotated[str, Field(max_length=80)]
    full: Annotated[str, Field(max_length=4000)]


class _Command(_Part):
    title: Annotated[str, Field(max_length=32)]
    description: Annotated[str, Field(max_length=128)]


class _CommandList(_Part):
    scopes: Annotated[list[Scope], Field(min_length=1)]
    commands: Annotated[list[_Command], Field(max_length=12)]


class _Bot(_Part):
    bot_id: Id
    scopes: Annotated[list[Scope], Field(min_length=1)]
    supports_files: bool
    is_notification_only: Literal[False]
    command_lists: Annotated[list[_CommandList], Field(max_length=3)]


class _Action(_Command):
    id: Literal["diagnose"]
    type: Literal["action"]
    context: list[Literal["message"]]
    fetch_task: Literal[True]


class _Extension(_Part):
    bot_id: Id
    commands: Annotated[list[_Action], Field(min_length=1, max_length=10)]


class _Language(_Part):
    language_tag: str
    file: Literal["ko.json"]


class _Languages(_Part):
    default_language_tag: Literal["en"]
    additional_languages: list[_Language]


class Manifest(_Part):
    """As much of the schema as this product uses; anything else is a mistake."""

    schema_: str = Field(alias="$schema")
    manifest_version: Literal["1.30"]
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    id: Id
    developer: _Developer
    name: _Name
    description: _Description
    icons: dict[Literal["color", "outline"], str]
    accent_color: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")]
    localization_info: _Languages
    bots: Annotated[list[_Bot], Field(min_length=1, max_length=1)]
    compose_extensions: Annotated[list[_Extension], Field(max_length=1)]
    valid_domains: Annotated[list[str], Field(max_length=0)]
    supports_channel_features: Literal["tier1"]
    web_application_info: dict[Literal["id", "resource"], str] | None = None
    authorization: dict[str, Any] | None = None


def package(
    files: Mapping[str, bytes], *, app_id: str, public_url: str, version: str, read_all: bool
) -> bytes:
    """Return the ZIP file, made of the templates `files`; the same each time.

    With `read_all` it asks for the right to hear every message. Raises `UnfitError`.
    """
    values = {"{app_id}": app_id, "{public_url}": public_url.rstrip("/"), "{version}": version}
    manifest = json.loads(files["manifest.json"]) | (_READ_ALL if read_all else {})
    filled = _filled(manifest, values)
    check(filled, json.loads(files["ko.json"]), files)
    text = json.dumps(filled, ensure_ascii=False, indent=2) + "\n"
    return _zipped({**files, "manifest.json": text.encode()})


def check(manifest: object, korean: Mapping[str, str], icons: Mapping[str, bytes]) -> None:
    """Raise `UnfitError` unless all parts are as Teams wants them, and fit together."""
    try:
        Manifest.model_validate(manifest)
    except ValidationError as error:
        raise UnfitError(f"manifest.json: {first_problem(error)}") from None
    _check_words(_words(manifest), korean)
    for name, size in _ICONS.items():
        if _size(icons[name]) != (size, size):
            raise UnfitError(f"{name}: not a PNG of {size} by {size} pixels")


def _check_words(english: Mapping[str, str], korean: Mapping[str, str]) -> None:
    limits = {"title": 32, "short": 80, "full": 4000, "description": 128}
    for key in korean:
        if key != "$schema" and key not in english:
            raise UnfitError(f"ko.json: {key}: there is no such text in the manifest")
    for key in english:
        most = {"name.short": 30, "name.full": 100}.get(key, limits[key.rpartition(".")[2]])
        if not 0 < len(korean.get(key, "")) <= most:
            raise UnfitError(f"ko.json: {key}: missing, or longer than {most} characters")


def _words(manifest: object) -> dict[str, str]:
    """Return every text that can be translated, by its path as the schema writes it."""
    found = dict(_texts(manifest, ""))
    kinds = ("name.", "description.", "bots[", "composeExtensions[")
    ends = (".short", ".full", ".title", ".description")
    return {
        key: text for key, text in found.items() if key.startswith(kinds) and key.endswith(ends)
    }


def _texts(part: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, list):
        for at, each in enumerate(part):
            yield from _texts(each, f"{path}[{at}]")
    elif isinstance(part, dict):
        for key, each in part.items():
            yield from _texts(each, f"{path}.{key}" if path else key)


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        for name, value in values.items():
            part = part.replace(name, value)
        return part
    if isinstance(part, list):
        return [_filled(each, values) for each in part]
    if isinstance(part, dict):
        return {key: _filled(each, values) for key, each in part.items()}
    return part


def _size(picture: bytes) -> tuple[int, int] | None:
    if not picture.startswith(b"\x89PNG\r\n\x1a\n") or len(picture) < 24:
        return None
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def _zipped(files: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name in FILES:
            archive.writestr(ZipInfo(name), files[name], ZIP_DEFLATED)
    return made.getvalue()
