"""What is kept: conversations with their turns, visitors, feedback, gaps, hand-offs. SQLite or PostgreSQL, by URL."""

from assistant.store.conversations import OWN_PAGE, ConversationRow
from assistant.store.store import IN_MEMORY, Store
from assistant.store.turns import MOST_EXCHANGES, TurnRow

__all__ = ["IN_MEMORY", "MOST_EXCHANGES", "OWN_PAGE", "ConversationRow", "Store", "TurnRow"]
