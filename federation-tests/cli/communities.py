"""Communities on the command line."""
import base64
import hashlib
import pathlib
import time
import urllib.error

from app import App
from kit import expect, until


def communities_are_made(stage):
    made = stage.a("community", "create", "tea", "--owner", "alice", "--display-name", "Tea", "--kind", "circle",
                   "--rules", "Be kind;Cite", "--flairs", "Question=#3366cc;Find")
    expect(made["handle"] == stage.a.handle("tea") and made["members"] == 1 and made["join"] == "open", made)
    expect(made["rules"] == ["Be kind", "Cite"] and made["flairs"][0]["colour"] == "#3366cc", made)
    child = stage.a("community", "create", "oolong", "--parent", "tea")
    expect(child["parent"] == stage.a.handle("tea") and child["rules"] == made["rules"], child)
    expect([row["handle"] for row in stage.a("community", "children", "tea")] == [stage.a.handle("oolong")], "children")
    expect(len(stage.a("community", "list")) == 2, "list")
    expect(stage.a("account", "show", "tea")["kind"] == "group", "its account")
    expect(stage.a("community", "create", "tea", code=1)["error"] == "exists", "a name is taken once")
    expect(stage.a("community", "create", "x", "--join", "never", code=1)["error"] == "invalid", "words are checked")
    expect(stage.a("community", "show", "alice", code=3)["error"] == "not_found", "a person is none")


def communities_change(stage):
    changed = stage.a("community", "set", "tea", "--join", "request", "--retention", "365 d", "--slow", "0")
    expect(changed["join"] == "request" and changed["retention_days"] == 365, changed)
    expect(stage.a("community", "show", "oolong")["join"] == "request", "children inherit")
    expect(stage.a("community", "set", "tea", "--parent", "oolong", code=1)["error"] == "invalid", "no circle")
    expect(stage.a("community", "set", "tea", "--retention", "soon", code=2)["error"] == "invalid", "no duration")


# One red dot.
DOT = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==")


def communities_wear_pictures(stage):
    stage.a("community", "create", "bare", "--icon", str(stage.folder) + "/none.png", code=3)
    stage.a("community", "show", "bare", code=3)
    picture = pathlib.Path(stage.folder, "dot.png")
    picture.write_bytes(base64.b64decode(DOT))
    worn = stage.a("community", "set", "tea", "--icon", str(picture), "--icon-text", "A dot", "--banner", str(picture))
    expect("/media/files/" in worn["icon"] and "/media/files/" in worn["banner"], worn)
    expect(stage.a("community", "set", "tea", "--icon", "")["icon"] is None, "taken away")
    picture.write_text("no picture")
    stage.a("community", "set", "tea", "--banner", str(picture), code=1)
    expect(stage.a("community", "show", "tea")["banner"] == worn["banner"], "what is no picture changes nothing")
    stage.a("community", "set", "tea", "--icon", str(picture) + ".none", code=3)


def people_join_communities(stage):
    stage.a("account", "create", "reader")
    expect(stage.a("follow", "reader", "tea")["state"] == "pending", "it asks")
    expect([row["handle"] for row in stage.a("community", "requests", "tea")] == [stage.a.handle("reader")], "requests")
    stage.a("community", "admit", "tea", "reader")
    expect(stage.a("community", "requests", "tea") == [], "none left")
    stage.a("community", "appoint", "tea", "reader", "moderator")
    roles = {row["handle"]: row["role"] for row in stage.a("community", "members", "tea")}
    expect(roles == {stage.a.handle("alice"): "owner", stage.a.handle("reader"): "moderator"}, roles)
    expect(stage.a("community", "appoint", "tea", "reader", "king", code=3)["error"] == "not_found", "no such role")
    stage.a("community", "transfer", "tea", "reader")
    stage.a("community", "ban", "tea", "reader", "--reason", "rude", "--until", "2099-01-01T00:00:00Z")
    expect(stage.a("follow", "reader", "tea", code=77)["error"] == "denied", "banned")
    stage.a("community", "unban", "tea", "reader")
    expect(stage.a("follow", "reader", "tea")["state"] == "pending", "not any more")
    stage.a("community", "refuse", "tea", "reader")
    expect(stage.a("community", "requests", "tea") == [], "refused")
    link = stage.a("community", "invite", "tea", "--limit", "2")["link"]
    expect(link.startswith(stage.a.base + "/communities/join?code="), link)


def posts_wait_for_moderators(stage):
    stage.a("community", "set", "tea", "--premoderated", "yes")
    stage.a("account", "create", "writer")
    stage.a("follow", "writer", "tea")
    stage.a("community", "admit", "tea", "writer")
    held = [stage.a("post", "writer", f"@tea {text}")["id"] for text in ("first", "second")]
    expect([row["id"] for row in stage.a("community", "queue", "tea")] == held[::-1], "the queue")
    stage.a("community", "approve", held[0])
    stage.a("community", "reject", held[1], "--reason", "off topic")
    expect(stage.a("community", "queue", "tea") == [], "none left")
    expect(stage.a("community", "show", "tea")["threads"] == 1, "one is there")
    for act in ("lock", "pin", "remove"):
        stage.a("community", act, held[0])
        expect(stage.a("community", act, held[0], code=1)["error"] == "exists", act, "twice")
        stage.a("community", act, held[0], "--undo")
    stage.a("community", "pin", held[0], "--until", "2099-01-01T00:00:00Z")


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def communities_are_run(stage):
    expect("kind" not in stage.a("community", "show", "tea")["inherited"], "its own")
    expect("rules" in stage.a("community", "show", "oolong")["inherited"], "its parent's")
    flairs = stage.a("community", "set", "tea", "--flairs", "Urgent;Question=#3366cc;Find", "--tags", "#Tea;Leaves")
    expect(flairs["tags"] == ["Tea", "Leaves"] and [one["name"] for one in flairs["flairs"]][0] == "Urgent", flairs)
    expect(stage.a("community", "set", "tea", "--flairs", "x=red", code=1)["error"] == "invalid", "no colour")
    roles = stage.a("community", "role", "set", "tea", "pourer", "--position", "20", "--permissions", "post;pin")
    expect([role["permissions"] for role in roles if role["name"] == "pourer"] == [["post", "pin"]], roles)
    kept = stage.a("community", "role", "set", "tea", "pourer", "--position", "21")
    expect([role["permissions"] for role in kept if role["name"] == "pourer"] == [["post", "pin"]], kept)
    expect(stage.a("community", "role", "set", "tea", "0wner", code=1)["error"] == "invalid", "it looks like another")
    expect(len(stage.a("community", "role", "drop", "tea", "pourer")) == len(kept) - 1, "dropped")
    stage.a("community", "invite", "tea", "--limit", "2")
    links = stage.a("community", "invitations", "tea")
    left = stage.a("community", "uninvite", "tea", links[0]["id"])
    expect(len(left) == len(links) - 1, left)
    made = stage.a("community", "badge", "set", "tea", "Steeper", "--description", "Knows how long", "--emoji", "🍵")
    expect(made[0]["emoji"] == "🍵", made)
    stage.a("community", "badge", "give", "tea", "alice", "steeper", "--reason", "the oolong")
    stage.a("community", "badge", "take", "tea", "alice", "Steeper")
    expect(stage.a("community", "badge", "take", "tea", "alice", "Steeper", code=3)["error"] == "not_found", "once")
    expect(stage.a("community", "badge", "drop", "tea", "Steeper") == [], "none left")
    stage.a("community", "note", "tea", "alice", "pours well")
    expect(stage.a("community", "resources", "tea") == [] and stage.a("community", "consultations", "tea") == [], "none")
    stage.a("community", "result", "4711", code=3)
    tomorrow = moment(86400)
    called = stage.a("community", "call", "tea", "Which tea?", "--options", "Green;Black", "--closes", tomorrow)
    expect([one["question"] for one in called] == ["Which tea?"], called)
    expect(stage.a("community", "result", called[0]["id"], code=77)["error"] == "denied", "not over")
    expect(stage.a("community", "call", "tea", "Nothing?", "--closes", tomorrow, code=1)["error"] == "invalid", "no options")
    stage.a("community", "call-off", called[0]["id"])
    expect(stage.a("community", "consultations", "tea")[0]["cancelled"], "called off")


def communities_decide(stage):
    alice, writer = App(stage.a, "alice"), App(stage.a, "writer")
    call = ("community", "call", "tea", "Which pot?", "--options", "Clay;;Iron; Glass", "--quorum", "1")
    expect(stage.a(*call, "--roles", "king", "--closes", moment(60), code=1)["error"] == "invalid", "no such role")
    asked = stage.a(*call, "--roles", "Owner;moderator", "--closes", moment(5))[0]
    votes = f"/api/fediflow/v1/consultations/{asked['id']}/votes"
    try:
        writer.post(votes, choices=[1])
        expect(False, "a member without the role has voted")
    except urllib.error.HTTPError as refused:
        expect(refused.code == 403, refused.code)
    receipt = alice.post(votes, choices=[2, 3])["receipt"]
    stage.a("community", "verify", asked["id"], receipt, code=77)
    until(lambda: stage.a.raw("community", "result", asked["id"]).returncode == 0, "the end")
    result = stage.a("community", "result", asked["id"])
    expect(result["papers"] == 1 and result["quorum"] == 1 and result["complete"] and result["final"], result)
    expect([(one["name"], one["votes"]) for one in result["options"]] == [("Clay", 0), ("Iron", 1), ("Glass", 1)], result)
    # as schemas/ledger.md has it: a line of the digest of the receipt, and the choices
    name = hashlib.sha256(receipt.encode()).hexdigest()[:32]
    expect(result["digest"] == hashlib.sha256(f"{name} 2 3\n".encode()).hexdigest(), result)
    paper = stage.a("community", "verify", asked["id"], receipt)
    expect(paper == {"receipt_digest": name, "choices": ["Iron", "Glass"]}, paper)
    stage.a("community", "verify", asked["id"], "0" * 32, code=3)


def communities_share(stage):
    made = stage.a("community", "resource", "add", "tea", "alice", "Brewing", "--url", "https://x.example/1",
                   "--description", "How long")
    expect([(one["title"], one["versions"], one["url"]) for one in made] == [("Brewing", 1, "https://x.example/1")], made)
    expect(stage.a("community", "resource", "add", "tea", "writer", "Mine", "--url", "https://x.example/2",
                   code=77)["detail"] == "your role in this community does not permit it", "a role for that")
    stage.a("community", "resource", "add", "tea", "alice", "Nothing", code=1)
    changed = stage.a("community", "resource", "change", made[0]["id"], "alice", "--title", "Steeping")
    expect((changed[0]["title"], changed[0]["versions"], changed[0]["url"]) == ("Steeping", 2, "https://x.example/1"), changed)
    picture = pathlib.Path(stage.folder, "pot.png")
    picture.write_bytes(base64.b64decode(DOT))
    changed = stage.a("community", "resource", "change", made[0]["id"], "alice", "--file", str(picture), "--note", "drawn")
    expect((changed[0]["title"], changed[0]["versions"], changed[0]["url"]) == ("Steeping", 3, None), changed)
    expect(stage.a("community", "resource", "drop", made[0]["id"]) == [], "dropped")
    stage.a("community", "resource", "drop", made[0]["id"], code=3)


def posts_are_carried_across(stage):
    stage.a("community", "set", "tea", "--premoderated", "no")
    post = stage.a("post", "writer", "About oolong")
    crossed = stage.a("community", "cross-post", "tea", "writer", post["id"], "--text", "Look")
    thread = stage.a("show", crossed["post"])
    expect(thread["text"] == "Look\n\n" + post["url"] and thread["community"] == stage.a.handle("tea"), thread)
    expect(stage.a("community", "cross-post", "tea", "alice", thread["id"], code=1)["error"] == "exists", "its own")
    secret = stage.a("post", "writer", "Between us", "--visibility", "followers")
    stage.a("community", "cross-post", "tea", "writer", secret["id"], code=77)
    stage.a("community", "cross-post", "tea", "alice", secret["id"], code=3)


def communities_end(stage):
    expect(stage.a("community", "delete", "tea", code=2)["error"] == "invalid", "it is not meant")
    expect(stage.a("community", "delete", "tea", "--yes", code=1)["error"] == "invalid", "one belongs to it")
    for name in ("oolong", "tea"):
        stage.a("community", "delete", name, "--yes")
    until(lambda: stage.a("community", "list") == [], "all are gone")


CASES = [
    communities_are_made,
    communities_change,
    communities_wear_pictures,
    people_join_communities,
    posts_wait_for_moderators,
    communities_are_run,
    communities_decide,
    communities_share,
    posts_are_carried_across,
    communities_end,
]
