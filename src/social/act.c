/* What all acts share: loading what they are about, notifications, who hears of it. Inside
 * transactions only. */
#include "act_int.h"
#include "social/mute.h"
#include "social/push.h"

#define RECENT 32
/* Notices of which the newest counts, and not the first. */
#define KINDS_RENEWED                                               \
	(NOTICE_BIT(NOTICE_EDIT) | NOTICE_BIT(NOTICE_QUOTED_EDIT) | \
	 NOTICE_BIT(NOTICE_EVENT_REMINDER) | NOTICE_BIT(NOTICE_MEMBERSHIP))

enum rc act_end(const struct social *s, enum rc rc)
{
	enum rc failed = db_txn_rc(s->txn);
	if (failed != RC_OK)
		return failed;
	return arena_failed(s->ctx->arena) ? RC_NO_MEMORY : rc;
}

enum rc act_refuse_moved(struct social *s, const struct account *actor)
{
	if (!account_is_local(actor) || actor->moved_to.len == 0)
		return RC_OK;
	return ctx_fail(s->ctx, RC_DENIED, "the account has moved to %.*s",
			STR_ARG(actor->moved_to));
}

enum rc act_load(struct social *s, uint64_t id, struct status *status, struct account *author)
{
	if (!status_get(s->txn, s->ctx->arena, id, status) ||
	    !account_get(s->txn, s->ctx->arena, status->account, author))
		return act_end(s, RC_NOT_FOUND);
	return RC_OK;
}

/* Taking back and doing again is not worth a second word; nor can it fill the list (S-060). */
static bool told_lately(struct social *s, uint64_t account, const struct notice *n)
{
	struct notice recent[RECENT];
	size_t count = notice_list(s->txn, account, 0, recent, RECENT);
	for (size_t i = 0; i < count; i++) {
		if (recent[i].kind != n->kind || recent[i].from != n->from ||
		    recent[i].status != n->status || recent[i].about != n->about)
			continue;
		if ((KINDS_RENEWED & NOTICE_BIT(n->kind)) == 0)
			return true;
		notice_del(s->txn, account, recent[i].id);
	}
	return false;
}

void act_unnotice(struct social *s, uint64_t account, enum notice_kind kind, uint64_t from,
		  uint64_t about)
{
	const struct notice_filter filter = { .kinds = NOTICE_BIT(kind), .from = from };
	const struct id_range all = { .max_id = 0 };
	struct notice found[RECENT];
	size_t count = notice_page(s->txn, account, &all, &filter, found, RECENT);
	for (size_t i = 0; i < count; i++) {
		if (found[i].about == about)
			notice_del(s->txn, account, found[i].id);
	}
}

/* Does account want to hear nothing of what actor did, or of this conversation? A host that was blocked
 * is heard of where somebody there is followed all the same. */
static bool is_unheard(struct social *s, uint64_t account, uint64_t actor, uint64_t id)
{
	struct hidden_ask ask = { .account = actor };
	struct status status;
	unsigned hidden;
	if (!account_domain(s->txn, actor, &ask.domain))
		return false;
	ask.domain = arena_str(s->ctx->arena, ask.domain);
	if (id != 0 && status_get(s->txn, s->ctx->arena, id, &status))
		ask.root = status.root;
	hidden_many(s->txn, account, &ask, 1, &hidden);
	if ((hidden & HIDDEN_DOMAIN) != 0 && follow_accepted(s->txn, account, actor))
		hidden &= ~(unsigned)HIDDEN_DOMAIN;
	return (hidden & HIDDEN_IN_NOTICES & ~(unsigned)HIDDEN_BLOCKED_BY) != 0;
}

void act_notice(struct social *s, uint64_t account, struct notice notice)
{
	notice.id = notice_put(s->txn, account, &notice);
	if (notice.held) {
		notice_hold(s->txn, account, &notice);
		return;
	}
	live_tell(s->txn, LIVE_NOTICE, account, notice.id, notice.from);
	push_tell(s, account, &notice);
}

static bool notify(struct social *s, const struct account *account, struct notice n)
{
	if (s->quiet || !account_is_local(account) || account_is_gone(account) ||
	    account->id == n.from || is_unheard(s, account->id, n.from, n.status) ||
	    told_lately(s, account->id, &n))
		return false;
	enum notice_rule rule = act_notice_rule(s, account->id, &n);
	if (rule == NOTICE_DROP)
		return false;
	n.held = rule == NOTICE_HOLD;
	act_notice(s, account->id, n);
	return true;
}

bool act_notify(struct social *s, const struct account *account, enum notice_kind kind,
		uint64_t actor, uint64_t status)
{
	return notify(s, account, (struct notice){ .kind = kind, .from = actor, .status = status });
}

bool act_notify_about(struct social *s, const struct account *account, enum notice_kind kind,
		      uint64_t actor, uint64_t about)
{
	return notify(s, account, (struct notice){ .kind = kind, .from = actor, .about = about });
}

void act_hears(struct federate *f, const struct account *account)
{
	if (account_is_local(account) || account_is_gone(account))
		return;
	for (unsigned i = 0; i < f->extra_count; i++) {
		if (f->extra[i] == account->id)
			return;
	}
	if (f->extra_count < FEDERATE_EXTRA_MAX)
		f->extra[f->extra_count++] = account->id;
}
