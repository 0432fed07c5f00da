"""The entry point: commands by noun, and every error as one line with the right exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

import vsim.kernels as room
from vsim.cli.brief import brief_command, trace_command
from vsim.cli.choose import choose_command
from vsim.cli.clauses import clauses
from vsim.cli.common import say
from vsim.cli.course import course
from vsim.cli.course_care import backup_command, doctor_command, restore_command
from vsim.cli.course_certify import (
    certify_command,
    gate_command,
    issuer_command,
    passport_command,
    revoke_command,
)
from vsim.cli.course_marks import export_command, rescore_command
from vsim.cli.course_rehearse import new_unit_command, notes_command, rehearse_command
from vsim.cli.course_roster import calendar_command, roster_command
from vsim.cli.course_setup import init_command, release_command
from vsim.cli.course_verify import verify_command
from vsim.cli.data import data
from vsim.cli.demo import demo
from vsim.cli.doctor import doctor
from vsim.cli.experiments import experiments_command
from vsim.cli.indicators import indicators
from vsim.cli.lab import lab
from vsim.cli.matching import match_command, rematch_command
from vsim.cli.nation import nation_command, replay_command
from vsim.cli.notebook import notebook
from vsim.cli.odd import odd_command
from vsim.cli.parameters import parameters
from vsim.cli.run import run_app
from vsim.cli.run_evidence import ensemble_command, recover_command
from vsim.cli.scenarios import diff_command, lint_command, reforms_command
from vsim.cli.sensitivity import sensitivity_command
from vsim.cli.sweep import luck_command, sweep_command
from vsim.cli.tournament import tournament_command
from vsim.cli.truth import truth_command
from vsim.cli.worth import worth_command
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


run_app.command("brief")(brief_command)
run_app.command("trace")(trace_command)
run_app.command("experiments")(experiments_command)
run_app.command("ensemble")(ensemble_command)
run_app.command("recover")(recover_command)
run_app.command("rematch")(rematch_command)
run_app.command("sensitivity")(sensitivity_command)
run_app.command("match")(match_command)
run_app.command("tournament")(tournament_command)
run_app.command("truth")(truth_command)
run_app.command("sweep")(sweep_command)
run_app.command("choose")(choose_command)
run_app.command("worth")(worth_command)
run_app.command("luck")(luck_command)
run_app.command("diff")(diff_command)
run_app.command("lint")(lint_command)
run_app.command("reforms")(reforms_command)
run_app.command("nation")(nation_command)
run_app.command("replay")(replay_command)
course.command("gate")(gate_command)
course.command("certify")(certify_command)
course.command("verify")(verify_command)
course.command("revoke")(revoke_command)
course.command("passport")(passport_command)
course.command("issuer")(issuer_command)
course.command("new-unit")(new_unit_command)
course.command("rehearse")(rehearse_command)
course.command("notes")(notes_command)
course.command("init")(init_command)
course.command("roster")(roster_command)
course.command("calendar")(calendar_command)
course.command("release")(release_command)
course.command("backup")(backup_command)
course.command("restore")(restore_command)
course.command("doctor")(doctor_command)
course.command("rescore")(rescore_command)
course.command("export")(export_command)
app.add_typer(run_app, name="run", help="Simulate, compare twin worlds, validate, calibrate, tell how sure it is.")
app.add_typer(data, name="data", help="Build, check and remake data sets.")
app.add_typer(notebook, name="notebook", help="Build, run and export lessons; keep their catalogues up to date.")
app.add_typer(course, name="course", help="Run a course: units, handouts, marks.")
app.add_typer(indicators, name="indicators", help="The catalogue of indicators, and their values on tables.")
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
