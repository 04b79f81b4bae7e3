// What three nodes that own a community together share and decide, in a chain: north – south – east. Resources with all versions
// and files are on each, also when they are revised at once, and go from all; members vote on their own node, and every node counts the
// same; a node that was away has all when it is back. Who is no partner, or says what cannot be, has no effect.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { LemmyCommunity, received } from "../lib/lemmy.mjs";
import { fediflow } from "../lib/node.mjs";
import { sendForm } from "../lib/picture.mjs";
import { base58, rawPeer, reply } from "../lib/rawpeer.mjs";
import { fitsSchema } from "../lib/schemas.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const API = "/api/fediflow/v1";
const RELATION = "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#jointCommunity";
const settings = { api: { rate: 100000, rate_media: 1000, rate_delete: 1000 } };
const FAR = 20_000; // over two hops
const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const hex = (bytes) => sha256(bytes).toString("hex");
const pdf = (word) => Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Word (${word}) >>\nendobj\ntrailer\n%%EOF\n`);
const soon = (ms) => new Date(Date.now() + ms).toISOString();

// RFC 8785, for strings, small numbers, lists and objects.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// FEP-8b32: eddsa-jcs-2022, by hand.
function proved(record, actor) {
  const options = { type: "DataIntegrityProof", cryptosuite: "eddsa-jcs-2022", created: `${new Date().toISOString().slice(0, 19)}Z`, verificationMethod: actor.edKeyId, proofPurpose: "assertionMethod", "@context": record["@context"] };
  const signature = crypto.sign(null, Buffer.concat([sha256(canonical(options)), sha256(canonical(record))]), actor.ed.privateKey);
  return { ...record, proof: { ...options, proofValue: `z${base58(signature)}` } };
}

// Instant runoff for one seat, counted anew: the votes of each round. Of those with the fewest goes who had fewer the round before, else
// the last.
function runoff(papers, options) {
  const rounds = [], left = new Set([...Array(options).keys()].map((i) => i + 1));
  for (;;) {
    const votes = Array(options).fill(0);
    for (const choices of papers) {
      const first = choices.find((option) => left.has(option));
      if (first !== undefined) votes[first - 1]++;
    }
    rounds.push(votes);
    if (left.size === 1) return rounds;
    const before = [...rounds].reverse();
    const [weakest] = [...left].sort((a, b) => (before.map((round) => round[a - 1] - round[b - 1]).find((n) => n !== 0) ?? b - a));
    left.delete(weakest);
  }
}

await run("joint-decisions", async (suite) => {
  const [north, south, east, evil] = await Promise.all([fediflow("north", { settings }), fediflow("south", { settings }), fediflow("east", { settings }), rawPeer("evil")]);
  const nodes = [north, south, east];
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  const owners = { north: "nora", south: "saul", east: "edda" };
  const members = { north: "nick", south: "sonja", east: "emil" };
  const owner = {}, member = {}, group = {}, plan = {};
  for (const node of nodes) {
    for (const name of [owners[node.name], members[node.name]]) await node.addPerson(name);
    await node.run("community", "create", "plan", "--owner", owners[node.name], "--display-name", `Plan ${node.name}`);
    await node.follow(members[node.name], "plan");
    owner[node.name] = await signIn(node, owners[node.name]);
    member[node.name] = await signIn(node, members[node.name]);
    group[node.name] = (await node.person("plan")).uri;
    plan[node.name] = (await owner[node.name].get("/api/v1/accounts/lookup?acct=plan")).id;
  }
  const as = (node, who = owner) => who[node.name];
  const resources = (node) => as(node).get(`${API}/communities/${plan[node.name]}/resources`);
  const share = (node, fields) => as(node).post(`${API}/communities/${plan[node.name]}/resources`, fields);
  const resource = async (node, title) => (await resources(node)).find(({ version }) => version.title === title);
  const versions = (node, id) => as(node).get(`${API}/resources/${id}/versions`);
  const consultations = (node) => as(node).get(`${API}/communities/${plan[node.name]}/consultations`);
  const consultation = async (node, question) => (await consultations(node)).find((c) => c.question === question);
  const call = (node, fields) => as(node).post(`${API}/communities/${plan[node.name]}/consultations`, fields);
  const vote = (client, id, ...choices) => client.post(`${API}/consultations/${id}/votes`, { choices });
  const result = (node, id) => as(node).get(`${API}/consultations/${id}/result`);
  const there = (what, ask, limit = FAR) => until(what, async () => (await ask()) || false, limit);
  const everywhere = (title, fits = () => true, where = nodes) =>
    Promise.all(where.map((node) => there(`${node.name} has ${title} as it should be`, async () => {
      const found = await resource(node, title);
      return found && fits(found, node) ? found : false;
    })));
  const asked = (question, fits = () => true, where = nodes) =>
    Promise.all(where.map((node) => there(`${node.name} has ${question} as it should be`, async () => {
      const found = await consultation(node, question);
      return found && fits(found, node) ? found : false;
    })));
  const fails = (promise, status) => assert.rejects(promise, (error) => error.status === status);
  const upload = async (client, bytes) => {
    const { status, body } = await sendForm(client, "POST", "/api/v2/media", { file: bytes, resource: "true" });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const ally = async (a, b) => {
    await a.run("community", "joint", "offer", "plan", group[b.name]);
    await there("the offer is there", async () => (await b.run("community", "joint", "list", "plan")).some(({ state }) => state === "asked"));
    await b.run("community", "joint", "accept", "plan", group[a.name]);
    await there("they have agreed", async () => (await a.run("community", "joint", "list", "plan")).some(({ state, handle }) => state === "agreed" && handle.endsWith(`@${b.host.authority}`)));
  };

  // --- resources ---

  const charter = pdf("charter");
  let past;
  await suite.test("what was shared and asked before partners come", async () => {
    past = await share(north, { title: "Charter", media_id: (await upload(as(north), charter)).id });
    assert.equal(past.partner_id, null);
    await share(north, { title: "Wiki", url: "https://wiki.example/1" });
    await call(north, { question: "Begin?", options: ["Yes", "No"], closes_at: soon(3_600_000) });
    await ally(north, south);
    await ally(south, east);
  });

  await suite.test("it is on all of them, its file copied, over two hops", async () => {
    const found = await everywhere("Charter", (r, node) => node === north || r.partner_id !== null);
    for (const [i, node] of nodes.entries()) {
      const url = found[i].version.media.url;
      assert.ok(url.startsWith(`${node.host.base}/media/files/`) && url.endsWith(".pdf"), url);
      const file = await get(node.host, new URL(url).pathname);
      assert.equal(file.status, 200);
      assert.equal(file.text, charter.toString("latin1"));
      assert.equal(file.headers["content-disposition"], "attachment");
      assert.equal(file.headers["content-type"], "application/pdf");
      assert.equal(file.headers["x-content-type-options"], "nosniff");
      assert.match(file.headers["content-security-policy"], /sandbox/);
    }
    await everywhere("Wiki", ({ version }) => version.url === "https://wiki.example/1");
    await asked("Begin?");
  });

  await suite.test("a revision of another node's resource is one more version on all", async () => {
    const { id } = await resource(east, "Charter");
    await as(east).post(`${API}/resources/${id}/versions`, { title: "Charter", media_id: (await upload(as(east), pdf("second"))).id, note: "signed" });
    const found = await everywhere("Charter", ({ versions_count, version }) => versions_count === 2 && version.note === "signed");
    for (const [i, node] of nodes.entries()) {
      const all = await versions(node, found[i].id);
      assert.deepEqual(all.map(({ number, note }) => [number, note]), [[2, "signed"], [1, ""]]);
    }
  });

  await suite.test("revised on two nodes at once, both versions stay, in one order", async () => {
    const [a, b] = [await resource(north, "Wiki"), await resource(east, "Wiki")];
    await Promise.all([
      as(north).post(`${API}/resources/${a.id}/versions`, { title: "Wiki", url: "https://wiki.example/north" }),
      as(east).post(`${API}/resources/${b.id}/versions`, { title: "Wiki", url: "https://wiki.example/east" }),
    ]);
    const found = await everywhere("Wiki", ({ versions_count }) => versions_count === 3);
    const orders = await Promise.all(nodes.map(async (node, i) => (await versions(node, found[i].id)).map(({ url }) => url)));
    assert.deepEqual(orders[0].toSorted(), ["https://wiki.example/1", "https://wiki.example/east", "https://wiki.example/north"]);
    assert.deepEqual(orders[1], orders[0]);
    assert.deepEqual(orders[2], orders[0]);
  });

  // Kills fall where they fall: between two records, within one, while a file comes, at the source and at who reads.
  await suite.test("killed again and again while a ledger is read and files are copied, a node has all of it once", async () => {
    await south.settles();
    await east.stop("SIGKILL");
    const minutes = [];
    for (let i = 0; i < 16; i++) {
      const bytes = pdf(`minutes ${i} ${crypto.randomBytes(100_000).toString("hex")}`);
      minutes.push({ title: `Minutes ${i}`, digest: hex(bytes) });
      await share(north, { title: `Minutes ${i}`, media_id: (await upload(as(north), bytes)).id });
    }
    for (const { title } of minutes) await everywhere(title, undefined, [south]);
    for (let round = 0; round < 10; round++) {
      await east.start();
      await east.run("community", "joint", "compare", "plan", group.south);
      await new Promise((resolve) => setTimeout(resolve, 20 + 60 * round));
      if (round % 3 === 2) {
        await south.stop("SIGKILL");
        await south.start();
      }
      await east.stop("SIGKILL");
    }
    await east.start();
    await east.run("community", "joint", "compare", "plan", group.south);
    for (const { title, digest } of minutes) {
      const [found] = await everywhere(title, ({ version }) => version.media !== null, [east]);
      const { status, text } = await get(east.host, new URL(found.version.media.url).pathname);
      assert.deepEqual([status, hex(Buffer.from(text, "latin1"))], [200, digest]);
    }
    const all = (await resources(east)).map(({ version }) => version.title).filter((title) => title.startsWith("Minutes"));
    assert.deepEqual(all.toSorted(), minutes.map(({ title }) => title).toSorted());
    for (const { id, versions_count: count } of await resources(east)) assert.equal((await versions(east, id)).length, count);
    await east.check();
    for (const { title } of minutes) await as(north).ask("DELETE", `${API}/resources/${(await resource(north, title)).id}`);
    for (const node of nodes) await there(`${node.name} has lost them`, async () => (await resources(node)).every(({ version }) => !version.title.startsWith("Minutes")));
  }, 120_000);

  await suite.test("who may not share here changes nothing; who may drop it here drops it everywhere, and it stays gone", async () => {
    const wiki = await resource(south, "Wiki");
    await fails(as(south, member).post(`${API}/resources/${wiki.id}/versions`, { title: "Wiki", url: "https://x.example/" }), 403);
    await fails(as(south, member).ask("DELETE", `${API}/resources/${wiki.id}`), 403);
    await as(south).ask("DELETE", `${API}/resources/${wiki.id}`);
    for (const node of nodes) await there(`${node.name} has lost it`, async () => (await resource(node, "Wiki")) === undefined);
    for (const node of nodes) await node.settles();
    for (const node of nodes) assert.equal(await resource(node, "Wiki"), undefined);
  });

  await suite.test("what is in the ledger is for partners alone, and fits its schema", async () => {
    assert.equal((await get(north.host, "/users/plan/ledger", { accept: "application/activity+json" })).status, 401);
    const spy = evil.actor("spy");
    assert.equal((await spy.get(north, "/users/plan/ledger")).status, 404);
    assert.equal((await spy.get(north, `/users/plan/ledger/records/${"0".repeat(64)}`)).status, 404);
  });

  // --- consultations ---

  let ballot;
  const papersOf = (r) => r.papers.map(({ receipt_digest, choices }) => `${receipt_digest} ${choices.join(" ")}\n`).toSorted();
  await suite.test("a consultation that is called on one node is asked on all", async () => {
    ballot = await call(south, { question: "Which tea?", options: ["Green", "Black", "None"], method: "ranked", closes_at: soon(25_000), papers_until: soon(70_000) });
    await fails(call(south, { question: "x", options: ["a", "b"], closes_at: soon(60_000), role_ids: ["999999"] }), 422);
    const found = await asked("Which tea?", (c, node) => c.may_vote && (c.partner_id === null) === (node === south));
    for (const c of found) assert.deepEqual([c.method, c.options.map(({ title }) => title), c.closes_at], ["ranked", ["Green", "Black", "None"], ballot.closes_at]);
    await fails(as(north).ask("DELETE", `${API}/consultations/${found[0].id}`), 403);
  });

  const receipts = [];
  await suite.test("members vote on their own node; one that is away counts when it is back", async () => {
    const [a, b, c] = await asked("Which tea?");
    for (const [client, id, ...choices] of [
      [owner.north, a.id, 1, 2], [member.north, a.id, 2, 1], [owner.south, b.id, 2], [member.south, b.id, 3, 2], [owner.east, c.id, 2, 3],
    ]) {
      receipts.push((await vote(client, id, ...choices)).receipt);
    }
    await fails(vote(member.east, c.id, 7), 422);
    // each has said that it takes part before one of them is gone
    for (const node of nodes) await node.settles();
    await east.stop("SIGKILL");
  });

  await suite.test("when it is over, those that are there wait for who is missing, and say so", async () => {
    const [a, b] = await asked("Which tea?", undefined, [north, south]);
    const results = await Promise.all([[north, a], [south, b]].map(([node, { id }]) =>
      there(`${node.name} has what ${node === north ? "south" : "north"} has told`, async () => {
        const r = await result(node, id).catch(() => null);
        return r !== null && r.nodes.length === 3 && r.nodes.filter(({ state }) => state === "in").length === 2 ? r : false;
      }, 45_000)));
    for (const r of results) {
      assert.deepEqual([r.complete, r.final, r.decided], [false, false, false]);
      assert.equal(r.nodes.filter(({ state }) => state === "missing").length, 1);
      assert.equal(r.papers.length, 4);
    }
    assert.deepEqual(papersOf(results[0]), papersOf(results[1]));
  }, 60_000);

  await suite.test("back again, every node has the same result, and anybody counts it again", async () => {
    await east.start();
    const found = await asked("Which tea?");
    const results = await Promise.all(nodes.map((node, i) =>
      there(`${node.name} has all papers`, async () => {
        const r = await result(node, found[i].id).catch(() => null);
        return r?.complete ? r : false;
      }, 30_000)));
    for (const r of results) {
      assert.deepEqual([r.final, r.decided, r.winners], [true, true, [2]]);
      assert.ok(r.nodes.every(({ state, contradicted }) => state === "in" && !contradicted));
      assert.deepEqual(papersOf(r), papersOf(results[0]));
      assert.equal(r.digest, results[0].digest);
      // anew: every receipt is there, nobody is named, and the digest is over what is told
      assert.deepEqual(r.papers.map(({ receipt_digest }) => receipt_digest).toSorted(), receipts.map((receipt) => hex(receipt).slice(0, 32)).toSorted());
      assert.ok(r.papers.every(({ account_id }) => account_id === null));
      assert.equal(hex(papersOf(r).join("")), r.digest);
      assert.deepEqual(r.rounds.map(({ votes }) => votes), runoff(r.papers.map(({ choices }) => choices), 3));
    }
    // votes after the end count nowhere
    await fails(vote(member.east, found[2].id, 1), 403);
  }, 60_000);

  await suite.test("it is called off where it was called, and then on all", async () => {
    const off = await call(north, { question: "Off?", options: ["Yes", "No"], closes_at: soon(3_600_000) });
    await asked("Off?");
    await as(north).ask("DELETE", `${API}/consultations/${off.id}`);
    await asked("Off?", ({ state }) => state === "cancelled");
  });

  // --- who says what cannot be ---

  const records = new Map(); // name -> text
  let rogue, told = 0;
  const ledger = () => `${rogue.id}/ledger`;
  const sum = () => {
    const xor = Buffer.alloc(32);
    for (const name of records.keys()) Buffer.from(name, "hex").forEach((byte, i) => (xor[i] ^= byte));
    return { id: ledger(), type: "OrderedCollection", totalItems: records.size, ledgerDigest: xor.toString("hex") };
  };
  const put = (record) => {
    const text = JSON.stringify(record), name = hex(text);
    records.set(name, text);
    evil.page(`/${ledger().split("/").slice(3).join("/")}/records/${name}`, text);
    return name;
  };
  const tell = () => rogue.actor.post(south, rogue.actor.activity("Update", sum(), { to: [group.south], id: `${rogue.id}#ledger/${++told}` }));
  const CONTEXT = ["https://www.w3.org/ns/activitystreams", { fediflow: "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#" }];
  let serial = 0;
  const activity = (type, object, fields = {}) => ({ "@context": CONTEXT, id: `${rogue.id}/ledger/${++serial}`, type, actor: rogue.id, published: new Date(Date.now() - 1000).toISOString(), object, ...fields });
  const link = (title, fields = {}) => ({ id: `${rogue.id}/resources/${title}`, type: "Page", attributedTo: rogue.id, name: title, url: "https://rogue.example/", ...fields });
  const file = (title, bytes, digest = sha256(bytes), mediaType = "application/pdf") => {
    evil.page(`/files/${title}`, (_, response) => reply(response, bytes, "application/pdf"));
    return { ...link(title), type: "Document", url: { type: "Link", href: evil.url(`/files/${title}`), mediaType, fileSize: bytes.length, digestSRI: `sha256-${digest.toString("base64")}` } };
  };
  const arrived = async (title, limit) => {
    await there(`south has ${title}`, () => resource(south, title), limit);
    await there(`north has ${title}`, () => resource(north, title), limit);
  };

  await suite.test("a group in another program's shape becomes a partner, and shares what others then have", async () => {
    rogue = new LemmyCommunity(evil, "rogue");
    evil.page("/users/rogue/ledger", (request, response) => {
      const page = new URL(request.url, evil.host.base).searchParams.has("before");
      const items = [...records.keys()].reverse().map((name) => `${ledger()}/records/${name}`);
      reply(response, page ? { "@context": CONTEXT, id: `${ledger()}?before=0`, type: "OrderedCollectionPage", partOf: ledger(), orderedItems: items } : { "@context": CONTEXT, ...sum(), first: `${ledger()}?before=0` });
    });
    await rogue.actor.post(south, rogue.actor.activity("Offer", { type: "Relationship", subject: rogue.id, relationship: RELATION, object: group.south }, { to: [group.south] }));
    await there("the offer is there", async () => (await south.run("community", "joint", "list", "plan")).some(({ state }) => state === "asked"));
    await south.run("community", "joint", "accept", "plan", rogue.id);
    await received(evil, "the Accept", ({ type, actor }) => type === "Accept" && actor === group.south);
    put(proved(activity("Create", link("Fair")), rogue.actor));
    put(proved(activity("Create", file("Paper", pdf("paper"))), rogue.actor));
    await tell();
    await arrived("Fair");
    await arrived("Paper");
    await received(evil, "its ledger is told", ({ type, actor, object }) => type === "Update" && actor === group.south && object.id === `${group.south}/ledger`);
  });

  await suite.test("a partner reads what is served: heads, pages and records fit their schema", async () => {
    const head = JSON.parse((await rogue.actor.get(south, "/users/plan/ledger")).text);
    fitsSchema(head);
    const page = JSON.parse((await rogue.actor.get(south, "/users/plan/ledger?before=0")).text);
    fitsSchema(page);
    assert.equal(page.orderedItems.length, head.totalItems);
    const xor = Buffer.alloc(32);
    const seen = new Set();
    for (const id of page.orderedItems) {
      const { text } = await rogue.actor.get(south, new URL(id).pathname);
      assert.equal(hex(text), id.slice(-64));
      Buffer.from(id.slice(-64), "hex").forEach((byte, i) => (xor[i] ^= byte));
      const record = JSON.parse(text);
      if (record.actor !== rogue.id) fitsSchema(record, "ledger");
      seen.add(record.object.type ?? record.type);
      // no voter is named, whoever it was
      assert.ok(!/users\/(nora|nick|saul|sonja|edda|emil)/.test(text), text);
    }
    assert.equal(xor.toString("hex"), head.ledgerDigest);
    for (const type of ["Document", "Question", "Papers", "Join", "Delete", "Undo"]) assert.ok(seen.has(type), type);
  });

  await suite.test("what is forged, disguised, too large or without proof is not taken", async () => {
    const mallory = new LemmyCommunity(evil, "mallory");
    const html = Buffer.from("<!doctype html><script>alert(1)</script>");
    put(proved(activity("Create", file("Page", html)), rogue.actor)); // a page that calls itself a PDF
    put(proved(activity("Create", file("Exe", Buffer.from("MZ\0\0"), undefined, "application/x-msdownload")), rogue.actor));
    put(proved(activity("Create", file("Other", pdf("other"), sha256("another"))), rogue.actor)); // another digest
    put(proved(activity("Create", file("Huge", Buffer.concat([pdf("huge"), Buffer.alloc(21 << 20, 0x20), Buffer.from("%%EOF\n")]))), rogue.actor));
    put(activity("Create", link("Bare"))); // no proof
    put(proved(activity("Create", link("Borrowed")), mallory.actor)); // somebody else's
    put(proved({ ...activity("Create", link("Named", { id: `${group.north}/resources/1`, attributedTo: group.north })), actor: group.north, id: `${group.north}/ledger/9` }, rogue.actor));
    put(proved(activity("Create", link("Script", { url: "javascript:alert(1)" })), rogue.actor));
    put(proved(activity("Create", link("Future"), { published: soon(86_400_000) }), rogue.actor));
    put(proved({ ...activity("Undo", ballot.id), object: `${group.south}/consultations/${ballot.id}` }, rogue.actor)); // what another has called
    put(proved(activity("Create", link("Last")), rogue.actor));
    await tell();
    await arrived("Last", 2 * FAR); // behind a file of 21 MiB
    await south.settles();
    for (const node of [north, south]) {
      const titles = (await resources(node)).map(({ version }) => version.title);
      assert.deepEqual(titles.filter((title) => !["Charter", "Fair", "Paper", "Last"].includes(title)), [], node.name);
    }
    assert.equal((await consultation(south, "Which tea?")).state, "closed");
  }, 90_000);

  await suite.test("papers are told once: of who takes part, as many as it says, when it is over; and not changed", async () => {
    const asks = await call(south, { question: "Stuffed?", options: ["Yes", "No"], closes_at: soon(6_000), papers_until: soon(60_000) });
    const uri = `${group.south}/consultations/${asks.id}`;
    await vote(owner.south, asks.id, 1);
    await asked("Stuffed?");
    put(proved(activity("Join", uri), rogue.actor));
    await tell();
    await there("it has closed", async () => (await consultation(south, "Stuffed?")).state === "closed");
    const paper = (n, choice = 2) => `${hex(`r${n}`).slice(0, 32)} ${choice}\n`;
    const lines = (count) => [...Array(count).keys()].map((n) => paper(n)).toSorted().join("");
    const papers = (count, fields = {}, text = lines(count)) =>
      activity("Create", { type: "Papers", attributedTo: rogue.id, context: uri, pageNumber: 1, pageCount: 1, voters: count, members: 3, papersDigest: hex(text), mediaType: "text/plain", content: text, ...fields }, { published: new Date().toISOString() });
    put(proved(papers(5, { voters: 3 }), rogue.actor)); // more than voters
    put(proved(papers(9), rogue.actor)); // more than members
    put(proved(papers(2, {}, paper(1) + paper(1)), rogue.actor)); // one twice
    put(proved(papers(1, {}, paper(1, 7)), rogue.actor)); // no such option
    put(proved({ ...papers(1), published: new Date(Date.now() - 60_000).toISOString() }, rogue.actor)); // before the end
    await tell();
    await south.settles();
    const state = async (node) => {
      const r = await result(node, (await consultation(node, "Stuffed?")).id);
      return [r.nodes.find(({ state, papers }) => state !== "in" || papers === 2), r];
    };
    await there("nothing of it counts", async () => (await state(south))[0]?.state === "missing");
    put(proved(papers(2), rogue.actor));
    await tell();
    for (const node of nodes) await there(`${node.name} has them`, async () => { const [n, r] = await state(node); return n?.state === "in" && r.complete; });
    const [, before] = await state(south);
    put(proved(papers(3), rogue.actor)); // others, later
    await tell();
    await there("it is shown that it contradicts itself", async () => (await state(south))[0]?.contradicted);
    const [, after] = await state(south);
    assert.equal(after.digest, before.digest);
    assert.equal(after.papers.length, 3);
  }, 60_000);

  await suite.test("a stranger's ledger is not read", async () => {
    const stranger = new LemmyCommunity(evil, "stranger");
    const before = evil.count("/users/stranger/ledger");
    await stranger.actor.post(south, stranger.actor.activity("Update", { id: `${stranger.id}/ledger`, type: "OrderedCollection", totalItems: 1, ledgerDigest: "11".repeat(32) }, { to: [group.south] }));
    await south.settles();
    assert.equal(evil.count("/users/stranger/ledger"), before);
  });

  await suite.test("all of it is whole", async () => {
    for (const node of nodes) await node.settles();
    for (const node of nodes) await node.check();
  });
});
