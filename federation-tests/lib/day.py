"""A person's day with Mastodon.py: day.py BASE NAME PASSWORD OTHER. Prints a line of JSON for each thing that was done.

OTHER is the handle of somebody on another node. REQUESTS_CA_BUNDLE names who is trusted.
"""
import io
import json
import re
import struct
import sys
import threading
import time
import zlib

import requests
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, StreamListener

BASE, NAME, PASSWORD, OTHER = sys.argv[1:5]
OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
SCOPES = ["read", "write", "follow", "push"]
made = {}
steps = []


def step(function):
    steps.append(function)
    return function


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def true(what, sentence):
    if not what:
        raise AssertionError(sentence)


def soon(what, seconds=15):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("not so after a while")


def picture():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes((x * 4, y * 5, 90)[c] for x in range(64) for c in range(3)) for y in range(48))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def consent(url):
    """What a browser does with the pages of sign-in and consent."""
    browser = requests.Session()
    hidden = lambda page: re.search(r'name="token" value="([^"]*)"', page).group(1)
    page = browser.get(url).text
    page = browser.post(url, data={"step": "sign_in", "token": hidden(page), "login": NAME, "password": PASSWORD}).text
    page = browser.post(url, data={"step": "consent", "token": hidden(page)}).text
    return re.search(r'<code class="code"[^>]*>([^<]+)<', page).group(1)


@step
def signs_in():
    client_id, secret = Mastodon.create_app("A day", scopes=SCOPES, redirect_uris=OUT_OF_BAND, website="https://example.org/", api_base_url=BASE)
    me = made["me"] = Mastodon(client_id=client_id, client_secret=secret, api_base_url=BASE, ratelimit_method="throw")
    url = me.auth_request_url(redirect_uris=OUT_OF_BAND, scopes=SCOPES)
    me.log_in(code=consent(url), redirect_uri=OUT_OF_BAND, scopes=SCOPES)
    same(me.account_verify_credentials().username, NAME)
    same(me.app_verify_credentials().name, "A day")


@step
def looks_around():
    me = made["me"]
    true(me.instance().uri, "the instance has a name")
    true(isinstance(me.instance_activity(), list), "activity is a list")
    true(isinstance(me.instance_peers(), list), "peers are a list")
    me.instance_health()
    same(me.instance_rules(), [])
    me.custom_emojis()
    me.preferences()
    me.directory(local=True)
    me.announcements()
    me.suggestions()
    for trend in (me.trends, me.trending_tags, me.trending_statuses, me.trending_links):
        trend()


@step
def posts_with_a_picture():
    me = made["me"]
    media = me.media_post(io.BytesIO(picture()), mime_type="image/png", description="a slope", focus=(0.5, -0.5))
    same(media.description, "a slope")
    media = me.media_update(media, description="a steep slope")
    post = made["post"] = me.status_post("A view of the #hills", media_ids=[media], sensitive=True, spoiler_text="hills", visibility="public", language="en", idempotency_key="day-1")
    same(me.status_post("A view of the #hills", media_ids=[media], idempotency_key="day-1").id, post.id)
    same(post.media_attachments[0].description, "a steep slope")
    same(me.status(post).spoiler_text, "hills")
    same(me.status_source(post)["text"], "A view of the #hills") if hasattr(me, "status_source") else None


@step
def answers_and_reads_the_thread():
    me, post = made["me"], made["post"]
    reply = made["reply"] = me.status_reply(post, "And another thing")
    context = me.status_context(post)
    same([s.id for s in context.descendants], [reply.id])
    same([s.id for s in me.status_context(reply).ancestors], [post.id])


@step
def edits():
    me, post = made["me"], made["post"]
    edited = me.status_update(post, "A view of the green #hills", spoiler_text="hills, edited")
    same(edited.id, post.id)
    true(edited.edited_at is not None, "it says when it was edited")
    history = me.status_history(post)
    same(len(history), 2)
    true("green" not in history[0].content and "green" in history[1].content, "both versions are told")


@step
def likes_boosts_keeps():
    me, post = made["me"], made["post"]
    true(me.status_favourite(post).favourited, "it is liked")
    true(me.status_reblog(post).reblog.reblogged, "it is boosted")
    true(me.status_bookmark(post).bookmarked, "it is kept")
    true(me.status_pin(post).pinned, "it is pinned")
    true(me.status_mute(post).muted, "it is muted")
    same([s.id for s in me.bookmarks()], [post.id])
    same([s.id for s in me.favourites()], [post.id])
    same([a.username for a in me.status_favourited_by(post)], [NAME])
    same([a.username for a in me.status_reblogged_by(post)], [NAME])
    for undo in (me.status_unfavourite, me.status_unreblog, me.status_unbookmark, me.status_unpin, me.status_unmute):
        undo(post)


@step
def asks():
    me = made["me"]
    poll = me.make_poll(["left", "right"], 3600, multiple=True)
    post = me.status_post("Which way?", poll=poll)
    same([o.title for o in post.poll.options], ["left", "right"])
    same(me.poll(post.poll).votes_count, 0)
    try:
        me.poll_vote(post.poll, [0])
        raise AssertionError("nobody votes in their own poll")
    except MastodonAPIError:
        pass


@step
def follows_somebody_elsewhere():
    me = made["me"]
    other = made["other"] = soon(lambda: me.search_v2(OTHER, resolve=True, result_type="accounts").accounts)[0]
    same(other.acct, OTHER.lstrip("@"))
    me.account_follow(other, reblogs=True)
    soon(lambda: me.account_relationships(other)[0].following)
    same(me.account_lookup(OTHER).id, other.id)
    same([a.id for a in me.account_following(me.me())], [other.id])
    me.account_note_set(other, "a friend") if hasattr(me, "account_note_set") else None
    me.featured_accounts() if hasattr(me, "featured_accounts") else None
    true(isinstance(me.account_familiar_followers(other), list), "a list")


@step
def hears_live():
    me = made["me"]
    heard = []

    class Listener(StreamListener):
        def on_update(self, status):
            heard.append(("update", status))

        def on_notification(self, notification):
            heard.append(("notification", notification))

        def on_delete(self, status_id):
            heard.append(("delete", status_id))

        def on_status_update(self, status):
            heard.append(("status_update", status))

    me.stream_healthy()
    stream = me.stream_user(Listener(), run_async=True, timeout=30)
    try:
        # posts until the stream has begun
        soon(lambda: (me.status_post("Is anybody there?"), time.sleep(0.3), [e for e in heard if e[0] == "update"])[2])
        post = me.status_post("To be gone")
        soon(lambda: [e for e in heard if e[0] == "update" and e[1].id == post.id])
        me.status_update(post, "To be gone soon")
        soon(lambda: [e for e in heard if e[0] == "status_update" and e[1].id == post.id])
        me.status_delete(post)
        soon(lambda: [e for e in heard if e[0] == "delete" and int(e[1]) == int(post.id)])
    finally:
        stream.close()


@step
def reads_timelines_back_and_forth():
    me = made["me"]
    for n in range(12):
        me.status_post(f"Line {n}", visibility="unlisted")
    for timeline in (me.timeline_home, me.timeline_local, me.timeline_public):
        timeline()
    same([s.id for s in me.timeline_hashtag("hills")], [made["post"].id])
    first = me.account_statuses(me.me(), limit=5)
    true(hasattr(first, "_pagination_next"), "there is a next page")
    everything = me.fetch_remaining(first)
    ids = [s.id for s in everything]
    same(len(ids), len(set(ids)))
    same(sorted(ids, reverse=True), ids)
    true(len(ids) >= 14, f"all are there: {len(ids)} of {me.me().statuses_count}")
    older = me.fetch_next(first)
    same([s.id for s in me.fetch_previous(older)], [s.id for s in first])


@step
def puts_people_into_lists():
    me = made["me"]
    one = me.list_create("Friends")
    me.list_accounts_add(one, [made["other"]])
    same([a.id for a in me.list_accounts(one)], [made["other"].id])
    same([found.id for found in me.account_lists(made["other"])], [one.id])
    me.list_update(one, "Good friends")
    same(me.list(one).title, "Good friends")
    me.timeline_list(one)
    me.list_accounts_delete(one, [made["other"]])
    me.list_delete(one)
    same(me.lists(), [])


@step
def filters_what_it_does_not_want():
    me = made["me"]
    old = me.filter_create("spoilers", ["home"], whole_word=True, expires_in=3600)
    same([f.phrase for f in me.filters()], ["spoilers"])
    me.filter_update(old, phrase="spoiler")
    me.filter_delete(old)
    if hasattr(me, "create_filter_v2"):
        new = me.create_filter_v2("Views", ["public"], "warn", keywords_attributes=[{"keyword": "view", "whole_word": True}])
        same([f.title for f in me.filters_v2()], ["Views"])
        me.delete_filter_v2(new)


@step
def mutes_and_blocks():
    me, other = made["me"], made["other"]
    true(me.account_mute(other, notifications=False, duration=3600).muting, "muted")
    same([a.id for a in me.mutes()], [other.id])
    me.account_unmute(other)
    me.domain_block("spam.example")
    same(list(me.domain_blocks()), ["spam.example"])
    me.domain_unblock("spam.example")
    true(me.account_block(other).blocking, "blocked")
    same([a.id for a in me.blocks()], [other.id])
    me.account_unblock(other)


@step
def keeps_its_place():
    me = made["me"]
    me.markers_set(["home"], [made["post"]])
    same(int(me.markers_get(["home"])["home"].last_read_id), int(made["post"].id))
    me.notifications()
    me.conversations()
    me.follow_requests()
    me.followed_tags() if hasattr(me, "followed_tags") else None
    me.featured_tags()
    tag = me.featured_tag_create("hills")
    same([t.name for t in me.featured_tags()], ["hills"])
    me.featured_tag_delete(tag)
    me.featured_tag_suggestions()
    me.tag("hills") if hasattr(me, "tag") else None
    me.endorsements()


@step
def writes_later():
    import datetime
    me = made["me"]
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3)
    later = me.status_post("Later", scheduled_at=at)
    same([s.id for s in me.scheduled_statuses()], [later.id])
    me.scheduled_status_update(later, at + datetime.timedelta(hours=1))
    same(me.scheduled_status(later).params.text, "Later")
    me.scheduled_status_delete(later)
    same(me.scheduled_statuses(), [])


@step
def finds_things():
    me = made["me"]
    soon(lambda: [s.id for s in me.search_v2("green", result_type="statuses").statuses] == [made["post"].id])
    soon(lambda: [t.name for t in me.search_v2("hill", result_type="hashtags").hashtags] == ["hills"])
    same([a.username for a in me.search_v2(NAME, result_type="accounts").accounts], [NAME])


@step
def tells_about_itself():
    me = made["me"]
    changed = me.account_update_credentials(display_name="A person", note="Reads a lot", bot=False, discoverable=True, locked=False, avatar=io.BytesIO(picture()), avatar_mime_type="image/png", fields=[("home", "https://example.org/")])
    same(changed.display_name, "A person")
    same(changed.fields[0].name, "home")
    true(requests.get(changed.avatar, timeout=20).ok, "the avatar is there")


@step
def wants_to_be_pushed():
    me = made["me"]
    private, public = me.push_subscription_generate_keys()
    sub = me.push_subscription_set("https://push.example.org/1", public, mention_events=True, favourite_events=True)
    true(sub.alerts.mention, "mentions are pushed")
    me.push_subscription_update(follow_events=True)
    true(me.push_subscription().alerts.follow, "follows are pushed")
    me.push_subscription_delete()


@step
def reports_somebody():
    me = made["me"]
    report = me.report(made["other"], comment="not nice", forward=False)
    same(report.action_taken, False)


@step
def is_told_what_is_not_there():
    me = made["me"]
    try:
        me.status(1)
        raise AssertionError("there is no such post")
    except MastodonNotFoundError:
        pass


@step
def takes_away_and_leaves():
    me = made["me"]
    gone = me.status_delete(made["reply"])
    true(gone.text.endswith("And another thing"), "the text comes back")
    me.status_delete(made["post"])
    me.account_unfollow(made["other"])
    me.revoke_access_token()


failed = 0
for function in steps:
    name = function.__name__.replace("_", " ")
    try:
        function()
        print(json.dumps({"step": name}), flush=True)
    except Exception as error:  # each step tells for itself
        print(json.dumps({"step": name, "error": f"{type(error).__name__}: {error}"}), flush=True)
