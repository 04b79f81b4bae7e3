// Who may read what: every visibility, asked for by a stranger without a name, a follower, somebody mentioned, a signed
// stranger and a blocked one, by every way out.
import assert from "node:assert/strict";
import { Client, signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
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

// What arrives on streams: what is written -> who of the node's people hears it, besides its author
const HEARD = {
  "for everybody": ["follower", "stranger", "member"],
  "for followers": ["follower"],
  "for the node": ["follower", "stranger", "member"],
  "in a letter": ["member"],
  "for members": ["member"],
  "waiting for a moderator": [],
  "held by the sieve": [],
};
const STREAMS = ["user", "public", "public:local", "direct", "hashtag&tag=matrix", "hashtag:local&tag=matrix"];
const sse = (stream) => `/api/v1/streaming/${stream.replace("&", "?").replaceAll(":", "/")}`;

// Every stream that somebody may open, by both ways; a list only where it is one of theirs.
async function listen(client, lists) {
  const open = [];
  for (const stream of STREAMS) open.push([stream, await client.socket(`/api/v1/streaming?stream=${stream}`)], [stream, await client.events(sse(stream))]);
  for (const list of lists) {
    for (const way of [() => client.socket(`/api/v1/streaming?stream=list&list=${list}`), () => client.events(`/api/v1/streaming/list?list=${list}`)]) {
      const stream = await way().catch(() => null);
      if (stream !== null) open.push(["list", stream]);
    }
  }
  return open;
}

async function onStreams(suite) {
  const node = await fediflow("south", { settings: { api: { rate: 100000 } } });
  suite.watch(() => node.troubles());
  const clients = {};
  for (const name of ["alice", "follower", "stranger", "member", "blocked"]) {
    await node.addPerson(name);
    clients[name] = await signIn(node, name);
  }
  const { alice, member } = clients;
  for (const name of ["follower", "blocked"]) await node.follow(name, "alice");
  await node.run("block", "alice", "blocked");
  const found = (body) => alice.post("/api/fediflow/v1/communities", body);
  const circle = await found({ name: "circle", sight: "members" });
  const queue = await found({ name: "queue", premoderated: "yes" });
  for (const { id } of [circle, queue]) await member.post(`/api/v1/accounts/${id}/follow`, {});
  const rule = await node.run("sieve", "add", 'hold "a word" when word has "forbiddenword"');
  await node.run("sieve", "live", rule.id);
  const ears = {};
  for (const [name, client] of Object.entries(clients)) ears[name] = await listen(client, [circle.id, queue.id]);
  const say = (client, what, more) => client.post("/api/v1/statuses", { status: `secret ${what} #matrix`, ...more });
  await say(alice, "for everybody", {});
  await say(alice, "for followers", { visibility: "private" });
  await say(alice, "for the node", { visibility: "local" });
  await say(alice, "in a letter @member", { visibility: "direct" });
  await say(alice, "for members", { group_id: circle.id });
  const waiting = await say(member, "waiting for a moderator", { group_id: queue.id });
  await node.post("alice", "secret held by the sieve: forbiddenword #matrix");
  // what comes after all of that, and everybody hears
  await clients.stranger.post("/api/v1/statuses", { status: "the last word #matrix" });
  const text = (entry) => entry.data ?? entry.payload ?? "";
  const hears = (stream, words) => stream.heard.entries.some((entry) => entry.event !== undefined && text(entry).includes(words));
  for (const [name, list] of Object.entries(ears)) {
    for (const [stream, open] of list.filter(([stream]) => stream.startsWith("public") || stream.startsWith("hashtag"))) {
      await until(`${name} hears the last word on ${stream}`, async () => hears(open, "the last word"));
    }
  }
  await new Promise((done) => setTimeout(done, 300)); // for those that have no last word
  for (const [what, allowed] of Object.entries(HEARD)) {
    for (const name of ["follower", "stranger", "member", "blocked"]) {
      const own = name === "member" && what === "waiting for a moderator";
      await suite.test(`a post ${what} ${allowed.includes(name) ? "may be" : own ? "is its author's to be" : "is not"} heard by ${name === "blocked" ? "who is blocked" : `a ${name}`}`, () => {
        const told = ears[name].filter(([, open]) => hears(open, `secret ${what}`)).map(([stream]) => stream);
        if (allowed.includes(name) && (what !== "for the node" || name === "follower")) assert.ok(told.length >= 2, `heard on ${told}`);
        if (!allowed.includes(name) && !own) assert.deepEqual(told, []);
      });
    }
  }
  await suite.test("what a closed community does not take is said nowhere else", async () => {
    // whoever writes by a plain app names it; a member without the right, a stranger, an answer elsewhere, a change
    const refused = async (client, form) => {
      for (const visibility of ["public", "unlisted", "private"]) {
        await assert.rejects(client.post("/api/v1/statuses", { status: "@circle leaked words", visibility, ...form }), { status: 403 });
      }
    };
    const open = await say(member, "to be answered", {});
    await alice.ask("PATCH", `/api/fediflow/v1/communities/${circle.id}`, { posting: "appointed" });
    await refused(member, {});
    await refused(clients.stranger, {});
    await refused(member, { in_reply_to_id: open.id });
    await refused(member, { scheduled_at: new Date(Date.now() + 3600000).toISOString() });
    await assert.rejects(member.put(`/api/v1/statuses/${open.id}`, { status: "@circle leaked words" }), { status: 403 });
    await alice.ask("PATCH", `/api/fediflow/v1/communities/${circle.id}`, { posting: "members" });
    const inside = await member.post("/api/v1/statuses", { status: "@circle for the circle", visibility: "public" });
    assert.equal(inside.group?.id, circle.id);
    for (const reader of [clients.stranger, new Client(node)]) {
      for (const path of ["/api/v1/timelines/public", `/api/v1/accounts/${inside.account.id}/statuses`]) {
        const seen = JSON.stringify(await reader.get(path));
        assert.ok(seen.includes("to be answered") && !seen.includes("leaked words") && !seen.includes("for the circle"), path);
      }
    }
  });
  await suite.test("what waited is heard when a moderator has let it in", async () => {
    await node.run("community", "approve", waiting.uri);
    const lists = ears.member.filter(([stream]) => stream === "list").map(([, open]) => open);
    await until("it is heard on a list", async () => lists.filter((open) => hears(open, "secret waiting for a moderator")).length === 2);
  });
  for (const list of Object.values(ears)) for (const [, open] of list) open.close();
  await node.stop();
}

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
  await onStreams(suite);
});
