// A FediFlow node: its folder, its settings, starting and stopping it, its command line. One noun more: what it says is kept
// for the tests that fail.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { Journal, until } from "./journal.mjs";
import { proxy } from "./proxy.mjs";
import { freePort, host, isPrivate, program, work } from "./world.mjs";

const NOT_FOUND = 3; // what the command line ends with
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

// Makes a node on that host and starts it. settings: { section: { name: value } }, added to what the tests need; env: added to
// the environment of its processes.
export async function fediflow(hostName, { settings = {}, title = hostName, env = {} } = {}) {
  const node = new FediFlow(hostName, await host(hostName), title, settings, env);
  await node.make();
  await node.start();
  return node;
}

const isLater = (date) => date !== null && Date.parse(date) > Date.now();

class FediFlow {
  inbound = new Journal(); // what peers sent: { method, path, headers, at }
  #said = 0;

  constructor(name, at, title, settings, env) {
    this.name = name;
    this.env = { ...process.env, ...env };
    this.host = at;
    this.title = title;
    this.extra = settings;
    this.folder = join(work, `${name}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
    this.config = join(this.folder, "fediflow.conf");
    this.logFile = join(this.folder, "log");
  }

  // --- life ---

  async make() {
    mkdirSync(this.folder, { mode: 0o700 });
    writeFileSync(this.logFile, "");
    this.port = await freePort("127.0.0.1");
    this.metricsPort = await freePort("127.0.0.1");
    this.#writeConfig();
    await this.run("init");
  }

  #writeConfig() {
    const sections = {
      node: { domain: this.host.authority, title: this.title, data_dir: join(this.folder, "data") },
      http: { listen: `127.0.0.1:${this.port}`, trusted_proxies: "127.0.0.1" },
      metrics: { listen: `127.0.0.1:${this.metricsPort}` },
      queue: { retry_first: "200 ms", retry_max: "2 s" },
      federation: { fetch_jitter: "0 s" },
      sign_in: { per_client: 1000000, per_account: 1000000, password_changes: 1000000 },
      log: { level: "debug" },
      ...(!isPrivate && { test: { plain_http: "yes", literal_hosts: "yes", allow_addresses: "127.64.0.0/16" } }),
    };
    for (const [section, values] of Object.entries(this.extra)) sections[section] = { ...sections[section], ...values };
    const lines = Object.entries(sections).flatMap(([section, values]) => [
      `[${section}]`,
      ...Object.entries(values).map(([name, value]) => `${name} = "${value}"`),
      "",
    ]);
    writeFileSync(this.config, lines.join("\n"));
  }

  async start() {
    this.child = spawn(program, ["serve", "--config", this.config], { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.child);
    const keep = (chunk) => writeFileSync(this.logFile, chunk, { flag: "a" });
    this.child.stdout.on("data", keep);
    this.child.stderr.on("data", keep);
    this.ended = new Promise((resolve) => {
      this.child.on("exit", (code, signal) => {
        running.delete(this.child);
        resolve({ code, signal });
      });
    });
    this.child.exited = false;
    this.ended.then(() => (this.child.exited = true));
    await until(`${this.name} answers`, async () => {
      if (this.child.exitCode !== null) throw new Error("it ended");
      return (await this.health()).status === 200;
    });
    await this.openDoor();
  }

  async stop(signal = "SIGTERM") {
    this.child.kill(signal);
    const end = await this.ended;
    await this.closeDoor();
    return end;
  }

  // Without its proxy it cannot be reached, as if its host were down.
  async closeDoor() {
    await this.door?.close();
    this.door = undefined;
  }

  async openDoor() {
    this.door ??= await proxy(this.host, this.port, this.inbound);
  }

  // --- watching ---

  #monitor(path) {
    return new Promise((resolve, reject) => {
      const request = http.get({ host: "127.0.0.1", port: this.metricsPort, path, agent: false }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode, text }));
      });
      request.setTimeout(5000, () => request.destroy(new Error("no answer in 5 s")));
      request.on("error", reject);
    });
  }

  health() {
    return this.#monitor("/health");
  }

  // The sum of a metric over its labels.
  async metric(name) {
    const { text } = await this.#monitor("/metrics");
    const lines = text.split("\n").filter((line) => line.startsWith(name) && /^[ {]/.test(line.slice(name.length)));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  }

  // Resident memory in bytes; 0 when it has ended.
  memory() {
    if (this.child.exited) return 0;
    const line = readFileSync(`/proc/${this.child.pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB/m);
    return Number(line[1]) * 1024;
  }

  log() {
    return readFileSync(this.logFile, "utf8");
  }

  // The last of what it said since it was last asked.
  troubles() {
    const fresh = this.log().slice(this.#said);
    this.#said += fresh.length;
    return fresh.split("\n").slice(-40).join("\n");
  }

  // The database is whole.
  async check() {
    await this.run("check");
  }

  // --- command line ---

  run(...words) {
    return this.runWith("", ...words);
  }

  // The same with something on standard input.
  async runWith(input, ...words) {
    const printed = await this.prints(input, ...words, "--json");
    return printed.trim() === "" ? null : JSON.parse(printed);
  }

  // What it prints, word for word.
  prints(input, ...words) {
    const args = [...words.map(String), "--config", this.config];
    return new Promise((resolve, reject) => {
      const child = execFile(program, args, { env: this.env, timeout: 30_000, maxBuffer: 16 << 20 }, (error, stdout, stderr) => {
        if (error) {
          const what = `fediflow ${words.join(" ")}: ended with ${error.code ?? error.signal}\n${stderr}${stdout}`;
          return reject(Object.assign(new Error(what), { code: error.code }));
        }
        resolve(stdout);
      });
      child.stdin.on("error", () => {}); // it need not be read
      child.stdin.end(input);
    });
  }

  addPerson(name, ...options) {
    return this.run("account", "create", name, ...options);
  }

  person(who) {
    return this.run("account", "show", who);
  }

  post(name, text, ...options) {
    return this.run("post", name, text, ...options);
  }

  showPost(which) {
    return this.run("show", which);
  }

  // The post, once the node has it and it is as it should be.
  seesPost(uri, fits = () => true, limit = 10_000) {
    return until(`${this.name} has ${uri}`, async () => {
      const post = await this.showPost(uri);
      return fits(post) && post;
    }, limit);
  }

  // The person, once it is as it should be.
  seesPerson(who, fits, limit = 10_000) {
    return until(`${this.name} knows ${who}`, async () => {
      const person = await this.person(who);
      return fits(person) && person;
    }, limit);
  }

  // The post when the node has it, else null; nothing is fetched.
  knows(uri) {
    return this.showPost(uri).catch((error) => {
      if (error.code === NOT_FOUND) return null;
      throw error;
    });
  }

  // The jobs that wait, but for those that keep coming back.
  async queue() {
    const jobs = await this.run("queue", "list", "--limit", 10_000);
    return jobs.filter(({ kind }) => !["sweep", "community", "attribute"].includes(kind));
  }

  // Nothing is being worked on and nothing is due: what is left waits for its next attempt.
  settles(limit = 15_000) {
    return until(`the queue of ${this.name} is at rest`, async () => {
      const { lanes } = await this.run("queue", "status");
      const resting = new Set(lanes.filter(({ next_attempt }) => isLater(next_attempt)).map(({ lane }) => lane));
      return (await this.queue()).every(({ lane, due }) => isLater(due) || resting.has(lane));
    }, limit);
  }

  follow(name, who) {
    return this.run("follow", name, who);
  }
}
