// A node and a server made with Fedify 2.3.6, which tries RFC 9421 first; and one that reads nothing unsigned.
import assert from "node:assert/strict";
import { documents } from "../lib/documents.mjs";
import { receives } from "../lib/exchange-in.mjs";
import { sends } from "../lib/exchange-out.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

const posts = ({ method }) => method === "POST";
const isRfc9421 = ({ headers }) => headers["signature-input"] !== undefined;

await run("fedify-2", async (suite) => {
  const node = await fediflow("north");
  const peer = await fedifyPeer(2, "fedify2");
  suite.watch(() => node.troubles());
  suite.watch(() => peer.troubles());
  await node.addPerson("alice");
  const on = { node, peer, alice: await node.person("alice"), name: "tina" };
  await peer.addPerson("tina");

  await receives(suite, on);
  await suite.test("the peer knocked with RFC 9421 first and was let in", async () => {
    const sent = node.inbound.filter(posts);
    assert.ok(sent.length > 0 && sent.every(isRfc9421));
  });
  await sends(suite, on);
  await suite.test("the node learned to sign by RFC 9421 for this peer", async () => {
    assert.ok(isRfc9421(peer.requests.filter(posts).at(-1)));
  });
  await documents(suite, on);
  await peer.stop();
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
