// Documents of OpenAPI as checks of answers and of our tables of routes: the client API's published schema, and (lib/own-api.mjs)
// that of our own API.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import Ajv from "ajv";

const SCHEMA = new URL("../../../shared/data/mastodon-openapi.json", import.meta.url).pathname;

export const schemaIsThere = existsSync(SCHEMA);
export const publishedSchema = () => JSON.parse(readFileSync(SCHEMA, "utf8"));

// Our endpoints, as the program describes them: { method, path, auth, scopes, class, parameters: [{ name, type, ... }] }.
export const endpoints = () => JSON.parse(execFileSync(process.env.FF_PROGRAM, ["api", "--json"], { maxBuffer: 1 << 26 })).routes;

// "GET /api/v1/x/{}": what an endpoint is called on both sides.
export const bare = (path) => path.replace(/:[^/]+|\{[^}]+\}/g, "{}");
export const nameOf = ({ method, path }) => `${method} ${bare(path)}`;

// A $ref replaces what stands beside it in the drafts that the validator knows, so that a type which is repeated there is
// dropped; formats are checked where the validator knows them.
// base: by which name the document's schemas are known to the validator.
export function prepared(value, base = "api") {
  const inside = (inner) => prepared(inner, base);
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== "object" || value === null) return value;
  if (value.$ref && [].concat(value.type ?? []).includes("null")) {
    const { type, ...rest } = value;
    return { anyOf: [inside(rest), { type: "null" }] };
  }
  const out = {};
  for (const [key, inner] of Object.entries(value)) {
    if (["example", "examples", "externalDocs", "deprecated", "discriminator", "xml", "description", "title"].includes(key) && typeof inner !== "object") continue;
    if (["example", "examples", "externalDocs"].includes(key)) continue;
    // what may be one of several may also fit two of them: a Quote is a ShallowQuote, too
    if (key === "oneOf") {
      out.anyOf = inside(inner);
      continue;
    }
    out[key] = key === "$ref" ? inner.replace("#/components/schemas/", `${base}#/definitions/`) : inside(inner);
  }
  return out;
}

const typesOf = (schema) => [].concat(schema.type ?? []);

export class Openapi {
  constructor(document = publishedSchema(), ajv = new Ajv({ allErrors: true, unknownFormats: "ignore", nullable: false, logger: false })) {
    this.document = document;
    this.schemas = this.document.components.schemas;
    this.ajv = ajv;
    this.ajv.addSchema({ $id: "api", definitions: this.definitions() });
    this.operations = new Map(
      Object.entries(this.document.paths).flatMap(([path, item]) =>
        Object.entries(item)
          .filter(([method]) => method !== "parameters")
          .map(([method, operation]) => [`${method.toUpperCase()} ${bare(path)}`, operation]),
      ),
    );
    this.checks = new Map();
    this.said = new Map(); // "Entity.field" -> whether it had a value
    this.more = new Set(); // "Entity.field" that the schema does not know
  }

  // The schemas as the validator is to have them.
  definitions() {
    return prepared(this.schemas);
  }

  // All that it names.
  names() {
    return [...this.operations.keys()];
  }

  answer(name, status) {
    return this.operations.get(name)?.responses?.[status]?.content?.["application/json"]?.schema;
  }

  // What is wrong with an answer's body; undefined when the schema says nothing of such an answer.
  faults(method, path, status, body) {
    const name = `${method} ${bare(path)}`, schema = this.answer(name, status);
    if (schema === undefined) return undefined;
    this.mark(schema, body, `${name} ${status}`);
    return this.against(schema, body, `${name} ${status}`);
  }

  entity(name, body) {
    return this.against({ $ref: `#/components/schemas/${name}` }, body, name);
  }

  against(schema, body, key) {
    if (!this.checks.has(key)) this.checks.set(key, this.ajv.compile(prepared(schema)));
    const check = this.checks.get(key);
    if (check(body)) return [];
    return check.errors.map(({ dataPath, instancePath, message, params }) => `${dataPath ?? instancePath} ${message} ${JSON.stringify(params)}`);
  }

  // --- which fields are sent ---

  deref(schema, owner) {
    let name = owner;
    while (schema?.$ref) {
      name = schema.$ref.split("/").pop();
      schema = this.schemas[name];
    }
    return [schema, name];
  }

  // The one of several that has most of the fields.
  alternative(list, value, owner) {
    const known = (schema) => Object.keys(this.deref(schema, owner)[0].properties ?? {});
    const wants = Array.isArray(value) ? "array" : "object";
    const score = (schema) => known(schema).filter((key) => key in value).length - 0.01 * known(schema).length;
    return list.filter((schema) => typesOf(this.deref(schema, owner)[0]).includes(wants)).sort((a, b) => score(b) - score(a))[0];
  }

  mark(given, value, from) {
    const [schema, owner] = this.deref(given, from);
    if (!schema || typeof value !== "object" || value === null) return;
    const several = schema.oneOf ?? schema.anyOf;
    if (several) return this.mark(this.alternative(several, value, owner), value, owner);
    if (Array.isArray(value)) return schema.items && value.forEach((one) => this.mark(schema.items, one, owner));
    for (const [key, inner] of Object.entries(value)) {
      const field = `${owner}.${key}`, known = schema.properties?.[key];
      if (known === undefined && typeof schema.additionalProperties === "object") {
        this.mark(schema.additionalProperties, inner, field);
        continue;
      }
      if (known === undefined) {
        if (schema.properties && !schema.additionalProperties) this.more.add(field);
        continue;
      }
      this.said.set(field, this.said.get(field) || this.isSaid(inner));
      this.mark(known, inner, field);
    }
  }

  isSaid(value) {
    return value !== null;
  }

  // All fields of what was sent at all: those that had no value once.
  unsaid() {
    const owners = new Set([...this.said.keys()].map((field) => field.slice(0, field.lastIndexOf("."))));
    return [...owners].flatMap((owner) => this.fieldsOf(owner)).filter((field) => !this.said.get(field)).sort();
  }

  fieldsOf(owner) {
    const [entity, ...path] = owner.split(".");
    let schema = this.schemas[entity];
    for (const key of path) schema = this.deref(schema?.properties?.[key] ?? {}, owner)[0];
    return schema?.properties && this.schemas[entity] ? Object.keys(schema.properties).map((key) => `${owner}.${key}`) : [];
  }

  // --- what may be sent ---

  // Names and types of an endpoint's parameters; "name*": an object or list of objects, whose members are not told.
  parameters(name) {
    const operation = this.operations.get(name), out = new Map();
    for (const given of operation.parameters ?? []) {
      const one = given.$ref ? this.document.components.parameters[given.$ref.split("/").pop()] : given;
      if (one.in === "query") this.flatten(one.schema ?? {}, one.name.replace(/\[\]$/, ""), out);
    }
    for (const { schema } of Object.values(operation.requestBody?.content ?? {})) this.flatten(schema, "", out);
    return out;
  }

  flatten(given, prefix, out) {
    const [schema] = this.deref(given, "");
    for (const one of schema.oneOf ?? schema.anyOf ?? schema.allOf ?? []) this.flatten(one, prefix, out);
    const types = typesOf(schema);
    if (schema.properties) {
      for (const [key, inner] of Object.entries(schema.properties)) this.flatten(inner, prefix ? `${prefix}[${key}]` : key, out);
    } else if (types.includes("array")) {
      const [items] = this.deref(schema.items ?? {}, "");
      if (items.properties) this.flatten(items, `${prefix}[]`, out);
      else if (typesOf(items).some((type) => ["object", "array"].includes(type))) out.set(`${prefix}*`, "object");
      else out.set(`${prefix}[]`, "array");
    } else if (types.includes("object")) {
      if (prefix) out.set(`${prefix}*`, "object");
    } else if (types.length && prefix) {
      out.set(prefix, schema.enum ? "enum" : types.find((type) => type !== "null"));
    }
  }

  // What differs in the parameters of one of our routes: "-x" is theirs alone, "+x" ours alone, "x: a, b" two types.
  differences(route) {
    const FITS = { boolean: ["boolean", "inner"], integer: ["number", "limit", "inner"], number: ["number", "text"], array: ["texts", "ids", "inner"], enum: ["choice", "inner"], string: ["text", "choice", "number", "file", "inner"] };
    const theirs = this.parameters(nameOf(route)), out = [];
    const ours = new Map(route.parameters.map(({ name, type }) => [name.replace("[:index]", "[]"), type]));
    const open = [...theirs.keys()].filter((key) => key.endsWith("*")).map((key) => `${key.slice(0, -1)}[`);
    for (const [key, type] of theirs) {
      if (key.endsWith("*") ? [...ours.keys()].some((our) => our.startsWith(`${key.slice(0, -1)}[`)) : ours.has(key)) {
        if (FITS[type] && ours.has(key) && !FITS[type].includes(ours.get(key))) out.push(`${key}: ${type}, ${ours.get(key)}`);
      } else out.push(`-${key}`);
    }
    for (const key of ours.keys()) if (!theirs.has(key) && !open.some((prefix) => key.startsWith(prefix))) out.push(`+${key}`);
    return out;
  }

  // "follow" stands for the leaves that are named beside it.
  scopes(name) {
    const all = (this.operations.get(name).security ?? []).flatMap((way) => Object.values(way).flat());
    return [...new Set(all)].filter((scope) => scope !== "follow").sort();
  }
}
