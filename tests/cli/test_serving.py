"""What `readiness serve` refuses before it starts."""

from __future__ import annotations

import socket

import pytest
import typer

from readiness.cli import serving
from readiness.errors import StoreError


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_address_that_others_can_reach_is_refused_without_permission(typed, monkeypatch):
    monkeypatch.setenv("READINESS_HOST", "127.0.0.1")  # put back afterwards, whatever the command sets
    refused = typed("serve", "--host", "0.0.0.0", "--port", _free_port())  # noqa: S104 - refused
    assert refused.exit_code == 2
    assert "host 0.0.0.0 can be reached from other machines" in refused.output
    assert "READINESS_OPEN_ACCESS=true" in refused.output


def test_a_port_that_is_taken_is_refused():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            StoreError, match=f"Cannot listen on 127.0.0.1, port {port}: Address already in use"
        ):
            serving.check("127.0.0.1", port)


def test_a_setting_of_the_wrong_type_is_refused_by_its_name(monkeypatch):
    monkeypatch.setenv("READINESS_WATCH_SECONDS", "soon")
    with pytest.raises(typer.BadParameter, match="READINESS_WATCH_SECONDS"):
        serving.check("127.0.0.1", _free_port())


def test_a_published_folder_that_is_a_file_is_refused(monkeypatch, tmp_path):
    (tmp_path / "published").write_text("", encoding="utf-8")
    monkeypatch.setenv("READINESS_PUBLISHED", str(tmp_path / "published"))
    with pytest.raises(StoreError, match="published is a file"):
        serving.check("127.0.0.1", _free_port())


def test_that_no_model_is_published_is_told_and_no_refusal(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("READINESS_PUBLISHED", str(tmp_path))
    serving.check("127.0.0.1", _free_port())
    # Wherever the terminal breaks the line.
    assert "the rules alone will answer" in " ".join(capsys.readouterr().err.split())
