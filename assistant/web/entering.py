"""Who comes, and which conversation they come back to: the same for the widget and for our own page."""

from dataclasses import dataclass

from assistant.store import Store
from assistant.store.ids import new_id


@dataclass(frozen=True)
class Entered:
    """A visitor with a conversation of theirs. `secret` is what their browser keeps."""

    visitor: str
    secret: str
    conversation: str


def enter(store: Store, site: str, secret: str | None, conversation: str | None, audience: str | None) -> Entered:
    """The visitor who holds the secret, or a new one, with the conversation if it is theirs, or a new one."""
    visitor = store.visitor_by_secret(site, secret) if secret else None
    if visitor is None or not secret:
        visitor, secret = store.new_visitor(site)
    return Entered(visitor, secret, resume(store, site, visitor, conversation, audience))


def resume(store: Store, site: str, visitor: str, conversation: str | None, audience: str | None) -> str:
    """The conversation if it is this visitor's, else a new one: somebody else's and one that is gone look alike."""
    if conversation and store.owner(conversation) == (site, visitor):
        return conversation
    fresh = new_id()
    store.open(fresh, site, visitor, audience)
    return fresh
