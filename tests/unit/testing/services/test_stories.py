"""Stories: who sees them, who saw them, and how they are kept."""

from __future__ import annotations

import pytest
import worldkit
from worldkit import fault, told

from telethon.testing import tiny_png
from telethon.tl import functions, types

stories = functions.stories
ME = types.InputPeerSelf()
EVERYBODY = [types.InputPrivacyValueAllowAll()]


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
async def bob(server, ann):
    device = worldkit.Device(server, server.create_user("Bob"))
    await ann.user.chat(device.user).send("hello")
    device.updates()
    return device


def post(device, number=1, rules=EVERYBODY, peer=ME, **more):
    device(functions.upload.SaveFilePartRequest(number, 0, tiny_png(2, number)))
    media = types.InputMediaUploadedPhoto(types.InputFile(number, 1, "a.png", ""))
    answer = device(stories.SendStoryRequest(peer, media, rules, random_id=number, **more))
    return next(one.id for one in answer.updates if isinstance(one, types.UpdateStoryID))


async def test_a_story_is_posted_changed_and_deleted(server, ann, bob):
    number = post(ann, caption="look", entities=[])
    arrived = told(bob, types.UpdateStory)[0].story
    assert (arrived.id, arrived.caption, arrived.out) == (number, "look", False)
    assert fault(ann, stories.SendStoryRequest(ME, types.InputMediaEmpty(), EVERYBODY, random_id=9)) == "MEDIA_EMPTY"
    week = stories.SendStoryRequest(ME, types.InputMediaEmpty(), EVERYBODY, random_id=9, period=7)
    assert fault(ann, week) == "STORY_PERIOD_INVALID"
    assert ann(stories.CanSendStoryRequest(ME)).count_remains == 99
    ann(stories.EditStoryRequest(ME, number, caption="changed", entities=[]))
    changed = told(bob, types.UpdateStory)[0].story
    assert (changed.caption, changed.edited) == ("changed", True)
    assert fault(ann, stories.EditStoryRequest(ME, number)) == "STORY_NOT_MODIFIED"
    assert fault(ann, stories.EditStoryRequest(ME, 99, caption="x", entities=[])) == "STORY_ID_INVALID"
    assert ann(stories.ExportStoryLinkRequest(ME, number)).link == f"https://t.me/ann_1/s/{number}"
    assert fault(bob, stories.ExportStoryLinkRequest(ME, 1)) == "STORY_ID_INVALID"
    assert ann(stories.DeleteStoriesRequest(ME, [number, 99])) == [number]
    assert isinstance(told(bob, types.UpdateStory)[0].story, types.StoryItemDeleted)
    assert post(ann, 2) == number + 1


async def test_who_sees_a_story(server, ann, bob):
    friends = post(ann, 1, [types.InputPrivacyValueAllowCloseFriends()])
    open_one = post(ann, 2)
    assert [one.story.id for one in told(bob, types.UpdateStory)] == [open_one]
    peer = bob.peer(ann.user)
    assert [one.id for one in bob(stories.GetPeerStoriesRequest(peer)).stories.stories] == [open_one]
    assert bob(stories.GetStoriesByIDRequest(peer, [friends, open_one])).count == 1
    assert bob(stories.GetPeerMaxIDsRequest([peer]))[0].max_id == open_one
    ann(functions.contacts.AddContactRequest(ann.user.input_user(bob.user), "Bob", "", ""))
    ann(functions.contacts.EditCloseFriendsRequest([bob.user.id]))
    assert bob(stories.GetStoriesByIDRequest(peer, [friends])).stories[0].close_friends
    ann(functions.contacts.SetBlockedRequest([ann.peer(bob.user)], 10, my_stories_from=True))
    assert bob(stories.GetPeerStoriesRequest(peer)).stories.stories == []


async def test_who_saw_a_story_and_liked_it(server, ann, bob):
    number = post(ann)
    peer = bob.peer(ann.user)
    assert bob(stories.ReadStoriesRequest(peer, number)) == [number]
    assert bob(stories.GetAllReadPeerStoriesRequest()).updates[0].max_id == number
    assert fault(bob, stories.ReadStoriesRequest(peer, 99)) == "MAX_ID_INVALID"
    assert fault(bob, stories.SendReactionRequest(peer, number, types.ReactionEmoji("x"))) == "REACTION_INVALID"
    ann.updates()
    bob(stories.SendReactionRequest(peer, number, types.ReactionEmoji("👍")))
    assert told(ann, types.UpdateNewStoryReaction)[0].reaction.emoticon == "👍"
    assert bob(stories.GetStoriesByIDRequest(peer, [number])).stories[0].sent_reaction.emoticon == "👍"
    seen = ann(stories.GetStoryViewsListRequest(ME, number, "", 10))
    assert (seen.views_count, seen.reactions_count, seen.views[0].user_id) == (1, 1, bob.user.id)
    liked = ann(stories.GetStoryReactionsListRequest(ME, number, 10))
    assert (liked.count, liked.reactions[0].peer_id.user_id) == (1, bob.user.id)
    assert ann(stories.GetStoriesViewsRequest(ME, [number])).views[0].recent_viewers == [bob.user.id]
    assert fault(bob, stories.GetStoryViewsListRequest(peer, number, "", 10)) == "PEER_ID_INVALID"
    stats = ann(functions.stats.GetStoryStatsRequest(ME, number))
    assert '"👍"' in stats.reactions_by_emotion_graph.json.data
    assert ann(functions.stats.GetStoryPublicForwardsRequest(ME, number, "", 10)).count == 0
    bob(stories.SendReactionRequest(peer, number, types.ReactionEmpty()))
    assert ann(stories.GetStoryReactionsListRequest(ME, number, 10)).count == 0


async def test_being_seen_by_nobody(server, ann, bob):
    number = post(ann)
    peer = bob.peer(ann.user)
    assert fault(bob, stories.ActivateStealthModeRequest(future=True)) == "PREMIUM_ACCOUNT_REQUIRED"
    bob.user.account.premium = True
    bob(stories.IncrementStoryViewsRequest(peer, [number]))
    assert ann(stories.GetStoryViewsListRequest(ME, number, "", 10)).count == 1
    bob(stories.ActivateStealthModeRequest(past=True, future=True))
    assert ann(stories.GetStoryViewsListRequest(ME, number, "", 10)).count == 0
    bob(stories.IncrementStoryViewsRequest(peer, [number]))
    assert ann(stories.GetStoryViewsListRequest(ME, number, "", 10)).count == 0
    assert fault(bob, stories.ActivateStealthModeRequest(past=True)).startswith("FLOOD_WAIT_")
    assert fault(bob, stories.IncrementStoryViewsRequest(peer, [])) == "STORY_ID_EMPTY"


async def test_stories_above_the_list_of_chats(server, ann, bob):
    number = post(ann)
    shown = bob(stories.GetAllStoriesRequest())
    assert [one.peer.user_id for one in shown.peer_stories] == [ann.user.id]
    assert isinstance(bob(stories.GetAllStoriesRequest(state=shown.state)), types.stories.AllStoriesNotModified)
    bob(stories.TogglePeerStoriesHiddenRequest(bob.peer(ann.user), True))
    assert bob(stories.GetAllStoriesRequest()).count == 0
    assert bob(stories.GetAllStoriesRequest(hidden=True)).count == 1
    assert bob(functions.users.GetUsersRequest([bob.user.input_user(ann.user)]))[0].stories_hidden
    assert bob(stories.ToggleAllStoriesHiddenRequest(True)) is True
    server._given_clock.advance(86_401)
    assert bob(stories.GetAllStoriesRequest(hidden=True)).count == 0
    assert bob(stories.GetPeerStoriesRequest(bob.peer(ann.user))).stories.stories == []
    assert [one.id for one in ann(stories.GetStoriesArchiveRequest(ME, 0, 10)).stories] == [number]
    assert fault(bob, stories.GetStoriesArchiveRequest(bob.peer(ann.user), 0, 10)) == "PEER_ID_INVALID"


async def test_stories_that_stay_in_the_profile(server, ann, bob):
    numbers = [post(ann, number) for number in (1, 2, 3)]
    assert ann(stories.TogglePinnedRequest(ME, numbers, True)) == numbers
    assert ann(stories.TogglePinnedRequest(ME, numbers, True)) == []
    ann(stories.TogglePinnedToTopRequest(ME, [numbers[1]]))
    kept = bob(stories.GetPinnedStoriesRequest(bob.peer(ann.user), 0, 2))
    assert (kept.count, [one.id for one in kept.stories], kept.pinned_to_top) == (3, [2, 3], [2])
    rest = bob(stories.GetPinnedStoriesRequest(bob.peer(ann.user), 3, 2))
    assert [one.id for one in rest.stories] == [1]
    ann(stories.TogglePinnedRequest(ME, [1], False))
    assert fault(ann, stories.TogglePinnedToTopRequest(ME, [1])) == "STORY_ID_INVALID"
    assert bob(functions.users.GetFullUserRequest(bob.user.input_user(ann.user))).full_user.stories_pinned_available


async def test_albums(server, ann, bob):
    numbers = [post(ann, number) for number in (1, 2)]
    made = ann(stories.CreateAlbumRequest(ME, "Tea", numbers[:1]))
    assert made.icon_photo is not None
    assert fault(ann, stories.CreateAlbumRequest(ME, " ", [])) == "TITLE_INVALID"
    ann(stories.UpdateAlbumRequest(ME, made.album_id, title="Cake", add_stories=[2], order=[2, 1]))
    found = bob(stories.GetAlbumStoriesRequest(bob.peer(ann.user), made.album_id, 0, 10))
    assert [one.id for one in found.stories] == [2, 1]
    other = ann(stories.CreateAlbumRequest(ME, "More", []))
    ann(stories.ReorderAlbumsRequest(ME, [other.album_id]))
    albums = bob(stories.GetAlbumsRequest(bob.peer(ann.user), 0))
    assert [one.title for one in albums.albums] == ["More", "Cake"]
    again = bob(stories.GetAlbumsRequest(bob.peer(ann.user), albums.hash))
    assert isinstance(again, types.stories.AlbumsNotModified)
    ann(stories.DeleteAlbumRequest(ME, other.album_id))
    assert fault(ann, stories.DeleteAlbumRequest(ME, other.album_id)) == "ID_INVALID"


async def test_stories_of_channels_and_by_hashtag(server, ann, bob):
    channel = server.create_channel("News", ann.user, [bob.user], username="news_1")
    peer = ann.peer(channel)
    assert fault(ann, stories.CanSendStoryRequest(peer)) == "BOOSTS_REQUIRED"
    assert [one.id for one in ann(stories.GetChatsToSendRequest()).chats] == [channel.id]
    number = post(ann, 1, peer=peer, caption="a #cup of it", entities=[])
    assert told(bob, types.UpdateStory)[0].peer.channel_id == channel.id
    assert fault(bob, stories.DeleteStoriesRequest(bob.peer(channel), [number])) == "CHAT_ADMIN_REQUIRED"
    found = bob(stories.SearchPostsRequest("", 10, hashtag="cup"))
    assert (found.count, found.stories[0].peer.channel_id) == (1, channel.id)
    assert fault(bob, stories.SearchPostsRequest("", 10)) == "HASHTAG_INVALID"


async def test_complaining_of_a_story(server, ann, bob):
    number = post(ann)
    peer = bob.peer(ann.user)
    first = bob(stories.ReportRequest(peer, [number], b"", ""))
    options = [one.option for one in first.options]
    assert b"spam" in options
    finer = bob(stories.ReportRequest(peer, [number], b"spam", ""))
    done = bob(stories.ReportRequest(peer, [number], finer.options[0].option, ""))
    assert isinstance(done, types.ReportResultReported)
    asked = bob(stories.ReportRequest(peer, [number], b"other", ""))
    assert isinstance(asked, types.ReportResultAddComment)
    assert fault(bob, stories.ReportRequest(peer, [number], b"?", "")) == "OPTION_INVALID"
