"""What a data set takes of a run: registers, tables of offices, tables of several platforms, and the truth of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vsim.errors import UsageError, did_you_mean, listing
from vsim.observe.platform_tables import packed, renumbered
from vsim.observe.platforms import split
from vsim.observe.registers import codes
from vsim.run.offices import paperwork
from vsim.run.record import raw_tables, registers, truth
from vsim.run.run import Run
from vsim.spec.plain_yaml import one_line
from vsim.spec.tables import load_office_tables, load_tables

if TYPE_CHECKING:
    import pandas as pd

Frames = dict[str, "pd.DataFrame"]
LINKED = ("volunteer_id", "record_id", "activity_id")      # numbers that the one register gives, and no platform has


def take(
    run: Run, *, tables: Sequence[str] = (), office: Sequence[str] = (), platforms: Sequence[str] = ()
) -> tuple[Frames, Frames]:
    """Return what an agency has of a run, and the truth beside it.

    Parameters
    ----------
    run : Run
    tables : sequence of str
        Registers to take; none means all of them.
    office : sequence of str
        Tables of offices to take.
    platforms : sequence of str
        Platforms whose tables stand in place of the one register. Registers with numbers of the one register are then
        refused, since they would give away who is who; tables of offices bear the numbers of the platforms.

    Raises
    ------
    UsageError
        When a table or platform does not exist, or a register would give away who is who.
    """
    seen_tables = [name for name, table in load_tables().items() if not table.truth]
    _check("tables", tables, seen_tables)
    _check("office", office, list(load_office_tables()))
    if platforms:
        _check_apart(tables)
    register = registers(run)
    seen = {name: frame for name, frame in register.items() if name in (tables or seen_tables)}
    written = paperwork(run) if office else {}
    papers = {name: written[name] for name in office}
    hidden = truth(run)
    if platforms:
        apart, hidden["links_truth"] = packed(
            split(register, _platform_of(run), seed=run.seed, parameters=run.scenario.parameters), platforms)
        papers = {name: renumbered(frame, hidden["links_truth"]) for name, frame in papers.items()}
        seen |= apart
    return seen | papers, hidden


def _platform_of(run: Run) -> pd.Series:
    """Return the platform of each organisation on the list by its number."""
    import pandas as pd

    organisations = raw_tables(run)["organisations"]
    return pd.Series(organisations["platform"].to_numpy(), index=codes("G", len(organisations)))


def _check(what: str, names: Sequence[str], known: Sequence[str]) -> None:
    for name in names:
        if name not in known:
            raise UsageError(f"{what}: '{one_line(name)}' is no such table; allowed {listing(known, 20)}."
                             f"{did_you_mean(name, known)}")


def _check_apart(tables: Sequence[str]) -> None:
    safe = [name for name, table in load_tables().items() if not table.truth and not set(table.names) & set(LINKED)]
    for name in tables or load_tables():
        if name not in safe:
            raise UsageError(f"tables: '{name}' beside platforms gives away who is who; allowed {listing(safe)}. "
                             "List the tables to take.")
