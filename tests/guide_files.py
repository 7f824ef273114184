"""A guide over the tiny knowledge, as a file of the test's own."""

from pathlib import Path

from assistant.library import Library

GUIDE = """---
title: 退货/扣款 说明
area: consumer
audience: [consumer]
questions: [帮我写一份退货说明, 给我退货清单, 退货申请书怎么写, 写一份退货申请, 要一份退货模板, 有没有退货模板, 出一份退货说明, 下载退货模板,
            退货说明范本给我, 生成退货说明, 拟一份退货说明, 导出退货说明]
topics: [seven_days]
metrics: [no_reason_return_deadline, wage_deduction_cap, dispute_refund_rate]
blanks: {name: 姓名, shop: 店铺}
sources: [law, page]
confidence: high
checked_on: 2026-11-23
---
说明写好了，{{no_reason_return_days.days}}内提交。[^law]

## 一、期限

| 事项 | 日子 |
| --- | --- |
| 签收 | {{given.no_reason_return_deadline.sign_date}} |
| 最后日 | {{clock.no_reason_return_deadline}} |
| 最多可扣 | {{value.wage_deduction_cap}} |
| 纠纷退款率 | {{value.dispute_refund_rate}} |

- ☐ **照片**，签收次日起{{no_reason_return_days.days}}内。[^law]
- ☐ 别的页面也这么说。[^page]

姓名：{{blank.name}}
本人在{{blank.shop}}购买。日期：{{today}}
"""


def with_guide(folder: Path, text: str = GUIDE, name: str = "return_paper") -> Library:
    """The knowledge of a folder with one guide more."""
    path = folder / "guides" / "consumer" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Library.read(folder)
