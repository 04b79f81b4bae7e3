// Our own API of reports in lanes, strikes and the record of acts.
import assert from "node:assert/strict";
import { fitsSchema } from "../lib/schemas.mjs";

export async function walkReports({ test, ask, pages, clients, id, until }) {
  const { bob, carol } = clients;
  let tea;
  const at = (rest = "") => `/communities/${tea.id}${rest}`;
  const report = async (text) => {
    const status = await bob.post("/api/v1/statuses", { status: text, group_id: tea.id });
    return carol.post("/api/v1/reports", { account_id: id.bob, status_ids: [status.id], comment: "rude" });
  };

  await test("reports: in the lane of a community and of the node", async () => {
    tea = await ask("alice", "POST", "/communities", { name: "tea", join: "open" });
    for (const name of ["bob", "carol"]) await ask(name, "POST", at("/join"));
    const { id: one } = await report("All of you are wrong");
    const lane = (rest = "") => at(`/reports/${one}${rest}`), node = (rest = "") => `/admin/reports/${one}${rest}`;
    await report("And you");
    await until("they are in the lane", async () => (await ask("alice", "GET", at("/reports"))).length === 2);
    await pages("alice", at("/reports?resolved=false"));
    await ask("alice", "POST", lane("/assign"), {});
    await ask("alice", "POST", lane("/unassign"));
    const { history } = await ask("alice", "POST", lane("/notes"), { text: "Again" });
    await ask("alice", "DELETE", lane(`/notes/${history.at(-1).id}`));
    assert.equal((await ask("alice", "POST", lane("/resolve"))).action_taken, true);
    assert.notEqual((await ask("carol", "GET", `/reports/${one}`)).action_taken_at, null);
    await ask("alice", "POST", lane("/reopen"));
    await ask("alice", "GET", lane());
    assert.deepEqual(await ask("alice", "POST", lane("/escalate"), { reason: "Too hot" }), {});
    const noted = await ask("olga", "POST", node("/notes"), { text: "Not that hot" });
    await ask("olga", "DELETE", node(`/notes/${noted.history.at(-1).id}`));
    await ask("olga", "POST", node("/assign"), {});
    await ask("olga", "POST", node("/hand_down"), { reason: "You know them" });
    assert.equal((await ask("olga", "POST", node("/escalate"), { reason: "Give it back" })).lane, null);
    await ask("olga", "GET", node());
  });

  await test("strikes: given, appealed, decided; the record of it all", async () => {
    const preset = await ask("alice", "POST", at("/presets"), { title: "Tone", text: "Mind your tone." });
    assert.equal((await ask("alice", "GET", at("/presets"))).length, 1);
    const filed = await report("And again");
    const act = (type, more) => ask("alice", "POST", at(`/members/${id.bob}/actions`), { type, ...more });
    const strikes = [await act("remove", { report_id: filed.id, text: "Too much." }), await act("warn", { preset_id: preset.id })];
    for (let i = 0; i < 2; i++) strikes.push(await act("warn", { text: `No ${i}` }));
    await ask("alice", "DELETE", at(`/presets/${preset.id}`));
    for (const { id: one } of strikes) await ask("bob", "POST", `/strikes/${one}/appeal`, { text: "It was a joke" });
    assert.equal((await pages("alice", at("/strikes?appealed=true"))).length, 4);
    const [first, second, third, fourth] = strikes.map((strike) => strike.id);
    await ask("alice", "POST", at(`/strikes/${first}/approve`));
    await ask("alice", "POST", at(`/strikes/${second}/reject`));
    assert.equal((await ask("bob", "POST", `/strikes/${second}/escalate`)).appeal.escalated, true);
    for (const one of [third, fourth]) await ask("alice", "POST", at(`/strikes/${one}/escalate`));
    assert.equal((await pages("olga", "/admin/appeals")).length, 3);
    await ask("olga", "POST", `/admin/appeals/${second}/approve`);
    await ask("olga", "POST", `/admin/appeals/${third}/reject`);
    await act("ban", { duration: 3600, text: "For an hour" });
    assert.equal((await pages("bob", "/strikes")).filter(({ community_id }) => community_id === tea.id).length, 5);
    for (const { content } of await pages("alice", at("/record"))) fitsSchema(content, "audit-row");
  });
}
