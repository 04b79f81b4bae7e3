// Events further: people are invited and reminded, series and their single dates, calendars and the command line; with another
// node and with Fedify's Event, Join, Leave and Invite.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Temporal } from "@js-temporal/polyfill";
import { signIn } from "../lib/client.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";

const EVENTS = "/api/fediflow/v1/events";
const DENIED = 77;
const settings = { node: { poll_tell: "1 s" }, mail: { transport: "spool", from: "noreply@node.example" } };
const inMs = (n) => new Date(Math.ceil((Date.now() + n) / 1000) * 1000).toISOString();
const inDays = (n) => inMs(n * 86_400_000);

await run("gatherings", async (suite) => {
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings })));
  const peer = await fedifyPeer(2, "fedify2");
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  suite.watch(() => peer.troubles());
  await Promise.all([north.addPerson("alice"), north.addPerson("anna"), south.addPerson("bob", "--email", "bob@example.net"), south.addPerson("bea")]);
  await peer.addPerson("tina");
  const [alice, anna] = [await signIn(north, "alice"), await signIn(north, "anna")];
  const [bob, bea] = [await signIn(south, "bob"), await signIn(south, "bea")];
  const nora = await north.person("alice");
  await Promise.all([south.follow("bob", nora.uri), south.follow("bea", nora.uri)]);
  await until("both follow", async () => (await north.person("alice")).followers === 2);
  const hold = (title, more = {}) => alice.post(EVENTS, { title, content: "With cake", starts_at: inDays(3), ends_at: inDays(3.1), place: "Hall", ...more });
  const at = (client, id, rest = "") => client.get(`${EVENTS}/${id}${rest}`);
  const fails = (promise, status) => assert.rejects(promise, (error) => error.status === status);
  const mirror = async (event) => (await south.seesPost(event.status.uri)).id;
  const going = (client, id, state) => until(`they are ${state}`, async () => (await at(client, id)).participation === state);
  const told = (client, kind) => until(`a notice of ${kind}`, async () => (await client.get("/api/v1/notifications")).find((one) => one.kind === kind));
  const letters = ({ folder }) => {
    const spool = join(folder, "data", "mail");
    return existsSync(spool) ? readdirSync(spool).map((name) => readFileSync(join(spool, name), "utf8")) : [];
  };
  const idOf = async (client, uri) => (await client.get(`/api/v2/search?type=accounts&q=${encodeURIComponent(uri)}&resolve=true`)).accounts[0].id;
  const [bobHere, beaHere] = [await idOf(alice, (await south.person("bob")).uri), await idOf(alice, (await south.person("bea")).uri)];

  // --- invitations ---

  await suite.test("what is by invitation is joined by who was invited, on another node", async () => {
    const party = await hold("Party", { join: "invitation" });
    const there = await mirror(party);
    await fails(bob.post(`${EVENTS}/${there}/join`, {}), 403);
    await alice.post(`${EVENTS}/${party.id}/invitations`, { account_ids: [bobHere, beaHere] });
    await going(bob, there, "invited");
    const notice = await told(bob, "event_invite");
    assert.deepEqual([notice.type, notice.account.acct.split("@")[0], notice.status.id], ["mention", "alice", there]);
    await bob.post(`${EVENTS}/${there}/join`, {});
    await going(bea, there, "invited");
    await bea.post(`${EVENTS}/${there}/leave`, {});
    const people = await until("both have answered", async () => {
      const list = await at(alice, party.id, "/participants");
      return list.every(({ state }) => state !== "invited") && list;
    });
    assert.deepEqual(people.map(({ account, state }) => `${account.username} ${state}`).sort(), ["bea declined", "bob going"]);
    await alice.post(`${EVENTS}/${party.id}/participants/${bobHere}/reject`, {});
    await going(bob, there, "refused");
  });
  await suite.test("who asks is told to the organizer in a word that clients know", async () => {
    const tea = await hold("Tea", { join: "request" });
    await anna.post(`${EVENTS}/${tea.id}/join`, {});
    const notice = await told(alice, "event_request");
    assert.deepEqual([notice.type, notice.account.username, notice.status.id], ["favourite", "anna", tea.id]);
  });

  // --- series ---

  let choir, mirrored;
  await suite.test("a series is shown to peers at its next date", async () => {
    choir = await hold("Choir", { recurrence: "FREQ=WEEKLY;COUNT=4", timezone: "Europe/Rome" });
    mirrored = await mirror(choir);
    assert.equal(choir.dates.length, 4);
    const starts = Date.parse((await at(bob, mirrored)).starts_at);
    assert.equal(starts, Date.parse(choir.dates[0].starts_at));
    const changed = await alice.put(`${EVENTS}/${choir.id}/dates`, { date: choir.dates[0].date, cancelled: true });
    assert.deepEqual(changed.dates.map(({ state }) => state), ["cancelled", "scheduled", "scheduled", "scheduled"]);
    await until("south knows the next date", async () => Date.parse((await at(bob, mirrored)).starts_at) === Date.parse(choir.dates[1].starts_at));
    const document = await getJson(north.host, new URL(choir.status.uri).pathname);
    assert.equal(Date.parse(document.startTime), Date.parse(choir.dates[1].starts_at));
  });
  await suite.test("its calendar has the rule, what is called off, and what is otherwise", async () => {
    await alice.put(`${EVENTS}/${choir.id}/dates`, { date: choir.dates[2].date, starts_at: inDays(18), place: "Garden" });
    const text = await (await fetch(`${north.host.base}${EVENTS}/${choir.id}/calendar`)).text();
    assert.match(text, /\r\nBEGIN:VTIMEZONE\r\nTZID:Europe\/Rome\r\n/);
    assert.match(text, /\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Europe\/Rome:\d{8}T\d{6}\r\nDTSTART;TZID=Europe\/Rome:/);
    assert.match(text, /\r\nRECURRENCE-ID;TZID=Europe\/Rome:[^]*LOCATION:Garden\r\n/);
    assert.equal(text.match(/BEGIN:VEVENT/g).length, 2);
    assert.ok(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "a line is too long");
  });
  await suite.test("the command line lists, shows, calls off and exports", async () => {
    const rows = (await north.run("event", "list", "alice")).filter(({ title }) => title === "Choir");
    assert.deepEqual(rows.map(({ state }) => state), ["cancelled", "scheduled", "scheduled", "scheduled"]);
    await north.run("event", "cancel", choir.id, "--date", choir.dates[3].date);
    const shown = await north.run("event", "show", choir.id);
    assert.deepEqual([shown.recurrence, shown.dates.map(({ state }) => state).join(" ")], ["FREQ=WEEKLY;COUNT=4", "cancelled scheduled scheduled cancelled"]);
    await north.run("event", "cancel", choir.id);
    await until("south hears that it is called off", async () => (await at(bob, mirrored)).state === "cancelled");
    await assert.rejects(south.run("event", "cancel", mirrored), (error) => error.code === DENIED);
    await assert.rejects(north.run("event", "show", (await north.post("alice", "hi")).uri), /no event/);
  });

  // --- reminders ---

  await suite.test("who takes part is reminded when they wish it, though the event is elsewhere", async () => {
    const soon = await hold("Soon", { starts_at: inMs(64_000), ends_at: inMs(3_600_000) });
    const there = await mirror(soon);
    await bob.post(`${EVENTS}/${there}/join`, {});
    await going(bob, there, "going");
    const shown = await bob.put(`${EVENTS}/${there}/reminder`, { minutes: 1, letter: true });
    assert.deepEqual(shown.reminder, { minutes: 1, letter: true });
    const notice = await told(bob, "event_reminder");
    assert.deepEqual([notice.type, notice.status.id], ["update", there]);
    const letter = await until("a letter", () => letters(south)[0]);
    assert.match(letter, /^To: <bob@example\.net>\r$/m);
    assert.match(letter, /^Subject: Soon: /m);
    assert.ok(letter.includes(soon.status.url) && letters(north).length === 0 && letters(south).length === 1);
    await fails(bea.put(`${EVENTS}/${there}/reminder`, { minutes: 1 }), 404);
    await fails(bob.put(`${EVENTS}/${there}/reminder`, { minutes: 99_999 }), 422);
  });

  // --- Fedify ---

  const { vocab } = peer;
  const came = (type, fits = () => true) => peer.activities.wait(`the ${type}`, (entry) => entry.type === type && fits(entry));
  const target = await peer.lookup(nora.uri, "tina");
  const tina = peer.uri("tina");
  await suite.test("Fedify joins an event, leaves it, and is invited", async () => {
    const supper = await hold("Supper");
    const seen = await peer.lookup(supper.status.uri, "tina");
    assert.ok(seen instanceof vocab.Event);
    assert.deepEqual([seen.name.toString(), seen.startTime.epochMilliseconds], ["Supper", Date.parse(supper.starts_at)]);
    const count = (n) => until(`${n} take part`, async () => (await at(alice, supper.id)).participants_count === n);
    const join = await peer.send("tina", target, vocab.Join, { object: new URL(supper.status.uri), to: target.id });
    await count(1);
    await came("Accept", ({ actor, object }) => actor === nora.uri && object === join.id.href);
    await peer.send("tina", target, vocab.Leave, { object: new URL(supper.status.uri), to: target.id });
    await count(0);
    const tinaHere = await idOf(alice, tina.href);
    await alice.post(`${EVENTS}/${supper.id}/invitations`, { account_ids: [tinaHere] });
    const invite = (await came("Invite")).activity;
    assert.deepEqual([invite.objectId.href, invite.targetId.href, invite.actorId.href], [supper.status.uri, tina.href, nora.uri]);
    await peer.send("tina", target, vocab.Reject, { object: invite, to: target.id });
    await until("she does not come", async () => (await alice.get(`${EVENTS}/${supper.id}/participants`)).some(({ account, state }) => account.id === tinaHere && state === "declined"));
    // and thinks better of it: the event stands nowhere but in the id of the Invite
    await peer.send("tina", target, vocab.Accept, { object: invite.id, to: target.id });
    await count(1);
    await alice.post(`${EVENTS}/${supper.id}/participants/${tinaHere}/reject`, {});
    await came("Undo", ({ actor }) => actor === nora.uri);
    await count(0);
  });
  await suite.test("an Event of Fedify's is one, and its Invite is answered", async () => {
    await north.follow("alice", tina.href);
    await north.seesPerson("alice", ({ following }) => following === 1);
    const event = new vocab.Event({
      id: new URL("/users/tina/events/1", peer.host.base),
      attribution: tina,
      name: "Walk",
      content: "<p>Through the hills</p>",
      startTime: Temporal.Now.instant().add({ hours: 48 }),
      endTime: Temporal.Now.instant().add({ hours: 50 }),
      published: Temporal.Now.instant(),
      to: vocab.PUBLIC_COLLECTION,
    });
    await peer.send("tina", target, vocab.Create, { object: event, to: vocab.PUBLIC_COLLECTION });
    const here = (await north.seesPost(event.id.href)).id;
    assert.equal((await at(alice, here)).title, "Walk");
    const invite = await peer.send("tina", target, vocab.Invite, { object: event.id, target: target.id, to: target.id });
    await going(alice, here, "invited");
    await alice.post(`${EVENTS}/${here}/join`, {});
    await came("Accept", ({ object, actor }) => actor === nora.uri && object === invite.id.href);
    assert.equal((await at(alice, here)).participation, "going");
    await alice.post(`${EVENTS}/${here}/leave`, {});
    await came("Leave", ({ object, actor }) => actor === nora.uri && object === event.id.href);
  });
  await suite.test("both databases are whole", async () => {
    await Promise.all([north.check(), south.check()]);
  });
});
