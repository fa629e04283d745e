"""Why something that a person wants done cannot be done: each reason with what it is about. Pure.

Nothing was changed where one of these is the answer. The command line prints their messages, the graph gives them
as typed errors (`schema/graph/user_errors.py`).
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from schema.declare import Label


class Refusal(Protocol):
    """One reason."""

    @property
    def code(self) -> str:
        """Stable slug, in docs/errors.md."""
        ...

    @property
    def message(self) -> Label:
        """As people read it."""
        ...


@dataclass(frozen=True, slots=True)
class ItemIncomplete:
    """The values that name an item are not as many as its kind has."""

    code: ClassVar[str] = "judgement.item_values"
    item_kind: str
    #: what names an item of this kind, in its order
    expected: tuple[str, ...]

    @property
    def message(self) -> Label:
        """The values in their order."""
        named = "、".join(self.expected)
        return Label(
            f"{self.item_kind} 须依次写明 {len(self.expected)} 项：{named}。",
            f"name it by {named}, in this order",
        )


@dataclass(frozen=True, slots=True)
class ItemNotFound:
    """There is no such item."""

    code: ClassVar[str] = "judgement.no_item"
    item_kind: str
    #: as it was named
    item: tuple[str | None, ...]

    @property
    def message(self) -> Label:
        """The item as it was named."""
        named = " / ".join(value or "—" for value in self.item)
        return Label(f"没有这个对象：{named}。", "there is no such item")


@dataclass(frozen=True, slots=True)
class ProductNotFound:
    """No registered medicine has this number."""

    code: ClassVar[str] = "judgement.no_product"
    approval_number: str

    @property
    def message(self) -> Label:
        """The number."""
        return Label(
            f"批准文号 {self.approval_number} 未见于注册数据。", "no registered medicine has this number"
        )


@dataclass(frozen=True, slots=True)
class JudgementStands:
    """Somebody judged the item already."""

    code: ClassVar[str] = "judgement.stands"
    judgement_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        number = self.judgement_id
        return Label(f"已有判定 {number}，请先撤回。", f"judgement {number} stands: withdraw it first")


@dataclass(frozen=True, slots=True)
class JudgementNotFound:
    """There is no judgement of this number."""

    code: ClassVar[str] = "judgement.unknown"
    judgement_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(f"没有判定 {self.judgement_id}。", f"there is no judgement {self.judgement_id}")


@dataclass(frozen=True, slots=True)
class JudgementWithdrawn:
    """Somebody withdrew it already."""

    code: ClassVar[str] = "judgement.withdrawn"
    judgement_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(
            f"判定 {self.judgement_id} 已撤回。", f"judgement {self.judgement_id} is withdrawn already"
        )


@dataclass(frozen=True, slots=True)
class BatchNotFound:
    """There is no batch of this number."""

    code: ClassVar[str] = "batch.unknown"
    batch_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(f"没有批次 {self.batch_id}。", f"there is no batch {self.batch_id}")


@dataclass(frozen=True, slots=True)
class BatchNotHeld:
    """The batch waits for nobody: it never was held, or somebody decided already."""

    code: ClassVar[str] = "batch.not_held"
    batch_id: int
    #: the state that it is in
    state_code: str

    @property
    def message(self) -> Label:
        """Which one, and its state."""
        return Label(
            f"批次 {self.batch_id} 未被扣留（{self.state_code}）。",
            f"batch {self.batch_id} is not held but {self.state_code}",
        )


@dataclass(frozen=True, slots=True)
class InvalidInput:
    """A value that makes no sense by itself, whatever the hub knows."""

    #: the value's name
    field: str
    code: str
    message: Label


@dataclass(frozen=True, slots=True)
class HubBusy:
    """Files are being taken in; acts wait for their turn, but not for ever."""

    code: ClassVar[str] = "act.busy"
    #: how long was waited
    waited_seconds: float

    @property
    def message(self) -> Label:
        """For how long it was tried."""
        waited = f"{self.waited_seconds:g}"
        return Label(
            f"系统正在接收文件，等候 {waited} 秒未轮到；什么也没有改，请稍后再试。",
            f"files are being taken in; after {waited} seconds it was not our turn; nothing was changed, try again",
        )


@dataclass(frozen=True, slots=True)
class ChangeNotFound:
    """There is no change of access of this number."""

    code: ClassVar[str] = "access.no_change"
    change_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(f"没有权限变更 {self.change_id}。", f"there is no change of access {self.change_id}")


@dataclass(frozen=True, slots=True)
class ChangeDecided:
    """Somebody decided it already, or it took effect at once."""

    code: ClassVar[str] = "access.decided"
    change_id: int
    #: the state that it is in
    state_code: str

    @property
    def message(self) -> Label:
        """Which one, and its state."""
        return Label(
            f"权限变更 {self.change_id} 已不待批（{self.state_code}）。",
            f"change {self.change_id} is not pending but {self.state_code}",
        )


@dataclass(frozen=True, slots=True)
class SamePerson:
    """Whoever proposed it cannot approve it."""

    code: ClassVar[str] = "access.same_person"
    change_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(
            f"权限变更 {self.change_id} 须由另一人批准。",
            f"change {self.change_id} needs another person's approval",
        )


@dataclass(frozen=True, slots=True)
class HolderNotFound:
    """There is no such client or account, or it is disabled already."""

    code: ClassVar[str] = "access.no_holder"
    #: client or account
    holder_kind: str
    holder: str

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(
            f"没有（有效的）{self.holder_kind} {self.holder}。",
            f"there is no (active) {self.holder_kind} {self.holder}",
        )


@dataclass(frozen=True, slots=True)
class HolderTaken:
    """The name is taken."""

    code: ClassVar[str] = "access.holder_taken"
    #: client or account
    holder_kind: str
    holder: str

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(
            f"已有 {self.holder_kind} {self.holder}。", f"there is a {self.holder_kind} {self.holder} already"
        )


@dataclass(frozen=True, slots=True)
class GrantNotFound:
    """There is no grant of this number that still stands."""

    code: ClassVar[str] = "access.no_grant"
    grant_id: int

    @property
    def message(self) -> Label:
        """Which one."""
        return Label(f"没有有效的授权 {self.grant_id}。", f"there is no grant {self.grant_id} that stands")


@dataclass(frozen=True, slots=True)
class LastOfficer:
    """Nobody else could approve changes any more."""

    code: ClassVar[str] = "access.last_officer"
    holder: str

    @property
    def message(self) -> Label:
        """Who."""
        return Label(
            f"{self.holder} 是最后一位安全管理员，请先另设一位。",
            f"{self.holder} is the last security officer: appoint another first",
        )
