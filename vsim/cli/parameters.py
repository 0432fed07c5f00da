"""vsim parameters: every number of the model with its unit, range, evidence and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from vsim.cli.common import Json, Lang, print_json, screen, speak
from vsim.errors import UsageError, did_you_mean, listing
from vsim.i18n import t

if TYPE_CHECKING:
    from vsim.spec.cards import Card


def chosen(name: str | None) -> list[Card]:
    """Return the cards of a stem ("stars"), one card ("stars.goal"), or all."""
    from vsim.spec.cards import load_cards

    cards = load_cards()
    if name is None:
        return list(cards.values())
    found = [card for key, card in cards.items() if key == name or key.split(".")[0] == name]
    if not found:
        stems = sorted({key.split(".")[0] for key in cards})
        near = did_you_mean(name, [*stems, *cards])
        raise UsageError(f"parameters: '{name}' is unknown; allowed {listing(stems, 20)}, or a key.{near}")
    return found


def value_text(card: Card) -> str:
    """Return the default in words."""
    numbers = card.default if isinstance(card.default, tuple) else (card.default,)
    return " / ".join(f"{number:g}" for number in numbers)


def parameters(
    name: Annotated[str | None, typer.Argument(help="A stem such as stars, or a key such as stars.goal.")] = None,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """List parameters: unit, default, range, evidence, source."""
    speak(lang)
    cards = chosen(name)
    if as_json:
        print_json([
            {"key": c.key, "label": c.label, "unit": c.unit, "default": c.default, "low": c.low, "high": c.high,
             "evidence": c.evidence, "source": c.source, "why": c.why, "clause": c.clause} for c in cards
        ])
        return
    table = Table(title=t("Parameters of the model"), title_justify="left")
    for head in ("Key", "What it is", "Default", "Range", "Unit", "Evidence", "Source or reason"):
        table.add_column(t(head), overflow="fold", justify="right" if head in {"Default", "Range"} else "left")
    for card in cards:
        reason = card.source if card.source else card.why
        table.add_row(card.key, t(card.label), value_text(card), f"{card.low:g} – {card.high:g}", t(card.unit),
                      t(card.evidence), reason or "")
    screen().print(table)
