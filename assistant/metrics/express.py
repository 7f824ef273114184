"""Service rates of express outlets, the weight of fines, how far a contract penalty exceeds the loss, days of an appeal."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

from assistant.metrics import Input, metric

_VOLUME = (
    "走了", "走件", "走货", "走单",
    "业务量", "票件量", "票量", "件量", "总件量", "总票数", "总件数", "总单量", "总量", "单量", "派件量",
    "派送量", "派件", "派送",
    "派了", "派单", "收派量", "处理", "发件量", "总共", "一共",
)


@metric(
    "快递申诉率", "ppm", worse="higher",
    aliases=("申诉率", "百万件申诉率", "申诉率百万分之", "百万申诉率", "百万分之申诉率", "邮政申诉率"),
)
def express_complaint_ppm(
    complaints: Annotated[float, Input(
        "申诉件数", "件", part_of="volume",
        aliases=("申诉", "被申诉", "申诉量", "申诉单", "申诉了", "用户申诉", "邮政申诉", "邮管局申诉", "被邮政申诉"),
        hint="邮政管理部门转来的用户申诉，不是向企业客服的投诉",
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME, hint="同一期间的收派总件数")],
) -> float:
    """申诉件数 ÷ 业务量 × 1,000,000。"""
    return complaints / volume * 1e6


@metric(
    "快递有效申诉率", "ppm", worse="higher",
    aliases=("有效申诉率", "百万件有效申诉率", "有效申诉率百万分之", "有责申诉率", "企业有责申诉率"),
)
def express_valid_complaint_ppm(
    valid_complaints: Annotated[float, Input(
        "有效申诉件数", "件", part_of="volume",
        aliases=("有效申诉", "有责申诉", "判有责", "判企业有责", "企业有责", "判我们有责", "认定有责"),
        hint="只算最后判企业有责的申诉",
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME, hint="同一期间的收派总件数")],
) -> float:
    """判企业有责的申诉件数 ÷ 业务量 × 1,000,000。"""
    return valid_complaints / volume * 1e6


@metric(
    "快递投诉率", "ppm", worse="higher",
    aliases=("投诉率", "百万件投诉率", "投诉率百万分之", "百万投诉率", "客诉率", "百万分之投诉率"),
)
def express_client_complaint_ppm(
    client_complaints: Annotated[float, Input(
        "投诉件数", "件", part_of="volume", aliases=("投诉", "被投诉", "投诉量", "投诉单", "客诉", "客户投诉",
        "工单投诉"),
        hint="向企业客服或平台的投诉",
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME, hint="同一期间的收派总件数")],
) -> float:
    """投诉件数 ÷ 业务量 × 1,000,000。"""
    return client_complaints / volume * 1e6


@metric(
    "线路时效达成率", "ratio", worse="lower",
    aliases=("时效达成率", "时效达成", "时效率", "线路时效", "准时率", "时限达成率", "时效准时率", "按时签收率", "时效达标率"),
)
def express_on_time_rate(
    signed_in_std: Annotated[float, Input(
        "标准时限内签收件数", "件", part_of="signed",
        aliases=("标准时限内签收", "标准时效内签收", "时限内签收", "时效内签收", "标准内签收", "按时签收", "准时签收", "时限内",
                 "时效内", "标准时限内", "在标准内", "标准内", "达成", "按时", "准时", "没超时", "达标"),
        hint="签收中在线路标准天数内签收的件",
        others=("超时签收", "超时", "延误", "晚点", "没按时", "没达标", "迟到",),
    )],
    signed: Annotated[float, Input(
        "签收总件数", "件", positive=True,
        aliases=("签收总量", "总签收", "签收", "签收件", "签收量", "当天签收", "今天签收", "共签收", "一共签收", "总件数", "总件量"),
    )],
) -> float:
    """标准时限内签收件数 ÷ 签收总件数。"""
    return signed_in_std / signed


@metric(
    "及时揽收率", "ratio", worse="lower",
    aliases=("揽收及时率", "揽收率", "揽件及时率", "及时揽件率", "揽收达成率", "准时揽收率"),
)
def express_pickup_rate(
    picked_in_time: Annotated[float, Input(
        "及时揽收件数", "件", part_of="shipped",
        aliases=("及时揽收", "按时揽收", "准时揽收", "及时揽件", "按时揽件", "及时揽到", "时限内揽收", "规定时间内揽收", "揽收",
                 "揽到", "揽件", "及时", "按时"),
        others=("没揽收", "未揽收", "没揽", "超时揽收", "揽收超时", "没及时揽", "延迟揽收", "晚揽收", "没按时揽", "超时", "没按时",),
    )],
    shipped: Annotated[float, Input(
        "应揽收（发货）件数", "件", positive=True,
        aliases=("发货", "发货件", "发货量", "应揽", "应揽收", "应揽件", "应揽收件", "前一天发货", "昨天发货", "下单", "订单",
                 "待揽", "总发货", "总件数", "总单量"),
        hint="考核日前一天商家发货的件",
    )],
) -> float:
    """及时揽收件数 ÷ 前一天发货件数。"""
    return picked_in_time / shipped


@metric("遗失率", "ratio", worse="higher", aliases=("丢件率", "丢失率", "遗失比例", "丢货率", "快递丢件率"))
def express_loss_rate(
    bad: Annotated[float, Input(
        "遗失件数", "件", part_of="volume", aliases=("遗失", "遗失件", "丢件", "丢失", "丢了", "弄丢", "丢货",
        "找不到"),
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME)],
) -> float:
    """遗失件数 ÷ 业务量。"""
    return bad / volume


@metric("破损率", "ratio", worse="higher", aliases=("货损率", "损坏率", "破损比例", "破件率"))
def express_damage_rate(
    bad: Annotated[float, Input(
        "破损件数", "件", part_of="volume", aliases=("破损", "破损件", "损坏", "坏件", "破件", "压坏", "摔坏",
        "货损", "破了",
            "弄坏", "弄坏了", "坏了",
        ),
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME)],
) -> float:
    """破损件数 ÷ 业务量。"""
    return bad / volume


@metric(
    "遗失破损率", "ratio", worse="higher",
    aliases=("丢损率", "丢失破损率", "遗失或破损率", "遗失及破损率", "丢失损毁率", "残损率", "丢破损率"),
)
def express_bad_piece_rate(
    bad: Annotated[float, Input(
        "遗失和破损合计件数", "件", part_of="volume",
        adds=True, aliases=("遗失破损", "遗失和破损", "丢损", "丢损件", "丢失破损", "丢失和破损", "遗失加破损", "丢的和坏的", "残损",
            "遗失", "破损", "丢了", "丢失", "坏了",
        ),
    )],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME)],
) -> float:
    """遗失与破损合计件数 ÷ 业务量。"""
    return bad / volume


@metric(
    "当日签收率", "ratio", worse="lower",
    aliases=("签收率", "当天签收率", "日签收率", "派签率", "当日妥投率", "妥投率", "当日派签率"),
)
def express_sign_rate(
    signed_today: Annotated[float, Input(
        "当日签收件数", "件", part_of="due_today",
        aliases=("当日签收", "当天签收", "今天签收", "今日签收", "签收", "签了", "已签收", "妥投", "送到", "派完", "派掉"),
        others=("没签收", "未签收", "没签", "没派出去", "没派掉", "滞留", "留仓", "积压",),
    )],
    due_today: Annotated[float, Input(
        "当日应派件数", "件", positive=True,
        aliases=("当日应派", "应派", "应派件", "应派量", "今天应派", "今日应派", "当天应派", "要派", "该派", "到件", "到件量", "派件量",
                 "应签", "应签收"),
    )],
) -> float:
    """当日签收件数 ÷ 当日应派件数。"""
    return signed_today / due_today


_FINES = (
    "罚款", "罚款额", "罚款金额", "总部罚款", "被罚", "罚了", "罚单", "扣款", "罚金", "考核扣款", "扣罚",
    "罚掉", "被扣", "扣了",
    "罚款总额", "罚款合计", "处罚",
)


@metric(
    "罚款占派费比", "ratio", worse="higher",
    aliases=("罚款占比", "罚款占派费", "罚款占派费的比例", "罚款比例", "罚款负担", "罚款率", "扣罚占比", "罚款占收入",
            "占派费几个点", "占派费百分之几", "占派费多少", "占派费的百分之几", "压到派费的", "派费的几个点",
            "罚款占",
            "占几个点", "占百分之几", "罚款占百分之几",
        ),
)
def express_fine_share(
    fines: Annotated[float, Input("当月罚款", "元", aliases=_FINES, hint="同一期间的总部罚款和考核扣款合计")],
    delivery_income: Annotated[float, Input(
        "当月派费收入", "元", positive=True,
        aliases=("派费", "派费收入", "派件费", "派送费", "派费总额", "派件收入", "派送收入", "派费到手", "派费结算", "收入"),
    )],
) -> float:
    """当月罚款 ÷ 当月派费收入。"""
    return fines / delivery_income


@metric(
    "每件罚款", "元/件", worse="higher",
    aliases=("单件罚款", "平均每件罚款", "每票罚款", "单票罚款", "每单罚款", "平均每单罚款", "罚单每件", "每件罚多少", "每件摊",
             "每件摊到", "摊到每件", "一件摊", "平均一件罚", "一件罚",
            "每票摊", "每票摊多少", "一票摊", "每单摊", "平均每件摊", "每件摊多少",
            "一件摊多少",
            "摊到一票", "摊到一件", "一票是几", "一件是几",
            "摊到每票", "每票是几", "每票摊到",
            "每票合", "每件合", "一票合", "一件合", "每单合", "合每票", "合每件", "合到每票", "合到每件", "每票罚", "每件罚",
            "一票罚", "平均一票罚", "一件罚", "每单罚",
        ),
)
def express_fine_per_piece(
    fines: Annotated[float, Input("当月罚款", "元", aliases=_FINES, hint="同一期间的总部罚款和考核扣款合计")],
    volume: Annotated[float, Input("业务量", "件", positive=True, aliases=_VOLUME)],
) -> float:
    """当月罚款 ÷ 业务量。"""
    return fines / volume


@metric(
    "违约金超出损失的比例", "ratio", worse="higher",
    aliases=("违约金超损失比", "违约金超出损失", "违约金高出损失", "违约金超过损失", "违约金比损失高", "违约金过高", "违约金高不高",
             "超出实际损失", "高出实际损失", "超过实际损失",
             "违约金超损失", "违约金太高", "违约金超了", "超出损失百分之多少", "高出损失百分之多少", "超过损失多少",
             "超出损失", "高出损失", "超过损失", "比损失高", "比损失多",
            "超没超损失", "超损失", "超过损失的", "超出损失的",
        ),
)
def contract_penalty_excess(
    loss: Annotated[float, Input(
        "对方实际损失", "元", positive=True,
        aliases=("实际损失", "损失", "认定损失", "认定的损失", "对方损失", "总部损失", "造成的损失", "真实损失", "直接损失", "实际造成损失"),
        hint="比的是损失，不是合同总额",
    )],
    penalty: Annotated[float, Input(
        "约定的违约金", "元",
        aliases=("违约金", "合同违约金", "约定违约金", "罚款", "罚金", "总部要", "总部主张", "索赔", "要我赔", "主张", "要赔", "违约赔偿",
            "谈到", "谈成", "降到",
        ),
    )],
) -> float:
    """违约金 ÷ 实际损失 － 1。"""
    return penalty / loss - 1


@metric(
    "可以向邮政申诉的日子", "date",
    aliases=(
        "哪天可以申诉", "哪天能申诉", "几号可以申诉", "几号能申诉", "哪天能去邮政申诉", "几号能去邮政申诉",
        "最早哪天申诉", "哪天可以打12305",
        "几号能打12305", "哪天起可以向邮政申诉", "什么时候可以向邮政局申诉", "几号可以去邮管局申诉",
        "最早哪天能申诉", "哪天能找邮管局",
    ),
)
def postal_appeal_start(
    complained: Annotated[date, Input(
        "向快递企业投诉那天", "date",
        aliases=(
            "向快递公司投诉", "投诉了快递公司", "投诉快递", "投诉的快递", "向快递企业投诉", "跟快递公司投诉",
            "找快递公司投诉", "快递公司投诉",
            "给快递公司打电话投诉", "投诉快递公司", "向快递投诉",
        ),
        hint="快递客服登记投诉的日期",
    )],
    *,
    postal_appeal: Mapping[str, float],
) -> date:
    """向快递企业投诉那天 ＋ 规定的答复天数，满期次日起可以申诉。"""
    return complained + timedelta(days=postal_appeal["company_days"] + 1)


@metric(
    "邮政申诉答复最后日", "date",
    aliases=(
        "申诉答复最后日", "邮政答复最后日", "邮管局答复截止", "邮政申诉几号前答复", "邮政申诉最晚哪天答复",
        "邮政局最晚哪天答复", "12305最晚哪天答复",
        "申诉几号前有答复", "邮政局几号前答复", "邮管局几号前要答复", "邮政申诉答复期限到哪天", "申诉答复截止",
    ),
    about=("答复",),
)
def postal_answer_deadline(
    appealed: Annotated[date, Input(
        "向邮政管理部门申诉那天", "date",
        aliases=("向邮政申诉", "邮政申诉", "向邮政局申诉", "向邮管局申诉", "打12305", "打了12305", "12305申诉", "提交申诉", "去邮政申诉"),
        hint="申诉网站或12305登记的日期",
    )],
    *,
    postal_appeal: Mapping[str, float],
) -> date:
    """向邮政管理部门申诉那天 ＋ 规定的答复天数。"""
    return appealed + timedelta(days=postal_appeal["reply_days"])
