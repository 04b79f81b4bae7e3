// Acts between people: carl of the one node, dora of the other, tom of Fedify's. Each leaves nothing behind.
import assert from "node:assert/strict";
import { until } from "../journal.mjs";

const FOLLOW = "POST /api/v1/accounts/:id/follow", UNFOLLOW = "POST /api/v1/accounts/:id/unfollow";
const accounts = (me) => me.masto.v1.accounts;
const by = (other) => ({ account }) => account.acct === other.handle;

const on = async (s, me, other, act, ...more) => accounts(me).$select(await s.id(me, other))[act](...more);

// me follows, and is accepted.
async function follows(s, me, other) {
  await on(s, me, other, "follow");
  await s.relates(me, other, "follows", ({ following }) => following);
}

const unfollows = (s, me, other) => on(s, me, other, "unfollow");
const lock = (me, locked) => accounts(me).updateCredentials({ locked });
const tomActs = (s, Class, fields, to) => s.sends(Class, fields, { by: "tom", to });

// tom follows somebody, who lets everybody.
async function tomFollows(s, to) {
  const follow = await tomActs(s, s.vocab.Follow, { object: new URL(to.uri) }, to);
  await s.relates(to, s.tom, "is followed", ({ followedBy }) => followedBy);
  return follow;
}

// you asks to follow me, who is locked; so does tom.
async function ask(s, me, you) {
  await lock(me, true);
  assert.equal((await on(s, you, me, "follow")).requested, true);
  await s.told(me, "follow_request", by(you));
  await s.relates(me, you, "is asked", ({ requestedBy }) => requestedBy);
  const follow = await tomActs(s, s.vocab.Follow, { object: new URL(me.uri) }, me);
  await s.told(me, "follow_request", by(s.tom));
  await s.relates(me, s.tom, "is asked", ({ requestedBy }) => requestedBy);
  return follow;
}

// The answer to a request of tom's.
const answered = (s, type, me, follow) => s.came(type, me, ({ objectId }) => objectId?.href === follow.id.href);

// me asks to follow tom, who says nothing yet: the Follow.
async function asksTom(s, me) {
  const before = s.follows(me).length;
  s.peer.onFollow = "wait";
  assert.equal((await on(s, me, s.tom, "follow")).requested, true);
  const follow = await until("tom is asked", () => s.follows(me)[before]);
  s.peer.onFollow = "accept";
  return follow;
}

export const rows = [
  {
    act: "a follow, and its end",
    routes: [FOLLOW, UNFOLLOW],
    async does(s, me, you) {
      await follows(s, me, you);
      await s.told(you, "follow", by(me));
      await s.relates(you, me, "is followed", ({ followedBy }) => followedBy);
      await unfollows(s, me, you);
    },
    arrives: (s, me, you) => s.relates(you, me, "is not followed", ({ followedBy }) => !followedBy),
    async atFedify(s, _, me) {
      await follows(s, me, s.tom);
      const follow = await s.came("Follow", me, ({ objectId }) => objectId.href === s.tom.uri);
      await unfollows(s, me, s.tom);
      await s.undone(me, follow);
    },
    async fromFedify(s, me) {
      const follow = await tomFollows(s, me);
      await s.told(me, "follow", by(s.tom));
      await tomActs(s, s.vocab.Undo, { object: follow }, me);
      await s.relates(me, s.tom, "is not followed", ({ followedBy }) => !followedBy);
    },
  },
  {
    act: "a request to follow is accepted",
    routes: ["POST /api/v1/follow_requests/:id/authorize"],
    async does(s, me, you) {
      const follow = await ask(s, me, you);
      for (const other of [you, s.tom]) await me.masto.v1.followRequests.$select(await s.id(me, other)).authorize();
      await lock(me, false);
      return follow;
    },
    async arrives(s, me, you, follow) {
      await s.relates(you, me, "follows", ({ following, requested }) => following && !requested);
      await unfollows(s, you, me);
      await tomActs(s, s.vocab.Undo, { object: follow }, me);
      await s.relates(me, s.tom, "is not followed", ({ followedBy }) => !followedBy);
    },
    atFedify: (s, follow, me) => answered(s, "Accept", me, follow),
    async fromFedify(s, me) {
      await tomActs(s, s.vocab.Accept, { object: await asksTom(s, me) }, me);
      await s.relates(me, s.tom, "follows", ({ following, requested }) => following && !requested);
      await unfollows(s, me, s.tom);
    },
  },
  {
    act: "a request to follow is refused",
    routes: ["POST /api/v1/follow_requests/:id/reject"],
    async does(s, me, you) {
      const follow = await ask(s, me, you);
      for (const other of [you, s.tom]) await me.masto.v1.followRequests.$select(await s.id(me, other)).reject();
      await lock(me, false);
      return follow;
    },
    arrives: (s, me, you) => s.relates(you, me, "does not follow", ({ following, requested }) => !following && !requested),
    atFedify: (s, follow, me) => answered(s, "Reject", me, follow),
    async fromFedify(s, me) {
      await tomActs(s, s.vocab.Reject, { object: await asksTom(s, me) }, me);
      await s.relates(me, s.tom, "does not follow", ({ following, requested }) => !following && !requested);
    },
  },
  {
    act: "a follower is put out",
    routes: ["POST /api/v1/accounts/:id/remove_from_followers"],
    async does(s, me, you) {
      await follows(s, you, me);
      const follow = await tomFollows(s, me);
      for (const other of [you, s.tom]) assert.equal((await on(s, me, other, "removeFromFollowers")).followedBy, false);
      return follow;
    },
    arrives: (s, me, you) => s.relates(you, me, "does not follow", ({ following }) => !following),
    atFedify: (s, follow, me) => answered(s, "Reject", me, follow),
    async fromFedify(s, me) {
      await follows(s, me, s.tom);
      const follow = (await s.follows(me)).at(-1);
      await tomActs(s, s.vocab.Reject, { object: follow }, me);
      await s.relates(me, s.tom, "does not follow", ({ following }) => !following);
    },
  },
  {
    act: "a block, and its end",
    routes: ["POST /api/v1/accounts/:id/block", "POST /api/v1/accounts/:id/unblock"],
    async does(s, me, you) {
      await follows(s, you, me);
      await follows(s, me, you);
      await on(s, me, you, "block");
      await s.relates(you, me, "is blocked", ({ blockedBy, following, followedBy }) => blockedBy && !following && !followedBy);
      await on(s, me, you, "unblock");
    },
    arrives: (s, me, you) => s.relates(you, me, "is not blocked", ({ blockedBy }) => !blockedBy),
    async atFedify(s, _, me) {
      await on(s, me, s.tom, "block");
      const block = await s.came("Block", me, ({ objectId }) => objectId.href === s.tom.uri);
      await on(s, me, s.tom, "unblock");
      await s.undone(me, block);
    },
    async fromFedify(s, me) {
      await follows(s, me, s.tom);
      await tomFollows(s, me);
      const block = await tomActs(s, s.vocab.Block, { object: new URL(me.uri) }, me);
      await s.relates(me, s.tom, "is blocked", ({ blockedBy, following, followedBy }) => blockedBy && !following && !followedBy);
      await tomActs(s, s.vocab.Undo, { object: block }, me);
      await s.relates(me, s.tom, "is not blocked", ({ blockedBy }) => !blockedBy);
    },
  },
  {
    act: "a whole host is blocked by a person",
    routes: ["POST /api/v1/domain_blocks", "DELETE /api/v1/domain_blocks"],
    async does(s, me, you) {
      await follows(s, you, me);
      await follows(s, me, you);
      const domain = you.handle.split("@")[1];
      await me.masto.v1.domainBlocks.create({ domain });
      return { domain };
    },
    async arrives(s, me, you, { domain }) {
      await s.relates(you, me, "both follows are over", ({ following, followedBy }) => !following && !followedBy);
      await me.masto.v1.domainBlocks.remove({ domain });
    },
    async atFedify(s, _, me) {
      const domain = s.tom.handle.split("@")[1];
      await follows(s, me, s.tom);
      const own = (await s.follows(me)).at(-1);
      const follow = await tomFollows(s, me);
      await me.masto.v1.domainBlocks.create({ domain });
      await answered(s, "Reject", me, follow);
      await s.undone(me, own);
      await me.masto.v1.domainBlocks.remove({ domain });
    },
    without: { fromFedify: "to others it is the end of follows, which have rows of their own" },
  },
  {
    act: "a report that is passed on",
    routes: ["POST /api/v1/reports"],
    async does(s, me, you) {
      await follows(s, me, you);
      const { seen } = await s.shown(you, me, "Something bad");
      await me.masto.v1.reports.create({ accountId: await s.id(me, you), statusIds: [seen.id], comment: `as ${me.name} says`, forward: true });
      await unfollows(s, me, you);
      return seen;
    },
    async arrives(s, me, you, seen) {
      const staff = you.node === s.north ? s.olga : s.otto;
      const { report } = await s.told(staff, "admin.report", ({ report: told }) => told.comment === `as ${me.name} says`);
      assert.equal(report.targetAccount.username, you.name);
      const whole = await staff.masto.v1.admin.reports.$select(report.id).fetch();
      assert.deepEqual(whole.statuses.map(({ uri }) => uri), [seen.uri]);
    },
    async atFedify(s, _, me) {
      await follows(s, me, s.tom);
      const post = s.writes({}, "tom");
      await s.creates(post, { by: "tom", to: me });
      const seen = await s.seen(me, post.id.href);
      await me.masto.v1.reports.create({ accountId: await s.id(me, s.tom), statusIds: [seen.id], comment: "against our rules", forward: true });
      const node = { name: "the node", uri: `${me.node.host.base}/actor` };
      const flag = await s.came("Flag", node, ({ objectIds }) => [s.tom.uri, post.id.href].every((id) => objectIds.some(({ href }) => href === id)));
      assert.match(String(flag.content), /against our rules/);
      await unfollows(s, me, s.tom);
    },
    async fromFedify(s, me) {
      const made = await s.says(me, "Something bad, too");
      await tomActs(s, s.vocab.Flag, { objects: [new URL(me.uri), new URL(made.uri)], content: "tom minds" }, me);
      const { report } = await s.told(s.olga, "admin.report", ({ report: told }) => told.comment === "tom minds");
      assert.equal(report.targetAccount.username, me.name);
      const whole = await s.olga.masto.v1.admin.reports.$select(report.id).fetch();
      assert.deepEqual(whole.statuses.map(({ uri }) => uri), [made.uri]);
    },
  },
];
