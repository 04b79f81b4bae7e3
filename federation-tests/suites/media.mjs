// Pictures: uploaded by a client, seen by a server made with Fedify, and by people of another node through their own.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../lib/client.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { KEY_ID, SECRET as S3_SECRET, objectStore } from "../lib/s3.mjs";
import { SECRET, picture, sendForm } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";
import { work } from "../lib/world.mjs";

const pathOf = (node, url) => {
  assert.ok(url.startsWith(`${node.host.base}/media/`), url);
  return url.slice(node.host.base.length);
};

await run("media", async (suite) => {
  const node = await fediflow("north");
  const south = await fediflow("south");
  const peer = await fedifyPeer(2, "fedify2");
  for (const watched of [node, south, peer]) suite.watch(() => watched.troubles());
  await node.addPerson("alice");
  await south.addPerson("bob");
  const alice = await node.person("alice");
  const client = await signIn(node, "alice");
  const bob = await signIn(south, "bob");
  const { vocab } = peer;
  await peer.addPerson("tina");
  await peer.send("tina", await peer.lookup(alice.uri, "tina"), vocab.Follow, { object: new URL(alice.uri) });
  await peer.activities.wait("the Accept", ({ type }) => type === "Accept");
  await south.follow("bob", `@${alice.handle}`);
  await until("bob follows", async () => (await node.person("alice")).followers === 2);

  let medium, status;
  await suite.test("a picture is made anew: the same to see, and nothing that it told", async () => {
    const answer = await sendForm(client, "POST", "/api/v2/media", { file: picture(64, 48), description: "a slope", focus: "-0.5,0.25" });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    medium = answer.body;
    assert.equal(medium.type, "image");
    assert.deepEqual(medium.meta.focus, { x: -0.5, y: 0.25 });
    const file = await get(node.host, pathOf(node, medium.url), "*/*");
    assert.equal(file.status, 200);
    assert.equal(file.headers["content-type"], "image/png");
    assert.equal(file.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert.ok(!file.bytes.includes(SECRET));
  });
  await suite.test("S-092: what is no picture is taken under no name", async () => {
    for (const file of ["<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "<!doctype html><script>alert(1)</script>", "%PDF-1.4", "{}"]) {
      const { status, body } = await sendForm(client, "POST", "/api/v2/media", { file: Buffer.from(file) });
      assert.equal(status, 422);
      assert.match(body.error, /^Validation failed: File is invalid/);
    }
  });
  await suite.test("a post brings its picture along to Fedify, with words, blur and focus", async () => {
    status = await client.post("/api/v1/statuses", { status: "Look", media_ids: [medium.id] });
    const { activity } = await peer.activities.wait("the Create", ({ type }) => type === "Create");
    const note = await activity.getObject();
    const attachments = [];
    for await (const one of note.getAttachments()) attachments.push(one);
    assert.equal(attachments.length, 1);
    assert.ok(attachments[0] instanceof vocab.Document);
    assert.equal(attachments[0].mediaType, "image/png");
    assert.equal(attachments[0].url.href, medium.url);
    assert.equal(attachments[0].name.toString(), "a slope");
    assert.deepEqual([attachments[0].width, attachments[0].height], [64, 48]);
    const raw = await getJson(node.host, new URL(status.uri).pathname);
    assert.equal(raw.attachment[0].blurhash, medium.blurhash);
    assert.deepEqual(raw.attachment[0].focalPoint, [-0.5, 0.25]);
  });
  await suite.test("another node's people see it through their own node, which asks once", async () => {
    const seen = await until("bob sees it", async () => {
      const post = await south.knows(status.uri);
      return post && (await bob.get(`/api/v1/statuses/${post.id}`));
    });
    const [shown] = seen.media_attachments;
    assert.equal(shown.remote_url, medium.url);
    assert.equal(shown.description, "a slope");
    assert.equal(shown.blurhash, medium.blurhash);
    const path = pathOf(south, shown.url);
    assert.match(path, /^\/media\/remote\//);
    const own = await get(node.host, pathOf(node, medium.url), "*/*");
    const asked = () => node.inbound.filter(({ path: wanted }) => medium.url.endsWith(wanted)).length;
    const before = asked();
    const answers = await Promise.all(Array.from({ length: 8 }, () => get(south.host, path, "*/*")));
    for (const { status: code, headers, bytes } of answers) {
      assert.equal(code, 200);
      assert.equal(headers["content-type"], "image/png");
      assert.equal(headers["content-disposition"], "attachment");
      assert.deepEqual(bytes, own.bytes);
    }
    assert.equal(asked() - before, 1);
  });
  await suite.test("S-096: the other node fetches for nobody who makes an address up", async () => {
    const seen = await south.knows(status.uri);
    const before = node.inbound.entries.length;
    for (const path of [`/media/remote/file-0/${seen.id}/${"0".repeat(32)}`, `/media/remote/file-1/${seen.id}/${"0".repeat(32)}`, `/media/remote/avatar/1/${"0".repeat(32)}`, `/media/remote/${encodeURIComponent("https://north.example/")}/1/x`]) {
      assert.ok([400, 404].includes((await get(south.host, path, "*/*")).status), path);
    }
    assert.equal(node.inbound.entries.length, before);
  });
  await suite.test("an edit tells the new words", async () => {
    await client.ask("PUT", `/api/v1/statuses/${status.id}`, { status: "Look!", media_attributes: [{ id: medium.id, description: "a green slope" }] });
    await until("bob sees the new words", async () => {
      const post = await south.knows(status.uri);
      return post.attachments[0].description === "a green slope";
    });
  });
  await suite.test("a profile's picture is told to peers", async () => {
    const answer = await sendForm(client, "PATCH", "/api/v1/accounts/update_credentials", { avatar: picture(500, 300), header: picture(300, 500) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    await peer.activities.wait("the Update", ({ type, object }) => type === "Update" && object === alice.uri);
    const person = await peer.lookup(alice.uri, "tina");
    assert.equal((await person.getIcon()).url.href, answer.body.avatar);
    assert.equal((await person.getImage()).url.href, answer.body.header);
    assert.equal((await get(node.host, pathOf(node, answer.body.avatar), "*/*")).status, 200);
    await client.ask("DELETE", "/api/v1/profile/avatar");
    await until("the picture is gone", async () => (await peer.lookup(alice.uri, "tina")).iconId === null && (await getJson(node.host, new URL(alice.uri).pathname)).icon === undefined);
  });

  // --- kept elsewhere ---

  const store = await objectStore();
  const secretFile = join(mkdtempSync(join(work, "s3-")), "secret");
  writeFileSync(secretFile, `${S3_SECRET}\n`, { mode: 0o600 });
  const east = await fediflow("east", { settings: { media: { s3_endpoint: store.base, s3_bucket: "pictures", s3_key_id: KEY_ID, s3_secret_file: secretFile } } });
  suite.watch(() => east.troubles());
  await east.addPerson("eve");
  const eve = await signIn(east, "eve");
  await suite.test("what is uploaded lies in the store, signed for, and is served out of it", async () => {
    const answer = await sendForm(eve, "POST", "/api/v2/media", { file: picture(900, 700) });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(store.objects.size, 2); // with the small one
    assert.ok(store.log.every(({ method, status: code }) => method === "PUT" && code === 200), JSON.stringify(store.log));
    const [, digest] = answer.body.url.match(/([0-9a-f]{64})\.png$/);
    const object = store.objects.get(`/pictures/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`);
    const file = await get(east.host, pathOf(east, answer.body.url), "*/*");
    assert.deepEqual(file.bytes, object);
    await east.stop();
    await east.start();
    const seen = await get(east.host, pathOf(east, answer.body.url), "*/*");
    assert.deepEqual([seen.status, seen.headers["content-type"]], [200, "image/png"]);
    await eve.ask("DELETE", `/api/v1/media/${answer.body.id}`);
  });
  await suite.test("a store that refuses is no success", async () => {
    writeFileSync(secretFile, "another\n");
    await east.stop();
    await east.start();
    const answer = await sendForm(eve, "POST", "/api/v2/media", { file: picture(30, 30) });
    assert.equal(answer.status, 500, JSON.stringify(answer));
    assert.ok(store.log.some(({ status: code }) => code === 403));
  });
  await suite.test("both nodes are whole", async () => {
    await node.check();
    await south.check();
  });
});
