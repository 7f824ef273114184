"""A name stands where it is given; what was never named, or is no plain text of ours, is seen."""

import pytest

from assistant.named import Platforms, unnamed
from assistant.unread import unread

TEXTS = [
    "《工资支付暂行规定》第16条：每月不超过当月工资的20%。NCD只看次数。法院一般可以认定过高。",
    "淘宝、天猫：翻倍也好，一半也罢，到月底再看，50元/台次。",
]


@pytest.mark.parametrize("told", [
    "依据《淘宝网纠纷处理规范》办。", "按《工资支付条例》。", "根据电子商务法，要赔。", "按照网络交易管理办法细则的规定。",
    "Your rate is too high.",
    "ni de lv chaobiao le.", "详见 evil.example/claim。", "<b>重要</b>", "<script>", "[1]: 平台内部文件", "加微信领取。", "把密码发来。",
    "王主任说可以扣。", "国家邮政局支持罚款。", "平台官方表示没关系。", "糾紛退款率是0.1%。",
])
def test_a_name_from_nowhere_is_seen(told: str) -> None:
    assert unnamed(told, TEXTS, "")


@pytest.mark.parametrize("told", [
    "《工资支付暂行规定》第16条写着。", "《工资支付**暂行规定**》第16条。", "NCD只看次数。", "按这个办法算。", "用Excel记下来。",
    "A方案、B方案都行。",
    "法院一般可以认定过高。", "先找平台客服问问。", "5<6。", "按天数说法不一。",
])
def test_a_name_that_is_given_stands(told: str) -> None:
    assert not unnamed(told, TEXTS, "")


def test_a_document_given_to_the_model_may_be_named() -> None:
    assert unnamed("见《加盟合同》。", TEXTS, "")
    assert not unnamed("见《加盟合同》。", TEXTS, "先看《加盟合同》。")


def test_a_platform_that_is_not_spoken_of_is_seen() -> None:
    platforms = Platforms({"淘宝": ("淘宝", "tb"), "拼多多": ("拼多多", "pdd"), "京东": ("京东",)}, frozenset(("京东",)))
    assert platforms.strange("拼多多的线是1%。", TEXTS) == "拼多多"
    assert platforms.strange("pdd也一样。", TEXTS) == "拼多多"
    assert platforms.strange("淘宝和京东的线是1%。", TEXTS) == ""
    assert platforms.strange("平台的线是1%。", TEXTS) == ""


@pytest.mark.parametrize("told", [
    "差不多翻了一番。", "涨了两倍。", "可以退到下旬。", "要几百块。", "一分钱都不能扣。", "多拿肆万元。", "拾贰笔。", "是①③00元。", "约⅓。",
    "通常三五天。",
    "每天最多扣900元。",
])
def test_a_number_in_other_words_is_seen(told: str) -> None:
    assert unread(told, TEXTS)


@pytest.mark.parametrize("told", [
    "翻倍了。", "降了一半。", "到月底再看。", "① 先看凭证。", "陆续处理。", "收拾一下。", "每月不超过20%。", "每台多50元。", "每天看一遍。",
])
def test_words_that_are_given_or_count_nothing_stand(told: str) -> None:
    assert not unread(told, TEXTS)
