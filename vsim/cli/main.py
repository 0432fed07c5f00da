"""The entry point: commands by noun, and every error as one line with the right exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import vsim.kernels as room
from vsim.cli.clauses import clauses
from vsim.cli.common import say
from vsim.cli.demo import demo
from vsim.cli.doctor import doctor
from vsim.cli.lab import lab
from vsim.cli.nouns import noun
from vsim.cli.odd import odd_command
from vsim.cli.parameters import parameters
from vsim.errors import VsimError
from vsim.i18n import t

INTERRUPTED = 130             # what a shell expects after Ctrl-C
app = typer.Typer(
    name="vsim", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    help="A laboratory and a school for volunteer service, in which the truth is known.",
)


def _say_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        from vsim.run.run import MODEL_VERSION

        typer.echo(f"vsim {version('vsim')}, model {MODEL_VERSION}")
        raise typer.Exit


@app.callback()
def about(
    version: Annotated[
        bool, typer.Option("--version", help="Print the versions of vsim and of its model.", callback=_say_version,
                           is_eager=True)
    ] = False,
) -> None:
    """Take the options that come before a command."""


for name, place, told in (
    ("run", "run_commands:run_app", "Simulate, compare twin worlds, validate, calibrate, tell how sure it is."),
    ("data", "data:data", "Build, check and remake data sets."),
    ("notebook", "notebook:notebook", "Build, run and export lessons; keep their catalogues up to date."),
    ("course", "course_commands:course", "Run a course: units, handouts, marks."),
    ("indicators", "indicators:indicators", "The catalogue of indicators, and their values on tables."),
):
    app.add_typer(typer.Typer(no_args_is_help=True, cls=noun(f"vsim.cli.{place}")), name=name, help=told)
app.command("parameters")(parameters)
app.command("clauses")(clauses)
app.command("odd")(odd_command)
app.command("doctor")(doctor)
app.command("demo")(demo)
app.command("lab")(lab)


def _say_waiting() -> None:
    say(t("The engine is compiled now, once for this version: half a minute or so. Later runs load it."))


def run(arguments: list[str] | None = None) -> None:
    """Run the command line; exit 0 done, 1 problem found, 2 usage, 130 stopped by Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    room.waiting = _say_waiting
    try:
        app(args=arguments, standalone_mode=True)
    except VsimError as error:
        sys.stderr.write(f"vsim: {error}\n")
        raise SystemExit(error.exit_code) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"vsim: {where}{error.strerror or error}. Choose another place, or see to this one.\n")
        raise SystemExit(1) from None
    except MemoryError as error:
        sys.stderr.write(f"vsim: not enough memory: {error}. Ask for fewer replicates, districts or weeks.\n")
        raise SystemExit(1) from None
    except (KeyboardInterrupt, SystemExit) as leaving:
        code = INTERRUPTED if isinstance(leaving, KeyboardInterrupt) else leaving.code
        if code == INTERRUPTED:
            sys.stderr.write("vsim: stopped; nothing half-written is left.\n")
        raise SystemExit(code) from None


if __name__ == "__main__":
    run()
