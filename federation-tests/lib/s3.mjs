// A store of objects that speaks as much of S3's protocol as a node needs, and believes nothing: every request is signed with
// AWS Signature Version 4 over what arrived, or is refused.
import { createHash, createHmac } from "node:crypto";
import http from "node:http";
import { readBody } from "./world.mjs";

const REGION = "us-east-1";
export const KEY_ID = "AKIDNORTH";
export const SECRET = "wJalrXUtnFEMI/K7MDENG+secret";

const sha256 = (data) => createHash("sha256").update(data).digest("hex");
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();

function signatureOf({ method, url, headers }, names, body) {
  const date = headers["x-amz-date"], day = date.slice(0, 8);
  const lines = names.split(";").map((name) => `${name}:${headers[name].trim()}\n`).join("");
  const canonical = [method, url, "", lines, names, sha256(body)].join("\n");
  const scope = `${day}/${REGION}/s3/aws4_request`;
  const key = [REGION, "s3", "aws4_request"].reduce(hmac, hmac(`AWS4${SECRET}`, day));
  return hmac(key, ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")).toString("hex");
}

function isSigned(request, body) {
  const said = request.headers.authorization?.match(/^AWS4-HMAC-SHA256 Credential=([^/]+)\/.*SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/);
  if (!said || said[1] !== KEY_ID || request.headers["x-amz-content-sha256"] !== sha256(body)) return false;
  return ["host", "x-amz-date", "x-amz-content-sha256"].every((name) => said[2].split(";").includes(name)) && said[3] === signatureOf(request, said[2], body);
}

// { base, objects: Map of path to bytes, log: [{ method, path, status }], close() }
export async function objectStore() {
  const store = { objects: new Map(), log: [] };
  const answers = {
    PUT: (path, body) => (store.objects.set(path, body), [200]),
    GET: (path) => (store.objects.has(path) ? [200, store.objects.get(path)] : [404]),
    DELETE: (path) => (store.objects.delete(path), [204]),
  };
  const server = http.createServer(async (request, response) => {
    const body = await readBody(request, 64 << 20);
    const [status, bytes] = isSigned(request, body) ? answers[request.method](request.url, body) : [403];
    store.log.push({ method: request.method, path: request.url, status });
    response.writeHead(status).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  store.base = `http://127.0.0.1:${server.address().port}`;
  store.close = () => new Promise((resolve) => server.close(resolve));
  return store;
}
