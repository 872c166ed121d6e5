"""What holds for all services, and the small ones."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
import worldkit

from telethon.testing import RpcFault
from telethon.testing.dispatcher import method_name
from telethon.testing.services import load
from telethon.tl import functions, types

ROOT = Path(__file__).parents[4]


def table(name: str) -> list[dict[str, str]]:
    with (ROOT / "telethon_generator" / "data" / name).open(newline="") as file:
        return list(csv.DictReader(file))


def test_who_may_use_a_method_is_as_the_table_of_methods_says():
    usability = {row["method"]: row["usability"] for row in table("methods.csv")}
    wrong = {
        method_name(request): served.who
        for request, served in load().items()
        if usability[method_name(request)] != served.who
    }
    assert wrong == {}


def test_every_error_is_one_that_telegram_has():
    known = {row["name"] for row in table("errors.csv")}
    patterns = [re.compile(name.replace("X", r"\d+")) for name in known if re.search(r"(?:^|_)X(?:_|$)", name)]
    for path in (ROOT / "telethon" / "testing").rglob("*.py"):
        for name in re.findall(r"RpcFault\(\s*\d+,\s*f?\"([A-Z0-9_]+)\"", path.read_text()):
            assert name in known or any(pattern.fullmatch(name) for pattern in patterns), (path.name, name)


def test_the_documentation_says_how_many_methods_there_are():
    every = {row["method"] for row in table("methods.csv")}
    by_the_protocol = {name for name in every if "." not in name} | {"auth.bindTempAuthKey"}
    answered = {method_name(request) for request in load()} | by_the_protocol
    assert answered <= every
    guide = " ".join((ROOT / "docs" / "testing.rst").read_text().split())
    assert f"It answers {len(answered)} of the {len(every)} methods of layer 229" in guide


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob", "Builder", phone="+9996621111"))


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


def test_phone_numbers_are_seen_by_contacts_only(server, ann, bob):
    given = ann.user.input_user(bob.user)
    assert ann(functions.users.GetUsersRequest([given]))[0].phone is None
    entry = types.InputPhoneContact(7, "+999 66 21111", "Robert", "")
    imported = ann(functions.contacts.ImportContactsRequest([entry]))
    assert (imported.imported[0].client_id, imported.imported[0].user_id) == (7, bob.user.id)
    seen = ann(functions.users.GetUsersRequest([given]))[0]
    assert (seen.phone, seen.first_name, seen.contact, seen.mutual_contact) == ("9996621111", "Robert", True, False)
    assert [one.user_id for one in ann(functions.contacts.GetContactsRequest(0)).contacts] == [bob.user.id]
    ann(functions.contacts.DeleteContactsRequest([given]))
    assert ann(functions.users.GetUsersRequest([given]))[0].first_name == "Bob"
    assert ann(functions.contacts.ResolvePhoneRequest("9996621111")).peer.user_id == bob.user.id
    assert fault(ann, functions.contacts.ResolvePhoneRequest("999")) == "PHONE_NOT_OCCUPIED"


def test_contacts_that_are_known_are_not_sent_again(ann, bob):
    from telethon.testing.services.contacts import list_hash

    ann(functions.contacts.AddContactRequest(ann.user.input_user(bob.user), "Bob", "", ""))
    known = list_hash([1, bob.user.id])
    assert isinstance(ann(functions.contacts.GetContactsRequest(known)), types.contacts.ContactsNotModified)


def test_usernames_are_resolved_whatever_their_case(ann, bob):
    assert bob(functions.contacts.ResolveUsernameRequest("ANN_1")).users[0].id == ann.user.id
    assert fault(bob, functions.contacts.ResolveUsernameRequest("nobody_1")) == "USERNAME_NOT_OCCUPIED"
    assert fault(bob, functions.contacts.ResolveUsernameRequest("a!")) == "USERNAME_INVALID"
    found = bob(functions.contacts.SearchRequest("ann_", 10))
    assert found.results == [types.PeerUser(ann.user.id)]
    assert fault(bob, functions.contacts.SearchRequest("", 10)) == "SEARCH_QUERY_EMPTY"


def test_full_users_have_what_bots_say_of_themselves(server, ann):
    bot = worldkit.Device(server, server.create_bot("Robot", "robot_1"))
    commands = [types.BotCommand("start", "begin")]
    bot(functions.bots.SetBotCommandsRequest(types.BotCommandScopeDefault(), "", commands))
    set_ones = bot(functions.bots.GetBotCommandsRequest(types.BotCommandScopeDefault(), ""))
    assert [(one.command, one.description) for one in set_ones] == [("start", "begin")]
    bad = [types.BotCommand("Not allowed", "x")]
    assert fault(bot, functions.bots.SetBotCommandsRequest(types.BotCommandScopeDefault(), "", bad)) == (
        "BOT_COMMAND_INVALID"
    )
    bot(functions.bots.SetBotInfoRequest("", about="a robot", description="hello"))
    full = ann(functions.users.GetFullUserRequest(ann.user.input_user(bot.user))).full_user
    assert (full.about, full.bot_info.commands[0].command, full.bot_info.description) == ("a robot", "start", "hello")
    assert fault(ann, functions.bots.GetBotCommandsRequest(types.BotCommandScopeDefault(), "")) == "USER_BOT_REQUIRED"


def test_users_that_cannot_be_named_are_empty(server, ann, bob):
    answer = ann(functions.users.GetUsersRequest([types.InputUserSelf(), types.InputUser(bob.user.id, 5)]))
    assert [type(user) for user in answer] == [types.User, types.UserEmpty]


async def test_reactions_are_counted_and_told(ann, bob):
    await ann.user.chat(bob.user).send("news")
    react = functions.messages.SendReactionRequest
    bob(react(bob.peer(ann.user), 1, reaction=[types.ReactionEmoji("👍")]))
    (update,) = ann.updates()[-1:]
    assert (update.reactions.results[0].count, update.reactions.results[0].chosen_order) == (1, None)
    assert fault(bob, react(bob.peer(ann.user), 1, reaction=[types.ReactionEmoji("👍")])) == "MESSAGE_NOT_MODIFIED"
    assert fault(bob, react(bob.peer(ann.user), 1, reaction=[types.ReactionEmoji("x")])) == "REACTION_INVALID"
    listed = ann(functions.messages.GetMessageReactionsListRequest(ann.peer(bob.user), 1, 10))
    assert listed.reactions[0].peer_id == types.PeerUser(bob.user.id)
    bob(react(bob.peer(ann.user), 1, reaction=[]))
    assert ann.user.chat(bob.user).last().raw.reactions is None


def test_votes_in_a_poll_and_a_quiz(server, ann, bob):
    channel = server.create_channel("Talk", ann.user, [bob.user], megagroup=True)

    def ask(quiz):
        answers = [types.PollAnswer(types.TextWithEntities(text, []), text.encode()) for text in ("a", "b")]
        poll = types.Poll(0, types.TextWithEntities("which?", []), answers, 0, quiz=quiz, public_voters=True)
        media = types.InputMediaPoll(poll, correct_answers=[1] if quiz else None)
        ann(functions.messages.SendMediaRequest(ann.peer(channel), media, "", random_id=int(quiz)))
        return channel.box.last_id

    vote = functions.messages.SendVoteRequest
    plain, quiz = ask(False), ask(True)
    answer = bob(vote(bob.peer(channel), plain, [b"a"]))
    assert [(one.option, one.voters, one.chosen) for one in answer.updates[0].results.results] == [
        (b"a", 1, True),
        (b"b", 0, False),
    ]
    # Who has not voted does not see how it stands.
    assert ann(functions.messages.GetPollResultsRequest(ann.peer(channel), plain, 0)).updates[0].results.results is None
    assert fault(bob, vote(bob.peer(channel), plain, [b"c"])) == "OPTION_INVALID"
    assert fault(bob, vote(bob.peer(channel), plain, [b"a", b"b"])) == "OPTIONS_TOO_MUCH"
    bob(vote(bob.peer(channel), plain, []))
    bob(vote(bob.peer(channel), quiz, [b"a"]))
    assert fault(bob, vote(bob.peer(channel), quiz, [b"b"])) == "REVOTE_NOT_ALLOWED"
    votes = ann(functions.messages.GetPollVotesRequest(ann.peer(channel), quiz, 10))
    assert [(one.peer, one.option) for one in votes.votes] == [(types.PeerUser(bob.user.id), b"a")]


def test_statistics_are_for_administrators(server, ann, bob):
    channel = server.create_channel("News", ann.user, [bob.user])
    stats = ann(functions.stats.GetBroadcastStatsRequest(ann.user.input_channel(channel)))
    assert stats.followers.current == 2.0
    assert fault(ann, functions.stats.GetMegagroupStatsRequest(ann.user.input_channel(channel))) == "MEGAGROUP_REQUIRED"
    request = functions.stats.GetBroadcastStatsRequest(bob.user.input_channel(channel))
    assert fault(bob, request) == "CHAT_ADMIN_REQUIRED"


def test_the_configuration_names_the_real_addresses(server, ann):
    server.world.addresses = lambda: {1: ("127.0.0.1", 4001), 2: ("127.0.0.1", 4002)}
    config = ann(functions.help.GetConfigRequest())
    assert [(one.id, one.ip_address, one.port) for one in config.dc_options] == [
        (1, "127.0.0.1", 4001),
        (2, "127.0.0.1", 4002),
    ]
    assert config.this_dc == 2


def test_texts_of_apps_are_minimal(ann):
    assert ann(functions.langpack.GetLanguagesRequest("tdesktop"))[0].lang_code == "en"
    assert fault(ann, functions.langpack.GetLanguageRequest("tdesktop", "xx")) == "LANG_CODE_NOT_SUPPORTED"
