// Hosts and how they are reached. In a private network every host has its name, an address of its own and TLS on port 443;
// on loopback it is "127.64.0.N:port" over plain http.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { join } from "node:path";

const hostsFile = new URL("../net/hosts", import.meta.url);

export const isPrivate = process.env.FF_NET === "private";
export const work = process.env.FF_WORK;
export const program = process.env.FF_PROGRAM;

const hosts = new Map();

function readHosts() {
  const lines = readFileSync(hostsFile, "utf8").trim().split("\n");
  return lines.map((line) => line.split(/\s+/)).map(([address, name]) => ({ address, name }));
}

// What was free a moment ago may be given out again: nobody here gets the same twice.
const given = new Set();
export async function freePort(address) {
  const server = net.createServer();
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  const name = `${address}:${port}`;
  if (given.has(name)) return freePort(address);
  given.add(name);
  return port;
}

// The host of that short name ("north"): { name, address, port, authority, base }.
export async function host(short) {
  if (hosts.has(short)) return hosts.get(short);
  const all = readHosts();
  const index = all.findIndex(({ name }) => name === `${short}.example`);
  if (index < 0) throw new Error(`no host ${short} in net/hosts`);
  const made = isPrivate ? named(all[index]) : await numbered(index + 1);
  hosts.set(short, made);
  return made;
}

function named({ name, address }) {
  return { name, address, port: 443, authority: name, base: `https://${name}` };
}

async function numbered(index) {
  const address = `127.64.0.${index}`;
  const port = await freePort(address);
  const authority = `${address}:${port}`;
  return { name: address, address, port, authority, base: `http://${authority}` };
}

function credentials() {
  return {
    key: readFileSync(join(work, "key.pem")),
    cert: readFileSync(join(work, "cert.pem")),
  };
}

// Answers requests to a host. Returns the server, which has a close() that ends connections, too.
export async function serve(at, handler) {
  const options = { keepAliveTimeout: 60_000 };
  const server = isPrivate
    ? https.createServer({ ...options, ...credentials() }, handler)
    : http.createServer(options, handler);
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.port, at.address, resolve);
  });
  return {
    server,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function readBody(stream, max = 8 << 20) {
  const chunks = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > max) throw new Error("body too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
