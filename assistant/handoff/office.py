"""The staff's side: what waits, one hand-off with all that belongs to it, and what is done with it. Blocking."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import InvalidInput
from assistant.handoff.bell import Bell
from assistant.handoff.desk import OUTBOX, STAFF, cleaned, now_utc
from assistant.store import Store, TurnRow, deliveries, handoffs
from assistant.store.deliveries import DeliveryRow
from assistant.store.handoffs import HandoffRow, MessageRow

MOST_LISTED = 100
MOST_TURNS = 200


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. `unread`: the last message is the visitor's."""

    row: HandoffRow
    unread: bool
    last_seq: int
    undelivered: bool


@dataclass(frozen=True)
class Queue:
    """What lies on the desk."""

    open: Sequence[Waiting]
    mine: Sequence[Waiting]
    others: Sequence[Waiting]
    closed: Sequence[Waiting]
    failed: Sequence[DeliveryRow]


@dataclass(frozen=True)
class Opened:
    """One hand-off with everything around it."""

    row: HandoffRow
    turns: Sequence[TurnRow]
    messages: Sequence[MessageRow]
    deliveries: Sequence[DeliveryRow]


class Office:
    """One for the service; it rings the same bell as the visitors' desk."""

    def __init__(self, store: Store, bell: Bell, *, now: Callable[[], datetime] = now_utc) -> None:
        self._store, self.bell, self.now = store, bell, now

    def queue(self, name: str) -> Queue:
        """What waits, what `name` has taken, what others have taken, what was closed last, and what could not be delivered."""
        under_way = self._store.read(lambda connection: handoffs.queue(connection, handoffs.UNDER_WAY, MOST_LISTED))
        closed = self._store.read(lambda connection: handoffs.queue(connection, ("closed",), MOST_LISTED // 2))
        failed = self._store.read(lambda connection: deliveries.failed(connection, MOST_LISTED))
        talks = [row.conversation for row in (*under_way, *closed)]
        last = self._store.read(lambda connection: handoffs.last_said(connection, talks))
        lost = {delivery.handoff for delivery in failed}

        def listed(rows: Sequence[HandoffRow]) -> tuple[Waiting, ...]:
            said = [(row, *last.get(row.conversation, (0, ""))) for row in rows]
            return tuple(Waiting(row, sender == "visitor", seq, row.id in lost) for row, seq, sender in said)

        return Queue(
            listed([row for row in under_way if row.state == "open"]),
            listed([row for row in under_way if row.taken_by == name]),
            listed([row for row in under_way if row.state == "taken" and row.taken_by != name]),
            listed(closed), failed,
        )

    def look(self, id: str) -> Opened:
        """One hand-off. Raises InvalidInput when there is none."""
        row = self._row(id)
        turns = self._store.turns(row.conversation, limit=MOST_TURNS)
        messages = self._store.read(lambda connection: handoffs.said(connection, row.conversation, 0, MOST_TURNS))
        sent = self._store.read(lambda connection: deliveries.of(connection, [id]))
        return Opened(row, turns, messages, sent)

    def take(self, id: str, name: str, *, over: bool = False) -> None:
        """Take an open one, or with `over` one that somebody else has. Raises InvalidInput when somebody was quicker."""
        at = self.now()
        if not self._store.write(lambda connection: handoffs.take(connection, id, name, at, over=over)):
            raise self._elsewhere(id, name)
        self._ring(id)

    def release(self, id: str, name: str) -> None:
        """Put back what was taken. Raises InvalidInput when it is not one's own."""
        if not self._store.write(lambda connection: handoffs.release(connection, id, name)):
            raise self._elsewhere(id, name)
        self._ring(id)

    def close(self, id: str, name: str) -> None:
        """End one that is open or one's own. Raises InvalidInput when it is somebody else's."""
        at = self.now()
        if not self._store.write(lambda connection: handoffs.close(connection, id, name, at)):
            raise self._elsewhere(id, name)
        self._ring(id)

    def reply(self, id: str, name: str, text: str) -> MessageRow:
        """Write to the visitor; who answers an open one has taken it. Raises InvalidInput."""
        written, at = cleaned(text), self.now()
        row = self._row(id)
        if row.state == "open":
            self.take(id, name)
        elif row.state == "closed" or row.taken_by != name:
            raise self._elsewhere(id, name)
        message = self._store.write(lambda connection: handoffs.say(connection, row, "staff", name, written, at))
        self._ring(id)
        return message

    def typing(self, id: str, name: str) -> None:
        """Tell the visitor, if they are watching in this process, that a reply is being written."""
        row = self._row(id)
        if row.taken_by == name:
            self.bell.ring(row.conversation, note={"type": "typing", "author": name})

    def again(self, delivery: str) -> None:
        """Try a failed delivery again. Raises InvalidInput when it is not failed."""
        at = self.now()
        if not self._store.write(lambda connection: deliveries.again(connection, delivery, at)):
            raise InvalidInput("这条已经在发送了，请刷新页面。")
        self.bell.ring(OUTBOX, STAFF)

    def _row(self, id: str) -> HandoffRow:
        row = self._store.read(lambda connection: handoffs.find(connection, id))
        if row is None:
            raise InvalidInput("没有这条记录，可能已经被访客删除。")
        return row

    def _ring(self, id: str) -> None:
        self.bell.ring(self._row(id).conversation, STAFF)

    def _elsewhere(self, id: str, name: str) -> InvalidInput:
        row = self._row(id)
        if row.state == "closed":
            return InvalidInput("这条已经结束了。")
        if row.taken_by not in (None, name):
            return InvalidInput(f"这条由{row.taken_by}在处理。")
        return InvalidInput("这条的状态刚变过，请刷新页面再试。")
