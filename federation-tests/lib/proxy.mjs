// The reverse proxy before a FediFlow node: TLS outside (plain http on loopback), kept-alive
// connections and X-Forwarded-For inside. It writes down what passes. What our own API answers is held to its description.
import http from "node:http";
import net from "node:net";
import { faultsOf, isOurs } from "./own-api.mjs";
import { readBody, serve } from "./world.mjs";

const NOT_AS_SAID = 599; // no client takes it for an answer

export async function proxy(at, port, journal) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const served = await serve(at, (request, response) => {
    const { method, url: path, headers } = request;
    journal.add({ method, path, headers, at: performance.now() });
    forward(agent, port, request, response);
  });
  const tunnels = new Set();
  served.server.on("upgrade", (request, socket, head) => {
    const { method, url: path, headers } = request;
    journal.add({ method, path, headers, at: performance.now() });
    tunnel(port, request, socket, head, tunnels);
  });
  return {
    async close() {
      for (const socket of tunnels) socket.destroy();
      await served.close();
      agent.destroy();
    },
  };
}

function forward(agent, port, request, response) {
  const onward = http.request({
    agent,
    host: "127.0.0.1",
    port,
    method: request.method,
    path: request.url,
    headers: [...plainHeaders(request), "X-Forwarded-For", request.socket.remoteAddress, "X-Forwarded-Proto", "https"],
  });
  onward.on("response", (answer) => {
    if (isOurs(request.method, request.url)) return passOwn(request, answer, response);
    response.writeHead(answer.statusCode, answer.statusMessage, plainHeaders(answer));
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => {
    if (response.headersSent) return response.destroy();
    response.writeHead(502, { "Content-Type": "text/plain" });
    response.end("the node does not answer\n");
  });
  request.on("error", () => onward.destroy());
  response.on("close", () => response.writableFinished || onward.destroy());
  request.pipe(onward);
}

async function passOwn(request, answer, response) {
  const body = await readBody(answer).catch(() => undefined);
  if (body === undefined) return response.destroy();
  const fault = faultsOf(request.method, request.url, { status: answer.statusCode, type: answer.headers["content-type"], link: answer.headers.link, text: body.toString() });
  if (fault === undefined) response.writeHead(answer.statusCode, answer.statusMessage, plainHeaders(answer));
  else response.writeHead(NOT_AS_SAID, { "Content-Type": "text/plain" });
  response.end(fault ?? body);
}

// A connection that becomes a WebSocket: what the node makes of it is passed on as it is.
function tunnel(port, request, socket, head, tunnels) {
  const onward = net.connect(port, "127.0.0.1");
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  lines.push(`X-Forwarded-For: ${socket.remoteAddress}`, "X-Forwarded-Proto: https", "", "");
  onward.write(lines.join("\r\n"));
  onward.write(head);
  for (const [from, to] of [[socket, onward], [onward, socket]]) {
    tunnels.add(from);
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => {
      tunnels.delete(from);
      to.destroy();
    });
  }
}

// Names and values as they came, without what belongs to one connection only.
function plainHeaders({ rawHeaders }) {
  const kept = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^(connection|keep-alive)$/i.test(rawHeaders[i])) kept.push(rawHeaders[i], rawHeaders[i + 1]);
  }
  return kept;
}
