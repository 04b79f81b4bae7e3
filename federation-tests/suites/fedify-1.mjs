// A node and a server made with Fedify 1.5.9, which knows draft-cavage signatures only.
import assert from "node:assert/strict";
import { documents } from "../lib/documents.mjs";
import { receives } from "../lib/exchange-in.mjs";
import { sends } from "../lib/exchange-out.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

await run("fedify-1", async (suite) => {
  const node = await fediflow("north");
  const peer = await fedifyPeer(1, "fedify1");
  suite.watch(() => node.troubles());
  suite.watch(() => peer.troubles());
  await node.addPerson("alice");
  const on = { node, peer, alice: await node.person("alice"), name: "otto" };
  await peer.addPerson("otto");

  await receives(suite, on);
  await sends(suite, on);
  await documents(suite, on);
  await suite.test("only draft-cavage signatures went either way", async () => {
    assert.ok(node.inbound.filter(({ method }) => method === "POST").every(({ headers }) => !headers["signature-input"]));
    assert.ok(peer.requests.filter(({ method }) => method === "POST").every(({ headers }) => !headers["signature-input"]));
  });
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
