// E-mail to people of the node: by a mail server that others wrote, by a folder, and not at all.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { mailServer } from "../lib/mailserver.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { isPrivate } from "../lib/world.mjs";

await run("mail", async (suite) => {
  const server = await mailServer("one");
  if (server === undefined) return suite.skip("e-mail", "python3-aiosmtpd is not installed");
  const title = "Stadt Köln & Söhne, the organisation whose name is longer than a line of a header may be";
  const node = await fediflow("north", { title, settings: { mail: server.settings } });
  suite.watch(() => node.troubles());
  const fails = async (...words) => node.run(...words).then(() => assert.fail("it went well"), (error) => error);

  await suite.test("a letter reaches a mail server, in words that it keeps", async () => {
    const sent = await node.run("mail", "test", "Alice.B+x@example.net");
    assert.equal(sent.code, 250);
    const letter = await server.wait("Alice.B+x@example.net");
    assert.equal(letter.from, "noreply@node.example");
    assert.equal(letter.headers.subject, `Test: ${title}`);
    assert.equal(letter.headers.from, `${title} <noreply@node.example>`);
    assert.equal(letter.headers.to, "<Alice.B+x@example.net>");
    assert.match(letter.headers.date, /^\w{3}, \d{2} \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/);
    assert.ok(Math.abs(Date.parse(letter.headers.date) - Date.now()) < 60_000);
    assert.match(letter.headers["message-id"], /^<test\.\d+@node\.example>$/);
    assert.equal(letter.headers["auto-submitted"], "auto-generated");
    assert.equal(letter.body, `This letter shows that e-mail of ${node.host.base} arrives.\n`);
    assert.equal(letter.name, "node.example");
  });
  if (isPrivate) {
    await suite.test("nothing is said before TLS, and a name and a password are given", () => {
      assert.equal(server.messages().at(-1).tls, true);
    });
  }
  await suite.test("what the server answers is told", async () => {
    assert.match(String((await fails("mail", "test", "refused@example.net")).message), /550|5\.1\.1|refused|RCPT/i);
    assert.match(String((await fails("mail", "test", "later@example.net")).message), /451|4\.7\.1|later|RCPT/i);
  });
  await suite.test("S-107 an address that servers read differently is no address", async () => {
    const before = server.messages().length;
    for (const address of ["a@b@example.net", '"a b"@example.net', "a%b@example.net", "a@example.net\r\nBcc: c@example.net", "a,b@example.net"]) {
      await fails("mail", "test", address);
    }
    assert.equal(server.messages().length, before);
  });

  await suite.test("a folder gets a file for each, which nobody else may read", async () => {
    const south = await fediflow("south", { settings: { mail: { transport: "spool", from: "noreply@node.example" } } });
    await south.run("mail", "test", "bob@example.net");
    const folder = join(south.folder, "data", "mail");
    const files = readdirSync(folder);
    assert.equal(files.length, 1);
    assert.equal(statSync(join(folder, files[0])).mode & 0o777, 0o600);
    assert.match(readFileSync(join(folder, files[0]), "utf8"), /^To: <bob@example\.net>\r$/m);
    await south.stop();
  });
  await suite.test("a node without e-mail says so", async () => {
    const east = await fediflow("east");
    await assert.rejects(east.run("mail", "test", "bob@example.net"), /sends no e-mail/);
    await east.stop();
  });
  await suite.test("the node ends when it is told to", async () => {
    const { code, signal } = await node.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    await node.check();
  });
});
