"""The tools that list, compute and solve metrics."""

import json
import re
from typing import Any

import pytest

from .calls import FIGURES, Server, refused, said


async def test_metrics_are_found_by_any_of_their_names_with_their_form(server: Server) -> None:
    for query in ("纠纷退款率", "淘宝的纠纷退款率怎么算", "dispute_refund_rate", "纠纷率"):
        first = (await said(server, "list_metrics", query=query))["metrics"][0]
        assert (first["id"], first["unit"], first["platform"]) == ("dispute_refund_rate", "ratio", ["淘宝", "天猫"])
        assert [(one["name"], one["unit"], one["kind"]) for one in first["inputs"]] == [
            ("liable_refunds", "笔", "number"), ("paid_suborders", "笔", "number"),
        ]
        assert first["inputs"][0]["hint"]
    premium = (await said(server, "list_metrics", query="交强险保费"))["metrics"][0]
    assert {one["name"]: one["choices"] for one in premium["inputs"]}["region"] == {"A": "甲方案", "B": "乙方案"}


async def test_without_a_query_all_metrics_are_named_and_only_the_first_are_shown_whole(server: Server) -> None:
    listed = await said(server, "list_metrics", limit=4)
    ids = [one["id"] for one in (*listed["metrics"], *listed["others"])]
    assert len(listed["metrics"]) == 4
    assert len(ids) == len(set(ids)) > 100
    assert await said(server, "list_metrics", query="？？") == {"metrics": [], "others": []}


async def test_a_metric_is_computed_unrounded_and_graded_by_the_rule_of_the_day(server: Server) -> None:
    found = await said(server, "compute_metric", metric="dispute_refund_rate", inputs={**FIGURES, "liable_refunds": 7}, day="2021-05-05")
    assert (found["value"], found["said"], found["unit"]) == (0.014, "1.4%", "ratio")
    assert (found["verdict"], found["verdict_word"], found["rule"]) == ("breach", "超线", "rule://dispute_line")
    assert (found["formula"], found["day"]) == ("判商家责任且生效的退款笔数 ÷ 支付宝成交子订单数", "2021-05-05")
    graded = next(one for one in found["sources"] if one["title"] == "纠纷退款率的线")
    assert (graded["source"], graded["address"]) == ("测试部《测试条例》", "https://example.org/law")
    assert "1%为超线" in graded["quote"]
    exact = await said(server, "compute_metric", metric="dispute_refund_rate", inputs={"liable_refunds": 7, "paid_suborders": 12000})
    assert exact["value"] == 7 / 12000
    assert (exact["verdict"], exact["verdict_word"], exact["day"]) == ("ok", "不再考核", "2026-11-23")


@pytest.mark.parametrize(
    ("metric", "inputs", "value"),
    [
        ("refund_duration", {"durations_hours": [2, 4]}, 3),
        ("refund_duration", {"durations_hours": 3}, 3),
        ("no_reason_return_deadline", {"sign_date": "2026-11-20"}, "2026-11-27"),
        ("compulsory_premium", {"vehicle": "family_small", "region": "B", "record": "clean1"}, 900),
        ("compulsory_premium", {"vehicle": "家用六座以下", "region": "南京", "record": "上一年没出险"}, 900),
        ("dispute_refund_rate", json.dumps(FIGURES), 0.014),  # some clients send an object as text
    ],
)
async def test_inputs_are_taken_in_every_form_a_model_writes_them(server: Server, metric: str, inputs: Any, value: object) -> None:
    assert (await said(server, "compute_metric", metric=metric, inputs=inputs))["value"] == value


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"metric": "dispute_refund_rate", "inputs": {"liable_refunds": 7}}, "paid_suborders（支付宝成交子订单数，笔）"),
        ({"metric": "dispute_refund_rate", "inputs": {}}, "liable_refunds（.*、paid_suborders（"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "refunds": 1}}, "没有叫 refunds 的输入.*liable_refunds（"),
        ({"metric": "纠纷退款率", "inputs": FIGURES}, "是不是 dispute_refund_rate（纠纷退款率）"),
        ({"metric": "no_such_thing", "inputs": FIGURES}, "no_such_thing.*list_metrics"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "paid_suborders": 0}}, "不能作分母"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "paid_suborders": 3}}, "超过了"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "liable_refunds": "七"}}, "应填一个数"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "liable_refunds": [7]}}, "应填一个数"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "liable_refunds": True}}, "inputs.liable_refunds 应是数"),
        ({"metric": "dispute_refund_rate", "inputs": {**FIGURES, "liable_refunds": None}}, "inputs.liable_refunds 应是数"),
        ({"metric": "dispute_refund_rate", "inputs": "七笔"}, "参数 inputs 应是对象"),
        ({"metric": "dispute_refund_rate", "inputs": FIGURES, "day": "昨天"}, "参数 day 应写成 2026-11-23"),
        ({"metric": "dispute_refund_rate", "inputs": FIGURES, "day": "20261123000"}, "参数 day 应写成 2026-11-23"),
        ({"metric": "dispute_refund_rate", "inputs": FIGURES, "date": "2020-01-01"}, "没有叫 date 的参数.*day"),
        ({"metric": 7, "inputs": FIGURES}, "参数 metric 应是文字"),
        ({}, "参数 metric 没有给；参数 inputs 没有给"),
        ({"metric": "no_reason_return_deadline", "inputs": {"sign_date": "昨天"}}, "sign_date（.*2026-11-23.*「昨天」"),
        ({"metric": "no_reason_return_deadline", "inputs": {"sign_date": "9999-12-31"}}, "大得不合理"),
        ({"metric": "compulsory_premium", "inputs": {"vehicle": "飞船", "region": "A", "record": "new"}}, "飞船.*truck（货车）"),
        ({"metric": "compulsory_premium", "inputs": {"vehicle": "truck", "region": "A", "record": "new"}, "day": "2001-01-01"}, "没有.*truck|2008"),
    ],
)
async def test_what_cannot_be_computed_is_a_sentence_that_says_what_to_mend(
    server: Server, arguments: dict[str, Any], named: str
) -> None:
    assert re.search(named, await refused(server, "compute_metric", **arguments))


@pytest.mark.parametrize(
    ("inputs", "name", "target", "expected"),
    [
        ({"liable_refunds": 17, "paid_suborders": 12000}, "liable_refunds", 0.001, (12, 17, False, 5, "down")),
        ({"liable_refunds": 17, "paid_suborders": 12000}, "paid_suborders", 0.001, (17000, 12000, False, 5000, "up")),
        ({"paid_suborders": 12000}, "liable_refunds", 0.001, (12, None, False, 0, "none")),
        ({"liable_refunds": 7, "paid_suborders": 12000}, "liable_refunds", 0.001, (12, 7, True, 0, "none")),
    ],
)
async def test_what_an_input_must_be_for_a_target(
    server: Server, inputs: dict[str, Any], name: str, target: float, expected: tuple[Any, ...]
) -> None:
    found = await said(server, "solve_metric", metric="dispute_refund_rate", inputs=inputs, input=name, target=target)
    assert tuple(found[key] for key in ("needed", "now", "met", "gap", "direction")) == expected
    assert (found["said"], found["unit"]) == (f"{expected[0]:,}笔", "笔")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"inputs": {}, "input": "liable_refunds"}, "还差：paid_suborders（"),
        ({"inputs": FIGURES, "input": "refunds"}, "没有叫 refunds 的输入"),
        ({"inputs": FIGURES, "input": "liable_refunds", "target": "百分之一"}, "参数 target 应是数"),
        ({"inputs": {**FIGURES, "paid_suborders": 0}, "input": "liable_refunds"}, "不能作分母"),
        ({"inputs": FIGURES, "input": "paid_suborders", "target": 0}, "到不了这个目标"),
        ({"metric": "nix", "inputs": FIGURES, "input": "liable_refunds"}, "nix"),
        ({"metric": "no_reason_return_deadline", "inputs": {}, "input": "sign_date"}, "不能按.*倒推"),
    ],
)
async def test_what_cannot_be_solved_is_a_sentence(server: Server, arguments: dict[str, Any], named: str) -> None:
    given = {"metric": "dispute_refund_rate", "target": 0.001} | arguments
    assert re.search(named, await refused(server, "solve_metric", **given))
