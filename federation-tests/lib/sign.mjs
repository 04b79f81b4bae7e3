// Signs requests by hand, so that every part of a signature can be made wrong: draft-cavage-12 and RFC 9421. Written from the
// texts, with node's own crypto and nothing of the programs under test.
import crypto from "node:crypto";

export function digest(body) {
  return crypto.createHash("sha256").update(body).digest("base64");
}

function signature(key, base) {
  const algorithm = key.asymmetricKeyType === "rsa" ? "sha256" : null;
  return crypto.sign(algorithm, Buffer.from(base), key).toString("base64");
}

// A request about to be sent: headers are pairs, so that one may come twice.
export function makeRequest({ method = "POST", base, path, body = "", headers = {} }) {
  const url = new URL(path, base);
  return {
    method,
    scheme: url.protocol.slice(0, -1),
    authority: url.host,
    path,
    body,
    headers: [
      ["Host", url.host],
      ...Object.entries(method === "POST" ? { "Content-Type": "application/activity+json", ...headers } : headers),
    ],
  };
}

export function header(request, name) {
  return request.headers.find(([n]) => n.toLowerCase() === name.toLowerCase())?.[1];
}

export function setHeader(request, name, value) {
  request.headers = request.headers.filter(([n]) => n.toLowerCase() !== name.toLowerCase());
  if (value !== undefined) request.headers.push([name, value]);
  return request;
}

const CAVAGE_POST = ["(request-target)", "host", "date", "digest"];
const CAVAGE_GET = ["(request-target)", "host", "date"];

// draft-cavage-http-signatures-12, section 3.1. options: covered, date, digest, created, expires, algorithm, signedTarget,
// signedHost, parameters (what the header says, as a function of what it would say).
export function cavage(request, { key, keyId, ...options }) {
  const bodied = request.method === "POST";
  const covered = options.covered ?? (bodied ? CAVAGE_POST : CAVAGE_GET);
  setHeader(request, "Date", "date" in options ? options.date : new Date().toUTCString());
  if (bodied) setHeader(request, "Digest", "digest" in options ? options.digest : `SHA-256=${digest(request.body)}`);
  const values = {
    "(request-target)": options.signedTarget ?? `${request.method.toLowerCase()} ${request.path}`,
    "(created)": options.created,
    "(expires)": options.expires,
    host: options.signedHost ?? request.authority,
  };
  const base = covered.map((name) => `${name}: ${values[name] ?? header(request, name) ?? ""}`).join("\n");
  const said = {
    keyId: quoted(keyId),
    ...(options.algorithm !== null && { algorithm: quoted(options.algorithm ?? algorithmOf(key)) }),
    ...(options.created !== undefined && { created: options.created }),
    ...(options.expires !== undefined && { expires: options.expires }),
    headers: quoted(covered.join(" ")),
    signature: quoted(signature(key, base)),
  };
  const parameters = options.parameters?.(said) ?? said;
  const value = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return setHeader(request, "Signature", value.join(","));
}

function algorithmOf(key) {
  return key.asymmetricKeyType === "rsa" ? "rsa-sha256" : "hs2019";
}

function quoted(text) {
  return `"${text}"`;
}

const RFC9421_POST = ["@method", "@target-uri", "content-digest"];
const RFC9421_GET = ["@method", "@target-uri"];

// RFC 9421, sections 2.5 and 4. options: covered, created, expires, alg, contentDigest, signedTarget, signedAuthority, label,
// input (edits the Signature-Input value after signing), extra (more parameters, signed).
export function rfc9421(request, { key, keyId, ...options }) {
  const bodied = request.method === "POST";
  const covered = options.covered ?? (bodied ? RFC9421_POST : RFC9421_GET);
  if (bodied) {
    const value = "contentDigest" in options ? options.contentDigest : `sha-256=:${digest(request.body)}:`;
    setHeader(request, "Content-Digest", value);
  }
  const parameters = [
    ...("created" in options && options.created === undefined ? [] : [`created=${options.created ?? nowSeconds()}`]),
    ...(options.expires === undefined ? [] : [`expires=${options.expires}`]),
    `keyid="${keyId}"`,
    ...(options.alg === null ? [] : [`alg="${options.alg ?? (key.asymmetricKeyType === "rsa" ? "rsa-v1_5-sha256" : "ed25519")}"`]),
    ...(options.extra ?? []),
  ];
  const identifiers = covered.map((name) => (name.includes(";") ? name.replace(/^([^;]*)/, '"$1"') : `"${name}"`));
  const inner = `(${identifiers.join(" ")});${parameters.join(";")}`;
  const lines = covered.map((name, i) => `${identifiers[i]}: ${component(request, name.split(";")[0], options)}`);
  const base = [...lines, `"@signature-params": ${inner}`].join("\n");
  const label = options.label ?? "sig1";
  setHeader(request, "Signature-Input", options.input?.(`${label}=${inner}`) ?? `${label}=${inner}`);
  return setHeader(request, "Signature", `${label}=:${signature(key, base)}:`);
}

function component(request, name, options) {
  const url = new URL(options.signedTarget ?? request.path, `${request.scheme}://${request.authority}`);
  switch (name) {
    case "@method":
      return request.method;
    case "@target-uri":
      return options.signedTarget ?? `${request.scheme}://${options.signedAuthority ?? request.authority}${request.path}`;
    case "@authority":
      return options.signedAuthority ?? request.authority;
    case "@path":
      return url.pathname;
    case "@query":
      return url.search || "?";
    case "@scheme":
      return request.scheme;
    case "@request-target":
      return request.path;
    default:
      return header(request, name) ?? "";
  }
}

export function nowSeconds() {
  return Math.floor(Date.now() / 1000);
}

export function httpDate(offsetMs) {
  return new Date(Date.now() + offsetMs).toUTCString();
}
