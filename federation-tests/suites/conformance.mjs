// The project activitypub-testing, which knows nothing of us, looks at an actor. Its exit status is no verdict: each test's
// .result.outcome is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

const cli = fileURLToPath(new URL("../node_modules/activitypub-testing/src/cli.js", import.meta.url));

// One object per line that is one.
function testActor(url) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, "test", "actor", url], { stdio: ["ignore", "pipe", "ignore"] });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.on("error", reject);
    child.on("close", () => resolve(text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line))));
  });
}

await run("conformance", async (suite) => {
  const node = await fediflow("north");
  suite.watch(() => node.troubles());
  await node.addPerson("alice");
  await node.post("alice", "Something to look at");
  const { uri } = await node.person("alice");
  const results = await testActor(uri);
  await suite.test("activitypub-testing has something to say", async () => assert.ok(results.length >= 10, `${results.length} results`));
  for (const { test, result, ...rest } of results) {
    await suite.test(`activitypub-testing: ${test?.name ?? rest.name}`, async () => {
      const outcome = result?.outcome;
      suite.note(`outcome: ${outcome}`);
      assert.ok(["passed", "inapplicable"].includes(outcome), JSON.stringify(result).slice(0, 600));
    });
  }
  await node.stop();
});
