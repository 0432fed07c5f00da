"""What a kernel replies is read as hostile text: an answer or none, and nothing else of its outputs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.course.test_answers import JSON
from vsim.course.payload import MIME
from vsim.course.replies import cleaned, reply_of
from vsim.course.words import Words


def sent(payload: object, kind: str = "display_data") -> dict[str, Any]:
    return {"output_type": kind, "data": {MIME: payload}, "metadata": {}}


def test_the_last_answer_to_the_task_stands() -> None:
    outputs = [sent({"task": "q1", "answer": {"x": 1}}), sent({"task": "q2", "answer": {"x": 9}}),
               sent({"task": "q1", "answer": {"x": 2}}), {"output_type": "stream", "name": "stderr", "text": "warning"}]
    assert reply_of(outputs, "q1").answer == {"x": 2}
    assert reply_of(outputs, "q2").answer == {"x": 9}
    assert reply_of(outputs, "q3").answer is None


@pytest.mark.parametrize("outputs", [
    [], [None], ["text"], [{}], [sent(None)], [sent([])], [sent({"task": "q1"})], [sent({"task": "q1", "answer": 3})],
    [sent({"task": "q1", "answer": [1]})], [sent({"answer": {"x": 1}})],
    [sent({"task": "q1", "answer": {"x": 1}}, "stream")],
    [sent({"task": "q1", "answer": {"x": 1}}, "execute_result")], [{"output_type": "display_data", "data": [MIME]}],
    [{"output_type": "execute_result", "data": {"text/plain": "100.0"}}],
    [{"output_type": "stream", "name": "stdout", "text": '{"task": "q1", "answer": {"x": 1}}'}],
])
def test_nothing_else_is_an_answer(outputs: list[Any]) -> None:
    found = reply_of(outputs, "q1")
    assert found.answer is None
    assert found.reason is not None


def test_a_failed_cell_says_with_what_it_stopped() -> None:
    found = reply_of([{"output_type": "error", "ename": "NameError", "evalue": "secret", "traceback": []}], "q1")
    assert found.reason is not None
    assert Words()(found.reason) == "No answer arrived: the cell stopped with NameError."


def test_a_huge_answer_is_not_kept() -> None:
    found = reply_of([sent({"task": "q1", "answer": {"x": ["y" * 100] * 20_000}})], "q1")
    assert found.answer is None
    assert found.reason is not None


@given(JSON)
def test_whatever_is_sent_can_be_stored(value: object) -> None:
    found = reply_of([sent({"task": "q1", "answer": {"x": value}})], "q1")
    json.dumps(found.answer, allow_nan=False).encode()
    json.dumps(cleaned(value), allow_nan=False).encode("utf-8")


@given(some.lists(JSON, max_size=4))
def test_no_outputs_whatever_raise(outputs: list[object]) -> None:
    reply_of(outputs, "q1")


def test_numbers_that_no_file_holds_are_dropped() -> None:
    assert cleaned({"a": float("nan"), "b": 10**400, "c": -5, "d": [float("inf")], "\ud800": "\udfff"}) == {
        "a": None, "b": None, "c": -5, "d": [None], "?": "?"}
