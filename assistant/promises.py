"""What this service must never say: that it has done or will do what it cannot, that an outcome is certain, or whose orders it follows."""

import re

_WE = r"(?:我们?|咱们?|这边|小助手|本助手|系统|客服|后台)"
_SOON = r"(?:这边|这就|现在|刚刚?|马上|立即|立刻|稍后|正在|已经?|会|将|来|就|先|可以|能|也|都)*"
_YOU = r"(?:为|帮|替|给|向)(?:[你您]|买家|客户|车主|平台)"
_ACT = (
    r"(?:提交|申诉|申请|退款|退了|退回|赔付|打款|转账|处理|联系|转接|转人工|登记|上报|催|安排|办理|办好|办妥|修改|改好|取消|下单|通知|反馈"
    r"|跟进|协调|恢复|撤销|解封|加急|预约|报案|备案|受理|核实|查询后台|发起|开具|寄出|补发)"
)
_NO_ACT = r"(?:算|查规则|列|说|看|整理|解释|分析|写|起草|总结|核对|对比|梳理|讲|推算|估|倒推|计算|判断|填|拟)"
_SURE = r"(?:肯定|一定|百分百|百分之百|100%|绝对|必定|铁定|包)"
_GOOD = r"(?:能?通过|能?成功|退款给|全额退|能?赔|能?恢复|能?解封|能?胜诉|能?申诉成功|没事|没问题|不会(?:被)?(?:罚|扣|判|处罚|影响))"
_PROMISES = [re.compile(pattern) for pattern in (
    rf"{_WE}{_SOON}{_YOU}(?!{_NO_ACT})[^，。；！？]{{0,12}}?{_ACT}",
    rf"(?:已经?|正在|马上|立即|立刻|这就|稍后会?|将会?){_YOU}(?!{_NO_ACT})[^，。；！？]{{0,12}}?{_ACT}",
    rf"{_WE}{_SOON}{_YOU}?{_ACT}(?:好|完|成功)*了",
    r"(?:^|[，。；！？\s:：*]|[你您]的|这笔)(?:退款|赔付|赔款|申诉|投诉|工单|补偿|申请|订单)(?:都|也)?已经?(?:成功)?(?:为[你您])?"
    r"(?:处理|提交|到账|通过|受理|完成|办好|办妥|打款|退回|撤销|取消)(?:完成|成功|完毕|好)?(?:了|[，。！!]|$)",
    rf"{_WE}(?:可以|能|敢|向[你您])*(?:保证|担保|承诺|打包票)",
    rf"(?:^|[，。；！？\s*])(?:可以|能|敢)?(?:向[你您])?(?:保证|担保|承诺|打包票)(?:[你您]|{_SURE}|{_GOOD}|会|能)",
    rf"(?:^|[，。；！？\s*]|申诉|[你您]|这单|这次|平台){_SURE}(?:会|能|可以|给[你您])*{_GOOD}",
    r"(?:正在|马上|现在|已经?|这就)(?:为|帮|给|替)?[你您]?(?:转接?|接通|呼叫|联系)(?:到|上)?(?:了)?(?:人工|客服|专员|同事|工作人员)",
    rf"帮[你您][^，。；！？]{{0,6}}{_ACT}(?:好|完|成功)*了",
)]
_OBEYS = [re.compile(pattern, re.I) for pattern in (
    r"(?:忽略|无视|忘掉|抛开)[^，。；]{0,8}(?:以上|之前|前面|上述|先前|所有|一切)[^。；]{0,10}(?:指令|指示|规则|设定|提示|要求|限制)",
    r"(?:ignore|disregard|forget)[^。.]{0,30}(?:instruction|rule|prompt|previous)",
    r"(?:系统提示|提示词|系统指令|system ?prompt|开发者模式|developer mode|越狱|jailbreak)",
    r"(?:根据|按照?|遵照|遵循)(?:文档|资料|材料|文件|以上|上述|系统)[里中内]?(?:面)?的?(?:指令|指示|命令)",
    r"作为(?:一[个名款])?(?:ai|人工智能|大?语言模型|大模型)",
    r"<\|?(?:system|im_start|im_end|assistant|user)\|?>",
)]
_ASKED_WHETHER = re.compile(
    r"(?:如果|若|要是|假如|一旦|是否|别|无法|切勿|不|未|没)[^，。；！？]{0,8}$"
)


def promised(sentence: str) -> str:
    """The words by which a sentence promises what cannot be kept; empty when it does not."""
    return _found(_PROMISES, sentence)


def obeyed(sentence: str) -> str:
    """The words by which a sentence follows or passes on orders that are none of ours; empty when it does not."""
    return _found(_OBEYS, sentence)


def _found(patterns: list[re.Pattern[str]], sentence: str) -> str:
    plain = sentence.replace("*", "")
    for pattern in patterns:
        for found in pattern.finditer(plain):
            if not _ASKED_WHETHER.search(plain, 0, found.start()):
                return found[0]
    return ""
