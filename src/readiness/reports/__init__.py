"""What a manager reads about a model: summarise → render → write."""

from readiness.reports.page import render, write
from readiness.reports.population import Population, describe
from readiness.reports.summary import Fact, Section, Summary, Table, summarise

__all__ = [
    "Fact",
    "Population",
    "Section",
    "Summary",
    "Table",
    "describe",
    "render",
    "summarise",
    "write",
]
