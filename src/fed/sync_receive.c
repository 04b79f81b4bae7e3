/*
 * What follows when a peer counts other followers here than we do (FEP-8fcf): a job reads the
 * peer's list of our people and puts our side right. The list is only believed when it is whole,
 * comes from the actor's own host and is what the signed header told of.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/graph.h"
#include "store/uri.h"
#include "sync_int.h"

#define PAYLOAD_VERSION 1
#define PAYLOAD_MAX (8 * 1024)
#define PAGES_MAX 10
#define MEMBERS_MAX 10000
#define CHUNK 256
#define STEPS_MAX 1000 /* follows that one job changes; the next difference goes on */
#define INTERVAL_MS (10 * MS_PER_MINUTE)

/* --- noticing --- */

/* A write in the background that adds the job; frees itself. */
struct noticing {
	struct db_work work;
	struct fed *fed;
	struct buf payload;
	uint64_t account;
	uint64_t wait_ms;
	size_t lane_len;
	char lane[];
};

static enum rc noticing_write(struct db_txn *txn, void *arg)
{
	const struct noticing *n = arg;
	const struct queue_new job = { .kind = JOB_SYNC,
				       .lane = str_n(n->lane, n->lane_len),
				       .order = n->account,
				       .payload = buf_str(&n->payload),
				       .due_ms = db_txn_now(txn) + n->wait_ms };
	queue_add(txn, &job);
	return db_txn_rc(txn);
}

static void noticing_done(struct db_work *work)
{
	struct noticing *n = work->arg;
	fed_wake(n->fed, work->rc == RC_OK);
	buf_free(&n->payload);
	free(n);
}

static void job_add(struct fed *fed, uint64_t account, struct str actor,
		    const struct sync_header *header)
{
	struct str lane = uri_authority(actor);
	struct noticing *n = calloc(1, sizeof(*n) + lane.len);
	if (n == NULL)
		return;
	n->fed = fed;
	n->account = account;
	n->wait_ms = jitter_ms(fed->site->host, header->url, fed->settings->fetch_jitter_ms);
	n->lane_len = lane.len;
	memcpy(n->lane, lane.ptr, lane.len);
	buf_init(&n->payload, PAYLOAD_MAX);
	rec_add_u8(&n->payload, PAYLOAD_VERSION);
	rec_add_u64(&n->payload, account);
	rec_add_str(&n->payload, header->url);
	rec_add_str(&n->payload, str_n(header->digest.bytes, DIGEST_SIZE));
	n->work = (struct db_work){ .job = noticing_write, .done = noticing_done, .arg = n };
	db_submit(fed->db, &n->work);
}

/* Is it about the sender's own followers, and other than what we hold? */
static bool differs(struct fed *fed, struct ctx *ctx, uint64_t account,
		    const struct sync_header *header)
{
	struct ap_reader reader = { ctx, fed->site->iri_flags };
	struct account a;
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool ours = account_get(txn, ctx->arena, account, &a) && !account_is_gone(&a) &&
		    str_eq(a.followers, header->collection) &&
		    ap_same_origin(&reader, header->url, a.uri);
	struct follower_host row = follower_host_get(txn, account, STR(""));
	bool ok = db_txn_rc(txn) == RC_OK;
	db_read_end(&txn);
	return ours && ok &&
	       memcmp(row.digest.bytes, header->digest.bytes, sizeof(row.digest.bytes)) != 0;
}

void sync_notice(struct fed *fed, struct httpd_request *req, const struct auth *auth)
{
	struct str value = httpd_header(req, SYNC_HEADER);
	struct ctx quiet = { .arena = req->ctx.arena };
	struct ap_reader reader = { &quiet, fed->site->iri_flags };
	struct sync_header header;
	/* what the signature does not cover, anybody may have written */
	if (value.ptr == NULL || !httpsig_covers(auth->sig, STR("collection-synchronization")) ||
	    !sync_header_parse(&reader, value, &header) ||
	    !differs(fed, &quiet, auth->account, &header))
		return;
	/* S-061: a peer that never agrees is asked once in a while */
	if (throttle_take(fed->syncs, str_n(&auth->account, sizeof(auth->account)),
			  clock_steady_ms(fed->clock), INTERVAL_MS))
		job_add(fed, auth->account, auth->actor, &header);
}

/* --- the job --- */

struct comparing {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	uint64_t account;
	struct str url;
	struct digest digest;
	struct str *members; /* MEMBERS_MAX; in order when all are there */
	size_t count;
	unsigned pages;
	bool enqueued;
};

static void comparing_after(void *arg, enum rc rc)
{
	struct comparing *c = arg;
	struct arena *arena = c->ctx.arena;
	fed_wake(c->fed, rc == RC_OK && c->enqueued);
	arena_free(&arena);
}

static void comparing_end(struct comparing *c, enum queue_verdict verdict, const char *reason,
			  enum rc (*write)(struct db_txn *, void *))
{
	struct queue_end end = { .outcome = { .verdict = verdict },
				 .payload = c->job->payload,
				 .write = write,
				 .after = comparing_after,
				 .arg = c };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%s", reason);
	queue_finish(c->job, &end);
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_listed(const struct comparing *c, struct str uri)
{
	return c->count != 0 &&
	       bsearch(&uri, c->members, c->count, sizeof(*c->members), by_text) != NULL;
}

/* Who follows here and is not on the peer's list follows no more. */
static unsigned drop_stale(struct comparing *c, struct social *s, const struct account *followee)
{
	uint64_t ids[CHUNK], after = 0;
	unsigned steps = 0;
	size_t n;
	while (steps < STEPS_MAX &&
	       (n = follower_host_list(s->txn, followee->id, STR(""), after, ids, CHUNK)) != 0) {
		after = ids[n - 1];
		for (size_t i = 0; i < n && steps < STEPS_MAX; i++) {
			struct account follower;
			if (account_get(s->txn, s->ctx->arena, ids[i], &follower) &&
			    !is_listed(c, follower.uri))
				steps += act_reject(s, followee, &follower) == RC_OK;
		}
	}
	return steps;
}

/*
 * Whom the peer counts as a follower: a follow that waits for its Accept has it now, from the
 * followee's own host; one that is none here is taken back.
 */
static enum rc put_right(struct social *s, const struct account *followee, struct str uri)
{
	struct account follower;
	if (!account_find_uri(s->txn, s->ctx->arena, uri, &follower) ||
	    !account_is_local(&follower) || account_is_gone(&follower))
		return RC_NOT_FOUND;
	switch (follow_get(s->txn, follower.id, followee->id).state) {
	case FOLLOW_ACCEPTED:
		return RC_EXISTS;
	case FOLLOW_PENDING:
		return act_accept(s, followee, &follower);
	case FOLLOW_NONE:
		return act_disown_follow(s, &follower, followee);
	}
	return RC_EXISTS;
}

static enum rc comparing_write(struct db_txn *txn, void *arg)
{
	struct comparing *c = arg;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	struct ctx ctx = { .arena = arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = c->fed->site };
	struct account followee;
	if (arena == NULL)
		return RC_NO_MEMORY;
	if (account_get(txn, arena, c->account, &followee) && !account_is_gone(&followee)) {
		unsigned steps = drop_stale(c, &s, &followee);
		for (size_t i = 0; i < c->count && steps < STEPS_MAX; i++)
			steps += put_right(&s, &followee, c->members[i]) == RC_OK;
		if (steps != 0)
			LOG(FOLLOWERS_SYNCED, F_STR("actor", followee.uri),
			    F_U64("changed", steps));
	}
	c->enqueued = s.enqueued;
	enum rc rc = db_txn_rc(txn);
	if (rc == RC_OK && arena_failed(arena))
		rc = RC_NO_MEMORY;
	arena_free(&arena);
	return rc;
}

/* All is there: is it what the header told of? A list that has changed meanwhile is not acted on;
 * the next delivery tells anew. */
static void members_came(struct comparing *c)
{
	struct digest sum = { { 0 } };
	size_t kept = 0;
	if (c->count != 0)
		qsort(c->members, c->count, sizeof(*c->members), by_text);
	for (size_t i = 0; i < c->count; i++) {
		if (kept != 0 && str_eq(c->members[i], c->members[kept - 1]))
			continue;
		c->members[kept++] = c->members[i];
		follower_digest_add(&sum, c->members[i]);
	}
	c->count = kept;
	if (memcmp(sum.bytes, c->digest.bytes, sizeof(sum.bytes)) != 0)
		return comparing_end(c, QUEUE_DELIVERED, "", NULL);
	comparing_end(c, QUEUE_DELIVERED, "", comparing_write);
}

/* False when there are too many. */
static bool items_take(struct comparing *c, struct jr page)
{
	struct ap_reader reader = { &c->ctx, c->fed->site->iri_flags };
	struct jr items = jr_get(page, "orderedItems");
	if (jr_type(items) == JR_ABSENT)
		items = jr_get(page, "items");
	size_t n = jr_one_count(items);
	for (size_t i = 0; i < n; i++) {
		struct str id = ap_id(&reader, jr_one_at(items, i));
		if (id.ptr == NULL || !site_owns_text(c->fed->site, id))
			continue;
		if (c->count == MEMBERS_MAX)
			return false;
		c->members[c->count++] = arena_str(c->ctx.arena, id);
	}
	return !arena_failed(c->ctx.arena);
}

static void page_came(void *arg, enum rc rc, struct document *doc);

/* What comes behind this page: absent when it is the last. */
static struct str next_of(struct comparing *c, struct jr page)
{
	struct ap_reader reader = { &c->ctx, c->fed->site->iri_flags };
	struct jr first = jr_get(page, "first");
	struct str next = ap_id(&reader, jr_get(page, "next"));
	return next.ptr == NULL && jr_type(first) == JR_STRING ? ap_id(&reader, first) : next;
}

static bool may_pass(enum rc rc)
{
	return rc == RC_UNREACHABLE || rc == RC_TIMEOUT || rc == RC_BUSY || rc == RC_NO_MEMORY;
}

static void page_came(void *arg, enum rc rc, struct document *doc)
{
	struct comparing *c = arg;
	struct ap_reader reader = { &c->ctx, c->fed->site->iri_flags };
	if (rc != RC_OK)
		return comparing_end(c, may_pass(rc) ? QUEUE_DEFER : QUEUE_REJECT,
				     err_text(&c->ctx.err), NULL);
	if (!ap_same_origin(&reader, doc->url, c->url))
		return comparing_end(c, QUEUE_REJECT, "the list is on another host", NULL);
	struct jr root = jr_root(doc->doc), first = jr_get(root, "first");
	if (ap_type_class(jr_get(root, "type")) != AP_CLASS_COLLECTION)
		return comparing_end(c, QUEUE_REJECT, "the list is no collection", NULL);
	/* the first page may be inside */
	if (jr_type(first) != JR_OBJECT)
		first = root;
	if (!items_take(c, root) || (first.node != root.node && !items_take(c, first)))
		return comparing_end(c, QUEUE_REJECT, "the list is too long", NULL);
	struct str next = next_of(c, first);
	if (next.ptr == NULL)
		return members_came(c);
	if (++c->pages == PAGES_MAX || !ap_same_origin(&reader, next, c->url))
		return comparing_end(c, QUEUE_REJECT, "the list has too many pages", NULL);
	document_fetch(c->fed, &c->ctx, next, page_came, c);
}

static bool payload_read(struct comparing *c)
{
	struct rec r = rec_open(c->job->payload);
	uint8_t version = rec_u8(&r);
	c->account = rec_u64(&r);
	c->url = arena_str(c->ctx.arena, rec_str(&r));
	struct str digest = rec_str(&r);
	if (version != PAYLOAD_VERSION || !rec_ok(&r) || digest.len != DIGEST_SIZE)
		return false;
	memcpy(c->digest.bytes, digest.ptr, DIGEST_SIZE);
	return true;
}

void sync_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct comparing *c = ARENA_NEW(arena, struct comparing);
	must(c != NULL);
	c->fed = fed_of(app);
	c->job = job;
	c->ctx.arena = arena;
	c->members = ARENA_ARRAY(arena, MEMBERS_MAX, struct str);
	if (c->members == NULL || !payload_read(c))
		return comparing_end(c, QUEUE_REJECT, "the job cannot be decoded", NULL);
	document_fetch(c->fed, &c->ctx, c->url, page_came, c);
}
