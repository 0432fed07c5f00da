"""The parameters of a lesson: what its one cell declares, and what a person may set them to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vsim.errors import UsageError, did_you_mean
from vsim.spec.loading import parse_yaml
from vsim.spec.plain_yaml import one_line

KINDS: Mapping[str, type] = {"bool": bool, "int": int, "float": float, "str": str, "list": list, "dict": dict}
WORDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text", list: "a list, such as [1, 2]",
         dict: "keys with values, such as {a: 1}"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a lesson.

    Attributes
    ----------
    name, default, help : str
        As they stand in the cell: name, expression, comment.
    kind : type or None
        What a value must be; None when the cell leaves it open.
    """

    name: str
    default: str
    help: str
    kind: type | None

    def __str__(self) -> str:
        return f"{self.name} = {self.default}" + (f"  ({self.help})" if self.help else "")


def declared(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook file by name, as papermill finds them."""
    from papermill import inspect_notebook

    found = {}
    for name, row in inspect_notebook(str(notebook)).items():
        default, hint = str(row["default"]), str(row["inferred_type_name"])
        found[name] = Parameter(name, default, str(row["help"]).strip(), _kind(default, hint))
    return found


def _kind(default: str, hint: str) -> type | None:
    """Return the type that an annotation names, else that of the default."""
    word = hint.partition("[")[0].strip().lower()
    if word in KINDS:
        return KINDS[word]
    try:
        value = ast.literal_eval(default)
    except (ValueError, SyntaxError):
        return None
    return type(value) if type(value) in WORDS else None


def settings(given: Iterable[str], known: Mapping[str, Parameter], where: str) -> dict[str, Any]:
    """Return the values that "name=value" words ask for.

    A value is read as YAML reads it (52, 0.5, true, [1, 2], text) and must be of the kind of its default. A text
    that names a file here (scenario=mine.yaml) is handed on with its full path, since a lesson runs in a folder of
    its own.

    Raises
    ------
    UsageError
        For a name that the lesson does not have, a value of another kind, or a word without "=".
    """
    values: dict[str, Any] = {}
    for word in given:
        name, sign, text = word.partition("=")
        name = name.strip()
        if not sign:
            raise UsageError(f"{where}: the parameter '{one_line(word)}' has no value; allowed name=value.")
        if name not in known:
            listed = "; ".join(str(parameter) for parameter in known.values()) or "none"
            raise UsageError(f"{where}: the parameter '{one_line(name)}' is not known."
                             f"{did_you_mean(name, known)} Allowed: {listed}.")
        if name in values:
            raise UsageError(f"{where}: the parameter '{name}' is given twice. Keep one of the two.")
        values[name] = _value(text.strip(), known[name], where)
    return values


def _value(text: str, parameter: Parameter, where: str) -> Any:
    if parameter.kind is str:
        plain = str(_yaml(text)) if text[:1] in ("'", '"') else text
        return _full_path(plain)
    value = _yaml(text)
    if parameter.kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    fits = parameter.kind is None or type(value) is parameter.kind
    if not fits or not _alike(value, parameter.default):
        kind = WORDS[parameter.kind] if parameter.kind is not None else "a value"
        raise UsageError(f"{where}: {parameter.name} is '{one_line(text)}'; allowed {kind} like its default "
                         f"{parameter.default}" + (f" ({parameter.help})" if parameter.help else "") + ".")
    return _full_path(value) if isinstance(value, str) else value


def _yaml(text: str) -> Any:
    try:
        value = parse_yaml(f"value: {text}", Path("value")).data["value"]
    except UsageError:
        return text
    return value if isinstance(value, bool | int | float | str | list | dict | None) else text


def _alike(value: Any, default: str) -> bool:
    """Return whether the items of a list are of one kind with those of the default."""
    if not isinstance(value, list):
        return True
    try:
        kinds = {type(item) for item in ast.literal_eval(default)}
    except (ValueError, SyntaxError, TypeError):
        return True
    if float in kinds:
        kinds.add(int)
    return not kinds or all(type(item) in kinds for item in value)


def _full_path(text: str) -> str:
    path = Path(text)
    try:
        return str(path.resolve()) if path.suffix and path.is_file() else text
    except (OSError, ValueError):
        return text
