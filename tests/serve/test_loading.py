"""What a start does without seems not to be there, for as long as the start lasts."""

from __future__ import annotations

import importlib
import sys

import pytest

from serve.loading import without


def test_a_library_that_a_start_does_without_is_not_found_and_is_afterwards(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with without("colorsys"), pytest.raises(ModuleNotFoundError, match="colorsys"):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)


def test_what_was_loaded_before_stays():
    with without("json"):
        assert importlib.import_module("json").loads("1") == 1


def test_a_start_that_fails_leaves_nothing_hidden(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with pytest.raises(RuntimeError, match="no start"), without("colorsys"):
        raise RuntimeError("no start")
    assert sys.modules.get("colorsys", ...) is not None


def test_nothing_to_do_without_changes_nothing():
    before = set(sys.modules)
    with without():
        assert set(sys.modules) == before
