/* What is posted in communities: where it belongs, what moderators make of it, who is told. Inside
 * write transactions. */
#include "community_int.h"
#include "core/must.h"
#include "post_int.h"
#include "queue/queue.h"
#include "store/joint.h"

#define RECENT 40
#define CHUNK 64
#define RECOUNT 1000
#define STEPS_UP 100

static enum rc refuse(struct social *s, const char *why)
{
	return act_end(s, ctx_fail(s->ctx, RC_DENIED, "%s", why));
}

/* --- where it belongs --- */

/* The first group that it mentions; 0: none. */
static uint64_t group_mentioned(struct social *s, const struct status *status)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		struct account a;
		uint64_t id = account_id_of_uri(s->txn, status->mentions[i].uri);
		if (id != 0 && account_get(s->txn, s->ctx->arena, id, &a) &&
		    a.kind == ACCOUNT_GROUP && !account_is_gone(&a))
			return id;
	}
	return 0;
}

/* When the author last posted there, as far as the newest posts tell; 0: not lately. */
static uint64_t posted_last(struct social *s, uint64_t community, uint64_t author)
{
	struct status_entry entries[RECENT];
	size_t n = status_by_author(s->txn, author, 0, 0, entries, RECENT);
	for (size_t i = 0; i < n; i++) {
		struct status status;
		if ((entries[i].flags & STATUS_BOOST) == 0 &&
		    status_get(s->txn, s->ctx->arena, entries[i].id, &status) &&
		    status.community == community)
			return status.created_ms;
	}
	return 0;
}

/* How somebody who may post wants to. */
struct entry {
	const struct account *author;
	const struct status *parent; /* NULL: it begins a thread */
	struct community community;
	struct community_standing standing;
	bool later; /* not now: who is too quick today may be in time then */
};

static const char *why_not_thread(const struct entry *e)
{
	switch (e->community.posting) {
	case COMMUNITY_POST_ANYBODY:
		return NULL;
	case COMMUNITY_POST_MEMBERS:
		if (!e->standing.member)
			return "only members post in this community";
		break;
	case COMMUNITY_POST_APPOINTED:
		if (e->standing.role <= COMMUNITY_MEMBER)
			return "only those who are appointed post in this community";
		break;
	}
	return (e->standing.permissions & COMMUNITY_MAY_POST) != 0
		       ? NULL
		       : "your role in this community does not let you post";
}

static bool is_locked(struct social *s, uint64_t community, uint64_t id)
{
	struct community_post place;
	return community_post_get(s->txn, community, id, &place) &&
	       (place.flags & COMMUNITY_POST_LOCKED) != 0;
}

/* The comment that is answered, or one above it. Deeper than this no reader shows a thread. */
static bool is_below_locked(struct social *s, uint64_t community, const struct status *parent)
{
	struct status above = *parent;
	for (int i = 0; i < STEPS_UP; i++) {
		if (is_locked(s, community, above.id))
			return true;
		if (above.parent == 0 || !status_get(s->txn, s->ctx->arena, above.parent, &above))
			return false;
	}
	return false;
}

static const char *why_not_comment(struct social *s, const struct entry *e)
{
	const bool staff = (e->standing.permissions & COMMUNITY_MAY_LOCK) != 0;
	if ((e->standing.permissions & COMMUNITY_MAY_COMMENT) == 0)
		return "your role in this community does not let you comment";
	if (staff)
		return NULL;
	if (is_locked(s, e->community.id, e->parent->root))
		return "this thread is locked";
	return is_below_locked(s, e->community.id, e->parent) ? "this comment is locked" : NULL;
}

/* For as long as they stand so. */
static const char *why_never(struct social *s, const struct entry *e)
{
	const bool inside = e->community.sight >= COMMUNITY_LOCAL;
	if (e->standing.banned)
		return "you are banned from this community";
	if (inside && !account_is_local(e->author))
		return "this community is for people of its own server";
	if (e->community.sight == COMMUNITY_MEMBERS && !e->standing.member)
		return "this community is for its members";
	return e->parent != NULL ? why_not_comment(s, e) : why_not_thread(e);
}

static const char *why_not(struct social *s, const struct entry *e)
{
	const char *why = why_never(s, e);
	if (why != NULL || e->later || e->community.slow_s == 0 ||
	    (e->standing.permissions & COMMUNITY_MAY_SKIP_QUEUE) != 0)
		return why;
	uint64_t last = posted_last(s, e->community.id, e->author->id);
	return last != 0 && last + (uint64_t)e->community.slow_s * 1000 > db_txn_now(s->txn)
		       ? "this community is slow: wait a little before you post again"
		       : NULL;
}

void community_narrow(struct status *status, enum community_sight sight)
{
	if (sight == COMMUNITY_MEMBERS)
		status->visibility = VISIBILITY_MEMBERS;
	else if (sight == COMMUNITY_LOCAL && status->visibility != VISIBILITY_MEMBERS)
		status->visibility = VISIBILITY_LOCAL;
	else if (sight == COMMUNITY_UNLISTED && status->visibility == VISIBILITY_PUBLIC)
		status->visibility = VISIBILITY_UNLISTED;
}

/*
 * Whoever names a community that he is not in, and that everybody may read, speaks of it; whoever is in
 * it, or might post, speaks to it, and hears why not. What is posted elsewhere is public already.
 */
static bool speaks_of(const struct entry *e)
{
	return !account_is_local(e->author) || (!e->standing.member && !e->standing.banned &&
						e->community.sight < COMMUNITY_LOCAL &&
						e->community.posting != COMMUNITY_POST_ANYBODY);
}

static enum rc route_here(struct social *s, struct entry *e, struct status *status, bool wanted)
{
	/* a partner has asked its own questions (joint.h) */
	const bool accepted = s->accepted_in == e->community.id;
	const char *why = accepted ? NULL : why_not(s, e);
	if (why != NULL)
		return wanted || !speaks_of(e) ? refuse(s, why) : act_end(s, RC_OK);
	status->community = e->community.id;
	community_narrow(status, e->community.sight);
	status->waits = !accepted && e->community.premoderated &&
			(e->standing.permissions & COMMUNITY_MAY_SKIP_QUEUE) == 0;
	return act_end(s, RC_OK);
}

static enum rc route(struct social *s, struct entry *e, struct status *status, uint64_t wanted)
{
	const struct account *author = e->author;
	const struct status *parent = e->parent;
	const bool answers = parent != NULL && parent->community != 0;
	status->community = 0;
	status->waits = false;
	if (parent != NULL && wanted != 0 && wanted != parent->community)
		return ctx_fail(s->ctx, RC_INVALID, "a comment is where its thread is");
	uint64_t id = answers	       ? parent->community
		      : wanted != 0    ? wanted
		      : parent == NULL ? group_mentioned(s, status)
				       : 0;
	/* a letter is between those who are named, wherever it answers */
	if (id == 0 || status->visibility == VISIBILITY_DIRECT)
		return wanted != 0 && id != 0 ? refuse(s, "a letter is posted in no community")
					      : act_end(s, RC_OK);
	/* groups post in no groups: two that name each other would never end */
	if (author->kind == ACCOUNT_GROUP && wanted == 0)
		return act_end(s, RC_OK);
	if (community_effective(s->txn, s->ctx->arena, id, &e->community)) {
		const bool open = e->community.sight < COMMUNITY_LOCAL;
		/* what is for the author's followers is for no community that others read, unless
		 * that says so */
		if (status->visibility == VISIBILITY_FOLLOWERS && open && !answers && wanted == 0)
			return act_end(s, RC_OK);
		if (!community_standing(s->txn, s->ctx->arena, id, author->id, &e->standing))
			return act_end(s, RC_NOT_FOUND);
		if (status->visibility == VISIBILITY_FOLLOWERS && open)
			return answers ? act_end(s, RC_OK)
				       : refuse(s, "what is in this community is for everybody");
		return route_here(s, e, status, answers || wanted != 0);
	}
	/* a group elsewhere decides itself, and tells of what it has taken */
	if (account_is_local(author) && community_banned_elsewhere(s, id, author->id))
		return refuse(s, "you are banned from this community");
	if (account_is_local(author) && visibility_is_open(status->visibility))
		status->community = id;
	return act_end(s, RC_OK);
}

/* Do only those read it who may read what is in a community? */
static bool is_kept(const struct status *status, enum community_sight sight)
{
	return status->visibility == VISIBILITY_DIRECT ||
	       status->visibility == VISIBILITY_MEMBERS ||
	       (sight == COMMUNITY_LOCAL && status->visibility == VISIBILITY_LOCAL);
}

enum rc community_names_none_closed(struct social *s, const struct account *author,
				    const struct status *status, const struct status *before)
{
	for (unsigned i = 0; account_is_local(author) && i < status->mention_count; i++) {
		const struct status_mention *m = &status->mentions[i];
		struct community c;
		if (m->account != 0 && m->account != status->community &&
		    (before == NULL || !act_mentions(before, m->uri)) &&
		    community_effective(s->txn, s->ctx->arena, m->account, &c) &&
		    c.sight >= COMMUNITY_LOCAL && !is_kept(status, c.sight))
			return act_end(s, ctx_fail(s->ctx, RC_DENIED,
						   "@%.*s keeps what is said in it to itself: this "
						   "would be read by others",
						   STR_ARG(m->handle)));
	}
	return act_end(s, RC_OK);
}

enum rc community_route(struct social *s, const struct account *author, struct status *status,
			const struct status *parent, uint64_t wanted)
{
	struct entry e = { .author = author, .parent = parent };
	enum rc rc = route(s, &e, status, wanted);
	return rc == RC_OK ? community_names_none_closed(s, author, status, NULL) : rc;
}

enum rc community_foresee(struct social *s, const struct draft *draft)
{
	struct status status = draft->status, parent;
	struct account author;
	struct entry e = { .author = &draft->author, .later = true };
	if (draft->edits != 0)
		return act_end(s, RC_OK);
	if (draft->parent != 0) {
		enum rc rc = act_load(s, draft->parent, &parent, &author);
		if (rc != RC_OK)
			return rc;
		e.parent = &parent;
	}
	status.visibility = draft->visibility;
	post_know_mentioned(s, &status);
	enum rc rc = route(s, &e, &status, draft->community);
	return rc == RC_OK ? community_names_none_closed(s, &draft->author, &status, NULL) : rc;
}

enum rc community_hears_vote(struct social *s, const struct account *actor,
			     const struct status *status)
{
	if (status->community == 0 || !community_exists(s->txn, status->community) ||
	    community_permits(s->txn, status->community, actor->id, COMMUNITY_MAY_VOTE))
		return act_end(s, RC_OK);
	return refuse(s, "your role in this community does not let you vote");
}

/* --- telling --- */

void community_hears(struct social *s, uint64_t community, struct federate *f)
{
	struct account group;
	if (community != 0 && account_get(s->txn, s->ctx->arena, community, &group))
		act_hears(f, &group);
}

/* Votes and reactions: of one popular thread there are more than of all posts of a day. */
static bool is_vote(enum federate_what what)
{
	return what == FEDERATE_LIKE || what == FEDERATE_UNLIKE || what == FEDERATE_DISLIKE ||
	       what == FEDERATE_UNDISLIKE || what == FEDERATE_REACT || what == FEDERATE_UNREACT;
}

static void pass_add(struct social *s, const struct federate *f, bool vote)
{
	if (vote)
		federate_add_patient(s, f);
	else
		federate_add(s, f);
}

/* Other servers that own it, too, hear what its followers hear. */
static void partners_hear(struct social *s, uint64_t community, struct federate *f)
{
	uint64_t partners[JOINT_PARTNERS_MAX];
	size_t n = joint_partners(s->txn, community, partners);
	for (size_t i = 0; i < n; i++)
		community_hears(s, partners[i], f);
}

static bool is_moderation(enum federate_what what)
{
	return what >= FEDERATE_COMMUNITY_LOCK && what <= FEDERATE_COMMUNITY_DISMISS;
}

/* What a community does not show it does not tell of, but that it shows it no more. */
static bool is_hidden(struct social *s, uint64_t community, const struct federate *inner)
{
	struct community_post place;
	return !is_moderation(inner->what) && inner->status != 0 &&
	       community_post_get(s->txn, community, inner->status, &place) &&
	       (place.flags & (COMMUNITY_POST_HELD | COMMUNITY_POST_REMOVED)) != 0;
}

void community_pass(struct social *s, uint64_t community, const struct federate *inner)
{
	struct buf packed CLEANUP(buf_free) = BUF_INIT(64 * 1024);
	struct account group;
	if (community == 0 || visibility_stays(inner->visibility) ||
	    !account_get(s->txn, s->ctx->arena, community, &group) || account_is_gone(&group))
		return;
	federate_encode(&packed, inner);
	struct federate f = { .actor = group.id,
			      .status = inner->status,
			      .target = inner->actor,
			      .visibility = VISIBILITY_PUBLIC,
			      .at_ms = db_txn_now(s->txn),
			      .text = arena_str(s->ctx->arena, buf_str(&packed)) };
	if (!community_exists(s->txn, community) || is_hidden(s, community, inner))
		return;
	f.what = FEDERATE_COMMUNITY_PASS;
	/* whoever is banned, or wrote what is removed, may be no member */
	if (is_moderation(inner->what))
		community_hears(s, inner->target, &f);
	partners_hear(s, community, &f);
	f.uri = site_activity_uri(s->ctx->arena, group.uri, "announces", db_next_id(s->txn));
	pass_add(s, &f, is_vote(inner->what));
}

static void pass_body(struct social *s, uint64_t community, uint64_t body, struct str origin,
		      uint64_t concerns, bool vote)
{
	struct account group;
	if (!community_exists(s->txn, community) ||
	    !account_get(s->txn, s->ctx->arena, community, &group) || account_is_gone(&group))
		return;
	struct federate f = { .what = FEDERATE_COMMUNITY_PASS,
			      .actor = group.id,
			      .visibility = VISIBILITY_PUBLIC,
			      .object = origin,
			      .at_ms = db_txn_now(s->txn),
			      .status = body };
	community_hears(s, concerns, &f);
	partners_hear(s, community, &f);
	f.uri = site_activity_uri(s->ctx->arena, group.uri, "announces", db_next_id(s->txn));
	queue_body_hold(s->txn, body);
	pass_add(s, &f, vote);
}

void community_pass_body(struct social *s, uint64_t community, uint64_t body, struct str origin,
			 uint64_t concerns)
{
	pass_body(s, community, body, origin, concerns, false);
}

void community_pass_vote(struct social *s, uint64_t community, uint64_t body, struct str origin)
{
	pass_body(s, community, body, origin, 0, true);
}

void community_tell_act(struct social *s, const struct account *actor, uint64_t community,
			enum federate_what what, const struct status *status, uint64_t target,
			struct str reason, uint64_t until_ms)
{
	struct arena *arena = s->ctx->arena;
	struct account group;
	if (!account_get(s->txn, arena, community, &group))
		return;
	/* at the command line the community itself acts */
	const struct account *who = actor != NULL ? actor : &group;
	struct federate f = { .what = what,
			      .actor = who->id,
			      .status = status != NULL ? status->id : 0,
			      .target = target,
			      .visibility = status != NULL ? status->visibility : VISIBILITY_PUBLIC,
			      .object = status != NULL	? status->uri
					: until_ms != 0 ? arena_printf(arena, "%llu",
								       (unsigned long long)until_ms)
							: STR(""),
			      .text = reason,
			      .at_ms = db_txn_now(s->txn) };
	struct community c;
	if (!account_is_local(who))
		return; /* what it sent is passed on as it came */
	if (community_effective(s->txn, arena, community, &c) && c.sight >= COMMUNITY_LOCAL)
		return;
	f.uri = site_activity_uri(arena, who->uri, "moderation", db_next_id(s->txn));
	f.extra[f.extra_count++] = community;
	if (account_is_local(&group))
		community_pass(s, community, &f);
	else
		federate_add(s, &f);
}

/* --- posting --- */

struct community_post community_place_of(const struct status *status)
{
	/* what it answers may come later */
	bool comment = status->parent != 0 || status->parent_uri.len != 0;
	return (struct community_post){ .community = status->community,
					.status = status->id,
					.root = comment ? status->root : status->id,
					.flags = (comment ? COMMUNITY_POST_COMMENT : 0U) |
						 (status->waits ? COMMUNITY_POST_HELD : 0U),
					.last_ms = status->created_ms };
}

/*
 * A community of this node shows its threads on its profile: it boosts them, so that servers without
 * groups pass them to its followers, too. Comments are told to servers that know groups (FEP-1b12).
 */
enum rc community_show(struct social *s, const struct status *status)
{
	struct account group;
	if (status->parent != 0 || visibility_stays(status->visibility) ||
	    !account_get(s->txn, s->ctx->arena, status->community, &group))
		return act_end(s, RC_OK);
	enum rc rc = act_boost(s, &group, status->id, STR(""), db_txn_now(s->txn),
			       status->visibility, NULL);
	return rc == RC_EXISTS || rc == RC_DENIED ? act_end(s, RC_OK) : rc;
}

void community_tell_watchers(struct social *s, const struct status *status)
{
	const bool comment = status->parent != 0 || status->parent_uri.len != 0;
	struct account group;
	if (!comment && account_get(s->txn, s->ctx->arena, status->community, &group))
		act_notify_thread(s, status, &group);
}

enum rc community_taken_up(struct social *s, const struct account *author,
			   const struct status *status)
{
	struct federate f = { .what = FEDERATE_CREATE,
			      .actor = author->id,
			      .status = status->id,
			      .visibility = status->visibility,
			      .uri = arena_join(s->ctx->arena, status->uri, STR("/activity")),
			      .at_ms = status->created_ms };
	community_tell_watchers(s, status);
	enum rc rc = community_show(s, status);
	if (rc == RC_OK && account_is_local(author))
		community_pass(s, status->community, &f);
	return rc;
}

enum rc community_posted(struct social *s, const struct account *author,
			 const struct status *status)
{
	if (status->community == 0)
		return act_end(s, RC_OK);
	const struct community_post place = community_place_of(status);
	community_post_add(s->txn, &place);
	if (!community_exists(s->txn, status->community))
		return act_end(s, RC_OK);
	if (status->waits) {
		community_tell_staff(s, status->community, COMMUNITY_MAY_APPROVE, NOTICE_STATUS,
				     author->id, status->id);
		return act_end(s, RC_OK);
	}
	return community_taken_up(s, author, status);
}

void community_tells(struct social *s, uint64_t community, struct status *status)
{
	/* what is in one stays there: a group does not take posts from another */
	if (status->community != 0 || visibility_stays(status->visibility) ||
	    community_exists(s->txn, community))
		return;
	status->community = community;
	if (!status_edit(s->txn, status))
		return;
	const struct community_post place = community_place_of(status);
	community_post_add(s->txn, &place);
	if ((place.flags & COMMUNITY_POST_COMMENT) == 0)
		community_post_recount(s->txn, community, status->id, RECOUNT);
}

void community_gone(struct social *s, const struct status *status)
{
	if (status->community != 0)
		community_post_del(s->txn, status->community, status->id);
}

/* --- keeping for so long --- */

/* Removes a thread that nobody has answered since, unless it is pinned. */
static size_t retire(struct social *s, uint64_t community, uint64_t id, uint64_t since_ms)
{
	struct community_post place;
	struct status status;
	struct account author;
	if (!community_post_get(s->txn, community, id, &place) || place.last_ms > since_ms ||
	    community_post_is_pinned(&place, db_txn_now(s->txn)) ||
	    act_load(s, id, &status, &author) != RC_OK)
		return 0;
	if (account_is_local(&author))
		return act_delete(s, &author, id) == RC_OK;
	act_remove(s, id);
	return 1;
}

size_t community_retain(struct social *s, uint64_t community, size_t count)
{
	struct community c;
	struct page page = { .min_id = 1 };
	uint64_t ids[CHUNK];
	size_t n = 0, got;
	if (!community_effective(s->txn, s->ctx->arena, community, &c) || c.retention_days == 0)
		return 0;
	uint64_t keep = (uint64_t)c.retention_days * MS_PER_DAY, now = db_txn_now(s->txn);
	uint64_t since = now - (keep < now ? keep : now);
	while (n < count && (got = community_posts(s->txn, community, COMMUNITY_POSTS_THREADS,
						   &page, ids, CHUNK)) != 0) {
		/* the oldest stand last; what came here later is too young, whatever it is */
		for (size_t i = got; i-- > 0 && n < count;) {
			if (db_id_ms(ids[i]) > since)
				return n;
			n += retire(s, community, ids[i], since);
		}
		page.min_id = ids[0];
	}
	return n;
}
