"""What is told of each event, against a replica that is made of updates alone."""

from __future__ import annotations

import worldkit
from hypothesis import given, settings
from hypothesis import strategies as st

from telethon.testing import Options
from telethon.testing.world.boxes import LOG_LIMIT, ChannelBox, Mailbox, Notice
from telethon.testing.world.letters import Letter
from telethon.tl import functions, types

_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["private", "group", "channel", "edit", "delete", "read", "pin", "forward", "saved"]),
        st.integers(0, 2),
        st.integers(0, 50),
    ),
    max_size=25,
)


class Scene:
    """Three people with a device each, a basic group and a supergroup."""

    def __init__(self, short: bool, limit: int = 500) -> None:
        options = Options(short_updates=short, difference_limit=limit)
        self.server = worldkit.make_server(options=options)
        self.people = [self.server.create_user(name) for name in ("Ann", "Bob", "Cleo")]
        self.group = self.server.create_group("Group", self.people[0], self.people[1:])
        self.channel = self.server.create_channel("Talk", self.people[0], self.people[1:], megagroup=True)
        self.devices = [worldkit.Device(self.server, user) for user in self.people]
        self.replicas = []
        for device in self.devices:
            replica = worldkit.Replica(device, device.user.account.mailbox.pts)
            replica.messages = real_messages(device)
            replica.channel_pts[self.channel.id] = self.channel.box.pts
            replica.channel_messages[self.channel.id] = real_channel(self.channel)
            self.replicas.append(replica)
        self.count = 0

    def act(self, what: str, who: int, which: int) -> None:
        """One random action; what is impossible at the moment is left out."""
        self.count += 1
        device, replica = self.devices[who], self.replicas[who]
        text = f"message {self.count}"
        other = self.people[(who + 1 + which % 2) % 3]
        places = {
            "private": other.id,
            "group": self.group.peer,
            "channel": self.channel.peer,
            "saved": device.user.id,
        }
        request = None
        if what in places:
            request = functions.messages.SendMessageRequest(device.peer(places[what]), text, random_id=self.count)
        elif what == "read":
            peer = [other.id, self.group.peer][which % 2]
            request = functions.messages.ReadHistoryRequest(device.peer(peer), 0)
        else:
            request = self._on_message(device, what, which, text)
        if request is None:
            return
        before = device.user.account.mailbox.pts
        answer = device(request)
        if isinstance(answer, types.messages.AffectedMessages):
            if isinstance(request, functions.channels.DeleteMessagesRequest):
                replica._move_channel(self.channel.id, answer.pts, answer.pts_count)
                for number in request.id:
                    replica.channel_messages[self.channel.id].pop(number, None)
            else:
                assert before + answer.pts_count == answer.pts
                replica._move(answer.pts, answer.pts_count)
                for number in getattr(request, "id", ()):
                    replica.messages.pop(number, None)
        else:
            replica.take(answer)
        for told, device in zip(self.replicas, self.devices, strict=True):
            for update in device.pushed:
                told.take(update)
            device.pushed.clear()

    def _on_message(self, device, what, which, text):
        mailbox = device.user.account.mailbox
        letters = dict(mailbox.letters)
        in_channel = which % 3 == 0
        if in_channel:
            letters = dict(self.channel.box.letters)
        mine = [
            number
            for number, letter in letters.items()
            if letter.action is None and (letter.sender == device.user.id or what in ("pin", "forward"))
        ]
        if what != "forward":
            mine = [number for number in mine if letters[number].forward is None]
        if not mine:
            return None
        number = mine[which % len(mine)]
        peer = self.channel.peer if in_channel else letters[number].peer_for(device.user.id)
        if what == "edit":
            return functions.messages.EditMessageRequest(device.peer(peer), number, message=f"changed {text}")
        if what == "delete":
            if in_channel:
                return functions.channels.DeleteMessagesRequest(device.user.input_channel(self.channel), [number])
            return functions.messages.DeleteMessagesRequest([number], revoke=which % 2 == 0)
        if what == "forward":
            target = device.peer(self.people[(which + 1) % 3].id)
            return functions.messages.ForwardMessagesRequest(device.peer(peer), [number], target, [self.count])
        if in_channel and device is not self.devices[0]:
            return None
        pinned = (peer if in_channel else device.user.id) in letters[number].pinned_for
        return functions.messages.UpdatePinnedMessageRequest(device.peer(peer), number, unpin=pinned)


def real_messages(device) -> dict[int, str]:
    letters = device.user.account.mailbox.letters
    return {number: text_of(letter) for number, letter in letters.items()}


def real_channel(channel) -> dict[int, str]:
    return {number: text_of(letter) for number, letter in channel.box.letters.items()}


def text_of(letter: Letter) -> str:
    return letter.text if letter.action is None else "MessageService"


def same(known: dict[int, str], real: dict[int, str]) -> bool:
    """Whether they hold the same; short answers to own messages do not repeat the text."""
    return known.keys() == real.keys() and all(known[number] in ("?", real[number]) for number in real)


@settings(max_examples=150, deadline=None)
@given(_ACTIONS, st.booleans())
def test_U1_each_update_moves_the_state_by_its_count_and_tells_everything(actions, short):
    scene = Scene(short)
    for action in actions:
        scene.act(*action)
    for replica in scene.replicas:
        assert replica.pts == replica.device.user.account.mailbox.pts
        assert replica.channel_pts[scene.channel.id] == scene.channel.box.pts
        assert same(replica.messages, real_messages(replica.device))
        assert same(replica.channel_messages[scene.channel.id], real_channel(scene.channel))


@settings(max_examples=100, deadline=None)
@given(_ACTIONS, st.integers(1, 7), st.integers(0, 25))
def test_U3_differences_from_any_state_in_slices_of_any_size_end_at_the_truth(actions, limit, away_after):
    scene = Scene(short=True, limit=limit)
    late: list[worldkit.Replica] = []
    for place, action in enumerate(actions):
        if place == away_after:
            late = [_copy(replica) for replica in scene.replicas]
        scene.act(*action)
    for replica in late:
        replica.catch_up()
        replica.catch_up_channel(scene.channel, limit)
        assert replica.pts == replica.device.user.account.mailbox.pts
        assert same(replica.messages, real_messages(replica.device))
        assert same(replica.channel_messages[scene.channel.id], real_channel(scene.channel))


def _copy(replica: worldkit.Replica) -> worldkit.Replica:
    copy = worldkit.Replica(replica.device, replica.pts)
    copy.messages = dict(replica.messages)
    copy.channel_pts = dict(replica.channel_pts)
    copy.channel_messages = {number: dict(known) for number, known in replica.channel_messages.items()}
    return copy


def test_ids_of_an_account_are_one_sequence_over_all_its_private_chats_and_groups():
    scene = Scene(short=False)
    ann = scene.devices[0]
    first = ann.user.account.mailbox.last_id
    for what in ("private", "group", "private", "saved", "channel", "group"):
        scene.act(what, 0, 0)
    assert ann.user.account.mailbox.last_id == first + 5
    assert scene.channel.box.last_id == 2  # the service message of its creation, and one text


def test_old_events_are_forgotten_and_the_floor_says_so():
    box = Mailbox()
    for _ in range(LOG_LIMIT + 1):
        box.record(Notice(box.step(), 1, types.UpdatePtsChanged()))
    assert box.floor > 1
    assert box.log[0].pts == box.floor + 1
    assert len(box.since(box.pts - 3)) == 3


def test_unread_counts_of_channels_leave_out_own_messages():
    box = ChannelBox()
    for sender in (1, 2, 2, 1, 2):
        box.add(Letter(sender, sender, -1, 0), -1)
    assert box.unread(0, 1) == 3
    assert box.unread(3, 1) == 1
    assert box.unread(3, 2) == 1
