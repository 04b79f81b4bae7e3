// Events: between two nodes, and with a peer of Mobilizon's shape; joined, left, answered, cancelled, as calendars, and by peers
// that cheat.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { accepted, refused } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";

const EVENTS = "/api/fediflow/v1/events";
const settings = { node: { poll_tell: "1 s" } };
const inDays = (n) => new Date(Date.now() + n * 86_400_000).toISOString();

await run("events", async (suite) => {
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings })));
  const peer = await rawPeer("evil");
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob"), south.addPerson("bea")]);
  const [alice, bob, bea] = [await signIn(north, "alice"), await signIn(south, "bob"), await signIn(south, "bea")];
  const nora = await north.person("alice");
  await south.follow("bob", nora.uri);
  await until("bob follows", async () => (await north.person("alice")).followers === 1);
  const hold = (title, more = {}) => alice.post(EVENTS, { title, content: "With cake", starts_at: inDays(3), ends_at: inDays(3.1), place: "Hall", ...more });
  const at = (client, id, rest = "") => client.get(`${EVENTS}/${id}${rest}`);
  const fails = (promise, status) => assert.rejects(promise, (error) => error.status === status);
  const there = async (event) => (await south.seesPost(event.status.uri)).id;

  // --- two nodes ---

  let tea, mirrored;
  await suite.test("an event goes to followers as an Event", async () => {
    tea = await hold("Tea", { join: "request", capacity: 1, timezone: "Europe/Rome" });
    const document = await getJson(north.host, new URL(tea.status.uri).pathname);
    assert.deepEqual([document.type, document.name, document.joinMode, document.participantCount], ["Event", "Tea", "restricted", 0]);
    assert.deepEqual([document.location.name, document.maximumAttendeeCapacity, document.timezone], ["Hall", 1, "Europe/Rome"]);
    mirrored = await there(tea);
    const shown = await at(bob, mirrored);
    assert.deepEqual([shown.title, shown.join, shown.capacity, shown.may_join, shown.place], ["Tea", "request", 1, true, "Hall"]);
    assert.equal(Date.parse(shown.starts_at), Date.parse(tea.starts_at));
  });
  await suite.test("somebody elsewhere asks, and takes part when the organizer accepts", async () => {
    assert.equal((await bob.post(`${EVENTS}/${mirrored}/join`, { note: "with a friend" })).participation, "waiting");
    const [asked] = await until("the request", async () => {
      const list = await at(alice, tea.id, "/participants");
      return list.length === 1 && list;
    });
    assert.deepEqual([asked.state, asked.note, asked.account.username], ["waiting", "with a friend", "bob"]);
    await alice.post(`${EVENTS}/${tea.id}/participants/${asked.account.id}/accept`, {});
    await until("bob is going", async () => (await at(bob, mirrored)).participation === "going");
    await until("south hears how many", async () => (await at(bea, mirrored)).participants_count === 1);
  });
  await suite.test("what is full takes nobody; who leaves makes room, and who is refused stays so", async () => {
    await fails(bea.post(`${EVENTS}/${mirrored}/join`, {}), 403);
    await bob.post(`${EVENTS}/${mirrored}/leave`, {});
    await until("there is room", async () => (await at(bea, mirrored)).participants_count === 0);
    await bea.post(`${EVENTS}/${mirrored}/join`, {});
    const [asked] = await until("the request", async () => {
      const list = await at(alice, tea.id, "/participants");
      return list.length === 1 && list;
    });
    await alice.post(`${EVENTS}/${tea.id}/participants/${asked.account.id}/reject`, {});
    await until("bea is refused", async () => (await at(bea, mirrored)).participation === "refused");
    await fails(bea.post(`${EVENTS}/${mirrored}/join`, {}), 403);
  });
  await suite.test("a cancelled event stays, on both nodes and in calendars", async () => {
    await alice.post(`${EVENTS}/${tea.id}/cancel`, {});
    await until("south hears", async () => (await at(bob, mirrored)).state === "cancelled");
    await fails(bob.post(`${EVENTS}/${mirrored}/join`, {}), 403);
    const answer = await fetch(`${south.host.base}${EVENTS}/${mirrored}/calendar`);
    assert.equal(answer.headers.get("content-type"), "text/calendar; charset=utf-8");
    const text = await answer.text();
    assert.match(text, /\r\nSTATUS:CANCELLED\r\n/);
    assert.ok(text.split("\r\n").every((line) => Buffer.byteLength(line) <= 75), "a line is too long");
  });

  // --- Mobilizon's shape ---

  const mo = peer.actor("mo"), rex = peer.actor("rex"), group = peer.actor("group", { type: "Group" });
  const picnic = {
    id: peer.url("/events/picnic"), type: "Event", actor: mo.id, attributedTo: group.id, name: "Picnic", content: "<p>Bring food</p>", mediaType: "text/html",
    published: inDays(0), startTime: inDays(5), endTime: inDays(5.2), joinMode: "restricted", participantCount: 4, "ical:status": "CONFIRMED",
    location: { type: "Place", name: "Park", address: { type: "PostalAddress", streetAddress: "Way 1" } }, to: [PUBLIC], cc: [mo.document().followers],
  };
  const sent = (type) => peer.requests.wait(`a ${type}`, ({ method, body }) => method === "POST" && JSON.parse(body).type === type);
  let local, join;
  await suite.test("our people ask to join an event of Mobilizon's", async () => {
    await north.follow("alice", mo.id);
    accepted(await mo.post(north, mo.activity("Accept", JSON.parse((await sent("Follow")).body))));
    accepted(await mo.post(north, mo.activity("Create", picnic, { to: PUBLIC })));
    local = (await north.seesPost(picnic.id)).id;
    const shown = await at(alice, local);
    assert.deepEqual([shown.title, shown.place, shown.participants_count, shown.join], ["Picnic", "Park", 4, "request"]);
    await alice.post(`${EVENTS}/${local}/join`, { note: "hello" });
    join = JSON.parse((await sent("Join")).body);
    assert.deepEqual([join.object, join.actor, join.participationMessage], [picnic.id, nora.uri, "hello"]);
  });
  await suite.test("only who holds it accepts", async () => {
    refused(await rex.post(north, rex.activity("Accept", join)), 403);
    await north.settles();
    assert.equal((await at(alice, local)).participation, "waiting");
    accepted(await mo.post(north, mo.activity("Accept", { id: join.id, type: "Join", actor: join.actor, object: join.object })));
    await until("alice is going", async () => (await at(alice, local)).participation === "going");
    accepted(await group.post(north, group.activity("Reject", join.id)));
    await until("alice is put out", async () => (await at(alice, local)).participation === "refused");
  });
  await suite.test("Joins from there are answered, and those that cannot be change nothing", async () => {
    const party = await hold("Party", { capacity: 1 });
    const joins = (actor, n) => actor.activity("Join", party.status.uri, { id: `${actor.id}#joins/${n}`, to: nora.uri });
    accepted(await mo.post(north, joins(mo, 1)));
    const answer = JSON.parse((await peer.requests.wait("an Accept of the Join", ({ path, body }) => path === "/users/mo/inbox" && JSON.parse(body).type === "Accept")).body);
    assert.deepEqual([answer.object.id, answer.object.type, answer.actor], [`${mo.id}#joins/1`, "Join", nora.uri]);
    await rex.post(north, joins(rex, 1));
    await peer.requests.wait("a Reject", ({ path, body }) => path === "/users/rex/inbox" && JSON.parse(body).type === "Reject");
    await rex.post(north, rex.activity("Leave", party.status.uri, { id: `${rex.id}#leaves/1` }));
    refused(await rex.post(north, rex.activity("Undo", joins(mo, 1))), 403);
    await north.settles();
    assert.equal((await at(alice, party.id)).participants_count, 1);
    accepted(await mo.post(north, mo.activity("Leave", party.status.uri, { id: `${mo.id}#leaves/1` })));
    await until("mo has left", async () => (await at(alice, party.id)).participants_count === 0);
  });
  await suite.test("both databases are whole", async () => {
    await Promise.all([north.check(), south.check()]);
  });
});
