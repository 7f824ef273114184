"""How a visitor can be reached: checked when it is left, and found when it is written into a message."""

import re

from assistant.errors import InvalidInput
from assistant.handoff.channels import EMAIL

LONGEST = 100
_PHONE = re.compile(r"\+?\d[\d -]{5,18}\d")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
_WHERE = re.compile(rf"(?<![A-Za-z0-9._%+-])(?:{EMAIL.pattern})(?![A-Za-z0-9.-])|{_MOBILE.pattern}|{_LANDLINE.pattern}")


def checked(contact: str | None) -> str | None:
    """The contact as it is kept; None when nothing was left. Raises InvalidInput when nobody could be reached by it."""
    held = (contact or "").strip()
    if not held:
        return None
    if len(held) <= LONGEST and (EMAIL.fullmatch(held) or (_PHONE.fullmatch(held) and sum(map(str.isdigit, held)) <= 15)):
        return held
    raise InvalidInput("请留手机号、座机号或邮箱，只填一个，这样才联系得上你。")


def found_in(text: str) -> str | None:
    """The first phone number or e-mail address in a message."""
    found = _WHERE.search(text)
    return found[0] if found else None
