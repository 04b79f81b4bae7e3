// Every endpoint of the client API with real data behind it, held against the published schema; and what each says to
// those who may not call it.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture, sendForm } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { translationService } from "../lib/translator.mjs";
import * as exceptions from "../walk/exceptions.mjs";
import { bare, endpoints, nameOf, Openapi, schemaIsThere } from "../walk/openapi.mjs";
import { elsewhere, everything } from "../walk/walk.mjs";

const ALL_SCOPES = "profile read write follow push admin:read admin:write";
const PROBES = [401, 403, 404, 422];

await run("schema", async (suite) => {
  if (!schemaIsThere) return suite.skip("the client API against its schema", "the schema is not beside this checkout");
  const api = new Openapi(), table = endpoints();
  const translator = await translationService("origin1");
  const [north, south] = await Promise.all([fediflow("north", { settings: { node: { contact: "office@north.example", contact_account: "olga" }, federation: { thread_refresh: "1 s" }, api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000, annual_reports: "always" }, mail: { transport: "spool", from: "noreply@node.example" }, registrations: { mode: "approval" }, translation: { url: translator.host.base } } }), fediflow("south")]);
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  for (const name of ["alice", "bob", "carol", "olga"]) await north.addPerson(name);
  await south.addPerson("sam");
  await north.run("account", "role", "olga", "owner");
  const clients = {};
  for (const name of ["alice", "bob", "carol", "olga"]) clients[name] = await signIn(north, name, ALL_SCOPES);
  const { client_id, client_secret } = clients.alice.app;
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret, scope: "write" });
  clients.app = { base: north.host.base, token: (await (await fetch(`${north.host.base}/oauth/token`, { method: "POST", body: form })).json()).access_token };
  const covered = new Set();
  let wrong = []; // of the test that runs
  const faults = (method, path, status, body) => {
    const found = api.faults(method, path, status, body);
    const known = (exceptions.FAULTS[`${method} ${bare(path)}`] ?? []).concat(exceptions.FAULTS["*"]);
    return (found ?? []).filter((fault) => !known.some((row) => row.fault.test(fault)));
  };

  // Asks and holds the answer against the schema. Words with a colon in path are taken from values.
  const ask = async (who, method, path, { values = {}, query, body, form, text = false, status = 200 } = {}) => {
    const client = clients[who] ?? { base: north.host.base };
    const real = path.replace(/:([a-z_]+)/g, (_, name) => encodeURIComponent(values[name] ?? values)) + (query ? `?${query}` : "");
    covered.add(`${method} ${path}`);
    const answer = form
      ? await sendForm(client, method, real, form)
      : await fetch(client.base + real, {
          method,
          headers: { ...(client.token && { Authorization: `Bearer ${client.token}` }), ...(body && { "Content-Type": "application/json" }) },
          ...(body && { body: JSON.stringify(body) }),
        }).then(async (got) => ({ status: got.status, headers: got.headers, body: text ? await got.text() : JSON.parse((await got.text()) || "null") }));
    assert.equal(answer.status, status, `${method} ${real}: ${JSON.stringify(answer.body)?.slice(0, 500)}`);
    for (const fault of faults(method, path, status, answer.body)) wrong.push(`${method} ${real}: ${fault}`);
    return answer.body;
  };

  const remote = await elsewhere(north, south, clients, until);
  const test = (sentence, body) =>
    suite.test(sentence, async () => {
      wrong = [];
      await body();
      assert.deepEqual(wrong, []);
    });
  await everything({ test, ask, north, south, clients, remote, picture: () => picture(64, 48), until });

  await suite.test("every endpoint was walked", () => {
    assert.deepEqual(table.map(({ method, path }) => `${method} ${path}`).filter((name) => !covered.has(name) && !elsewhereTested(name)), []);
  });

  // --- tables: every difference has a row with its reason, and every row a difference ---

  const same = (found, rows) => assert.deepEqual([...found].sort(), Object.keys(rows).sort());
  const ours = new Set(table.map(nameOf)), shared = table.filter((route) => api.operations.has(nameOf(route)));
  await suite.test("what the schema names and we do not serve", () => same(api.names().filter((name) => !ours.has(name)), exceptions.NOT_SERVED));
  await suite.test("what we serve and the schema does not name", () => {
    const beyond = [...ours].filter((name) => !api.operations.has(name));
    assert.deepEqual(beyond.filter((name) => !exceptions.BEYOND.some(({ routes }) => routes.test(name))), []);
    assert.deepEqual(exceptions.BEYOND.filter(({ routes }) => !beyond.some((name) => routes.test(name))), []);
  });
  await suite.test("scopes", () => {
    // who needs no token needs no scope; one with a scope that does not fit is refused all the same
    const differ = (route) => !(["none", "optional"].includes(route.auth) && api.scopes(nameOf(route)).length === 0) && route.scopes.join() !== api.scopes(nameOf(route)).join();
    assert.deepEqual(
      Object.fromEntries(shared.filter(differ).map((route) => [nameOf(route), route.scopes.join(", ")])),
      Object.fromEntries(Object.entries(exceptions.OTHER_SCOPES).map(([name, { ours }]) => [name, ours])),
    );
  });
  await suite.test("parameters and their types", () => {
    const found = shared.map((route) => [nameOf(route), api.differences(route).filter((one) => !exceptions.EVERYWHERE.some(({ differ }) => differ === one))]).filter(([, list]) => list.length);
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(Object.entries(exceptions.OTHER_PARAMETERS).map(([name, { differ }]) => [name, differ])));
  });
  await suite.test("fields that never had a value", () => same(api.unsaid(), { ...exceptions.NEVER, ...exceptions.SOMETIMES }));
  await suite.test("fields that the schema does not know", () => same(api.more, exceptions.MORE_FIELDS));

  // --- who may not ---

  const anonymous = { base: north.host.base };
  const poor = await signIn(north, "alice", "profile");
  const error = (answer, body, statuses, what) => {
    assert.ok(statuses.includes(answer.status), `${what}: ${answer.status} ${JSON.stringify(body)}`);
    assert.deepEqual(api.entity("Error", body), [], `${what}: ${JSON.stringify(body)}`);
  };
  const probe = async (client, { method, path }) => {
    const answer = await fetch(client.base + path.replace(/:[a-z_]+/g, "1"), { method, headers: client.token ? { Authorization: `Bearer ${client.token}` } : {} });
    return [answer, JSON.parse((await answer.text()) || "null")];
  };
  await suite.test("S-102: without a token nobody is a person, whatever is asked", async () => {
    for (const route of table.filter(({ auth }) => ["app", "user", "waiting", "stream"].includes(auth))) error(...(await probe(anonymous, route)), [401], `${route.method} ${route.path}`);
  });
  await suite.test("S-102: a token without the scope gets nothing", async () => {
    for (const route of table.filter(({ scopes }) => scopes.length && !scopes.includes("profile"))) error(...(await probe(poor, route)), [403], `${route.method} ${route.path}`);
  });
  await suite.test("S-071: what is not there is not found, and nothing else is told", async () => {
    for (const route of table.filter(({ method, path }) => method === "GET" && /:id/.test(path))) error(...(await probe(clients.olga, route)), PROBES.slice(2, 3), `${route.method} ${route.path}`);
  });
});

// Streams, what browsers and OAuth do, and what is not of Mastodon's API have suites of their own.
function elsewhereTested(name) {
  return /\/streaming|\/oauth\/|\/api\/fediflow\/|\/api\/v1\/(timelines\/group|groups)\//.test(name);
}
