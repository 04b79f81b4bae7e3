/* Relationships, gathered for many at once, and their small acts. Inside transactions only. */
#include "social/relation.h"

#include "act_int.h"
#include "social/community_view.h"
#include "social/mute.h"
#include "store/personal.h"
#include "store/shelf.h"
#include "text/html.h"

#define CHUNK 64

/* --- gathering --- */

struct batch {
	uint64_t ids[CHUNK];
	struct hidden_ask asks[CHUNK];
	unsigned hidden[CHUNK];
	struct follow follows[CHUNK];
	enum follow_state followers[CHUNK];
	struct shelved items[CHUNK], muted[CHUNK], endorsed[CHUNK];
	struct str notes[CHUNK];
	uint64_t asked[CHUNK];
};

static void fill(struct arena *arena, const struct batch *b, size_t i, struct relationship *r)
{
	*r = (struct relationship){
		.account = b->ids[i],
		.follow = b->follows[i],
		.follows = b->followers[i],
		.asks = b->asked[i],
		.blocking = (b->hidden[i] & HIDDEN_BLOCKED) != 0,
		.blocked_by = (b->hidden[i] & HIDDEN_BLOCKED_BY) != 0,
		.domain_blocking = (b->hidden[i] & HIDDEN_DOMAIN) != 0,
		.muting = b->muted[i].order != 0,
		.muting_notifications =
			b->muted[i].order != 0 && (b->muted[i].flags & SHELVED_NOTIFICATIONS) != 0,
		.mute_ends_ms = b->muted[i].order != 0 ? b->muted[i].until_ms : 0,
		.endorsed = b->endorsed[i].order != 0,
		.note = b->notes[i],
	};
	r->follow.uri = arena_str(arena, r->follow.uri);
	r->follow.languages = arena_str(arena, r->follow.languages);
}

static void gather(struct db_txn *txn, struct arena *arena, uint64_t viewer,
		   const struct account *accounts, size_t n, struct relationship *out)
{
	struct batch b;
	for (size_t i = 0; i < n; i++) {
		b.ids[i] = accounts[i].id;
		b.items[i] = (struct shelved){ .id = accounts[i].id };
		b.asks[i] = (struct hidden_ask){ .account = accounts[i].id,
						 .domain = accounts[i].domain };
	}
	follow_get_many(txn, viewer, b.ids, n, b.follows);
	follower_get_many(txn, viewer, b.ids, n, b.followers);
	hidden_many(txn, viewer, b.asks, n, b.hidden);
	shelf_get_many(txn, SHELF_MUTED, viewer, b.items, n, b.muted);
	shelf_get_many(txn, SHELF_ENDORSED, viewer, b.items, n, b.endorsed);
	communities_asked(txn, viewer, b.ids, n, b.asked);
	account_note_get_many(txn, arena, viewer, b.ids, n, b.notes);
	for (size_t i = 0; i < n; i++)
		fill(arena, &b, i, &out[i]);
}

void relationships_gather(struct db_txn *txn, struct arena *arena, uint64_t viewer,
			  const struct account *accounts, size_t count, struct relationship *out)
{
	for (size_t at = 0; at < count; at += CHUNK)
		gather(txn, arena, viewer, accounts + at, count - at < CHUNK ? count - at : CHUNK,
		       out + at);
}

/* --- follows as somebody wants them --- */

static enum rc languages_join(struct social *s, const struct follow_wish *wish, struct str *out)
{
	struct buf list CLEANUP(buf_free) = BUF_INIT(1024);
	if (wish->language_count > FOLLOW_LANGUAGES_MAX)
		return ctx_fail(s->ctx, RC_INVALID, "too many languages");
	for (unsigned i = 0; i < wish->language_count; i++) {
		if (!text_language_valid(wish->languages[i]))
			return ctx_fail(s->ctx, RC_INVALID, "\"%.*s\" is no language",
					STR_ARG(str_take(wish->languages[i], 40)));
		if (i != 0)
			buf_add_chr(&list, ',');
		buf_add(&list, wish->languages[i]);
	}
	*out = arena_str(s->ctx->arena, buf_str(&list));
	return list.failed || arena_failed(s->ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

static unsigned with_flag(unsigned flags, unsigned flag, bool said, bool set)
{
	if (!said)
		return flags;
	return set ? flags | flag : flags & ~flag;
}

enum rc act_follow_as(struct social *s, const struct account *follower,
		      const struct account *followee, const struct follow_wish *wish)
{
	struct follow now = follow_get(s->txn, follower->id, followee->id);
	struct str languages = arena_str(s->ctx->arena, now.languages);
	unsigned flags = now.flags;
	enum follow_state state;
	enum rc rc = RC_OK;
	/* clients ask for boosts when they merely follow: who joins a community wants them at home only
	 * when they say so afterwards */
	bool joins = now.state == FOLLOW_NONE && followee->kind == ACCOUNT_GROUP;
	if (wish->has_languages)
		rc = languages_join(s, wish, &languages);
	if (rc == RC_OK && now.state == FOLLOW_NONE)
		rc = act_follow(s, follower, followee, STR(""), &state);
	if (rc != RC_OK)
		return rc;
	if (joins)
		flags |= FOLLOW_NO_BOOSTS;
	flags = with_flag(flags, FOLLOW_NO_BOOSTS, wish->has_boosts && !joins, !wish->boosts);
	flags = with_flag(flags, FOLLOW_NOTIFY, wish->has_notify, wish->notify);
	if (languages.ptr == NULL)
		languages = STR("");
	follow_want(s->txn, follower->id, followee->id, flags, languages);
	return act_end(s, RC_OK);
}

/* --- notes, endorsements --- */

enum rc act_note(struct social *s, const struct account *actor, const struct account *target,
		 struct str text)
{
	struct str clean = STR("");
	enum rc rc = RC_OK;
	if (text.len != 0)
		rc = text_clean(s->ctx, text, ACCOUNT_NOTE_MAX, ACCOUNT_NOTE_MAX * 4, &clean);
	if (rc != RC_OK)
		return rc;
	account_note_put(s->txn, actor->id, target->id, clean);
	return act_end(s, RC_OK);
}

enum rc act_endorse(struct social *s, const struct account *actor, const struct account *target)
{
	struct shelved item = { .id = target->id };
	if (!follow_accepted(s->txn, actor->id, target->id))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "only who is followed can be shown on a profile"));
	return act_end(s, shelf_put(s->txn, SHELF_ENDORSED, actor->id, &item));
}

enum rc act_unendorse(struct social *s, const struct account *actor, const struct account *target)
{
	const struct shelved item = { .id = target->id };
	bool was = shelf_del(s->txn, SHELF_ENDORSED, actor->id, &item);
	return act_end(s, was ? RC_OK : RC_NOT_FOUND);
}
