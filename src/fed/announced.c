/*
 * What groups elsewhere pass on (FEP-1b12). The activity inside an Announce is not signed by its actor:
 * it is believed when it bears the actor's proof (FEP-8b32), or when the actor is of the group's own
 * host (FEP-fe34); else only what the origin says counts (S-027). What a group says of its own posts
 * (locked, removed, pinned, voted on) is its to say. Whoever is followed by nobody here passes nothing
 * on (S-028), and nothing that was passed on is passed on in turn.
 *
 * A partner of a joint community (social/joint.h) speaks of a community of this node: what it tells is
 * done in that, and passed on to the others who have not told it. FEP-d36d has groups follow groups in a
 * like way, but shares posts alone, and nothing that is decided.
 */
#include "community_fed_int.h"
#include "core/must.h"
#include "core/utf8.h"
#include "social/joint.h"
#include "store/graph.h"
#include "store/uri.h"
#include "json/jcs.h"

#define REASON_CHARS 1000

enum told {
	TOLD_NOTHING,
	TOLD_INNER, /* is believed: as if its actor had sent it */
	TOLD_POST,  /* read at its origin */
	TOLD_EDIT,
	TOLD_GONE,
	TOLD_VOTE,
	TOLD_REACTION, /* of somebody in a joint community */
	TOLD_ACT,
	TOLD_MODERATOR,
	TOLD_BAN,
	TOLD_PROFILE, /* the group's own */
};

struct announced {
	enum told told;
	struct incoming inner;
	struct account group;
	uint64_t home; /* the community here of which the group is a partner; 0: of none */
	/* what is done, or with undo taken back */
	enum ap_activity_type type;
	bool undo;
	struct jr what;
	struct str object; /* the post that it is about, or the person */
	struct str target;
	struct str reason;
	enum community_act act;
	enum community_vote vote;
	struct ap_reaction reaction; /* text absent: none */
	bool on;		     /* it begins, and does not end */
	bool removes;
	uint64_t until_ms;
};

/* --- looking --- */

/* What is known here of what is told. */
struct known {
	uint64_t actor; /* account of the inner actor; 0: unknown */
	uint64_t status, author;
	uint64_t object; /* account that it is about; 0: about none that is known */
	bool authors;	 /* the inner actor is the author */
};

static struct known look_up(struct incoming *in, struct db_txn *txn, struct announced *t)
{
	struct known k = { .actor = account_id_of_uri(txn, t->inner.activity.actor) };
	struct status status;
	if (t->object.ptr != NULL && status_find_uri(txn, in->ctx->arena, t->object, &status)) {
		k.status = status.id;
		k.author = status.account;
		k.authors = k.actor != 0 && k.actor == status.account;
	} else if (t->object.ptr != NULL) {
		k.object = account_id_of_uri(txn, t->object);
	}
	return k;
}

/* Its actor's own word, whoever brings it. */
static bool is_believed(struct incoming *in, struct announced *t, const struct known *k)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	if (k->actor == 0)
		return false;
	return ap_same_origin(&reader, t->inner.activity.actor, in->activity.actor) ||
	       proof_of_known(&t->inner) == k->actor;
}

/* Its bytes are those that a proof is made over (RFC 8785). */
static enum rc write_inner(struct incoming *in, struct announced *t)
{
	struct buf bytes = BUF_INIT(DOCUMENT_MAX);
	enum rc rc = RC_OK;
	if (t->inner.bytes.len == 0) {
		rc = jcs_write(in->ctx->arena, t->inner.activity.root, NULL, 0, &bytes);
		t->inner.bytes = arena_take_buf(in->ctx->arena, &bytes);
	}
	return rc == RC_OK ? RC_OK : RC_NO_MEMORY;
}

/* As if it had come from its actor. */
static enum rc take_inner(struct incoming *in, struct announced *t, const struct known *k)
{
	enum rc rc = write_inner(in, t);
	if (rc != RC_OK)
		return rc;
	t->inner.told_in = t->home;
	t->inner.signer = k->actor;
	t->inner.told_by = t->group.id;
	t->inner.fetched = in->fetched;
	rc = incoming_prepare_row(&t->inner);
	if (rc == RC_NO_MEMORY)
		return rc;
	/* what nobody could have sent is nothing here either */
	if (rc != RC_OK || t->inner.row == NULL)
		return RC_OK;
	t->told = TOLD_INNER;
	in->need = t->inner.need;
	in->need_actor = t->inner.need_actor;
	return RC_OK;
}

/* --- by what it is --- */

/* What our own people did comes back: that has had its effect. */
static bool is_ours(const struct incoming *in, const struct announced *t)
{
	return site_owns_text(in->fed->site, t->inner.activity.actor);
}

static void told_origin(struct incoming *in, struct announced *t, const struct known *k)
{
	/* what our own people did comes back: the group shows it now */
	const bool ours = is_ours(in, t) || site_owns_text(in->fed->site, t->object);
	if (t->object.ptr == NULL || (ours && (k->status == 0 || t->home != 0)))
		return;
	t->told = TOLD_POST;
	if (k->status == 0 && !in->fetched)
		in->need = t->object;
}

static enum rc told_create(struct incoming *in, struct announced *t, const struct known *k)
{
	if (t->object.ptr == NULL || t->undo)
		return RC_OK;
	if (k->status == 0 && !is_ours(in, t) && is_believed(in, t, k))
		return take_inner(in, t, k);
	told_origin(in, t, k);
	return RC_OK;
}

static enum rc told_profile(struct incoming *in, struct announced *t, struct jr object)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	struct ap_reader reader = { &quiet, in->fed->site->iri_flags };
	/* a group speaks of itself, whoever of its people has changed it */
	if (str_eq(t->object, t->group.uri) &&
	    ap_actor_decode(&reader, object, &t->inner.profile) == RC_OK)
		t->told = TOLD_PROFILE;
	return arena_failed(in->ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

static enum rc told_update(struct incoming *in, struct announced *t, const struct known *k)
{
	struct jr object = jr_one_at(t->inner.activity.object, 0);
	if (t->undo)
		return RC_OK;
	if (ap_type_class(jr_get(object, "type")) == AP_CLASS_ACTOR)
		return told_profile(in, t, object);
	if (k->status == 0)
		return told_create(in, t, k);
	if (is_ours(in, t))
		return RC_OK;
	if (is_believed(in, t, k))
		return take_inner(in, t, k);
	t->told = TOLD_EDIT;
	return RC_OK;
}

static void tell_act(struct announced *t, enum community_act act)
{
	t->told = TOLD_ACT;
	t->act = act;
}

static enum rc told_delete(struct incoming *in, struct announced *t, const struct known *k)
{
	if (k->status == 0)
		return RC_OK;
	if (t->undo)
		tell_act(t, COMMUNITY_ACT_RESTORE);
	else if (!k->authors)
		tell_act(t, COMMUNITY_ACT_REMOVE);
	else if (is_ours(in, t))
		return RC_OK;
	else if (is_believed(in, t, k))
		return take_inner(in, t, k);
	else
		t->told = TOLD_GONE;
	return RC_OK;
}

/* Partners have each other's reactions as what they are; elsewhere they are votes (FEP-c0e0). What is taken
 * back needs no picture. */
static void reaction_read(struct incoming *in, struct announced *t)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	struct ap_reader reader = { &quiet, in->fed->site->iri_flags };
	if (t->home == 0 || t->type == AP_DISLIKE)
		return;
	enum rc rc = ap_reaction_decode(&reader, t->what, &t->reaction);
	if (rc != RC_OK && !(rc == RC_INVALID && t->undo))
		t->reaction.text = STR_NONE;
}

static enum rc told_vote(struct incoming *in, struct announced *t, const struct known *k)
{
	if (k->status == 0 || is_ours(in, t))
		return RC_OK;
	reaction_read(in, t);
	if (is_believed(in, t, k))
		return take_inner(in, t, k);
	if (t->reaction.text.ptr != NULL) {
		t->told = TOLD_REACTION;
		return RC_OK;
	}
	/* one of which nothing can be shown is nothing, as in handle_react.c */
	if (t->home != 0 && t->type == AP_EMOJI_REACT)
		return RC_OK;
	t->told = TOLD_VOTE;
	t->vote = t->undo		  ? COMMUNITY_VOTE_NONE
		  : t->type == AP_DISLIKE ? COMMUNITY_VOTE_DOWN
					  : COMMUNITY_VOTE_UP;
	return RC_OK;
}

static enum rc told_lock(struct incoming *in UNUSED, struct announced *t,
			 const struct known *k UNUSED)
{
	tell_act(t, t->undo ? COMMUNITY_ACT_UNLOCK : COMMUNITY_ACT_LOCK);
	return RC_OK;
}

static enum rc told_collected(struct incoming *in UNUSED, struct announced *t,
			      const struct known *k)
{
	const bool add = t->type == AP_ADD;
	if (t->target.len == 0 || t->undo)
		return RC_OK;
	/* a partner tells of what was pinned wherever it was done: the collection is that group's */
	if (str_eq(t->target, t->group.featured) || (t->home != 0 && k->status != 0)) {
		tell_act(t, add ? COMMUNITY_ACT_PIN : COMMUNITY_ACT_UNPIN);
	} else if (str_eq(t->target, t->group.moderators)) {
		t->told = TOLD_MODERATOR;
		t->on = add;
	}
	return RC_OK;
}

static enum rc told_ban(struct incoming *in, struct announced *t, const struct known *k)
{
	if ((!str_eq(t->target, t->group.uri) && t->home == 0) || t->target.ptr == NULL ||
	    t->object.ptr == NULL)
		return RC_OK;
	/* whoever is not known yet is kept out all the same */
	if (t->home != 0 && !t->undo && !in->fetched && k->object == 0 &&
	    !site_owns_text(in->fed->site, t->object)) {
		in->need = t->object;
		in->need_actor = true;
	}
	t->told = TOLD_BAN;
	t->on = !t->undo;
	t->until_ms = ap_time(jr_get(t->what, "endTime"));
	/* Lemmy before 0.19 */
	if (t->until_ms == 0)
		t->until_ms = ap_time(jr_get(t->what, "expires"));
	t->removes = t->on && jr_bool(jr_get(t->what, "removeData"), false);
	return RC_OK;
}

typedef enum rc telling(struct incoming *in, struct announced *t, const struct known *k);

/* What is not here means nothing, an Announce of an Announce among it: groups do not go in circles. */
static telling *const tellings[AP_ACTIVITY_COUNT] = {
	[AP_CREATE] = told_create, [AP_UPDATE] = told_update, [AP_DELETE] = told_delete,
	[AP_LIKE] = told_vote,	   [AP_DISLIKE] = told_vote,  [AP_EMOJI_REACT] = told_vote,
	[AP_LOCK] = told_lock,	   [AP_ADD] = told_collected, [AP_REMOVE] = told_collected,
	[AP_BLOCK] = told_ban,
};

static enum rc told_what(struct incoming *in, struct announced *t, struct db_txn *txn)
{
	struct ap_reader reader = { in->ctx, in->fed->site->iri_flags };
	t->what = t->inner.activity.root;
	t->type = t->inner.activity.type;
	t->undo = t->type == AP_UNDO;
	if (t->undo) {
		t->what = jr_one_at(t->inner.activity.object, 0);
		t->type = ap_type_activity(jr_get(t->what, "type"));
	}
	t->object = ap_id(&reader, jr_get(t->what, "object"));
	t->target = ap_id(&reader, jr_get(t->what, "target"));
	const struct known k = look_up(in, txn, t);
	/* whoever is no group may point to a post: its origin is asked, and it is in no community */
	if (t->group.kind != ACCOUNT_GROUP) {
		if (t->type == AP_CREATE && !t->undo)
			told_origin(in, t, &k);
		return RC_OK;
	}
	/* what our own people did comes back by circles of partners, moderation too */
	if (t->home != 0 && is_ours(in, t))
		return RC_OK;
	return tellings[t->type] != NULL ? tellings[t->type](in, t, &k) : RC_OK;
}

/* --- preparing --- */

static bool open_inner(struct incoming *in, struct announced *t)
{
	struct ctx *quiet = ARENA_NEW(in->ctx->arena, struct ctx);
	if (quiet == NULL)
		return false;
	quiet->arena = in->ctx->arena;
	struct ap_reader reader = { quiet, in->fed->site->iri_flags };
	t->inner = (struct incoming){ .fed = in->fed, .ctx = quiet };
	return ap_activity_decode(&reader, jr_one_at(in->activity.object, 0), &t->inner.activity) ==
		       RC_OK &&
	       peer_permitted_uri(in->fed, t->inner.activity.actor) &&
	       incoming_admit(&t->inner) == RC_OK;
}

static bool group_get(struct incoming *in, struct db_txn *txn, struct announced *t)
{
	t->home = joint_community(txn, in->signer);
	return account_get(txn, in->ctx->arena, in->signer, &t->group) &&
	       !account_is_local(&t->group) && !account_is_gone(&t->group);
}

static bool is_partner(struct fed *fed, uint64_t account)
{
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return false;
	bool partner = joint_community(txn, account) != 0;
	db_read_end(&txn);
	return partner;
}

enum rc prepare_announced(struct incoming *in)
{
	struct announced *t = ARENA_NEW(in->ctx->arena, struct announced);
	struct db_txn *txn;
	if (t == NULL)
		return RC_NO_MEMORY;
	in->announced = t;
	if ((!incoming_is_followed(in->fed, in->signer) && !is_partner(in->fed, in->signer)) ||
	    !open_inner(in, t))
		return arena_failed(in->ctx->arena) ? RC_NO_MEMORY : RC_OK;
	enum rc rc = db_read_begin(in->fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (group_get(in, txn, t))
		rc = told_what(in, t, txn);
	if (rc == RC_OK && t->home != 0 && t->told != TOLD_NOTHING)
		rc = write_inner(in, t);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	struct str reason = jr_str(jr_get(t->what, "summary"));
	t->reason = reason.len != 0 && utf8_valid(reason)
			    ? utf8_take(reason, REASON_CHARS, (size_t)REASON_CHARS * 2)
			    : STR("");
	return rc;
}

/* --- doing --- */

/* It is put into the group's community, where it is for it; or into ours, of which the group is a
 * partner (home): then RC_EXISTS where it was there. uri is the id of the Announce, or absent. */
static enum rc tell(struct social *s, const struct account *group, uint64_t home, uint64_t id,
		    struct str uri)
{
	struct status status;
	if (!status_get(s->txn, s->ctx->arena, id, &status))
		return RC_NOT_FOUND;
	if (home != 0)
		return joint_tells(s, group, home, &status);
	if (status.community != group->id) {
		if (!community_belongs(s, group, &status))
			return RC_NOT_FOUND;
		community_tells(s, group->id, &status);
	}
	if (status.community != group->id)
		return RC_NOT_FOUND;
	return community_announced(s, group, &status, uri);
}

uint64_t announced_home(const struct incoming *in)
{
	return in->announced != NULL ? in->announced->home : 0;
}

bool announced_plainly(struct social *s, const struct account *group, uint64_t id, struct str uri,
		       enum rc *rc)
{
	if (account_is_local(group))
		return false;
	*rc = tell(s, group, joint_community(s->txn, group->id), id, uri);
	return *rc != RC_NOT_FOUND;
}

static enum rc told_of_vote(struct social *s, const struct announced *t, uint64_t status,
			    enum community_vote vote)
{
	return t->home != 0
		       ? joint_told_vote(s, t->home, status, t->inner.activity.actor, vote)
		       : community_told_vote(s, t->group.id, status, t->inner.activity.actor, vote);
}

static enum rc told_of_reaction(struct social *s, const struct announced *t, uint64_t status)
{
	const struct str person = t->inner.activity.actor;
	const struct reaction r = reaction_told(s, &t->reaction, uri_authority(person));
	return joint_told_reaction(s, t->home, status, person, &r, t->undo);
}

/* Who is known by now may have been told of as a stranger: of that nothing stays. */
static bool told_is_over(struct social *s, const struct announced *t)
{
	uint64_t id =
		t->undo && tellings[t->type] == told_vote ? status_named(s->txn, t->object) : 0;
	if (id == 0)
		return false;
	bool over = told_of_vote(s, t, id, COMMUNITY_VOTE_NONE) == RC_OK;
	if (t->reaction.text.ptr != NULL)
		over = told_of_reaction(s, t, id) == RC_OK || over;
	return over;
}

static enum rc do_inner(struct incoming *in, struct social *s, struct announced *t)
{
	t->inner.status.parent = t->inner.status.parent_account = t->inner.status.root = 0;
	s->accepted_in = t->home;
	enum rc rc = incoming_effect(&t->inner, s);
	s->accepted_in = 0;
	enum ap_activity_type type = t->inner.activity.type;
	if ((rc == RC_OK || rc == RC_EXISTS) && (type == AP_CREATE || type == AP_UPDATE)) {
		uint64_t id = status_named(s->txn, t->object);
		if (id != 0 && tell(s, &t->group, t->home, id, in->activity.id) == RC_OK &&
		    t->home != 0)
			rc = RC_OK;
	}
	if (told_is_over(s, t))
		rc = RC_OK;
	/* whoever passes on what its author may not do has done nothing wrong */
	return rc == RC_DENIED || rc == RC_GONE || rc == RC_INVALID ? RC_NOT_FOUND : rc;
}

/* The community that the group speaks of. */
static uint64_t place_of(const struct announced *t)
{
	return t->home != 0 ? t->home : t->group.id;
}

/* The origin is asked, for posts of the group's. */
static enum rc ask(struct social *s, const struct announced *t, uint64_t id, enum inbox_mode mode)
{
	struct status status;
	if (id == 0 || !status_get(s->txn, s->ctx->arena, id, &status) ||
	    status.community != place_of(t) || (status.flags & STATUS_LOCAL) != 0)
		return RC_NOT_FOUND;
	inbox_job_add(s, mode, uri_authority(t->group.uri), t->object, STR(""), 0, STR(""));
	return RC_OK;
}

static enum rc do_ban(struct social *s, const struct announced *t)
{
	uint64_t id = account_id_of_uri(s->txn, t->object);
	if (id == 0)
		return RC_NOT_FOUND;
	enum rc rc =
		t->home != 0
			? joint_told_ban(s, &t->group, t->home, id, t->on, t->reason, t->until_ms)
			: community_told_ban(s, t->group.id, id, t->on, t->reason, t->until_ms);
	if (rc == RC_OK && t->removes)
		community_remove_later(s, NULL, place_of(t), id);
	return rc;
}

static enum rc do_told(struct incoming *in, struct social *s, struct announced *t)
{
	uint64_t status = t->object.ptr != NULL ? status_named(s->txn, t->object) : 0, id;
	switch (t->told) {
	case TOLD_NOTHING:
		break;
	case TOLD_INNER:
		return do_inner(in, s, t);
	case TOLD_POST:
		return status != 0 ? tell(s, &t->group, t->home, status, in->activity.id)
				   : RC_NOT_FOUND;
	case TOLD_EDIT:
		return ask(s, t, status, INBOX_UPDATED);
	case TOLD_GONE:
		return ask(s, t, status, INBOX_GONE);
	case TOLD_VOTE:
		return told_of_vote(s, t, status, t->vote);
	case TOLD_REACTION:
		return told_of_reaction(s, t, status);
	case TOLD_ACT:
		if (status == 0)
			return RC_NOT_FOUND;
		return t->home != 0
			       ? joint_moderated(s, t->home, status, t->act, t->reason)
			       : community_moderated(s, t->group.id, status, t->act, t->reason);
	case TOLD_MODERATOR:
		id = account_id_of_uri(s->txn, t->object);
		if (id == 0)
			return RC_NOT_FOUND;
		return t->home != 0 ? joint_told_moderator(s, &t->group, t->home, id, t->on)
				    : community_told_moderator(s, t->group.id, id, t->on);
	case TOLD_BAN:
		return do_ban(s, t);
	case TOLD_PROFILE:
		return remote_account_put(s, &t->inner.profile, STR_NONE, STR(""), &id);
	}
	return RC_NOT_FOUND;
}

enum rc apply_announced(struct incoming *in, struct social *s, const struct account *actor UNUSED)
{
	struct announced *t = in->announced;
	/* the relation may have ended since it was read */
	if (t->home != 0 && joint_community(s->txn, t->group.id) != t->home)
		return RC_NOT_FOUND;
	const bool joint = t->home != 0 && t->told != TOLD_NOTHING && t->told != TOLD_PROFILE;
	if (joint && community_told_before(&t->inner, s, t->home))
		return RC_EXISTS;
	enum rc rc = do_told(in, s, t);
	if (joint && rc == RC_OK)
		community_pass_told(&t->inner, s, t->home, &t->group);
	/* about what is not its own a group says nothing */
	return rc == RC_DENIED || rc == RC_INVALID ? RC_NOT_FOUND : rc;
}
