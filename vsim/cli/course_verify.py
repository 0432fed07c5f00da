"""vsim course verify: what a file says of itself, whether it is believed, and why not."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsim.cli.common import Json, Lang, print_json, speak, tell
from vsim.cli.course import HERE, Folder
from vsim.errors import UsageError
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.course.certify_verify import Trust, Verdict
    from vsim.course.folder import Course

SAYS = {"valid": "VALID", "forged": "FORGED", "revoked": "REVOKED", "unknown key": "UNKNOWN KEY",
        "not a certificate": "NOT A CERTIFICATE"}

PARTS = {
    "header": "its header was changed: it names another algorithm, or no key",
    "payload": "its content contradicts itself",
    "issuer": "it names an issuer whose key did not sign it",
    "signature": "its content was changed after it was signed, or it never was signed with this key",
    "date": "its date cannot be",
    "page": "the page around the badge was changed, or saved anew by another program; do not believe the page",
    "readable text": "the text beside the badge does not say what was signed",
}


def verify_command(
    file: Annotated[Path, typer.Argument(help="A certificate's PDF, a passport's page, a badge as JWT or JSON.")],
    key: Annotated[
        Path | None, typer.Option("--key", help="issuer.json of the issuer. [that of the course one is in]")
    ] = None,
    revoked: Annotated[
        Path | None, typer.Option("--revoked", help="revoked.jwt of the issuer. [the ledger of the course one is in]")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Is it about a learner of this name?")] = None,
    folder: Folder = HERE,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Verify a certificate or passport offline; exit 0 when it is valid and not known to be revoked, else 1."""
    speak(lang)
    from vsim.course.badge import is_about, same_name
    from vsim.course.certify_verify import read_bytes, statement_of, verify

    raw = read_bytes(file)
    trust = _trust(folder, key, revoked)
    found = verify(raw, trust)
    about = None
    if name is not None and found.badge is not None:
        about = is_about(statement_of(raw).payload, "name", same_name(name))
    if as_json:
        print_json({**asdict(found), "key": found.key.fingerprint if found.key else None,
                    "revocations_of": trust.revoked.day, "about": about})
    else:
        for line in _told(found, trust, about):
            tell(line)
    if found.says != "valid" or about is False:
        raise typer.Exit(1)


def _trust(folder: Path, key: Path | None, revoked: Path | None) -> Trust:
    """Return what the reader knows: what is named, else what the course folder around holds."""
    from vsim.course.badge_keys import public_keys, read_public
    from vsim.course.certify import BADGE, FOLDER
    from vsim.course.certify_revoked import RevokedList, read_list, revoked_here
    from vsim.course.certify_verify import Trust
    from vsim.course.folder import open_course

    try:
        here: Course | None = open_course(folder)
    except UsageError:
        here = None
    keys = read_public(key) if key is not None else public_keys(here) if here is not None else []
    if revoked is not None:
        known = read_list(revoked, keys)
    else:
        known = revoked_here(here) if here is not None else RevokedList({})

    def copy(number: str) -> str:
        path = here.place(FOLDER, number, BADGE) if here is not None else None
        return path.read_text(encoding="ascii", errors="replace") if path is not None and path.is_file() else ""

    return Trust(keys, known, copy)


def _told(found: Verdict, trust: Trust, about: bool | None) -> list[str]:
    """Return a verdict in words, the verdict first."""
    from vsim.spec.plain_yaml import one_line

    lines = [f"{t(SAYS[found.says])}: {_because(found)}"]
    if found.badge is not None and found.key is not None:
        badge = found.badge
        lines.append(t("It says: {name}; No. {id}; issued {day} by {issuer}.").format(
            name=one_line(badge.name, 120), id=one_line(badge.id, 60), day=badge.issued[:10],
            issuer=one_line(badge.issuer, 120)))
        lines.append(t("Signed with the key {key}.").format(key=found.key.fingerprint))
    if found.says == "valid":
        lines.append(t("Each byte of this page is vouched for.") if found.bound
                     else t("This is the badge alone; it vouches for no page that somebody shows with it."))
        if trust.revoked.day:
            lines.append(t("It is not on the list of revoked certificates of {day}; a later list may have it.").format(
                day=trust.revoked.day))
    if about is not None:
        lines.append(t("It is about a learner of this name.") if about
                     else t("It is NOT about a learner of this name."))
    return lines + [f"  {change}" for change in found.changed]


def _because(found: Verdict) -> str:
    from vsim.spec.plain_yaml import one_line

    if found.says == "forged":
        return f"{t(PARTS[found.part])} ({one_line(f'{found.part} {found.why}', 200)})"
    if found.says == "revoked":
        return t("on {day}: {why}").format(day=found.when[:10], why=one_line(found.why, 300))
    if found.says == "unknown key":
        return t("the signature holds, but the key is none that you know; whoever wrote this can put any name into it. "
                 "Compare the key with the issuer's, and name it: --key issuer.json")
    return one_line(found.why, 200) if found.why else t("signed by the issuer, unchanged, not revoked.")
