"""What the files of knowledge have in common: strict reading, areas, audiences, how sure a statement is, patterns."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

Area = Literal["ecommerce", "dealer", "insurance", "repair", "consumer", "kpi", "express", "meta"]
Audience = Literal["merchant", "dealer", "owner", "express", "consumer", "employee"]
Confidence = Literal["high", "medium", "low", "conflict"]


class Strict(BaseModel):
    """Knowledge files are read strictly: a misspelt field is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _readable(pattern: str) -> str:
    """A regular expression an editor wrote; {n} stands for a number."""
    try:
        re.compile(pattern.replace("{n}", "1"))
    except re.error as error:
        raise ValueError(f"正则表达式「{pattern}」写错了：{error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_readable)]
"""A regular expression as it stands in a file; one that cannot be read is an error of that field."""
