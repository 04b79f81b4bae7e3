// Our own API held to what the program says of it: every answer of /api/fediflow/ that passes the proxy of a node is of a named
// status and fits the schema of that; a field that nobody has described is a fault. Where the published schema of Mastodon's
// API is beside this checkout, its entities in our answers are held to that, too.
import { execFileSync } from "node:child_process";
import Ajv from "ajv-2020/dist/2020.js";
import addFormats from "ajv-formats";
import { FAULTS } from "../walk/exceptions.mjs";
import { bare, Openapi, prepared, publishedSchema, schemaIsThere } from "../walk/openapi.mjs";
import { program } from "./world.mjs";

const OURS = "/api/fediflow/";
const MASTODONS = ["Account", "MediaAttachment", "ScheduledStatus", "Status"];
// A change is a change, by PUT or by PATCH (src/api/api.c).
const OTHER_NAME = { PUT: "PATCH", PATCH: "PUT" };

export const ownDocument = () => JSON.parse(execFileSync(program, ["api", "--openapi"], { maxBuffer: 1 << 24 }));

// "/a/{id}/b" as what fits its addresses, with or without a slash behind it.
const pattern = (path) => new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[^}]+\}/g, "[^/]+")}/?$`);

export class OwnApi extends Openapi {
  constructor() {
    const ajv = new Ajv({ allErrors: true, strict: false, logger: false });
    addFormats(ajv);
    super(ownDocument(), ajv);
    this.answered = new Map(); // "GET /path/{}" -> statuses
    this.linked = new Set(); // those that have named a next page
    // literal words go before parameters
    this.paths = Object.keys(this.document.paths)
      .map((path) => ({ path, fits: pattern(path), parameters: path.split("{").length }))
      .sort((a, b) => a.parameters - b.parameters);
  }

  definitions() {
    const own = prepared(this.schemas);
    if (!schemaIsThere) return own;
    this.ajv.addSchema({ $id: "mastodon", definitions: prepared(publishedSchema().components.schemas, "mastodon") });
    for (const name of MASTODONS) own[name] = { allOf: [own[name], { $ref: `mastodon#/definitions/${name}` }] };
    return own;
  }

  // A list without elements says nothing of its kind.
  isSaid(value) {
    return value !== null && !(Array.isArray(value) && value.length === 0);
  }

  // The name of the operation at an address; undefined when there is none.
  find(method, address) {
    const path = address.split("?")[0];
    const names = this.paths.filter(({ fits }) => fits.test(path)).flatMap((one) => [method, OTHER_NAME[method]].map((word) => `${word} ${bare(one.path)}`));
    return names.find((name) => this.operations.has(name));
  }

  // What is wrong with an answer: status, type, links, body.
  wrongs(method, address, { status, type = "", link = "", text }) {
    const name = this.find(method, address);
    if (name === undefined) return status < 400 ? ["it is not described"] : [];
    this.answered.set(name, (this.answered.get(name) ?? new Set()).add(status));
    const said = this.operations.get(name).responses[status];
    if (said === undefined) return [`the status ${status} is not named`];
    const answer = said.$ref ? this.document.components.responses[said.$ref.split("/").pop()] : said;
    const plain = type.split(";")[0].trim(), content = answer.content[plain];
    if (content === undefined) return [`the type ${plain} is not named`];
    if (link !== "" && !answer.headers?.Link) return ["a header Link is not named"];
    if (link.includes('rel="next"')) this.linked.add(name);
    return content.schema === undefined ? [] : this.bodyWrongs(content.schema, text, `${name} ${status}`);
  }

  bodyWrongs(schema, text, key) {
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      return ["it is no JSON"];
    }
    this.mark(schema, body, key);
    return this.against(schema, body, key).filter((fault) => !FAULTS["GET /api/v1/scheduled_statuses"].some((row) => row.fault.test(fault)));
  }

  // Parameters without which an operation is refused.
  needs(name) {
    const operation = this.operations.get(name);
    const body = operation.requestBody?.content["application/json"].schema.required ?? [];
    return body.concat(operation.parameters.filter((one) => one.in === "query" && one.required).map(({ name }) => name));
  }

  // Operations that were never answered with success.
  unanswered() {
    return this.names().filter((name) => !this.answered.get(name)?.has(200));
  }

  // Lists that are said to have a next page, and never had.
  unlinked() {
    return this.names().filter((name) => this.operations.get(name).responses[200].headers?.Link && !this.linked.has(name));
  }

  // Fields that never had a value, of all entities.
  unsaidFields() {
    const fields = Object.entries(this.schemas).flatMap(([name, { properties = {} }]) => Object.keys(properties).map((key) => `${name}.${key}`));
    return fields.filter((field) => !this.said.get(field)).sort();
  }
}

let api;
export const ownApi = () => (api ??= new OwnApi());

const faults = [];
// Those since it was last asked.
export const takeFaults = () => faults.splice(0);

export const isOurs = (method, address) => address.startsWith(OURS) && ["GET", "POST", "PUT", "PATCH", "DELETE"].includes(method);

// The faults of an answer as a text; undefined when it is as it is said to be.
export function faultsOf(method, address, answer) {
  const wrongs = ownApi().wrongs(method, address, answer);
  if (wrongs.length === 0) return undefined;
  const text = `${method} ${address}: ${answer.status} is not what openapi.json says:\n  ${wrongs.slice(0, 10).join("\n  ")}\n${answer.text.slice(0, 2000)}\n`;
  faults.push(text);
  return text;
}
