/* Posting, receiving, editing and deleting. Inside transactions, but for act_compose(). */
#include "act_int.h"
#include "core/must.h"
#include "poll_int.h"
#include "store/node.h"
#include "store/uri.h"

#define MENTIONS_MAX 50 /* SECURITY section 13 */
#define BOOSTS_CHUNK 64

struct finding {
	struct db *db;
	const struct site *site;
	const struct mention_finder *finder;
};

static bool mention_known(struct db_txn *txn, struct ctx *ctx, const struct site *site,
			  struct mention *m)
{
	struct account a;
	if (str_eq(m->host, site->domain) || str_eq(m->host, site->host))
		m->host = STR_NONE;
	if (!account_find_handle(txn, ctx->arena, m->user, m->host, &a) || account_is_gone(&a))
		return false;
	m->user = a.username;
	m->uri = a.uri;
	m->url = a.url.len != 0 ? a.url : a.uri;
	return true;
}

static bool mention_lookup(const struct finding *f, struct ctx *ctx, struct mention *m)
{
	struct db_txn *txn;
	if (db_read_begin(f->db, &txn) != RC_OK)
		return false;
	bool known = mention_known(txn, ctx, f->site, m);
	db_read_end(&txn);
	return known;
}

static bool mention_resolve(void *arg, struct ctx *ctx, struct mention *m)
{
	const struct finding *f = arg;
	if (mention_lookup(f, ctx, m))
		return true;
	return f->finder != NULL && m->host.len != 0 &&
	       f->finder->find(f->finder->arg, ctx, m->user, m->host) && mention_lookup(f, ctx, m);
}

static bool mentions_uri(const struct status *status, struct str uri)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		if (str_eq(status->mentions[i].uri, uri))
			return true;
	}
	return false;
}

static enum rc fill_mentions(struct ctx *ctx, const struct site *site, const struct composed *c,
			     struct status *status)
{
	status->mentions = ARENA_ARRAY(ctx->arena, c->mention_count, struct status_mention);
	if (status->mentions == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "the post is too large");
	for (size_t i = 0; i < c->mention_count; i++) {
		const struct mention *m = &c->mentions[i];
		struct str host = m->host.len != 0 ? m->host : site->domain;
		/* "@alice" and "@alice@example.org" are one person */
		if (mentions_uri(status, m->uri))
			continue;
		status->mentions[status->mention_count++] = (struct status_mention){
			.uri = m->uri,
			.handle = arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(m->user),
					       STR_ARG(host)),
		};
	}
	status->tags = c->tags;
	status->tag_count = (unsigned)c->tag_count;
	return RC_OK;
}

enum rc act_compose(struct ctx *ctx, const struct site *site, struct db *db,
		    const struct mention_finder *finder, struct draft *draft)
{
	struct finding finding = { db, site, finder };
	struct composed composed;
	struct str text, spoiler = STR_NONE;
	enum rc rc = text_clean(ctx, draft->text, site->post_max_chars, HTML_OUTPUT_MAX, &text);
	if (rc == RC_OK)
		rc = text_clean(ctx, draft->spoiler, 500, 2000, &spoiler);
	if (rc != RC_OK)
		return rc;
	if (str_trim(text).len == 0)
		return ctx_fail(ctx, RC_INVALID, "a post needs text");
	if (draft->language.len != 0 && !text_language_valid(draft->language))
		return ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no language tag",
				STR_ARG(draft->language));
	const struct compose_rules rules = {
		.resolve = mention_resolve,
		.arg = &finding,
		.tag_base = site_tag_base(ctx->arena, site),
		.max_mentions = MENTIONS_MAX,
		.max_tags = STATUS_TAGS_MAX,
		.iri_flags = site->iri_flags,
	};
	rc = text_compose(ctx, text, &rules, &composed);
	if (rc != RC_OK)
		return rc;
	struct poll *poll = NULL;
	if (draft->poll != NULL)
		rc = poll_compose(ctx, site, draft->poll, &poll);
	if (rc != RC_OK)
		return rc;
	draft->status = (struct status){
		.account = draft->author.id,
		.flags = STATUS_LOCAL | (draft->sensitive ? STATUS_SENSITIVE : 0U),
		.visibility = draft->visibility,
		.type = poll != NULL ? STR("Question") : STR("Note"),
		.has_poll = poll != NULL,
		.poll = poll,
		.content = composed.html,
		.spoiler = spoiler,
		.language = draft->language,
		.source = text,
	};
	return fill_mentions(ctx, site, &composed, &draft->status);
}

static bool mentioned_before(const struct status *status, unsigned count, uint64_t account)
{
	for (unsigned i = 0; i < count; i++) {
		if (status->mentions[i].account == account)
			return true;
	}
	return false;
}

/* Who is addressed without being named in the text hears of a letter only, not of every post. */
static bool mention_is_silent(const struct status *status, const struct status_mention *m)
{
	return m->handle.len == 0 && status->visibility != VISIBILITY_DIRECT;
}

/*
 * One notification for each local account that is mentioned, however often (S-056), but not for
 * those whom `before`, an earlier version, mentions; f hears of all remote ones.
 */
static void tell_mentioned(struct social *s, const struct status *status,
			   const struct status *before, struct federate *f)
{
	unsigned told = 0;
	for (unsigned i = 0; i < status->mention_count; i++) {
		const struct status_mention *m = &status->mentions[i];
		struct account a;
		if (m->account == 0 || mentioned_before(status, i, m->account) ||
		    !account_get(s->txn, s->ctx->arena, m->account, &a))
			continue;
		bool known = before != NULL &&
			     mentioned_before(before, before->mention_count, m->account);
		if (!known && !mention_is_silent(status, m) && told < MENTIONS_MAX)
			told += act_notify(s, &a, NOTICE_MENTION, status->account, status->id);
		if (f != NULL)
			act_hears(f, &a);
	}
}

static void know_mentioned(struct social *s, struct status *status)
{
	for (unsigned i = 0; i < status->mention_count; i++)
		status->mentions[i].account = account_id_of_uri(s->txn, status->mentions[i].uri);
}

/* A post stands alone until it has joined a thread: a job may run again. */
static void leave_thread(struct status *status)
{
	status->parent = status->parent_account = status->root = 0;
	status->flags &= ~(unsigned)STATUS_REPLY;
}

static void join(struct status *status, const struct status *parent)
{
	status->parent = parent->id;
	status->parent_account = parent->account;
	status->root = parent->root;
}

static enum rc join_thread(struct social *s, struct draft *draft)
{
	struct status *status = &draft->status;
	struct status parent;
	struct account author;
	leave_thread(status);
	status->parent_uri = STR("");
	if (draft->parent == 0)
		return RC_OK;
	enum rc rc = act_load(s, draft->parent, &parent, &author);
	if (rc != RC_OK)
		return rc;
	struct viewer viewer = { draft->author.id, true };
	if ((parent.flags & STATUS_BOOST) != 0 || !may_see(s->txn, viewer, &parent, &author))
		return RC_NOT_FOUND;
	join(status, &parent);
	status->parent_uri = parent.uri;
	status->flags |= STATUS_REPLY;
	/* what never leaves the node has no replies that do; a letter names its readers itself */
	if (parent.visibility == VISIBILITY_LOCAL && status->visibility != VISIBILITY_DIRECT)
		status->visibility = VISIBILITY_LOCAL;
	return RC_OK;
}

static void hears_if_seen(struct social *s, uint64_t id, const struct status *status,
			  const struct account *author, struct federate *f)
{
	const struct viewer viewer = { id, false };
	struct account a;
	if (account_get(s->txn, s->ctx->arena, id, &a) && may_see(s->txn, viewer, status, author))
		act_hears(f, &a);
}

enum rc act_post(struct social *s, struct draft *draft)
{
	struct status *status = &draft->status;
	struct arena *arena = s->ctx->arena;
	struct federate f = { .what = FEDERATE_CREATE, .actor = draft->author.id };
	struct account author;
	/* since it was composed the author may have been suspended */
	if (!account_get(s->txn, arena, draft->author.id, &author))
		return act_end(s, RC_NOT_FOUND);
	if (account_is_gone(&author))
		return RC_GONE;
	enum rc rc = act_refuse_moved(s, &author);
	if (rc != RC_OK)
		return rc;
	status->visibility = draft->visibility;
	rc = join_thread(s, draft);
	if (rc != RC_OK)
		return rc;
	status->id = db_next_id(s->txn);
	status->created_ms = db_txn_now(s->txn);
	status->uri = site_status_uri(arena, s->site, draft->author.username, status->id);
	status->url = site_status_url(arena, s->site, draft->author.username, status->id);
	know_mentioned(s, status);
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	node_count(s->txn, 0, 1);
	if (status->poll != NULL)
		poll_begin(s, status);
	tell_mentioned(s, status, NULL, &f);
	hears_if_seen(s, status->parent_account, status, &author, &f);
	f.status = status->id;
	f.visibility = status->visibility;
	f.at_ms = status->created_ms;
	f.uri = arena_join(arena, status->uri, STR("/activity"));
	if (status->visibility != VISIBILITY_LOCAL)
		federate_add(s, &f);
	return act_end(s, RC_OK);
}

/*
 * The parent, when it is known. A stranger who guesses the id of a post of ours that he may not see
 * does not join its thread (S-071); who may see a remote one is for its own server to say.
 */
static void find_thread(struct social *s, const struct account *author, struct status *status)
{
	const struct viewer viewer = { author->id, false };
	struct status parent;
	struct account parent_author;
	leave_thread(status);
	if (status->parent_uri.len == 0)
		return;
	status->flags |= STATUS_REPLY;
	if (!status_find_uri(s->txn, s->ctx->arena, status->parent_uri, &parent) ||
	    (parent.flags & STATUS_BOOST) != 0 ||
	    !account_get(s->txn, s->ctx->arena, parent.account, &parent_author))
		return;
	if (!account_is_local(&parent_author) || may_see(s->txn, viewer, &parent, &parent_author))
		join(status, &parent);
}

enum rc act_receive_post(struct social *s, const struct account *author, struct status *status)
{
	if (account_is_gone(author))
		return RC_GONE;
	/* most of what comes twice is known by its id: look before anything is read or written */
	if (!uri_is_free(uri_find(s->txn, status->uri)))
		return act_end(s, RC_EXISTS);
	status->id = 0;
	status->account = author->id;
	find_thread(s, author, status);
	know_mentioned(s, status);
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	tell_mentioned(s, status, NULL, NULL);
	return status->poll != NULL ? poll_take(s, status, status->poll) : act_end(s, RC_OK);
}

#define ID_TIME_SHIFT 16 /* db_next_id(): milliseconds, then a sequence */

/*
 * An id at that time, so that what is old stands among what is old. The present is left to
 * db_next_id(), which gives each once.
 */
static uint64_t id_at(struct social *s, uint64_t ms)
{
	struct status other;
	uint64_t id = ms << ID_TIME_SHIFT;
	if (ms + MS_PER_MINUTE > db_txn_now(s->txn))
		return db_next_id(s->txn);
	while (status_get(s->txn, s->ctx->arena, id, &other))
		id++;
	return id;
}

enum rc act_import_post(struct social *s, const struct account *author, struct status *status)
{
	struct arena *arena = s->ctx->arena;
	struct status parent;
	if (account_is_gone(author) || !account_is_local(author))
		return RC_GONE;
	if (status_of_origin(s->txn, status->origin) != 0)
		return act_end(s, RC_EXISTS);
	uint64_t moved = status_of_origin(s->txn, status->parent_uri);
	if (moved != 0 && status_get(s->txn, arena, moved, &parent))
		status->parent_uri = parent.uri;
	status->id = id_at(s, status->created_ms);
	status->account = author->id;
	status->flags |= STATUS_LOCAL;
	status->uri = site_status_uri(arena, s->site, author->username, status->id);
	status->url = site_status_url(arena, s->site, author->username, status->id);
	find_thread(s, author, status);
	know_mentioned(s, status);
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	node_count(s->txn, 0, 1);
	poll_import(s, status);
	return act_end(s, RC_OK);
}

/* What an edit never changes. */
static void keep_identity(struct status *next, const struct status *now)
{
	const unsigned fixed = STATUS_LOCAL | STATUS_BOOST | STATUS_REPLY;
	next->flags = (next->flags & ~fixed) | (now->flags & fixed);
	next->account = now->account;
	next->uri = now->uri;
	next->visibility = now->visibility;
	next->created_ms = now->created_ms;
	next->parent = now->parent;
	next->parent_account = now->parent_account;
	next->parent_uri = now->parent_uri;
	next->root = now->root;
	next->boost_of = now->boost_of;
	/* once there is a poll, it stays */
	next->has_poll = now->has_poll || next->poll != NULL;
	if (now->has_poll)
		next->type = now->type;
}

/* Those besides followers whom a post was told to, as far as they may see what it is now (S-066). */
static void heard_before(struct social *s, const struct status *before, const struct status *now,
			 const struct account *author, struct federate *f)
{
	for (unsigned i = 0; i < before->mention_count; i++)
		hears_if_seen(s, before->mentions[i].account, now, author, f);
	hears_if_seen(s, before->parent_account, now, author, f);
}

/* Who has voted has the post, follower or not: as many of them as one act can name. */
struct voters {
	uint64_t ids[FEDERATE_EXTRA_MAX];
	size_t count;
};

static struct voters voters_of(struct social *s, const struct status *status)
{
	struct voters v = { .count = 0 };
	if (status->has_poll)
		v.count = poll_voters(s->txn, status->id, 0, v.ids, FEDERATE_EXTRA_MAX);
	return v;
}

static void voters_hear(struct social *s, const struct voters *v, const struct status *now,
			const struct account *author, struct federate *f)
{
	for (size_t i = 0; i < v->count; i++)
		hears_if_seen(s, v->ids[i], now, author, f);
}

static enum rc edit_poll(struct social *s, const struct status *next, const struct account *author)
{
	if (next->poll == NULL)
		return RC_OK;
	return account_is_local(author) ? poll_change(s, next, next->poll)
					: poll_take(s, next, next->poll);
}

enum rc act_edit(struct social *s, const struct account *actor, const struct status *changed)
{
	struct status now;
	struct account author;
	enum rc rc = act_load(s, changed->id, &now, &author);
	if (rc != RC_OK)
		return rc;
	if (author.id != actor->id || (now.flags & STATUS_BOOST) != 0)
		return RC_DENIED;
	if (account_is_gone(&author))
		return RC_GONE;
	if (changed->edited_ms <= now.edited_ms)
		return RC_EXISTS;
	struct status next = *changed;
	keep_identity(&next, &now);
	know_mentioned(s, &next);
	/* before their votes may be taken away */
	struct voters voters = voters_of(s, &now);
	rc = edit_poll(s, &next, &author);
	if (rc != RC_OK)
		return rc;
	if (!status_edit(s->txn, &next))
		return act_end(s, RC_NOT_FOUND);
	struct federate f = { .what = FEDERATE_UPDATE,
			      .actor = actor->id,
			      .status = now.id,
			      .visibility = now.visibility,
			      .at_ms = next.edited_ms };
	tell_mentioned(s, &next, &now, &f);
	/* who had the old version gets the new one, too */
	heard_before(s, &now, &next, &author, &f);
	voters_hear(s, &voters, &next, &author, &f);
	f.uri = arena_printf(s->ctx->arena, "%.*s#updates/%llu", STR_ARG(now.uri),
			     (unsigned long long)next.edited_ms);
	if (account_is_local(actor) && now.visibility != VISIBILITY_LOCAL)
		federate_add(s, &f);
	return act_end(s, RC_OK);
}

void act_remove(struct social *s, uint64_t id)
{
	uint64_t boosters[BOOSTS_CHUNK], boosts[BOOSTS_CHUNK], after = 0;
	size_t n;
	while ((n = status_boosts(s->txn, id, after, boosters, boosts, BOOSTS_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++)
			status_del(s->txn, boosts[i], db_txn_now(s->txn));
		after = boosters[n - 1];
	}
	status_del(s->txn, id, db_txn_now(s->txn));
}

enum rc act_delete(struct social *s, const struct account *actor, uint64_t id)
{
	struct status status;
	struct account author;
	enum rc rc = act_load(s, id, &status, &author);
	if (rc != RC_OK)
		return rc;
	if (author.id != actor->id)
		return RC_DENIED;
	if ((status.flags & STATUS_BOOST) != 0)
		return act_unboost(s, actor, status.boost_of);
	struct federate f = { .what = FEDERATE_DELETE,
			      .actor = actor->id,
			      .visibility = status.visibility,
			      .object = status.uri,
			      .at_ms = db_txn_now(s->txn) };
	struct voters voters = voters_of(s, &status);
	heard_before(s, &status, &status, &author, &f);
	voters_hear(s, &voters, &status, &author, &f);
	f.uri = arena_join(s->ctx->arena, status.uri, STR("#delete"));
	act_remove(s, id);
	if (account_is_local(actor)) {
		node_count(s->txn, 0, -1);
		if (status.visibility != VISIBILITY_LOCAL)
			federate_add(s, &f);
	}
	return act_end(s, RC_OK);
}
