"""The command line: parse, call, print."""

from readiness.cli.main import app, run

__all__ = ["app", "run"]
