"""Ratings: of a service by the people served, the organisation and the volunteer; not all answer (clause V.3.a5).

What a rater thinks follows the quality of the organisation, a part shared by all three raters of a service, and a part
of one's own. Those content answer more often, and many add a star out of courtesy: the mean of the stars that come in
is above the mean of what raters think, which table ratings_truth keeps for all.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vsim.office.desk import Desk, Papers, needed
from vsim.office.placed import places_of
from vsim.rng import Stream

RATERS = ("beneficiary", "organisation", "volunteer")
STARS = 5                     # of the scale
GOOD, BAD = ("punctual", "kind", "skilled"), ("late", "careless", "unclear")
ITEMS = 32                    # numbers of draws kept for a source, eight for each rater and eight shared
SHARED, OWN, ANSWERS, COURTESY, TAG, TEXT = range(6)


def work(desk: Desk) -> Papers:
    """Return table ratings, and ratings_truth with what every rater thinks."""
    places = places_of(desk)
    served = places[needed(places)].reset_index(drop=True)
    truth = pd.concat([_rated(desk, served, rater) for rater in range(len(RATERS))], ignore_index=True)
    truth = truth.sort_values(["week", "person", "task", "rater_number"], kind="stable").reset_index(drop=True)
    names = ["week", "district", "person", "task", "organisation", "rater"]
    given = truth[truth["true_answered"]]
    ratings = given[[*names, "stars", "tag", "text_length", "prompted", "anonymous", "answered"]]
    return Papers({"ratings": ratings.reset_index(drop=True),
                   "ratings_truth": truth[[*names, "true_stars", "true_chance", "true_answered"]]})


def _rated(desk: Desk, served: pd.DataFrame, rater: int) -> pd.DataFrame:
    """Return what one kind of rater thinks of each service, and what of it comes in."""
    who, week, code, source = (served[name].to_numpy() for name in ("person", "week", "district", "source"))

    def word(number: int) -> NDArray[np.float64]:
        own = 0 if number == SHARED else 1 + rater
        return desk.uniform(Stream.RATING, who, week, source * ITEMS + own * 8 + number)

    quality = desk.raw["organisations"]["true_quality"].to_numpy()[served["organisation"].to_numpy()]
    shared = desk.value["ratings.shared_spread"] * (2 * word(SHARED) - 1.0)
    felt = quality + shared + desk.value["ratings.own_spread"] * (2 * word(OWN) - 1.0)
    true = np.minimum(1 + np.floor(STARS * np.clip(felt, 0.0, 1.0)), STARS).astype(np.int64)
    middle = (STARS + 1) * 0.5
    base = desk.value[f"ratings.answers_{RATERS[rater]}"]
    chance = np.clip(base * (1.0 + desk.value["ratings.tilt"] * (true - middle) / (STARS - middle)), 0.0, 1.0)
    prompted = desk.force.value("rating", "prompt", code, week) >= 1
    silent = (1.0 - chance) * (1.0 - np.where(prompted, desk.value["ratings.prompted"], 0.0))
    anonymous = desk.force.value("rating", "anonymous", code, week) >= 1
    polite = desk.value["ratings.courtesy"] * np.where(anonymous, desk.value["ratings.courtesy_anonymous"], 1.0)
    stars = np.minimum(true + (word(COURTESY) < polite), STARS)
    low = stars <= desk.value["ratings.low"]
    pick = np.floor(word(TAG) * len(GOOD)).astype(np.int64)
    tag = np.select([low, stars > middle], [np.array(BAD)[pick], np.array(GOOD)[pick]], "none")
    text = np.floor(-desk.value["ratings.text"] * np.log(1.0 - word(TEXT))).astype(np.int64)
    closing = desk.force.value("rating", "closing", code, week) >= 1
    return served[["week", "district", "person", "task", "organisation"]].assign(
        rater=RATERS[rater], rater_number=rater, stars=stars, tag=tag, text_length=text, prompted=prompted,
        anonymous=anonymous, answered=closing & low, true_stars=true, true_chance=1.0 - silent,
        true_answered=word(ANSWERS) < 1.0 - silent)
