// Sends requests exactly as they are given, and hears answers.
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { within } from "./tap.mjs";
import { isPrivate, readBody } from "./world.mjs";

const ANSWER_MS = 20_000;

// Sends a request of sign.mjs. to: the host object of the server it goes to.
export function send(to, request) {
  const transport = isPrivate ? https : http;
  const bytes = Buffer.from(request.body ?? "");
  const headers = request.headers.flat();
  if (request.method === "POST") headers.push("Content-Length", String(bytes.length));
  const answer = new Promise((resolve, reject) => {
    const client = transport.request({
      host: to.address,
      port: to.port,
      ...(isPrivate && { servername: to.name }),
      method: request.method,
      path: request.path,
      headers,
      agent: false,
    });
    client.on("response", (response) => resolve(collect(response)));
    client.on("error", reject);
    client.end(bytes);
  });
  return within(ANSWER_MS, answer);
}

async function collect(response) {
  const body = await readBody(response);
  return { status: response.statusCode, headers: response.headers, text: body.toString(), bytes: body };
}

// GET without any signature.
export function get(to, path, accept = "application/activity+json") {
  return send(to, { method: "GET", path, headers: [["Host", to.authority], ["Accept", accept]] });
}

export async function getJson(to, path, accept) {
  const answer = await get(to, path, accept);
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return JSON.parse(answer.text);
}

// Writes bytes to a plain TCP port and returns all that comes back until the other side closes or idle passes.
export function talk(port, bytes, { address = "127.0.0.1", idle = 1500 } = {}) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    const socket = net.connect(port, address, () => socket.write(bytes));
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(chunks).toString("latin1"));
    };
    socket.setTimeout(idle, finish);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("end", finish);
    socket.on("error", (error) => (chunks.length > 0 || error.code === "ECONNRESET" || error.code === "EPIPE" ? finish() : reject(error)));
  });
}

// The status codes in a stream of answers.
export function statuses(text) {
  return [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
}
