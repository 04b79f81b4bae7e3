/* Searching people, and what a question names directly. Reads only. */
#include <stdlib.h>

#include "core/must.h"
#include "search_int.h"
#include "store/community.h"
#include "store/graph.h"
#include "text/acct.h"
#include "text/words.h"

#define CANDIDATES_MAX 2000
#define SCORED_MAX 400
#define NAMES_BYTES ((size_t)32 << 10)

/* --- people --- */

struct candidate {
	uint64_t id;
	unsigned exact;	   /* the handle, or its user, is what was asked for */
	unsigned followed; /* by the viewer */
	uint64_t followers;
};

struct finding {
	struct ctx *ctx;
	struct db_txn *txn;
	const struct people_query *query;
	struct words words;
	struct str whole; /* the question, folded, without "@" in front */
	struct arena *arena;
	struct candidate *list;
	size_t count;
};

static int best_first(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->exact != y->exact)
		return x->exact < y->exact ? 1 : -1;
	if (x->followed != y->followed)
		return x->followed < y->followed ? 1 : -1;
	if (x->followers != y->followers)
		return x->followers < y->followers ? 1 : -1;
	return (x->id > y->id) - (x->id < y->id);
}

static int by_id(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool begins_any(const struct words *names, struct str word)
{
	for (size_t i = 0; i < names->count; i++) {
		if (str_has_prefix(names->list[i], word))
			return true;
	}
	return false;
}

struct str search_names_of(struct db_txn *txn, struct arena *arena, const struct account *a)
{
	struct buf names CLEANUP(buf_free) = BUF_INIT(NAMES_BYTES);
	struct community c = { .tags = a->topics, .tag_count = a->topic_count };
	if (a->kind != ACCOUNT_GROUP ||
	    (account_is_local(a) &&
	     (!community_effective(txn, arena, a->id, &c) || c.sight != COMMUNITY_PUBLIC)) ||
	    c.tag_count == 0)
		return a->display_name;
	buf_add(&names, a->display_name);
	for (unsigned i = 0; i < c.tag_count; i++)
		buf_addf(&names, " %.*s", STR_ARG(c.tags[i]));
	return arena_str(arena, buf_str(&names));
}

/* Every word of the question begins one of these, or the handle. */
static bool begins_all(struct finding *f, const struct account *a, struct str user,
		       struct str display)
{
	struct ctx quiet = { .arena = f->arena };
	struct words names;
	if (text_words(&quiet, display, &names) != RC_OK)
		names.count = 0;
	for (size_t i = 0; i < f->words.count; i++) {
		struct str word = f->words.list[i];
		if (!str_has_prefix(user, word) && !str_has_prefix(a->domain, word) &&
		    !begins_any(&names, word))
			return false;
	}
	return true;
}

/* What a community is about costs a look at its settings: only where the rest does not tell. */
static bool has_names(struct finding *f, const struct account *a)
{
	struct ctx quiet = { .arena = f->arena };
	struct str user;
	if (text_fold(&quiet, a->username, &user) != RC_OK)
		return false;
	return begins_all(f, a, user, a->display_name) ||
	       (a->kind == ACCOUNT_GROUP &&
		begins_all(f, a, user, search_names_of(f->txn, f->arena, a)));
}

static unsigned how_exact(const struct finding *f, const struct account *a)
{
	struct str user, host;
	if (!str_split(f->whole, '@', &user, &host))
		return str_eq_nocase(a->username, f->whole) ? 1 : 0;
	return str_eq_nocase(a->username, user) && str_eq_nocase(a->domain, host) ? 2 : 0;
}

static void consider(struct finding *f, uint64_t id)
{
	const struct people_query *q = f->query;
	struct account a;
	arena_reset(f->arena);
	if (!account_get(f->txn, f->arena, id, &a) || !has_names(f, &a) ||
	    (a.flags & ACCOUNT_INSTANCE) != 0 || !may_see_account(f->txn, q->viewer, &a))
		return;
	/* whom one has blocked comes up when called by name: to be unblocked */
	if (how_exact(f, &a) == 0 && block_exists(f->txn, q->viewer.account, id))
		return;
	bool followed = q->viewer.account != 0 && follow_accepted(f->txn, q->viewer.account, id);
	if (q->following && !followed)
		return;
	f->list[f->count++] = (struct candidate){ id, how_exact(f, &a), followed,
						  account_counts(f->txn, id).followers };
}

/* The word that says most. */
static struct str longest(const struct words *words)
{
	struct str best = words->list[0];
	for (size_t i = 1; i < words->count; i++) {
		if (words->list[i].len > best.len)
			best = words->list[i];
	}
	return best;
}

static enum rc find(struct finding *f, uint64_t out[SEARCH_LIMIT_MAX], size_t *count)
{
	uint64_t *ids = ARENA_ARRAY(f->ctx->arena, CANDIDATES_MAX, uint64_t);
	f->list = ARENA_ARRAY(f->ctx->arena, SCORED_MAX, struct candidate);
	if (ids == NULL || f->list == NULL)
		return ctx_fail(f->ctx, RC_NO_MEMORY, "out of memory");
	size_t n = search_people(f->txn, longest(&f->words), ids, CANDIDATES_MAX);
	qsort(ids, n, sizeof(ids[0]), by_id);
	for (size_t i = 0; i < n && f->count < SCORED_MAX; i++) {
		if (i == 0 || ids[i] != ids[i - 1])
			consider(f, ids[i]);
	}
	qsort(f->list, f->count, sizeof(f->list[0]), best_first);
	for (size_t i = f->query->offset; i < f->count && *count < f->query->limit; i++)
		out[(*count)++] = f->list[i].id;
	return db_txn_rc(f->txn);
}

/* A handle of ours may be written with our domain. */
static struct str without_our_host(const struct site *site, struct str whole)
{
	struct str user, host;
	if (str_split(whole, '@', &user, &host) &&
	    (str_eq(host, site->domain) || str_eq(host, site->host)))
		return user;
	return whole;
}

#define LOOK_ARENA ((size_t)8 << 20)

enum rc search_accounts(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			const struct people_query *query, uint64_t out[SEARCH_LIMIT_MAX],
			size_t *count)
{
	struct finding f = { .ctx = ctx, .txn = txn, .query = query };
	struct str text = str_trim(query->text);
	*count = 0;
	must(query->limit <= SEARCH_LIMIT_MAX);
	if (text.len > SEARCH_QUERY_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "the question is too long");
	if (str_has_prefix(text, STR("@")))
		text = str_skip(text, 1);
	enum rc rc = text_fold(ctx, text, &f.whole);
	if (rc != RC_OK)
		return rc;
	f.whole = without_our_host(site, f.whole);
	rc = text_words(ctx, f.whole, &f.words);
	if (rc != RC_OK || f.words.count == 0)
		return rc;
	f.arena = arena_new(LOOK_ARENA);
	rc = f.arena != NULL ? find(&f, out, count) : ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	arena_free(&f.arena);
	return rc;
}

/* --- what is named --- */

static bool is_ours(const struct site *site, struct str host)
{
	return host.len == 0 || str_eq(host, site->domain) || str_eq(host, site->host);
}

void search_target_of(struct ctx *ctx, const struct site *site, struct str query,
		      struct search_target *out)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct acct acct;
	struct iri iri;
	query = str_trim(query);
	*out = (struct search_target){ .kind = SEARCH_WORDS };
	if (query.len > IRI_MAX)
		return;
	if ((str_has_prefix(query, STR("https://")) || str_has_prefix(query, STR("http://"))) &&
	    iri_parse(&quiet, query, site->iri_flags, &iri) == RC_OK) {
		*out = (struct search_target){ .kind = SEARCH_ADDRESS, .uri = iri.text };
		return;
	}
	bool handle = str_has_prefix(query, STR("@")) || str_index(query, '@') != query.len;
	if (handle && acct_parse(&quiet, query, site->iri_flags, &acct) == RC_OK)
		*out = (struct search_target){ .kind = SEARCH_HANDLE,
					       .user = acct.user,
					       .host = is_ours(site, acct.host) ? STR("")
										: acct.host };
}

void search_group_target(struct ctx *ctx, const struct site *site, struct str query,
			 struct search_target *out)
{
	query = str_trim(query);
	search_target_of(ctx, site, str_has_prefix(query, STR("!")) ? str_skip(query, 1) : query,
			 out);
}

bool search_may_ask(const struct search_port *port, const struct site *site,
		    const struct search_target *target)
{
	if (target->kind == SEARCH_HANDLE)
		return port->handle != NULL && target->host.len != 0;
	return target->kind == SEARCH_ADDRESS && port->address != NULL &&
	       !site_owns_text(site, target->uri);
}

void search_ask(const struct search_port *port, const struct search_target *target,
		search_done *done, void *done_arg)
{
	if (target->kind == SEARCH_HANDLE)
		port->handle(port->arg, target->user, target->host, done, done_arg);
	else
		port->address(port->arg, target->uri, done, done_arg);
}

/* "https://host/@alice" of ours. */
static struct str profile_user(const struct site *site, struct str uri)
{
	struct str rest = str_skip(uri, site->base.len);
	if (!str_has_prefix(uri, site->base) || !str_has_prefix(rest, STR("/@")) ||
	    str_index(str_skip(rest, 2), '/') != rest.len - 2)
		return STR_NONE;
	return str_skip(rest, 2);
}

/* "https://host/@alice/17" of ours. */
static uint64_t page_id(const struct site *site, struct str uri)
{
	uint64_t id = 0;
	struct str rest = str_skip(uri, site->base.len);
	if (!str_has_prefix(uri, site->base) || !str_has_prefix(rest, STR("/@")) ||
	    !str_to_u64(str_skip(rest, str_rindex(rest, '/') + 1), &id))
		return 0;
	return id;
}

static bool find_account(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			 const struct search_target *t, struct account *out)
{
	if (t->kind == SEARCH_HANDLE)
		return account_find_handle(txn, ctx->arena, t->user, t->host, out);
	struct str user = profile_user(site, t->uri);
	return account_find_uri(txn, ctx->arena, t->uri, out) ||
	       (user.len != 0 && account_find_handle(txn, ctx->arena, user, STR(""), out));
}

static bool find_status(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			const struct search_target *t, struct status *out)
{
	return t->kind == SEARCH_ADDRESS &&
	       (status_find_uri(txn, ctx->arena, t->uri, out) ||
		status_get(txn, ctx->arena, page_id(site, t->uri), out));
}

struct search_hit search_known(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			       struct viewer viewer, const struct search_target *target)
{
	struct search_hit hit = { 0 };
	struct account a;
	struct status s;
	if (target->kind == SEARCH_WORDS)
		return hit;
	if (find_account(ctx, txn, site, target, &a)) {
		hit.account = may_see_account(txn, viewer, &a) ? a.id : 0;
		return hit;
	}
	if (find_status(ctx, txn, site, target, &s) &&
	    account_get(txn, ctx->arena, s.account, &a) && may_see(txn, viewer, &s, &a))
		hit.status = s.id;
	return hit;
}
