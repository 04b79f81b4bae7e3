/* Reading what entities show, in batches, each account once. One short read transaction. */
#include "community_int.h"

#include "social/collection.h"
#include "social/interact.h"
#include "social/mute.h"
#include "social/profile.h"
#include "store/graph.h"
#include "store/joint_copy.h"
#include "store/pin.h"

#define QUOTES_COUNTED 200 /* more are told as so many */

enum rc gather_begin(struct gather *g, struct call *call)
{
	*g = (struct gather){ .api = call->api, .arena = call->ctx->arena, .viewer = call->viewer };
	if (call->viewer.account != 0)
		g->viewer_account = &call->bearer.account;
	return call_read(call, &g->txn);
}

enum rc gather_end(struct gather *g, enum rc rc)
{
	enum rc failed = db_txn_rc(g->txn);
	db_read_end(&g->txn);
	if (failed != RC_OK)
		return failed;
	event_lines_finish(g);
	return arena_failed(g->arena) ? RC_NO_MEMORY : rc;
}

/* --- accounts --- */

static struct account_view *known(const struct gather *g, uint64_t id)
{
	for (size_t i = 0; i < g->account_count; i++) {
		if (g->accounts[i]->account->id == id)
			return g->accounts[i];
	}
	return NULL;
}

/* The ids that are not known yet, each once. */
static size_t unknown(const struct gather *g, const uint64_t *ids, size_t count, uint64_t *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		bool there = ids[i] == 0 || known(g, ids[i]) != NULL;
		for (size_t k = 0; k < n && !there; k++)
			there = out[k] == ids[i];
		if (!there)
			out[n++] = ids[i];
	}
	return n;
}

static const struct role *role_view(struct gather *g, const struct account *a)
{
	uint64_t id = account_is_local(a) ? role_of(g->txn, a->id) : ROLE_EVERYBODY;
	struct role *role = id != ROLE_EVERYBODY ? ARENA_NEW(g->arena, struct role) : NULL;
	if (role != NULL)
		*role = role_of_account(g->txn, g->arena, a->id);
	return role;
}

/* May the viewer put it into a collection (entities/FeatureApproval)? Where anybody may, or nobody, nothing is read. */
static const char *feature_current(struct gather *g, const struct account *a)
{
	static const char *const words[] = {
		[ALLOWED] = "automatic", [ALLOWED_ASKING] = "manual", [ALLOWED_NOT] = "denied"
	};
	struct feature_bits bits = collection_policy(a);
	if (g->viewer_account == NULL)
		return "denied";
	if (a->id == g->viewer.account || (bits.automatic & FEATURE_ANYBODY) != 0)
		return "automatic";
	if (bits.automatic == 0 && bits.manual == 0)
		return account_is_local(a) || a->feature_said ? "denied" : "missing";
	return words[collection_allows(g->txn, a, g->viewer_account)];
}

/* Room for one more. Most views show few: what thousands need would cost each of them a wipe. */
static bool accounts_grow(struct gather *g)
{
	size_t room = g->account_room != 0 ? 2 * g->account_room : GATHER_ACCOUNTS_FIRST;
	if (g->account_count < g->account_room)
		return true;
	if (room > GATHER_ACCOUNTS_MAX)
		return false;
	struct account_view **accounts = ARENA_ARRAY(g->arena, room, struct account_view *);
	if (accounts == NULL)
		return false;
	if (g->account_count != 0)
		memcpy(accounts, g->accounts, g->account_count * sizeof(struct account_view *));
	g->accounts = accounts;
	g->account_room = room;
	return true;
}

void gather_accounts(struct gather *g, const uint64_t *ids, size_t count)
{
	uint64_t *wanted = ARENA_ARRAY(g->arena, count, uint64_t);
	size_t n = wanted != NULL ? unknown(g, ids, count, wanted) : 0;
	struct account *rows = ARENA_ARRAY(g->arena, n, struct account);
	struct account_counts *counts = ARENA_ARRAY(g->arena, n, struct account_counts);
	struct account_view *views = ARENA_ARRAY(g->arena, n, struct account_view);
	if (n == 0 || views == NULL || !account_get_many(g->txn, g->arena, wanted, n, rows) ||
	    !account_counts_many(g->txn, g->arena, wanted, n, counts))
		return;
	for (size_t i = 0; i < n && accounts_grow(g); i++) {
		if (rows[i].id == 0)
			continue;
		views[i] = (struct account_view){ .account = &rows[i], .counts = counts[i] };
		gather_pictures(g, &views[i]);
		g->accounts[g->account_count++] = &views[i];
		views[i].role = role_view(g, &rows[i]);
		views[i].feature_current = feature_current(g, &rows[i]);
		if (rows[i].moved_account != 0)
			views[i].moved = gather_account(g, rows[i].moved_account);
	}
}

static struct account_view *person(struct gather *g, uint64_t id)
{
	if (known(g, id) == NULL)
		gather_accounts(g, &id, 1);
	return known(g, id);
}

const struct account_view *gather_account(struct gather *g, uint64_t id)
{
	struct account_view *view = person(g, id);
	return view != NULL && may_see_account(g->txn, g->viewer, view->account) ? view : NULL;
}

const struct account_view *gather_suspended(struct gather *g, uint64_t id)
{
	const unsigned gone = ACCOUNT_DELETED | ACCOUNT_LEAVING;
	struct account_view *view = id != 0 ? person(g, id) : NULL;
	bool shell = view != NULL && (view->account->flags & ACCOUNT_SUSPENDED) != 0 &&
		     (view->account->flags & gone) == 0;
	return shell ? view : NULL;
}

const struct account_view *gather_person(struct gather *g, uint64_t id)
{
	return id != 0 ? person(g, id) : NULL;
}

bool view_source(struct ctx *ctx, struct account_view *view)
{
	const struct account *a = view->account;
	view->note_source = profile_note_text(ctx, a);
	view->field_sources = ARENA_ARRAY(ctx->arena, a->field_count, struct str);
	for (unsigned i = 0; view->field_sources != NULL && i < a->field_count; i++)
		view->field_sources[i] = profile_field_text(ctx, &a->fields[i]);
	return !arena_failed(ctx->arena);
}

struct str view_acct(struct arena *arena, const struct account *a)
{
	return account_is_local(a)
		       ? a->username
		       : arena_printf(arena, "%.*s@%.*s", STR_ARG(a->username), STR_ARG(a->domain));
}

/* --- what belongs to statuses --- */

/* A host counts its own posts; what is known here is another's share of it. */
static uint32_t more(uint32_t here, uint32_t told)
{
	return told != HINT_NONE && told > here ? told : here;
}

static void add_counts(struct gather *g, struct status_view *views, size_t count)
{
	uint64_t *ids = ARENA_ARRAY(g->arena, count, uint64_t);
	struct status_counts *counts = ARENA_ARRAY(g->arena, count, struct status_counts);
	if (ids == NULL || counts == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		ids[i] = views[i].id;
	if (!status_counts_many(g->txn, g->arena, ids, count, counts))
		return;
	for (size_t i = 0; i < count; i++) {
		struct status_hints hints = STATUS_HINTS_INIT;
		if ((views[i].status->flags & STATUS_LOCAL) == 0)
			hints = hint_get(g->txn, ids[i]);
		views[i].counts = (struct status_counts){ more(counts[i].replies, hints.replies),
							  more(counts[i].boosts, hints.boosts),
							  more(counts[i].likes, hints.likes) };
	}
}

/* What the viewer has done with them. */
static void add_flags(struct gather *g, struct status_view *views, size_t count)
{
	uint64_t *ids = ARENA_ARRAY(g->arena, count, uint64_t);
	bool *liked = ARENA_ARRAY(g->arena, count, bool);
	bool *boosted = ARENA_ARRAY(g->arena, count, bool);
	if (g->viewer.account == 0 || ids == NULL || liked == NULL || boosted == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		ids[i] = views[i].id;
	likes_by(g->txn, g->arena, g->viewer.account, ids, count, liked);
	status_boosts_by(g->txn, g->arena, g->viewer.account, ids, count, boosted);
	for (size_t i = 0; i < count; i++) {
		views[i].favourited = liked[i];
		views[i].reblogged = boosted[i];
		views[i].pinned = views[i].status->account == g->viewer.account &&
				  pin_has(g->txn, g->viewer.account, ids[i]);
	}
}

static const struct poll_view *read_poll(struct gather *g, const struct status *s)
{
	if (!s->has_poll)
		return NULL;
	struct poll *poll = ARENA_NEW(g->arena, struct poll);
	struct poll_view *view = ARENA_NEW(g->arena, struct poll_view);
	struct poll_vote vote;
	if (poll == NULL || view == NULL || !poll_get(g->txn, g->arena, s->id, poll))
		return NULL;
	*view = (struct poll_view){ .poll = poll,
				    .status = s->id,
				    .over = poll_is_over(poll, clock_wall_ms(g->api->parts.clock)),
				    .known_viewer = g->viewer.account != 0 };
	if (view->known_viewer &&
	    poll_vote_get(g->txn, g->arena, s->id, g->viewer.account, &vote)) {
		view->voted = true;
		view->own_votes = vote.choices;
	}
	/* whoever asks has seen what they voted for */
	if (s->account == g->viewer.account)
		view->voted = true;
	return view;
}

static void add_mentions(struct gather *g, struct status_view *view)
{
	const struct status *s = view->status;
	view->mentions = ARENA_ARRAY(g->arena, s->mention_count, struct mention_view);
	if (view->mentions == NULL)
		return;
	for (unsigned i = 0; i < s->mention_count; i++) {
		struct account_view *who =
			s->mentions[i].account != 0 ? person(g, s->mentions[i].account) : NULL;
		if (who != NULL)
			view->mentions[view->mention_count++] =
				(struct mention_view){ who->account,
						       view_acct(g->arena, who->account) };
	}
}

/* --- quotes --- */

static void add_approval(struct gather *g, struct status_view *view)
{
	const struct status *s = view->status;
	const struct account *author = view->account->account;
	struct policy_entry *lines = ARENA_ARRAY(g->arena, POLICY_ENTRIES_MAX, struct policy_entry);
	struct quote_approval_view *a = &view->approval;
	if (lines == NULL)
		return;
	unsigned n = policy_told(s, author, lines, POLICY_ENTRIES_MAX);
	for (unsigned i = 0; i < n; i++) {
		bool manual = lines[i].manual;
		struct str who = lines[i].uri;
		if (lines[i].kind != INTERACTION_QUOTE || str_eq(who, author->uri))
			continue;
		if (who.len == 0)
			*(manual ? &a->manual_public : &a->automatic_public) = true;
		else if (str_eq(who, author->followers))
			*(manual ? &a->manual_followers : &a->automatic_followers) = true;
		else if (str_eq(who, author->following))
			*(manual ? &a->manual_following : &a->automatic_following) = true;
		else
			a->unsupported = true;
	}
	a->current_user = "denied";
	if (g->viewer_account == NULL || s->visibility == VISIBILITY_DIRECT)
		return;
	enum allowance may = policy_allows(g->txn, s, author, g->viewer_account, INTERACTION_QUOTE);
	if (may == ALLOWED)
		a->current_user = "automatic";
	else if (may == ALLOWED_ASKING)
		a->current_user = "manual";
}

static const char *state_of(const struct status *s)
{
	static const char *const words[] = {
		[INTERACTION_NONE] = "unauthorized", [INTERACTION_PENDING] = "pending",
		[INTERACTION_ACCEPTED] = "accepted", [INTERACTION_REJECTED] = "rejected",
		[INTERACTION_REVOKED] = "revoked",   [INTERACTION_UNAUTHORISED] = "unauthorized",
	};
	return words[s->quote.state];
}

/* What the viewer does not want to see is marked, and left to the client to show when it is asked to (entities/Quote). */
static const char *unwanted(struct gather *g, const struct account *author)
{
	struct hidden_ask ask = { .account = author->id, .domain = author->domain };
	unsigned bits = 0;
	if (g->viewer.account == 0 || g->viewer.account == author->id)
		return NULL;
	hidden_many(g->txn, g->viewer.account, &ask, 1, &bits);
	if ((bits & HIDDEN_BLOCKED) != 0)
		return "blocked_account";
	if ((bits & HIDDEN_DOMAIN) != 0)
		return "blocked_domain";
	return (bits & HIDDEN_MUTED) != 0 ? "muted_account" : NULL;
}

static void add_quote(struct gather *g, struct status_view *view)
{
	const struct status *s = view->status;
	if (s->quote.uri.len == 0)
		return;
	view->quote_state = state_of(s);
	if (s->quote.state != INTERACTION_ACCEPTED)
		return;
	if (s->quote.status == 0) {
		view->quote_state = "deleted";
		return;
	}
	if (g->depth != 0)
		return;
	struct status_view *quoted = ARENA_NEW(g->arena, struct status_view);
	g->depth++;
	bool there = quoted != NULL && gather_statuses(g, &s->quote.status, 1, quoted) == 1;
	g->depth--;
	if (there && may_see_quote(g->txn, g->viewer, s, view->account->account, quoted->status,
				   quoted->account->account))
		view->quoted = quoted;
	const char *mark = view->quoted != NULL ? unwanted(g, quoted->account->account) : NULL;
	if (view->quoted == NULL)
		view->quote_state = "unauthorized";
	else if (mark != NULL)
		view->quote_state = mark;
}

/* --- statuses --- */

/* Fills the views of posts that may be seen, without what they boost: how many. */
static size_t add_visible(struct gather *g, struct status *rows, size_t count,
			  struct status_view *out)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		if (rows[i].id == 0)
			continue;
		struct account_view *author = person(g, rows[i].account);
		if (author == NULL || (rows[i].flags & STATUS_BOOST) != 0 ||
		    !may_see(g->txn, g->viewer, &rows[i], author->account))
			continue;
		out[n++] = (struct status_view){ .id = rows[i].id,
						 .status = &rows[i],
						 .account = author };
	}
	return n;
}

/* Many posts were written with few applications, each of which is read once. */
static const struct oauth_app *application_of(struct gather *g, const struct status *s)
{
	if (s->application == 0)
		return NULL;
	for (size_t i = 0; i < g->app_count; i++) {
		if (g->apps[i].id == s->application)
			return &g->apps[i];
	}
	if (g->apps == NULL)
		g->apps = ARENA_ARRAY(g->arena, GATHER_APPS_MAX, struct oauth_app);
	if (g->apps == NULL || g->app_count == GATHER_APPS_MAX ||
	    !oauth_app_get(g->txn, g->arena, s->application, &g->apps[g->app_count]))
		return NULL;
	return &g->apps[g->app_count++];
}

static void complete(struct gather *g, struct status_view *views, size_t count)
{
	const bool copies = joint_copy_any(g->txn);
	uint64_t quotes[QUOTES_COUNTED];
	add_counts(g, views, count);
	add_flags(g, views, count);
	for (size_t i = 0; i < count; i++) {
		views[i].poll = read_poll(g, views[i].status);
		views[i].application = application_of(g, views[i].status);
		views[i].event_line = gather_event_line(g, views[i].status);
		views[i].community = gather_status_community(g, views[i].status);
		views[i].attested = copies ? gather_attested(g, views[i].status) : NULL;
		views[i].quotes = quotes_of(g->txn, views[i].id, 0, quotes, QUOTES_COUNTED);
		add_mentions(g, &views[i]);
		gather_media(g, &views[i]);
		add_approval(g, &views[i]);
		add_quote(g, &views[i]);
	}
	gather_cards(g, views, count);
	gather_own(g, views, count);
	gather_bylines(g, views, count);
}

static const struct status_view *find_view(const struct status_view *views, size_t count,
					   uint64_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (views[i].id == id)
			return &views[i];
	}
	return NULL;
}

/* A boost around what it boosts. False when it is not for the viewer. */
static bool wrap(struct gather *g, const struct status *boost, const struct status_view *original,
		 struct status_view *out)
{
	const struct account_view *booster = person(g, boost->account);
	if (booster == NULL || original == NULL ||
	    !may_see_boost(g->txn, g->viewer, boost, booster->account, original->status,
			   original->account->account))
		return false;
	*out = *original;
	out->id = boost->id;
	out->status = boost;
	out->account = booster;
	out->reblog = original;
	out->pinned = false;
	return true;
}

/* The ids of all authors, so that they are read at once. */
static void prefetch(struct gather *g, const struct status *rows, size_t count)
{
	uint64_t *ids = ARENA_ARRAY(g->arena, count, uint64_t);
	for (size_t i = 0; ids != NULL && i < count; i++)
		ids[i] = rows[i].account;
	if (ids != NULL)
		gather_accounts(g, ids, count);
}

size_t gather_statuses(struct gather *g, const uint64_t *ids, size_t count, struct status_view *out)
{
	struct status *rows = ARENA_ARRAY(g->arena, 2 * count, struct status);
	struct status_view *posts = ARENA_ARRAY(g->arena, 2 * count, struct status_view);
	uint64_t *boosted = ARENA_ARRAY(g->arena, count, uint64_t);
	size_t n = 0;
	if (posts == NULL || boosted == NULL || count == 0 ||
	    !status_get_many(g->txn, g->arena, ids, count, rows))
		return 0;
	for (size_t i = 0; i < count; i++)
		boosted[i] = rows[i].boost_of;
	if (!status_get_many(g->txn, g->arena, boosted, count, rows + count))
		return 0;
	prefetch(g, rows, 2 * count);
	size_t post_count = add_visible(g, rows, 2 * count, posts);
	complete(g, posts, post_count);
	for (size_t i = 0; i < count; i++) {
		bool boost = (rows[i].flags & STATUS_BOOST) != 0;
		const struct status_view *post =
			rows[i].id == 0 ? NULL
					: find_view(posts, post_count,
						    boost ? rows[i].boost_of : rows[i].id);
		if (post != NULL && boost)
			n += wrap(g, &rows[i], post, &out[n]);
		else if (post != NULL)
			out[n++] = *post;
	}
	return n;
}

enum rc gather_status(struct gather *g, uint64_t id, struct status_view *out)
{
	return id != 0 && gather_statuses(g, &id, 1, out) == 1 ? RC_OK : RC_NOT_FOUND;
}
