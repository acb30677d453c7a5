"""The container, held without one: its start and health commands run as they stand, and the compose file shuts it in."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.http.servers import running
from trdpgx.model.access import AccessSettings
from trdpgx.model.environment import PREFIX
from trdpgx.model.limits import Limits
from trdpgx.model.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
FINAL = DOCKERFILE.rpartition("\nFROM ")[2]


def settings() -> dict[str, str]:
    """Return the environment of the final stage."""
    (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", FINAL, re.MULTILINE)
    return dict(pair.split("=", 1) for pair in block.replace("\\\n", " ").split())


def command(instruction: str) -> list[str]:
    (found,) = re.findall(rf"{instruction} (\[.*\])$", FINAL, re.MULTILINE)
    return json.loads(found)  # type: ignore[no-any-return]


def in_this_environment(words: list[str]) -> list[str]:
    """Return the command with its program taken from this environment instead of the image's."""
    return [str(Path(sys.executable).with_name(words[0])), *words[1:]]


def test_the_start_and_health_commands_run_as_they_stand() -> None:
    start, health = command("^CMD"), command("    CMD")
    environment = {name: value for name, value in settings().items() if name not in {"PATH", "TRDPGX_PORT"}}
    with running(in_this_environment(start), **environment) as server:
        port = {"TRDPGX_PORT": str(server.port)}
        healthy = subprocess.run(in_this_environment(health), env=port, timeout=30, check=False)
        assert healthy.returncode == 0
        server.stop()
        assert subprocess.run(in_this_environment(health), env=port, stderr=subprocess.DEVNULL, timeout=30, check=False).returncode != 0


def test_the_image_is_slim_locked_and_not_root() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${PYTHON_IMAGE}"] * 2
    assert "\nARG PYTHON_IMAGE=python:3.12-slim\n" in DOCKERFILE
    assert DOCKERFILE.count("uv sync --locked --no-dev --extra redis") == 2
    assert "USER 10001:10001" in FINAL
    assert "RUN" not in FINAL


def test_the_image_is_built_from_what_is_named_and_no_more() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    named = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    metadata = {project["project"]["readme"], *project["project"]["license-files"]}
    assert named == {"app", *wheel["force-include"], *metadata, "hatch_build.py", "pyproject.toml", "uv.lock"}
    assert all((ROOT / name).exists() for name in named)


COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))


def test_the_service_is_shut_in() -> None:
    service = COMPOSE["services"]["trdpgx"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "10001:10001"
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["healthcheck"]["test"][:2] == ["CMD", "python"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert all("noexec" in mount for mount in service["tmpfs"])


def test_what_stands_beside_the_service_is_shut_in_and_asked_for() -> None:
    beside = {name: service for name, service in COMPOSE["services"].items() if name != "trdpgx"}
    assert {name: service["profiles"] for name, service in beside.items()} == {"proxy": ["tls"], "redis": ["redis"]}
    for service in beside.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["user"] not in {"0", "root", "0:0"}
        assert service["mem_limit"]
        assert all("noexec" in mount for mount in service["tmpfs"])
    assert "ports" not in beside["redis"]


def test_every_variable_of_the_compose_file_is_a_setting() -> None:
    known = {PREFIX + name.upper() for model in (Settings, AccessSettings, Limits) for name in model.model_fields}
    assert set(COMPOSE["services"]["trdpgx"]["environment"]) <= known


def test_docker_reads_the_compose_file() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("there is no docker compose here")
    subprocess.run([docker, "compose", "--file", ROOT / "docker-compose.yml", "config", "--quiet"], check=True)
