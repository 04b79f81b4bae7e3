// A mail server for one suite (mailserver.py), and the messages that it took.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./journal.mjs";
import { freePort, host, isPrivate, work } from "./world.mjs";

const script = fileURLToPath(new URL("mailserver.py", import.meta.url));

// The Python that has aiosmtpd: Debian's package belongs to Debian's Python, which need not be the first in the path.
function findPython() {
  return ["python3", "/usr/bin/python3"].find((python) => {
    try {
      execFileSync(python, ["-c", "import aiosmtpd"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

// undefined where aiosmtpd is not installed. settings are what a node's [mail] says.
export async function mailServer(hostName) {
  const python = findPython();
  if (python === undefined) return undefined;
  const at = await host(hostName);
  const port = await freePort(at.address);
  const folder = mkdtempSync(join(work, "mail-"));
  const credentials = isPrivate ? [join(work, "cert.pem"), join(work, "key.pem")] : [];
  const child = spawn(python, [script, at.address, String(port), folder, ...credentials], { stdio: ["ignore", "pipe", "ignore"] });
  process.on("exit", () => child.kill("SIGKILL"));
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", () => reject(new Error("the mail server ended")));
  });
  return new MailServer(at, port, folder);
}

class MailServer {
  constructor(at, port, folder) {
    this.folder = folder;
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, "mail-password\n", { mode: 0o600 });
    const safe = isPrivate && { security: "starttls", user: "node", password_file: passwordFile };
    this.settings = { transport: "smtp", host: isPrivate ? at.name : at.address, port, from: "noreply@node.example", security: "none", ...safe };
  }

  // In the order of their coming: { from, to, tls, name, headers, body }.
  messages() {
    const numbers = readdirSync(this.folder).filter((name) => name.endsWith(".json")).map((name) => parseInt(name));
    return numbers.sort((a, b) => a - b).map((n) => decode(JSON.parse(readFileSync(join(this.folder, `${n}.json`), "utf8"))));
  }

  // The newest one to that address that fits, once it is there.
  wait(to, fits = () => true) {
    return until(`a letter to ${to}`, () => this.messages().findLast((message) => message.to.includes(to) && fits(message)));
  }
}

function decode({ text, ...rest }) {
  const end = text.indexOf("\r\n\r\n");
  const lines = text.slice(0, end).replace(/\r\n[ \t]/g, " ").split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), words(line.slice(colon + 1).trim())];
  }));
  return { ...rest, headers, body: quoted(text.slice(end + 4)) };
}

// RFC 2047: words in base64, and the blanks between two of them are none.
function words(value) {
  return value.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?B\?([^?]*)\?=/g, (_, text) => Buffer.from(text, "base64").toString());
}

// RFC 2045 section 6.7.
function quoted(text) {
  const bytes = text.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString().replace(/\r\n/g, "\n");
}
