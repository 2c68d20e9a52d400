"""The service starts only with settings that are safe, or that somebody chose by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from readiness.errors import StoreError
from serve import settings
from serve.security.addresses import is_loopback, networks
from serve.security.starting import refuse_unsafe
from serve.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_this_machine_alone_is_safe(host: str) -> None:
    refuse_unsafe(Settings(host=host), lambda: False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "example.org", ""])  # noqa: S104
def test_an_address_others_can_reach_is_refused_until_opened_by_name(host: str) -> None:
    with pytest.raises(StoreError, match="READINESS_OPEN_ACCESS=true"):
        refuse_unsafe(Settings(host=host), lambda: False)
    refuse_unsafe(Settings(host=host, open_access=True), lambda: False)
    refuse_unsafe(Settings(host=host, trusted_proxy="10.0.0.5"), lambda: False)


@pytest.mark.parametrize("written", ["10.0.0.300", "proxy.example.org", "10.0.0.1/8", "10.0.0.5 10.0.0.6"])
def test_a_trusted_proxy_is_an_address_or_a_network(written: str) -> None:
    with pytest.raises(ValidationError, match="trusted_proxy"):
        Settings(trusted_proxy=written)
    assert [str(one) for one in networks("10.0.0.5, 10.1.0.0/16,::1")] == [
        "10.0.0.5/32",
        "10.1.0.0/16",
        "::1/128",
    ]


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("READINESS_PUBLISHED", str(tmp_path))
    monkeypatch.setenv("READINESS_MAX_BODY_BYTES", "5000")
    assert (Settings().published, Settings().max_body_bytes) == (tmp_path, 5000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_body_bytes", 0),
        ("max_body_bytes", "much"),
        ("watch_seconds", 0),
        ("watch_seconds", float("nan")),
    ],
)
def test_a_setting_out_of_range_is_refused(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(**{name: value})


def test_a_name_is_not_loopback_because_it_sounds_so() -> None:
    assert not is_loopback("127.0.0.1.example.org")


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    readme = Path(settings.__file__).with_name("README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `READINESS_(\w+)` \| (.+?) \|", readme, flags=re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert float(rows[name.upper()].strip("`")) == field.default
