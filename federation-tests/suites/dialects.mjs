// The documents of other software, delivered over HTTP with valid signatures: each does what it means. First real ones, where
// the collection of them lies beside the source; then the project's own, written from documentation.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { play, Theatre } from "../lib/dialects.mjs";
import { own } from "../lib/dialects-own.mjs";
import { real } from "../lib/dialects-real.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

const top = fileURLToPath(new URL("../..", import.meta.url));
const collections = [
  { name: "real", folder: process.env.FF_ACTIVITIES ?? join(top, "../shared/data/activities"), table: real },
  { name: "fixtures", folder: join(top, "federation-tests/fixtures"), table: own },
];

const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
  .sort();

await run("dialects", async (suite) => {
  const node = await fediflow("north");
  suite.watch(() => node.troubles());
  const theatre = await Theatre.open(node);
  const wanted = process.env.FF_ONLY ? new RegExp(process.env.FF_ONLY) : /./;
  for (const { name, folder, table } of collections) {
    if (!existsSync(folder)) {
      suite.skip(`${name} documents`, `there is no ${folder}`);
      continue;
    }
    const there = files(folder);
    await suite.test(`every one of the ${name} documents has its meaning written down`, async () => {
      assert.deepEqual(there.filter((file) => !table[file]), []);
      assert.deepEqual(Object.keys(table).filter((file) => !there.includes(file)), []);
    });
    for (const file of there.filter((one) => table[one] && wanted.test(one))) await play(suite, theatre, join(folder, file), `${name}/${file}`, table[file]);
  }
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
