"""What all errors in payloads have in common, and those that any act may end in."""

from typing import Any

import strawberry

from schema.graph.directives import Public


def told(description: str) -> Any:
    """A field of an error that whoever may act may read."""
    return strawberry.field(description=description, directives=[Public()])


@strawberry.interface(
    name="UserError",
    description="使用者可以自行处理的错误；什么也没有改 What the caller can do something about; nothing was changed.",
)
class Told:
    """The base of all."""

    message: str = told("说明 What was expected and found")
    code: str = told("错误代码，含义不变 Stable code, see docs/errors.md")
    path: list[str] = told("所指输入的位置，无所指则为空 Which input it is about; empty: none in particular")


@strawberry.type(description="输入不合要求 A value that makes no sense by itself.")
class InvalidInput(Told):
    """A value that makes no sense by itself."""


@strawberry.type(description="正在接收文件，稍后再试 Files are being taken in: try again.")
class HubBusy(Told):
    """It was not our turn."""

    waited_seconds: float = told("等候了几秒 How long it was tried")
