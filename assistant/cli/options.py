"""The settings of a command: its options over the environment."""

from typing import Any

from assistant.errors import AssistantError
from assistant.settings import Settings


def settings_of(**given: Any) -> Settings:
    """The settings, with the options that were given in place of the environment's.

    Raises AssistantError naming the variable whose value is of no use.
    """
    from pydantic import ValidationError

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise AssistantError(f"设置 ASSISTANT_{name} 的值「{first['input']}」用不了，请改正。") from error
