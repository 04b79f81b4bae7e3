// The reverse proxy before a FediFlow node: TLS outside (plain http on loopback), kept-alive
// connections and X-Forwarded-For inside. It writes down what passes.
import http from "node:http";
import { serve } from "./world.mjs";

export async function proxy(at, port, journal) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const served = await serve(at, (request, response) => {
    const { method, url: path, headers } = request;
    journal.add({ method, path, headers, at: performance.now() });
    forward(agent, port, request, response);
  });
  return {
    async close() {
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

// Names and values as they came, without what belongs to one connection only.
function plainHeaders({ rawHeaders }) {
  const kept = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (!/^(connection|keep-alive)$/i.test(rawHeaders[i])) kept.push(rawHeaders[i], rawHeaders[i + 1]);
  }
  return kept;
}
