"""The report of the first demonstration: a study and one register, told as a page in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vsim.evaluate.comparisons import before_after, difference_in_differences, with_without
from vsim.evaluate.indicators import indicator
from vsim.i18n import t
from vsim.report import figures
from vsim.report.figures_chart import ChartSet, draw, records
from vsim.report.index import (
    ClauseLine,
    Provenance,
    clauses_section,
    comparison_words,
    default_doors,
    headline,
    made_section,
    next_section,
    question_section,
    register_section,
    study_page,
    truth_section,
)
from vsim.report.page_content import PageContent, Section
from vsim.report.style import use_style
from vsim.report.words import Bilingual, both
from vsim.run.run import MODEL_VERSION, Run
from vsim.run.study import Study, four_weeks
from vsim.spec.calendar import date_of
from vsim.spec.clauses import load_clauses
from vsim.spec.lever_files import lever_file
from vsim.spec.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

TABLE = ("hours_per_registered", "person_times_per_registered", "served_share_year", "recorded_hours_per_registered",
         "unplaced_share", "left", "trained", "stars")
MAIN = "hours_per_registered"


@dataclass(frozen=True, slots=True)
class Told:
    """What the demonstration has to tell: tables and charts, before they become a page."""

    effects: pd.DataFrame
    comparisons: pd.DataFrame
    charts: Mapping[str, ChartSet]
    policy_start: date


def register_by_district(seen: Mapping[str, pd.DataFrame], start_day: date, end_day: date) -> pd.DataFrame:
    """Return recorded hours per registered volunteer-year by district, before and after a day, from registers alone.

    Every row of the register counts, second copies too: an agency that does not look for them sees just this.
    """
    import pandas as pd

    volunteers, records = seen["volunteers"], seen["service_records"]
    cut, end = pd.Timestamp(start_day), pd.Timestamp(end_day)
    home = volunteers.set_index("volunteer_id")["district"]
    place = records["volunteer_id"].map(home)
    dates = pd.to_datetime(records["date"])
    begin = dates.min().normalize()
    out = pd.DataFrame(index=sorted(seen["districts"]["district"]))
    joined = pd.to_datetime(volunteers["registered_on"])
    for name, low, high in (("before", begin, cut), ("after", cut, end)):
        inside = (dates >= low) & (dates < high)
        years = (high - low).days / 364
        middle = low + (high - low) / 2
        stock = volunteers[joined < middle].groupby("district").size()
        hours = records.loc[inside, "hours"].groupby(place[inside]).sum()
        out[name] = (hours.reindex(out.index, fill_value=0) / stock.reindex(out.index) / years).to_numpy()
    return out.rename_axis("district").reset_index()


def comparisons(study: Study, seen: Mapping[str, pd.DataFrame], policy_start: date) -> pd.DataFrame:
    """Return the truth for treated districts and three comparisons of the register, one row each."""
    import pandas as pd

    frame = register_by_district(seen, policy_start, date_of(study.base.weeks, study.base.start))
    frame["pilot"] = frame["district"].isin(study.pilot_districts)
    unit = indicator(MAIN).unit
    words = comparison_words()
    truth = study.effect(MAIN, "att")
    found = {
        "truth": truth,
        "before_after": before_after(frame, treated="pilot", before="before", after="after", unit=unit),
        "with_without": with_without(frame, treated="pilot", after="after", unit=unit),
        "did": difference_in_differences(frame, treated="pilot", before="before", after="after", unit=unit),
    }
    return pd.DataFrame([
        {"label": words[key].en, "value": e.value, "low": e.low, "high": e.high,
         "kind": "truth" if key == "truth" else "naive"} for key, e in found.items()
    ])


def hours_series(run: Run) -> pd.DataFrame:
    """Return true, recorded and verified hours by week over all volunteers of one run."""
    weekly = run.weekly("all")
    return weekly[["date"]].assign(
        true=weekly["hours"] / 4, recorded=(weekly["recorded_hours"] + weekly["copied_hours"]) / 4,
        verified=weekly["verified_hours"] / 4,
    )


def tell(study: Study, run: Run, seen: Mapping[str, pd.DataFrame]) -> Told:
    """Return tables and charts of a study, one of its runs and that run's registers."""
    start = date_of(study.first_week, study.base.start)
    effects = study.effects(TABLE, estimand="att")
    what = indicator(MAIN)
    weekly = study.weekly(MAIN, districts=study.pilot_districts)
    smooth = four_weeks(weekly, study.first_week)
    places = study.effects([MAIN], by="district")
    layout = figures.tile_layout(seen["districts"])
    naive = comparisons(study, seen, start)
    groups = _groups(study)
    n = study.replicates
    charts = {
        "worlds": draw(lambda: figures.two_worlds(smooth, what.label, what.unit, policy_start=start, replicates=n)),
        "effect": draw(lambda: figures.weekly_effect(smooth, what.label, what.unit, policy_start=start, replicates=n)),
        "indicators": draw(lambda: figures.forest_indicators(effects)),
        "groups": draw(lambda: figures.forest_groups(
            groups, note=t("Counted over all districts, those without the policy included."),
        )),
        "map": draw(lambda: figures.district_map(places, layout, pilot=study.pilot_districts)),
        "beside": draw(lambda: figures.beside_truth(naive, what.label, what.unit)),
        "register": draw(lambda: figures.register_and_truth(hours_series(run), policy_start=start)),
        "spread": draw(lambda: figures.hours_distribution({"pilot": yearly_hours(run)})),
    }
    return Told(effects, naive, charts, start)


def yearly_hours(run: Run) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return true hours of each registered volunteer, for a year: what was served in the run over its years."""
    from vsim.world.state import UNREGISTERED

    parts = []
    for unit, end in zip(run.city, run.ends, strict=True):
        book = end.ledgers.placements[: int(end.ledgers.counts[0])]
        year = book[book[:, 0] >= run.settled.weeks - 52]
        hours = np.bincount(year[:, 1], weights=year[:, 3], minlength=unit.people.ids.size) / 4
        parts.append(hours[end.state.status != UNREGISTERED])
    return np.concatenate(parts)


def _groups(study: Study) -> pd.DataFrame:
    import pandas as pd

    parts = [study.effects([MAIN], by=by).rename(columns={by: "group"}) for by in ("sex", "age", "party_member")]
    return pd.concat(parts, ignore_index=True)


def clause_lines(base: Scenario, pilot: Scenario) -> list[ClauseLine]:
    """Return the clauses that the pilot carries out beyond the base, with the values set."""
    before = {(p.lever, p.districts, tuple(sorted(p.values.items()))) for p in base.schedule()}
    clauses = load_clauses()
    lines = []
    for policy in pilot.schedule():
        if (policy.lever, policy.districts, tuple(sorted(policy.values.items()))) in before:
            continue
        declared = lever_file(policy.lever)
        values = Bilingual(*(_values(policy.values, declared, zh) for zh in (False, True)))
        for clause_id in declared.clauses:
            clause = clauses[clause_id]
            lines.append(ClauseLine(clause_id, clause.zh, clause.en, both(declared.label), values))
    return lines


def _values(values: Mapping[str, object], declared: object, zh: bool) -> str:
    from vsim.report.words import speaking

    with speaking("zh_CN" if zh else "en"):
        parts = []
        for name, value in values.items():
            card = declared.cards[name]  # type: ignore[attr-defined]
            shown = " / ".join(f"{v:g}" for v in value) if isinstance(value, tuple) else f"{value:g}"
            parts.append(t("{label}: {value} {unit}").format(label=t(card.label), value=shown, unit=t(card.unit)))
        return ("；" if zh else "; ").join(parts)


def page_of(study: Study, told: Told, question: Bilingual, title: Bilingual, lead: Bilingual,
            commands: tuple[str, ...], course: tuple[Section, ...] = ()) -> PageContent:
    """Return the page of a study; the sections about a course stand before how it was made."""
    made = Provenance(
        base_hash=study.base.hash, pilot_hash=study.pilot.hash, seed=study.seed, replicates=study.replicates,
        weeks=study.base.weeks, residents=study.base.world.residents, districts=study.base.world.districts,
        start=study.base.start, model_version=MODEL_VERSION,
    )
    c = told.charts
    main = records(told.effects[told.effects["indicator"] == MAIN], "value", "low", "high")[0]
    sections = (
        question_section(question, made), clauses_section(clause_lines(study.base, study.pilot)),
        truth_section(told.effects, [c["worlds"], c["effect"], c["indicators"], c["groups"], c["map"]], made),
        register_section(told.comparisons, indicator(MAIN).unit, [c["beside"], c["register"], c["spread"]]),
        *course, made_section(made, commands), next_section(default_doors()),
    )
    key = headline(both(indicator(MAIN).label), indicator(MAIN).unit, main,
                   both("True effect in the pilot districts, mean of {n} pairs of worlds.", {"n": study.replicates}))
    naive = told.comparisons[told.comparisons["label"] == comparison_words()["before_after"].en]
    seen = headline(comparison_words()["before_after"], indicator(MAIN).unit,
                    records(naive, "value", "low", "high")[0],
                    both("What the register of one world would suggest."))
    return study_page(title, lead, sections, (key, seen))


def save_charts(told: Told, folder: Path) -> list[Path]:
    """Save the wide charts as PNG files in both languages; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, chart_set in told.charts.items():
        for lang in ("en", "zh_CN"):
            with use_style(lang, "wide"):
                paths.append(figures.save(chart_set.get(lang, "wide"), folder / f"{name}.{lang}.png"))
    return paths
