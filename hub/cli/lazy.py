"""Groups whose commands are imported when they are called, so that a short command need not load the graph."""

import gc
import importlib
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import typer
from typer.core import TyperGroup


def lazy_group(commands: Mapping[str, str]) -> type[TyperGroup]:
    """A group (`cls` of a Typer) that has these commands too: name to `module:attribute`, a Typer or a function.

    Its own commands come first in the help, then these in their order.
    """

    class Lazy(TyperGroup):
        """Such a group."""

        def list_commands(self, ctx: Any) -> list[str]:
            """The names of all commands."""
            own = [name for name in super().list_commands(ctx) if name not in commands]
            return [*own, *commands]

        def get_command(self, ctx: Any, cmd_name: str) -> Any:
            """The command of a name; None where there is none."""
            if cmd_name in commands and cmd_name not in self.commands:
                command = _load(commands[cmd_name])
                command.name = cmd_name
                self.add_command(command)
            return super().get_command(ctx, cmd_name)

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            """Find the command; where the name is wrong all are loaded, for one may have been meant."""
            if args and self.get_command(ctx, args[0]) is None:
                for name in commands:
                    self.get_command(ctx, name)
            return super().resolve_command(ctx, args)

    return Lazy


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(_imported(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    single = typer.Typer(add_completion=False)
    single.command()(found)
    return typer.main.get_command(single)


def _imported(module: str) -> ModuleType:
    """A module. Nearly all that is made in importing it stays: to look for garbage there takes a fifth of the time."""
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
