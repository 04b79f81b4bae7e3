// Every parameter of every endpoint, as `fediflow api --json` tells them, with what it is not meant to have: wrong types, numbers
// out of bounds, too much, bytes that are no UTF-8, lists and objects for one value and the other way round. Whatever is sent:
// an answer in time that is no fault of the server's, with the documented body when it is an error; and the node is well
// afterwards.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { endpoints, Openapi, schemaIsThere } from "../walk/openapi.mjs";

const SECONDS = 10;
const AT_ONCE = 8;
const ALL_MS = 120_000; // tens of thousands of requests
const BEYOND_U64 = "18446744073709551616";
const NAMES_MAX = 512; // as many parameters as a request may have

// Values that a parameter of a type must bear. Bytes that stand in a query or form are written as they are sent.
const ODD_TEXT = ["", " ", "\u0000", "%00", "%ff%fe", "%c3%28", "%ed%a0%80", "%", "%f4%90%80%80", "..%2f..%2fetc%2fpasswd", "%F0%9F%92%A9", "%E2%80%AE%E2%81%A6", "'%22%3E%3Cscript%3E", "%0d%0aX-Evil:%20yes"];
const ODD_NUMBERS = ["-1", "0", "1.5", "1e309", "NaN", "0x10", "18446744073709551615", BEYOND_U64, "9".repeat(400), "١٢", "+1", " 1", "1 "];
const ODD_JSON = [null, true, false, 0, -1, 1.5, 1e308, 9007199254740993, "", "x", [], [[]], [[[[[[]]]]]], {}, { a: { b: { c: { d: { e: 1 } } } } }, ["x", 1, null, {}], [null]];

const words = ({ type, min, max, max_bytes: bytes, words: known }) => [
  ...ODD_TEXT,
  ...(["number", "limit", "ids", "inner", "text", "texts"].includes(type) ? ODD_NUMBERS : ["2", "maybe", "-1"]),
  ...(min !== undefined && min > 0 ? [String(min - 1)] : []),
  ...(max !== undefined ? [String(max), String(max + 1)] : []),
  ...(bytes ? ["x".repeat(bytes), "x".repeat(bytes + 1), "%F0%9F%92%A9".repeat(Math.min(Math.ceil(bytes / 4) + 1, 80000))] : []),
  ...(known ?? []),
  ...(known ? [known[0].toUpperCase(), `${known[0]}x`] : []),
];

// "poll[options][]" with a value as what JSON has for it.
function nested(name, value) {
  const keys = name.replace(/\[\]$/, "").split(/\[|\]\[|\]/).filter((key) => key !== "");
  return keys.reduceRight((inner, key) => ({ [key.replace(":index", "0")]: inner }), value);
}

await run("parameters", async (suite) => {
  const table = endpoints();
  const plenty = { rate: 1e9, rate_media: 1e9, rate_delete: 1e9, rate_sign_up: 1e9, rate_token: 1e9 };
  const node = await fediflow("north", { settings: { api: plenty } });
  suite.watch(() => node.troubles());
  for (const name of ["alice", "olga"]) await node.addPerson(name);
  await node.run("account", "role", "olga", "owner");
  const client = await signIn(node, "olga", "profile read write follow push admin:read admin:write");
  const alice = await signIn(node, "alice");
  const mine = (await client.get("/api/v1/accounts/verify_credentials")).id;
  const theirs = (await alice.get("/api/v1/accounts/verify_credentials")).id;
  const post = await client.post("/api/v1/statuses", { status: "Here I am", poll: { options: ["a", "b"], expires_in: 3600 } });
  const api = schemaIsThere ? new Openapi() : null;

  // What stands in a path: something that is there, so that a request comes as far as it can. One's own account is not touched.
  const pathOf = (path) =>
    path
      .replace(/\/accounts\/:id/, `/accounts/${theirs}`)
      .replace(/\/(statuses|polls)\/:id/, `/$1/${post.id}`)
      .replace(/:[a-z_]+/g, "1");

  const wrong = [];
  const send = async (route, what, { query = "", body, type, path = pathOf(route.path), headers = {} } = {}) => {
    const told = `${route.method} ${path} ${what}`;
    try {
      const answer = await fetch(`${node.host.base}${path}${query && `?${query}`}`, {
        method: route.method,
        redirect: "manual",
        signal: AbortSignal.timeout(SECONDS * 1000),
        headers: { ...(route.auth !== "none" && { Authorization: `Bearer ${client.token}` }), ...(type && { "Content-Type": type }), ...headers },
        ...(body !== undefined && { body }),
      });
      // what is a stream has begun well
      if ((answer.headers.get("content-type") ?? "").startsWith("text/event-stream")) return void (await answer.body.cancel());
      const text = await answer.text();
      if (answer.status >= 500) wrong.push(`${told}: ${answer.status} ${text.slice(0, 200)}`);
      else if (answer.status >= 400) check(told, answer.status, text);
      else if (answer.headers.get("x-evil")) wrong.push(`${told}: a header was made`);
    } catch (error) {
      wrong.push(`${told}: ${error.name} ${error.cause ?? error.message}`);
    }
  };

  // {"error": "..."}, with details where something fails validation (entities/Error).
  const check = (told, status, text) => {
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return wrong.push(`${told}: ${status} with no JSON: ${text.slice(0, 100)}`);
    }
    const inner = typeof body.error === "object" && body.error !== null ? body.error : body; // collections wrap it once more
    if (typeof inner.error !== "string" || inner.error === "") wrong.push(`${told}: ${status} ${text.slice(0, 200)}`);
    else if (api && inner === body && api.entity("Error", body).length) wrong.push(`${told}: ${api.entity("Error", body)}`);
  };

  const all = async (jobs) => {
    const rest = [...jobs];
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let job; (job = rest.pop()); ) await job();
    }));
  };
  const isBodied = ({ method }) => method !== "GET";
  const test = (sentence, jobs) =>
    suite.test(sentence, async () => {
      wrong.length = 0;
      await all(jobs);
      assert.deepEqual(wrong.slice(0, 20), [], `${wrong.length} in all`);
      assert.equal((await client.get("/api/v1/accounts/verify_credentials")).id, mine);
    }, ALL_MS);

  // Signing out ends the token that asks; what empties or ends an account is for others to try.
  const routes = table.filter(({ path }) => path !== "/oauth/revoke" && !/\/accounts\/:id\/action$/.test(path));
  const given = routes.flatMap((route) => route.parameters.filter(({ type }) => type !== "file").map((parameter) => [route, parameter]));

  await test("words by the query", given.flatMap(([route, parameter]) => words(parameter).map((value) => () => {
    const safe = value.replace(/[\u0000 #&+]|[^\x00-\x7f]/g, encodeURIComponent);
    return send(route, `${parameter.name}=${safe.slice(0, 40)}`, { query: `${encodeURIComponent(parameter.name.replace(":index", "0"))}=${safe.slice(0, 6000)}` });
  })));
  await test("words as a form", given.filter(([route]) => isBodied(route)).flatMap(([route, parameter]) => words(parameter).map((value) => () =>
    send(route, `${parameter.name}=${value.slice(0, 40)}`, { type: "application/x-www-form-urlencoded", body: `${parameter.name.replace(":index", "0")}=${value}` }))));
  await test("values of every kind as JSON", given.filter(([route]) => isBodied(route)).flatMap(([route, parameter]) => ODD_JSON.map((value) => () =>
    send(route, `${parameter.name}: ${JSON.stringify(value)}`, { type: "application/json", body: JSON.stringify(nested(parameter.name, value)) }))));
  await test("lists for one value, one value for lists, and far too many", given.flatMap(([route, { name }]) => {
    const plain = name.replace(":index", "0").replace(/\[\]$/, "");
    return [`${plain}[]=1&${plain}[]=2`, `${plain}=1&${plain}=2`, `${plain}[a][b][c]=1`, `${plain}[=1`, `${plain}]=1`, Array.from({ length: 101 }, (_, i) => `${plain}[]=${i}`).join("&")].map((query) => () => send(route, query.slice(0, 60), { query }));
  }));
  await test("bytes that are no UTF-8, as they are", given.filter(([route]) => isBodied(route)).flatMap(([route, { name }]) => {
    const plain = Buffer.from(name.replace(":index", "0"));
    const bad = [Buffer.from([0xff, 0xfe]), Buffer.from([0xc3, 0x28]), Buffer.from([0x00]), Buffer.from([0xed, 0xa0, 0x80])];
    return bad.flatMap((bytes) => [
      () => send(route, `${name}=${bytes.toString("hex")} in a form`, { type: "application/x-www-form-urlencoded", body: Buffer.concat([plain, Buffer.from("="), bytes]) }),
      () => send(route, `${name}: ${bytes.toString("hex")} in JSON`, { type: "application/json", body: Buffer.concat([Buffer.from('{"'), plain, Buffer.from('":"'), bytes, Buffer.from('"}')]) }),
      () => send(route, `${name}: ${bytes.toString("hex")} in parts`, { type: "multipart/form-data; boundary=x", body: Buffer.concat([Buffer.from('--x\r\nContent-Disposition: form-data; name="'), plain, Buffer.from('"\r\n\r\n'), bytes, Buffer.from("\r\n--x--\r\n")]) }),
    ]);
  }));

  const BODIES = [
    ["application/json", ""], ["application/json", "{"], ["application/json", "[]"], ["application/json", "null"], ["application/json", '"x"'], ["application/json", "[".repeat(100000)],
    ["application/json", `{"a":${"[".repeat(40)}${"]".repeat(40)}}`], ["application/json", `{"${"n".repeat(5000)}":1}`], ["application/json", '{"status":"\\ud800"}'], ["application/json", '{"a":1,"a":2}'],
    ["application/x-www-form-urlencoded", "&&&&=&=&"], ["application/x-www-form-urlencoded", Array.from({ length: NAMES_MAX + 1 }, (_, i) => `n${i}=1`).join("&")],
    ["multipart/form-data", "x"], ["multipart/form-data; boundary=", "----"], ["multipart/form-data; boundary=x", "--x"], ["multipart/form-data; boundary=x", "--x\r\n\r\n--x--"],
    ["text/plain", "x"], ["application/xml", "<a/>"], ["x".repeat(3000), "x"], ["application/json; charset=utf-16", "{}"],
  ];
  await test("bodies that are none", routes.filter(isBodied).flatMap((route) => BODIES.map(([type, body]) => () => send(route, `${type.slice(0, 50)} ${body.slice(0, 30)}`, { type, body }))));
  await test("what stands in paths", routes.filter(({ path }) => path.includes(":")).flatMap((route) =>
    ["0", "-1", "1.5", "abc", "18446744073709551615", BEYOND_U64, "9".repeat(200), "%00", "%ff", "%2f", "%2e%2e", "x".repeat(2000), "ungrouped-", "favourite-1-", "%F0%9F%92%A9", "2026-13-45"].map((value) => () =>
      send(route, "", { path: route.path.replace(/:[a-z_]+/g, value) }))));
  await test("files that are none", routes.flatMap((route) => route.parameters.filter(({ type }) => type === "file").flatMap(({ name }) => {
    const part = (bytes, more = "") => Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"; filename="f"${more}\r\nContent-Type: image/png\r\n\r\n`), bytes, Buffer.from("\r\n--x--\r\n")]);
    const whole = picture(32, 32);
    return [Buffer.alloc(0), Buffer.from("no picture"), whole.subarray(0, whole.length / 2), Buffer.concat([whole.subarray(0, 40), Buffer.alloc(2000, 0xff)]), Buffer.from("GIF89a\xff\xff\xff\xff", "latin1")].map((bytes) => () => send(route, `${name} of ${bytes.length} bytes`, { type: "multipart/form-data; boundary=x", body: part(bytes) }));
  })));

  await suite.test("the node is well: its database is whole, and it has not restarted", async () => {
    assert.equal((await client.get("/api/v1/accounts/verify_credentials")).id, mine);
    await node.run("check");
    assert.equal(node.exited ?? false, false);
  });
});
