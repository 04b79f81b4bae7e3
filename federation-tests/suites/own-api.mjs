// Every operation of our own API, asked for with success at least once, held to its description (lib/own-api.mjs); and that the
// description is OpenAPI as others understand it. What it says must be there is asked for without it, too, and refused.
import assert from "node:assert/strict";
import { Validator } from "@seriousme/openapi-schema-validator";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { ownApi, ownDocument } from "../lib/own-api.mjs";
import { picture, sendForm } from "../lib/picture.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { walkCommunities } from "../walk/own-communities.mjs";
import { walkDecisions } from "../walk/own-decisions.mjs";
import { walkMeetings } from "../walk/own-meetings.mjs";
import { walkNode } from "../walk/own-node.mjs";
import { walkReports } from "../walk/own-reports.mjs";
import { walkTeams } from "../walk/own-teams.mjs";

const ADMIN = "read write follow admin:read admin:write";
const PLENTY = { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 };

await run("own-api", async (suite) => {
  const document = ownDocument(), api = ownApi();

  await suite.test("the description is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors)?.slice(0, 3000));
    const { paths, ...rest } = structuredClone(document);
    assert.equal((await new Validator().validate({ ...rest, paths: { "/x": { get: { responses: { 200: {} } } } } })).valid, false, "a response without a description passes");
  });
  await suite.test("an answer that is not as it is described is a fault, with its place", () => {
    const wrongs = (path, status, body, type = "application/json; charset=utf-8") => api.wrongs("GET", `/api/fediflow/v1/${path}`, { status, type, text: JSON.stringify(body) });
    const badge = { id: "1", name: "", description: "", emoji: "", created_at: "2026-01-01T00:00:00.000Z" };
    assert.deepEqual(wrongs("communities/1/badges", 200, [badge]), []);
    assert.match(wrongs("communities/1/badges", 200, [{ ...badge, more: 1 }]).join(), /^\/0 must NOT have additional properties.*"more"/);
    assert.match(wrongs("communities/1/badges", 200, [{ ...badge, emoji: null }]).join(), /^\/0\/emoji must be string/);
    assert.match(wrongs("communities/1/badges", 200, [{ ...badge, id: 1 }]).join(), /^\/0\/id must be string/);
    assert.match(wrongs("communities/1/badges", 200, [{ ...badge, created_at: "now" }]).join(), /^\/0\/created_at must match format/);
    assert.match(wrongs("communities/1/badges", 200, [{}]).join(), /must have required property 'name'/);
    assert.match(wrongs("communities/1/badges", 418, {}).join(), /status 418/);
    assert.match(wrongs("communities/1/badges", 200, [], "text/html").join(), /type text\/html/);
    assert.match(wrongs("communities/1/badges", 404, { error: 1 }).join(), /^\/error must be string/);
    assert.match(wrongs("nowhere", 200, {}).join(), /not described/);
    api.answered.clear();
    api.said.clear();
  });

  const settings = { api: PLENTY, moderation: { undo_for: "1 h" }, queue: { down_after: "1 s" } };
  // the one in the east is there for a while alone
  const [north, south, east, peer] = await Promise.all([fediflow("north", { settings }), fediflow("south", { settings }), fediflow("east"), rawPeer("one")]);
  for (const node of [north, south, east]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  const clients = {}, id = {};
  for (const [node, ...names] of [[north, "alice", "bob", "carol", "olga"], [south, "sam"]]) {
    for (const name of names) {
      await node.addPerson(name);
      if (name === "olga") await node.run("account", "role", "olga", "owner");
      clients[name] = await signIn(node, name, name === "olga" ? ADMIN : undefined);
      id[name] = (await clients[name].get("/api/v1/accounts/verify_credentials")).id;
    }
  }

  // Asks in somebody's name for a path behind /api/fediflow/v1, first without each of what it needs.
  const ask = async (who, method, path, body) => {
    const client = clients[who], full = `/api/fediflow/v1${path}`, operation = api.find(method, full);
    assert.ok(operation, `${method} ${full} is not described`);
    for (const name of api.needs(operation)) {
      const { [name]: _, ...less } = body ?? {};
      const [bare, query = ""] = full.split("?");
      const words = new URLSearchParams(query);
      words.delete(name);
      await assert.rejects(client.ask(method, `${bare}${words.size ? `?${words}` : ""}`, Object.keys(less).length ? less : undefined), ({ status }) => status === 422 || status === 404, `${method} ${full} is done without ${name}`);
    }
    return client.ask(method, full, body);
  };
  // A list as it is, which must be the same one by one, from page to page.
  const pages = async (who, path) => {
    const limited = `${path}${path.includes("?") ? "&" : "?"}limit=`;
    const whole = await ask(who, "GET", `${limited}40`), client = clients[who], found = [];
    const key = (one) => `${one.id ?? one.account?.id ?? one.host} ${one.date ?? ""}`;
    assert.ok(whole.length > 1, `${path} has one page alone`);
    let next = `${client.base}/api/fediflow/v1${limited}1`;
    while (next !== undefined && found.length <= whole.length) {
      const answer = await fetch(next, { headers: { Authorization: `Bearer ${client.token}` } });
      assert.equal(answer.status, 200, await answer.clone().text());
      found.push(...(await answer.json()));
      next = answer.headers.get("link")?.match(/<([^>]+)>; rel="next"/)?.[1];
    }
    assert.deepEqual(found.map(key), whole.map(key), path);
    return whole;
  };
  const upload = async (who, bytes, more = {}) => {
    const { status, body } = await sendForm(clients[who], "POST", "/api/v2/media", { file: bytes, ...more });
    assert.equal(status, 200, JSON.stringify(body));
    return body.id;
  };
  // A client under a name of its own, with which somebody acts for a team.
  const actFor = async (name, who, team) => (clients[name] = await signIn(north, who, undefined, team));
  const scene = { test: (sentence, body) => suite.test(sentence, body, 60_000), ask, pages, upload, actFor, picture: () => picture(32, 32), clients, id, north, south, east, peer, until };

  await walkCommunities(scene);
  await walkReports(scene);
  await walkDecisions(scene);
  await walkMeetings(scene);
  await walkNode(scene);
  await walkTeams(scene);

  await suite.test("the description is served to anybody, as the program prints it", async () => {
    const answer = await fetch(`${north.host.base}/api/fediflow/v1/openapi.json`);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    assert.deepEqual(await answer.json(), document);
  });
  await suite.test("every operation was answered with success", () => assert.deepEqual(api.unanswered(), []));
  await suite.test("every list that has pages has led from one to the next", () => assert.deepEqual(api.unlinked(), []));
  await suite.test("every field had a value", () => assert.deepEqual(api.unsaidFields(), []));
  await suite.test("the databases are whole", () => Promise.all([north.check(), south.check()]));
});
