// A community that three nodes own together, in a chain: north – south – east. What is said and decided in one is so in all, a
// server in Lemmy's shape follows the one in the middle, a node that was away has all when it is back; and whoever is no
// partner, or says more than a partner may, has no effect.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { signIn } from "../lib/client.mjs";
import { expand } from "../lib/expand.mjs";
import { until } from "../lib/journal.mjs";
import { count, LemmyCommunity, Lemming, received } from "../lib/lemmy.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { fitsSchema } from "../lib/schemas.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const RELATION = "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#jointCommunity";
const FAR = 20_000; // over two hops, with what has to be fetched on the way
const FIRE = "\u{1f525}";
const PASSWORD = "correct horse battery";
const LIMIT = 90_000; // of one test, on a machine that is busy

await run("joint", async (suite) => {
  const [north, south, east, one, evil] = await Promise.all([fediflow("north"), fediflow("south"), fediflow("east"), rawPeer("one"), rawPeer("evil")]);
  const nodes = [north, south, east];
  const test = (sentence, body) => suite.test(sentence, body, LIMIT);
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  const people = { north: "nora", south: "saul", east: "edda" };
  for (const node of nodes) {
    await node.addPerson(people[node.name]);
    await node.run("community", "create", "plan", "--owner", people[node.name], "--display-name", `Plan ${node.name}`);
  }
  await north.addPerson("nick");
  await north.follow("nick", "plan");
  await east.addPerson("emil");
  await east.follow("emil", "plan");
  one.page("/inbox", (_, response) => response.writeHead(202).end());
  const spy = evil.actor("spy");
  const group = {};
  for (const node of nodes) group[node.name] = (await node.person("plan")).uri;
  const handle = (node, name) => `${name}@${node.host.authority}`;
  const partners = (node) => node.run("community", "joint", "list", "plan");
  const state = async (node, other) => (await partners(node)).find(({ handle: h }) => h === handle(other, "plan"))?.state ?? null;
  const agreed = (node, other) => until(`${node.name} has agreed with ${other.name}`, async () => (await state(node, other)) === "agreed");
  const inPlan = (node, uri, fits = () => true) => node.seesPost(uri, (post) => post.community === handle(node, "plan") && fits(post), FAR);
  const everywhere = (uri, fits, where = nodes) => Promise.all(where.map((node) => inPlan(node, uri, fits)));
  const marked = (uri, wanted, where = nodes) => everywhere(uri, ({ community_marks }) => JSON.stringify(community_marks.filter((mark) => mark !== "comment")) === JSON.stringify(wanted), where);
  const gone = (node, uri) => until(`${node.name} has lost ${uri}`, async () => (await node.knows(uri)) === null, FAR);
  const settle = async () => {
    // what one has sent is work for another
    for (let i = 0; i < 2; i++) for (const node of nodes) await node.settles();
  };

  // --- the relation ---

  let old, oldComment, removed;
  await test("what was said before partners come", async () => {
    old = await north.post("nora", "@plan What do we want?");
    oldComment = await north.post("nick", "Peace", "--reply-to", old.uri);
    removed = await north.post("nick", "@plan Buy pills");
    await north.run("community", "remove", removed.uri, "--reason", "spam");
    await north.run("community", "pin", old.uri);
  });
  await test("an offer is made, told to the owners, and accepted; documents name partners only then", async () => {
    await south.run("community", "joint", "offer", "plan", group.east);
    await until("the offer is there", async () => (await state(east, south)) === "asked");
    assert.equal(await state(south, east), "offered");
    assert.ok((await east.run("notices", "edda")).some(({ kind }) => kind === "joint_offer"));
    assert.equal((await getJson(south.host, "/users/plan")).partners, undefined);
    await east.run("community", "joint", "accept", "plan", group.south);
    await agreed(east, south);
    await agreed(south, east);
    const actor = await getJson(south.host, "/users/plan");
    assert.deepEqual(actor.partners, [group.east]);
    fitsSchema(actor);
    assert.ok((await south.run("audit", "show")).some(({ act }) => act === "joint.offer"));
  });
  await test("two that offer at once agree; an offer is refused, and one taken back", async () => {
    await north.run("community", "create", "spare");
    const spare = (await north.person("spare")).uri;
    await south.run("community", "joint", "offer", "plan", spare);
    await until("it is there", async () => (await north.run("community", "joint", "list", "spare")).length === 1);
    await north.run("community", "joint", "refuse", "spare", group.south);
    await until("it is refused", async () => (await state(south, { host: north.host })) === null && (await partners(south)).length === 1);
    await south.run("community", "joint", "offer", "plan", spare);
    await until("it is there again", async () => (await north.run("community", "joint", "list", "spare")).length === 1);
    await south.run("community", "joint", "end", "plan", spare);
    await until("it is taken back", async () => (await north.run("community", "joint", "list", "spare")).length === 0);
    await Promise.all([north.run("community", "joint", "offer", "plan", group.south), south.run("community", "joint", "offer", "plan", group.north)].map((p) => p.catch(() => {})));
    await agreed(north, south);
    await agreed(south, north);
  });
  await test("what stays on its server has no partners, and what has some does not become so", async () => {
    await north.run("community", "create", "inner", "--sight", "members");
    await assert.rejects(north.run("community", "joint", "offer", "inner", group.south), /stays on its server/);
    await assert.rejects(north.run("community", "set", "plan", "--sight", "members"), /together with other servers/);
    // nor does it become so by what it belongs to
    const { sight } = await north.run("community", "show", "plan");
    await north.run("community", "create", "county", "--owner", "nora");
    await north.run("community", "set", "plan", "--parent", "county", "--sight", "");
    await assert.rejects(north.run("community", "set", "county", "--sight", "members"), /one that belongs to it is owned together/);
    await north.run("community", "set", "plan", "--parent", "", "--sight", sight);
    await assert.rejects(north.run("community", "joint", "offer", "plan", (await south.person("saul")).uri), /a group of another server/);
  });
  await test("the past is on all of them, with what was decided, over two hops", async () => {
    await everywhere(old.uri, ({ text }) => /What do we want/.test(text));
    await everywhere(oldComment.uri);
    await marked(old.uri, ["pinned"]);
    await marked(removed.uri, ["removed"]);
    await everywhere(removed.uri, ({ community_reason: why }) => why === "spam");
  });
  await test("owners do the same by the API, others look; the page names partners", async () => {
    const [saul, emil] = [await signIn(south, "saul"), await signIn(east, "emil")];
    const base = async (node, name = "plan") => `/api/fediflow/v1/communities/${(await node.person(name)).id}/partners`;
    const mine = await saul.get(await base(south));
    assert.deepEqual(mine.map(({ account, state: s }) => [account.acct, s]).sort(), [[handle(east, "plan"), "agreed"], [handle(north, "plan"), "agreed"]].sort());
    await north.run("community", "create", "attic", "--owner", "nora");
    const attic = (await north.person("attic")).uri;
    await south.follow("saul", attic);
    const found = await south.person(attic);
    await assert.rejects(emil.post(await base(east), { account_id: mine[0].account.id }));
    // a group is the partner of one community of a node: that answers by itself
    await saul.post(await base(south), { account_id: found.id });
    await until("it is refused", async () => (await saul.get(await base(south))).length === 2);
    await south.run("community", "create", "loft", "--owner", "saul");
    const loft = await base(south, "loft");
    const offered = await saul.post(loft, { account_id: found.id });
    assert.equal(offered.find(({ account }) => account.id === found.id).state, "offered");
    // nobody else sees what is not agreed
    assert.deepEqual(JSON.parse((await get(south.host, loft)).text), []);
    const nora = await signIn(north, "nora");
    const asked = await until("it is asked", async () => (await nora.get(await base(north, "attic")))[0]);
    assert.equal(asked.state, "asked");
    await saul.ask("DELETE", `${loft}/${found.id}`);
    await until("and not any more", async () => (await nora.get(await base(north, "attic"))).length === 0);
    await saul.post(`${await base(south)}/${mine[0].account.id}/compare`);
    const { text } = await new Browser(south).get("/@plan");
    for (const part of ["Owned together with", north.host.authority]) assert.ok(text.includes(part), part);
  });
  await test("a group that is not known yet is offered by its handle or address: by the API, and in a browser", async () => {
    const saul = await signIn(south, "saul");
    const fails = (promise, status, text) => assert.rejects(promise, (error) => error.status === status && (!text || text.test(error.message)));
    for (const name of ["cellar", "porch"]) await north.run("community", "create", name, "--owner", "nora");
    for (const name of ["shed", "yard", "vault"]) await south.run("community", "create", name, "--owner", "saul");
    const base = async (name) => `/api/fediflow/v1/communities/${(await south.person(name)).id}/partners`;
    const offered = await saul.post(await base("shed"), { acct: `!cellar@${north.host.authority}` });
    assert.deepEqual(offered.map(({ account, state: s }) => [account.acct, s]), [[handle(north, "cellar"), "offered"]]);
    await until("it is asked", async () => (await north.run("community", "joint", "list", "cellar")).length === 1);
    // nobody is asked for who may not offer, and nothing for what stays here; no person, nobody, nothing of ours
    await south.addPerson("sid");
    const sid = await signIn(south, "sid");
    const asked = evil.requests.length;
    await fails(sid.post(await base("yard"), { acct: `stranger@${evil.host.authority}` }), 403);
    await south.run("community", "set", "vault", "--sight", "members");
    await fails(saul.post(await base("vault"), { uri: evil.url("/users/stranger") }), 422, /stays on its server/);
    assert.equal(evil.requests.length, asked);
    await fails(saul.post(await base("yard"), { acct: `nora@${north.host.authority}` }), 422, /a group of another server/);
    await fails(saul.post(await base("yard"), { acct: `nobody@${north.host.authority}` }), 422, /cannot be found/);
    await fails(saul.post(await base("yard"), { uri: `${south.host.base}/users/shed` }), 422, /a group of another server/);
    // the office does the same
    const browser = new Browser(south);
    await browser.submit(await browser.get("/auth/communities"), "sign_in", { login: "saul", password: PASSWORD });
    const office = async () => browser.get(`/auth/communities?community=${(await south.person("yard")).id}`);
    const wrong = await browser.submit(await office(), "partner_offer", { who: `!nobody@${north.host.authority}` });
    assert.match(wrong.text, /cannot be found/);
    await browser.submit(await office(), "partner_offer", { who: `${north.host.base}/users/porch` });
    assert.match((await office()).text, /wait for an answer/);
    await signIn(north, "nora");
    const nora = new Browser(north);
    await nora.submit(await nora.get("/auth/communities"), "sign_in", { login: "nora", password: PASSWORD });
    const porch = async () => nora.get(`/auth/communities?community=${(await north.person("porch")).id}`);
    await until("it is asked", async () => /They ask to own it/.test((await porch()).text));
    await nora.submit(await porch(), "partner_accept", { account: (await north.person(`yard@${south.host.authority}`)).id });
    await until("they have agreed, and compare", async () => /Compared on/.test((await office()).text), FAR);
    await browser.submit(await office(), "partner_compare", { account: (await south.person(`porch@${north.host.authority}`)).id });
    await browser.submit(await office(), "partner_end", { account: (await south.person(`porch@${north.host.authority}`)).id });
    await until("it has ended on both sides", async () => [await office(), await porch()].every(({ text }) => /owned by this server alone/.test(text)), FAR);
    assert.match((await browser.get(`/auth/communities?community=${(await south.person("vault")).id}`)).text, /stays on this server/);
    await south.run("community", "joint", "end", "shed", (await north.person("cellar")).uri);
  });
  await test("what is compared is for partners alone", async () => {
    assert.equal((await get(north.host, "/users/plan/joint", { accept: "application/activity+json" })).status, 401);
    assert.equal((await spy.get(north, "/users/plan/joint")).status, 404);
  });

  // --- threads ---

  const picard = new Lemming(one, "picard");
  let thread, reply;
  await test("a server in Lemmy's shape joins the one in the middle", async () => {
    assert.equal(await picard.send(south, { ...picard.actor.activity("Follow", group.south), to: [group.south] }), 202);
    await picard.received("the Accept", ({ type, actor }) => type === "Accept" && actor === group.south);
  });
  const announced = (what, type, object) => received(one, what, (a) => a.type === "Announce" && a.actor === group.south && a.object?.type === type && (a.object.object?.id ?? a.object.object) === object, FAR);
  const times = (type, object) => count(one, (a) => a.type === "Announce" && a.actor === group.south && a.object?.type === type && (a.object.object?.id ?? a.object.object) === object);

  await test("a post at one end is in the community of the other, and told to followers once", async () => {
    thread = await north.post("nora", "@plan When shall we meet?");
    await everywhere(thread.uri);
    await announced("Lemmy is told", "Create", thread.uri);
    const { boosts } = await east.showPost(thread.uri);
    assert.equal(boosts, 1, "its profile shows it");
  });
  await test("a reply at the other end comes back to the first, and is passed on once by each", async () => {
    reply = await east.post("edda", "On Monday", "--reply-to", thread.uri);
    await everywhere(reply.uri);
    await everywhere(thread.uri, ({ replies }) => replies === 1);
    await announced("Lemmy is told", "Create", reply.uri);
    await settle();
    assert.equal(times("Create", thread.uri), 1);
    assert.equal(times("Create", reply.uri), 1);
  });
  await test("what the Lemmy in the middle says is at both ends", async () => {
    const page = picard.page("engage", group.south);
    assert.equal(await picard.act(south, "Create", page, group.south), 202);
    await everywhere(page.id);
    const comment = picard.comment("aye", thread.uri, group.south);
    assert.equal(await picard.act(south, "Create", comment, group.south), 202);
    await everywhere(comment.id);
  });
  await test("votes count on all, each once, and are taken back on all", async () => {
    await north.run("like", "nick", reply.uri);
    await south.run("like", "saul", reply.uri);
    await east.run("like", "edda", reply.uri);
    assert.equal(await picard.act(south, "Dislike", reply.uri, group.south), 202);
    await everywhere(reply.uri, ({ likes, dislikes }) => likes === 3 && dislikes === 1);
    await north.run("like", "nick", reply.uri, "--undo");
    await everywhere(reply.uri, ({ likes }) => likes === 2);
  });
  const said = ({ reactions }) => reactions.map(({ emoji, count: n }) => `${emoji} ${n}`).toSorted().join();
  const reacted = (uri, wanted) => everywhere(uri, (post) => said(post) === wanted.toSorted().join());
  const troi = new Lemming(one, "troi"); // whom the one in the middle alone hears
  const neko = { type: "Emoji", name: ":neko:", icon: { type: "Image", mediaType: "image/png", url: one.url("/neko.png") } };
  await test("reactions are the same on all, no votes, also of who is known at one alone; and are taken back on all", async () => {
    const { likes } = await south.showPost(reply.uri);
    await north.run("emoji", "add", "tea", `${north.host.base}/tea.png`);
    await north.run("react", "nick", reply.uri, FIRE);
    await north.run("react", "nick", reply.uri, ":tea:");
    await east.run("react", "edda", reply.uri, FIRE);
    assert.equal(await troi.act(south, "EmojiReact", reply.uri, group.south, { content: FIRE }), 202);
    assert.equal(await troi.act(south, "Like", reply.uri, group.south, { content: ":neko:", tag: [neko] }), 202);
    await reacted(reply.uri, [`${FIRE} 3`, ":neko: 1", ":tea: 1"]);
    for (const node of nodes) {
      const post = await node.showPost(reply.uri);
      assert.equal(post.likes, likes, node.name);
      assert.equal(post.reactions.find(({ emoji }) => emoji === ":neko:").url, neko.icon.url);
      assert.equal(post.reactions.find(({ emoji }) => emoji === ":tea:").url, `${north.host.base}/tea.png`);
    }
    await north.run("react", "nick", reply.uri, ":tea:", "--undo");
    assert.equal(await troi.undo(south, "EmojiReact", reply.uri, group.south, { content: FIRE }), 202);
    await reacted(reply.uri, [`${FIRE} 2`, ":neko: 1"]);
  });
  await test("an edit and a deletion reach all", async () => {
    await north.run("edit", "nora", thread.uri, "@plan When shall we meet, and where?");
    await everywhere(thread.uri, ({ text }) => /and where/.test(text));
    const slip = await east.post("edda", "@plan a slip");
    await everywhere(slip.uri);
    await east.run("delete-post", "edda", slip.id);
    await Promise.all(nodes.map((node) => gone(node, slip.uri)));
  });

  // --- moderation ---

  await test("locks, pins and removals of one are so on all, and end on all", async () => {
    await north.run("community", "lock", thread.uri, "--reason", "decided");
    await marked(thread.uri, ["locked"]);
    await everywhere(thread.uri, ({ community_reason: why }) => why === "decided");
    await announced("Lemmy is told", "Lock", thread.uri);
    await assert.rejects(east.post("emil", "too late", "--reply-to", thread.uri), /locked/);
    await east.run("community", "lock", thread.uri, "--undo");
    await marked(thread.uri, []);
    await everywhere(thread.uri, ({ community_reason: why }) => !why);
    await east.run("community", "pin", thread.uri);
    await marked(thread.uri, ["pinned"]);
    await south.run("community", "pin", thread.uri, "--undo");
    await marked(thread.uri, []);
    await south.run("community", "remove", reply.uri);
    await marked(reply.uri, ["removed"]);
    await north.run("community", "remove", reply.uri, "--undo");
    await marked(reply.uri, []);
  });
  await test("moderators of one are moderators of the next, and none of ours is taken away", async () => {
    await north.run("community", "appoint", "plan", "nick", "moderator");
    const nick = (await north.person("nick")).uri;
    await until("south names him", async () => (await getJson(south.host, "/users/plan/moderators")).orderedItems.includes(nick), FAR);
    const list = (await getJson(south.host, "/users/plan/moderators")).orderedItems;
    assert.ok(list.includes((await north.person("nora")).uri) && list.includes((await south.person("saul")).uri));
    await north.run("community", "appoint", "plan", "nick", "member");
    await until("and no more", async () => !(await getJson(south.host, "/users/plan/moderators")).orderedItems.includes(nick), FAR);
  });
  await test("whoever is banned by one is banned by all, but for those who moderate there", async () => {
    assert.equal(await picard.act(south, "Create", picard.comment("rude", thread.uri, group.south), group.south), 202);
    await everywhere(one.url("/users/picard/notes/rude"));
    await north.run("community", "ban", "plan", picard.id, "--reason", "rude");
    for (const node of nodes) {
      await until(`${node.name} has banned him`, async () => (await node.run("community", "members", "plan")).some(({ handle: h, role }) => h.startsWith("picard@") && role === "banned"), FAR);
    }
    assert.match(String(await picard.act(south, "Like", thread.uri, group.south)), /^403/);
    await south.run("community", "unban", "plan", picard.id);
    for (const node of nodes) {
      await until(`${node.name} lets him`, async () => !(await node.run("community", "members", "plan")).some(({ handle: h, role }) => h.startsWith("picard@") && role === "banned"), FAR);
    }
    const edda = (await east.person("edda")).uri;
    await south.run("community", "ban", "plan", edda);
    await settle();
    assert.equal((await east.run("community", "members", "plan")).find(({ handle: h }) => h === handle(east, "edda")).role, "owner");
    await south.run("community", "unban", "plan", edda);
  });
  await test("what one has accepted is accepted by all, whatever they ask of their own", async () => {
    await east.run("community", "set", "plan", "--premoderated", "true");
    const said = await north.post("nick", "@plan No questions asked");
    await inPlan(east, said.uri, ({ community_marks }) => community_marks.length === 0);
    await east.run("community", "set", "plan", "--premoderated", "false");
  });

  // --- circles ---

  await test("a circle of partners ends: each act is passed on once", async () => {
    await north.run("community", "joint", "offer", "plan", group.east);
    await until("asked", async () => (await state(east, north)) === "asked");
    await east.run("community", "joint", "accept", "plan", group.north);
    await agreed(north, east);
    await agreed(east, north);
    await picard.send(south, { ...picard.actor.activity("Follow", group.south), id: one.url("/activities/follow-again"), to: [group.south] });
    await settle();
    const round = await north.post("nora", "@plan Round and round");
    await everywhere(round.uri);
    await south.run("community", "lock", round.uri);
    await marked(round.uri, ["locked"]);
    await south.run("community", "lock", round.uri, "--undo");
    await marked(round.uri, []);
    await settle();
    assert.equal(times("Create", round.uri), 1);
    assert.equal(times("Lock", round.uri), 1);
    await marked(round.uri, []);
    await north.run("community", "joint", "end", "plan", group.east);
    await until("both know", async () => (await state(north, east)) === null && (await state(east, north)) === null);
  });

  // --- away ---

  const [other, riker] = [new Lemming(one, "laforge"), new Lemming(one, "riker")];
  const banned = async (node) => (await node.run("community", "members", "plan")).filter(({ role }) => role === "banned").map(({ handle: h }) => h.split("@")[0]).sort();
  let missed;
  await test("somebody is banned by all", async () => {
    for (const [who, node] of [[riker, south], [other, north]]) {
      assert.equal(await who.send(node, { ...who.actor.activity("Follow", group[node.name]), to: [group[node.name]] }), 202);
      await who.received("the Accept", ({ type, actor }) => type === "Accept" && actor === group[node.name]);
    }
    await south.run("community", "ban", "plan", riker.id);
    for (const node of nodes) await until(`${node.name} has banned him`, async () => (await banned(node)).join() === "riker", FAR);
  });

  await test("a node that is killed, and misses what happens, is complete when it is back", async () => {
    await settle();
    await east.stop("SIGKILL");
    missed = [];
    for (let i = 0; i < 5; i++) missed.push(await north.post("nora", `@plan While you were away ${i}`));
    await north.run("community", "lock", missed[0].uri, "--reason", "said already");
    await north.run("delete-post", "nora", missed[4].id);
    await everywhere(missed[3].uri, undefined, [north, south]);
    // votes, on what is new and on what east knows, one of them taken back; a ban, and the end of another
    await south.run("community", "lock", old.uri, "--reason", "old");
    await north.run("like", "nora", missed[0].uri);
    await south.run("like", "saul", missed[0].uri);
    await south.run("like", "saul", thread.uri);
    await south.run("like", "saul", reply.uri, "--undo");
    assert.equal(await picard.act(south, "Dislike", missed[0].uri, group.south), 202);
    assert.equal(await picard.act(south, "Like", thread.uri, group.south), 202);
    await everywhere(missed[0].uri, ({ likes, dislikes }) => likes === 2 && dislikes === 1, [north, south]);
    // reactions, of who is known to east and who is not, and one that is taken back
    await north.run("react", "nora", missed[0].uri, FIRE);
    await south.run("react", "saul", missed[1].uri, FIRE);
    await north.run("react", "nick", reply.uri, FIRE, "--undo");
    assert.equal(await troi.act(south, "EmojiReact", missed[0].uri, group.south, { content: FIRE }), 202);
    assert.equal(await troi.act(south, "Like", missed[0].uri, group.south, { content: ":neko:", tag: [neko] }), 202);
    await north.run("community", "ban", "plan", other.id, "--reason", "loud");
    await south.run("community", "unban", "plan", riker.id);
    await until("south has both", async () => (await banned(south)).join() === "laforge", FAR);
    // the deliveries are lost, too: only comparing helps
    await south.settles();
    for (const { id, lane, kind } of await south.run("queue", "list", "--limit", 1000)) {
      if (lane === east.host.authority && kind === "deliver") await south.run("queue", "drop", id).catch(() => {});
    }
    await east.start();
    await east.run("community", "joint", "compare", "plan", group.south);
    // and once more in the middle of it
    await east.stop("SIGKILL");
    await east.start();
    await everywhere(missed[3].uri);
    for (let i = 0; i < 4; i++) await everywhere(missed[i].uri);
    await marked(missed[0].uri, ["locked"]);
    await everywhere(missed[0].uri, ({ community_reason: why }) => why === "said already");
    await marked(old.uri, ["locked", "pinned"]);
    await everywhere(old.uri, ({ community_reason: why }) => why === "old");
    assert.equal(await east.knows(missed[4].uri), null);
  });
  await test("votes, reactions and bans that it missed are the same there, too: none lost, none twice", async () => {
    await settle();
    await east.run("community", "joint", "compare", "plan", group.south);
    await everywhere(missed[0].uri, ({ likes, dislikes }) => likes === 2 && dislikes === 1);
    const { likes } = await south.showPost(thread.uri);
    await everywhere(thread.uri, (post) => post.likes === likes);
    assert.ok(likes >= 2, `${likes}`);
    await everywhere(reply.uri, (post) => post.likes === 1 && post.dislikes === 1);
    await reacted(missed[0].uri, [`${FIRE} 2`, ":neko: 1"]);
    await reacted(missed[1].uri, [`${FIRE} 1`]);
    await reacted(reply.uri, [`${FIRE} 1`, ":neko: 1"]);
    assert.equal((await east.showPost(missed[0].uri)).reactions.find(({ emoji }) => emoji === ":neko:").url, neko.icon.url);
    await until("east has both bans", async () => (await banned(east)).join() === "laforge", FAR);
  });
  await test("afterwards both say the same", async () => {
    await settle();
    await until("nothing lacks", async () => {
      await east.run("community", "joint", "compare", "plan", group.south);
      await settle();
      return (await partners(east)).every(({ lacking, compared }) => lacking === 0 && compared !== null);
    }, 30_000);
    for (const node of nodes) await node.check();
  });

  // --- lies ---

  await test("who is no partner has no say: offers, answers and acts of strangers come to nothing", async () => {
    const fake = new LemmyCommunity(evil, "fake");
    const relation = { type: "Relationship", subject: group.south, relationship: RELATION, object: group.north };
    const before = await partners(north);
    // in the name of another, an answer to what was not asked, an end of what is not its own
    await fake.actor.post(north, fake.actor.activity("Offer", relation, { to: [group.north] }));
    await fake.actor.post(north, fake.actor.activity("Accept", { id: `${group.north}#offers/1`, type: "Offer", actor: group.north, object: { ...relation, subject: group.north, object: fake.id } }, { to: [group.north] }));
    await fake.actor.post(north, fake.actor.activity("Undo", { id: `${group.south}#offers/1`, type: "Offer", actor: group.south, object: relation }, { to: [group.north] }));
    await fake.actor.post(north, fake.actor.activity("Reject", { id: `${group.north}#offers/1`, type: "Offer", actor: group.north, object: { ...relation, subject: group.north, object: group.south } }, { to: [group.north] }));
    assert.equal(await fake.tell(north, picard.activity("Lock", thread.uri, group.north)), 202);
    await settle();
    assert.deepEqual(await partners(north), before);
    assert.deepEqual((await north.showPost(thread.uri)).community_marks, []);
  });
  await test("a partner says nothing about what is not in the joint community", async () => {
    // the stranger becomes a partner of another community
    const rogue = new LemmyCommunity(evil, "rogue");
    await south.run("community", "create", "other", "--owner", "saul");
    const other = (await south.person("other")).uri;
    await rogue.actor.post(south, rogue.actor.activity("Offer", { type: "Relationship", subject: rogue.id, relationship: RELATION, object: other }, { to: [other] }));
    await until("it is asked", async () => (await south.run("community", "joint", "list", "other")).length === 1);
    await south.run("community", "joint", "accept", "other", rogue.id);
    const accept = await received(evil, "the Accept", ({ type, actor }) => type === "Accept" && actor === other);
    assert.equal(accept.object.object.relationship, RELATION);
    fitsSchema(accept);
    await expand(accept);
    const mallory = new Lemming(evil, "mallory");
    const plain = await south.post("saul", "said to nobody in particular");
    const saul = (await south.person("saul")).uri;
    for (const inner of [
      mallory.activity("Lock", thread.uri, rogue.id),
      mallory.activity("Delete", reply.uri, rogue.id, { summary: "" }),
      mallory.activity("Add", picard.id, rogue.id, { target: `${rogue.id}/moderators` }),
      mallory.activity("Block", saul, rogue.id, { target: rogue.id }),
      { ...picard.activity("Create", picard.comment("forged", thread.uri, group.south, { content: "<p>never said</p>" }), group.south), id: one.url("/activities/forged") },
    ]) assert.equal(await rogue.tell(south, inner), 202);
    assert.equal(await rogue.tell(south, plain.uri), 202);
    await settle();
    assert.deepEqual((await south.showPost(thread.uri)).community_marks, []);
    assert.deepEqual((await south.showPost(reply.uri)).community_marks, ["comment"]);
    assert.equal((await south.showPost(thread.uri)).community, handle(south, "plan"));
    assert.equal((await south.showPost(plain.uri)).community ?? null, null);
    assert.equal((await south.run("community", "members", "other")).find(({ handle: h }) => h === handle(south, "saul")).role, "owner");
    assert.deepEqual((await getJson(south.host, "/users/other/moderators")).orderedItems, [saul]);
    // it may look at what is there, and at nothing else
    await settle();
    assert.equal((await spy.get(south, "/users/plan/joint")).status, 404);
    const look = async (query = "") => {
      const { status, text } = await spy.get(south, `/users/other/joint${query}`);
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };
    assert.equal((await look()).totalItems, 0);
    // what it does say in its own
    const page = mallory.page("own", rogue.id);
    assert.equal(await rogue.tell(south, mallory.activity("Create", page, rogue.id)), 202);
    await south.seesPost(page.id, ({ community }) => community === handle(south, "other"));
    assert.equal(await rogue.tell(south, mallory.activity("Lock", page.id, rogue.id)), 202);
    await south.seesPost(page.id, ({ community_marks }) => community_marks.includes("locked"));
    const sums = await look();
    const digest = (text) => createHash("sha256").update(text).digest("hex");
    assert.deepEqual(sums.buckets, [{ bucket: parseInt(digest(page.id).slice(0, 2), 16), totalItems: 1, digest: digest(`${page.id}\nl\n0`) }]);
    const items = await look(`?bucket=${sums.buckets[0].bucket}`);
    assert.deepEqual(items.orderedItems.map(({ id, state: letters }) => [id, letters]), [[page.id, "l"]]);
    // and how people have voted there, without their names; who is banned
    assert.equal(await rogue.tell(south, mallory.activity("Like", page.id, rogue.id)), 202);
    await south.seesPost(page.id, ({ likes }) => likes === 1);
    const votes = await look("?of=votes");
    const name = (id) => digest(id).slice(0, 32);
    const first = (id) => parseInt(digest(id).slice(0, 2), 16);
    assert.deepEqual(votes.buckets, [{ bucket: first(page.id) ^ first(mallory.id), totalItems: 1, digest: digest(`${name(page.id)}\n${name(mallory.id)}\nup`) }]);
    const voted = await look(`?of=votes&bucket=${votes.buckets[0].bucket}`);
    assert.deepEqual(voted.orderedItems.map(({ post, voter, vote }) => [post, voter, vote]), [[name(page.id), name(mallory.id), "up"]]);
    // with what they have reacted, in their activity's words
    const cat = { type: "Emoji", name: ":cat:", icon: { type: "Image", url: evil.url("/cat.png") } };
    assert.equal(await rogue.tell(south, mallory.activity("EmojiReact", page.id, rogue.id, { content: ":cat:", tag: [cat] })), 202);
    await south.seesPost(page.id, ({ reactions }) => reactions.length === 1);
    const reactions = await look("?of=reactions");
    assert.deepEqual(reactions.buckets, [{ bucket: first(page.id) ^ first(mallory.id), totalItems: 1, digest: digest([page.id, mallory.id, ":cat:"].map(name).join("\n")) }]);
    const felt = await look(`?of=reactions&bucket=${reactions.buckets[0].bucket}`);
    assert.deepEqual(felt.orderedItems.map(({ voter, emoji, content, host, tag }) => [voter, emoji, content, host, tag[0].icon.url]), [[name(mallory.id), name(":cat:"), ":cat:", evil.host.authority, cat.icon.url]]);
    await south.run("community", "ban", "other", mallory.id, "--reason", "spam", "--until", "2040-01-01T00:00:00Z");
    const bans = await look("?of=bans");
    assert.deepEqual(bans.buckets, [{ bucket: first(mallory.id), totalItems: 1, digest: digest(`${name(mallory.id)}\n${Date.parse("2040-01-01T00:00:00Z")}`) }]);
    const banned = await look(`?of=bans&bucket=${bans.buckets[0].bucket}`);
    assert.deepEqual(banned.orderedItems.map(({ id, banned: is, summary }) => [id, is, summary]), [[mallory.id, true, "spam"]]);
    for (const document of [sums, items, votes, voted, reactions, felt, bans, banned]) {
      fitsSchema(document);
      await expand(document);
    }
  });
  await test("what a partner claims of others' people when it is compared with comes to nothing; lists that are forged or never end neither", async () => {
    const [rogue, mallory] = [{ id: `${evil.host.base}/users/rogue` }, { id: `${evil.host.base}/users/mallory` }];
    const hash = (text) => createHash("sha256").update(text).digest();
    const half = (id) => hash(id).subarray(0, 16).toString("hex");
    const page = `${evil.host.base}/users/mallory/notes/own`;
    const saul = (await south.person("saul")).uri;
    const far = Date.now() + 1e9;
    const bucket = (voter, post = page) => hash(post)[0] ^ hash(voter)[0];
    const collection = `${rogue.id}/joint`;
    const serve = (query, document) => evil.page(`/users/rogue/joint${query}`, { "@context": "https://www.w3.org/ns/activitystreams", id: `${collection}${query}`, ...document });
    const heads = (rows) => serve("?of=votes", { type: "OrderedCollection", totalItems: rows.length, buckets: rows });
    const list = (number, orderedItems, next) => serve(`?bucket=${number}&of=votes`, { type: "OrderedCollectionPage", orderedItems, ...(next && { next }) });
    const compare = async () => {
      const asked = evil.count("/users/rogue/joint?of=bans");
      await south.run("community", "joint", "compare", "other", rogue.id);
      await settle();
      return evil.count("/users/rogue/joint?of=bans") > asked;
    };
    serve("", { type: "OrderedCollection", totalItems: 1, buckets: [{ bucket: hash(page)[0], totalItems: 1, digest: hash(`${page}\nl\n0`).toString("hex") }] });
    serve("?of=bans", { type: "OrderedCollection", totalItems: 0, buckets: [] });
    serve("?of=reactions", { type: "OrderedCollection", totalItems: 1, buckets: [{ bucket: bucket(saul), totalItems: 1, digest: hash("forged").toString("hex") }] });
    serve(`?bucket=${bucket(saul)}&of=reactions`, { type: "OrderedCollectionPage", orderedItems: [{ post: half(page), voter: half(saul), emoji: half(FIRE), content: FIRE, stateTime: far }] });
    serve(`?bucket=${bucket(mallory.id)}&of=reactions`, { type: "OrderedCollectionPage", orderedItems: [] });
    const forged = (voter, post) => ({ bucket: bucket(voter, post), totalItems: 1, digest: hash(`${voter} forged`).toString("hex") });
    const vote = (voter, said, fields = {}) => ({ post: half(page), voter: half(voter), vote: said, stateTime: far, ...fields });
    // of south's own people; and of a post that is not in it
    heads([forged(saul), forged(picard.id, thread.uri)]);
    list(bucket(saul), [vote(saul, "down")]);
    list(bucket(mallory.id), []);
    list(bucket(picard.id, thread.uri), [vote(picard.id, "up", { post: half(thread.uri) })]);
    const before = await south.showPost(thread.uri);
    assert.ok(await compare());
    const after = await south.showPost(page);
    assert.deepEqual([after.likes, after.dislikes, said(after)], [1, 0, ":cat: 1"]);
    serve("?of=reactions", { type: "OrderedCollection", totalItems: 0, buckets: [] });
    assert.equal((await south.showPost(thread.uri)).likes, before.likes);
    // its own take back theirs
    heads([forged(mallory.id)]);
    list(bucket(mallory.id), [vote(mallory.id, "none", { stateTime: 1 })]);
    assert.ok(await compare());
    assert.equal((await south.showPost(page)).likes, 0);
    // what is no list is none, in no part
    list(bucket(mallory.id), [vote(mallory.id, "up"), vote(mallory.id, "up")]);
    assert.ok(!(await compare()));
    list(bucket(mallory.id), [vote(mallory.id, "up")], `${collection}?bucket=${bucket(mallory.id)}&of=votes`);
    const pages = evil.count("/users/rogue/joint?bucket=");
    await compare();
    assert.ok(evil.count("/users/rogue/joint?bucket=") < pages + 10, "it goes round and round");
    assert.equal((await south.showPost(page)).likes, 1);
    for (const node of nodes) await node.check();
  });

  // --- the end ---

  await test("when it ends, each keeps what was said, and nothing flows any more", async () => {
    await south.run("community", "joint", "end", "plan", group.north);
    await until("both know", async () => (await state(south, north)) === null && (await state(north, south)) === null);
    const nora = (await north.person("nora")).uri;
    assert.ok(!(await getJson(south.host, "/users/plan/moderators")).orderedItems.includes(nora));
    const alone = await north.post("nora", "@plan Is anybody there?");
    await settle();
    assert.equal(await south.knows(alone.uri), null);
    assert.equal((await south.showPost(thread.uri)).community, handle(south, "plan"));
    assert.equal((await get(north.host, "/users/plan")).status, 200);
    for (const node of nodes) await node.check();
  });
});
