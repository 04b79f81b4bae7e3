// S-039: hosts whose TLS is broken in one way or another are not talked to; what is owed to them waits until it is mended.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";
import { until } from "../lib/journal.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { befriend, stage, unharmed } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { host, isPrivate, work } from "../lib/world.mjs";

const UNREACHABLE = 69;
const folder = mkdtempSync(join(work, "tls-"));
const openssl = (...words) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });
const read = (name, at = folder) => readFileSync(join(at, name));

// Certificates of the tests' own authority that are valid but for one thing, and one that nobody vouches for.
function certificates(name) {
  const named = (file, dns) => writeFileSync(join(folder, file), `subjectAltName=DNS:${dns}\nextendedKeyUsage=serverAuth\n`);
  named("right", name);
  named("wrong", `not-${name}`);
  writeFileSync(join(folder, "index"), "");
  writeFileSync(join(folder, "serial"), "1000\n");
  writeFileSync(join(folder, "ca.conf"), "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=index\nserial=serial\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=optional\n");
  openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=x");
  const sign = (out, extensions, from, to) =>
    openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-cert", join(work, "ca.pem"), "-keyfile", join(work, "ca-key.pem"), "-in", "request.pem", "-out", out, "-extfile", extensions, "-startdate", from, "-enddate", to);
  sign("good.pem", "right", "20200101000000Z", "20400101000000Z");
  sign("expired.pem", "right", "20200101000000Z", "20200201000000Z");
  sign("early.pem", "right", "20390101000000Z", "20400101000000Z");
  sign("other.pem", "wrong", "20200101000000Z", "20400101000000Z");
  openssl("req", "-x509", "-key", "key.pem", "-out", "own.pem", "-days", "30", "-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`);
}

async function listening(server, at) {
  const sockets = new Set();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => null).on("close", () => sockets.delete(socket))));
  await new Promise((resolve, reject) => server.once("error", reject).listen(at.port, at.address, resolve));
  return () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
}

await run("hostile-tls", async (suite) => {
  if (!isPrivate) return suite.test("S-039 broken TLS # SKIP without a private network there is no TLS", () => null);
  const on = await stage(suite, { fetch: { connect_timeout: "1 s" }, federation: { delivery_timeout: "3 s" } });
  const { node, evil } = on;
  const at = await host("slow");
  certificates(at.name);
  let asked = 0;
  const answer = (_, response) => {
    asked++;
    response.writeHead(200, { "Content-Type": "application/activity+json" }).end('{"id":"x","type":"Note"}');
  };
  const withCertificate = (name, options = {}) => https.createServer({ key: read("key.pem"), cert: read(name), ...options }, answer);
  const fetches = () => node.run("fetch", `${at.base}/users/x`, "--raw");
  const failsAs = (expected) => assert.rejects(fetches(), ({ code, message }) => code === UNREACHABLE && expected.test(message));

  const broken = [
    ["a certificate that has expired", () => withCertificate("expired.pem"), /expired/],
    ["a certificate that is not valid yet", () => withCertificate("early.pem"), /not yet valid/],
    ["a certificate of another host", () => withCertificate("other.pem"), /./],
    ["a certificate that it signed itself", () => withCertificate("own.pem"), /self.signed/],
    ["TLS 1.1 at most", () => withCertificate("good.pem", { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" }), /./],
    ["plain http where TLS should be", () => http.createServer(answer), /./],
    ["silence in the middle of the handshake", () => net.createServer(() => null), /./],
    ["a connection that is cut during the handshake", () => net.createServer((socket) => socket.once("data", () => socket.destroy())), /./],
  ];
  await suite.test("the same host is asked when its certificate is right", async () => {
    const close = await listening(withCertificate("good.pem"), at);
    await fetches();
    await close();
    assert.equal(asked, 1);
  });
  for (const [what, make, expected] of broken) {
    await suite.test(`S-039 a host with ${what} is not talked to`, async () => {
      asked = 0;
      const close = await listening(make(), at);
      await failsAs(expected);
      await close();
      assert.equal(asked, 0, "it was asked all the same");
    });
  }
  // where no length is announced the end of the connection is the end of the answer, and JSON itself must be whole
  for (const [what, head] of [["less than it announced", "Content-Length: 4000\r\n"], ["half a document and no announcement", ""]]) {
    await suite.test(`S-039 an answer with ${what}, cut off, is no answer`, async () => {
      const server = https.createServer({ key: read("key.pem"), cert: read("good.pem") });
      server.on("secureConnection", (socket) => {
        const text = `HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n${head}Connection: close\r\n\r\n{"id":"${at.base}/users/x","type":"No`;
        socket.once("data", () => socket.write(text, () => setImmediate(() => socket._parent.destroy())));
      });
      const close = await listening(server, at);
      await assert.rejects(node.run("fetch", `${at.base}/users/x`), ({ code }) => code > 0);
      await close();
    });
  }

  await suite.test("S-039 a delivery waits while the certificate is wrong, and arrives when it is right", async () => {
    const peer = await rawPeer("slow");
    const fan = peer.actor("fan");
    await befriend({ ...on }, fan);
    await peer.stop();
    asked = 0;
    const close = await listening(withCertificate("expired.pem"), at);
    const post = await node.post("alice", "Until the certificate is renewed");
    const job = await until("it was tried and waits", async () => (await node.queue()).find(({ attempts }) => attempts > 0));
    assert.match(job.reason, /certificate/);
    await close();
    assert.equal(asked, 0);
    const mended = await rawPeer("slow");
    await mended.requests.wait("the post", ({ method, body }) => method === "POST" && body.includes(post.uri), 20_000);
    await mended.stop();
  }, 60_000);

  await evil.stop();
  await unharmed(suite, on);
});
