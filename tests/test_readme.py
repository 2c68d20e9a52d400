"""What the README tells people to type works as it stands."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from serve.app import create_app
from serve.settings import Settings
from tests.serve.conftest import Client

CHECKOUT = Path(__file__).resolve().parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```\n(.*?)^```", README)


def _commands() -> list[str]:
    lines = "\n".join(BLOCKS).splitlines()
    return [line.split("#")[0].strip() for line in lines if line.startswith("readiness ")]


def test_it_fits_on_one_screen():
    assert len(README.splitlines()) <= 80


def test_its_test_command_is_the_one_that_ci_runs_with_the_slow_ones_added():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    assert "make test" in README
    assert re.search(r'(?m)^test: .*\n\t\$\(PYTEST\) tests -m "not slow"', makefile)
    assert re.search(r"(?m)^check: .*\n\t\$\(PYTEST\) ", makefile)
    assert "make check" in (CHECKOUT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_every_link_leads_somewhere(link):
    assert (CHECKOUT / link).exists()


@pytest.mark.slow
def test_its_commands_run_in_the_order_given(tmp_path):
    """The sample stands for the reader's export: only a model that knows something is promoted."""
    (tmp_path / "data").symlink_to(CHECKOUT / "data")
    export = tmp_path / "export"
    export.mkdir()
    for table in (CHECKOUT / "data" / "sample").glob("*.csv"):
        (export / table.name).symlink_to(table)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    ran = []
    for command in _commands():
        typed = command.replace("EXPORT", str(export)).split("&&")[0]
        done = subprocess.run(
            shlex.split(typed), cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        ran.append(shlex.split(typed)[1])
        # Of a model just trained nothing can be said yet, and the watch says so.
        expected = 9 if ran[-1] == "watch" else 0
        assert done.returncode == expected, f"{typed}\n{done.stdout}\n{done.stderr}"
    road = ["mapping", "import", "check", "train", "promote", "retrain", "watch", "reproduce"]
    assert ran == [*road, "pull", "score", "suppress", "report", "score", *["agreement"] * 4]
    assert (tmp_path / "out" / "agreement.html").stat().st_size > 5_000
    assert (tmp_path / "out" / "report.html").stat().st_size > 5_000
    assert len((tmp_path / "out" / "scores.csv").read_text(encoding="utf-8").splitlines()) > 100


def test_its_request_is_answered_by_the_service(tmp_path):
    body = re.search(r"-d '(.*?)'", README, re.DOTALL)
    assert body is not None
    settings = Settings(published=tmp_path, database_url=f"sqlite:///{tmp_path}/service.sqlite")
    with Client(create_app(settings)) as client:
        answer = client.score(json.loads(body.group(1)))
    assert answer.status_code == 200, answer.text
    assert answer.json()["advice"]["action"]
