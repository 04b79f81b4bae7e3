// Our own API of those who moderate a node: rules for posts, what is held, waves, lists of blocks, attributes of people.
import assert from "node:assert/strict";

const SPAM = "Win a fortune in our wonderful casino tonight, no deposit is needed at all, ";
const LEARNT = 10; // of either kind, before the classifier believes anything

export async function walkNode({ test, ask, pages, clients, id, north, south, peer, until }) {
  const { alice, sam } = clients;
  const say = (status) => alice.post("/api/v1/statuses", { status });

  await test("rules: tried, in the shadow, live; what they hold is decided", async () => {
    await say("Free casino tonight");
    const text = 'hold "casino" when local and word has "casino"';
    assert.equal((await ask("olga", "POST", "/admin/rules/test", { rule: text })).fits, 1);
    const rule = await ask("olga", "POST", "/admin/rules", { rule: text });
    const one = `/admin/rules/${rule.id}`;
    await ask("olga", "PUT", one, { rule: `# casinos\n${text}`, position: 3 });
    assert.equal((await ask("olga", "POST", `${one}/mode`, { mode: "live" })).mode, "live");
    const posts = [];
    for (const n of ["one", "two", "three", "four"]) posts.push((await say(`${SPAM}${n}`)).id);
    assert.equal((await ask("olga", "GET", `${one}?days=2`)).history.at(-1).live, 4);
    assert.equal((await ask("olga", "GET", "/admin/rules")).length, 1);
    const held = await pages("olga", "/admin/held");
    assert.equal(held.length, 4);
    // whoever releases one says which text they have seen
    const seen = async (ids) => Promise.all(ids.map(async (post) => (await ask("olga", "GET", `/admin/held/${post}`)).updated_at));
    const [updated_at] = await seen([posts[0]]);
    await assert.rejects(ask("olga", "POST", `/admin/held/${posts[0]}/release`, { updated_at: new Date(0).toISOString() }), ({ status }) => status === 409);
    await ask("olga", "POST", `/admin/held/${posts[0]}/release`, { updated_at });
    await ask("olga", "POST", `/admin/held/${posts[1]}/refuse`);
    assert.deepEqual(await ask("olga", "POST", "/admin/held/release", { ids: [posts[2], posts[0]], updated_at: await seen([posts[2], posts[0]]) }), { decided: [posts[2]], not_held: [posts[0]], changed: [] });
    assert.deepEqual((await ask("olga", "POST", "/admin/held/release", { ids: [posts[3]], updated_at: [new Date(0).toISOString()] })).changed, [posts[3]]);
    await ask("olga", "POST", "/admin/held/refuse", { ids: [posts[3]] });
    assert.notEqual((await ask("olga", "GET", `/admin/held/${posts[0]}`)).decided_at, null);
    await ask("olga", "PUT", one, { rule: 'hold "talk" when local and word has "casino", "lecture"' });
    await ask("olga", "POST", `${one}/mode`, { mode: "live" });
    for (const [decision, words] of [["refuse", SPAM], ["release", "The lecture about the history of the town begins at nine in the old hall, "]]) {
      const ids = [];
      for (let i = 0; i < LEARNT; i++) ids.push((await say(`${words}${i}`)).id);
      assert.deepEqual((await ask("olga", "POST", `/admin/held/${decision}`, { ids, updated_at: await seen(ids) })).decided, ids);
    }
    // it knows again what is like what was refused, in other words, too
    await ask("olga", "PUT", one, { rule: 'hold "again" when local and similar >= 70 and spam > 50' });
    await ask("olga", "POST", `${one}/mode`, { mode: "live" });
    const again = await ask("olga", "GET", `/admin/held/${(await say(`${SPAM}again`)).id}`);
    assert.ok(again.similar >= 70 && again.spam > 50 && again.evidence.length > 0, JSON.stringify(again));
    assert.deepEqual(await ask("olga", "DELETE", one), {});
  });

  await test("waves: seen before, rolled back, undone", async () => {
    const rule = await ask("olga", "POST", "/admin/rules", { rule: 'tag "watches" when remote and word has "watches"' });
    await ask("olga", "POST", `/admin/rules/${rule.id}/mode`, { mode: "live" });
    await north.follow("alice", (await south.person("sam")).uri);
    await until("alice follows", async () => (await south.person("sam")).followers === 1);
    const { uri } = await sam.post("/api/v1/statuses", { status: "Cheap watches for you and for all your friends, order them today before they are gone" });
    const like = (await north.seesPost(uri)).id;
    const hosts = [{ host: south.host.authority, posts: 1 }];
    for (const wish of [{ like, likeness: 70 }, { host: south.host.authority }, { rule: rule.id }]) {
      assert.deepEqual((await ask("olga", "POST", "/admin/waves/preview", wish)).hosts, hosts);
      const wave = await ask("olga", "POST", "/admin/waves", wish);
      const state = async () => (await ask("olga", "GET", `/admin/waves/${wave.id}`)).state;
      await until("it is hidden", async () => (await state()) === "hidden");
      await ask("olga", "POST", `/admin/waves/${wave.id}/undo`);
      await until("it is undone", async () => (await state()) === "undone");
    }
    assert.equal((await pages("olga", "/admin/waves")).length, 3);
  });

  await test("lists of blocks: read, confirmed, dismissed, ended", async () => {
    const rows = ["#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate", ...["bad", "worse"].map((name) => `${name}.example,suspend,True,False,spam,False`)].join("\n");
    peer.page("/blocks.csv", (_, response) => response.writeHead(200, { "Content-Type": "text/csv" }).end(rows));
    const list = await ask("olga", "POST", "/admin/blocklists", { url: peer.url("/blocks.csv") });
    await ask("olga", "POST", "/admin/blocklists", { url: peer.url("/missing.csv"), severity: "limit" });
    await until("there are drafts", async () => (await ask("olga", "GET", "/admin/block_drafts")).length === 2);
    await until("both were asked for", async () => {
      const lists = await ask("olga", "GET", "/admin/blocklists");
      return lists.some(({ fetched_at }) => fetched_at !== null) && lists.some(({ error }) => error !== null);
    });
    // what cannot be had now is taken, when it comes, however little it names
    const missing = (await ask("olga", "GET", "/admin/blocklists")).find(({ error }) => error !== null);
    await ask("olga", "POST", `/admin/blocklists/${missing.id}/accept`);
    await assert.rejects(ask("olga", "POST", `/admin/blocklists/${list.id}/accept`), ({ status }) => status === 409);
    await pages("olga", "/admin/block_drafts");
    assert.deepEqual(await ask("olga", "POST", "/admin/block_drafts/confirm", { hosts: ["bad.example"] }), { decided: 1 });
    assert.deepEqual(await ask("olga", "POST", "/admin/block_drafts/dismiss", { hosts: ["worse.example"] }), { decided: 1 });
    assert.deepEqual(await ask("olga", "DELETE", `/admin/blocklists/${list.id}`), {});
  });

  await test("attributes of people", async () => {
    const one = `/admin/accounts/${id.carol}/attributes`;
    await ask("olga", "POST", one, { name: "department", value: "chemistry" });
    await ask("olga", "PUT", one, { attributes: ["department=botany", "status=student"] });
    assert.equal((await ask("olga", "GET", one)).length, 2);
    // a membership that rests on them ends when they are lost
    const lab = await ask("alice", "POST", "/communities", { name: "lab", join: "attribute", conditions: ["status=student"], grace_days: "2" });
    await ask("carol", "POST", `/communities/${lab.id}/join`);
    assert.deepEqual((await ask("carol", "GET", "/attributes")).map(({ value }) => value).toSorted(), ["botany", "student"]);
    assert.equal((await ask("olga", "DELETE", one, { name: "status", value: "student" })).length, 1);
    const { own } = await until("her membership ends", async () => {
      const seen = await ask("carol", "GET", `/communities/${lab.id}`);
      return seen.own.membership_ends_at !== null && seen;
    });
    assert.equal((await ask("carol", "GET", `/communities/${lab.id}/members/${id.carol}`)).membership_ends_at, own.membership_ends_at);
  });
}
