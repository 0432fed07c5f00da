"""All commands of `vsim run`: this module is loaded when one of them, or their list, is asked for."""

from __future__ import annotations

from vsim.cli.brief import brief_command, trace_command
from vsim.cli.choose import choose_command
from vsim.cli.experiments import experiments_command
from vsim.cli.matching import match_command, rematch_command
from vsim.cli.nation import nation_command, replay_command
from vsim.cli.run import run_app
from vsim.cli.run_evidence import ensemble_command, recover_command
from vsim.cli.scenarios import diff_command, lint_command, reforms_command
from vsim.cli.sensitivity import sensitivity_command
from vsim.cli.sweep import luck_command, sweep_command
from vsim.cli.tournament import tournament_command
from vsim.cli.truth import truth_command
from vsim.cli.worth import worth_command

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
