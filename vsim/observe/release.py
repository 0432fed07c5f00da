"""A release: a table that may leave the agency, with the report of what was done to it and what risk is left.

Names and other direct identifiers never leave. Numbers of volunteers become pseudonyms under a secret and the label of
the release, so two releases share none and cannot be joined by them; whoever keeps the secret can. Rows are sorted by
pseudonym, since the order of rows joins as well as a number does.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from vsim.errors import UsageError, did_you_mean, listing
from vsim.observe.disclosure import ALL, anonymised, l_diversity, ladders, risks, smallest_cell
from vsim.spec.cards import values
from vsim.spec.plain_yaml import one_line

if TYPE_CHECKING:
    import pandas as pd

DIRECT = ("name", "contact", "phone", "email", "address", "id_doc_no_hash", "doc_no_masked", "volunteer_no")
LEAST_SECRET = 16                              # bytes; a short secret can be found by trying
SIGNS = 12                                     # of a pseudonym: 60 bits, no collision among millions
QUASI = ("education", "verified_hours_total", "birth_year", "district", "sex")
Minors = Literal["drop", "mask", "keep"]


@dataclass(frozen=True, slots=True)
class ReleasePolicy:
    """What a release keeps and how it protects; None stands for the default on the card.

    `keep` are the columns of volunteers that leave; those of them in `quasi` count as known to outsiders and are made
    coarser in the order given, those in `sensitive` are reported for l-diversity. `minors` says what becomes of
    volunteers who may be below `minor_age` on the day: "drop" their rows, "mask" all their traits, or "keep" them.
    """

    purpose: str
    keep: tuple[str, ...] = ("sex", "birth_year", "education", "district", "verified_hours_total", "status")
    quasi: tuple[str, ...] = QUASI
    sensitive: tuple[str, ...] = ()
    k: int | None = None
    most_suppressed: float | None = None
    retention: int | None = None
    minor_age: int | None = None
    minors: Minors = "drop"

    def __post_init__(self) -> None:
        """Refuse direct identifiers, a missing purpose, and codes that are none."""
        if not self.purpose.strip():
            raise UsageError("release: purpose is empty; allowed a sentence. Say what the data are for (PIPL art. 6).")
        for name in self.keep:
            if name in DIRECT or name.endswith("_id"):
                raise UsageError(f"release: keep names {name}, which points to one person; allowed other columns.")
        for name in (*self.quasi, *self.sensitive):
            if name not in self.keep and (name in self.sensitive or self.quasi is not QUASI):
                raise UsageError(f"release: {one_line(name)} is not kept; allowed {listing(self.keep, 20)}."
                                 f"{did_you_mean(name, self.keep)}")
        if self.minors not in get_args(Minors):
            raise UsageError(f"release: minors is {one_line(self.minors)}; allowed {', '.join(get_args(Minors))}.")

    def number(self, name: str) -> float:
        """Return a number of the policy: its own, else that of the card."""
        card = f"disclosure.{name}" if name in ("k", "most_suppressed") else f"release.{name}"
        own = getattr(self, name)
        return values(None if own is None else {card: own})[card]


@dataclass(frozen=True, slots=True)
class Release:
    """What leaves (`volunteers`), and what the agency files beside it (`report`: item to value)."""

    label: str
    volunteers: pd.DataFrame
    report: Mapping[str, Any] = field(default_factory=dict)

    def report_table(self) -> pd.DataFrame:
        """Return the report as a table of two columns."""
        import pandas as pd

        return pd.DataFrame({"item": list(self.report), "value": [str(value) for value in self.report.values()]})


def pseudonyms(ids: Iterable[str], secret: bytes, label: str) -> list[str]:
    """Return the pseudonyms of some numbers in one release; without the secret nobody can make or undo them.

    Parameters
    ----------
    ids : iterable of str
    secret : bytes
        At least 16 bytes that only the agency has, such as from `vsim.observe.signing.new_secret`.
    label : str
        Name of the release; another label gives other pseudonyms.
    """
    if len(secret) < LEAST_SECRET:
        raise UsageError(f"release: the secret has {len(secret)} bytes; allowed {LEAST_SECRET} or more. "
                         "Make one with new_secret.")
    key = hmac.new(secret, f"vsim release {label}".encode(), sha256).digest()
    codes = (hmac.new(key, str(one).encode(), sha256).digest() for one in ids)
    return ["X-" + base64.b32encode(code).decode()[:SIGNS] for code in codes]


def release(
    seen: Mapping[str, pd.DataFrame], policy: ReleasePolicy, *, secret: bytes, label: str, on: date
) -> Release:
    """Return the release of the register of volunteers.

    Parameters
    ----------
    seen : mapping of table name to DataFrame
        Registers with `volunteers`, `service_records` and `districts`.
    policy : ReleasePolicy
    secret : bytes
        See `pseudonyms`.
    label : str
        Name of the release, such as "2026-H1".
    on : date
        Day of the release: ages and retention count from it.
    """
    people = seen["volunteers"]
    for name in policy.keep:
        if name not in people.columns:
            raise UsageError(f"release: keep names '{one_line(name)}', no column of volunteers; allowed "
                             f"{listing(people.columns, 20)}.{did_you_mean(name, people.columns)}")
    own = pseudonyms(people["volunteer_id"], secret, label)
    expired = _expired(seen, int(policy.number("retention")), on)
    young = (on.year - people["birth_year"] <= policy.number("minor_age")).to_numpy()     # the birthday may be to come
    if policy.minors == "keep" or not policy.number("minor_age"):
        young = np.zeros(len(people), dtype=bool)
    quasi = [name for name in policy.quasi if name in policy.keep]
    before = people.loc[~expired, list(policy.keep)]
    inside = ~expired & ~(young if policy.minors == "drop" else np.zeros_like(young))
    table = people.loc[inside, list(policy.keep)]
    districts = dict(zip(seen["districts"]["district"], seen["districts"]["prefecture"], strict=True))
    masked = young[inside] if policy.minors == "mask" else np.zeros(len(table), dtype=bool)
    k = int(policy.number("k"))
    done = anonymised(table[~masked], quasi, k=k, steps=ladders(districts),
                      most_suppressed=policy.number("most_suppressed"))
    hidden = table[masked].astype(object)
    hidden.loc[:, :] = ALL
    rest = _whole_cells(hidden, k)
    out = _together(done.frame, rest)
    named = np.array(own, dtype=object)[people.index.get_indexer(out.index)]
    out.insert(0, "pseudonym", named)
    out = out.sort_values("pseudonym", ignore_index=True)
    report = _report(policy, label, on, people, out, quasi)
    report |= {
        "expired": int(expired.sum()), "minors": int((young & ~expired).sum()),
        "suppressed": int(len(done.suppressed) + len(hidden) - len(rest)),
        "unique_before": risks(before, quasi)["unique"], "smallest_cell_before": smallest_cell(before, quasi),
        **{f"level_{name}": level for name, level in done.levels.items()}, "information_loss": done.loss,
    }
    return Release(label, out, report)


def _expired(seen: Mapping[str, pd.DataFrame], years: int, on: date) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return who has had no entry for `years`: neither a record nor the registration itself."""
    import pandas as pd

    people = seen["volunteers"]
    last = pd.to_datetime(seen["service_records"]["recorded_on"]).groupby(seen["service_records"]["volunteer_id"]).max()
    latest = pd.concat([
        pd.to_datetime(people["registered_on"]), people["volunteer_id"].map(last).astype("datetime64[s]"),
    ], axis=1).max(axis=1)
    return (latest < pd.Timestamp(on) - pd.DateOffset(years=years)).to_numpy(dtype=bool)


def _whole_cells(hidden: pd.DataFrame, k: int) -> pd.DataFrame:
    """Return the masked rows, or none of them when they are fewer than k."""
    return hidden if len(hidden) >= k else hidden.iloc[:0]


def _together(frame: pd.DataFrame, rest: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([frame.astype(object), rest]) if len(rest) else frame.copy()


def _report(
    policy: ReleasePolicy, label: str, on: date, people: pd.DataFrame, out: pd.DataFrame, quasi: list[str]
) -> dict[str, Any]:
    """Return the first half of the report: what the release is for, what went in, what came out, and what is left."""
    left = risks(out, quasi)
    report: dict[str, Any] = {
        "label": label, "purpose": policy.purpose, "day": on.isoformat(), "k": int(policy.number("k")),
        "records_in": len(people), "records_out": len(out),
        "dropped_columns": ", ".join(name for name in people.columns if name not in policy.keep),
        "quasi_identifiers": ", ".join(quasi), "smallest_cell": smallest_cell(out, quasi),
        "risk_bound": 1 / policy.number("k"), "highest_risk": left["highest"], "mean_risk": left["mean"],
        "unique_after": left["unique"],
    }
    for name in policy.sensitive:
        found = l_diversity(out, quasi, name)
        report |= {f"l_{name}": int(found["least"]), f"told_{name}": found["told"]}
    return report
