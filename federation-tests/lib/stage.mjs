// The stage of the hostile suites: one node with a person and a post, two scripted hosts, and what must hold after each attack.
import assert from "node:assert/strict";
import { fediflow } from "./node.mjs";
import { rawPeer } from "./rawpeer.mjs";
import { until } from "./journal.mjs";
import { getJson } from "./wire.mjs";

export async function stage(suite, settings = {}) {
  const node = await fediflow("north", { settings });
  suite.watch(() => node.troubles());
  await node.addPerson("alice");
  const alice = await node.person("alice");
  const post = await node.post("alice", "What stands here must stay");
  const evil = await rawPeer("evil");
  const rogue = await rawPeer("rogue");
  return { node, alice, post, evil, rogue, actorPath: new URL(alice.uri).pathname };
}

// Closing words of a suite: the node still answers, its database is whole, and it ends when told to.
export async function unharmed(suite, { node }) {
  await suite.test("the node is alive, and its database whole", async () => {
    assert.equal((await node.health()).status, 200);
    await node.check();
    assert.ok(!/AddressSanitizer|runtime error|assertion|must\(/i.test(node.log()), "it complained about itself");
  });
  await suite.test("the node ends when it is told to", async () => {
    const { code, signal } = await node.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    await node.check();
  });
}

// An answer with one of those status codes and a reason.
export function refused(answer, ...statuses) {
  assert.ok(statuses.includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)} instead of ${statuses.join(" or ")}`);
  assert.notEqual(answer.text.trim(), "", "no reason was given");
}

export function accepted(answer) {
  assert.equal(answer.status, 202, answer.text.slice(0, 300));
}

// The actor follows alice, so that what it posts is of interest here.
export async function befriend({ node, alice }, actor) {
  accepted(await actor.post(node, actor.activity("Follow", alice.uri)));
  await until(`${actor.name} is accepted`, () => actor.peer.requests.find(({ method, path, body }) => {
    return method === "POST" && path === new URL(actor.inbox).pathname && JSON.parse(body).type === "Accept";
  }));
}

// Alice follows the actor, so that what it boosts is of interest here, too.
export async function admire({ node }, actor) {
  const inbox = new URL(actor.inbox).pathname;
  await node.follow("alice", actor.id);
  const { body } = await actor.peer.requests.wait("the follow", ({ method, path, body }) => method === "POST" && path === inbox && JSON.parse(body).type === "Follow");
  accepted(await actor.post(node, actor.activity("Accept", JSON.parse(body))));
}

// How many follow alice, like and boost her post: what forgeries would change.
export async function counts({ node, post }) {
  const { followers, following, display_name } = await node.person("alice");
  const { likes, boosts, replies, text } = await node.showPost(post.id);
  return { followers, following, display_name, likes, boosts, replies, text };
}

// Runs an attack and makes sure that nothing of it can be seen.
export async function withoutEffect(on, attack) {
  const before = await counts(on);
  await attack();
  assert.deepEqual(await counts(on), before);
}

// The node's actor document as everybody gets it.
export function actorDocument({ node, actorPath }) {
  return getJson(node.host, actorPath);
}
