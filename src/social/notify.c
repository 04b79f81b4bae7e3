/* Whom to tell of what, and what becomes of it. Inside write transactions. */
#include "social/notify.h"

#include "act_int.h"
#include "interact_int.h"
#include "social/mute.h"
#include "store/graph.h"
#include "store/interaction.h"
#include "store/shelf.h"

#define STEP 500
#define STEPS_UP 30
#define TOLD_MAX 200 /* of those who hear of one post */
#define NEW_ACCOUNT_MS (30 * MS_PER_DAY)
#define NEW_FOLLOWER_MS (3 * MS_PER_DAY)

/* What strangers do; anything else was asked for. */
#define KINDS_OF_STRANGERS                                                                         \
	(NOTICE_BIT(NOTICE_MENTION) | NOTICE_BIT(NOTICE_FOLLOW) |                                  \
	 NOTICE_BIT(NOTICE_FOLLOW_REQUEST) | NOTICE_BIT(NOTICE_LIKE) | NOTICE_BIT(NOTICE_BOOST) |  \
	 NOTICE_BIT(NOTICE_REACTION) | NOTICE_BIT(NOTICE_QUOTE) | NOTICE_BIT(NOTICE_INTERACTION) | \
	 NOTICE_BIT(NOTICE_COLLECTION) | NOTICE_BIT(NOTICE_EVENT_REQUEST) |                        \
	 NOTICE_BIT(NOTICE_EVENT_INVITE))

/* --- strangers --- */

static bool is_mentioned(const struct status *s, uint64_t account)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].account == account)
			return true;
	}
	return false;
}

/* An answer to what the account itself wrote to the sender, however far above. */
static bool is_an_answer(struct social *s, const struct status *letter, uint64_t account)
{
	struct status above = *letter;
	for (int i = 0; i < STEPS_UP && above.parent != 0; i++) {
		if (!status_get(s->txn, s->ctx->arena, above.parent, &above))
			return false;
		if (above.account == account && is_mentioned(&above, letter->account))
			return true;
	}
	return false;
}

static bool is_uncalled_letter(struct social *s, uint64_t account, const struct notice *n)
{
	struct status letter;
	return n->kind == NOTICE_MENTION && status_get(s->txn, s->ctx->arena, n->status, &letter) &&
	       letter.visibility == VISIBILITY_DIRECT && !is_an_answer(s, &letter, account);
}

static bool is_new_follower(struct social *s, uint64_t account, uint64_t from)
{
	struct follow f = follow_get(s->txn, from, account);
	return f.state != FOLLOW_ACCEPTED || f.created_ms + NEW_FOLLOWER_MS > db_txn_now(s->txn);
}

static bool is_new_account(struct social *s, uint64_t from)
{
	struct account a;
	return account_get(s->txn, s->ctx->arena, from, &a) &&
	       a.created_ms + NEW_ACCOUNT_MS > db_txn_now(s->txn);
}

static bool is_limited(struct social *s, uint64_t from)
{
	struct account a;
	return account_get(s->txn, s->ctx->arena, from, &a) &&
	       is_silenced(s->txn, s->ctx->arena, &a);
}

static void stricter(enum notice_rule *rule, enum notice_rule other)
{
	if (other > *rule)
		*rule = other;
}

/* What costs nothing is asked first. */
enum notice_rule act_notice_rule(struct social *s, uint64_t account, const struct notice *n)
{
	enum notice_rule rule = NOTICE_ACCEPT;
	/* who asks to join a community asks its staff, not a person */
	if ((KINDS_OF_STRANGERS & NOTICE_BIT(n->kind)) == 0 ||
	    (n->kind == NOTICE_FOLLOW_REQUEST && n->about != 0))
		return rule;
	const struct notice_policy p = notice_policy_get(s->txn, account);
	bool followed = follow_accepted(s->txn, account, n->from);
	if (p.not_following != NOTICE_ACCEPT && !followed)
		stricter(&rule, p.not_following);
	if (p.not_followers > rule && is_new_follower(s, account, n->from))
		stricter(&rule, p.not_followers);
	if (p.new_accounts > rule && is_new_account(s, n->from))
		stricter(&rule, p.new_accounts);
	if (p.private_mentions > rule && !followed && is_uncalled_letter(s, account, n))
		stricter(&rule, p.private_mentions);
	if (p.limited_accounts > rule && !followed && is_limited(s, n->from))
		stricter(&rule, p.limited_accounts);
	if (rule != NOTICE_ACCEPT && notice_is_welcome(s->txn, account, n->from))
		return NOTICE_ACCEPT;
	return rule;
}

/* --- telling of edits --- */

static void tell_booster(struct social *s, uint64_t booster, const struct status *edited)
{
	struct account a;
	if (account_get(s->txn, s->ctx->arena, booster, &a) && account_is_local(&a))
		act_notify(s, &a, NOTICE_EDIT, edited->account, edited->id);
}

static void tell_quoter(struct social *s, uint64_t id, const struct status *edited)
{
	struct status quote;
	struct account a;
	if (status_get(s->txn, s->ctx->arena, id, &quote) &&
	    quote.quote.state == INTERACTION_ACCEPTED && (quote.flags & STATUS_LOCAL) != 0 &&
	    account_get(s->txn, s->ctx->arena, quote.account, &a))
		act_notify(s, &a, NOTICE_QUOTED_EDIT, edited->account, quote.id);
}

void act_notify_edit(struct social *s, const struct status *edited)
{
	uint64_t boosters[TOLD_MAX], ids[TOLD_MAX];
	size_t n = status_boosts(s->txn, edited->id, 0, boosters, ids, TOLD_MAX);
	for (size_t i = 0; i < n; i++)
		tell_booster(s, boosters[i], edited);
	n = quotes_of(s->txn, edited->id, 0, ids, TOLD_MAX);
	for (size_t i = 0; i < n; i++)
		tell_quoter(s, ids[i], edited);
}

/* --- telling of posts --- */

static void tell_watcher(struct social *s, uint64_t watcher, const struct status *post,
			 const struct account *author)
{
	const struct viewer viewer = { watcher, true };
	struct account a;
	if (account_get(s->txn, s->ctx->arena, watcher, &a) &&
	    follow_accepted(s->txn, watcher, author->id) && !is_mentioned(post, watcher) &&
	    may_see(s->txn, viewer, post, author))
		act_notify(s, &a, NOTICE_STATUS, author->id, post->id);
}

static bool watches(struct social *s, uint64_t watcher, uint64_t account)
{
	return shelf_has(s->txn, SHELF_WATCHERS, account, watcher) &&
	       follow_accepted(s->txn, watcher, account);
}

/* The group's word is no way around a block of its author. */
static bool hears_nothing_of(struct social *s, uint64_t watcher, const struct account *author)
{
	const struct hidden_ask ask = { .account = author->id, .domain = author->domain };
	unsigned hidden;
	hidden_many(s->txn, watcher, &ask, 1, &hidden);
	return (hidden & HIDDEN_IN_NOTICES) != 0;
}

void act_notify_thread(struct social *s, const struct status *thread, const struct account *group)
{
	struct shelved watchers[TOLD_MAX];
	const struct page all = PAGE_ALL;
	struct account author, a;
	if (is_held_back(thread) || !account_get(s->txn, s->ctx->arena, thread->account, &author))
		return;
	size_t n = shelf_list(s->txn, s->ctx->arena, SHELF_WATCHERS, group->id, &all, watchers,
			      TOLD_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct viewer viewer = { watchers[i].id, true };
		if (viewer.account != author.id &&
		    account_get(s->txn, s->ctx->arena, viewer.account, &a) &&
		    follow_accepted(s->txn, viewer.account, group->id) &&
		    !watches(s, viewer.account, author.id) &&
		    !is_mentioned(thread, viewer.account) &&
		    !hears_nothing_of(s, viewer.account, &author) &&
		    may_see(s->txn, viewer, thread, &author))
			act_notify(s, &a, NOTICE_STATUS, group->id, thread->id);
	}
}

void act_notify_post(struct social *s, const struct status *post, const struct account *author)
{
	struct shelved watchers[TOLD_MAX];
	const struct page all = PAGE_ALL;
	if (is_held_back(post) ||
	    ((post->flags & STATUS_REPLY) != 0 && post->parent_account != author->id))
		return;
	size_t n = shelf_list(s->txn, s->ctx->arena, SHELF_WATCHERS, author->id, &all, watchers,
			      TOLD_MAX);
	for (size_t i = 0; i < n; i++)
		tell_watcher(s, watchers[i].id, post, author);
}

/* --- acts --- */

enum rc act_dismiss_notice(struct social *s, const struct account *account, uint64_t id)
{
	return act_end(s, notice_del(s->txn, account->id, id) ? RC_OK : RC_NOT_FOUND);
}

enum rc act_dismiss_group(struct social *s, const struct account *account,
			  const struct notice_group *group)
{
	struct notice *members = ARENA_ARRAY(s->ctx->arena, STEP, struct notice);
	if (members == NULL)
		return RC_NO_MEMORY;
	size_t n = notice_group_members(s->txn, account->id, group, members, STEP);
	for (size_t i = 0; i < n; i++)
		notice_del(s->txn, account->id, members[i].id);
	return act_end(s, n == STEP ? RC_BUSY : RC_OK);
}

enum rc act_clear_notices(struct social *s, const struct account *account)
{
	size_t n = notices_del(s->txn, account->id, STEP);
	if (n < STEP)
		n += notice_requests_del(s->txn, account->id, STEP - n);
	return act_end(s, n == STEP ? RC_BUSY : RC_OK);
}

enum rc act_accept_notices(struct social *s, const struct account *account, uint64_t request)
{
	struct notice_request q;
	if (!notice_request_get(s->txn, account->id, request, &q))
		return act_end(s, RC_NOT_FOUND);
	if (notice_request_release(s->txn, account->id, request, STEP) == STEP)
		return act_end(s, RC_BUSY);
	notice_welcome(s->txn, account->id, q.from);
	live_tell(s->txn, LIVE_NOTICES_MERGED, account->id, 0, 0);
	return act_end(s, RC_OK);
}

enum rc act_turn_away_notices(struct social *s, const struct account *account, uint64_t request)
{
	struct notice_request q;
	if (!notice_request_get(s->txn, account->id, request, &q))
		return act_end(s, RC_NOT_FOUND);
	bool more = notice_request_drop(s->txn, account->id, request, STEP) == STEP;
	return act_end(s, more ? RC_BUSY : RC_OK);
}
