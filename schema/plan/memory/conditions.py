"""Whether conditions hold for a row, with SQL's meaning of nothing: no comparison with nothing holds."""

from collections.abc import Callable, Mapping
from typing import Any

from schema.plan.nodes import All, AnyOf, Compare, Join, Not, Operator, Related, Tie, Where
from schema.plan.values import Variables
from schema.regions import codes_above, prefix_of

#: whether a row has a related row as a condition wants it
IsThere = Callable[[Related, Mapping[str, Any]], bool]

_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: lambda found, given: bool(found == given),
    Operator.IN: lambda found, given: found in given,
    Operator.CONTAINS: lambda found, given: _folded(given) in _folded(found),
    Operator.STARTS_WITH: lambda found, given: found.startswith(given),
    Operator.GTE: lambda found, given: bool(found >= given),
    Operator.LTE: lambda found, given: bool(found <= given),
    Operator.WITHIN: lambda found, given: found.startswith(prefix_of(given)),
}


def holds(where: Where, row: Mapping[str, Any], variables: Variables, is_there: IsThere) -> bool:
    """Whether a condition holds for a row."""
    match where:
        case Compare(field, Operator.IS_NULL, value):
            return (row[field.name] is None) is bool(value.bind(variables))
        case Compare(field, operator, value):
            found, given = row[field.name], value.bind(variables)
            return found is not None and given is not None and _COMPARE[operator](found, given)
        case All(parts):
            return all(holds(part, row, variables, is_there) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row, variables, is_there) for part in parts)
        case Not(part):
            return not holds(part, row, variables, is_there)
        case Related():
            return is_there(where, row)


def is_tied(join: Join, row: Mapping[str, Any], outer: Mapping[str, Any]) -> bool:
    """Whether a row fits the row that it is to be related to."""
    here, there = row[join.remote], outer[join.local]
    if here is None or there is None:
        return False
    match join.tie:
        case Tie.EQUAL:
            return bool(here == there)
        case Tie.BELOW:
            return bool(here.startswith(prefix_of(there)))
        case Tie.ABOVE:
            return here in codes_above(there)
        case Tie.PROVINCE:
            return bool(here == there[:2])


def _folded(text: str) -> str:
    """Letter by letter, as PostgreSQL does: no letter becomes two."""
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
