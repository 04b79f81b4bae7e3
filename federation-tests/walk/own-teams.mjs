// Our own API of teams.
import assert from "node:assert/strict";

const soon = (ms) => new Date(Date.now() + ms).toISOString();

export async function walkTeams({ test, ask, pages, upload, picture, actFor, id }) {
  let team;
  const at = (rest = "") => `/teams/${team.id}${rest}`;
  const drafts = (rest = "") => at(`/drafts${rest}`);

  await test("teams: made, changed, their people", async () => {
    team = await ask("olga", "POST", "/teams", { name: "press", display_name: "Press" });
    assert.equal((await ask("olga", "PATCH", at(), { credit: "public" })).credit, "public");
    assert.equal((await ask("olga", "GET", "/teams")).length, 1);
    await ask("olga", "POST", at("/members"), { account_id: id.alice, role: "author" });
    await ask("olga", "POST", at("/members"), { account_id: id.bob, role: "analyst" });
    await ask("olga", "PUT", at(`/members/${id.bob}`), { role: "reviewer" });
    assert.equal((await ask("bob", "GET", at("/members"))).length, 3);
    await assert.rejects(ask("olga", "DELETE", at(`/members/${id.olga}`)), ({ status }) => status === 409);
    assert.equal((await ask("bob", "GET", at())).role, "reviewer");
  });

  await test("teams: drafts in review", async () => {
    await actFor("press", "alice", team.id);
    const media = await upload("press", picture(), { description: "A leaf" });
    const draft = await ask("alice", "POST", drafts(), { status: "Good mornin", media_ids: [media], submit: true });
    assert.equal((await ask("bob", "GET", drafts())).length, 1);
    const returned = await ask("bob", "POST", drafts(`/${draft.id}/return`), { note: "A letter is missing" });
    assert.equal(returned.review.state, "returned");
    const { updated_at } = returned.review;
    await assert.rejects(ask("bob", "POST", drafts(`/${draft.id}/approve`), { updated_at }), ({ status }) => status === 409);
    const written = await ask("alice", "PUT", drafts(`/${draft.id}`), { status: "Good morning", submit: true, updated_at });
    await ask("bob", "GET", drafts(`/${draft.id}`));
    const post = await ask("bob", "POST", drafts(`/${draft.id}/approve`), { updated_at: written.review.updated_at });
    assert.equal(post.posted_by.username, "alice");
    const later = await ask("alice", "POST", drafts(), { status: "Good evening", changes_status_id: post.id, submit: true });
    assert.equal(later.review.changes_status_id, post.id);
    const timed = await ask("alice", "POST", drafts(), { status: "Good night", not_before: soon(3_600_000), submit: true });
    // whoever rewrites it is its writer, after who began it
    const begun = await ask("alice", "POST", drafts(), { status: "Good day", submit: true });
    const rewritten = await ask("olga", "PUT", drafts(`/${begun.id}`), { status: "A good day", submit: true, updated_at: begun.review.updated_at });
    const { posted_by } = await ask("bob", "POST", drafts(`/${begun.id}/approve`), { updated_at: rewritten.review.updated_at });
    assert.deepEqual([posted_by.username, posted_by.begun_by.username], ["olga", "alice"]);
    await pages("bob", drafts());
    await ask("alice", "DELETE", drafts(`/${later.id}`));
    assert.equal((await ask("bob", "POST", drafts(`/${timed.id}/approve`), { updated_at: timed.review.updated_at })).review.state, "scheduled");
  });

  await test("teams: the trail, the figures, who leaves", async () => {
    assert.ok((await pages("olga", at("/log"))).length > 5);
    assert.equal((await ask("olga", "GET", at("/figures"))).statuses_count, 2);
    assert.deepEqual(await ask("olga", "DELETE", at(`/members/${id.bob}`), {}), {});
  });
}
