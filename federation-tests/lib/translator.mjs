// A translation service that speaks LibreTranslate's protocol (docs.libretranslate.com), and checks what it gets. It knows
// few words, and turns every other one into capitals.
import { Journal } from "./journal.mjs";
import { host, serve } from "./world.mjs";

const LANGUAGES = [
  { code: "de", name: "German", targets: ["de", "en", "fr"] },
  { code: "en", name: "English", targets: ["de", "en"] },
  { code: "fr", name: "French", targets: ["de"] },
];
const WORDS = { hallo: "hello", welt: "world", vorsicht: "careful", links: "left", rechts: "right" };

export async function translationService(hostName, key) {
  const service = new TranslationService(await host(hostName), key);
  service.server = await serve(service.host, (request, response) => service.take(request, response));
  return service;
}

class TranslationService {
  received = new Journal(); // { path, body, fault } in the order of their coming
  status = 200; // what the next questions are answered with
  spoil = (text) => text; // what becomes of a translation on its way out

  constructor(at, key) {
    this.host = at;
    this.key = key;
  }

  async take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { status, answer } = this.#answer(request, body);
    this.received.add({ path: request.url, body, headers: request.headers, fault: answer.error });
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  }

  #answer(request, body) {
    if (this.status !== 200) return { status: this.status, answer: { error: "not now" } };
    if (request.method === "GET" && request.url === "/languages") return { status: 200, answer: LANGUAGES };
    if (request.method !== "POST" || request.url !== "/translate") return { status: 404, answer: { error: "not found" } };
    if (request.headers["content-type"] !== "application/json") return { status: 400, answer: { error: "not JSON" } };
    return this.#translate(JSON.parse(body));
  }

  #translate({ q, source, target, format, api_key: key, ...more }) {
    const refuse = (status, error) => ({ status, answer: { error } });
    if (this.key !== undefined && key !== this.key) return refuse(403, "invalid API key");
    if (Object.keys(more).length !== 0) return refuse(400, `unknown parameters: ${Object.keys(more)}`);
    if (!Array.isArray(q) || q.length === 0 || q.some((text) => typeof text !== "string" || text === "")) return refuse(400, "q is no list of texts");
    if (format !== "html") return refuse(400, "format is not html");
    const from = LANGUAGES.find(({ code }) => code === (source === "auto" ? "de" : source));
    if (!from?.targets.includes(target)) return refuse(400, `${source} to ${target} is not supported`);
    const translatedText = q.map((text) => this.spoil(words(text)));
    return { status: 200, answer: { translatedText, ...(source === "auto" && { detectedLanguage: q.map(() => ({ confidence: 90, language: from.code })) }) } };
  }
}

// Tags and references stay as they are.
const words = (html) => html.replace(/<[^>]*>|&[^;]*;|\p{L}+/gu, (part) => (/^[<&]/.test(part) ? part : (WORDS[part.toLowerCase()] ?? part.toUpperCase())));
