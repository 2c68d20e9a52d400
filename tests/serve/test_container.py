"""What can be known of the container without running one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from serve.settings import Settings

_ROOT = Path(__file__).parents[2]
_DOCKERFILE = (_ROOT / "serve" / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((_ROOT / "serve" / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_every_file_that_goes_into_the_image_exists_and_is_not_kept_out_of_it() -> None:
    copied = [
        path
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", _DOCKERFILE, flags=re.MULTILINE)
        for path in line.split()
    ]
    let_in = (_ROOT / "serve" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied
    for path in copied:
        assert (_ROOT / path).exists()
        assert f"!{path}" in let_in


def test_the_image_does_not_run_as_root() -> None:
    users = re.findall(r"^USER (\S+)$", _DOCKERFILE, flags=re.MULTILINE)
    assert users == ["readiness"]
    assert _DOCKERFILE.index("USER readiness") < _DOCKERFILE.index("CMD [")


def test_every_setting_that_image_and_compose_give_is_one_of_the_service(compose: dict[str, Any]) -> None:
    given = set(re.findall(r"READINESS_([A-Z_]+)=", _DOCKERFILE))
    given |= {
        name.removeprefix("READINESS_")
        for part in compose["services"].values()
        for name in part.get("environment", {})
        if name.startswith("READINESS_")
    }
    assert {name.lower() for name in given} <= set(Settings.model_fields)


def test_every_secret_comes_from_outside(compose: dict[str, Any]) -> None:
    example = (_ROOT / "serve" / "compose.env.example").read_text(encoding="utf-8")
    named = re.findall(r"^([A-Z_]+)=(.*)$", example, flags=re.MULTILINE)
    asked = set(
        re.findall(r"\$\{([A-Z_]+)[:}]", (_ROOT / "serve" / "compose.yaml").read_text(encoding="utf-8"))
    )
    assert {name for name, _ in named} == asked
    assert {name: value for name, value in named if value} == {"OPEN_ACCESS": "false"}
    for part in compose["services"].values():
        for name, value in part.get("environment", {}).items():
            secret = "SECRET" in name or "PASSWORD" in name
            assert value.startswith("${") or not secret


def test_compose_names_only_volumes_and_services_that_are_there(compose: dict[str, Any]) -> None:
    for part in compose["services"].values():
        assert {volume.split(":")[0] for volume in part.get("volumes", [])} <= set(compose["volumes"])
        assert set(part.get("depends_on", {})) <= set(compose["services"])


def test_what_is_asked_of_no_one_is_reached_from_this_machine_only(compose: dict[str, Any]) -> None:
    for name, part in compose["services"].items():
        ports = part.get("ports", [])
        assert name == "service" or all(port.startswith("127.0.0.1:") for port in ports)


def test_it_is_given_longer_to_stop_than_it_gives_its_requests(compose: dict[str, Any]) -> None:
    grace = int(compose["services"]["service"]["stop_grace_period"].removesuffix("s"))
    assert grace > Settings.model_fields["stop_seconds"].default


@pytest.mark.slow
def test_the_tracking_server_knows_every_option_it_is_given(compose: dict[str, Any]) -> None:
    command = compose["services"]["tracking"]["command"]
    assert command[:2] == ["mlflow", "server"]
    told = subprocess.run(
        [sys.executable, "-m", "mlflow", "server", "--help"], capture_output=True, text=True, check=True
    ).stdout
    for option in command[2:]:
        assert option.split("=")[0] in told


def test_the_file_of_secrets_goes_neither_into_the_image_nor_into_the_repository() -> None:
    """The last line that fits decides: nothing after it lets the folder in again."""
    named = "serve/compose.env"
    assert f"#   cp serve/compose.env.example {named} " in (_ROOT / "serve" / "compose.yaml").read_text(
        "utf-8"
    )
    let_in = (_ROOT / "serve" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert let_in[-1] == named
    assert f"/{named}" in (_ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
