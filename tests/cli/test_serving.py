"""What `readiness serve` refuses before it starts."""

from __future__ import annotations

import socket

import pytest
import typer

from readiness.cli import serving
from readiness.errors import StoreError
from serve.settings import Settings


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Whatever the command sets is put back afterwards; the port is free."""
    monkeypatch.setenv("READINESS_HOST", "127.0.0.1")
    monkeypatch.setenv("READINESS_PORT", str(_free_port()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_address_that_others_can_reach_is_refused_without_permission(typed):
    refused = typed("serve", "--host", "0.0.0.0", "--port", _free_port())  # noqa: S104 - refused
    assert refused.exit_code == 2
    assert "host 0.0.0.0 can be reached from other machines" in refused.output
    assert "READINESS_OPEN_ACCESS=true" in refused.output


def test_a_port_that_is_taken_is_refused(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("READINESS_PORT", str(port))
        with pytest.raises(
            StoreError, match=f"Cannot listen on 127.0.0.1, port {port}: Address already in use"
        ):
            serving.check()


def test_a_setting_of_the_wrong_type_is_refused_by_its_name(monkeypatch):
    monkeypatch.setenv("READINESS_WATCH_SECONDS", "soon")
    with pytest.raises(typer.BadParameter, match="READINESS_WATCH_SECONDS"):
        serving.check()


def test_a_published_folder_that_is_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "published").write_text("", encoding="utf-8")
    monkeypatch.setenv("READINESS_PUBLISHED", str(tmp_path / "published"))
    with pytest.raises(StoreError, match="published is a file"):
        serving.check()


def test_that_no_model_is_published_is_told_and_no_refusal(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("READINESS_PUBLISHED", str(tmp_path))
    serving.check()
    # Wherever the terminal breaks the line.
    assert "the rules alone will answer" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("asked", [(), ("--port", 9_321, "--host", "127.0.0.3", "--workers", 3)])
def test_an_option_counts_before_its_variable(typed, monkeypatch, asked):
    started = []
    for name, value in (("HOST", "127.0.0.2"), ("PORT", "9322"), ("WORKERS", "2")):
        monkeypatch.setenv(f"READINESS_{name}", value)
    monkeypatch.setattr(serving, "_try_address", lambda *_: None)
    monkeypatch.setattr("os.execv", lambda *_: started.append(Settings()))
    shown = typed("serve", *asked).output
    wanted = ("127.0.0.3", 9_321, 3) if asked else ("127.0.0.2", 9_322, 2)
    assert [(each.host, each.port, each.workers) for each in started] == [wanted]
    assert f"http://{wanted[0]}:{wanted[1]}/" in shown
