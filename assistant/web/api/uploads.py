"""Take a file in, for later data: it lies under a name of its own and goes with its conversation."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, BinaryIO

import anyio.to_thread
from fastapi import APIRouter, File, Form, UploadFile

from assistant.store import uploads
from assistant.web.api.context import ID, Context, Kit, Visiting, own
from assistant.web.api.models import Uploaded
from assistant.web.api.refusals import ALWAYS, told
from assistant.web.problems import Problem
from assistant.web.received import FOLDER, KINDS, keep

MOST_FILES = 20
router = APIRouter(tags=["文件"])


@router.post(
    "/uploads", status_code=201, response_model=Uploaded, responses=told(*ALWAYS, 404, 409), summary="传文件",
    description=f"收 {'、'.join(KINDS)}，按内容核对；每段对话最多{MOST_FILES}个，对话删除时一起删除。",
)
async def upload(
    conversation: Annotated[str, Form(pattern=ID, description="放进哪段对话")],
    file: Annotated[UploadFile, File(description="文件")], visiting: Visiting, kit: Kit,
) -> dict[str, Any]:
    """The file as it was kept."""
    await own(kit, visiting, conversation)
    await kit.rates.question(visiting.site, visiting.visitor)
    return await anyio.to_thread.run_sync(_keep, kit, conversation, file.file, file.filename or "")


def _keep(kit: Context, conversation: str, file: BinaryIO, name: str) -> dict[str, Any]:
    if kit.store.read(partial(uploads.count, conversation=conversation)) >= MOST_FILES:
        raise Problem(409, "full", f"一段对话最多传{MOST_FILES}个文件。")
    folder = kit.settings.data_dir / FOLDER
    received = keep(file, name, folder, kit.settings.max_upload_bytes)
    try:
        id = kit.store.write(partial(uploads.add, conversation=conversation, file=received, now=datetime.now(UTC)))
    except BaseException:
        received.path.unlink(missing_ok=True)
        raise
    return {"id": id, "name": received.name, "size": received.size}
