// Acts with one's own account: what it says of itself, what it shows first, where it goes.
import assert from "node:assert/strict";
import { image, list, plain } from "./cast.mjs";
import { until } from "../journal.mjs";
import { picture } from "../picture.mjs";

const CREDENTIALS = "PATCH /api/v1/accounts/update_credentials";
const MISSING = /\/missing\.png$/;

// The account as Fedify's typed vocabulary has it in an Update.
async function updated(s, me, fits) {
  let person;
  await s.came("Update", me, async (activity) => {
    if (activity.objectId?.href !== me.uri) return false;
    person = await activity.getObject();
    return fits(person);
  });
  assert.ok(person instanceof s.vocab.Person);
  return person;
}

// tina tells that she is another now.
async function tinaIs(s, fields) {
  s.peer.people.get("tina").fields = { ...s.peer.people.get("tina").fields, ...fields };
  await s.sends(s.vocab.Update, { object: await s.peer.actor("tina"), to: s.vocab.PUBLIC_COLLECTION });
}

const tagNames = (tags) => tags.map(({ name }) => name.replace(/^#/, "").toLowerCase());
const featured = (s, me, you, what, fits) => until(`${you.name} reads the hashtags of ${me.name}: ${what}`, async () => fits(tagNames(await you.masto.v1.accounts.$select(await s.id(you, me)).featuredTags.list())));

// The hashtags of somebody as Fedify reads the collection; a Hashtag is a Link, which it takes for no object of an Add.
async function collected(s, me, wanted) {
  await until(`Fedify reads the hashtags ${wanted}`, async () => {
    const person = await s.peer.lookup(me.uri, "tina");
    const tags = await list((await person.getFeaturedTags()).getItems());
    return tags.every((tag) => tag instanceof s.vocab.Hashtag) && tagNames(tags.map(({ name }) => ({ name: String(name) }))).join() === wanted;
  });
}

export const rows = [
  {
    act: "another name, words, and fields",
    routes: [CREDENTIALS],
    does: (s, me) => me.masto.v1.accounts.updateCredentials({
      displayName: `${me.name} the second`, note: "Reads *much*", bot: true, discoverable: true, indexable: true,
      fieldsAttributes: [{ name: "home", value: "https://example.org/" }],
    }),
    async arrives(s, me, you) {
      const seen = await s.account(you, me, "the new name", ({ displayName }) => displayName === `${me.name} the second`);
      assert.match(plain(seen.note), /Reads/);
      assert.deepEqual([seen.fields.map(({ name, value }) => [name, plain(value)]), seen.bot, seen.discoverable, seen.indexable], [[["home", "https://example.org/"]], true, true, true]);
      await me.masto.v1.accounts.updateCredentials({ bot: false });
      await s.account(you, me, "a person again", ({ bot }) => !bot);
    },
    async atFedify(s, _, me) {
      const { Service, PropertyValue } = s.vocab;
      let actor;
      await s.came("Update", me, async (activity) => {
        actor = activity.objectId?.href === me.uri ? await activity.getObject() : null;
        return String(actor?.name) === `${me.name} the second`;
      });
      assert.ok(actor instanceof Service); // a bot
      assert.match(plain(String(actor.summary)), /Reads/);
      const [field] = await list(actor.getAttachments());
      assert.ok(field instanceof PropertyValue);
      assert.deepEqual([String(field.name), plain(String(field.value))], ["home", "https://example.org/"]);
      assert.deepEqual([actor.discoverable, actor.indexable], [true, true]);
    },
    async fromFedify(s) {
      const { PropertyValue } = s.vocab;
      await tinaIs(s, { name: "Tina the second", summary: "<p>Reads more</p>", discoverable: true, indexable: true, attachments: [new PropertyValue({ name: "home", value: "<a href=\"https://example.org/\">here</a>" })] });
      const seen = await s.account(s.alice, s.tina, "the new name", ({ displayName }) => displayName === "Tina the second");
      assert.deepEqual([plain(seen.note), seen.fields.map(({ name, value }) => [name, plain(value)]), seen.discoverable, seen.indexable], ["Reads more", [["home", "here"]], true, true]);
    },
  },
  {
    act: "a picture and a header, and neither",
    routes: [CREDENTIALS, "DELETE /api/v1/profile/avatar", "DELETE /api/v1/profile/header"],
    async does(s, me, you) {
      const own = await me.masto.v1.accounts.updateCredentials({ avatar: image(80, 80), header: image(300, 100) });
      const seen = await s.account(you, me, "both", ({ avatar, header }) => !MISSING.test(avatar) && !MISSING.test(header));
      for (const url of [seen.avatar, seen.header]) {
        assert.ok(url.startsWith(you.node.host.base), url); // by their own node
        assert.match((await fetch(url)).headers.get("content-type"), /^image\//);
      }
      await me.masto.v1.profile.avatar.remove();
      await me.masto.v1.profile.header.remove();
      return own;
    },
    arrives: (s, me, you) => s.account(you, me, "neither", ({ avatar, header }) => MISSING.test(avatar) && MISSING.test(header)),
    async atFedify(s, own, me) {
      await updated(s, me, async (person) => {
        const [icon, header] = [await person.getIcon(), await person.getImage()];
        return icon?.url?.href === own.avatar && header?.url?.href === own.header;
      });
      await updated(s, me, async (person) => (await person.getIcon()) === null && (await person.getImage()) === null);
    },
    async fromFedify(s) {
      const { Image } = s.vocab;
      const [icon, header] = ["/face.png", "/wide.png"].map((path) => new Image({ url: s.peer.addFile(path, "image/png", picture(90, 60)), mediaType: "image/png" }));
      await tinaIs(s, { icon, image: header });
      const seen = await s.account(s.alice, s.tina, "both", (account) => !MISSING.test(account.avatar) && !MISSING.test(account.header));
      for (const url of [seen.avatar, seen.header]) assert.match((await fetch(url)).headers.get("content-type"), /^image\//);
      await tinaIs(s, { icon: undefined, image: undefined });
      await s.account(s.alice, s.tina, "neither", ({ avatar, header: wide }) => MISSING.test(avatar) && MISSING.test(wide));
    },
  },
  {
    act: "an account that is locked, and tells its network to nobody",
    routes: ["PATCH /api/v1/profile"],
    does: (s, me) => me.client.ask("PATCH", "/api/v1/profile", { locked: true, hide_collections: true }),
    async arrives(s, me, you) {
      await s.account(you, me, "it is locked", ({ locked }) => locked);
      await me.client.ask("PATCH", "/api/v1/profile", { locked: false, hide_collections: false });
      await s.account(you, me, "it is not", ({ locked }) => !locked);
    },
    async atFedify(s, _, me) {
      for (const locked of [true, false]) await updated(s, me, ({ manuallyApprovesFollowers }) => (manuallyApprovesFollowers ?? false) === locked);
    },
    async fromFedify(s) {
      for (const locked of [true, false]) {
        await tinaIs(s, { manuallyApprovesFollowers: locked });
        await s.account(s.alice, s.tina, `it is ${locked ? "" : "not "}locked`, (account) => account.locked === locked);
      }
    },
  },
  {
    act: "an account that is kept in memory of somebody",
    routes: [], // staff do it, by a command
    async does(s, me) {
      await me.node.run("account", "edit", me.name, "--memorial", "yes");
    },
    async arrives(s, me, you) {
      await s.account(you, me, "the memorial", ({ memorial }) => memorial === true);
      await me.node.run("account", "edit", me.name, "--memorial", "no");
      await s.account(you, me, "no memorial", ({ memorial }) => memorial === undefined);
    },
    async atFedify(s, _, me) {
      for (const memorial of [true, false]) await updated(s, me, (person) => (person.memorial ?? false) === memorial);
    },
    async fromFedify(s) {
      for (const memorial of [true, false]) {
        await tinaIs(s, { memorial });
        await s.account(s.alice, s.tina, `memorial ${memorial}`, (account) => (account.memorial ?? false) === memorial);
      }
    },
  },
  {
    act: "hashtags on the profile, by both ways of the API",
    routes: ["POST /api/v1/featured_tags", "DELETE /api/v1/featured_tags/:id", "POST /api/v1/tags/:name/feature", "POST /api/v1/tags/:name/unfeature"],
    async does(s, me, you) {
      const tag = await me.masto.v1.featuredTags.create({ name: "Trees" });
      await me.masto.v1.tags.$select("Birds").feature();
      await featured(s, me, you, "two", (names) => names.sort().join() === "birds,trees");
      if (me === s.alice) await collected(s, me, "birds,trees").catch(() => collected(s, me, "trees,birds"));
      await me.masto.v1.featuredTags.$select(tag.id).remove();
      await me.masto.v1.tags.$select("Birds").unfeature();
    },
    arrives: (s, me, you) => featured(s, me, you, "none", (names) => names.length === 0),
    atFedify: (s, _, me) => collected(s, me, ""),
    async fromFedify(s) {
      const { Hashtag } = s.vocab; // a Link, which cannot be the object of an Add of Fedify's: they are read at the first follow
      await s.peer.addPerson("tess");
      s.peer.people.get("tess").hashtags = [new Hashtag({ href: new URL("/tags/owls", s.peer.host.base), name: "#Owls" })];
      const tess = s.fedifyPerson("tess");
      await s.alice.masto.v1.accounts.$select(await s.id(s.alice, tess)).follow();
      await featured(s, tess, s.alice, "one", (names) => names.join() === "owls");
    },
  },
  {
    act: "a collection of accounts: made, changed, filled, emptied, ended",
    routes: ["POST /api/v1/collections", "PATCH /api/v1/collections/:id", "DELETE /api/v1/collections/:id", "POST /api/v1/collections/:id/items", "DELETE /api/v1/collections/:id/items/:item", "POST /api/v1/collections/:id/items/:item/revoke"],
    async does(s, me, you) {
      await you.masto.v1.accounts.updateCredentials({ discoverable: true }); // who may be put into one
      await s.account(me, you, "it may be found", ({ discoverable, featureApproval }) => discoverable && featureApproval?.currentUser === "automatic");
      const { collection } = await me.client.post("/api/v1/collections", { name: "Cats" });
      const there = async () => (await you.masto.v1.accounts.$select(await s.id(you, me)).collections.list()).collections.find(({ uri }) => uri === collection.uri);
      await until("it is there", there);
      await me.client.ask("PATCH", `/api/v1/collections/${collection.id}`, { name: "Cats and owls" });
      const seen = await until("its new name", async () => {
        const found = await there();
        return found?.name === "Cats and owls" && found;
      });
      const { collection_item: item } = await me.client.post(`/api/v1/collections/${collection.id}/items`, { account_id: await s.id(me, you) });
      await s.told(you, "added_to_collection");
      const mine = await until("it is in it", async () => (await you.masto.v1.collections.$select(seen.id).fetch()).collection.items.find(({ accountId, state }) => accountId !== null && state === "accepted"));
      await you.client.post(`/api/v1/collections/${seen.id}/items/${mine.id}/revoke`);
      await until("its owner reads that it is not", async () => (await me.masto.v1.collections.$select(collection.id).fetch()).collection.items.every(({ state }) => state === "revoked"));
      const again = await me.client.post("/api/v1/collections", { name: "Owls", account_ids: [await s.id(me, you)] });
      const [second] = (await until("it is in the other", async () => {
        const read = await me.client.get(`/api/v1/collections/${again.collection.id}`);
        return read.collection.items.some(({ state }) => state === "accepted") && read;
      })).collection.items;
      await me.client.ask("DELETE", `/api/v1/collections/${again.collection.id}/items/${second.id}`);
      const other = async () => (await you.masto.v1.accounts.$select(await s.id(you, me)).collections.list()).collections.find(({ uri }) => uri === again.collection.uri);
      await until("it is taken out", async () => (await other())?.itemCount === 0);
      assert.ok(item.id);
      return { collection, there };
    },
    async arrives(s, me, you, { collection, there }) {
      await me.client.ask("DELETE", `/api/v1/collections/${collection.id}`);
      await until("it is gone", async () => (await there()) === undefined);
    },
    without: { atFedify: "its vocabulary has no FeaturedCollection; the suite collections shows a peer that has", fromFedify: "likewise" },
  },
];

// Those that end an account: they come last, each with people of its own.
export const last = [
  {
    act: "an account moves",
    routes: [], // the pages and a command do it
    own: true,
    async does(s, me, you) {
      const home = await s.fresh(you.node, `${me.name}2`);
      await you.masto.v1.accounts.$select(await s.id(you, me)).follow();
      await s.relates(you, me, "follows", ({ following }) => following);
      await s.sends(s.vocab.Follow, { object: new URL(me.uri) }, { to: me });
      await s.relates(me, s.tina, "is followed", ({ followedBy }) => followedBy);
      await home.node.run("account", "alias", home.name, me.uri);
      await me.node.run("account", "move", me.name, home.uri);
      return home;
    },
    async arrives(s, me, you, home) {
      await s.account(you, me, "where it is now", ({ moved }) => moved?.uri === home.uri);
      await s.relates(you, home, "goes along", ({ following }) => following);
      await s.relates(you, me, "is left", ({ following }) => !following);
    },
    async atFedify(s, home, me) {
      const move = await s.came("Move", me);
      assert.deepEqual([move.objectId.href, move.targetId.href], [me.uri, home.uri]);
      assert.equal((await s.peer.lookup(me.uri, "tina")).successorId.href, home.uri);
      assert.deepEqual((await s.peer.lookup(home.uri, "tina")).aliasIds.map(({ href }) => href), [me.uri]);
    },
    async fromFedify(s, me) {
      for (const name of ["terry", "terry2"]) await s.peer.addPerson(name);
      const [old, now] = ["terry", "terry2"].map((name) => s.fedifyPerson(name));
      s.peer.people.get("terry2").fields = { aliases: [old.url] };
      await me.masto.v1.accounts.$select(await s.id(me, old)).follow();
      await s.relates(me, old, "follows", ({ following }) => following);
      await s.sends(s.vocab.Move, { object: old.url, target: now.url }, { by: "terry", to: me });
      await s.relates(me, now, "goes along", ({ following }) => following);
      await s.account(me, old, "where it is now", ({ moved }) => moved?.uri === now.uri);
    },
  },
  {
    act: "an account is deleted",
    routes: [], // likewise
    own: true,
    async does(s, me, you) {
      await you.masto.v1.accounts.$select(await s.id(you, me)).follow();
      await s.relates(you, me, "follows", ({ following }) => following);
      await s.sends(s.vocab.Follow, { object: new URL(me.uri) }, { to: me });
      await s.relates(me, s.tina, "is followed", ({ followedBy }) => followedBy);
      const { seen } = await s.shown(me, you, "My last words");
      await me.node.run("account", "delete", me.name, "--yes");
      return seen;
    },
    async arrives(s, me, you, seen) {
      await s.gone(you, seen.id);
      await until("it follows nobody any more", async () => (await you.masto.v1.accounts.verifyCredentials()).followingCount === 0);
    },
    async atFedify(s, _, me) {
      await s.came("Delete", me, ({ objectId }) => objectId.href === me.uri);
    },
    async fromFedify(s, me) {
      await s.peer.addPerson("ted");
      const ted = s.fedifyPerson("ted");
      await me.masto.v1.accounts.$select(await s.id(me, ted)).follow();
      await s.relates(me, ted, "follows", ({ following }) => following);
      const post = s.writes({}, "ted");
      await s.creates(post, { by: "ted", to: me });
      const seen = await s.seen(me, post.id.href);
      await s.sends(s.vocab.Delete, { object: ted.url, to: s.vocab.PUBLIC_COLLECTION }, { by: "ted", to: me });
      await s.gone(me, seen.id);
    },
  },
];
