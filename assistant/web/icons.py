"""Icons by name. Their shapes are masks in ui.css: the chat component drops a drawing's viewBox and its `use`."""


def icon(name: str, extra: str = "") -> str:
    """One icon; it is decoration, the words beside it or the button's title carry the meaning."""
    return f'<span class="i i-{name}{" " + extra if extra else ""}" aria-hidden="true"></span>'
