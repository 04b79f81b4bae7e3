// A person's day with Mastodon.py, which Debian has as python3-mastodon: whatever it cannot read is our fault.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { isPrivate } from "../lib/world.mjs";

const SCRIPT = fileURLToPath(new URL("../lib/day.py", import.meta.url));
const PASSWORD = "correct horse battery";

// Debian's package belongs to Debian's Python, which need not be the first in the path.
const python = ["python3", "/usr/bin/python3"].find((name) => {
  try {
    execFileSync(name, ["-c", "import mastodon"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

await run("client-python", async (suite) => {
  if (python === undefined) return suite.skip("a day with Mastodon.py", "python3-mastodon is not installed");
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings: { api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 } } })));
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob")]);
  await north.runWith(`${PASSWORD}\n`, "account", "password", "alice");
  const bob = await south.person("bob");
  const env = { ...process.env, ...(isPrivate && { REQUESTS_CA_BUNDLE: process.env.NODE_EXTRA_CA_CERTS }) };
  const child = spawn(python, [SCRIPT, north.host.base, "alice", PASSWORD, bob.handle], { env, stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  for await (const line of createInterface({ input: child.stdout })) {
    const { step, error } = JSON.parse(line);
    await suite.test(`it ${step}`, () => assert.equal(error, undefined, `${error}\n${said.slice(-2000)}`));
  }
  await suite.test("the other node knows of the follow and its end", async () => {
    assert.equal((await south.person("bob")).followers, 0);
    assert.ok((await south.run("notices", "bob")).some(({ kind }) => kind === "follow"));
  });
});
