// Who may read what: every visibility, asked for by a stranger without a name, a follower, somebody mentioned, a signed
// stranger and a blocked one, by every way out.
import assert from "node:assert/strict";
import { befriend, stage } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

// visibility -> who may read it
const MATRIX = {
  public: ["anonymous", "follower", "mentioned", "stranger"],
  unlisted: ["anonymous", "follower", "mentioned", "stranger"],
  followers: ["follower", "mentioned"],
  direct: ["mentioned"],
  local: [],
};
const IN_OUTBOX = { public: ["anonymous", "follower", "mentioned", "stranger"], unlisted: ["anonymous", "follower", "mentioned", "stranger"] };

await run("visibility", async (suite) => {
  const on = await stage(suite);
  const { node, alice, evil, rogue } = on;
  const people = { follower: evil.actor("follower"), mentioned: evil.actor("mentioned"), stranger: evil.actor("stranger"), blocked: rogue.actor("blocked") };
  await befriend(on, people.follower);
  await befriend(on, people.blocked);
  await node.run("block", "alice", people.blocked.id);
  await node.follow("alice", people.mentioned.id); // so that her handle is known

  const posts = {};
  for (const visibility of Object.keys(MATRIX)) {
    posts[visibility] = await node.post("alice", `@mentioned@${evil.host.authority} in ${visibility}`, "--visibility", visibility);
    await node.post("alice", `unread beside ${visibility}`, "--visibility", visibility);
  }
  const read = (who, path) => (who === "anonymous" ? get(node.host, path) : people[who].get(node, path));

  for (const [visibility, allowed] of Object.entries(MATRIX)) {
    for (const who of ["anonymous", ...Object.keys(people)]) {
      const may = allowed.includes(who) || (who === "blocked" && false);
      await suite.test(`a post for ${visibility} is ${may ? "shown to" : "kept from"} ${who}`, async () => {
        const { pathname } = new URL(posts[visibility].uri);
        for (const path of [pathname, `${pathname}/activity`, `${pathname}/replies`, `${pathname}/likes`, `${pathname}/shares`]) {
          const { status, text } = await read(who, path);
          if (may) assert.equal(status, 200, `${path}: ${text.slice(0, 200)}`);
          else assert.ok([401, 403, 404].includes(status), `${path}: ${status}`);
          if (!may) assert.ok(!text.includes(`in ${visibility}`), `${path} leaks`);
        }
      });
    }
  }
  for (const who of ["anonymous", ...Object.keys(people)]) {
    await suite.test(`the outbox shows ${who} nothing that is not theirs to read`, async () => {
      const { pathname } = new URL(`${alice.uri}/outbox`);
      let text = "";
      let next = pathname;
      for (let pages = 0; next !== undefined && pages < 10; pages++) {
        const answer = await read(who, next);
        if (answer.status !== 200) break;
        text += answer.text;
        const { first, next: after } = JSON.parse(answer.text);
        const link = typeof first === "string" ? first : after;
        next = link && new URL(link).href.slice(node.host.base.length);
      }
      for (const visibility of ["followers", "direct", "local"]) {
        if (visibility === "followers" && who === "follower") continue;
        assert.ok(!text.includes(`unread beside ${visibility}`), `${visibility} leaks`);
      }
      if (IN_OUTBOX.public.includes(who)) assert.ok(text.includes("unread beside public"), "public posts are missing");
    });
  }
  await suite.test("deliveries go to those who may read, and to nobody else", async () => {
    await node.settles();
    const got = (peer, text) => peer.requests.filter(({ method, body }) => method === "POST" && body.includes(text)).length;
    for (const [visibility, expected] of Object.entries({ public: 1, unlisted: 1, followers: 1, direct: 0, local: 0 })) {
      assert.equal(Math.min(got(evil, `unread beside ${visibility}`), 1), expected, visibility);
      assert.equal(got(rogue, `unread beside ${visibility}`), 0, `${visibility} went to the blocked one`);
    }
    assert.ok(got(evil, "in direct") >= 1, "who was mentioned got nothing");
    assert.equal(got(evil, "in local"), 0);
  });
  await suite.test("the web page of a post that is not public is shown to no stranger", async () => {
    for (const [visibility, { uri, url }] of Object.entries(posts)) {
      for (const address of [uri, url].filter(Boolean)) {
        const { status, text } = await get(node.host, new URL(address).pathname, "text/html");
        if (["public", "unlisted"].includes(visibility)) assert.ok([200, 302, 303].includes(status), `${visibility}: ${status}`);
        else assert.ok(status !== 200 && !text.includes(`in ${visibility}`), `${visibility}: ${status}`);
      }
    }
  });
  await suite.test("a reply to a private post is no way around", async () => {
    const { pathname } = new URL(posts.public.uri);
    const reply = await node.post("alice", "whispered answer", "--visibility", "direct", "--reply-to", posts.public.uri);
    const { text } = await get(node.host, `${pathname}/replies`);
    assert.ok(!text.includes("whispered answer") && !text.includes(reply.uri));
  });
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
