// Acts with one's own posts.
import assert from "node:assert/strict";
import { image, list, plain } from "./cast.mjs";
import { until } from "../journal.mjs";
import { picture } from "../picture.mjs";

const POST = "POST /api/v1/statuses", EDIT = "PUT /api/v1/statuses/:id", DELETE = "DELETE /api/v1/statuses/:id";
const EMOJI = "owl";
const names = (list) => list.map(({ name }) => name.toLowerCase());
const hrefs = (urls) => urls.map(({ href }) => href);
const tagsOf = (note, Class) => list(note.getTags()).then((tags) => tags.filter((tag) => tag instanceof Class));
const followersOf = ({ uri }) => `${uri}/followers`;

// Who gets it, as the client of each side and Fedify have it.
function visibility(word, { tos, ccs, from }) {
  return {
    act: `a post, ${word}`,
    routes: [POST],
    does: (s, me) => s.says(me, `for some, ${word}`, { visibility: word }),
    async arrives(s, me, you, made) {
      const seen = await s.seen(you, made.uri);
      assert.equal(seen.visibility, word);
      assert.equal(plain(seen.content), plain(made.content));
    },
    async atFedify(s, made, me) {
      const note = await s.cameWith("Create", me, made.uri);
      assert.deepEqual([hrefs(note.toIds), hrefs(note.ccIds)], [tos(s, me), ccs(s, me)]);
    },
    async fromFedify(s) {
      assert.equal((await s.theirs(from(s))).seen.visibility, word);
    },
  };
}

export const rows = [
  {
    act: "a post for everybody with a warning, a language, a mention and a hashtag",
    routes: [POST],
    does: (s, me, you) => s.says(me, `Guten Tag @${you.handle} @${s.tina.handle} #Welt`, { visibility: "public", spoilerText: "Gruß", sensitive: true, language: "de" }),
    async arrives(s, me, you, made) {
      const seen = await s.seen(you, made.uri);
      assert.deepEqual([seen.account.acct, seen.visibility, seen.spoilerText, seen.sensitive, seen.language], [me.handle, "public", "Gruß", true, "de"]);
      assert.ok(names(seen.tags).includes("welt"));
      assert.ok(seen.mentions.some(({ url }) => url === you.url));
      assert.equal((await s.told(you, "mention", ({ status }) => status.uri === made.uri)).status.id, seen.id);
    },
    async atFedify(s, made, me) {
      const { Note, Mention, Hashtag, PUBLIC_COLLECTION } = s.vocab;
      const note = await s.cameWith("Create", me, made.uri);
      assert.ok(note instanceof Note);
      assert.equal(note.attributionId.href, me.uri);
      assert.deepEqual(hrefs(note.toIds), [PUBLIC_COLLECTION.href]);
      assert.deepEqual(hrefs(note.ccIds).sort(), [s.bob.uri, s.tina.uri, followersOf(me)].sort());
      assert.equal(String(note.summary), "Gruß");
      assert.equal(note.sensitive, true);
      assert.match(plain(String(note.content)), /^Guten Tag/);
      assert.ok(note.contents.some((text) => text.locale?.language === "de"), "in no language");
      assert.ok((await tagsOf(note, Mention)).some(({ href }) => href.href === s.tina.uri));
      assert.ok((await tagsOf(note, Hashtag)).some(({ name }) => String(name).toLowerCase() === "#welt"));
    },
    async fromFedify(s) {
      const { LanguageString, Hashtag } = s.vocab;
      const hashtag = new Hashtag({ href: new URL("/tags/welt", s.peer.host.base), name: "#Welt" });
      const { seen } = await s.theirs({ contents: ["<p>Guten Abend</p>", new LanguageString("<p>Guten Abend</p>", "de")], summary: "Gruß", sensitive: true, tags: [s.mention(s.alice), hashtag], ccs: [new URL(s.alice.uri)] });
      assert.deepEqual([seen.account.acct, plain(seen.content), seen.spoilerText, seen.sensitive, seen.language], [s.tina.handle, "Guten Abend", "Gruß", true, "de"]);
      assert.deepEqual([names(seen.tags), seen.mentions.map(({ acct }) => acct)], [["welt"], ["alice"]]);
      await s.told(s.alice, "mention", ({ status }) => status.id === seen.id);
    },
  },
  visibility("unlisted", {
    tos: (_, me) => [followersOf(me)],
    ccs: (s) => [s.vocab.PUBLIC_COLLECTION.href],
    from: (s) => ({ to: [s.peer.context.getFollowersUri("tina")], ccs: [s.vocab.PUBLIC_COLLECTION] }),
  }),
  visibility("private", {
    tos: (_, me) => [followersOf(me)],
    ccs: () => [],
    from: (s) => ({ to: [s.peer.context.getFollowersUri("tina")], ccs: [] }),
  }),
  {
    act: "a letter to two",
    routes: [POST],
    does: (s, me, you) => s.says(me, `@${you.handle} @${s.tina.handle} between us`, { visibility: "direct" }),
    async arrives(s, me, you, made) {
      const { status } = await s.told(you, "mention", ({ status }) => status.uri === made.uri);
      assert.equal(status.visibility, "direct");
      const talk = await s.hears(you, "conversation", "of the letter", ({ last_status: last }) => last.uri === made.uri);
      assert.ok(talk.accounts.some(({ acct }) => acct === me.handle));
    },
    async atFedify(s, made, me) {
      const note = await s.cameWith("Create", me, made.uri);
      assert.deepEqual([hrefs(note.toIds).sort(), hrefs(note.ccIds)], [[s.bob.uri, s.tina.uri].sort(), []]);
    },
    async fromFedify(s) {
      const post = s.writes({ to: [new URL(s.alice.uri)], ccs: [], tags: [s.mention(s.alice)] });
      await s.creates(post);
      assert.equal((await s.told(s.alice, "mention", ({ status }) => status.uri === post.id.href)).status.visibility, "direct");
      await s.hears(s.alice, "conversation", "of the letter", ({ last_status: last }) => last.uri === post.id.href);
    },
  },
  {
    act: "a post with a custom emoji",
    routes: [POST],
    async does(s, me) {
      const url = `${me.node.host.base}/${EMOJI}.png`;
      await me.node.run("emoji", "add", EMOJI, url);
      return { url, post: await s.says(me, `hoo :${EMOJI}:`) };
    },
    async arrives(s, me, you, { post }) {
      const { emojis: [emoji] } = await s.seen(you, post.uri);
      assert.equal(emoji.shortcode, EMOJI);
    },
    async atFedify(s, { url, post }, me) {
      const [emoji] = await tagsOf(await s.cameWith("Create", me, post.uri), s.vocab.Emoji);
      assert.deepEqual([String(emoji.name), (await emoji.getIcon()).url.href], [`:${EMOJI}:`, url]);
    },
    async fromFedify(s) {
      const { Emoji, Image } = s.vocab;
      const url = s.peer.addFile("/neko.png", "image/png", picture(20, 20));
      const emoji = new Emoji({ id: new URL("/emojis/neko", s.peer.host.base), name: ":neko:", icon: new Image({ url, mediaType: "image/png" }) });
      const { seen } = await s.theirs({ content: "<p>:neko:</p>", tags: [emoji] });
      assert.deepEqual(seen.emojis.map(({ shortcode }) => shortcode), ["neko"]);
    },
  },
  {
    act: "a picture with words",
    routes: ["POST /api/v2/media", POST],
    async does(s, me) {
      const medium = await me.masto.v2.media.create({ file: image(), description: "a slope", focus: "-0.5,0.25", skipPolling: true });
      return s.says(me, "Look", { mediaIds: [medium.id] });
    },
    async arrives(s, me, you, made) {
      const { mediaAttachments: [shown] } = await s.seen(you, made.uri);
      assert.deepEqual([shown.type, shown.description, shown.meta.focus, shown.remoteUrl], ["image", "a slope", { x: -0.5, y: 0.25 }, made.mediaAttachments[0].url]);
      assert.equal((await fetch(shown.url)).headers.get("content-type"), "image/png");
    },
    async atFedify(s, made, me) {
      const [shown] = await list((await s.cameWith("Create", me, made.uri)).getAttachments());
      assert.ok(shown instanceof s.vocab.Document);
      assert.deepEqual([String(shown.name), shown.mediaType, shown.url.href, shown.width, shown.height], ["a slope", "image/png", made.mediaAttachments[0].url, 64, 48]);
    },
    async fromFedify(s) {
      const url = s.peer.addFile("/hill.png", "image/png", picture(32, 16));
      const { seen } = await s.theirs({ attachments: [new s.vocab.Document({ url, mediaType: "image/png", name: "a hill", width: 32, height: 16 })] });
      const [shown] = seen.mediaAttachments;
      assert.deepEqual([shown.type, shown.description, shown.remoteUrl], ["image", "a hill", url.href]);
      assert.equal((await fetch(shown.url)).headers.get("content-type"), "image/png");
    },
  },
  {
    act: "other words for a picture that is posted",
    routes: [EDIT],
    async does(s, me, you) {
      const medium = await me.masto.v2.media.create({ file: image(40, 40), description: "something", skipPolling: true });
      const { made, seen } = await s.shown(me, you, "Look again", { mediaIds: [medium.id] });
      await me.masto.v1.statuses.$select(made.id).update({ status: plain(made.content), mediaIds: [medium.id], mediaAttributes: [{ id: medium.id, description: "a steep slope" }] });
      return { made, seen };
    },
    async arrives(s, me, you, { seen }) {
      const now = await s.hears(you, "status.update", "the new words", ({ id }) => id === seen.id);
      assert.equal(now.media_attachments[0].description, "a steep slope");
      assert.equal((await you.masto.v1.statuses.$select(seen.id).fetch()).mediaAttachments[0].description, "a steep slope");
    },
    async atFedify(s, { made }, me) {
      const [shown] = await list((await s.cameWith("Update", me, made.uri)).getAttachments());
      assert.equal(String(shown.name), "a steep slope");
    },
    async fromFedify(s) {
      const picture = (name) => new s.vocab.Document({ url: new URL("/hill.png", s.peer.host.base), mediaType: "image/png", name });
      const { post, seen } = await s.theirs({ attachments: [picture("a hill")] });
      await s.updates(post.clone({ attachments: [picture("a high hill")], updated: post.published.add({ seconds: 3 }) }));
      const now = await s.hears(s.alice, "status.update", "the new words", ({ id }) => id === seen.id);
      assert.equal(now.media_attachments[0].description, "a high hill");
    },
  },
  {
    act: "an edit",
    routes: [EDIT],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "Good mornin");
      await you.masto.v1.statuses.$select(seen.id).reblog(); // who is told of the edit
      await me.masto.v1.statuses.$select(made.id).update({ status: "Good morning, all", spoilerText: "corrected", language: "en" });
      return { made, seen };
    },
    async arrives(s, me, you, { seen }) {
      const now = await s.hears(you, "status.update", "the edit", ({ id, content }) => id === seen.id && plain(content) === "Good morning, all");
      assert.ok(now.edited_at);
      const history = await you.masto.v1.statuses.$select(seen.id).history.list();
      assert.deepEqual(history.map(({ content, spoilerText }) => [plain(content), spoilerText]), [[plain(seen.content), ""], ["Good morning, all", "corrected"]]);
      await s.told(you, "update", ({ status }) => status.id === seen.id);
    },
    async atFedify(s, { made }, me) {
      const note = await s.cameWith("Update", me, made.uri);
      assert.deepEqual([plain(String(note.content)), String(note.summary)], ["Good morning, all", "corrected"]);
      assert.ok(note.updated, "no date of the change");
    },
    async fromFedify(s) {
      const { post, seen } = await s.theirs({ content: "<p>Good evenin</p>" });
      await s.updates(post.clone({ content: "<p>Good evening</p>", updated: post.published.add({ seconds: 5 }) }));
      const now = await s.hears(s.alice, "status.update", "the edit", ({ id }) => id === seen.id);
      assert.equal(plain(now.content), "Good evening");
      const history = await s.alice.masto.v1.statuses.$select(seen.id).history.list();
      assert.deepEqual(history.map(({ content }) => plain(content)), ["Good evenin", "Good evening"]);
    },
  },
  {
    act: "a deletion",
    routes: [DELETE],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "Soon gone");
      await me.masto.v1.statuses.$select(made.id).remove();
      return { made, seen };
    },
    async arrives(s, me, you, { seen }) {
      await s.hears(you, "delete", "the end", (id) => id === seen.id);
      await s.gone(you, seen.id);
    },
    async atFedify(s, { made }, me) {
      const { vocab } = s;
      const activity = await s.came("Delete", me, ({ objectId }) => objectId.href === made.uri);
      assert.ok((await activity.getObject()) instanceof vocab.Tombstone);
    },
    async fromFedify(s) {
      const { post, seen } = await s.theirs();
      s.peer.people.get("tina").posts.delete(post.id.pathname.split("/").at(-1));
      await s.sends(s.vocab.Delete, { object: new s.vocab.Tombstone({ id: post.id }) });
      await s.hears(s.alice, "delete", "the end", (id) => id === seen.id);
      await s.gone(s.alice, seen.id);
    },
  },
  {
    act: "a deletion to write it again",
    routes: [DELETE, POST],
    async does(s, me, you) {
      const medium = await me.masto.v2.media.create({ file: image(50, 40), description: "kept", skipPolling: true });
      const { made, seen } = await s.shown(me, you, "Not quite", { mediaIds: [medium.id] });
      const { text, mediaAttachments } = await me.masto.v1.statuses.$select(made.id).remove();
      const again = await me.masto.v1.statuses.create({ status: `${text}, but now`, mediaIds: mediaAttachments.map(({ id }) => id) });
      return { made, seen, again };
    },
    async arrives(s, me, you, { seen, again }) {
      await s.gone(you, seen.id);
      const now = await s.seen(you, again.uri);
      assert.match(plain(now.content), /^Not quite .*, but now$/);
      assert.equal(now.mediaAttachments[0].description, "kept");
    },
    async atFedify(s, { made, again }, me) {
      await s.came("Delete", me, ({ objectId }) => objectId.href === made.uri);
      const [shown] = await list((await s.cameWith("Create", me, again.uri)).getAttachments());
      assert.equal(String(shown.name), "kept");
    },
    without: { fromFedify: "to others it is a deletion and another post, which have rows of their own" },
  },
  {
    act: "a reply, and a reply to that",
    routes: [POST],
    async does(s, me, you) {
      const { made: begun, seen } = await s.shown(you, me, "What do you say?");
      const reply = await s.says(me, `@${you.handle} this`, { inReplyToId: seen.id });
      const more = await s.says(me, "and that", { inReplyToId: reply.id });
      return { begun, reply, more };
    },
    async arrives(s, me, you, { begun, reply, more }) {
      const { status } = await s.told(you, "mention", ({ status }) => status.uri === reply.uri);
      assert.equal(status.inReplyToId, begun.id);
      await s.seen(you, more.uri);
      const { descendants } = await you.masto.v1.statuses.$select(begun.id).context.fetch();
      assert.deepEqual(descendants.map(({ uri }) => uri), [reply.uri, more.uri]);
      assert.equal(descendants[1].inReplyToId, descendants[0].id);
      await s.status(you, begun.id, "one reply", ({ repliesCount }) => repliesCount === 1);
    },
    async atFedify(s, { begun, reply, more }, me) {
      assert.equal((await s.cameWith("Create", me, reply.uri)).replyTargetId.href, begun.uri);
      assert.equal((await s.cameWith("Create", me, more.uri)).replyTargetId.href, reply.uri);
    },
    async fromFedify(s) {
      const begun = await s.says(s.alice, "And you?");
      const { post, seen } = await s.theirs({ replyTarget: new URL(begun.uri), ccs: [new URL(s.alice.uri)], tags: [s.mention(s.alice)] });
      const { seen: more } = await s.theirs({ replyTarget: post.id });
      assert.deepEqual([seen.inReplyToId, more.inReplyToId], [begun.id, seen.id]);
      await s.told(s.alice, "mention", ({ status }) => status.id === seen.id);
      const { descendants } = await s.alice.masto.v1.statuses.$select(begun.id).context.fetch();
      assert.deepEqual(descendants.map(({ id }) => id), [seen.id, more.id]);
    },
  },
  {
    act: "a post is pinned and unpinned",
    routes: ["POST /api/v1/statuses/:id/pin", "POST /api/v1/statuses/:id/unpin"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "First of all");
      await me.masto.v1.statuses.$select(made.id).pin();
      const pinned = (wanted) => until(`${you.name} reads the pins`, async () => {
        const pins = await you.masto.v1.accounts.$select(await s.id(you, me)).statuses.list({ pinned: true });
        return pins.some(({ id }) => id === seen.id) === wanted;
      });
      await pinned(true);
      await me.masto.v1.statuses.$select(made.id).unpin();
      return { made, pinned };
    },
    arrives: (s, me, you, { pinned }) => pinned(false),
    async atFedify(s, { made }, me) {
      const featured = (await s.peer.lookup(me.uri, "tina")).featuredId.href;
      for (const type of ["Add", "Remove"]) await s.came(type, me, ({ objectId, targetId }) => objectId?.href === made.uri && targetId.href === featured);
    },
    async fromFedify(s) {
      const { vocab: { Add, Remove } } = s;
      const { post, seen } = await s.theirs();
      const target = s.peer.context.getFeaturedUri("tina");
      const pinned = (wanted) => until("alice reads the pins", async () => {
        const pins = await s.alice.masto.v1.accounts.$select(await s.id(s.alice, s.tina)).statuses.list({ pinned: true });
        return pins.some(({ id }) => id === seen.id) === wanted;
      });
      await s.sends(Add, { object: post.id, target });
      await pinned(true);
      await s.sends(Remove, { object: post.id, target });
      await pinned(false);
    },
  },
  {
    act: "who may quote it is changed",
    routes: ["PUT /api/v1/statuses/:id/interaction_policy"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "Not to be quoted");
      assert.equal(seen.quoteApproval.currentUser, "automatic");
      await me.client.ask("PUT", `/api/v1/statuses/${made.id}/interaction_policy`, { quote_approval_policy: "nobody" });
      return { made, seen };
    },
    async arrives(s, me, you, { seen }) {
      const now = await s.status(you, seen.id, "the new policy", ({ quoteApproval }) => quoteApproval.currentUser === "denied");
      assert.deepEqual([now.quoteApproval.automatic, now.editedAt], [[], null]);
    },
    async atFedify(s, { made }, me) {
      const { interactionPolicy: { canQuote } } = await s.cameWith("Update", me, made.uri);
      assert.ok(!hrefs(canQuote.automaticApprovals).includes(s.vocab.PUBLIC_COLLECTION.href));
      assert.ok(!hrefs(canQuote.manualApprovals).includes(s.vocab.PUBLIC_COLLECTION.href));
    },
    async fromFedify(s) {
      const { InteractionPolicy, InteractionRule, PUBLIC_COLLECTION } = s.vocab;
      const policy = (rule) => new InteractionPolicy({ canQuote: new InteractionRule(rule) });
      const { post, seen } = await s.theirs({ interactionPolicy: policy({ automaticApproval: PUBLIC_COLLECTION }) });
      assert.equal(seen.quoteApproval.currentUser, "automatic");
      await s.updates(post.clone({ interactionPolicy: policy({ automaticApproval: new URL(s.tina.uri) }) }));
      await s.status(s.alice, seen.id, "the new policy", ({ quoteApproval }) => quoteApproval.currentUser === "denied");
    },
  },
];
