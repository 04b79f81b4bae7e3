// Our own API of consultations and resources, in a community that is owned together with another node's.
import assert from "node:assert/strict";

const soon = (ms) => new Date(Date.now() + ms).toISOString();
const CLOSES_MS = 12_000;

export async function walkDecisions({ test, ask, pages, upload, picture, clients, id, north, south, east, until }) {
  const { alice, sam } = clients;
  let plan, there, ballot, receipt;
  const at = (rest = "") => `/communities/${plan.id}${rest}`;

  await test("partners: offered, accepted, compared", async () => {
    plan = await ask("alice", "POST", "/communities", { name: "plan", join: "open" });
    there = await ask("sam", "POST", "/communities", { name: "plan", join: "open" });
    await ask("bob", "POST", at("/join"));
    // somebody has said something there, and their server is gone
    await east.addPerson("edda");
    await east.follow("edda", `plan@${south.host.authority}`);
    const said = await east.post("edda", `@plan@${south.host.authority} Before you came`);
    await south.seesPost(said.uri, ({ community }) => community !== null);
    await east.stop();
    const resolve = async (client, uri) => (await client.get(`/api/v2/search?type=accounts&resolve=true&q=${encodeURIComponent(uri)}`)).accounts[0].id;
    const theirs = await resolve(alice, there.account.uri), ours = await resolve(sam, plan.account.uri);
    assert.equal((await ask("alice", "GET", `/communities/${theirs}`)).settings, null);
    await ask("alice", "POST", at("/partners"), { account_id: theirs });
    await until("it is asked", async () => (await ask("sam", "GET", `/communities/${there.id}/partners`))[0]?.state === "asked");
    await ask("sam", "POST", `/communities/${there.id}/partners/${ours}/accept`);
    await until("they have agreed", async () => (await ask("alice", "GET", at("/partners")))[0].state === "agreed");
    await until("they were compared", async () => (await ask("alice", "POST", at(`/partners/${theirs}/compare`)))[0].compared_at !== null, 20_000);
    there.partner = theirs;
    await until("the partner's copy is here", async () => {
      const [{ lacking }] = await ask("alice", "POST", at(`/partners/${theirs}/compare`));
      return lacking === 0 && (await north.knows(said.uri)) !== null;
    }, 20_000);
    const [thread] = await ask("alice", "GET", at("/posts"));
    assert.equal(thread.community.attested_by_id, theirs);
  });

  await test("resources: links and files with their versions", async () => {
    const link = await ask("alice", "POST", at("/resources"), { title: "Wiki", url: "https://wiki.example/", description: "All of it" });
    await ask("alice", "POST", `/resources/${link.id}/versions`, { title: "Wiki", media_id: await upload("alice", picture(), { resource: "true" }), note: "As a file" });
    await ask("alice", "POST", at("/resources"), { title: "Blog", url: "https://blog.example/" });
    assert.equal((await pages("bob", at("/resources"))).length, 2);
    assert.equal((await ask("bob", "GET", `/resources/${link.id}`)).versions_count, 2);
    assert.deepEqual((await ask("bob", "GET", `/resources/${link.id}/versions`)).map(({ number }) => number), [2, 1]);
    const copy = await until("south has it", async () => (await ask("sam", "GET", `/communities/${there.id}/resources`)).find(({ version }) => version.title === "Wiki"), 20_000);
    await until("with its versions", async () => (await ask("sam", "GET", `/resources/${copy.id}/versions`)).every(({ partner_id }) => partner_id !== null));
    await ask("alice", "DELETE", `/resources/${link.id}`);
  });

  await test("consultations: called, voted in, cancelled", async () => {
    const call = (more) => ask("alice", "POST", at("/consultations"), { question: "Which?", description: "Of three", options: ["One", "Two", "Three"], method: "ranked", closes_at: soon(CLOSES_MS), papers_until: soon(60_000), ...more });
    ballot = await call({ quorum: 1 });
    const off = await call({ question: "Off?", method: "approval", papers_until: undefined, closes_at: soon(3_600_000) });
    assert.equal((await ask("alice", "DELETE", `/consultations/${off.id}`)).state, "cancelled");
    const roles = await ask("bob", "GET", at("/roles"));
    await call({ question: "Named?", named: true, papers_until: undefined, closes_at: soon(3_600_000), role_ids: roles.filter(({ name }) => name === "owner").map((role) => role.id) });
    receipt = (await ask("alice", "POST", `/consultations/${ballot.id}/votes`, { choices: [1, 2] })).receipt;
    await ask("bob", "POST", `/consultations/${ballot.id}/votes`, { choices: [2, 3] });
    await alice.post(`/api/fediflow/v1/consultations/${ballot.id}/votes`, { choices: [1, 3], receipt });
    assert.equal((await pages("bob", at("/consultations"))).length, 3);
    assert.equal((await ask("bob", "GET", `/consultations/${ballot.id}`)).turnout, 2);
    const copy = await until("south is asked", async () => (await ask("sam", "GET", `/communities/${there.id}/consultations`)).find(({ question }) => question === "Which?"), 20_000);
    assert.notEqual(copy.partner_id, null);
    await ask("sam", "POST", `/consultations/${copy.id}/votes`, { choices: [3, 2] });
  });

  await test("consultations: the result, with what each node has told", async () => {
    const result = await until("all papers are in", async () => {
      const found = await ask("bob", "GET", `/consultations/${ballot.id}/result`).catch(({ status }) => assert.ok(status < 500));
      return found?.complete && found;
    }, 45_000);
    assert.equal(result.papers.length, 3);
    assert.ok(result.rounds.length > 1 && result.nodes.length > 0, JSON.stringify(result));
  });

  await test("consultations: who has voted how, where that is said; partners part", async () => {
    const named = await ask("alice", "POST", at("/consultations"), { question: "Who?", options: ["I", "You"], method: "approval", named: true, closes_at: soon(2500), papers_until: soon(3000) });
    await ask("bob", "POST", `/consultations/${named.id}/votes`, { choices: [1] });
    const result = await until("it is over", () => ask("bob", "GET", `/consultations/${named.id}/result`).catch(() => false));
    assert.deepEqual(result.papers.map(({ account_id }) => account_id), [id.bob]);
    assert.deepEqual(await ask("alice", "DELETE", at(`/partners/${there.partner}`)), {});
    await Promise.all([north.settles(), south.settles()]);
  });
}
