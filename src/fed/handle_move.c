/*
 * Remote accounts that move. Whether they say so in an activity or in their document (FEP-7628), what
 * follows is the same: the new account's document is read anew, and must name the old one.
 */
#include "incoming_int.h"
#include "social/move.h"
#include "store/graph.h"
#include "store/uri.h"

static bool is_followed_here(struct social *s, uint64_t account)
{
	uint64_t after = 0, ids[32];
	size_t n;
	do {
		n = follow_followers(s->txn, account, after, FOLLOW_ACCEPTED, ids, ARRAY_LEN(ids));
		for (size_t i = 0; i < n; i++) {
			struct account a;
			if (account_get(s->txn, s->ctx->arena, ids[i], &a) && account_is_local(&a))
				return true;
		}
		after = n != 0 ? ids[n - 1] : 0;
	} while (n == ARRAY_LEN(ids));
	return false;
}

enum rc move_consider(struct social *s, const struct account *old, struct str target)
{
	struct iri iri;
	struct ctx quiet = { .arena = s->ctx->arena };
	if (iri_parse(&quiet, target, s->site->iri_flags, &iri) != RC_OK)
		return RC_INVALID;
	if (!is_followed_here(s, old->id))
		return RC_NOT_FOUND;
	inbox_job_add(s, INBOX_MOVE, iri.authority, iri.text, STR(""), old->id, STR(""));
	return db_txn_rc(s->txn);
}

enum rc apply_move(struct incoming *in, struct social *s, const struct account *actor)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	struct str target = ap_id(&reader, in->activity.target);
	if (target.ptr == NULL)
		return RC_INVALID;
	return move_consider(s, actor, target);
}

enum rc move_confirmed(struct social *s, uint64_t old_id, struct str target_uri)
{
	struct account old, target;
	if (!account_get(s->txn, s->ctx->arena, old_id, &old) ||
	    !account_find_uri(s->txn, s->ctx->arena, target_uri, &target))
		return RC_NOT_FOUND;
	return move_begin(s, &old, &target);
}
