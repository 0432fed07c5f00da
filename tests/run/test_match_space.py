"""The space of a matching: ends from cards or from the words, whole numbers, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tests.cli.small import scenarios
from vsim.errors import UsageError
from vsim.run.match_space import around, even, free_cards, space_of
from vsim.spec.cards import load_cards


def test_ends_are_those_of_the_words_else_those_given_else_the_cards() -> None:
    keys = ["service.hours_mean=2:4", "participation.taste_sd", "choice.fit"]
    space = space_of(keys, {"participation.taste_sd": (0.5, 1.0)})
    card = load_cards()["choice.fit"]
    assert space.keys == ("service.hours_mean", "participation.taste_sd", "choice.fit")
    assert space.low.tolist() == [2.0, 0.5, card.low]
    assert space.high.tolist() == [4.0, 1.0, card.high]
    assert space.points(np.array([[0.5, 0.0, 1.0]])) == [
        {"service.hours_mean": 3.0, "participation.taste_sd": 0.5, "choice.fit": card.high}]
    assert space.cube(space.values(even(5, 3, 1))) == pytest.approx(even(5, 3, 1))


def test_whole_numbers_come_up_equally_often() -> None:
    space = space_of(["choice.further_tries=2:5"])
    values = space.values(even(400, 1, 1))[:, 0]
    assert np.unique(values, return_counts=True)[0].tolist() == [2, 3, 4, 5]
    assert np.unique(values, return_counts=True)[1] == pytest.approx(np.full(4, 100), abs=2)
    assert space.values(np.ones((1, 1)))[0, 0] == 5


def test_a_later_part_of_the_sequence_is_the_same_as_in_one_piece() -> None:
    assert (even(64, 3, 7)[40:] == even(24, 3, 7, 40)).all()


def test_ends_about_a_value_stay_on_the_card() -> None:
    base = scenarios()[0]
    found = around(base, ["service.hours_mean", "choice.further_tries"], 0.25)
    card = load_cards()["service.hours_mean"]
    assert found["service.hours_mean"] == (max(card.low, base.values["service.hours_mean"] - 1.25),
                                           base.values["service.hours_mean"] + 1.25)
    assert all(end.is_integer() for end in found["choice.further_tries"])


@pytest.mark.parametrize(("words", "said"), [
    (["service.hours_maen"], "Did you mean 'service.hours_mean'"),
    (["stars.thresholds"], "is unknown"),
    (["training_gate.seats"], "is unknown"),
    (["service.hours_mean", "service.hours_mean"], "stands twice"),
    (["service.hours_mean=0:3"], "allowed low:high inside 1:6 hours"),
    (["service.hours_mean=4:3"], "has the ends '4:3'"),
    (["service.hours_mean=3"], "has the ends '3'"),
    (["service.hours_mean=a:b"], "has the ends 'a:b'"),
    ([], "none is named"),
])
def test_what_is_wrong_is_refused(words: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        space_of(words)
    assert said in str(caught.value)


def test_settings_of_policies_are_not_free() -> None:
    assert "training_gate.seats" not in free_cards()
    assert "participation.taste_mean" in free_cards()
