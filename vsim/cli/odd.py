"""vsim odd: the description of the model by the ODD protocol, made from code, cards and dictionaries."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from vsim.cli.common import Force, Lang, Quiet, done, speak
from vsim.errors import UsageError


def odd_command(
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write to; else it is printed.")] = None,
    force: Force = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Describe the model by the ODD protocol: purpose, entities, schedule, concepts, start, input, submodels."""
    speak(lang)
    if output is not None and output.is_dir():
        raise UsageError(f"odd: {output} is a folder; allowed a file. Name one in it, such as odd.md.")
    if output is not None and output.exists() and not force:
        raise UsageError(f"odd: {output} exists already; allowed a new file. Choose another name, or write over it "
                         "with --force.")
    from vsim.kernels.build import write_whole
    from vsim.report.odd import odd

    text = odd()
    if output is None:
        sys.stdout.write(text)
        return
    write_whole(output, text)
    done(output, quiet)
