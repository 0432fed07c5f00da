"""The sentences of a brief: what was found, put so that a decision maker can act on it, and no more than was found."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from vsim.evaluate.indicators import indicator
from vsim.i18n import language, t
from vsim.report.brief_opened import Opened
from vsim.report.figures_chart import inside
from vsim.report.numbers import estimate, number, places
from vsim.spec.cards import load_cards

NAMES: Mapping[str, Callable[[], str]] = {
    "truth": lambda: t("the truth, known here"),
    "before_after": lambda: t("before and after, districts with the policy"),
    "with_without": lambda: t("districts with the policy and without, afterwards"),
    "did": lambda: t("change with the policy less change without"),
    "recorded": lambda: t("recorded hours, gain"), "true": lambda: t("true hours, gain"),
    "gap": lambda: t("recorded gain less true gain"), "yuan": lambda: t("cost beyond the base"),
    "hours": lambda: t("true hours beyond the base"), "price": lambda: t("cost of an extra true hour"),
    "gini": lambda: t("inequality of hours between districts"),
    "range": lambda: t("hours in the district with most less those in the district with fewest"),
}
UNITS: Mapping[str, Callable[[], str]] = {
    "yuan in the run": lambda: t("yuan in the run"), "true hours in the run": lambda: t("true hours in the run"),
    "yuan for an extra true hour": lambda: t("yuan for an extra true hour"),
    "Gini coefficient, 0 to 1": lambda: t("Gini coefficient, 0 to 1"),
    "share of the base": lambda: t("share of the base"),
}
ENOUGH = 0.9                  # share of intervals below which a comparison is said to mislead


def question_words(brief: Opened) -> str:
    """Return the question, the policy with its values and clauses, and the place."""
    from vsim.report.study import clause_lines

    base, pilot = brief.scenarios
    lines = [f"**{t(pilot.title or pilot.name)}**", t(brief.question["question"])]
    for line in clause_lines(base, pilot):
        quoted = t("Clause {id}: {words}").format(id=line.clause_id, words=line.zh)
        lever, values = (text.get(language()) for text in (line.lever, line.values))
        lines.append(f"- {lever}: {values}  \n  {quoted}" if values else f"- {lever}  \n  {quoted}")
    policies = [policy for policy in pilot.schedule() if policy not in base.schedule()]
    reached = sorted({code for policy in policies for code in policy.districts})
    place = t("{n} of {all} districts are reached, of {residents} residents in all; {weeks} weeks from {date}.")
    lines.append(place.format(
        n=len(reached), all=len(base.districts), residents=number(base.world.residents, 0), weeks=base.weeks,
        date=base.start.isoformat()))
    head, rest = lines[:2], lines[2:]
    return "\n\n".join([*head, "\n".join(rest[:-1]), rest[-1]])


def answer_words(brief: Opened) -> str:
    """Return the answer in two or three sentences."""
    line = brief.main
    what = indicator(brief.question["outcome"])
    shown = estimate(line["value"], line["low"], line["high"])
    where = t("In the districts where the policy holds") if brief.estimand == "att" else t("Over the whole region")
    place = places(line["low"], line["high"], line["value"])
    told = t("**{where}, {label} changed by {effect} {unit}**, from {base} without the policy to {pilot} with "
             "it.").format(
        where=where, label=inside(what.label), effect=shown, unit=t(what.unit), base=number(line["base"], place),
        pilot=number(line["pilot"], place))
    sure = (t("The sign is settled: the interval does not hold zero.") if line["low"] > 0 or line["high"] < 0 else
            t("The sign is not settled: the interval holds zero, so this model does not say that the policy helps."))
    parts = [told, sure]
    spill = brief.frame("effects").query("estimand == 'spillover' and indicator == @what.key")
    if len(spill):
        one = {str(key): value for key, value in spill.iloc[0].items()}
        parts.append(t("In the other districts it changed by {effect}.").format(
            effect=estimate(one["value"], one["low"], one["high"])))
    return " ".join(parts)


def register_words(brief: Opened) -> str:
    """Return what an agency would have concluded from its register."""
    if not brief.has("seen"):
        return t("The policy holds everywhere from the start, or in one district: a register allows no comparison.")
    lines = brief.frame("seen").query("what != 'truth'").to_dict("records")
    wrong = [line for line in lines if line["covers"] < ENOUGH]
    if not wrong:
        return t("Every comparison that the register allows holds the truth about as often as it claims.")
    worst = max(wrong, key=lambda line: abs(line["bias"]))
    place = places(worst["bias"] - 2 * worst["bias_se"], worst["bias"] + 2 * worst["bias_se"], worst["bias"])
    return t("The register misleads: \"{name}\" is off by {bias} {unit} in the mean, and its {level} % interval holds "
             "the truth in {share} of 100 lucks.").format(
        name=NAMES[worst["what"]](), bias=number(worst["bias"], place, signed=True), unit=t(worst["unit"]),
        level=number(100 * brief.question["level"], 0), share=number(100 * worst["covers"], 0))


def recorded_words(brief: Opened) -> str:
    """Return Goodhart's verdict."""
    if not brief.has("recorded"):
        return t("Nothing was recorded without the policy, so recorded and true gains cannot be compared.")
    verdict = brief.frame("recorded")["verdict"].iloc[0]
    return {
        "sound": t("**Sound**: what the register shows as a gain is a true one."),
        "inflated": t("**Inflated**: the register shows a larger gain than there is."),
        "gamed": t("**Gamed**: the register shows a gain, and there is no true one to be seen."),
        "no gain": t("**No gain is recorded**, so nothing tempts anybody to read the register for the truth."),
    }[verdict]


def price_words(brief: Opened) -> str:
    """Return what an extra hour costs."""
    line = brief.row("costs", "price")
    yuan = brief.row("costs", "yuan")
    if yuan["value"] == 0:
        return t("The policies have no cost on their cards, so nothing is said about price.")
    if not math.isfinite(line["value"]):
        return t("The policy costs {yuan} yuan in the run, and its extra hours may be none: an hour has no "
                 "price.").format(
            yuan=number(yuan["value"], places(yuan["low"], yuan["high"], yuan["value"])))
    return t("**An extra true hour costs {price} yuan**; the policy costs {yuan} yuan in the run, by the costs on the "
             "cards of its levers.").format(
        price=estimate(line["value"], line["low"], line["high"]).removeprefix("+"),
        yuan=number(yuan["value"], places(yuan["low"], yuan["high"], yuan["value"])))


def hangs_words(brief: Opened) -> str:
    """Return which number moves the answer most, and whether any turns its sign."""
    if not brief.has("drivers"):
        return t("No number was moved: the brief was made with --tries 0.")
    frame = brief.frame("drivers")
    usual = frame[frame["parameter"] == ""].iloc[0]
    moved = frame[frame["parameter"] != ""].pivot(index="parameter", columns="end", values="value")
    width = (moved["high"] - moved["low"]).abs()
    first = str(width.idxmax())
    span = sorted(moved.loc[first, ["low", "high"]])
    place = places(usual["low"], usual["high"], usual["value"])
    told = t("Moved by a little, **{name}** changes the answer most: from {low} to {high}.").format(
        name=t(load_cards()[first].label), low=number(span[0], place, signed=True),
        high=number(span[1], place, signed=True))
    turns = [name for name in moved.index if (moved.loc[name] * usual["value"] < 0).any()]
    return told + " " + (t("None of them turns the sign.") if not turns else t("The sign turns with: {names}.").format(
        names=", ".join(t(load_cards()[str(name)].label) for name in turns)))
