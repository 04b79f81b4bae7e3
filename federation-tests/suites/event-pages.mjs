// Events with a browser alone: held by a form, single or as a series, found, joined, answered, changed and called off, and read by
// calendar programs. What forms do not offer is refused when it is sent all the same.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const EVENTS = "/auth/events";
const API = "/api/fediflow/v1/events";
const PASSWORD = "correct horse battery";
const DAY = 86_400_000;
// the first Tuesday that is at least a week away, as a field of a form has it
const tuesday = new Date(Date.now() + 7 * DAY);
while (tuesday.getUTCDay() !== 2) tuesday.setTime(tuesday.getTime() + DAY);
const day = (n = 0) => new Date(tuesday.getTime() + n * DAY).toISOString().slice(0, 10);

await run("event-pages", async (suite) => {
  const node = await fediflow("north", { settings: { api: { rate: 100000 } } });
  suite.watch(() => node.troubles());
  const browsers = {}, apps = {}, ids = {};
  for (const name of ["olga", "mona", "bob", "carol", "dora"]) {
    ids[name] = String((await node.addPerson(name)).id ?? "");
    apps[name] = await signIn(node, name);
    browsers[name] = new Browser(node);
    await browsers[name].submit(await browsers[name].get(EVENTS), "sign_in", { login: name, password: PASSWORD });
  }
  const made = await apps.olga.post("/api/fediflow/v1/communities", { name: "botany", title: "Botany" }).catch(() => undefined);
  if (!made) await browsers.olga.submit(await browsers.olga.get("/auth/communities"), "make", { name: "botany", title: "Botany" });
  const { id: group } = await apps.olga.get("/api/fediflow/v1/communities/lookup?name=botany");
  for (const name of ["mona", "bob"]) await apps[name].post(`/api/v1/accounts/${group}/follow`, {});
  for (const name of Object.keys(ids)) ids[name] = (await apps.olga.get(`/api/v1/accounts/lookup?acct=${name}`)).id;

  const page = (name, id, query = "") => browsers[name].get(`${EVENTS}/${id}${query}`);
  const act = async (name, id, step, fields = {}, status = 200) => {
    const answer = await browsers[name].submit(await page(name, id), step, fields);
    assert.equal(answer.status, status, answer.text.match(/role="alert">([^<]*)/)?.[1]);
    return answer;
  };
  const hold = async (name, fields, status = 200) => {
    const answer = await browsers[name].submit(await browsers[name].get(EVENTS), "hold", fields);
    assert.equal(answer.status, status, answer.text.match(/role="alert">([^<]*)/)?.[1]);
    return status === 200 ? answer.text.match(/action="\/auth\/events\/(\d+)"/)[1] : answer;
  };
  const event = (id, name = "olga") => apps[name].get(`${API}/${id}`);
  const steps = ({ forms }) => forms.map(({ values }) => values.step);
  const walk = { title: "A <walk>", content: "Bring boots", starts: `${day()}T10:00`, ends: `${day()}T12:00`, timezone: "Europe/Rome", place: "The old bridge" };

  let id;
  await suite.test("an event is held by a form, by the clocks of its place", async () => {
    assert.match((await browsers.olga.get(EVENTS)).text, /Nothing is held/);
    id = await hold("olga", { ...walk, community: group, join: "request", capacity: "5" });
    const held = await event(id);
    assert.deepEqual([held.title, held.place, held.join, held.capacity, held.community_id], [walk.title, walk.place, "request", 5, group]);
    const shown = await page("mona", id);
    assert.match(shown.text, /<h1[^>]*>A &lt;walk&gt;<\/h1>/);
    assert.match(shown.text, /Tuesday, [^<]*, 10:00<\/time> – <time[^>]*>12:00<\/time> Europe\/Rome/);
    const [, utc] = shown.text.match(/class="dt-start" datetime="([^"]*)"/);
    assert.equal(Date.parse(utc), Date.parse(held.starts_at));
    assert.notEqual(utc.slice(11, 16), "10:00");
  });
  await suite.test("a mistake is said, and nothing that was typed is lost", async () => {
    for (const [fields, why] of [
      [{ ends: `${day()}T09:00` }, /ends after it has begun/],
      [{ timezone: "Europe/Nowhere" }, /knows no time zone/],
      [{ timezone: "the clocks here" }, /no name of a time zone/],
      [{ starts: "soon" }, /a time is written as/],
      [{ starts: "2020-01-01T10:00", ends: "" }, /over already/],
      [{ capacity: "many" }, /is a number/],
      [{ join: "external" }, /needs an address/],
      [{ sight: "followers" }, /no such choice of who sees it/],
      [{ repeat: "weekly" }, /how often a series is/],
      [{ repeat: "weekly", times: "1" }, /2 to 200 dates/],
      [{ repeat: "hourly", times: "2" }, /no such way to repeat/],
    ]) {
      const answer = await hold("olga", { ...walk, ...fields }, 422);
      assert.match(answer.text, why);
      const { values } = answer.forms.find(({ values }) => values.step === "hold");
      assert.deepEqual([values.title, values.content, values.place], [walk.title, walk.content, walk.place]);
    }
    // who is not in a community, or may not hold events there
    assert.equal((await hold("carol", { ...walk, community: group }, 409)).status, 409);
    await hold("bob", { ...walk, community: group }, 403);
  });
  await suite.test("members find it on their list and in the room", async () => {
    assert.match((await browsers.bob.get(EVENTS)).text, new RegExp(`href="${EVENTS}/${id}"`));
    assert.match((await browsers.bob.get(`/auth/communities?community=${group}`)).text, new RegExp(`href="${EVENTS}/${id}"`));
    assert.doesNotMatch((await browsers.carol.get(EVENTS)).text, /A &lt;walk&gt;/);
    assert.match((await browsers.olga.get(`/auth/communities?community=${group}`)).text, /events\?community=/);
    const open = await browsers.olga.get(`${EVENTS}?community=${group}`);
    assert.match(open.text, /<details open>/);
    assert.equal(open.forms.find(({ values }) => values.step === "hold").values.community, group);
  });
  await suite.test("who asks says why, and is let in or turned away by who may", async () => {
    assert.deepEqual(steps(await page("bob", id)), ["join"]);
    await act("bob", id, "join", { note: "I know the <way>" });
    assert.match((await page("bob", id)).text, /You have asked to come/);
    await act("mona", id, "join");
    // a guest is not offered what organizers are, and sending it does not help
    const { token } = (await page("bob", id)).forms[0].values;
    for (const [step, fields] of [["accept", { account: ids.bob }], ["refuse", { account: ids.mona }], ["invite", { who: "carol" }], ["cancel", {}], ["change", walk], ["date", { date: "1" }]])
      assert.ok([403, 409].includes((await browsers.bob.post(`${EVENTS}/${id}`, { step, token, ...fields })).status), step);
    assert.equal((await browsers.bob.post(`${EVENTS}/${id}`, { step: "leave", token: "0".repeat(64) })).status, 403);
    assert.equal((await browsers.bob.post(`${EVENTS}/${id}`, { step: "nothing", token })).status, 400);
    const desk = await page("olga", id);
    assert.match(desk.text, /I know the &lt;way&gt;/);
    const answer = (step, account) => browsers.olga.post(`${EVENTS}/${id}`, desk.forms.find(({ values }) => values.step === step && values.account === account).values);
    await answer("accept", ids.bob);
    await answer("refuse", ids.mona);
    assert.equal((await event(id, "bob")).participation, "going");
    assert.equal((await event(id, "mona")).participation, "refused");
    assert.match((await page("bob", id)).text, /Who takes part[^]*bob/);
    assert.doesNotMatch((await page("mona", id)).text, /<h2>Who takes part/);
  });
  await suite.test("a reminder is set, and an own one of an app is shown", async () => {
    await act("bob", id, "remind", { minutes: "180", letter: "1" });
    assert.deepEqual((await event(id, "bob")).reminder, { minutes: 180, letter: true });
    await apps.bob.put(`${API}/${id}/reminder`, { minutes: 7 });
    assert.match((await page("bob", id)).text, /<option value="7" selected>7 minutes before/);
    await act("bob", id, "remind", { minutes: "99999" }, 422);
    await act("bob", id, "remind", { minutes: "soon" }, 422);
  });
  await suite.test("people are invited by their handle, and out of the community", async () => {
    await act("olga", id, "invite", { who: "@nobody" }, 409);
    await act("olga", id, "invite", { who: "@carol" });
    assert.equal((await event(id, "carol")).participation, "invited");
    assert.match((await browsers.carol.get(EVENTS)).text, /You are invited/);
    await act("olga", id, "invite", { who: "carol" }, 409);
    await act("carol", id, "join");
    await act("carol", id, "leave");
    await apps.dora.post(`/api/v1/accounts/${group}/follow`, {});
    const form = (await page("olga", id)).forms.find(({ values }) => values.step === "invite" && values.account !== undefined);
    assert.equal(form.values.account, ids.dora);
    assert.equal((await browsers.olga.post(form.action, form.values)).status, 303);
    assert.equal((await event(id, "dora")).participation, "invited");
    // and that is taken back
    const back = (await page("olga", id)).forms.find(({ values }) => values.step === "refuse" && values.account === ids.dora);
    await browsers.olga.post(back.action, back.values);
    assert.notEqual((await event(id, "dora")).participation, "invited");
  });
  await suite.test("it is changed as it stands, and who takes part is told", async () => {
    const before = await event(id);
    await act("olga", id, "change");
    const same = await event(id);
    for (const key of ["title", "starts_at", "ends_at", "timezone", "place", "join", "capacity", "recurrence"]) assert.deepEqual(same[key], before[key], key);
    await act("olga", id, "change", { title: "A longer walk", ends: `${day()}T13:00`, place: "The new bridge" });
    assert.deepEqual([(await event(id)).title, (await event(id)).place], ["A longer walk", "The new bridge"]);
    await until("bob hears of it", async () => (await apps.bob.get("/api/v1/notifications")).some(({ type, status }) => type === "update" && status?.id === before.status.id));
    const wrong = await act("olga", id, "change", { title: "", place: "Nowhere" }, 422);
    assert.equal(wrong.forms.find(({ values }) => values.step === "change").values.place, "Nowhere");
  });

  let series;
  await suite.test("a series is made of choices, and told in words", async () => {
    const rules = [
      [{ repeat: "daily", times: "3" }, "FREQ=DAILY;COUNT=3", /Every day, 3 times/],
      [{ repeat: "weekly", times: "3", "day-2": "1", "day-4": "1" }, "FREQ=WEEKLY;COUNT=3;BYDAY=TU,TH", /Every week: Tuesday, Thursday, 3 times/],
      [{ repeat: "fortnightly", times: "4" }, "FREQ=WEEKLY;INTERVAL=2;COUNT=4", /Every 2 weeks, 4 times/],
      [{ repeat: "date", times: "2" }, "FREQ=MONTHLY;COUNT=2", /Every month, 2 times/],
      [{ repeat: "yearly", times: "2" }, "FREQ=YEARLY;COUNT=2", /Every year, 2 times/],
    ];
    for (const [fields, rule, words] of rules) {
      const one = await hold("olga", { ...walk, title: "Series", ...fields });
      assert.equal((await event(one)).recurrence, rule);
      const shown = await page("olga", one);
      assert.match(shown.text, words);
      // sent as it is shown, it stays
      await act("olga", one, "change");
      assert.equal((await event(one)).recurrence, rule);
      await act("olga", one, "cancel");
    }
    const nth = Math.floor((new Date(day()).getUTCDate() - 1) / 7) + 1;
    const monthly = nth <= 4 ? { repeat: "weekday" } : { repeat: "last" };
    const one = await hold("olga", { ...walk, title: "Monthly", ...monthly, times: "2" });
    assert.equal((await event(one)).recurrence, `FREQ=MONTHLY;COUNT=2;BYDAY=${nth <= 4 ? nth : -1}TU`);
    series = await hold("olga", { ...walk, title: "Choir", repeat: "weekly", until: day(21) });
    const { dates, recurrence } = await event(series);
    assert.equal(dates.length, 4);
    assert.match(recurrence, /^FREQ=WEEKLY;UNTIL=\d{8}T2[12]5959Z$/);
    assert.equal((await page("olga", series)).forms.find(({ values }) => values.step === "change").values.until, day(21));
  });
  await suite.test("a single date is moved, called off and brought back", async () => {
    const options = async () => [...(await page("olga", series)).text.match(/<select name="date">(.*?)<\/select>/s)[1].matchAll(/value="(\d+)"/g)].map(([, value]) => value);
    const [first, second] = await options();
    await act("olga", series, "date", { date: first, fate: "off" });
    assert.match((await page("bob", series)).text, /<s>[^]*called off/);
    assert.deepEqual((await event(series)).dates.map(({ state }) => state), ["cancelled", "scheduled", "scheduled", "scheduled"]);
    await act("olga", series, "date", { date: first, fate: "on" });
    await act("olga", series, "date", { date: second, starts: `${day(7)}T20:00`, ends: `${day(7)}T21:00`, place: "Garden" });
    const moved = (await event(series)).dates[1];
    assert.deepEqual([moved.place, moved.state, Date.parse(moved.ends_at) - Date.parse(moved.starts_at)], ["Garden", "scheduled", 3_600_000]);
    assert.match((await page("bob", series)).text, /20:00<\/time> – <time[^>]*>21:00[^]*Garden/);
    await act("olga", series, "date", { date: "1", fate: "off" }, 409);
    await act("olga", series, "date", { date: second, starts: "later" }, 422);
  });
  await suite.test("calendars: a file of one, an address of one's own, which a new password ends", async () => {
    const file = await browsers.bob.get(`${EVENTS}/${series}/calendar`);
    assert.match(file.headers["content-type"], /^text\/calendar/);
    assert.match(file.text, /RRULE:FREQ=WEEKLY;UNTIL=[^]*RECURRENCE-ID/);
    const address = async (name) => (await browsers[name].get(EVENTS)).text.match(/<code class="code">([^<]*\/calendars\/[^<]*)</)[1];
    const own = await address("bob");
    const read = async (url) => {
      const answer = await fetch(url);
      return { status: answer.status, text: await answer.text() };
    };
    const feed = await read(own);
    assert.equal(feed.status, 200);
    assert.match(feed.text, /SUMMARY:A longer walk/);
    assert.doesNotMatch((await read(await address("dora"))).text, /SUMMARY:Choir/);
    for (const wrong of [own.slice(0, -1), own.replace(/.$/, (c) => (c === "0" ? "1" : "0")), own.replace(/-.*/, "-"), own.replace(/\/\d+-/, "/1-")])
      assert.equal((await read(wrong)).status, 404, wrong);
    await node.runWith(`${PASSWORD}!\n`, "account", "password", "bob");
    assert.equal((await read(own)).status, 404);
  });
  await suite.test("it is cancelled, and stays where it was", async () => {
    await act("olga", id, "cancel");
    assert.equal((await event(id)).state, "cancelled");
    assert.match((await page("carol", id)).text, /It was cancelled/);
    assert.ok(!steps(await page("olga", id)).includes("cancel"));
  });
  await suite.test("what is for followers or members is for nobody else", async () => {
    const secret = await hold("mona", { ...walk, title: "For friends", sight: "private" });
    assert.equal((await page("dora", secret)).status, 404);
    assert.equal((await browsers.dora.get(`${EVENTS}/${secret}/calendar`)).status, 404);
    const { token } = (await browsers.dora.get(EVENTS)).forms[0].values;
    assert.equal((await browsers.dora.post(`${EVENTS}/${secret}`, { step: "join", token })).status, 404);
    assert.equal((await page("mona", secret)).status, 200);
    assert.equal((await page("dora", "1")).status, 404);
    assert.equal((await browsers.dora.get(`${EVENTS}/x`)).status, 404);
    assert.match((await new Browser(node).get(`${EVENTS}/${secret}`)).text, /name="password"/);
  });
  await suite.test("many dates of series hide nothing that is to come", async () => {
    for (let i = 0; i < 3; i++) await hold("olga", { ...walk, title: `Daily ${i}`, community: group, repeat: "daily", times: "60" });
    const at = (days) => `${new Date(Date.now() + days * DAY).toISOString().slice(0, 10)}T10:00`;
    await hold("olga", { ...walk, title: "The camp", starts: at(-2), ends: at(2), community: group });
    await hold("olga", { ...walk, title: "The fair", starts: `${day(60)}T10:00`, ends: "", community: group });
    for (const path of [EVENTS, `/auth/communities?community=${group}`]) {
      const { text } = await browsers.mona.get(path);
      for (const title of ["The camp", "Daily 0", "Daily 2", "The fair"]) assert.ok(text.includes(title), `${path}: ${title}`);
    }
    assert.match((await get(node.host, "/@botany", { accept: "text/html" })).text, /The fair/);
  });
  await suite.test("the node is whole", () => node.check());
});
