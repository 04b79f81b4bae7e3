// Plays the rows of a table, each in four directions; and holds all tables against the routes of the API.
//   { act, routes, does(s, me, you), arrives(s, me, you, made), atFedify(s, made, me), fromFedify(s, me, you), without: { direction: why } }
// does is what a client asks its node for, me being alice or bob (or whom the table names); arrives, what the other's client
// reads then; atFedify, what Fedify's typed vocabulary has read; fromFedify, the same act of Fedify's and what alice's client
// reads. routes are those that does calls.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as answers from "./answers.mjs";
import * as posts from "./posts.mjs";
import * as profile from "./profile.mjs";
import * as quiet from "./quiet.mjs";
import * as relations from "./relations.mjs";

const WRITES = /^(POST|PUT|PATCH|DELETE)$/;
const tables = [posts.rows, answers.rows, answers.later, relations.rows, profile.rows, profile.last, quiet.rows];

const nameOf = ({ method, path }) => `${method} ${path}`;
const pattern = (route) => new RegExp(`^${route.replace(/:[a-z_]+/g, "[^/]+")}$`);

async function direction(suite, row, name, sentence, body) {
  if (row.without?.[name] !== undefined) return suite.skip(`${row.act}, ${sentence}`, row.without[name]);
  return suite.test(`${row.act}, ${sentence}`, body);
}

// people: makes a pair for a row that ends its actors.
export async function acts(suite, s, rows, { me, you, people }) {
  const from = s.north.inbound.entries.length;
  for (const row of rows) {
    const [one, other] = row.own ? await people() : [me, you];
    let made;
    s.forget();
    await direction(suite, row, "arrives", "is read by a client of the second node", async () => {
      made = await row.does(s, one, other);
      await row.arrives(s, one, other, made);
    });
    await direction(suite, row, "atFedify", "is read by Fedify", () => row.atFedify(s, made, one));
    const [here, there] = row.own ? await people() : [me, you];
    s.forget();
    await direction(suite, row, "arrives", "from the second node", async () => row.arrives(s, there, here, await row.does(s, there, here)));
    s.forget();
    await direction(suite, row, "fromFedify", "from Fedify", () => row.fromFedify(s, here));
  }
  await suite.test("clients have asked for the routes of these rows", () => asked(s, rows, from));
}

async function asked(s, rows, from) {
  const writings = s.writings(from);
  const missing = rows.flatMap((row) => row.routes).filter((route) => !writings.some((one) => pattern(route).test(one)));
  assert.deepEqual(missing, []);
}

// What stays at home: nothing is sent to anybody.
export async function silence(suite, s, rows, { me, you, context }) {
  const from = s.north.inbound.entries.length;
  for (const row of rows) {
    await suite.test(`${row.act}: nothing leaves`, async () => {
      const before = await s.sent();
      await row.does(s, me, you, context);
      assert.equal(await s.sent(), before);
    });
  }
  await suite.test("clients have asked for the routes of these rows", () => asked(s, rows, from));
}

// Every route that writes is in a row or has its reason, and every reason a route.
export async function complete(suite, s) {
  const { routes } = await s.north.run("api");
  const writing = routes.filter(({ method }) => WRITES.test(method)).map(nameOf);
  await suite.test("every route that writes has a row, or a reason why it has none", () => {
    const inRows = new Set(tables.flat().flatMap((row) => row.routes));
    const excused = (name) => quiet.elsewhere.some((row) => row.routes.test(name));
    assert.deepEqual(writing.filter((name) => !inRows.has(name) && !excused(name)), []);
    assert.deepEqual([...inRows].filter((name) => !writing.includes(name) || excused(name)), []);
    assert.deepEqual(quiet.elsewhere.filter((row) => !writing.some((name) => row.routes.test(name))), []);
    for (const { suite: name } of quiet.elsewhere) if (name) assert.ok(existsSync(new URL(`../../suites/${name}.mjs`, import.meta.url)), name);
  });
  await suite.test("every row goes in all directions, or says why it does not", () => {
    for (const row of tables.slice(0, -1).flat()) {
      for (const name of ["arrives", "atFedify", "fromFedify"]) assert.notEqual(typeof row[name] === "function", typeof row.without?.[name] === "string", `${row.act}: ${name}`);
    }
  });
}
