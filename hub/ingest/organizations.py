"""Which organisation each name means. Pure; the same mentions in any order come to the same end.

A name means the organisation of the one social credit code that any source states with it. Two codes with one name
contradict each other, and the name means neither. Until a code is told, the name is an organisation of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from schema.ids import stable_id
from schema.organizations import NameState, Role, organization_key, organization_name_id

#: how a name is known to be an organisation's
REGISTER, REPORT, NAME_CHANGE = "register", "report", "name_change"


@dataclass(frozen=True, slots=True)
class Mention:
    """A source names an organisation: by its name, and perhaps by its code."""

    name: str
    method: str
    uscc: str | None = None
    role: Role | None = None
    #: since and until when it bears the name, where the source says so
    from_on: date | None = None
    to_on: date | None = None


@dataclass(slots=True)
class Organizations:
    """The rows of the four tables, in the order of their columns."""

    organizations: set[tuple[object, ...]] = field(default_factory=set)
    names: set[tuple[object, ...]] = field(default_factory=set)
    aliases: set[tuple[object, ...]] = field(default_factory=set)
    roles: set[tuple[object, ...]] = field(default_factory=set)


def work_out(mentions: Iterable[Mention]) -> Organizations:
    """Organisations, names, aliases and roles that follow from all mentions."""
    by_key: dict[str, list[Mention]] = {}
    for mention in mentions:
        by_key.setdefault(organization_key(mention.name), []).append(mention)
    found = Organizations()
    by_code: dict[str, list[Mention]] = {}
    for key, named in by_key.items():
        meant = _name(key, named, found)
        for mention in named:
            if code := mention.uscc or meant:
                by_code.setdefault(code, []).append(mention)
    for code, known in by_code.items():
        _coded(code, known, found)
    return found


def organization_id(uscc: str) -> int:
    """The stable identifier of the organisation with this code."""
    return stable_id("organization", uscc)


def _name(key: str, named: list[Mention], found: Organizations) -> str | None:
    """Settle what a name means; the code it means, if it is one."""
    codes = sorted({mention.uscc for mention in named if mention.uscc})
    spelling = _spelling(named)
    meant: int | None = None
    if not codes:
        state, meant, evidence = NameState.UNCODED, stable_id("organization", "name", key), None
        found.organizations.add((meant, None, spelling))
    elif len(codes) == 1:
        by = "、".join(sorted({mention.method for mention in named if mention.uscc}))
        state, meant, evidence = NameState.IDENTIFIED, organization_id(codes[0]), f"{codes[0]}：{by}"
    else:
        state, evidence = NameState.CONFLICT, f"几个代码同用此名 several codes claim it: {'、'.join(codes)}"
    name_id = organization_name_id(spelling)
    found.names.add((name_id, spelling, meant, state.value, evidence))
    found.roles.update((name_id, mention.role.value, meant) for mention in named if mention.role)
    return codes[0] if len(codes) == 1 else None


def _coded(code: str, known: list[Mention], found: Organizations) -> None:
    """The organisation of a code, its present name, and the names it has or had."""
    changes = [mention for mention in known if mention.method == NAME_CHANGE and mention.from_on]
    latest = max((mention.from_on for mention in changes if mention.from_on), default=None)
    present = [mention for mention in changes if mention.from_on == latest] or known
    found.organizations.add((organization_id(code), code, _spelling(present)))
    aliases: dict[tuple[str, str], list[Mention]] = {}
    for mention in known:
        aliases.setdefault((organization_key(mention.name), mention.method), []).append(mention)
    for (key, method), spelt in aliases.items():
        begins = {mention.from_on for mention in spelt if mention.from_on}
        ends = {mention.to_on for mention in spelt if mention.to_on}
        found.aliases.add(
            (
                stable_id("organization_alias", code, key, method),
                organization_id(code),
                _spelling(spelt),
                min(begins, default=None),
                # a name taken up again after its last end is in use
                max(ends) if ends and max(ends) >= max(begins, default=max(ends)) else None,
                method,
            )
        )


def _spelling(named: list[Mention]) -> str:
    """One of several spellings, always the same: the register's before others."""
    return min((mention.method != REGISTER, mention.name) for mention in named)[1]
