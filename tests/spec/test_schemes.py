"""Schemes of real time banks: complete entries with sources, values that the lever takes, and worlds that balance."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import vsim
from tests.engine_worlds import SEED, book, town
from tests.science.audit import AUDITS
from vsim.errors import UsageError
from vsim.rng import stream_key
from vsim.run.offices import paperwork
from vsim.run.run import Run, simulate
from vsim.spec import schemes as module
from vsim.spec.cards import source_keys
from vsim.spec.loading import parse_yaml
from vsim.spec.schemes import load_schemes, scheme, scheme_facts, scheme_names
from vsim.spec.sources import load_sources
from vsim.world.ledgers import Book
from vsim.world.metrics import M

ASKING = {"time_bank.need": 1.0, "time_bank.redeem": 0.5}
EARN, HELP, SEED_KIND, SPEND, DONATE, EXPIRE = range(6)
NAMES = ["nanjing", "beijing", "guangzhou", "pidu", "nansha", "huangshi", "hailin", "hainan", "zhiyuanhui", "suzhou",
         "hourworld"]
GOOD = "a: {label: A, zh: 甲, source: nansha, values: {cap: 5}, assumed: [cap], beyond: [B.]}\n"
EACH = pytest.mark.parametrize("name", NAMES)


def under(name: str) -> Run:
    policy = vsim.TimeBank(start_week=2, **scheme(name))
    return simulate(town(ASKING, residents=500, districts=2, weeks=24, policies=(policy,)), SEED)


def test_there_are_the_eleven_schemes() -> None:
    assert scheme_names() == NAMES
    assert vsim.scheme_names() == NAMES
    assert len({str(item.values) + item.label for item in load_schemes().values()}) == 11


@EACH
def test_a_scheme_says_what_was_seen_what_was_assumed_and_what_is_beyond_the_lever(name: str) -> None:
    item = scheme_facts(name)
    assert set(source_keys(item.source)) <= set(load_sources())
    assert re.search(r"[\u4e00-\u9fff]", item.zh)
    assert item.beyond
    assert all(sentence.endswith(".") for sentence in item.beyond)
    assert set(item.assumed) < set(item.values)
    assert all(item.values[value] > 0 or value == "redeem_age" for value in item.assumed), "a rule that is off is none"
    assert scheme(name) is not scheme(name)


def test_the_published_rules_are_those_of_the_table() -> None:
    assert (scheme("nanjing")["cap"], scheme("nanjing")["redeem_age"]) == (1500, 60)
    assert (scheme("beijing")["cap"], scheme("beijing")["kin"]) == (0, 1)
    assert (scheme("guangzhou")["cap"], scheme("guangzhou")["redeem_age"]) == (1500, 0)
    assert [name for name in NAMES if scheme(name)["expiry"] == 1] == ["huangshi"]
    assert [name for name in NAMES if scheme(name)["seed"] > 0] == ["nanjing", "pidu", "nansha"]
    assert [name for name in NAMES if scheme(name)["limit"] > 0] == ["hourworld"]


@pytest.mark.parametrize("name", [NAMES[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[1:])])
def test_every_audit_holds_in_a_town_under_a_scheme(name: str) -> None:
    run = under(name)
    key = stream_key(SEED)
    for one in AUDITS:
        for unit, end in zip(run.city, run.ends, strict=True):
            one(unit, end, run.settled, key)
    kinds = {int(kind) for end in run.ends for kind in book(end, Book.CREDITS)[:, 2]}
    rules = scheme(name)
    assert EARN in kinds
    assert (SEED_KIND in kinds) == (rules["seed"] > 0)
    assert (EXPIRE in kinds) == (rules["expiry"] == 1)
    assert ({HELP, SPEND} <= kinds) == (rules["redeem_age"] < 100), "help is bought only where hours may buy it"
    spent, earned = (run.people[..., metric].sum() for metric in (M.CREDIT_SPENT, M.CREDIT_EARNED))
    assert spent <= earned


@pytest.mark.slow
@EACH
def test_the_desk_balances_under_a_scheme(name: str) -> None:
    seen = paperwork(under(name))
    book_of, accounts = seen["timebank_book"], seen["timebank_accounts"]
    given = book_of[["earned", "helped", "seeded"]].sum().sum()
    gone = book_of[["spent", "transferred", "donated", "expired"]].sum().sum()
    held = accounts.groupby("volunteer_id")["balance"].last().sum()
    assert given - gone == held == book_of[book_of["week"] == 23]["outstanding"].sum()
    assert given > 0


def test_an_unknown_scheme_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"scheme is 'bejing'.*Did you mean 'beijing'\?"):
        scheme("bejing")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("label: A, ", "", "a has no label"),
    ("zh: 甲", "zh: 甲, cn: 乙", "a has an unknown key 'cn'"),
    ("cap: 5", "cup: 5", "Did you mean 'cap'?"),
    ("cap: 5", "cap: -5", "values.cap"),
    ("[cap]", "[kin]", "a assumed names 'kin'"),
    ("nansha", "nanjin2019", "Did you mean 'nanjing2019'?"),
    ("[B.]", "B.", "beyond is B.; allowed a list"),
    (GOOD, "a: 5\n", "a is 5; allowed keys with values"),
])
def test_an_entry_with_a_fault_is_refused(old: str, new: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> object:
        monkeypatch.setattr(module, "read_yaml", lambda path: parse_yaml(text, Path("time_banks.yaml")))
        return load_schemes.__wrapped__()

    assert read(GOOD)
    with pytest.raises(UsageError) as error:
        read(GOOD.replace(old, new))
    assert words in str(error.value)
    assert str(error.value).startswith("time_banks.yaml:1")
