"""Who is told what because of one request: collected while it is carried out, sent when it is done.

The session that asked gets its updates in the answer; all other sessions of everybody concerned get them pushed.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world.boxes import Arrival, Event, Notice
from telethon.testing.world.peerids import is_group, is_user
from telethon.testing.world.plain import PlainMessage
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._rpc import AuthKeyRecord, ClientSession
    from telethon.testing.world.records import Channel, Group
    from telethon.testing.world.world import World

__all__ = ["Delivery"]


class Delivery:
    """The updates that one action causes.

    Args:
        world: where it happens.
        origin: the session that asked for it, if one did.
    """

    __slots__ = ("_answered", "_events", "_origin", "_relayed", "_world")

    def __init__(self, world: World, origin: ClientSession | None = None) -> None:
        self._world = world
        self._origin = origin
        self._events: dict[int, list[Event]] = {}
        self._answered = False
        self._relayed = False

    def tell(self, account_id: int, event: Event) -> None:
        """Let an account know."""
        events = self._events.get(account_id)
        if events is None:
            self._events[account_id] = [event]
        else:
            events.append(event)

    def note(
        self, account_id: int, update: types.TypeUpdate, peers: tuple[int, ...] = (), lasting: bool = False
    ) -> None:
        """Let an account know of something that moves no state.

        Args:
            account_id: whom to tell.
            update: what to tell.
            peers: users and chats that must come along.
            lasting: whether a difference repeats it; such updates are numbered by `seq`.
        """
        self.tell(account_id, Notice(0, 0, update, peers, lasting))

    def tell_members(self, room: Channel | Group, event: Event) -> None:
        """Let everybody in a group or channel know."""
        for user_id in room.present():
            self.tell(user_id, event)

    # -- the answer --------------------------------------------------------------------------------------------------

    def answered(self) -> None:
        """The answer says by itself how far the state has moved."""
        self._answered = True

    def answer(
        self, account_id: int, before: Iterable[types.TypeUpdate] = (), peers: Iterable[int] = ()
    ) -> types.Updates:
        """The updates of the one who asked, for the answer.

        Args:
            account_id: who asked.
            before: updates that only the answer has; they go first.
            peers: users and chats to introduce besides those in the updates.
        """
        self._answered = True
        return self._bundle(account_id, self._events.get(account_id, ()), before, peers)

    def short_answer(self, account_id: int) -> types.UpdateShortSentMessage | None:
        """The short form of the answer to a sent text, where the server of Telegram would use it."""
        events = self._events.get(account_id, ())
        if not self._world.options.short_updates or len(events) != 1:
            return None
        event = events[0]
        if not isinstance(event, Arrival) or event.owner < 0 or not _is_plain(event):
            return None
        letter = event.letter
        self._answered = True
        return types.UpdateShortSentMessage(
            id=letter.copies[event.owner],
            pts=event.pts,
            pts_count=event.count,
            date=letter.date,
            out=True,
            entities=letter.entities,
        )

    # -- the others --------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Push what the others have to know. To be called once, when the action is done."""
        world = self._world
        self.relay()
        for account_id, events in self._events.items():
            for watcher in tuple(world.watchers.get(account_id, ())):
                watcher(events)
            lasting = [event.update for event in events if isinstance(event, Notice) and event.lasting]
            origin = self._origin
            if lasting:
                for auth in world.authorizations_of(account_id):
                    if origin is None or auth is not origin.auth:
                        _number(auth, lasting, world.now())
            common: types.TypeUpdates | None = None
            home = world.accounts[account_id].dc_id
            for session in world.sessions_of(account_id):
                # Only the data centre where the account lives tells it what happens.
                if not session.receives_updates or abs(session.dc_id) % 10000 != home:
                    continue
                if session is origin:
                    own = [event for event in events if event.pts]
                    if own and not self._answered:
                        session.push(self._bundle(account_id, own))
                elif lasting:
                    session.push(self._bundle(account_id, events, seq=session.auth.data.get("seq", 0)))
                else:
                    if common is None:
                        common = self._short(account_id, events) or self._bundle(account_id, events)
                    session.push(common)
        self._events = {}

    def relay(self) -> None:
        """Let bots that are connected to those concerned have what they see of it, once."""
        if self._relayed:
            return
        self._relayed = True
        for account_id, events in list(self._events.items()):
            self._world.business.relay(self, account_id, events)

    def _bundle(
        self,
        account_id: int,
        events: Iterable[Event],
        before: Iterable[types.TypeUpdate] = (),
        peers: Iterable[int] = (),
        seq: int = 0,
    ) -> types.Updates:
        views = self._world.views
        updates = list(before)
        known = set(peers)
        for event in events:
            update = views.update(event, account_id)
            if update is not None:
                updates.append(update)
                known.update(views.event_peers(event))
        users, chats = views.split(known, account_id)
        return types.Updates(updates, users, chats, self._world.now(), seq)

    def _short(self, account_id: int, events: list[Event]) -> types.TypeUpdates | None:
        """The short form of a single update, where the server of Telegram would use it."""
        if len(events) != 1:
            return None
        event = events[0]
        if isinstance(event, Notice):
            if not event.peers and not event.pts:
                return types.UpdateShort(event.update, self._world.now())
            return None
        if not self._world.options.short_updates or not isinstance(event, Arrival) or event.owner < 0:
            return None
        letter = event.letter
        peer = letter.peer_for(event.owner)
        # Whoever has not heard of the writer needs the full form.
        if not _is_plain(event) or len(self._world.accounts[account_id].mailbox.by_peer.get(peer, ())) < 2:
            return None
        message = self._world.views.message(letter, event.owner, account_id)
        if not isinstance(message, PlainMessage):
            return None
        number = letter.copies[event.owner]
        if is_user(peer):
            return types.UpdateShortMessage(
                id=number,
                user_id=peer,
                message=letter.text,
                pts=event.pts,
                pts_count=event.count,
                date=letter.date,
                out=message.out,
                silent=letter.silent,
                reply_to=message.reply_to,
                entities=letter.entities,
            )
        if is_group(peer):
            return types.UpdateShortChatMessage(
                id=number,
                from_id=letter.author,
                chat_id=-peer,
                message=letter.text,
                pts=event.pts,
                pts_count=event.count,
                date=letter.date,
                out=message.out,
                mentioned=message.mentioned,
                silent=letter.silent,
                reply_to=message.reply_to,
                entities=letter.entities,
            )
        return None


def _is_plain(event: Arrival) -> bool:
    letter = event.letter
    return (
        letter.media is None
        and letter.markup is None
        and letter.action is None
        and letter.forward is None
        and letter.via_bot is None
        and letter.effect is None
        and not letter.noforwards
        and not letter.from_scheduled
        and not letter.mentions
        and letter.author > 0
        # What people write to themselves is told in full.
        and letter.room != letter.sender
    )


def _number(auth: AuthKeyRecord, updates: list[types.TypeUpdate], now: int) -> None:
    """Count updates that have no `pts`, for one authorization."""
    seq = auth.data.get("seq", 0) + 1
    auth.data["seq"] = seq
    log: list[tuple[int, int, types.TypeUpdate]] = auth.data.setdefault("seq_log", [])
    log.extend((seq, now, update) for update in updates)
    del log[:-1000]
