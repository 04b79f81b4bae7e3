/* The conversation's id that posts carry, and telling those who take part. */
#include "act_int.h"
#include "social/thread.h"
#include "store/thread.h"
#include "store/uri.h"

/* Beyond so many replies those who take part read the collection: telling each of them of each
 * would be a flood. */
#define TOLD_REPLIES_MAX 100
#define TOLD_MAX 32

struct str thread_context(struct arena *arena, const struct status *status)
{
	if (status->context.len != 0)
		return status->context;
	bool first = (status->flags & (STATUS_LOCAL | STATUS_REPLY | STATUS_BOOST)) == STATUS_LOCAL;
	return first && !visibility_stays(status->visibility)
		       ? arena_join(arena, status->uri, STR("/context"))
		       : STR("");
}

/* FEP-7888, "Sending an interaction": the context is copied, so that the post is part of it. */
struct str thread_context_of_reply(struct social *s, const struct status *parent)
{
	struct status root = { 0 };
	struct str context = STR("");
	if (status_get(s->txn, s->ctx->arena, parent->root, &root))
		context = thread_context(s->ctx->arena, &root);
	/* a thread of ours is ours, whatever its replies say */
	if ((root.flags & STATUS_LOCAL) == 0 && parent->context.len != 0)
		context = parent->context;
	if (context.len != 0 && !site_owns_text(s->site, context))
		uri_add(s->txn, context,
			(struct uri_entry){ .kind = URI_CONTEXT, .id = parent->id }, NULL);
	return context;
}

static bool mentions(const struct status *s, uint64_t account)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (s->mentions[i].account == account)
			return true;
	}
	return false;
}

/* Who takes part and has not heard from the reply's author. */
static void add_hearers(struct social *s, const struct status *reply, uint64_t owner,
			struct federate *f)
{
	struct thread_entry rows[TOLD_REPLIES_MAX + 1];
	struct account account;
	size_t n = thread_list(s->txn, reply->root, 0, 0, rows, TOLD_REPLIES_MAX + 1);
	if (n > TOLD_REPLIES_MAX)
		return;
	for (size_t i = 0; i < n && f->extra_count < TOLD_MAX; i++) {
		uint64_t id = rows[i].account;
		bool passive = id == owner || id == reply->account || mentions(reply, id) ||
			       id == reply->parent_account ||
			       rows[i].visibility > VISIBILITY_UNLISTED;
		if (!passive && account_get(s->txn, s->ctx->arena, id, &account) &&
		    !block_exists(s->txn, owner, id))
			act_hears(f, &account);
	}
}

/* Those who take part, and whoever else is named, hear what becomes of it. */
static void tell_participants(struct social *s, enum federate_what what, const char *kind,
			      const struct account *owner, const struct status *root,
			      const struct status *reply, const struct account *also)
{
	struct federate f = { .what = what,
			      .actor = owner->id,
			      .status = reply->id,
			      .visibility = reply->visibility,
			      .object = thread_context(s->ctx->arena, root),
			      .at_ms = db_txn_now(s->txn) };
	add_hearers(s, reply, owner->id, &f);
	if (also != NULL)
		act_hears(&f, also);
	if (f.extra_count == 0)
		return;
	f.uri = site_activity_uri(s->ctx->arena, owner->uri, kind, reply->id);
	federate_add(s, &f);
}

enum rc thread_remove(struct social *s, const struct account *actor, struct str context,
		      uint64_t status)
{
	struct status reply, root;
	struct account author;
	enum rc rc = act_load(s, status, &reply, &author);
	if (rc != RC_OK)
		return rc;
	if (reply.root == reply.id || !status_get(s->txn, s->ctx->arena, reply.root, &root))
		return act_end(s, RC_NOT_FOUND);
	bool mine = account_is_local(actor);
	/* whose conversation a remote one is, its id says; of ours, who began it */
	if (mine ? root.account != actor->id
		 : !str_eq(thread_context(s->ctx->arena, &root), context))
		return act_end(s, RC_DENIED);
	if (mine && reply.visibility <= VISIBILITY_UNLISTED &&
	    root.visibility <= VISIBILITY_UNLISTED)
		tell_participants(s, FEDERATE_CONTEXT_REMOVE, "removes", actor, &root, &reply,
				  &author);
	status_leave(s->txn, &reply);
	return act_end(s, RC_OK);
}

void thread_tell_added(struct social *s, const struct status *reply)
{
	struct status root;
	struct account owner;
	if (reply->parent == 0 || reply->visibility > VISIBILITY_UNLISTED ||
	    !status_get(s->txn, s->ctx->arena, reply->root, &root) ||
	    (root.flags & STATUS_LOCAL) == 0 || root.visibility > VISIBILITY_UNLISTED ||
	    !account_get(s->txn, s->ctx->arena, root.account, &owner) || account_is_gone(&owner) ||
	    block_exists(s->txn, owner.id, reply->account))
		return;
	tell_participants(s, FEDERATE_CONTEXT_ADD, "adds", &owner, &root, reply, NULL);
}
