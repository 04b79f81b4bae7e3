// A person's day with toot, which Debian has: everything by its commands, and what of it the other node sees.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { consentAt, givePassword } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { isPrivate, work } from "../lib/world.mjs";

const TOOT = "/usr/bin/toot";
const exec = promisify(execFile);
const installed = await exec(TOOT, ["--help"]).then(() => true, () => false);

await run("client-toot", async (suite) => {
  if (!installed) return suite.skip("a day with toot", "toot is not installed");
  if (!isPrivate) return suite.skip("a day with toot", "it needs https, and a namespace for that");
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings: { api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 } } })));
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), north.addPerson("carol"), south.addPerson("bob")]);
  await givePassword(north, "alice");
  const folder = mkdtempSync(join(work, "toot-"));
  const options = { env: { ...process.env, XDG_CONFIG_HOME: folder, HOME: folder, REQUESTS_CA_BUNDLE: process.env.NODE_EXTRA_CA_CERTS, PYTHONUNBUFFERED: "1" } };
  const toot = async (...words) => (await exec(TOOT, [...words, "--no-color"], options)).stdout;
  const bob = (await south.person("bob")).handle;
  const idOf = (said) => said.match(/\/@alice\/(\d+)/)[1];

  await suite.test("it signs in by the page of consent", async () => {
    const child = spawn(TOOT, ["login", "--instance", north.host.name ?? new URL(north.host.base).host, "--no-color"], options);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
    const url = await until("it tells where to go", () => said.match(/https:\S+\/oauth\/authorize\S+/)?.[0]);
    child.stdin.write("n\n");
    const code = await consentAt(north.host.base, url.slice(north.host.base.length), "alice");
    child.stdin.end(`${code}\n`);
    const status = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(status, 0, said);
    assert.match(await toot("auth"), /alice@/);
    assert.match(await toot("whoami"), /@alice/);
    assert.match(await toot("instance"), /north/);
  });
  let post, reply;
  await suite.test("it posts with a picture, answers, and reads the thread", async () => {
    const file = join(folder, "slope.png");
    writeFileSync(file, picture(64, 48));
    post = idOf(await toot("post", "A view of the #hills", "--media", file, "--description", "a slope", "--sensitive"));
    reply = idOf(await toot("post", "And more", "--reply-to", post, "--spoiler-text", "hills", "--visibility", "unlisted"));
    const thread = await toot("thread", post);
    assert.ok(thread.includes("A view of the #hills") && thread.includes("And more"), thread);
    assert.match(await toot("upload", file), /"?(id|url)"?|http/i);
    assert.match(await toot("timeline", "--once"), /And more/);
    assert.match(await toot("timeline", "--public", "--local", "--once"), /A view of the #hills/);
    assert.match(await toot("timeline", "--tag", "hills", "--once"), /A view/);
  });
  await suite.test("it likes, boosts, keeps and pins, and takes that back", async () => {
    for (const act of ["favourite", "reblog", "bookmark", "pin"]) assert.match(await toot(act, post), /✓/);
    assert.match(await toot("reblogged_by", post), /alice/);
    assert.match(await toot("bookmarks", "--once"), /A view/);
    for (const act of ["unfavourite", "unreblog", "unbookmark", "unpin"]) assert.match(await toot(act, post), /✓/);
  });
  await suite.test("it follows somebody of the other node, who sees what it posts", async () => {
    assert.match(await toot("follow", bob), /✓/);
    await until("bob is followed", async () => (await south.person("bob")).followers === 1);
    await until("it says so", async () => (await toot("following", "alice")).includes(bob));
    assert.match(await toot("whois", bob), /bob/);
    assert.match(await toot("search", bob), /bob/);
    await south.follow("bob", (await north.person("alice")).uri);
    await until("bob follows", async () => (await north.person("alice")).followers === 1);
    const said = idOf(await toot("post", "Good morning, south"));
    const uri = await until("it has arrived", async () => (await south.run("home", "bob").catch(() => [])).find?.(({ text }) => /Good morning/.test(text))?.uri ?? (await south.showPost(`${north.host.base}/users/alice/statuses/${said}`).catch(() => null))?.uri);
    assert.ok(uri.endsWith(said));
    await south.run("like", "bob", uri);
    assert.match(await until("it is told", async () => (await toot("notifications")).match(/favourited|favorited/i)?.[0]), /favou?rited/i);
    await toot("delete", said);
    await until("it is gone there, too", () => south.showPost(uri).then(() => false, () => true));
  });
  await suite.test("it mutes, blocks and unfollows", async () => {
    for (const act of ["mute", "unmute", "block", "unblock"]) assert.match(await toot(act, "carol"), /✓/);
    assert.match(await toot("unfollow", bob), /✓/);
    await until("bob is left", async () => (await south.person("bob")).followers === 0);
  });
  await suite.test("it follows hashtags", async () => {
    assert.match(await toot("tags_follow", "hills"), /✓/);
    assert.match(await toot("tags_followed"), /hills/);
    assert.match(await toot("tags_unfollow", "hills"), /✓/);
  });
  await suite.test("it says what went wrong in words, deletes, and leaves", async () => {
    await assert.rejects(toot("delete", "1"), /not found/i);
    for (const id of [reply, post]) assert.match(await toot("delete", id), /✓/);
    assert.match(await toot("logout", "alice@north.example"), /logged out|✓/i);
  });
});
