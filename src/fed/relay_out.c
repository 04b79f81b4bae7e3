/* What is said to relays and by the relay that this node is. Reads in the caller's transaction. */
#include "relay_int.h"

#include "ap/write.h"
#include "core/must.h"

#define CHUNK 500

/* --- building --- */

bool relay_builds(enum federate_what what)
{
	return what >= FEDERATE_RELAY_FOLLOW && what <= FEDERATE_RELAY_ANNOUNCE;
}

static void inner_follow(struct jw *w, struct str id, struct str actor)
{
	jw_name(w, "object");
	jw_object(w);
	jw_member_opt(w, "id", id);
	jw_member_str(w, "type", STR("Follow"));
	jw_member_str(w, "actor", actor);
	jw_member_str(w, "object", STR(AP_PUBLIC));
	jw_end(w);
}

static void write_head(struct jw *w, const char *type, struct str id, const struct account *actor,
		       const struct str *to, unsigned count)
{
	ap_write_activity(w, &(struct ap_activity_view){ .id = id,
							 .type = str_of(type),
							 .actor = actor->uri,
							 .to = to,
							 .to_count = count });
}

static void announce_write(struct jw *w, const struct federate *f, const struct account *actor,
			   const struct account *target)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { f->target != 0 ? target->uri : actor->followers };
	struct str origin, object;
	str_split(f->object, ' ', &origin, &object);
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Announce"),
							 .actor = actor->uri,
							 .published_ms = f->at_ms,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = 1 });
	jw_member_str(w, "object", object);
}

enum rc relay_build(struct fed *fed UNUSED, struct ctx *ctx, const struct federate *f,
		    const struct account *actor, const struct account *target, struct jw *w)
{
	const struct str to[] = { target->uri.ptr != NULL ? target->uri : STR("") };
	if (f->what == FEDERATE_RELAY_ANNOUNCE) {
		announce_write(w, f, actor, target);
	} else if (f->what == FEDERATE_RELAY_FOLLOW) {
		write_head(w, "Follow", f->uri, actor, NULL, 0);
		jw_member_str(w, "object", STR(AP_PUBLIC));
	} else if (f->what == FEDERATE_RELAY_UNFOLLOW) {
		write_head(w, "Undo", arena_join(ctx->arena, f->uri, STR("/undo")), actor, NULL, 0);
		inner_follow(w, f->uri, actor->uri);
	} else {
		write_head(w, f->what == FEDERATE_RELAY_ACCEPT ? "Accept" : "Reject", f->uri, actor,
			   to, 1);
		inner_follow(w, f->object, target->uri);
	}
	jw_end(w);
	return RC_OK;
}

/* --- to subscribers --- */

bool relay_goes_to_subscribers(const struct federate *f)
{
	return (f->what == FEDERATE_RELAY_ANNOUNCE && f->target == 0) ||
	       f->what == FEDERATE_RELAY_PASS;
}

bool relay_expand(struct fed *fed UNUSED, struct db_txn *txn, struct ctx *ctx, struct federate *f,
		  void (*deliver)(void *arg, struct db_txn *txn, struct str inbox), void *arg)
{
	struct relay_subscriber *next = ARENA_ARRAY(ctx->arena, CHUNK, struct relay_subscriber);
	struct str origin = str_take(f->object, str_index(f->object, ' '));
	uint64_t after = 0;
	if (next == NULL || (f->cursor.len != 0 && !str_to_u64(f->cursor, &after))) {
		db_txn_fail(txn, next == NULL ? RC_NO_MEMORY : RC_CORRUPT);
		return false;
	}
	size_t n = relay_subscriber_list(txn, ctx->arena, after, next, CHUNK);
	for (size_t i = 0; i < n; i++) {
		struct account a;
		after = next[i].account;
		/* never back to where it came from */
		if ((f->status & RELAY_TO(next[i].style)) == 0 || str_eq(next[i].host, origin) ||
		    !account_get(txn, ctx->arena, next[i].account, &a) || account_is_gone(&a))
			continue;
		deliver(arg, txn, account_bulk_inbox(&a));
	}
	f->cursor = arena_printf(ctx->arena, "%llu", (unsigned long long)after);
	return n == CHUNK;
}

/* --- to relays --- */

static void announce_to(struct db_txn *txn, struct ctx *ctx, struct fed *fed,
			const struct federate *f, const struct relay *relay)
{
	struct social s = { .txn = txn, .ctx = ctx, .site = fed->site };
	struct status status;
	if (!status_get(txn, ctx->arena, f->status, &status))
		return;
	struct federate announce = { .what = FEDERATE_RELAY_ANNOUNCE,
				     .actor = fed->instance_actor,
				     .target = relay->account,
				     .visibility = VISIBILITY_DIRECT,
				     .object = arena_join(ctx->arena, STR(" "), status.uri),
				     .at_ms = f->at_ms,
				     .extra = { relay->account },
				     .extra_count = 1 };
	announce.uri =
		site_activity_uri(ctx->arena, fed->instance_uri, "announces", db_next_id(txn));
	federate_add(&s, &announce);
}

/* Our own people's posts go to the subscribers of our own relay as those of others do. */
static void serve_own(struct db_txn *txn, struct ctx *ctx, struct fed *fed,
		      const struct federate *f)
{
	struct social s = { .txn = txn, .ctx = ctx, .site = fed->site };
	struct relay_subscriber one;
	struct account us;
	struct status status;
	bool is_new = f->what == FEDERATE_CREATE;
	if (fed->relay_actor == 0 || fed->relay->serve == FED_RELAY_OFF ||
	    relay_subscriber_list(txn, ctx->arena, 0, &one, 1) == 0 ||
	    !account_get(txn, ctx->arena, fed->relay_actor, &us))
		return;
	relay_pass_on(&s, &us, f->body, STR(""), is_new ? RELAY_TO(RELAY_MASTODON) : RELAY_TO_ALL);
	if (is_new && status_get(txn, ctx->arena, f->status, &status))
		relay_announce(&s, &us, status.uri, STR(""), RELAY_TO(RELAY_LITEPUB));
}

void relay_publish(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		   void (*deliver)(void *arg, struct db_txn *txn, struct str inbox), void *arg)
{
	struct relay *relays;
	if (f->visibility != VISIBILITY_PUBLIC ||
	    (f->what != FEDERATE_CREATE && f->what != FEDERATE_UPDATE &&
	     f->what != FEDERATE_DELETE))
		return;
	serve_own(txn, ctx, fed, f);
	size_t n = relay_list(txn, ctx->arena, &relays);
	for (size_t i = 0; i < n; i++) {
		if (relays[i].state != RELAY_ACCEPTED)
			continue;
		if (relays[i].style == RELAY_LITEPUB && f->what == FEDERATE_CREATE)
			announce_to(txn, ctx, fed, f, &relays[i]);
		else
			deliver(arg, txn, relays[i].inbox);
	}
}
