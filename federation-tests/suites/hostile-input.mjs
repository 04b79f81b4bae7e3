// Bytes that two readers would understand differently, or that no reader should be asked to: HTTP framing, JSON, wrong types.
import assert from "node:assert/strict";
import { PUBLIC } from "../lib/rawpeer.mjs";
import { accepted, befriend, counts, refused, stage, unharmed, withoutEffect } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { statuses, talk } from "../lib/wire.mjs";

await run("hostile-input", async (suite) => {
  const on = await stage(suite);
  const { node, alice, post, evil } = on;
  const mallory = evil.actor("mallory");
  await befriend(on, mallory);
  const say = (text, options) => talk(node.port, text, options);
  const host = node.host.authority;

  // --- framing ---

  const head = (line, ...headers) => `${[line, ...headers].join("\r\n")}\r\n\r\n`;
  const H = `Host: ${host}`;
  const POST = "POST /inbox HTTP/1.1";
  const TYPE = "Content-Type: application/activity+json";
  const smuggled = `GET /.well-known/nodeinfo HTTP/1.1\r\n${H}\r\n\r\n`; // what would be answered with 200
  const ambiguous = {
    "two lengths that differ": head(POST, H, TYPE, "Content-Length: 10", "Content-Length: 0") + smuggled,
    "two lengths that agree": head(POST, H, TYPE, "Content-Length: 10", "Content-Length: 10") + smuggled,
    "a list of lengths": head(POST, H, TYPE, "Content-Length: 10, 10") + smuggled,
    "a length and chunks": head(POST, H, TYPE, "Content-Length: 4", "Transfer-Encoding: chunked") + "0\r\n\r\n" + smuggled,
    "chunks and a length": head(POST, H, TYPE, "Transfer-Encoding: chunked", "Content-Length: 4") + "0\r\n\r\n" + smuggled,
    "an encoding nobody knows": head(POST, H, TYPE, "Transfer-Encoding: xchunked") + "0\r\n\r\n",
    "two encodings": head(POST, H, TYPE, "Transfer-Encoding: chunked", "Transfer-Encoding: identity") + "0\r\n\r\n",
    "gzip before chunked": head(POST, H, TYPE, "Transfer-Encoding: gzip, chunked") + "0\r\n\r\n",
    "a blank before the colon": head(POST, H, TYPE, "Content-Length : 10") + smuggled,
    "a negative length": head(POST, H, TYPE, "Content-Length: -1") + smuggled,
    "a length with a sign": head(POST, H, TYPE, "Content-Length: +10") + smuggled,
    "a length in hexadecimal": head(POST, H, TYPE, "Content-Length: 0xa") + smuggled,
    "two hosts": head("GET /actor HTTP/1.1", H, "Host: other.example"),
    "the same host twice": head("GET /actor HTTP/1.1", H, H),
    "no host": head("GET /actor HTTP/1.1"),
    "a folded header": head("GET /actor HTTP/1.1", H, "X-A: b\r\n folded"),
    "a NUL in a header": head("GET /actor HTTP/1.1", H, "X-A: b\0c"),
    "a control character in a header": head("GET /actor HTTP/1.1", H, "X-A: b\x01c"),
    "lines that end in LF": `GET /actor HTTP/1.1\n${H}\n\n`,
    "a method in lower case": head("get /actor HTTP/1.1", H),
    "an unknown method": head("BREW /actor HTTP/1.1", H),
    "chunks in HTTP/1.0": head("POST /inbox HTTP/1.0", H, TYPE, "Transfer-Encoding: chunked") + "0\r\n\r\n",
    "two signatures": head(POST, H, TYPE, "Content-Length: 10", "Signature: a", "Signature: b") + smuggled,
    "two digests": head(POST, H, TYPE, "Content-Length: 10", "Digest: SHA-256=a", "Digest: SHA-256=b") + smuggled,
    "two dates": head(POST, H, TYPE, "Content-Length: 10", "Date: a", "Date: b") + smuggled,
    "two types": head(POST, H, TYPE, "Content-Type: text/html", "Content-Length: 10") + smuggled,
    "an absolute target of another host": head("GET http://other.example/actor HTTP/1.1", H),
    "a target with a NUL": head("GET /actor%00x HTTP/1.1", H),
    "a target with a hidden slash": head("GET /users%2falice HTTP/1.1", H),
    "a target that climbs": head("GET /users/../actor HTTP/1.1", H),
    "a target with a backslash": head("GET /users%5calice HTTP/1.1", H),
    "garbage": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  };
  for (const [what, bytes] of Object.entries(ambiguous)) {
    await suite.test(`S-045 a request with ${what} is refused, and nothing behind it is read`, async () => {
      // libmicrohttpd writes the head of its own refusals twice: the codes may be two, the connection ends all the same
      const codes = statuses(await say(bytes));
      assert.ok(codes.every((code) => code >= 400 && code < 502), `answered ${codes}`);
    });
  }
  await suite.test("S-045 two plain requests on one connection are two requests", async () => {
    const one = head("GET /.well-known/nodeinfo HTTP/1.1", H);
    const codes = statuses(await say(one + head("GET /.well-known/nodeinfo HTTP/1.1", H, "Connection: close")));
    assert.deepEqual(codes, [200, 200]);
  });
  await suite.test("S-048 a body over the limit is refused before it is read", async () => {
    const known = statuses(await say(head(POST, H, TYPE, `Content-Length: ${2 << 20}`)));
    assert.deepEqual(known, [413]);
    const chunk = `10000\r\n${"x".repeat(65536)}\r\n`;
    const streamed = statuses(await say(head(POST, H, TYPE, "Transfer-Encoding: chunked") + chunk.repeat(40)));
    assert.ok(streamed.length === 0 || streamed[0] === 413, `${streamed}`);
  });
  await suite.test("S-045 headers without end are refused", async () => {
    const many = Array.from({ length: 5000 }, (_, i) => `X-${i}: ${"y".repeat(50)}`);
    const codes = statuses(await say(head("GET /actor HTTP/1.1", H, ...many)));
    assert.ok(codes.length <= 1 && (codes[0] ?? 431) >= 400, `${codes}`);
    const long = statuses(await say(head(`GET /${"a".repeat(100_000)} HTTP/1.1`, H)));
    assert.ok(long.length <= 1 && (long[0] ?? 414) >= 400, `${long}`);
  });

  // --- JSON ---

  const like = mallory.activity("Like", post.uri);
  const text = JSON.stringify(like);
  const raw = (...parts) => Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const odd = {
    "a name twice": text.replace('"type":"Like"', '"type":"Like","type":"Follow"'),
    "a name twice, once escaped": text.replace('"type":"Like"', '"type":"Like","t\\u0079pe":"Follow"'),
    "a name twice, deep inside": text.replace('"type":"Like"', '"type":"Like","tag":[{"a":1,"a":2}]'),
    "a NUL in a string": text.replace('"type"', '"x":"a\\u0000b","type"'),
    "a NUL in a name": text.replace('"type"', '"a\\u0000b":1,"type"'),
    "a lone surrogate": text.replace('"type"', '"x":"\\ud800","type"'),
    "an overlong UTF-8 sequence": raw('{"x":"', Buffer.from([0xc0, 0xaf]), '",', text.slice(1)),
    "a byte that is no UTF-8": raw('{"x":"', Buffer.from([0xff]), '",', text.slice(1)),
    "a surrogate in UTF-8": raw('{"x":"', Buffer.from([0xed, 0xa0, 0x80]), '",', text.slice(1)),
    "a byte order mark": raw(Buffer.from([0xef, 0xbb, 0xbf]), text),
    "UTF-16": Buffer.from(text, "utf16le"),
    "a bare line end in a string": text.replace('"type"', '"x":"a\nb","type"'),
    "NaN": text.replace('"type"', '"x":NaN,"type"'),
    "Infinity": text.replace('"type"', '"x":-Infinity,"type"'),
    "a number with a leading zero": text.replace('"type"', '"x":01,"type"'),
    "a comment": text.replace('"type"', '/* x */"type"'),
    "single quotes": text.replaceAll('"', "'"),
    "a comma too many": `${text.slice(0, -1)},}`,
    "something behind it": `${text}{}`,
    "a list at the top": `[${text}]`,
    "a string at the top": JSON.stringify(text),
    "nothing": "",
    "only blanks": "   ",
    "half of it": text.slice(0, text.length / 2),
    "a depth of 2000": text.replace('"type"', `"x":${"[".repeat(2000)}${"]".repeat(2000)},"type"`),
    "a depth of half a million": "[".repeat(500_000),
    "50000 nodes": text.replace('"type"', `"x":[${"1,".repeat(49_999)}1],"type"`),
    "5000 names": text.replace('"type"', `${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join(",")},"type"`),
  };
  for (const [what, bytes] of Object.entries(odd)) {
    await suite.test(`S-047 JSON with ${what} is refused`, () =>
      withoutEffect(on, async () => refused(await mallory.post(node, bytes), 400, 413)));
  }

  // --- types ---

  const note = mallory.note("shape", { to: [PUBLIC], cc: [], tag: [] });
  const kinds = {
    Create: () => mallory.activity("Create", { ...mallory.note("made"), to: [alice.uri] }),
    Update: () => mallory.activity("Update", note),
    Delete: () => mallory.activity("Delete", evil.url("/users/mallory/notes/none")),
    Follow: () => mallory.activity("Follow", alice.uri),
    Accept: () => mallory.activity("Accept", { type: "Follow", id: `${alice.uri}/follows/9`, actor: alice.uri, object: mallory.id }),
    Reject: () => mallory.activity("Reject", { type: "Follow", id: `${alice.uri}/follows/9`, actor: alice.uri, object: mallory.id }),
    Like: () => mallory.activity("Like", post.uri),
    Announce: () => mallory.activity("Announce", post.uri, { to: [PUBLIC] }),
    Undo: () => mallory.activity("Undo", { type: "Like", id: evil.url("/likes/none"), actor: mallory.id, object: post.uri }),
    Block: () => mallory.activity("Block", rogueId),
    Flag: () => mallory.activity("Flag", [alice.uri, post.uri], { content: "report" }),
    Move: () => mallory.activity("Move", mallory.id, { target: evil.url("/users/other") }),
    Add: () => mallory.activity("Add", note.id, { target: evil.url("/users/mallory/featured") }),
  };
  const rogueId = evil.url("/users/nobody");
  const values = [undefined, null, 0, -1, 1e308, true, "", " ", "x", [], {}, [[]], [null], [{}], { id: {} }, { id: [] }, { type: [] }, "z".repeat(100_000), Array(1000).fill("x")];
  const fields = {
    activity: ["id", "type", "object", "to", "cc", "published", "@context", "target", "signature", "proof", "content"],
    object: ["id", "type", "attributedTo", "content", "contentMap", "summary", "name", "to", "cc", "tag", "attachment", "inReplyTo", "published", "updated", "url", "source", "sensitive", "replies", "actor", "object", "endpoints", "publicKey", "icon"],
  };
  for (const [kind, make] of Object.entries(kinds)) {
    await suite.test(`S-049 ${kind} with every field of every wrong type is answered clearly and does no harm`, async () => {
      const cases = fields.activity.flatMap((field) => values.map((value) => ({ ...make(), [field]: value })));
      const inner = make().object;
      if (typeof inner === "object" && !Array.isArray(inner)) {
        cases.push(...fields.object.flatMap((field) => values.map((value) => ({ ...make(), object: { ...inner, [field]: value } }))));
      }
      const before = await counts(on);
      const lane = async () => {
        for (let activity = cases.pop(); activity !== undefined; activity = cases.pop()) {
          const answer = await mallory.post(node, activity);
          assert.ok([202, 400, 401, 403, 413].includes(answer.status), `${answer.status} for ${JSON.stringify(activity).slice(0, 300)}`);
        }
      };
      await Promise.all(Array.from({ length: 4 }, lane));
      const after = await counts(on);
      assert.equal(after.text, before.text);
      assert.equal(after.display_name, before.display_name);
      assert.equal((await node.health()).status, 200);
    }, 60_000);
  }
  await suite.test("S-049 an activity of an unknown kind is accepted and has no effect", () =>
    withoutEffect(on, async () => {
      for (const type of ["Dance", "https://example.org/ns#Wave", ["Dance", "Wave"], "like", "toString", "__proto__"]) {
        accepted(await mallory.post(node, mallory.activity(type, post.uri)));
      }
    }));

  await unharmed(suite, on);
});
