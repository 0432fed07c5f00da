"""Commands by noun: what belongs to a noun is loaded when a command of it, or their list, is asked for.

`vsim --help` names the nouns only, so it need not build their sixty commands.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from importlib import import_module
from typing import Any

from typer.core import TyperGroup
from typer.main import get_group


def noun(place: str) -> type[TyperGroup]:
    """Return the class of a group whose commands stand elsewhere, such as `vsim.cli.data:data`.

    Parameters
    ----------
    place : str
        Module, colon, and the name of its `typer.Typer`.
    """
    module, _, name = place.partition(":")

    class Noun(TyperGroup):
        _commands: MutableMapping[str, Any]

        @property
        def commands(self) -> MutableMapping[str, Any]:
            if not self._commands:                                      # asked for the first time
                self._commands = get_group(getattr(import_module(module), name)).commands
            return self._commands

        @commands.setter
        def commands(self, given: MutableMapping[str, Any]) -> None:
            self._commands = given

    return Noun
