"""The offices in the order in which they work after the weeks: each sees what those before it wrote."""

from __future__ import annotations

from collections.abc import Callable, Collection
from importlib import import_module
from typing import TYPE_CHECKING

from vsim.errors import UsageError, did_you_mean
from vsim.observe import paperwork as seen
from vsim.office.desk import Desk, Force, Papers
from vsim.rng import stream_key
from vsim.run.needs import needs_of
from vsim.run.record import raw_tables
from vsim.run.run import Run

if TYPE_CHECKING:
    import pandas as pd

Office = Callable[[Desk], Papers]
STEMS = (
    "needs", "stations", "hosts", "resources", "forms", "postings", "agreements", "learning", "courses", "status",
    "governance", "teams", "conduct", "audit",
    "time_bank_desk",
    "research", "media", "surveys", "informal", "logo", "pledges",
    "incidents", "claims", "certificates", "voice", "complaints", "reimbursements",
    "form_events", "need_scores", "dispatch_log", "ratings", "matches", "referrals",
    "hub", "dashboard", "deployments", "consents", "breaches", "online_work",
    "schools", "assessments", "compacts", "honours", "benefits", "signals", "awards", "hiring",
    "policies", "budgets", "contracts", "fund_desk", "donations_desk", "partners",
)
OFFICES: tuple[tuple[str, Office], ...] = tuple((stem, import_module(f"vsim.office.{stem}").work) for stem in STEMS)


def paperwork(run: Run, offices: Collection[str] | None = None) -> dict[str, pd.DataFrame]:
    """Return what the offices of a run wrote, as an agency has it: tables by name, beside those of `registers`.

    Columns and units stand in the dictionaries (`vsim/tables/office`); ids are those of the registers.

    Parameters
    ----------
    run : Run
    offices : collection of str, optional
        The only offices that work, by name; one that reads what another wrote needs it among them. All when None.
        Their tables are those that they write beside all others.

    Raises
    ------
    UsageError
        When there is no office of a name, or one lacks the papers of an office that is left out.
    """
    raw = desk_tables(run)
    return seen.paperwork(raw, papers(run, raw, offices), start=run.scenario.start, seed=run.seed)


def desk_tables(run: Run) -> dict[str, pd.DataFrame]:
    """Return what lies on the desk of the first office: raw tables, needs found or not, weekly counts by district."""
    return {**raw_tables(run), "needs": needs_of(run), "weekly": run.weekly("district")}


def papers(
    run: Run, raw: dict[str, pd.DataFrame], offices: Collection[str] | None = None
) -> dict[str, pd.DataFrame]:
    """Return the raw tables that the offices write for a run, by name, with the lines of money as "money".

    Parameters
    ----------
    run : Run
    raw : dict of table name to DataFrame
        From `desk_tables`; not changed.
    offices : collection of str, optional
        As in `paperwork`.
    """
    import pandas as pd

    for name in offices or ():
        if name not in STEMS:
            raise UsageError(f"offices names '{name}'; allowed {', '.join(STEMS)}.{did_you_mean(name, STEMS)}")

    force = Force(run.settled.policies, [unit.district.code for unit in run.city], run.settled.weeks)
    written: dict[str, pd.DataFrame] = {}
    money = [pd.DataFrame({name: [] for name in ("week", "district", "line", "payer", "payee", "fen")}).astype(
        {"week": "int64", "fen": "int64"})]
    for stem, work in OFFICES:
        if offices is not None and stem not in offices:
            continue
        desk = Desk({**raw, **written}, run.scenario.values, force, stream_key(run.seed, run.replicate),
                    run.scenario.start, run.settled.weeks)
        try:
            done = work(desk)
        except KeyError as error:
            if offices is None:
                raise
            raise UsageError(f"offices: {stem} needs table {error}, which an office that is left out writes. Name "
                             "that office too, or leave offices out.") from error
        twice = sorted(set(done.tables) & {*raw, *written})
        if twice:
            raise ValueError(f"office {stem} writes {', '.join(twice)}, which is there already")
        written |= done.tables
        money += done.money
    written["money"] = pd.concat(money, ignore_index=True)
    return written
