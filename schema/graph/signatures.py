"""Signatures of resolvers that are made in code: Strawberry reads from them what a field takes and gives."""

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from schema.graph.resolve import GraphInfo

_EITHER = Parameter.POSITIONAL_OR_KEYWORD


def parameter(name: str, kind: Any, default: Any = Parameter.empty) -> Parameter:
    """An argument of a field; without a default it is required."""
    return Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)


def give_signature(resolve: Callable[..., Any], parameters: list[Parameter], returns: Any) -> None:
    """Tell Strawberry what a resolver takes beside its object, and what it gives."""
    everything = [Parameter("root", _EITHER), Parameter("info", _EITHER, annotation=GraphInfo), *parameters]
    resolve.__signature__ = Signature(everything, return_annotation=returns)  # type: ignore[attr-defined]
    resolve.__annotations__ = {
        "info": GraphInfo,
        **{each.name: each.annotation for each in parameters},
        "return": returns,
    }
