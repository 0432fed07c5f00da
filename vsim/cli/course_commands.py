"""All commands of `vsim course`: this module is loaded when one of them, or their list, is asked for."""

from __future__ import annotations

from vsim.cli.course import course
from vsim.cli.course_care import backup_command, doctor_command, restore_command
from vsim.cli.course_certify import certify_command, gate_command, issuer_command, passport_command, revoke_command
from vsim.cli.course_marks import export_command, rescore_command
from vsim.cli.course_rehearse import new_unit_command, notes_command, rehearse_command
from vsim.cli.course_roster import calendar_command, roster_command
from vsim.cli.course_setup import init_command, release_command
from vsim.cli.course_verify import verify_command

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
