// Our own API of communities: made and changed, their people, roles, badges and posts.
import assert from "node:assert/strict";
import { sendForm } from "../lib/picture.mjs";

const ONE = (community) => `/communities/${community.id}`;

export async function walkCommunities({ test, ask, pages, upload, picture, clients, id, until }) {
  const { alice, bob, carol } = clients;
  let botany, moss;
  const at = (rest = "") => `${ONE(botany)}${rest}`;
  const post = (client, status, more = {}) => client.post("/api/v1/statuses", { status, group_id: botany.id, ...more });

  await test("communities: made, changed, found", async () => {
    botany = await ask("alice", "POST", "/communities", { name: "botany", title: "Botany", description: "Plants", kind: "course", rules: ["Be kind"], flairs: ["Question=#3366cc", "Answer"], languages: ["en"], tags: ["botany", "plants"], join: "request" });
    moss = await ask("alice", "POST", "/communities", { name: "moss", parent_id: botany.id, join: "attribute", conditions: ["department=moss"], grace_days: "3" });
    await assert.rejects(ask("alice", "POST", "/communities", { name: "botany" }), ({ status, message }) => status === 422 && /ERR_TAKEN/.test(message));
    assert.equal((await ask("alice", "GET", "/communities/lookup?name=!botany")).id, botany.id);
    assert.equal((await ask("alice", "PATCH", at(), { slow_seconds: "0" })).settings.kind, "course");
    assert.deepEqual(botany.settings.tags, ["botany", "plants"]);
    assert.equal((await sendForm(clients.alice, "PATCH", `/api/fediflow/v1${at()}`, { avatar: picture(), header: picture() })).status, 200);
    for (const name of ["avatar", "header"]) await ask("alice", "DELETE", at(`/${name}`));
    const fern = await ask("alice", "POST", "/communities", { name: "fern", parent_id: botany.id });
    assert.deepEqual((await pages("bob", at("/children"))).map((one) => one.id), [moss.id, fern.id]);
    const [first] = await pages("bob", "/communities?q=o");
    assert.equal((await ask("bob", "GET", ONE(first))).id, first.id);
  });

  await test("communities: joining, members, bans, roles", async () => {
    assert.equal((await ask("bob", "POST", at("/join"))).own.requested, true);
    await ask("carol", "POST", at("/join"));
    assert.equal((await pages("alice", at("/requests"))).length, 2);
    await ask("alice", "POST", at(`/requests/${id.bob}/authorize`));
    await ask("alice", "POST", at(`/requests/${id.carol}/reject`));
    const link = await ask("alice", "POST", at("/invitations"), { max_uses: 5, expires_in: 3600 });
    const other = await ask("alice", "POST", at("/invitations"), {});
    assert.equal((await ask("alice", "GET", at("/invitations"))).length, 2);
    await ask("alice", "DELETE", at(`/invitations/${other.id}`));
    assert.equal((await ask("carol", "POST", "/communities/join", { code: link.url })).own.member, true);
    const helper = (await ask("alice", "POST", at("/roles"), { name: "helper", position: 20, permissions: ["remove", "strikes"] })).find(({ name }) => name === "helper");
    await ask("alice", "PUT", at(`/roles/${helper.id}`), { name: "helper", position: 21, permissions: ["remove"] });
    assert.equal((await ask("alice", "PUT", at(`/members/${id.bob}/role`), { role: "helper" })).role.name, "helper");
    assert.equal((await ask("alice", "PUT", at(`/members/${id.bob}/note`), { note: "Knows moss" })).note, "Knows moss");
    await ask("bob", "GET", at("/roles"));
    await ask("alice", "PUT", at(`/members/${id.bob}/role`), { role: "member" });
    await ask("alice", "DELETE", at(`/roles/${helper.id}`));
    await ask("alice", "POST", at(`/members/${id.carol}/ban`), { reason: "Weeds", duration: 3600 });
    assert.equal((await ask("alice", "GET", at("/members?banned=true")))[0].ban_reason, "Weeds");
    await ask("alice", "GET", at(`/members/${id.carol}`));
    await ask("alice", "DELETE", at(`/members/${id.carol}/ban`));
    assert.equal((await ask("carol", "POST", "/communities/join", { code: link.url })).own.member, true);
    await pages("bob", at("/members"));
    await ask("alice", "DELETE", at(`/members/${id.carol}`));
    await ask("carol", "POST", "/communities/join", { code: link.url });
  });

  await test("communities: badges", async () => {
    const [badge] = await ask("alice", "POST", at("/badges"), { name: "Gardener", description: "Has planted", emoji: "🌱" });
    await ask("alice", "PUT", at(`/badges/${badge.id}`), { name: "Gardener", description: "Has planted much", emoji: "🌳" });
    assert.equal((await ask("bob", "GET", at("/badges"))).length, 1);
    const [award] = await ask("alice", "POST", at(`/members/${id.bob}/badges`), { badge_id: badge.id, reason: "The hedge" });
    await ask("carol", "GET", at(`/members/${id.bob}/badges`));
    assert.equal((await ask("carol", "GET", at(`/members/${id.bob}`))).badges[0].id, award.id);
    await ask("alice", "DELETE", at(`/members/${id.bob}/badges/${award.id}`));
    await ask("alice", "DELETE", at(`/badges/${badge.id}`));
  });

  await test("communities: posts", async () => {
    const media = await upload("bob", picture(), { description: "A leaf" });
    const thread = await post(bob, "Which leaf is this?", { media_ids: [media] });
    const act = (name, body) => ask("alice", "POST", at(`/posts/${thread.id}/${name}`), body);
    for (const name of ["lock", "unlock", "remove", "restore", "pin", "unpin"]) await act(name, name === "pin" ? { duration: 3600 } : { reason: "So it is" });
    assert.equal((await ask("alice", "PUT", at(`/posts/${thread.id}/flair`), { flair: botany.settings.flairs[0].id })).community.flair, "Question");
    await alice.post("/api/v1/statuses", { status: "An oak's", in_reply_to_id: thread.id });
    assert.ok((await ask("carol", "GET", at("/posts?sort=new")))[0].media_attachments.length === 1);
    await ask("alice", "PATCH", at(), { premoderated: "true" });
    const held = [await post(bob, "And this?"), await post(bob, "And that?")];
    await until("they wait", async () => (await ask("alice", "GET", at("/queue"))).length === 2);
    await pages("alice", at("/queue"));
    const { edited_at } = await bob.put(`/api/v1/statuses/${held[0].id}`, { status: "And this one?" });
    await assert.rejects(ask("alice", "POST", at(`/posts/${held[0].id}/approve`)), ({ status }) => status === 409);
    await ask("alice", "POST", at(`/posts/${held[0].id}/approve`), { edited_at });
    await ask("alice", "POST", at(`/posts/${held[1].id}/reject`), { reason: "Twice" });
    await ask("alice", "PATCH", at(), { premoderated: "false" });
    await pages("carol", at("/posts?sort=new&span=day"));
    const attic = await ask("alice", "POST", "/communities", { name: "attic", sight: "local" });
    await alice.post("/api/v1/statuses", { status: "Among us", group_id: attic.id });
    assert.equal((await ask("alice", "GET", `${ONE(attic)}/posts`))[0].local_only, true);
    await ask("alice", "POST", `${ONE(moss)}/cross_posts`, { status_id: thread.id, status: "Seen there" });
  });

  await test("communities: given away, left, ended", async () => {
    const garden = await ask("alice", "POST", "/communities", { name: "garden", join: "open" });
    for (const name of ["bob", "carol"]) await ask(name, "POST", `${ONE(garden)}/join`);
    assert.equal((await ask("carol", "POST", `${ONE(garden)}/leave`)).own.member, false);
    assert.equal((await ask("alice", "POST", `${ONE(garden)}/transfer`, { account_id: id.bob })).id, garden.id);
    assert.deepEqual(await ask("bob", "DELETE", ONE(garden)), {});
    assert.equal((await carol.get(`/api/fediflow/v1${at()}`)).own.member, true);
  });
}
