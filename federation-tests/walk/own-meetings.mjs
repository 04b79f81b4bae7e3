// Our own API of events.
import assert from "node:assert/strict";

const inDays = (n) => new Date(Math.ceil((Date.now() + n * 86_400_000) / 1000) * 1000).toISOString();

export async function walkMeetings({ test, ask, pages, clients, id, north }) {
  let club;
  const at = (event, rest = "") => `/events/${event.id}${rest}`;

  await test("events: held, changed, called off; their calendars", async () => {
    club = await ask("alice", "POST", "/communities", { name: "club", join: "open" });
    for (const name of ["bob", "carol"]) await ask(name, "POST", `/communities/${club.id}/join`);
    const walk = await ask("alice", "POST", "/events", { title: "Walk", content: "Far", starts_at: inDays(2), ends_at: inDays(2.1), timezone: "Europe/Rome", place: "Hills", address: "North", url: "https://walk.example/", capacity: 5 });
    const choir = await ask("alice", "POST", `/communities/${club.id}/events`, { title: "Choir", starts_at: inDays(3), ends_at: inDays(3.1), place: "Hall", timezone: "Europe/Rome", recurrence: "FREQ=WEEKLY;COUNT=3" });
    assert.equal((await ask("alice", "PUT", at(walk), { title: "Long walk" })).title, "Long walk");
    const changed = await ask("alice", "PUT", at(choir, "/dates"), { date: choir.dates[1].date, starts_at: inDays(11), ends_at: inDays(11.1), place: "Garden" });
    assert.equal(changed.dates[1].place, "Garden");
    const listed = await pages("bob", `/communities/${club.id}/events`);
    assert.ok(listed.length === 3 && listed.every(({ date }) => date !== null));
    const { base } = north.host;
    for (const path of [at(choir, "/calendar"), `/communities/${club.id}/calendar`]) {
      const answer = await fetch(`${base}/api/fediflow/v1${path}`);
      assert.equal(answer.status, 200, path);
      assert.match(await answer.text(), /BEGIN:VCALENDAR/);
    }
    await ask("bob", "POST", at(walk, "/join"), {});
    assert.equal((await ask("alice", "POST", at(choir, "/cancel"))).state, "cancelled");
  });

  await test("events: people take part, ask to, are invited and reminded", async () => {
    const tea = await ask("alice", "POST", `/communities/${club.id}/events`, { title: "Tea", starts_at: inDays(2), join: "request" });
    for (const name of ["bob", "carol"]) await ask(name, "POST", at(tea, "/join"), { note: "With cake" });
    await ask("alice", "GET", at(tea));
    await ask("alice", "POST", at(tea, `/participants/${id.bob}/accept`));
    await ask("alice", "POST", at(tea, `/participants/${id.carol}/reject`));
    assert.deepEqual((await ask("bob", "PUT", at(tea, "/reminder"), { minutes: 30 })).reminder, { minutes: 30, letter: false });
    assert.equal((await pages("bob", "/events")).length, 2);
    assert.ok((await pages("alice", at(tea, "/participants"))).some(({ note }) => note === "With cake"));
    await ask("bob", "POST", at(tea, "/leave"));
    assert.equal((await ask("bob", "GET", at(tea))).participation, null);
    const party = await ask("alice", "POST", `/communities/${club.id}/events`, { title: "Party", starts_at: inDays(2), join: "invitation" });
    await ask("alice", "POST", at(party, "/invitations"), { account_ids: [id.bob, id.carol] });
    assert.equal((await clients.bob.get(`/api/fediflow/v1${at(party)}`)).participation, "invited");
  });
}
