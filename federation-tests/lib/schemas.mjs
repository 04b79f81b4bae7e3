// The schemas of what a node sends and serves (schemas/*.schema.json), as checks: a property that they do not name is a fault.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";

const FOLDER = new URL("../../schemas/", import.meta.url).pathname;
const ENDING = ".schema.json";

// By the type of a document; what is none of these is an activity.
const BY_TYPE = {
  actor: ["Person", "Group", "Organization", "Service", "Application"],
  note: ["Note", "Article", "Question"],
  collection: ["Collection", "CollectionPage", "OrderedCollection", "OrderedCollectionPage"],
  "featured-collection": ["FeaturedCollection"],
  authorization: ["QuoteAuthorization", "ReplyAuthorization", "LikeAuthorization", "AnnounceAuthorization", "FeatureAuthorization"],
  emoji: ["Emoji"],
  tombstone: ["Tombstone"],
};
const NAME_OF = Object.fromEntries(Object.entries(BY_TYPE).flatMap(([name, types]) => types.map((type) => [type, name])));

// The validator knows draft 7: what 2020-12 calls prefixItems is an array of items there, and the name of the draft is another.
const asDraft7 = (key, value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { prefixItems, $schema, ...rest } = value;
  return prefixItems === undefined ? rest : { ...rest, items: prefixItems };
};

const ajv = new Ajv({ allErrors: true, strictKeywords: true, strictDefaults: true, unknownFormats: [] });
ajv.addKeyword("$defs");
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith(ENDING))) ajv.addSchema(JSON.parse(readFileSync(join(FOLDER, file)), asDraft7), file);

export function fitsSchema(document, name = NAME_OF[document.type] ?? "activity") {
  const check = ajv.getSchema(`${name}${ENDING}`);
  assert.ok(check, `no schema ${name}`);
  const faults = check(document) ? [] : check.errors.map(({ dataPath, message, params }) => `${dataPath} ${message} ${JSON.stringify(params)}`);
  assert.deepEqual(faults, [], `${name}: ${JSON.stringify(document).slice(0, 2000)}`);
}
