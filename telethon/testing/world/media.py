"""What a message carries besides its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from telethon.testing.world.peerids import as_peer
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredDocument, StoredPhoto

__all__ = ["DocumentMedia", "FixedMedia", "InvoiceMedia", "Media", "PhotoMedia", "PollMedia", "TodoMedia"]


class Media(Protocol):
    """Anything that can be attached."""

    @property
    def kinds(self) -> frozenset[str]:
        """What filters of a search it answers to, like `photo` or `voice`."""
        ...

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that this account gets to see."""
        ...


@dataclass(slots=True, eq=False)
class PhotoMedia:
    """A picture."""

    photo: StoredPhoto
    spoiler: bool = False
    ttl_seconds: int | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """Always `photo`."""
        return frozenset({"photo"})

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that an account gets to see."""
        return types.MessageMediaPhoto(photo=self.photo.tl(), spoiler=self.spoiler, ttl_seconds=self.ttl_seconds)


@dataclass(slots=True, eq=False)
class DocumentMedia:
    """A file."""

    document: StoredDocument
    spoiler: bool = False
    ttl_seconds: int | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """What kind of file it is, told from its attributes."""
        found = {"document"}
        animated = any(isinstance(one, types.DocumentAttributeAnimated) for one in self.document.attributes)
        for one in self.document.attributes:
            if isinstance(one, types.DocumentAttributeVideo):
                found = {"round"} if one.round_message else {"gif"} if animated else {"video"}
            elif isinstance(one, types.DocumentAttributeAudio):
                found = {"voice"} if one.voice else {"audio"}
            elif isinstance(one, (types.DocumentAttributeSticker, types.DocumentAttributeCustomEmoji)):
                found = {"sticker"}
            elif animated and found == {"document"}:
                found = {"gif"}
        return frozenset(found)

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that an account gets to see."""
        kinds = self.kinds
        return types.MessageMediaDocument(
            document=self.document.tl(),
            spoiler=self.spoiler,
            ttl_seconds=self.ttl_seconds,
            voice="voice" in kinds,
            round="round" in kinds,
            video="video" in kinds,
        )


@dataclass(slots=True, eq=False)
class FixedMedia:
    """What looks the same to everybody: a place, a contact, dice, a page."""

    value: types.TypeMessageMedia
    kind: str

    @property
    def kinds(self) -> frozenset[str]:
        """The one kind it was made with."""
        return frozenset({self.kind})

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that an account gets to see."""
        return self.value


@dataclass(slots=True, eq=False)
class InvoiceMedia(FixedMedia):
    """Something to be paid.

    Attributes:
        invoice: what the bot said of it.
    """

    invoice: types.InputMediaInvoice


@dataclass(slots=True, eq=False)
class PollMedia:
    """A poll with the votes cast so far.

    Attributes:
        poll: question and answers.
        correct: the right answers of a quiz.
        votes: the chosen options, by account.
        solution: what is shown after a wrong answer.
    """

    poll: types.Poll
    correct: frozenset[bytes] = frozenset()
    votes: dict[int, list[bytes]] = field(default_factory=dict)
    solution: str | None = None
    solution_entities: list[types.TypeMessageEntity] | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """Always `poll`."""
        return frozenset({"poll"})

    def results(self, viewer: int) -> types.PollResults:
        """How the votes stand, for an account; who has not voted does not see them."""
        mine = self.votes.get(viewer)
        shown = mine is not None or bool(self.poll.closed)
        results: list[types.TypePollAnswerVoters] | None = None
        if shown:
            results = []
            for answer in self.poll.answers:
                option = getattr(answer, "option", b"")
                voters = [user for user, chosen in self.votes.items() if option in chosen]
                results.append(
                    types.PollAnswerVoters(
                        option=option,
                        chosen=mine is not None and option in mine,
                        correct=option in self.correct,
                        voters=len(voters),
                        recent_voters=[as_peer(user) for user in voters[-3:]] if self.poll.public_voters else [],
                    )
                )
        return types.PollResults(
            min=False,
            results=results,
            total_voters=len(self.votes),
            recent_voters=[as_peer(user) for user in list(self.votes)[-3:]] if self.poll.public_voters else None,
            solution=self.solution if shown else None,
            solution_entities=(self.solution_entities or []) if shown and self.solution is not None else None,
        )

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that an account gets to see."""
        return types.MessageMediaPoll(poll=self.poll, results=self.results(viewer))


@dataclass(slots=True, eq=False)
class TodoMedia:
    """A list of things to do.

    Attributes:
        todo: the list.
        done: who did a thing and when, by its number.
    """

    todo: types.TodoList
    done: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def kinds(self) -> frozenset[str]:
        """Always `todo`."""
        return frozenset({"todo"})

    def tl(self, viewer: int) -> types.TypeMessageMedia:
        """The object that an account gets to see."""
        done: list[types.TypeTodoCompletion] = [
            types.TodoCompletion(number, as_peer(user), date) for number, (user, date) in self.done.items()
        ]
        return types.MessageMediaToDo(self.todo, completions=done or None)
