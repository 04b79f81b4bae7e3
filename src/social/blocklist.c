/* What comes of lists of blocks. Inside write transactions. */
#include "social/blocklist.h"

#include "act_int.h"
#include "core/must.h"
#include "sift_job_int.h"
#include "social/audit.h"
#include "text/iri.h"

#define DROP_STEP 200

static bool may(struct social *s, const struct account *moderator)
{
	return moderator == NULL ||
	       role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_FEDERATION);
}

/* --- subscriptions --- */

enum rc blocklist_subscribe(struct social *s, const struct account *moderator,
			    struct blocklist *list)
{
	struct blocklist *all = ARENA_ARRAY(s->ctx->arena, BLOCKLISTS_MAX, struct blocklist);
	struct iri iri;
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (all == NULL)
		return RC_NO_MEMORY;
	enum rc rc = iri_parse(s->ctx, list->url, s->site->iri_flags, &iri);
	if (rc != RC_OK)
		return act_end(s, rc);
	size_t n = blocklist_all(s->txn, s->ctx->arena, all);
	for (size_t i = 0; i < n; i++) {
		if (str_eq(all[i].url, iri.text))
			return act_end(s, ctx_fail(s->ctx, RC_EXISTS,
						   "the node is subscribed to this list"));
	}
	if (n == BLOCKLISTS_MAX)
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d lists already",
					   BLOCKLISTS_MAX));
	struct blocklist fresh = { .url = iri.text,
				   .severity = list->severity,
				   .by = moderator != NULL ? moderator->id : 0,
				   .created_ms = db_txn_now(s->txn),
				   .etag = STR(""),
				   .error = STR("") };
	fresh.id = blocklist_put(s->txn, &fresh);
	*list = fresh;
	audit(s, moderator, AUDIT_BLOCKLIST_ADD, AUDIT_NAMED(fresh.url));
	sift_job_add(s, SIFT_JOB_LIST, fresh.id, 0);
	return act_end(s, RC_OK);
}

enum rc blocklist_end(struct social *s, const struct account *moderator, uint64_t id)
{
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (!blocklist_del(s->txn, id))
		return act_end(s, RC_NOT_FOUND);
	audit(s, moderator, AUDIT_BLOCKLIST_REMOVE, AUDIT_ABOUT(id));
	sift_job_add(s, SIFT_JOB_LIST, id, 0);
	return act_end(s, RC_OK);
}

bool blocklist_is_short(const struct blocklist *list, const struct block_rows *rows)
{
	return !list->accepted && (rows->count == 0 || rows->count < list->hosts / 2);
}

enum rc blocklist_accept(struct social *s, const struct account *moderator, uint64_t id)
{
	struct blocklist list;
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (!blocklist_get(s->txn, s->ctx->arena, id, &list))
		return act_end(s, RC_NOT_FOUND);
	if (list.error.len == 0)
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT,
					   "the list was read without an error: there is nothing "
					   "to accept"));
	list.accepted = true;
	blocklist_put(s->txn, &list);
	audit(s, moderator, AUDIT_BLOCKLIST_ACCEPT, AUDIT_ABOUT(id));
	return act_end(s, RC_OK);
}

/* --- opinions --- */

/* What takes more from a host comes first. */
static int weight(enum peer_policy policy)
{
	return policy == PEER_BLOCKED ? 2 : policy == PEER_LIMITED ? 1 : 0;
}

static void soften(struct block_entry *e, enum blocklist_severity severity)
{
	if (severity == BLOCKLIST_LIMIT && e->policy == PEER_BLOCKED)
		e->policy = PEER_LIMITED;
}

size_t blocklist_opinion(struct db_txn *txn, struct arena *arena, struct str host,
			 struct block_entry *out)
{
	struct blocklist *all = ARENA_ARRAY(arena, BLOCKLISTS_MAX, struct blocklist);
	size_t n = all != NULL ? blocklist_all(txn, arena, all) : 0, agree = 0;
	*out = (struct block_entry){ .host = host, .comment = STR("") };
	for (size_t i = 0; i < n; i++) {
		struct block_entry e;
		if (!block_entry_get(txn, arena, all[i].id, host, &e))
			continue;
		soften(&e, all[i].severity);
		agree++;
		out->flags |= e.flags;
		if (weight(e.policy) > weight(out->policy))
			out->policy = e.policy;
		if (out->comment.len == 0)
			out->comment = e.comment;
	}
	return agree;
}

/* --- what follows --- */

static bool is_so(const struct peer *now, const struct block_entry *opinion)
{
	const unsigned said = PEER_REJECT_MEDIA | PEER_REJECT_REPORTS | PEER_OBFUSCATE;
	return peer_is_judged(now) && (now->flags & PEER_FROM_LIST) != 0 &&
	       now->policy == opinion->policy && (now->flags & said) == (opinion->flags & said) &&
	       str_eq(now->public_note, opinion->comment);
}

static void decide(struct social *s, const struct account *moderator,
		   const struct block_entry *opinion)
{
	struct peer now;
	/* reading a list once more is no act */
	if (peer_get(s->txn, s->ctx->arena, opinion->host, &now) && is_so(&now, opinion))
		return;
	const struct peer decision = { .host = opinion->host,
				       .policy = opinion->policy,
				       .flags = opinion->flags,
				       .note = STR("by lists of blocks"),
				       .public_note = opinion->comment };
	/* what cannot be decided, such as of ourselves, is not */
	if (host_decide_listed(s, moderator, &decision) == RC_OK)
		s->decided = true;
}

/* A list has said something else of a host than before. */
static void consider(struct social *s, struct str host, unsigned agree)
{
	struct block_entry opinion;
	struct block_draft draft;
	struct peer peer;
	size_t lists = blocklist_opinion(s->txn, s->ctx->arena, host, &opinion);
	bool judged = peer_get(s->txn, s->ctx->arena, host, &peer) && peer_is_judged(&peer);
	bool listed = judged && (peer.flags & PEER_FROM_LIST) != 0;
	bool drafted = block_draft_get(s->txn, s->ctx->arena, host, &draft);
	if (str_eq(host, s->site->host) || str_eq(host, s->site->domain))
		return;
	/* what a moderator has decided stays */
	if ((judged && !listed) || lists == 0) {
		if (listed)
			decide(s, NULL, &opinion);
		if (drafted)
			block_draft_del(s->txn, host);
		return;
	}
	if (drafted && draft.dismissed)
		return;
	if (listed || (agree != 0 && lists >= agree)) {
		decide(s, NULL, &opinion);
		if (drafted)
			block_draft_del(s->txn, host);
	} else if (!drafted) {
		draft = (struct block_draft){ .host = host, .since_ms = db_txn_now(s->txn) };
		block_draft_put(s->txn, &draft);
	}
}

static enum rc draft_load(struct social *s, const struct account *moderator, struct str host,
			  struct block_draft *draft)
{
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	return host.len != 0 && host.len <= DB_KEY_MAX &&
			       block_draft_get(s->txn, s->ctx->arena, host, draft)
		       ? RC_OK
		       : act_end(s, RC_NOT_FOUND);
}

enum rc block_draft_confirm(struct social *s, const struct account *moderator, struct str host)
{
	struct block_entry opinion;
	struct block_draft draft;
	enum rc rc = draft_load(s, moderator, host, &draft);
	if (rc != RC_OK)
		return rc;
	if (blocklist_opinion(s->txn, s->ctx->arena, host, &opinion) != 0)
		decide(s, moderator, &opinion);
	block_draft_del(s->txn, host);
	return act_end(s, RC_OK);
}

enum rc block_draft_dismiss(struct social *s, const struct account *moderator, struct str host)
{
	struct block_draft draft;
	enum rc rc = draft_load(s, moderator, host, &draft);
	if (rc != RC_OK)
		return rc;
	draft.dismissed = true;
	block_draft_put(s->txn, &draft);
	audit(s, moderator, AUDIT_DRAFT_DISMISS, AUDIT_NAMED(host));
	return act_end(s, RC_OK);
}

/* --- for the job --- */

static bool says_the_same(const struct block_entry *a, const struct block_entry *b)
{
	return a->policy == b->policy && a->flags == b->flags && str_eq(a->comment, b->comment);
}

void blocklist_take(struct social *s, const struct blocklist *list, uint32_t generation,
		    const struct block_entry *rows, size_t count, unsigned agree)
{
	for (size_t i = 0; i < count; i++) {
		struct block_entry before, now = rows[i];
		bool there = block_entry_get(s->txn, s->ctx->arena, list->id, now.host, &before);
		now.generation = generation;
		block_entry_put(s->txn, list->id, &now);
		/* all are looked at again when others may have come to agree */
		if (!there || !says_the_same(&before, &now) || agree != 0)
			consider(s, now.host, agree);
	}
}

bool blocklist_drop_old(struct social *s, uint64_t list, uint32_t generation, struct str *after,
			unsigned agree)
{
	struct block_entry *some = ARENA_ARRAY(s->ctx->arena, DROP_STEP, struct block_entry);
	struct blocklist l;
	if (some == NULL)
		return false;
	bool ended = !blocklist_get(s->txn, s->ctx->arena, list, &l);
	size_t n = block_entries(s->txn, s->ctx->arena, list, *after, some, DROP_STEP);
	for (size_t i = 0; i < n; i++) {
		*after = some[i].host;
		if (!ended && some[i].generation == generation)
			continue;
		block_entry_del(s->txn, list, some[i].host);
		consider(s, some[i].host, agree);
	}
	return n == DROP_STEP;
}
