/* What is done in a joint community on this node becomes records of its ledger. Inside transactions. */
#include "social/ledger.h"

#include "act_int.h"
#include "core/clock.h"
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "ledger_int.h"
#include "queue/queue.h"
#include "store/joint.h"

#define TASK_VERSION 1
#define TASK_MAX_BYTES 4096
#define WALK_MOST 100 /* things that one step looks at */
#define COMPARE_EVERY_MS MS_PER_DAY
#define CLOSED_AFTER_MS MS_PER_SECOND /* who voted in the last moment is counted */
#define FIRST_ID 1

/* --- tasks --- */

void ledger_task_encode(struct buf *out, const struct ledger_task *t)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u8(out, (uint8_t)t->look);
	rec_add_u64(out, t->community);
	rec_add_u64(out, t->after);
	rec_add_u64(out, t->only);
	rec_add_str(out, t->uri);
}

bool ledger_task_decode(struct str payload, struct ledger_task *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r), look = rec_u8(&r);
	out->look = (enum ledger_look)look;
	out->community = rec_u64(&r);
	out->after = rec_u64(&r);
	out->only = rec_u64(&r);
	out->uri = rec_str(&r);
	return version == TASK_VERSION && rec_ok(&r) && look >= LEDGER_LOOK_RESOURCES &&
	       look <= LEDGER_LOOK_DROP;
}

void ledger_errand_encode(struct buf *out, const struct ledger_errand *e)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u64(out, e->community);
	rec_add_u64(out, e->partner);
	rec_add_str(out, e->url);
}

bool ledger_errand_decode(struct str payload, struct ledger_errand *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->community = rec_u64(&r);
	out->partner = rec_u64(&r);
	out->url = rec_str(&r);
	return version == TASK_VERSION && rec_ok(&r) && out->url.len != 0;
}

static void job_add(struct social *s, const struct queue_new *job, const struct buf *payload)
{
	if (payload->failed) {
		db_txn_fail(s->txn, RC_TOO_LARGE);
		return;
	}
	queue_add(s->txn, job);
	s->enqueued = true;
}

static void task_add(struct social *s, const struct ledger_task *task, uint64_t due_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(TASK_MAX_BYTES);
	ledger_task_encode(&payload, task);
	/* an order of its own: one whose time has not come must not keep others waiting */
	const struct queue_new job = { .kind = JOB_LEDGER_WRITE,
				       .order = db_next_id(s->txn),
				       .payload = buf_str(&payload),
				       .due_ms = due_ms };
	job_add(s, &job, &payload);
}

void ledger_look(struct social *s, const struct ledger_task *task, uint64_t due_ms)
{
	struct community c;
	if (joint_is(s->txn, task->community) &&
	    community_effective(s->txn, s->ctx->arena, task->community, &c) &&
	    c.sight < COMMUNITY_LOCAL)
		task_add(s, task, due_ms);
}

void ledger_agreed(struct social *s, uint64_t community)
{
	const struct ledger_task task = { .community = community,
					  .look = LEDGER_LOOK_RESOURCES,
					  .uri = STR("") };
	ledger_look(s, &task, 0);
}

/* --- names --- */

static struct str uri_of(struct arena *arena, const struct account *group, const char *what,
			 uint64_t id)
{
	return arena_printf(arena, "%.*s/%s/%llu", STR_ARG(group->uri), what,
			    (unsigned long long)id);
}

struct str ledger_resource_uri(struct social *s, const struct resource *r)
{
	struct account group;
	if (r->origin != 0)
		return resource_uri(s->txn, s->ctx->arena, r->id);
	return account_get(s->txn, s->ctx->arena, r->community, &group)
		       ? uri_of(s->ctx->arena, &group, "resources", r->id)
		       : STR("");
}

struct str ledger_version_uri(struct social *s, const struct resource *r, uint64_t id)
{
	struct account group;
	return account_get(s->txn, s->ctx->arena, r->community, &group)
		       ? uri_of(s->ctx->arena, &group, "ledger/versions", id)
		       : STR("");
}

struct str ledger_slot(struct arena *arena, const struct ledger_entry *e)
{
	switch (e->kind) {
	case LEDGER_VERSION:
		return arena_printf(arena, "version %.*s", STR_ARG(e->id));
	case LEDGER_DROP:
		return arena_printf(arena, "drop %.*s %.*s", STR_ARG(e->actor), STR_ARG(e->thing));
	case LEDGER_CONSULTATION:
		return arena_printf(arena, "consultation %.*s", STR_ARG(e->thing));
	case LEDGER_CANCEL:
		return arena_printf(arena, "cancel %.*s", STR_ARG(e->thing));
	case LEDGER_JOIN:
		return arena_printf(arena, "join %.*s %.*s", STR_ARG(e->actor), STR_ARG(e->thing));
	case LEDGER_PAPERS:
		break;
	}
	return arena_printf(arena, "papers %.*s %.*s %u", STR_ARG(e->actor), STR_ARG(e->thing),
			    e->papers.page);
}

/* --- what is lacking --- */

struct looking {
	struct db_txn *txn;
	struct arena *arena;
	const struct site *site;
	uint64_t now_ms;
	struct account group;
	struct ledger_task *task;
	struct ledger_entry *out;
};

static bool is_written(const struct looking *l, const struct ledger_entry *e)
{
	struct digest name;
	return ledger_find(l->txn, l->group.id, ledger_slot(l->arena, e), &name);
}

static struct ledger_entry entry_of(const struct looking *l, enum ledger_kind kind,
				    struct str thing, uint64_t local, const char *what)
{
	return (struct ledger_entry){
		.kind = kind,
		.id = uri_of(l->arena, &l->group, what, local),
		.actor = l->group.uri,
		.thing = thing,
		.at_ms = l->now_ms,
		.local = local,
		.file = { .type = STR("") },
	};
}

/* --- resources --- */

static bool version_take(const struct looking *l, const struct resource *r, struct str thing,
			 uint32_t number)
{
	struct ledger_entry e = entry_of(l, LEDGER_VERSION, thing, r->id, "resources");
	struct medium m;
	if (!resource_version_get(l->txn, l->arena, r->id, number, &e.version) ||
	    e.version.origin != 0)
		return false;
	/* those of before they were named have had their time to themselves */
	e.id = e.version.uri.len != 0
		       ? e.version.uri
		       : arena_printf(l->arena, "%.*s/ledger/versions/%llu-%llu",
				      STR_ARG(l->group.uri), (unsigned long long)r->id,
				      (unsigned long long)e.version.at_ms);
	e.at_ms = e.version.at_ms;
	e.first = number == 1 && r->origin == 0;
	if (is_written(l, &e))
		return false;
	if (e.version.medium != 0) {
		if (!medium_get(l->txn, l->arena, e.version.medium, &m))
			return false;
		e.file = m.file;
	}
	*l->out = e;
	return true;
}

/* False when all of it is written. */
static bool resource_look(const struct looking *l, uint64_t id)
{
	struct resource r;
	if (!resource_get(l->txn, id, &r) || r.community != l->group.id)
		return false;
	struct str thing = r.origin != 0 ? resource_uri(l->txn, l->arena, id)
					 : uri_of(l->arena, &l->group, "resources", id);
	for (uint32_t n = 1; n <= r.versions; n++) {
		if (version_take(l, &r, thing, n))
			return true;
	}
	return false;
}

/* --- consultations --- */

static bool wants(const struct looking *l, const struct consultation *c, enum ledger_kind kind,
		  const char *what)
{
	struct ledger_entry e = entry_of(l, kind, c->uri, c->id, what);
	if (is_written(l, &e))
		return false;
	e.consultation = *c;
	if (kind == LEDGER_CONSULTATION)
		e.at_ms = c->created_ms;
	*l->out = e;
	return true;
}

static bool is_kept(const struct looking *l, enum ledger_kind kind, struct str actor,
		    struct str thing)
{
	const struct ledger_entry e = { .kind = kind, .actor = actor, .thing = thing };
	return is_written(l, &e);
}

/* Roles of a community's own are of no meaning elsewhere. */
static bool may_leave(const struct consultation *c)
{
	for (unsigned i = 0; i < c->role_count; i++) {
		if (c->roles[i] >= COMMUNITY_ROLE_OWN)
			return false;
	}
	return true;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static struct str page_lines(struct arena *arena, const struct consultation_paper *papers,
			     size_t count)
{
	struct buf lines = BUF_INIT((size_t)1 << 20);
	for (size_t i = 0; i < count; i++)
		consultation_line_write(&lines, &papers[i]);
	return arena_take_buf(arena, &lines);
}

/* What a page tells, and the digest over all pages: the first one is made of all papers, those behind it
 * say what that has said, whoever has come or gone between them. */
static bool page_fill(const struct looking *l, const struct consultation *c, size_t count,
		      struct ledger_papers *out)
{
	const size_t skip = (size_t)(out->page - 1) * LEDGER_PAPERS_PER_PAGE;
	const size_t room = out->page == 1 ? count : least(count - skip, LEDGER_PAPERS_PER_PAGE);
	struct consultation_paper *papers =
		ARENA_ARRAY(l->arena, room + 1, struct consultation_paper);
	struct consultation_told first;
	struct buf hex = BUF_INIT(DIGEST_SIZE * 2);
	struct digest digest;
	if (papers == NULL || consultation_papers(l->txn, c->id, skip, papers, room) != room)
		return false;
	if (out->page == 1)
		digest = consultation_lines_digest(papers, count);
	else if (consultation_told_get(l->txn, c->id, l->group.id, 1, &first))
		digest = first.digest;
	else
		return false;
	enc_hex(&hex, str_n(digest.bytes, DIGEST_SIZE));
	out->digest = arena_take_buf(l->arena, &hex);
	out->lines = page_lines(l->arena, papers, least(room, LEDGER_PAPERS_PER_PAGE));
	return out->lines.ptr != NULL && out->digest.ptr != NULL;
}

/* The first page that is not told yet. */
static bool papers_look(const struct looking *l, const struct consultation *c)
{
	struct ledger_entry e = entry_of(l, LEDGER_PAPERS, c->uri, c->id, "consultations");
	const uint64_t count = consultation_turnout(l->txn, c->id);
	struct consultation_told first;
	e.papers.page = 1;
	if (count > (uint64_t)LEDGER_PAGES_MAX * LEDGER_PAPERS_PER_PAGE)
		return false;
	uint64_t followers = account_counts(l->txn, l->group.id).followers;
	e.papers.voters = (uint32_t)count;
	e.papers.members = (uint32_t)(followers > count ? least(followers, UINT32_MAX) : count);
	if (consultation_told_get(l->txn, c->id, l->group.id, 1, &first))
		e.papers.members = first.members;
	e.papers.pages =
		count == 0
			? 1
			: (uint32_t)((count + LEDGER_PAPERS_PER_PAGE - 1) / LEDGER_PAPERS_PER_PAGE);
	while (e.papers.page <= e.papers.pages && is_written(l, &e))
		e.papers.page++;
	if (e.papers.page > e.papers.pages || !page_fill(l, c, count, &e.papers))
		return false;
	e.id = arena_printf(l->arena, "%.*s/papers/%u", STR_ARG(e.id), e.papers.page);
	*l->out = e;
	return true;
}

static bool consultation_look(const struct looking *l, uint64_t id)
{
	struct consultation c;
	if (!consultation_get(l->txn, l->arena, id, &c) || c.community != l->group.id)
		return false;
	const bool ours = c.origin == 0, off = (c.flags & CONSULTATION_CANCELLED) != 0;
	if (ours)
		c.uri = uri_of(l->arena, &l->group, "consultations", id);
	/* it was called before there were partners: they get the time that they have by default */
	if (c.papers_until_ms == 0)
		c.papers_until_ms =
			c.closes_ms + (l->now_ms < c.closes_ms ? CONSULTATION_WAIT_MS : 0);
	if (ours && !off && may_leave(&c) &&
	    wants(l, &c, LEDGER_CONSULTATION, "ledger/consultations"))
		return true;
	if (!is_kept(l, LEDGER_CONSULTATION, STR(""), c.uri))
		return false;
	if (off)
		return ours && wants(l, &c, LEDGER_CANCEL, "ledger/cancelled");
	if (l->now_ms < c.closes_ms)
		return !ours && wants(l, &c, LEDGER_JOIN, "ledger/joined");
	return (ours || is_kept(l, LEDGER_JOIN, l->group.uri, c.uri)) && papers_look(l, &c);
}

/* --- walking --- */

static bool drop_look(const struct looking *l)
{
	struct ledger_entry e = entry_of(l, LEDGER_DROP, l->task->uri, 0, "ledger/dropped");
	struct digest digest = digest_sha256(l->task->uri);
	struct buf hex = BUF_INIT(64);
	enc_hex(&hex, str_n(digest.bytes, 16));
	e.id = arena_printf(l->arena, "%.*s/ledger/dropped/%.*s", STR_ARG(l->group.uri),
			    STR_ARG(arena_take_buf(l->arena, &hex)));
	if (is_written(l, &e))
		return false;
	*l->out = e;
	return true;
}

static size_t next_thing(const struct looking *l, uint64_t *id)
{
	const struct page page = { .min_id = l->task->after != 0 ? l->task->after : FIRST_ID };
	return l->task->look == LEDGER_LOOK_RESOURCES
		       ? resources_of(l->txn, l->group.id, &page, id, 1)
		       : consultations_of(l->txn, l->group.id, &page, id, 1);
}

static bool thing_look(const struct looking *l, uint64_t id)
{
	return l->task->look == LEDGER_LOOK_RESOURCES ? resource_look(l, id)
						      : consultation_look(l, id);
}

static enum ledger_found walk(const struct looking *l)
{
	uint64_t id;
	for (unsigned i = 0; i < WALK_MOST; i++) {
		if (next_thing(l, &id) == 0) {
			if (l->task->look == LEDGER_LOOK_CONSULTATIONS)
				return LEDGER_NOTHING;
			l->task->look = LEDGER_LOOK_CONSULTATIONS;
			l->task->after = 0;
			continue;
		}
		if (thing_look(l, id))
			return LEDGER_FOUND;
		l->task->after = id;
	}
	return LEDGER_GO_ON;
}

enum ledger_found ledger_lacking(struct db_txn *txn, struct ctx *ctx, const struct site *site,
				 uint64_t now_ms, struct ledger_task *task,
				 struct ledger_entry *out)
{
	struct looking l = { txn, ctx->arena, site, now_ms, { .id = 0 }, task, out };
	if (!account_get(txn, ctx->arena, task->community, &l.group) || account_is_gone(&l.group))
		return LEDGER_NOTHING;
	if (task->look == LEDGER_LOOK_DROP)
		return drop_look(&l) ? LEDGER_FOUND : LEDGER_NOTHING;
	if (task->only == 0)
		return walk(&l);
	return thing_look(&l, task->only) ? LEDGER_FOUND : LEDGER_NOTHING;
}

/* --- writing --- */

void ledger_look_again_when_closed(struct social *s, const struct consultation *c)
{
	const struct ledger_task task = { .community = c->community,
					  .look = LEDGER_LOOK_CONSULTATIONS,
					  .only = c->id,
					  .uri = STR("") };
	task_add(s, &task, c->closes_ms + CLOSED_AFTER_MS);
}

static enum rc version_written(struct social *s, uint64_t community, const struct ledger_entry *e)
{
	struct resource r;
	if (!resource_get(s->txn, e->local, &r))
		return RC_NOT_FOUND;
	if (e->version.uri.len == 0)
		resource_version_name(s->txn, s->ctx->arena, r.id, e->version.number, e->id);
	ledger_thing_put(s->txn, community, e->thing, r.id);
	return db_txn_rc(s->txn);
}

static enum rc consultation_written(struct social *s, uint64_t community,
				    const struct ledger_entry *e)
{
	struct consultation c;
	if (!consultation_get(s->txn, s->ctx->arena, e->local, &c))
		return RC_NOT_FOUND;
	/* somebody has voted since it was counted */
	if (e->kind == LEDGER_PAPERS && consultation_turnout(s->txn, c.id) != e->papers.voters)
		return RC_BUSY;
	if (e->kind == LEDGER_PAPERS && !ledger_papers_keep(s, c.id, community, e))
		return RC_INVALID;
	if (e->kind == LEDGER_CONSULTATION) {
		ledger_thing_put(s->txn, community, e->thing, c.id);
		c.papers_until_ms = e->consultation.papers_until_ms;
		consultation_put(s->txn, &c);
	}
	if (e->kind == LEDGER_CONSULTATION || e->kind == LEDGER_JOIN)
		ledger_look_again_when_closed(s, &c);
	return db_txn_rc(s->txn);
}

enum rc ledger_written(struct social *s, uint64_t community, const struct ledger_entry *e,
		       struct str bytes)
{
	struct digest name;
	struct ledger_record record = { .community = community,
					.kind = e->kind,
					.origin = community,
					.thing = e->local,
					.at_ms = e->at_ms,
					.slot = ledger_slot(s->ctx->arena, e),
					.bytes = bytes };
	enum rc rc = RC_OK;
	if (ledger_find(s->txn, community, record.slot, &name))
		return act_end(s, RC_EXISTS);
	if (ledger_sum(s->txn, community).count >= LEDGER_RECORDS_MAX)
		return act_end(s, RC_TOO_LARGE);
	if (e->kind == LEDGER_VERSION)
		rc = version_written(s, community, e);
	else if (e->kind != LEDGER_DROP)
		rc = consultation_written(s, community, e);
	if (rc == RC_OK)
		rc = ledger_add(s->txn, &record);
	return act_end(s, rc);
}

void ledger_tell_one(struct social *s, uint64_t community, uint64_t to)
{
	struct account group, partner;
	if (!account_get(s->txn, s->ctx->arena, community, &group) ||
	    !account_get(s->txn, s->ctx->arena, to, &partner) || account_is_gone(&partner))
		return;
	struct federate f = { .what = FEDERATE_LEDGER,
			      .actor = community,
			      .target = partner.id,
			      .visibility = VISIBILITY_DIRECT,
			      .uri = site_activity_uri(s->ctx->arena, group.uri, "ledger",
						       db_next_id(s->txn)),
			      .at_ms = db_txn_now(s->txn) };
	act_hears(&f, &partner);
	federate_add(s, &f);
}

void ledger_tell(struct social *s, uint64_t community, uint64_t but)
{
	uint64_t partners[JOINT_PARTNERS_MAX];
	size_t n = joint_partners(s->txn, community, partners);
	for (size_t i = 0; i < n; i++) {
		if (partners[i] != but)
			ledger_tell_one(s, community, partners[i]);
	}
}

/* --- what goes --- */

void ledger_resource_goes(struct social *s, const struct resource *r)
{
	struct str uri = ledger_resource_uri(s, r);
	struct ledger_thing thing;
	struct digest name;
	uint64_t after = 0;
	if (!ledger_thing_get(s->txn, s->ctx->arena, r->community, uri, &thing))
		return;
	while (ledger_of(s->txn, r->community, r->id, &after, &name, 1) == 1)
		ledger_del(s->txn, r->community, &name);
	ledger_thing_put(s->txn, r->community, uri, 0);
	const struct ledger_task task = { .community = r->community,
					  .look = LEDGER_LOOK_DROP,
					  .uri = uri };
	/* whoever becomes a partner again hears of it, too */
	task_add(s, &task, 0);
}

/* --- reading --- */

static void errand_add(struct social *s, uint64_t community, const struct account *partner,
		       struct str url)
{
	const struct ledger_errand errand = { community, partner->id, url };
	struct buf payload CLEANUP(buf_free) = BUF_INIT(TASK_MAX_BYTES);
	struct ctx quiet = { .arena = s->ctx->arena };
	struct iri iri;
	if (iri_parse(&quiet, url, s->site->iri_flags, &iri) != RC_OK)
		return;
	ledger_errand_encode(&payload, &errand);
	const struct queue_new job = { .kind = JOB_LEDGER_READ,
				       .lane = iri.authority,
				       .order = community,
				       .payload = buf_str(&payload) };
	job_add(s, &job, &payload);
}

enum rc ledger_told(struct social *s, const struct account *partner, struct str url,
		    const struct ledger_sum *theirs)
{
	uint64_t community = joint_community(s->txn, partner->id);
	struct ledger_peer peer;
	if (community == 0)
		return act_end(s, RC_DENIED);
	ledger_peer_get(s->txn, s->ctx->arena, community, partner->id, &peer);
	peer.url = url;
	ledger_peer_put(s->txn, community, partner->id, &peer);
	struct ledger_sum ours = ledger_sum(s->txn, community);
	if (ours.count != theirs->count ||
	    memcmp(ours.digest.bytes, theirs->digest.bytes, DIGEST_SIZE) != 0)
		errand_add(s, community, partner, url);
	return act_end(s, RC_OK);
}

void ledger_keep(struct social *s, uint64_t community)
{
	uint64_t partners[JOINT_PARTNERS_MAX], now = db_txn_now(s->txn);
	size_t n = joint_partners(s->txn, community, partners);
	for (size_t i = 0; i < n; i++) {
		struct account partner;
		struct ledger_peer peer;
		if (ledger_peer_get(s->txn, s->ctx->arena, community, partners[i], &peer) &&
		    peer.url.len != 0 && peer.compared_ms + COMPARE_EVERY_MS <= now &&
		    account_get(s->txn, s->ctx->arena, partners[i], &partner))
			errand_add(s, community, &partner, peer.url);
	}
}
