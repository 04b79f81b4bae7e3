/* Posting, receiving, editing and deleting. Inside transactions. */
#include "community_int.h"
#include "core/must.h"
#include "poll_int.h"
#include "post_int.h"
#include "social/card.h"
#include "social/conversation.h"
#include "social/emoji.h"
#include "social/event.h"
#include "social/media.h"
#include "social/move.h"
#include "social/thread.h"
#include "store/node.h"
#include "store/thread.h"
#include "store/uri.h"
#include "team_int.h"

#define BOOSTS_CHUNK 64

void post_leave_thread(struct status *status)
{
	status->parent = status->parent_account = status->root = 0;
	status->flags &= ~(unsigned)STATUS_REPLY;
}

static void join(struct social *s, struct status *status, const struct status *parent)
{
	uint64_t top = thread_top(s->txn, s->ctx->arena, parent->root);
	status->parent = parent->id;
	status->parent_account = parent->account;
	status->root = top != 0 ? top : parent->root;
}

/* A reply that its parent's author has to allow first stands alone until then. */
static void wait_for_consent(struct status *status, const struct status *parent)
{
	status->parent_account = parent->account;
	status->approval.state = INTERACTION_PENDING;
}

/* Does the author of what is answered ever get the reply? Whoever does not cannot be asked. */
static bool is_heard_of(const struct status *status, const struct account *author)
{
	if (account_is_local(author))
		return true;
	return !visibility_stays(status->visibility) &&
	       (status->visibility != VISIBILITY_DIRECT || act_mentions(status, author->uri));
}

static enum rc join_thread(struct social *s, struct draft *draft)
{
	struct status *status = &draft->status;
	struct status parent;
	struct account author;
	bool waits = false;
	post_leave_thread(status);
	status->parent_uri = status->context = STR("");
	status->approval = (struct status_approval){ .authorization = STR("") };
	if (draft->parent == 0)
		return community_route(s, &draft->author, status, NULL, draft->community);
	enum rc rc = act_load(s, draft->parent, &parent, &author);
	if (rc != RC_OK)
		return rc;
	struct viewer viewer = { draft->author.id, true };
	if ((parent.flags & STATUS_BOOST) != 0 || !may_see(s->txn, viewer, &parent, &author))
		return RC_NOT_FOUND;
	const struct wish wish = { INTERACTION_REPLY, &draft->author, &parent,
				   &author,	      status->uri,    VISIBILITY_PUBLIC };
	bool held = (status->flags & STATUS_HELD) != 0;
	rc = !held && is_heard_of(status, &author) ? interact_ask(s, &wish, &waits) : RC_OK;
	if (rc != RC_OK)
		return rc;
	if (waits)
		wait_for_consent(status, &parent);
	else if (!held)
		join(s, status, &parent);
	status->parent_uri = parent.uri;
	status->flags |= STATUS_REPLY;
	status->context = thread_context_of_reply(s, &parent);
	/* what never leaves the node has no replies that do; a letter names its readers itself */
	if (visibility_stays(parent.visibility) && status->visibility != VISIBILITY_DIRECT)
		status->visibility = parent.visibility;
	/* what waits for its parent's author is in no community yet */
	return waits ? community_names_none_closed(s, &draft->author, status, NULL)
		     : community_route(s, &draft->author, status, &parent, draft->community);
}

void post_hears_if_seen(struct social *s, uint64_t id, const struct status *status,
			const struct account *author, struct federate *f)
{
	const struct viewer viewer = { id, false };
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, id, &a) || !may_see(s->txn, viewer, status, author))
		return;
	act_hears(f, &a);
	taken_hears(s, &a, f);
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
	status->policy = draft->policy;
	status->application = draft->application;
	status->id = db_next_id(s->txn);
	status->created_ms = db_txn_now(s->txn);
	status->uri = site_status_uri(arena, s->site, draft->author.username, status->id);
	status->url = site_status_url(arena, s->site, draft->author.username, status->id);
	post_know_mentioned(s, status);
	rc = post_sift_draft(s, &author, draft);
	if (rc == RC_OK)
		rc = join_thread(s, draft);
	if (rc == RC_OK && str_eq(status->type, STR("Event")))
		rc = event_begin(s, &author, status);
	if (rc == RC_OK)
		rc = quote_join(s, draft, &author, &f);
	if (rc == RC_OK && draft->media_count != 0)
		rc = media_attach(s, &author, status, draft->media, draft->media_count);
	if (rc != RC_OK)
		return rc;
	team_sign(s, &author, status);
	emojis_of_status(s, status);
	moderate_post(s, &author, status);
	bool held = (status->flags & STATUS_HELD) != 0;
	if (!held)
		card_want(s, status);
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	team_posted(s, status);
	node_count(s->txn, 0, 1);
	const struct sift_post post = { &author, status, draft->media_count, false };
	sift_record(s, &post, &draft->verdict);
	live_tell_status(s->txn, LIVE_STATUS_ADDED, status, s->quiet);
	if (status->poll != NULL)
		poll_begin(s, status);
	/* the rest is act_reveal()'s */
	if (held)
		return act_end(s, RC_OK);
	conversation_tell(s, status);
	act_notify_post(s, status, &author);
	if (!is_held_back(status)) {
		post_tell_mentioned(s, status, NULL, &f);
		post_hears_if_seen(s, status->parent_account, status, &author, &f);
		community_hears(s, status->community, &f);
	}
	rc = community_posted(s, &author, status);
	if (rc != RC_OK)
		return rc;
	f.status = status->id;
	f.visibility = status->visibility;
	f.at_ms = status->created_ms;
	f.uri = arena_join(arena, status->uri, STR("/activity"));
	if (!visibility_stays(status->visibility) && !is_held_back(status))
		federate_add(s, &f);
	/* whom it quotes is asked when the parent's author has consented */
	if (is_held_back(status))
		return act_end(s, RC_OK);
	thread_tell_added(s, status);
	return quote_ask(s, &author, status);
}

/*
 * The parent, when it is known. A stranger who guesses the id of a post of ours that he may not see
 * does not join its thread (S-071); who may see a remote one is for its own server to say.
 */
static bool find_parent(struct social *s, const struct account *author, struct status *status,
			struct status *parent, struct account *parent_author)
{
	const struct viewer viewer = { author->id, account_is_local(author) };
	post_leave_thread(status);
	status->approval.state = INTERACTION_NONE;
	/* S-055: what replies to itself replies to nothing */
	if (str_eq(status->parent_uri, status->uri))
		status->parent_uri = STR("");
	if (status->parent_uri.len == 0)
		return false;
	status->flags |= STATUS_REPLY;
	/* a parent that moved here is found by its old id, too */
	uint64_t id = status_named(s->txn, status->parent_uri);
	if (id == 0 || !status_get(s->txn, s->ctx->arena, id, parent) ||
	    (!str_eq(parent->uri, status->parent_uri) &&
	     !str_eq(parent->origin, status->parent_uri)) ||
	    (parent->flags & STATUS_BOOST) != 0 ||
	    !account_get(s->txn, s->ctx->arena, parent->account, parent_author))
		return false;
	return !account_is_local(parent_author) || may_see(s->txn, viewer, parent, parent_author);
}

enum rc post_find_thread(struct social *s, const struct account *author, struct status *status)
{
	struct status parent;
	struct account parent_author;
	bool waits;
	/* of here: it said where it belongs before it was held */
	uint64_t wanted = account_is_local(author) ? status->community : 0;
	s->proof = status->approval.authorization;
	if (!find_parent(s, author, status, &parent, &parent_author))
		return community_route(s, author, status, NULL, wanted);
	const struct wish wish = { INTERACTION_REPLY, author,	   &parent,
				   &parent_author,    status->uri, VISIBILITY_PUBLIC };
	enum rc rc = interact_ask(s, &wish, &waits);
	if (rc != RC_OK)
		return rc;
	if (waits) {
		wait_for_consent(status, &parent);
		return RC_OK;
	}
	join(s, status, &parent);
	return community_route(s, author, status, &parent, wanted);
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
	status->flags &= ~(unsigned)(STATUS_HELD | STATUS_LIMITED);
	moderate_post(s, author, status);
	post_know_mentioned(s, status);
	const struct sift_post post = { author, status, 0, false };
	struct sift_verdict verdict;
	sift_ask(s->txn, s->ctx, s->site, &post, &verdict);
	if (verdict.action == SIEVE_REJECT) {
		/* to its sender it is as if it were known: accepted, and without effect */
		sift_record(s, &post, &verdict);
		return act_end(s, RC_EXISTS);
	}
	status->flags |= sift_flags(&verdict);
	if (verdict.action == SIEVE_HOLD)
		return post_hold(s, &post, status, &verdict);
	enum rc rc = post_find_thread(s, author, status);
	if (rc != RC_OK)
		return act_end(s, rc);
	event_admit(s, author, status);
	quote_receive(s, author, status);
	card_want(s, status);
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	sift_record(s, &post, &verdict);
	quote_received(s, status);
	live_tell_status(s->txn, LIVE_STATUS_ADDED, status, s->quiet);
	conversation_tell(s, status);
	act_notify_post(s, status, author);
	if (!is_held_back(status)) {
		post_tell_mentioned(s, status, NULL, NULL);
		thread_tell_added(s, status);
	}
	rc = community_posted(s, author, status);
	if (rc != RC_OK)
		return rc;
	thread_welcome(s, status);
	event_take(s, status, &status->event);
	return status->poll != NULL ? poll_take(s, status, status->poll) : act_end(s, RC_OK);
}

/*
 * An id at that time, so that what is old stands among what is old. The present is left to
 * db_next_id(), which gives each once.
 */
static uint64_t id_at(struct social *s, uint64_t ms)
{
	struct status other;
	uint64_t id = ms << DB_ID_TIME_SHIFT;
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
	struct account parent_author;
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
	/* it was said, and answered, elsewhere: nobody is asked again */
	if (find_parent(s, author, status, &parent, &parent_author))
		join(s, status, &parent);
	/* its replies are counted here now, and a thread that it began is ours */
	status->replies = STR("");
	if (status->parent_uri.len == 0)
		status->context = STR("");
	post_know_mentioned(s, status);
	enum rc rc = media_bring(s, author, status);
	if (rc != RC_OK)
		return rc;
	if (!status_add(s->txn, status))
		return act_end(s, RC_EXISTS);
	node_count(s->txn, 0, 1);
	thread_welcome(s, status);
	poll_import(s, status);
	return act_end(s, RC_OK);
}

/* What an edit never changes. */
static void keep_identity(struct status *next, const struct status *now)
{
	const unsigned fixed =
		STATUS_LOCAL | STATUS_BOOST | STATUS_REPLY | STATUS_HELD | STATUS_LIMITED;
	next->flags = (next->flags & ~fixed) | (now->flags & fixed);
	next->account = now->account;
	next->uri = now->uri;
	next->application = now->application;
	next->visibility = now->visibility;
	next->created_ms = now->created_ms;
	next->parent = now->parent;
	next->parent_account = now->parent_account;
	next->parent_uri = now->parent_uri;
	next->root = now->root;
	/* an edit that tells neither says nothing of them */
	if (next->context.len == 0)
		next->context = now->context;
	if (next->replies.len == 0)
		next->replies = now->replies;
	next->boost_of = now->boost_of;
	next->approval = now->approval;
	next->community = now->community;
	next->waits = now->waits;
	/* a local author's edit does not say it anew */
	if ((now->flags & STATUS_LOCAL) != 0)
		next->policy = now->policy;
	if ((now->flags & STATUS_LOCAL) != 0 && next->searchable_count == 0) {
		next->searchable_by = now->searchable_by;
		next->searchable_count = now->searchable_count;
	}
	/* once there is a poll, it stays */
	next->has_poll = now->has_poll || next->poll != NULL;
	if (now->has_poll || str_eq(now->type, STR("Event")))
		next->type = now->type;
}

/* Those besides followers whom a post was told to, as far as they may see what it is now (S-066). */
static void heard_before(struct social *s, const struct status *before, const struct status *now,
			 const struct account *author, struct federate *f)
{
	for (unsigned i = 0; i < before->mention_count; i++)
		post_hears_if_seen(s, before->mentions[i].account, now, author, f);
	post_hears_if_seen(s, before->parent_account, now, author, f);
	quote_hears(s, now, f);
	community_hears(s, now->community, f);
	/* what was held back is known to whom was asked */
	if (is_held_back(now))
		f->visibility = VISIBILITY_DIRECT;
}

/* Who has it, and a federate job about it. */
static struct federate about_post(struct social *s, enum federate_what what,
				  const struct account *actor, const struct status *status)
{
	struct federate f = { .what = what,
			      .actor = actor->id,
			      .status = status->id,
			      .visibility = status->visibility,
			      .at_ms = db_txn_now(s->txn) };
	heard_before(s, status, status, actor, &f);
	return f;
}

void act_tell_change(struct social *s, const struct account *actor, const struct status *status)
{
	struct federate f = about_post(s, FEDERATE_UPDATE, actor, status);
	f.uri = arena_printf(s->ctx->arena, "%.*s#updates/%llu", STR_ARG(status->uri),
			     (unsigned long long)db_next_id(s->txn));
	if (!visibility_stays(status->visibility) && !is_held_back(status)) {
		federate_add(s, &f);
		community_pass(s, status->community, &f);
	}
}

void act_tell_post(struct social *s, const struct account *author, const struct status *status)
{
	struct federate f = about_post(s, FEDERATE_CREATE, author, status);
	post_tell_mentioned(s, status, NULL, &f);
	f.uri = arena_join(s->ctx->arena, status->uri, STR("/activity"));
	if (!visibility_stays(status->visibility))
		federate_add(s, &f);
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
	return act_edit_as(s, EDIT_BY_AUTHOR, actor, changed);
}

enum rc act_edit_as(struct social *s, enum edit_by by, const struct account *actor,
		    const struct status *changed)
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
	post_know_mentioned(s, &next);
	rc = by == EDIT_BY_AUTHOR ? community_may_edit(s, &author, &now, &next) : RC_OK;
	if (rc != RC_OK)
		return rc;
	team_sign(s, &author, &next);
	moderate_post(s, &author, &next);
	const struct sift_post post = { &author, &next, 0, true };
	struct sift_verdict verdict;
	rc = post_sift_edit(s, &post, &now, &next, &verdict);
	if (rc != RC_OK)
		return rc;
	/* before their votes may be taken away */
	struct post_voters voters = post_voters_of(s, &now);
	act_keep_revision(s, &now, &next);
	rc = edit_poll(s, &next, &author);
	if (rc != RC_OK)
		return rc;
	quote_edit(s, actor, &now, &next);
	if (account_is_local(actor))
		emojis_of_status(s, &next);
	card_want(s, &next);
	if (!status_edit(s->txn, &next))
		return act_end(s, RC_NOT_FOUND);
	team_edited(s, &next);
	sift_record(s, &post, &verdict);
	community_edited(s, &now, &next);
	event_take(s, &next, &changed->event);
	/* the rest is act_reveal()'s, or act_reveal_edit()'s */
	if ((next.flags & STATUS_HELD) != 0)
		return act_end(s, RC_OK);
	if (!account_is_local(actor))
		quote_received(s, &next);
	/* and this is community_release()'s */
	if (next.waits && !now.waits)
		return act_end(s, RC_OK);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, &next, false);
	if (next.waits)
		return act_end(s, RC_OK);
	struct federate f = { .what = FEDERATE_UPDATE,
			      .actor = actor->id,
			      .status = now.id,
			      .visibility = now.visibility,
			      .at_ms = next.edited_ms };
	post_tell_mentioned(s, &next, &now, &f);
	act_notify_edit(s, &next);
	event_notify(s, &next);
	/* who had the old version gets the new one, too */
	heard_before(s, &now, &next, &author, &f);
	post_voters_hear(s, &voters, &next, &author, &f);
	f.uri = arena_printf(s->ctx->arena, "%.*s#updates/%llu", STR_ARG(now.uri),
			     (unsigned long long)next.edited_ms);
	if (account_is_local(actor) && !visibility_stays(now.visibility) && !is_held_back(&now)) {
		federate_add(s, &f);
		if (status_is_event(&next))
			post_voters_rest(s, &voters, &f);
		community_pass(s, now.community, &f);
	}
	return act_end(s, RC_OK);
}

void act_remove(struct social *s, uint64_t id)
{
	uint64_t boosters[BOOSTS_CHUNK], boosts[BOOSTS_CHUNK], after = 0;
	size_t n;
	while ((n = status_boosts(s->txn, id, after, boosters, boosts, BOOSTS_CHUNK)) != 0) {
		for (size_t i = 0; i < n; i++) {
			status_del(s->txn, boosts[i], db_txn_now(s->txn));
			live_tell(s->txn, LIVE_STATUS_REMOVED, boosts[i], boosters[i], id);
		}
		after = boosters[n - 1];
	}
	struct status status;
	if (status_get(s->txn, s->ctx->arena, id, &status)) {
		interact_remove(s, &status);
		live_tell_status(s->txn, LIVE_STATUS_REMOVED, &status, false);
		conversation_untell(s, &status);
		community_gone(s, &status);
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
	struct post_voters voters = post_voters_of(s, &status);
	heard_before(s, &status, &status, &author, &f);
	post_voters_hear(s, &voters, &status, &author, &f);
	f.uri = arena_join(s->ctx->arena, status.uri, STR("#delete"));
	bool known = community_knows(s->txn, &status);
	act_remove(s, id);
	if (s->person != 0)
		team_log(s, actor->id, s->person, "post.delete", id, status.uri);
	if (account_is_local(actor)) {
		node_count(s->txn, 0, -1);
		if (!visibility_stays(status.visibility)) {
			federate_add(s, &f);
			if (known)
				community_pass(s, status.community, &f);
		}
	}
	return act_end(s, RC_OK);
}
