// The client API's published schema as checks of answers, and the table of our endpoints.
import { existsSync, readFileSync } from "node:fs";
import Ajv from "ajv";

const SCHEMA = new URL("../../../shared/data/mastodon-openapi.json", import.meta.url).pathname;
const TABLE = new URL("../../schemas/api.md", import.meta.url).pathname;

export const schemaIsThere = existsSync(SCHEMA);

// Our endpoints, as schemas/api.md lists them: { method, path, who, scopes, class, parameters }.
export function endpoints() {
  return readFileSync(TABLE, "utf8").split("\n").filter((line) => /^\| [A-Z]+ \|/.test(line)).map((line) => {
    const [, method, path, who, scopes, rate] = line.split("|").map((cell) => cell.trim());
    return { method, path: path.slice(1, -1), who, scopes: scopes ? scopes.split(", ") : [], rate };
  });
}

const bare = (path) => path.replace(/:[^/]+|\{[^}]+\}/g, "{}");

// A $ref replaces what stands beside it in the drafts that the validator knows, so that a type which is repeated there is
// dropped; formats are checked where the validator knows them.
function prepared(value) {
  if (Array.isArray(value)) return value.map(prepared);
  if (typeof value !== "object" || value === null) return value;
  if (value.$ref && [].concat(value.type ?? []).includes("null")) {
    const { type, ...rest } = value;
    return { anyOf: [prepared(rest), { type: "null" }] };
  }
  const out = {};
  for (const [key, inner] of Object.entries(value)) {
    if (["example", "examples", "externalDocs", "deprecated", "discriminator", "xml", "description", "title"].includes(key) && typeof inner !== "object") continue;
    if (["example", "examples", "externalDocs"].includes(key)) continue;
    // what may be one of several may also fit two of them: a Quote is a ShallowQuote, too
    if (key === "oneOf") {
      out.anyOf = prepared(inner);
      continue;
    }
    out[key] = key === "$ref" ? inner.replace("#/components/schemas/", "api#/definitions/") : prepared(inner);
  }
  return out;
}

export class Openapi {
  constructor() {
    this.document = JSON.parse(readFileSync(SCHEMA, "utf8"));
    this.ajv = new Ajv({ allErrors: true, unknownFormats: "ignore", nullable: false, logger: false });
    this.ajv.addSchema({ $id: "api", definitions: prepared(this.document.components.schemas) });
    this.paths = Object.fromEntries(Object.entries(this.document.paths).map(([path, item]) => [bare(path), item]));
    this.checks = new Map();
  }

  has(method, path) {
    return this.paths[bare(path)]?.[method.toLowerCase()] !== undefined;
  }

  // All that it names, as "GET /api/v1/x/{}".
  names() {
    return Object.entries(this.paths).flatMap(([path, item]) => Object.keys(item).filter((key) => key !== "parameters").map((method) => `${method.toUpperCase()} ${path}`));
  }

  // What is wrong with an answer's body; undefined when the schema says nothing of such an answer.
  faults(method, path, status, body) {
    const operation = this.paths[bare(path)]?.[method.toLowerCase()];
    const schema = operation?.responses?.[status]?.content?.["application/json"]?.schema;
    if (schema === undefined) return undefined;
    return this.against(schema, body, `${method} ${bare(path)} ${status}`);
  }

  entity(name, body) {
    return this.against({ $ref: `#/components/schemas/${name}` }, body, name);
  }

  against(schema, body, key) {
    if (!this.checks.has(key)) this.checks.set(key, this.ajv.compile(prepared(schema)));
    const check = this.checks.get(key);
    if (check(body)) return [];
    return check.errors.map(({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`);
  }
}
