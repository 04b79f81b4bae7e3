// What communities share, ask and hold: resources with links and files, consultations, events. Every kind of community × every asker
// × every way out; and what a partner that owns one, too, has and shows.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const API = "/api/fediflow/v1";
const PASSWORD = "correct horse battery";
const HERE = ["member", "stranger", "left", "banned"];
const ALL = [...HERE, "anonymous", "remote member", "remote stranger"];
// kind of community -> who reads what; resources are for members of this node, whatever the kind
const KINDS = {
  public: { resource: ["member"], consultation: ALL, event: ALL },
  unlisted: { resource: ["member"], consultation: ALL, event: ALL },
  local: { resource: ["member"], consultation: HERE, event: HERE },
  members: { resource: ["member"], consultation: ["member"], event: ["member"] },
};
const inDays = (n) => new Date(Date.now() + n * 86_400_000).toISOString();

async function textOf(node, token, path) {
  const answer = await fetch(node.host.base + path, { headers: token ? { Authorization: `Bearer ${token}` } : {}, redirect: "manual" });
  return answer.text();
}

async function upload(client, text) {
  const form = new FormData();
  form.set("file", new Blob([text], { type: "text/plain" }), "words.txt");
  form.set("resource", "true");
  const answer = await fetch(`${client.base}/api/v2/media`, { method: "POST", headers: { Authorization: `Bearer ${client.token}` }, body: form });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

// One of each, by alice; the words of each that must stay with those who may read it.
async function fill(alice, id, kind) {
  const of = (what) => `sesame-${kind}-${what}`;
  const link = await alice.post(`${API}/communities/${id}/resources`, { title: of("link"), url: `https://${of("link")}.example/` });
  const medium = await upload(alice, `The file ${kind}`);
  const file = await alice.post(`${API}/communities/${id}/resources`, { title: of("file"), media_id: medium.id });
  const ask = await alice.post(`${API}/communities/${id}/consultations`, { question: `${of("ask")}?`, options: ["Yes", "No"], closes_at: inDays(1) });
  const over = await alice.post(`${API}/communities/${id}/consultations`, { question: `${of("over")}?`, options: ["Yes", "No"], closes_at: new Date(Date.now() + 2000).toISOString() });
  const event = await alice.post(`${API}/communities/${id}/events`, { title: of("event"), content: "With cake", starts_at: inDays(2), ends_at: inDays(2.1), place: of("place") });
  await until("it is over", async () => (await alice.get(`${API}/consultations/${over.id}`)).state === "closed");
  return {
    id, kind, link, file, ask, over, event, name: `c_${kind}`,
    secrets: { resource: [of("link"), of("file"), new URL(medium.url).pathname], consultation: [of("ask"), of("over")], event: [of("event"), of("place")] },
  };
}

// What leads straight to it: shows it to whoever may read it, and to nobody else.
const direct = ({ id, link, file, ask, over, event }) => ({
  resource: [`${API}/communities/${id}/resources`, `${API}/resources/${link.id}`, `${API}/resources/${file.id}`, `${API}/resources/${file.id}/versions`],
  consultation: [`${API}/communities/${id}/consultations`, `${API}/consultations/${ask.id}`, `${API}/consultations/${over.id}`],
  event: [`${API}/communities/${id}/events`, `${API}/communities/${id}/calendar`, `${API}/events/${event.id}`, `${API}/events/${event.id}/calendar`, `/api/v1/statuses/${event.id}`],
});
// Where nothing of it may stand for whom it is not for.
const others = ({ id, over, event, kind, name }) => [
  `${API}/consultations/${over.id}/result`, `${API}/events/${event.id}/participants`, `${API}/events`, `${API}/communities/${id}`, `${API}/communities/${id}/posts`, `${API}/communities/${id}/record`,
  `/api/v1/accounts/${id}/statuses`, `/api/v1/timelines/group/${id}`, `/api/v1/timelines/list/${id}`, "/api/v1/timelines/public", "/api/v1/timelines/home", `/api/v1/statuses/${event.id}/context`, `/api/v1/statuses/${event.id}/source`,
  `/api/v1/accounts/${event.status.account.id}/statuses`, `/api/v2/search?q=sesame-${kind}-event`, `/api/v2/search?q=sesame&type=statuses`, `/api/oembed?url=${encodeURIComponent(event.status.url)}`, "/api/v1/trends/statuses", "/api/v1/bookmarks", "/api/v1/favourites", "/api/v1/notifications", "/api/v2/notifications", `/@${name}.rss`, `/@${name}.atom`, "/@alice.rss",
];
const pages = ({ id, event, name }) => [`/@${name}`, "/@alice", `/@alice/${event.id}`, `/@${name}/${event.id}`, "/", "/communities", `/auth/communities?community=${id}`, `/auth/communities?community=${id}&part=room`];
const documents = ({ event, name }) => {
  const { pathname } = new URL(event.status.uri);
  return [pathname, ...["activity", "replies", "context", "likes", "shares"].map((part) => `${pathname}/${part}`), "/users/alice/outbox?page=true",
    ...["", "/outbox", "/outbox?page=true", "/followers", "/following", "/collections/featured", "/moderators", "/joint", "/ledger", "/ledger?before=0"].map((part) => `/users/${name}${part}`)];
};

await run("visibility-communities", async (suite) => {
  const [node, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings: { api: { rate: 100000 }, node: { poll_tell: "1 s" } } })));
  for (const one of [node, south]) suite.watch(() => one.troubles());
  const [one, two] = await Promise.all(["one", "two"].map(rawPeer));
  const remote = { "remote member": one.actor("spy"), "remote stranger": two.actor("odd") };
  const names = { alice: "alice", member: "bob", stranger: "dora", left: "ed", banned: "ben" };
  const clients = {}, browsers = { anonymous: new Browser(node) };
  for (const [who, name] of Object.entries(names)) {
    await node.addPerson(name);
    clients[who] = await signIn(node, name);
    browsers[who] = new Browser(node);
    await browsers[who].submit(await browsers[who].get("/auth/account"), "sign_in", { login: name, password: PASSWORD });
  }
  const { alice } = clients;
  const idOf = async (name) => (await alice.get(`/api/v1/accounts/lookup?acct=${name}`)).id;
  const things = {};
  for (const kind of Object.keys(KINDS)) {
    const community = await alice.post(`${API}/communities`, { name: `c_${kind}`, title: `The ${kind}`, sight: kind });
    for (const who of ["member", "left", "banned"]) await clients[who].post(`${API}/communities/${community.id}/join`);
    const spy = remote["remote member"];
    await spy.post(node, spy.activity("Follow", (await alice.get(`/api/v1/accounts/${community.id}`)).uri));
    const { event } = (things[kind] = await fill(alice, community.id, kind));
    // what they have done as members leads back to nothing when they are none any more
    for (const who of ["left", "banned"]) {
      await clients[who].post(`${API}/events/${event.id}/join`);
      for (const act of ["bookmark", "favourite"]) await clients[who].post(`/api/v1/statuses/${event.id}/${act}`);
    }
    await clients.left.post(`${API}/communities/${community.id}/leave`);
    await alice.post(`${API}/communities/${community.id}/members/${await idOf("ben")}/ban`, { reason: "rude" });
    await alice.put(`/api/v1/statuses/${event.id}`, { status: "With more cake" });
  }
  const followers = async (kind) => (await node.person(`c_${kind}`)).followers;
  await until("the remote member is in what is open", async () => (await followers("public")) === 3 && (await followers("unlisted")) === 3);
  await suite.test("nobody elsewhere is in what stays here", async () => {
    for (const kind of ["local", "members"]) assert.equal(await followers(kind), 2);
  });

  const hidden = (kind, who) => Object.entries(KINDS[kind]).filter(([, readers]) => !readers.includes(who)).flatMap(([what]) => things[kind].secrets[what]);
  const keeps = (kind, who, path, text) => {
    for (const secret of hidden(kind, who)) assert.ok(!text.includes(secret), `${path} tells ${who} of ${secret}`);
  };
  const tokenOf = (who) => clients[who]?.token;
  for (const kind of Object.keys(KINDS)) {
    for (const who of ALL) {
      const far = remote[who];
      const read = (path) => (far ? far.get(node, path).then(({ text }) => text) : textOf(node, tokenOf(who), path));
      await suite.test(`what is ${kind} is read by ${who} if it is for them, and by no other way`, async () => {
        for (const [what, paths] of Object.entries(direct(things[kind]))) {
          for (const path of paths) {
            const text = await read(path);
            keeps(kind, who, path, text);
            if (KINDS[kind][what].includes(who)) assert.ok(things[kind].secrets[what].some((secret) => text.includes(secret)), `${path} does not show ${who} a ${what}: ${text.slice(0, 200)}`);
          }
        }
        for (const path of others(things[kind])) keeps(kind, who, path, await read(path));
        for (const path of documents(things[kind])) keeps(kind, who, path, far ? (await far.get(node, path)).text : (await get(node.host, path)).text);
        if (browsers[who]) for (const path of pages(things[kind])) keeps(kind, who, path, (await browsers[who].get(path)).text);
      });
    }
    await suite.test(`what is ${kind} is kept from documents that nobody has signed for`, async () => {
      for (const path of documents(things[kind])) keeps(kind, "anonymous", path, (await get(node.host, path)).text);
    });
  }
  await suite.test("whoever may not read a resource is not told that there is one", async () => {
    for (const kind of Object.keys(KINDS)) {
      for (const who of ["stranger", "left", "banned"]) {
        for (const path of direct(things[kind]).resource) {
          await assert.rejects(clients[who].get(path), ({ status }) => status === 404);
        }
        await assert.rejects(clients[who].post(`${API}/resources/${things[kind].link.id}/versions`, { title: "Mine", url: "https://x.example/" }), ({ status }) => [403, 404].includes(status));
      }
    }
  });
  await suite.test("what is not for them is joined, asked and voted upon by nobody", async () => {
    const { event, ask } = things.members;
    for (const who of ["stranger", "left", "banned"]) {
      await assert.rejects(clients[who].post(`${API}/events/${event.id}/join`), ({ status }) => status === 404);
      await assert.rejects(clients[who].post(`${API}/consultations/${ask.id}/votes`, { choices: [0] }), ({ status }) => [403, 404].includes(status));
    }
    const odd = remote["remote stranger"];
    await odd.post(node, odd.activity("Join", event.status.uri));
    await node.settles();
    assert.deepEqual((await alice.get(`${API}/events/${event.id}/participants`)).map(({ account }) => account.username).sort(), ["ben", "ed"]);
  });
  await suite.test("a file has an address that nobody guesses, and that its readers alone are told", async () => {
    for (const kind of Object.keys(KINDS)) {
      const path = things[kind].secrets.resource[2];
      assert.match(path, /^\/media\/files\/[0-9a-f]{64}\./);
      assert.ok((await textOf(node, tokenOf("member"), `${API}/resources/${things[kind].file.id}`)).includes(path));
    }
  });
  await suite.test("deliveries and archives have nothing of it", async () => {
    await node.settles();
    const sent = [one, two].flatMap(({ requests }) => requests.filter(() => true).map(({ body }) => body ?? "")).join("\n");
    for (const kind of Object.keys(KINDS)) {
      const { resource, consultation, event } = things[kind].secrets;
      const stays = ["local", "members"].includes(kind);
      for (const secret of [...resource, ...consultation, ...(stays ? event : [])]) assert.ok(!sent.includes(secret), `${secret} was delivered`);
      if (kind === "public") assert.ok(sent.includes(event[0]), "an event of all was told to nobody");
    }
    const folder = mkdtempSync(join(tmpdir(), "ff-visibility-"));
    for (const name of Object.values(names)) {
      await node.run("account", "export", name, join(folder, `${name}.tar`));
      const archive = readFileSync(join(folder, `${name}.tar`), "latin1");
      for (const kind of ["local", "members"]) for (const secret of Object.values(things[kind].secrets).flat()) assert.ok(!archive.includes(secret), `the archive of ${name} has ${secret}`);
    }
  });

  // --- a partner ---

  for (const name of ["sol", "sam"]) await south.addPerson(name);
  const sol = await signIn(south, "sol"), sam = await signIn(south, "sam");
  await suite.test("what stays here has no partner", async () => {
    const there = await sol.post(`${API}/communities`, { name: "theirs", title: "Theirs" });
    const { uri } = await sol.get(`/api/v1/accounts/${there.id}`);
    for (const kind of ["local", "members"]) await assert.rejects(node.run("community", "joint", "offer", `c_${kind}`, uri));
  });
  await suite.test("a partner's members read what is shared, and others there as little as here", async () => {
    const there = await sol.post(`${API}/communities`, { name: "c_public", title: "The public" });
    const { uri } = await sol.get(`/api/v1/accounts/${there.id}`);
    await node.run("community", "joint", "offer", "c_public", uri);
    const ours = (await node.person("c_public")).uri;
    await until("the offer is there", async () => (await south.run("community", "joint", "list", "c_public")).some(({ state }) => state === "asked"));
    await south.run("community", "joint", "accept", "c_public", ours);
    const of = things.public.secrets;
    const list = (client, what) => textOf(south, client?.token, `${API}/communities/${there.id}/${what}`);
    await until("its resources are there", async () => { const text = await list(sol, "resources"); return text.includes(of.resource[0]) && text.includes(of.resource[1]); }, 60_000);
    await until("its consultations are there", async () => (await list(sol, "consultations")).includes(of.consultation[0]), 60_000);
    for (const client of [sam, undefined]) {
      const text = await list(client, "resources");
      for (const secret of of.resource) assert.ok(!text.includes(secret), `${secret} is shown at the partner's`);
    }
    // the ledger is for partners alone, signed or not
    for (const path of ["/users/c_public/ledger", "/users/c_public/ledger?before=0", "/users/c_public/joint"]) {
      for (const answer of [await get(node.host, path), await remote["remote member"].get(node, path), await remote["remote stranger"].get(node, path)]) assert.ok([401, 404].includes(answer.status), `${path}: ${answer.status}`);
    }
  });
  await suite.test("both databases are whole", () => Promise.all([node.check(), south.check()]));
});
