"""What holds for every row of many leads that says nothing else."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from fastapi import Query
from pydantic import WithJsonSchema

from serve.moments import MOMENT_SCHEMA

RowsAt: TypeAlias = Annotated[
    str | None,
    WithJsonSchema(MOMENT_SCHEMA),
    Query(description="The `at` of every row that states none."),
]
RowsExplain: TypeAlias = Annotated[
    Literal["none", "brief", "full"] | None,
    WithJsonSchema({"enum": ["none", "brief", "full"]}),
    Query(description="The `explain` of every row that states none; `none` is quickest."),
]
