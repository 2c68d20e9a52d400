"""How a file of leads comes in: straight to the disk, counted while it streams, never whole in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from serve.jobs.folder import Arriving, JobFolder
from serve.problems import Problem
from serve.request_body import too_large, within

_WRITTEN_AT_ONCE = 1_000_000


@asynccontextmanager
async def arrived(request: Request, folder: JobFolder, job_id: str, limit: int) -> AsyncIterator[Arriving]:
    """Take in a body; what is not kept by the end of the block is removed, whatever happens.

    Raises
    ------
    Problem
        413 beyond the limit, 400 when empty.
    StoreError
        If it cannot be written: the disk is full, say.
    """
    within(request, limit)
    arriving = await asyncio.to_thread(folder.arriving, job_id)
    try:
        waiting = bytearray()
        async for chunk in request.stream():
            waiting += chunk
            if arriving.bytes + len(waiting) > limit:
                raise too_large(limit)
            if len(waiting) >= _WRITTEN_AT_ONCE:
                await asyncio.to_thread(arriving.write, bytes(waiting))
                waiting.clear()
        if not arriving.bytes + len(waiting):
            raise Problem("bad-request", "The body is empty.")
        await asyncio.to_thread(arriving.write, bytes(waiting))
        await asyncio.to_thread(arriving.close)
        yield arriving
    finally:
        await asyncio.to_thread(arriving.drop)
