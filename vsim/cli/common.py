"""What every command shares: options, the screen, progress, and errors in one line."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsim.i18n import set_language, t

if TYPE_CHECKING:
    from rich.console import Console

Seed = Annotated[
    int, typer.Option("--seed", help="Seed of the luck; people and places come from the scenario.", min=0,
                      max=2**63 - 1),
]
Lang = Annotated[str | None, typer.Option("--lang", help="Language of the output: en or zh_CN.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print results only.")]
Force = Annotated[bool, typer.Option("--force", help="Write over what is there.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Replicates = Annotated[int, typer.Option("--replicates", "-r", help="Independent lucks, met by both worlds.", min=1)]
Threads = Annotated[int | None, typer.Option("--threads", help="Districts run side by side; changes no value.", min=1)]


def screen() -> Console:
    """Return the console for results."""
    from rich.console import Console

    return Console(soft_wrap=False)


def speak(lang: str | None) -> None:
    """Set the language of the output when one is named."""
    if lang is not None:
        set_language("zh_CN" if lang in {"zh", "zh-CN"} else lang)


def print_json(value: Any) -> None:
    """Print a value as JSON, numbers that do not exist as null."""
    sys.stdout.write(json.dumps(_existing(value), ensure_ascii=False, indent=2, default=str, allow_nan=False) + "\n")


def _existing(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _existing(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_existing(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def progress_bar(label: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of (done, total) that moves a bar on the error stream; silent when quiet."""
    if quiet:
        yield lambda _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())
    with Progress(*columns, console=remarks(), transient=False) as bar:
        task = bar.add_task(label, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move


def remarks() -> Console:
    """Return the console for remarks, the error stream."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def tell(text: str) -> None:
    """Print a line of result in words."""
    screen().print(text, markup=False, highlight=False)


def say(text: str, quiet: bool = False) -> None:
    """Print a line of remark on the error stream unless quiet."""
    if not quiet:
        remarks().print(text, markup=False)


def root_folder() -> Path:
    """Return the folder that holds `datasets/`: the working folder or the nearest above it, else the repository."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "datasets").is_dir():
            return folder
    source = Path(__file__).resolve().parents[2]
    return source if (source / "datasets").is_dir() else here


def done(path: Path, quiet: bool) -> None:
    """Say where something was written."""
    say(t("Written: {path}").format(path=path), quiet)
