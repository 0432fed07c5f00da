"""vsim course: gate, certify, revoke, passport, issuer."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsim.cli.common import DryRun, Force, Json, Lang, Quiet, done, print_json, progress_bar, say, screen, tell
from vsim.cli.course import HERE, Folder, opened, rows_table
from vsim.errors import UsageError, VsimError
from vsim.i18n import language, t

if TYPE_CHECKING:
    from vsim.course.gate import Gates, TierState

Who = Annotated[list[str] | None, typer.Argument(help="Learners. [all]")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; it is kept.")]
By = Annotated[str | None, typer.Option("--by", help="Who decides. [the account's name]")]
STATUS = {"certified": "certified", "would be": "would be certified", "unchanged": "unchanged", "restored": "restored",
          "not yet": "not yet", "revoked": "revoked", "doubtful": "issued, but look", "failed": "failed"}



def gate_command(
    learners: Who = None,
    folder: Folder = HERE,
    waive: Annotated[str | None, typer.Option("--waive", help="A unit, or a tier, that is waived.")] = None,
    withdraw: Annotated[str | None, typer.Option("--withdraw", help="A unit or tier whose waiver ends.")] = None,
    learner: Annotated[str | None, typer.Option("--learner", help="Who is let off.")] = None,
    reason: Reason = None,
    by: By = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Show which tier is open to each learner and what is missing; record a waiver with its reason."""
    here = opened(folder, lang)
    from vsim.course.gate import gates, known_learners
    from vsim.course.gate_waivers import waive as write_waiver

    names = list(learners or ())
    if waive is not None or withdraw is not None:
        if learner is None or (waive is not None and withdraw is not None):
            raise UsageError("course gate: allowed --waive or --withdraw, each with --learner. Name one learner.")
        known_learners(here, [learner])
        write_waiver(here, learner, str(waive or withdraw), reason, by=by, withdraw=withdraw is not None)
        names = names or [learner]
    found = gates(here)
    states = {name: found.of(name) for name in known_learners(here, names)}
    if as_json:
        print_json({name: [{**asdict(tier), "title": found.title(tier.tier)} for tier in some]
                    for name, some in states.items()})
        return
    heads = (t("Learner"), t("Tier"), t("State"), t("Units"), t("Mean"), t("What is missing, and what was waived"))
    lines = [_tier_line(found, tier) for some in states.values() for tier in some]
    screen().print(rows_table(t("Gates of the course {name}").format(name=here.name), heads, lines, (3, 4)))


def _tier_line(found: Gates, tier: TierState) -> list[Any]:
    """Return a tier as a line of the table."""
    state = t("passed") if tier.passed else t("is open") if tier.open else t("is closed")
    notes = [tier.why] if tier.why else []
    if tier.open and tier.units:
        notes += tier.missing
    notes += [f"{unit.title}: {unit.reason}" for unit in tier.units if unit.state == "waived"]
    mean = "" if tier.mean is None else f"{100 * tier.mean:.0f} %"
    units = f"{sum(unit.met for unit in tier.units)}/{len(tier.units)}"
    return [tier.learner, found.title(tier.tier), state, units, mean, t("; ").join(notes)]


def certify_command(
    learners: Who = None,
    folder: Folder = HERE,
    tier: Annotated[str | None, typer.Option("--tier", help="One tier. [every tier with a released unit]")] = None,
    again: Annotated[bool, typer.Option("--again", help="Certify anew the learners named, who were revoked.")] = False,
    font: Annotated[
        Path | None, typer.Option("--font", help="Font file for letters that vsim's font lacks. [one of the machine]")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder for copies to be sent, LEARNER-TIER.pdf.")
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Certify who has passed a tier: PDF and signed Open Badge; done again, it gives the same bytes."""
    here = opened(folder, lang)
    from vsim.course.certify import FOLDER, PDF, asked, certify
    from vsim.course.gate import released_units
    from vsim.course.gate_rules import rules_of
    from vsim.course.writing import write_whole
    from vsim.report.certificate import certificate_page

    names = asked(here, learners or (), tier, again)
    with progress_bar(t("Certificates"), quiet or as_json or dry_run) as move:
        rows = certify(here, partial(certificate_page, font=font), learners=names, tier=tier, again=again,
                       dry_run=dry_run, progress=move)
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        lines = [[row.learner, row.tier, t(STATUS[row.status]), row.id, row.message] for row in rows]
        heads = (t("Learner"), t("Tier"), t("State"), t("Number of the certificate"), t("Remarks"))
        screen().print(rows_table(t("Certificates"), heads, lines))
        if not dry_run:
            done(here.place(FOLDER), quiet)
    rules, units = rules_of(here).said, released_units(here)
    for name in dict.fromkeys(row.tier for row in rows):
        say(t("{tier}: the course has released {n} of the {planned} units that are planned for it.").format(
            tier=rules.tiers[name].title.get(language()), n=len(units[name]), planned=len(rules.tiers[name].planned)),
            quiet or as_json)
    if out is not None and not dry_run:
        files = {out / f"{row.learner}-{row.tier}.pdf": here.place(FOLDER, row.id, PDF) for row in rows
                 if row.status in ("certified", "unchanged", "restored")}
        write_whole({copy: file.read_bytes() for copy, file in files.items()})
        done(out, quiet)
    if any(row.status in ("failed", "doubtful") for row in rows):
        raise typer.Exit(1)


def revoke_command(
    number: Annotated[str, typer.Argument(help="Number of the certificate, or its beginning.")],
    folder: Folder = HERE,
    reason: Reason = None,
    by: By = None,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Revoke a certificate and sign the list of revoked ones anew; the reason is public."""
    here = opened(folder, lang)
    from vsim.course.certify_ledger import revoke
    from vsim.course.certify_revoked import write_list

    row = revoke(here, number, reason, by)
    path = write_list(here)
    tell(t("Revoked on {day}: {id} of {learner}").format(
        day=str(row["time"])[:10], id=row["certificate"], learner=row["learner"]))
    done(path, quiet)


def passport_command(
    learner: Annotated[str, typer.Argument(help="A learner.")],
    folder: Folder = HERE,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Write a learner's passport of competencies: a page in both languages and JSON, signed like a certificate."""
    here = opened(folder, lang)
    from vsim.course.gate import gates, known_learners
    from vsim.course.passport import FOLDER, passport_facts, write_passport
    from vsim.report.passport_page import passport_page

    known_learners(here, [learner])
    if as_json:
        print_json(passport_facts(gates(here), learner))
        return
    write_passport(here, learner, passport_page)
    done(here.place(FOLDER, learner), quiet)


def issuer_command(
    folder: Folder = HERE,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File for the public keys.")] = None,
    new_key: Annotated[bool, typer.Option("--new-key", help="Retire the key in use and make another.")] = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
    lang: Lang = None,
) -> None:
    """Show the key with which the course signs, export its public half, or change it."""
    here = opened(folder, lang)
    from vsim.course.badge_keys import PUBLIC, issuer_of, public_keys, renew
    from vsim.course.writing import write_whole

    renewed = renew(here) if new_key else issuer_of(here)
    keys = public_keys(here)
    if as_json:
        print_json([{**key.jwk, "kid": key.did, "fingerprint": key.fingerprint, "retired": key.retired or None}
                    for key in keys])
    else:
        lines = [[key.fingerprint, t("in use") if key.raw == renewed.public.raw else key.retired[:10], key.did]
                 for key in keys]
        screen().print(rows_table(t("Keys of the issuer"), (t("Public key"), t("Retired"), t("Identifier")), lines))
    if out is not None:
        if out.exists() and not force:
            raise VsimError(f"{out}: exists already; allowed a new file. Choose another name or write over it with "
                            "--force.")
        write_whole({out: here.place(PUBLIC).read_bytes()})
        done(out, quiet)
    elif new_key:
        say(t("Give the new {file} to everybody who verifies.").format(file=PUBLIC), quiet)
