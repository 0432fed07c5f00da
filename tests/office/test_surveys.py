"""The norm survey: a sample of the size asked for, answers that are biased as its cards say."""

from __future__ import annotations

import pytest

from tests.office.org_desk import WHERE, ours, written


def test_waves_have_their_size_and_not_everybody_answers() -> None:
    rows = written()["norm_survey"]
    assert set(rows["asked"]) == {120}
    assert (rows["answered"] < rows["asked"]).all()
    assert (rows["agree"] <= rows["answered"]).all()
    assert rows["true_share"].to_numpy() == pytest.approx(0.4, abs=0.05)


def test_a_campaign_moves_what_people_say_more_than_what_they_hold() -> None:
    on, off = ours(written("culture", intensity=1.0)["norm_survey"]), ours(written()["norm_survey"])
    assert (on["true_share"] - off["true_share"]).max() == pytest.approx(0.04 / 1.3, abs=0.005)
    assert on["agree"].sum() > off["agree"].sum()
    elsewhere = [t["norm_survey"][t["norm_survey"]["district"] != WHERE] for t in (written(), written("culture"))]
    assert elsewhere[0].equals(elsewhere[1])
