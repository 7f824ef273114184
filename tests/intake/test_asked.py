"""Typed questions, answers and headings, as people write them in plain text."""

from textwrap import dedent

import pytest

from assistant.intake.blocks import Heading, Line, lines
from assistant.intake.piece import Part
from assistant.intake.sections import parts


def read(text: str, scraped: bool = False) -> list[Part]:
    return parts(lines(dedent(text), "处"), scraped)


def told(text: str) -> list[tuple[str, str]]:
    return [(part.questions[0] if part.questions else "", part.text) for part in read(text)]


@pytest.mark.parametrize(
    "text",
    [
        "问：多久退款？\n答：两天。\n\n问：谁付运费？\n答：卖家。",
        "问：多久退款？答：两天。\n问：谁付运费？ 答：卖家。",
        "Q1: 多久退款？\nA: 两天。\nQ2: 谁付运费？\nA: 卖家。",
        "Q1. 多久退款？\nA1. 两天。\nQ2. 谁付运费？\nA2. 卖家。",
        "q：多久退款？\na：两天。\nq：谁付运费？\na：卖家。",
        "【问】多久退款？\n【答】两天。\n【问】谁付运费？\n【答】卖家。",
        "问题1：多久退款？\n答案：两天。\n问题2：谁付运费？\n答案：卖家。",
        "问：多久退款？\n两天。\n问：谁付运费？\n卖家。",
        "❶ 多久退款？\n两天。\n❷ 谁付运费？\n卖家。",
        "❶ 多久退款？\n\n两天。\n\n谁付运费？\n\n卖家。\n\n❸ 怎么投诉\n打电话。",
        "1. 多久退款？\n两天。\n2. 谁付运费？\n卖家。",
        "一、多久退款？\n两天。\n二、谁付运费？\n卖家。",
        "（一）多久退款？\n两天。\n（二）谁付运费？\n卖家。",
        "1、多久退款？\n答：两天。\n2、谁付运费？\n答：卖家。",
        "多久退款？\n两天。\n\n谁付运费？\n卖家。",
    ],
)
def test_questions_in_prose_become_questions(text: str) -> None:
    assert told(text)[:2] == [("多久退款？", "两天。"), ("谁付运费？", "卖家。")]


def test_real_headings_that_ask() -> None:
    made = parts([Heading("Q1：怎么退", 2, "处"), Line("答：点按钮。", "处"), Heading("2. 谁付运费？", 2, "处"), Line("卖家。", "处")])
    assert [(part.questions, part.text) for part in made] == [(("怎么退",), "点按钮。"), (("谁付运费？",), "卖家。")]
    assert made[1].path == ("2. 谁付运费？",)


def test_marked_headings_and_one_that_lost_its_mark() -> None:
    made = parts([
        Heading("❶ 怎么退", 2, "处"), Line("点按钮。", "处"), Heading("运费谁付", 2, "处"), Line("卖家。", "处"),
        Heading("❸ 怎么换", 2, "处"), Line("点另一个。", "处"),
    ])
    assert [part.questions for part in made] == [("怎么退",), ("运费谁付",), ("怎么换",)]


def test_a_question_in_several_lines_is_put_together() -> None:
    assert told("问：我上周买的，\n到现在没退款，怎么办？\n答：找客服。") == [("我上周买的，到现在没退款，怎么办？", "找客服。")]


def test_a_question_that_is_a_story_keeps_it_as_text() -> None:
    story = "问：怎么办？" + "我买了一台机器。" * 20 + "\n答：退货。"
    (part,) = read(story)
    assert part.questions == ("怎么办？",)
    assert part.text.endswith("机器。\n退货。")


def test_a_question_without_an_answer_is_kept_and_says_so() -> None:
    first, second = read("❶ 没人答怎么办？\n❷ 有人答怎么办？\n这样办。")
    assert (first.questions, first.text) == (("没人答怎么办？",), "")
    assert second.text == "这样办。"


def test_steps_in_circles_are_no_questions() -> None:
    assert told("❶ 打开设置\n❷ 点退款") == [("", "❶ 打开设置\n❷ 点退款")]


def test_choices_after_letters_are_no_answers() -> None:
    assert told("选择题\nA: 可以\nB: 不可以") == [("", "选择题\nA: 可以\nB: 不可以")]


def test_a_single_rhetorical_question_stays_in_its_text() -> None:
    assert told("这是为什么呢？\n因为成本高。\n\n所以要涨价。") == [("", "这是为什么呢？\n因为成本高。\n所以要涨价。")]


def test_what_people_say_to_each_other_is_no_question_of_ours() -> None:
    assert [part.questions for part in read("对话记录\n\n客户：能退吗？\n客服：能。\n\n客户：几天？\n客服：三天。")] == [()]


def test_a_list_of_questions_without_answers_is_a_list() -> None:
    assert told("要问的事\n1. 怎么退？\n2. 怎么换？") == [("", "要问的事\n1. 怎么退？\n2. 怎么换？")]


def test_typed_headings_make_a_path() -> None:
    made = read("""\
        售后手册

        第一章 退货
        一、七天无理由
        要完好。
        （一）例外
        定制的不行。
        二、质量问题
        都可以退。
        第二章 换货
        十五天内。
        """)
    assert [(part.path, part.text) for part in made] == [
        (("售后手册", "第一章 退货", "一、七天无理由"), "要完好。"),
        (("售后手册", "第一章 退货", "一、七天无理由", "（一）例外"), "定制的不行。"),
        (("售后手册", "第一章 退货", "二、质量问题"), "都可以退。"),
        (("售后手册", "第二章 换货"), "十五天内。"),
    ]


def test_headings_within_an_answer_belong_to_it() -> None:
    (part,) = read("问：怎么退货？\n答：分两步。\n一、申请\n点按钮。\n二、寄回\n叫快递。")
    assert part.path == ("怎么退货？",)
    assert part.text == "分两步。\n一、申请\n点按钮。\n二、寄回\n叫快递。"


def test_a_long_answer_is_cut_at_its_own_headings() -> None:
    made = read("问：怎么退货？\n答：分两步。\n一、申请\n" + "点按钮就行。" * 70 + "\n二、寄回\n" + "叫快递就行。" * 70)
    assert [part.path for part in made] == [("怎么退货？",), ("怎么退货？", "二、寄回")]
    assert all(part.questions == ("怎么退货？",) for part in made)


def test_questions_sorted_under_headings_stand_below_them() -> None:
    made = read("一、退货\n问：多久？\n答：七天。\n二、换货\n问：多久？\n答：十五天。")
    assert [part.path for part in made] == [("一、退货", "多久？"), ("二、换货", "多久？")]


def test_items_of_a_list_are_no_headings() -> None:
    (part,) = read("办法有三：\n1、加强管理\n2、加强合作\n3、改变观念\n就这些。")
    assert part.text.startswith("办法有三：\n1、加强管理\n2、加强合作")


def test_a_long_first_line_is_no_title() -> None:
    (part,) = read("收到货七天内可以退，运费谁的责任谁出。\n\n其他看页面。")
    assert part.path == ()
