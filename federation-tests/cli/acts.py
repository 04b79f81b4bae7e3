"""Cases of people's acts, beside two running nodes."""
import json

from kit import expect, get, until


def posts_of(node, who):
    return node("posts", who, "--limit", 100)


def shown(node, what, **wanted):
    """What a node shows of something, once it is as wanted; None before."""
    run = node.raw("show", what, "--json")
    if run.returncode != 0:
        return None
    found = json.loads(run.stdout)
    return found if all(found.get(name) == value for name, value in wanted.items()) else None


def nodes_start(stage):
    stage.a.start()
    stage.b.start()
    status, page = get(stage.a.base + "/")
    expect(status == 200 and "Node a" in page, "the first page", status)


def accounts_are_made(stage):
    made = stage.a("account", "create", "alice", "--display-name", "Alice", "--note", "Hi", "--email", "a@example.org",
                   "--password-stdin", text="alice-password\n")
    expect(made["handle"] == stage.a.handle("alice") and made["can_sign_in"] and len(made["keys"]) == 2, made)
    expect("password" not in made, "a given password is not repeated")
    made = stage.b("account", "create", "bob", "--generate-password")
    expect(len(made["password"]) >= 20 and made["can_sign_in"], made)
    made = stage.b("account", "create", "lock", "--locked", "--kind", "group")
    expect(made["locked"] and made["kind"] == "group" and not made["can_sign_in"], made)
    expect(stage.a("account", "create", "alice", code=1)["error"] == "exists", "a name is taken once")
    expect(stage.a("account", "create", "Not Valid", code=2)["error"] == "invalid", "names are checked")
    expect(stage.a("account", "create", "x", "--kind", "robot", code=2)["error"] == "invalid", "kinds are checked")
    expect(stage.a("account", "create", "x", "--password-stdin", text="short\n", code=1)["error"] == "invalid", "too short")
    expect(stage.a("account", "create", "x", "--password-stdin", text="password1\n", code=77)["error"] == "denied", "easy to guess")
    listed = stage.b("account", "list")
    expect({row["handle"] for row in listed} >= {stage.b.handle("bob"), stage.b.handle("lock")}, listed)
    expect(stage.a("account", "show", "alice")["display_name"] == "Alice", "show")
    expect(stage.a("account", "show", "nobody", code=3)["error"] == "not_found", "nobody")


def passwords_change(stage):
    stage.a("account", "password", "alice", text="another-password\n")
    expect(stage.a("account", "password", "alice", "--remove")["can_sign_in"] is False, "removed")
    expect(len(stage.a("account", "password", "alice", "--generate")["password"]) >= 20, "generated")
    expect(stage.a("account", "password", "alice", code=2)["error"] == "invalid", "nothing on standard input")


def addresses_are_shown_and_set(stage):
    shown = stage.a("account", "email", "alice")
    expect(shown["email"] == "a@example.org" and shown["confirmed"], shown)
    expect(stage.a("account", "email", "alice", "Alice@B\u00fccher.example")["email"] == "Alice@xn--bcher-kva.example", "set")
    expect(stage.a("account", "email", "alice", "x@@y", code=1)["error"] == "invalid", "no address")
    stage.a("account", "create", "other")
    taken = stage.a("account", "email", "other", "alice@xn--bcher-kva.example", code=1)
    expect(taken["error"] == "exists", "somebody else's")
    expect(stage.a("account", "create", "third", "--email", "ALICE@xn--bcher-kva.example", code=1)["error"] == "exists", "too")
    expect(stage.a("account", "email", "alice", "")["email"] is None, "taken away")
    expect(stage.a("account", "email", "other", "alice@xn--bcher-kva.example")["confirmed"], "free again")
    stage.a("account", "delete", "other", "--yes")


def second_factors_are_shown_and_reset(stage):
    none = {"asked_for": False, "one_time_passwords": False, "recovery_codes": 0, "passkeys": []}
    expect(stage.a("account", "factors", "alice") == none, stage.a("account", "factors", "alice"))
    expect(stage.a("account", "factors", "alice", "--reset") == none, "a reset of nothing")
    expect(stage.a("account", "factors", "nobody", code=3)["error"] == "not_found", "nobody")


def follows_cross(stage):
    done = stage.a("follow", "alice", "@" + stage.b.handle("bob"))
    expect(done["state"] == "pending" and done["target_uri"] == stage.b.base + "/users/bob", done)
    until(lambda: [row for row in stage.a("following", "alice") if row["state"] == "accepted"], "the Accept")
    followers = stage.b("followers", "bob")
    expect([row["handle"] for row in followers] == [stage.a.handle("alice")], followers)
    expect(stage.b("account", "show", "bob")["followers"] == 1, "the count")
    stage.b("follow", "bob", stage.a.base + "/users/alice")
    until(lambda: [row for row in stage.b("following", "bob") if row["state"] == "accepted"], "the Accept back")
    expect(stage.a("follow", "alice", "alice", code=1)["error"] == "invalid", "oneself")
    expect(stage.a("follow", "alice", "nobody@" + stage.b.host, code=3)["error"] == "not_found", "nobody there")
    expect(stage.a("follow", "alice", "x@127.0.0.1:1", code=69)["error"] == "unreachable", "no such host")


def locked_follows_wait(stage):
    stage.a("follow", "alice", stage.b.handle("lock"))
    until(lambda: [row for row in stage.b("followers", "lock") if row["state"] == "pending"], "the request")
    stage.b("accept", "lock", stage.a.handle("alice"))
    until(lambda: [row for row in stage.a("following", "alice")
                   if row["handle"] == stage.b.handle("lock") and row["state"] == "accepted"], "the Accept")
    stage.b("reject", "lock", stage.a.handle("alice"))
    until(lambda: not [row for row in stage.a("following", "alice") if row["handle"] == stage.b.handle("lock")], "the Reject")


def posts_cross(stage):
    post = stage.b("post", "bob", f"Hello @{stage.a.handle('alice')} #First", "--language", "en")
    expect(post["visibility"] == "public" and post["tags"] == ["First"] and post["mentions"] == [stage.a.handle("alice")], post)
    stage.post = post["uri"]
    seen = until(lambda: shown(stage.a, stage.post), "the post")
    expect("Hello" in seen["text"] and seen["author"] == stage.b.handle("bob") and seen["language"] == "en", seen)
    notices = until(lambda: stage.a("notices", "alice"), "the notice")
    expect(any(row["kind"] == "mention" and row["post_uri"] == stage.post for row in notices), notices)
    expect(stage.b("show", post["url"])["uri"] == stage.post and stage.b("show", post["id"])["uri"] == stage.post, "by page, by id")
    expect(any(row["uri"] == stage.post for row in posts_of(stage.a, stage.b.handle("bob"))), "posts")
    status, page = get(post["url"], "text/html")
    expect(status == 200 and "Hello" in page, "the page", status)
    status, document = get(stage.post, "application/activity+json")
    expect(status == 200 and '"type":"Note"' in document, "the document", status)


def posts_are_checked(stage):
    expect(stage.a("post", "alice", "", code=1)["error"] == "invalid", "empty")
    expect(stage.a("post", "alice", "x" * 6000, code=1)["error"] in ("invalid", "too_large"), "too long")
    expect(stage.a("post", "alice", "x", "--visibility", "everybody", code=2)["error"] == "invalid", "visibility")
    expect(stage.a("post", "nobody", "x", code=3)["error"] == "not_found", "author")
    expect(stage.a("post", stage.b.handle("bob"), "x", code=1)["error"] == "invalid", "an author of elsewhere")
    expect(stage.a("post", "alice", "-", text="from\nstandard input")["text"].startswith("from"), "standard input")
    for visibility in ("unlisted", "followers", "direct", "local"):
        post = stage.a("post", "alice", "quiet", "--visibility", visibility, "--spoiler", "careful")
        expect(post["visibility"] == visibility and post["spoiler"] == "careful" and post["sensitive"], post)


def reactions_cross(stage):
    reply = stage.a("post", "alice", "An answer.", "--reply-to", stage.post)
    expect(reply["parent_uri"] == stage.post, reply)
    stage.a("boost", "alice", stage.post)
    stage.a("like", "alice", stage.post)
    until(lambda: shown(stage.b, stage.post, replies=1, boosts=1, likes=1), "answer, boost and like")
    expect(stage.a("like", "alice", stage.post, code=1)["error"] == "exists", "a second like")
    kinds = {row["kind"] for row in stage.b("notices", "bob")}
    expect({"boost", "like", "follow"} <= kinds, kinds)
    stage.a("boost", "alice", stage.post, "--undo")
    stage.a("like", "alice", stage.post, "--undo")
    until(lambda: shown(stage.b, stage.post, boosts=0, likes=0), "both taken back")
    expect(stage.a("like", "alice", stage.post, "--undo", code=3)["error"] == "not_found", "nothing to take back")
    expect(stage.a("boost", "alice", 17, code=3)["error"] == "not_found", "no such post")


def emoji_pins_and_hashtags_cross(stage):
    stage.a("emoji", "add", ":owl:", "https://pics.example/owl.png")
    expect([row["shortcode"] for row in stage.a("emoji", "list")] == ["owl"], "the list")
    expect(stage.a("emoji", "add", "o l", "https://pics.example/owl.png", code=2)["error"] == "invalid", "shortcode")
    expect(stage.a("emoji", "add", "owl", "javascript:alert(1)", code=2)["error"] == "invalid", "address")
    for emoji in ("\U0001f525", ":owl:"):
        stage.a("react", "alice", stage.post, emoji)
    expect(stage.a("react", "alice", stage.post, "\U0001f525", code=1)["error"] == "exists", "the same once more")
    expect(stage.a("react", "alice", stage.post, "nice", code=1)["error"] == "invalid", "a word")
    expect(stage.a("react", "alice", stage.post, ":none:", code=3)["error"] == "not_found", "no such emoji")
    until(lambda: len(stage.b("show", stage.post)["reactions"]) == 2, "both reactions")
    expect(stage.b("show", stage.post)["likes"] == 0, "a reaction is no like")
    for emoji in ("\U0001f525", ":owl:"):
        stage.a("react", "alice", stage.post, emoji, "--undo")
    until(lambda: stage.b("show", stage.post)["reactions"] == [], "both taken back")
    stage.b("pin", "bob", stage.post)
    expect(stage.b("account", "show", "bob")["pins"] != [], "the pin")
    expect(stage.a("pin", "alice", stage.post, code=77)["error"] == "denied", "somebody else's")
    stage.b("pin", "bob", stage.post, "--undo")
    stage.b("feature-tag", "bob", "#Trees")
    expect(stage.b("account", "show", "bob")["featured_tags"] == ["Trees"], "the hashtag")
    expect(stage.b("feature-tag", "bob", "no tag", code=1)["error"] == "invalid", "no hashtag")
    stage.b("feature-tag", "bob", "trees", "--undo")
    shown_by = stage.a("post", "alice", "quiet :owl:", "--searchable-by", "nobody")
    expect(len(shown_by["searchable_by"]) == 1 and shown_by["emojis"][0]["shortcode"] == "owl", shown_by)
    expect(stage.a("post", "alice", "x", "--searchable-by", "me", code=2)["error"] == "invalid", "who")
    expect(stage.a("account", "edit", "alice", "--indexable", "yes")["indexable"], "indexable")
    stage.a("emoji", "remove", "owl")
    expect(stage.a("emoji", "remove", "owl", code=3)["error"] == "not_found", "gone already")


def polls_are_asked_and_answered(stage):
    asked = stage.b("post", "bob", "Which?", "--poll", "Red; Green;Blue", "--poll-ends", "2 h")
    expect([o["name"] for o in asked["poll"]["options"]] == ["Red", "Green", "Blue"] and not asked["poll"]["over"], asked)
    expect(stage.a("vote", "alice", asked["uri"], "3")["done"] == "vote", "by number")
    until(lambda: stage.b("show", asked["id"])["poll"]["options"][2]["votes"] == 1, "the vote")
    expect(stage.a("vote", "alice", asked["uri"], "Red", code=1)["error"] == "exists", "a second vote")
    expect(stage.b("vote", "bob", asked["id"], "Red", code=77)["error"] == "denied", "one's own")
    expect(stage.b("edit", "bob", asked["id"], "Which?", "--poll", "Red;Green", code=1)["error"] == "conflict", "votes would go")
    edited = stage.b("edit", "bob", asked["id"], "Which?", "--poll", "Red;Green", "--poll-reset")
    expect(edited["poll"]["voters"] == 0 and len(edited["poll"]["options"]) == 2, edited)
    for options in (["--poll", "One"], ["--poll", "1;2;3;4;5"], ["--poll", "a;a"], ["--poll", "a; ;b"],
                    ["--poll", "a;b", "--poll-ends", "1 min"]):
        expect(stage.b("post", "bob", "x", *options, code=1)["error"] == "invalid", options)
    for options in (["--poll-multiple"], ["--poll", "a;b", "--poll-ends", "soon"]):
        expect(stage.b("post", "bob", "x", *options, code=2)["error"] == "invalid", options)
    expect(stage.a("vote", "alice", stage.post, "Red", code=3)["error"] == "not_found", "no poll")


def edits_and_deletions_cross(stage):
    expect(stage.b("edit", "bob", stage.post, "Edited.", "--spoiler", "new")["edited"], "edit")
    until(lambda: shown(stage.a, stage.post, text="Edited.", spoiler="new"), "the edit")
    expect(stage.a("edit", "alice", stage.post, "Mine.", code=77)["error"] == "denied", "somebody else's")
    expect(stage.a("delete-post", "alice", stage.post, code=77)["error"] == "denied", "somebody else's")
    stage.b("delete-post", "bob", stage.post)
    until(lambda: stage.a.raw("show", stage.post).returncode == 3, "the deletion")
    expect(get(stage.post, "application/activity+json")[0] == 410, "a tombstone")


def blocks_end_what_was(stage):
    stage.b("block", "bob", stage.a.handle("alice"))
    until(lambda: not [row for row in stage.a("following", "alice") if row["handle"] == stage.b.handle("bob")], "the block")
    expect(stage.b("follow", "bob", stage.a.handle("alice"), code=77)["error"] == "denied", "whom one blocks")
    stage.b("unblock", "bob", stage.a.handle("alice"))
    expect(stage.b("unblock", "bob", stage.a.handle("alice"), code=3)["error"] == "not_found", "no block")
    stage.b("follow", "bob", stage.a.handle("alice"))
    until(lambda: [row for row in stage.b("following", "bob") if row["state"] == "accepted"], "a follow after it")
    stage.b("unfollow", "bob", stage.a.handle("alice"))
    until(lambda: not stage.a("followers", "alice"), "the end of the follow")
    done = stage.a("report", "alice", stage.b.handle("bob"), "--comment", "rude", "--posts", stage.post)
    expect(done["done"] == "report", done)
    found = until(lambda: stage.b("reports"), "the report")[0]
    expect(found["target"] == stage.b.handle("bob") and found["comment"] == "rude" and stage.post in found["objects"], found)
    expect("alice" not in found["reporter"], "S-080: who reports stays with the own node", found)


def fetch_shows_what_others_say(stage):
    actor = stage.a("fetch", stage.b.handle("bob"))
    expect(actor["type"] == "Person" and actor["id"] == stage.b.base + "/users/bob" and len(actor["keys"]) == 2, actor)
    post = stage.b("post", "bob", "To be fetched.")
    found = stage.a("fetch", post["uri"])
    expect(found["type"] == "Note" and found["content"] == "To be fetched.", found)
    raw = stage.a.raw("fetch", post["uri"], "--raw").stdout
    expect('"@context"' in raw and "To be fetched." in raw, raw[:200])
    expect(stage.a("fetch", stage.b.base + "/users/nobody", code=3)["error"] == "not_found", "nobody")
    expect(stage.a("fetch", "http://127.0.0.1:1/x", code=69)["error"] == "unreachable", "no host")
    expect(stage.a("fetch", "not an address", code=2)["error"] == "invalid", "no address")


def seed_adds_what_a_file_says(stage):
    seed = {
        "people": [{"name": "carol", "password": "carol-password"}, {"name": "dave", "kind": "service"}],
        "follows": [{"who": "carol", "whom": stage.b.handle("bob")}, {"who": "dave", "whom": "carol"}],
        "posts": [{"key": "p", "author": "carol", "text": "Seeded."},
                  {"author": "dave", "text": "Answered.", "reply_to": "p", "visibility": "unlisted"},
                  {"key": "q", "author": "carol", "text": "Which?", "poll": {"options": ["a", "b"], "ends": "1 d", "multiple": True}}],
        "boosts": [{"who": "dave", "post": "p"}],
        "likes": [{"who": "dave", "post": "p"}],
        "votes": [{"who": "dave", "post": "q", "choices": ["a", "2"]}],
    }
    expect(stage.a("seed", "-", text=json.dumps(seed)) == {"done": 10, "passed_over": 0}, "seed")
    row = [row for row in posts_of(stage.a, "carol") if row["text"] == "Seeded."][0]
    expect((row["replies"], row["boosts"], row["likes"]) == (1, 1, 1), row)
    asked = [row for row in posts_of(stage.a, "carol") if row["text"] == "Which?"][0]
    expect([o["votes"] for o in stage.a("show", asked["id"])["poll"]["options"]] == [1, 1], "the vote")
    until(lambda: [row for row in stage.b("followers", "bob") if row["handle"] == stage.a.handle("carol")], "the follow")
    expect(stage.a("seed", "-", text='{"people":[{"nme":"x"}]}', code=1)["detail"].startswith("people, number 1"), "an entry")
    expect(stage.a("seed", "-", text='{"persons":[]}', code=1)["error"] == "invalid", "an unknown list")
    expect(stage.a("seed", "-", text="{", code=1)["error"] == "invalid", "no JSON")
    expect(stage.a("seed", "/nonexistent/file", code=3)["error"] == "not_found", "no file")


def profiles_change(stage):
    changed = stage.b("account", "edit", "bob", "--display-name", "Bob B.", "--note", "Writes.", "--fields", "Site=https://b.example; Town=X",
                      "--avatar", "https://b.example/bob.png", "--locked", "yes")
    expect(changed["display_name"] == "Bob B." and changed["note"] == "Writes." and changed["locked"], changed)
    expect(changed["fields"][1] == {"name": "Town", "value": "X"} and changed["avatar"].endswith("/bob.png"), changed)
    seen = until(lambda: shown(stage.a, stage.b.handle("bob"), display_name="Bob B.", locked=True), "the Update")
    expect(seen["note"] == "Writes." and seen["fields"] == changed["fields"] and seen["avatar"] == changed["avatar"], seen)
    changed = stage.b("account", "edit", "bob", "--locked", "no", "--avatar", "")
    expect(not changed["locked"] and not changed["avatar"] and changed["display_name"] == "Bob B.", changed)
    expect(stage.b("account", "edit", "bob", "--locked", "maybe", code=2)["error"] == "invalid", "yes or no")
    expect(stage.b("account", "edit", "bob", "--avatar", "javascript:x", code=2)["error"] == "invalid", "an address")


def keys_rotate(stage):
    before = stage.a("account", "show", "carol")["keys"]
    after = stage.a("account", "keys", "rotate", "carol", "--overlap-days", 2)["keys"]
    expect(len(after) == 4 and [key["name"] for key in after[2:]] == [key["name"] for key in before], after)
    expect(all(key["retired"] for key in after[2:]) and not any(key["retired"] for key in after[:2]), after)
    post = stage.a("post", "carol", f"Signed anew, @{stage.b.handle('bob')}.")
    until(lambda: shown(stage.b, post["uri"]), "a post signed with the new key")


def suspensions_hide(stage):
    expect(stage.a("account", "suspend", "dave")["suspended"], "suspend")
    until(lambda: get(stage.a.base + "/@dave", "text/html")[0] in (404, 410), "the page is gone")
    expect(stage.a("post", "dave", "x", code=3)["error"] == "gone", "a suspended author")
    expect(not stage.a("account", "unsuspend", "dave")["suspended"], "unsuspend")
    until(lambda: get(stage.a.base + "/@dave", "text/html")[0] == 200, "the page is back")


def deleted_accounts_leave(stage):
    stage.b("follow", "bob", stage.a.handle("carol"))
    until(lambda: stage.a("followers", "carol"), "the follow")
    expect(stage.a("account", "delete", "carol", code=2)["error"] == "invalid", "without --yes")
    expect(stage.a("account", "delete", "carol", "--yes")["deleted"] == stage.a.handle("carol"), "delete")
    until(lambda: not [row for row in stage.b("followers", "bob") if row["handle"] == stage.a.handle("carol")], "peers hear of it")
    expect(stage.a("account", "delete", "carol", "--yes", code=3)["error"] == "gone", "twice")
    expect(stage.a("account", "create", "carol", code=1)["error"] == "exists", "the name stays taken")
    instance = [row["handle"] for row in stage.a("account", "list") if row["kind"] == "application"][0]
    expect(stage.a("account", "delete", instance.split("@")[0], "--yes", code=77)["error"] == "denied", "the node itself")


CASES = [
    nodes_start,
    accounts_are_made,
    passwords_change,
    addresses_are_shown_and_set,
    second_factors_are_shown_and_reset,
    follows_cross,
    locked_follows_wait,
    posts_cross,
    posts_are_checked,
    reactions_cross,
    emoji_pins_and_hashtags_cross,
    polls_are_asked_and_answered,
    edits_and_deletions_cross,
    blocks_end_what_was,
    fetch_shows_what_others_say,
    seed_adds_what_a_file_says,
    profiles_change,
    keys_rotate,
    suspensions_hide,
    deleted_accounts_leave,
]
