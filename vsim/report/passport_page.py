"""The page of a passport of competencies: one file in both languages, with an empty place for its signed statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vsim.course.badge_html import BEGIN, END
from vsim.errors import DataError
from vsim.report.page import build
from vsim.report.page_content import Commands, Note, PageContent, Section, Table
from vsim.report.words import Bilingual, both

HEAD = "</title>"
Facts = Mapping[str, Any]


def passport_page(facts: Facts, fingerprint: str) -> str:
    """Return the page, the same text for the same facts.

    Parameters
    ----------
    facts : mapping
        As `vsim.course.passport.passport_facts` returns them.
    fingerprint : str
        Of the issuer's key.
    """
    name = _plain(facts["name"])
    content = PageContent(
        title=both("Passport of competencies: {name}", {"name": name}),
        lead=both("What {name} has shown in the course {course}, by graded units on data of the learner's own. As of "
                  "{day}.", {"name": name, "course": _plain(facts["course"]), "day": facts["issued"][:10]}),
        sections=(
            Section("shown", both("Competencies shown"), (_competencies(facts),)),
            Section("tiers", both("Tiers"), (_tiers(facts),)),
            Section("check", both("How to check this page"), (
                both("The page carries a signed statement that vouches for each byte of it. Anybody who has the "
                     "issuer's public key can check it, without any network:"),
                Commands(("vsim course verify passport.html --key issuer.json",)),
                both("Issuer: {issuer}. Key: {key}. Number: {id}.",
                     {"issuer": _plain(facts["issuer"]), "key": fingerprint, "id": facts["id"]}),
                Note(both("What is shown here was earned on tasks with synthetic data. It is no record of hours of "
                          "service and no licence.")),
            )),
        ),
    )
    html = build(content)
    if html.count(HEAD) != 1:
        raise DataError("passport: the page has not one title. Draw it again.")
    return html.replace(HEAD, f"{HEAD}\n{BEGIN}{END}")


def _plain(text: object) -> str:
    """Return what people wrote without the signs that a page would take for marks."""
    return "".join(letter for letter in str(text) if letter not in "`*[]")


def _told(text: Mapping[str, str]) -> Bilingual:
    return Bilingual(_plain(text["en"]), _plain(text["zh_CN"]))


def _competencies(facts: Facts) -> Table:
    """Return the table of competencies: what each is, and the units that show it."""
    tiers = {one["tier"]: one["title"] for one in facts["tiers"]}
    rows = []
    for one in facts["competencies"]:
        units = [facts["units"][name] for name in one["units"]]
        names = Bilingual(*("; ".join(_plain(unit["title"][lang]) for unit in units) for lang in ("en", "zh_CN")))
        shares = ", ".join(f"{100 * unit['share']:.0f} %" for unit in units)
        rows.append((_told(one["title"]), _told(one["shows"]), _told(tiers[one["tier"]]), names, shares,
                     ", ".join(str(unit["marked"]) for unit in units)))
    return Table(
        caption=both("Each competency with the evidence for it"), rows=tuple(rows), numeric=frozenset({4}),
        head=(both("Competency"), both("What it means"), both("Tier"), both("Shown by"), both("Share of the points"),
              both("Marked on")),
        note=both("A unit shows its competencies when its share of the points is what the tier asks of each unit."))


def _tiers(facts: Facts) -> Table:
    """Return the table of tiers with the numbers of certificates."""
    rows = tuple((_told(one["title"]), both("passed") if one["passed"] else both("not passed"),
                  "" if one["mean"] is None else f"{100 * one['mean']:.0f} %", one["certificate"] or "")
                 for one in facts["tiers"])
    return Table(caption=both("Tiers of the course"), rows=rows, numeric=frozenset({2}),
                 head=(both("Tier"), both("State"), both("Mean of the units"), both("Certificate")))
