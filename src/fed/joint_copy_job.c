/*
 * Posts whose origin is gone (part of JOB_JOINT; joint_silence.c says when): a partner is asked for its copy. What a
 * partner says of a third person is not proved (S-027), and is believed within bounds: it is in this community and no
 * other, nobody is told of it, its author has neither keys nor an inbox by it, it is known for what it is
 * (store/joint_copy.h), and the origin's word replaces it (joint_return_job.c).
 */
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "social/sift.h"
#include "store/joint_copy.h"
#include "store/status.h"
#include "text/acct.h"

#define ASKED_LATELY_MS \
	MS_PER_HOUR /* longer ago a host is asked once more before a copy is taken */

struct joint_copying {
	struct ap_object *object;
	struct ap_actor author; /* as the copy tells of them */
	struct status status;
};

/* --- reading a copy --- */

static enum rc malformed(struct joint_work *w, const char *why)
{
	return ctx_fail(&w->ctx, RC_INVALID, "the copy %s", why);
}

/* The author stands in the post, since nobody else can be asked who it is. */
static enum rc author_read(struct joint_work *w, struct jr object, struct joint_copying *c)
{
	const struct ap_reader reader = { &w->ctx, w->fed->site->iri_flags };
	struct jr author = jr_get(object, "attributedTo");
	const struct str id = ap_id(&reader, jr_get(author, "id")),
			 url = ap_id(&reader, jr_get(author, "url"));
	c->author = (struct ap_actor){ .id = c->object->attributed_to,
				       .type = jr_str(jr_get(author, "type")),
				       .username = jr_str(jr_get(author, "preferredUsername")),
				       .name = jr_str(jr_get(author, "name")),
				       .url = ap_same_origin(&reader, url, id) ? url : STR("") };
	/* remote.c: who has to give way is called so */
	if (!str_eq(id, c->object->attributed_to) || !acct_user_valid(c->author.username) ||
	    str_has_prefix_nocase(c->author.username, STR(COPIED_PREFIX)))
		return malformed(w, "does not say who wrote it");
	if (ap_type_class(jr_get(author, "type")) != AP_CLASS_ACTOR)
		return malformed(w, "is by what is no actor");
	return RC_OK;
}

static enum rc copy_read(struct joint_work *w, struct document *doc)
{
	const struct ap_reader reader = { &w->ctx, w->fed->site->iri_flags };
	struct joint_copying *c = ARENA_NEW(w->ctx.arena, struct joint_copying);
	struct jr root = jr_root(doc->doc), object = jr_get(root, "object");
	if (c == NULL)
		return RC_NO_MEMORY;
	if (!joint_is_theirs(w, doc, "Announce") ||
	    !str_eq(ap_id(&reader, jr_get(root, "actor")), w->group.uri))
		return malformed(w, "is not the partner's");
	enum rc rc = ap_object_decode(&reader, object, &c->object);
	if (rc == RC_OK && !str_eq(c->object->id, w->task.uri))
		rc = malformed(w, "is of another post");
	/* whoever passes it on names itself: so it is for this community */
	if (rc == RC_OK && !ap_audience_has(&c->object->audience, w->group.uri))
		rc = malformed(w, "is for another community");
	if (rc == RC_OK)
		rc = author_read(w, object, c);
	if (rc == RC_OK)
		rc = remote_status_make(&w->ctx, w->fed, c->object, &c->status);
	/* the JSON that its origin had is nowhere */
	c->status.flags &= ~(unsigned)STATUS_RAW_KEPT;
	w->copying = c;
	w->doc = doc->doc;
	doc->doc = NULL;
	return rc;
}

/* --- taking it --- */

/* Is it for this community, and by whom it names and what it answers for no other one of this node? */
static bool is_for_this_alone(struct joint_work *w, struct social *s)
{
	const struct status *copy = &w->copying->status;
	struct status parent;
	bool named = false;
	/* an answer to what has moved here, too */
	const uint64_t id = copy->parent_uri.len != 0 ? status_named(s->txn, copy->parent_uri) : 0;
	if (id != 0 && (!status_get(s->txn, s->ctx->arena, id, &parent) ||
			parent.community != w->task.community))
		return false;
	for (unsigned i = 0; i < copy->mention_count; i++) {
		const uint64_t who = account_id_of_uri(s->txn, copy->mentions[i].uri);
		if (who != w->task.community && community_exists(s->txn, who))
			return false;
		named = named || who == w->group.id;
	}
	return named;
}

/* As they are known, or as they would be: then with the id 0. */
static bool author_find(struct joint_work *w, struct social *s, struct account *out)
{
	const struct ap_actor *told = &w->copying->author;
	if (account_find_uri(s->txn, s->ctx->arena, told->id, out))
		return !account_is_local(out) && !account_is_gone(out);
	*out = (struct account){ .uri = told->id,
				 .username = told->username,
				 .domain = uri_authority(told->id),
				 .display_name = told->name,
				 .url = STR(""),
				 .followers = STR("") };
	return uri_is_free(uri_find(s->txn, told->id));
}

static bool author_make(struct joint_work *w, struct social *s, struct account *author)
{
	uint64_t id = author->id;
	return id != 0 || (remote_account_copied(s, &w->copying->author, &id) == RC_OK &&
			   account_get(s->txn, s->ctx->arena, id, author));
}

/* What the node's own rules hold or refuse is not taken on somebody else's word. */
static bool passes_rules(struct joint_work *w, struct social *s, const struct account *author,
			 const struct status *status)
{
	const struct sift_post post = { .author = author, .status = status };
	struct sift_verdict verdict;
	sift_ask(s->txn, s->ctx, w->fed->site, &post, &verdict);
	return verdict.action != SIEVE_HOLD && verdict.action != SIEVE_REJECT;
}

static void copy_store(struct joint_work *w, struct social *s)
{
	const struct joint_copying *c = w->copying;
	struct status status = c->status;
	struct account author;
	if (!is_for_this_alone(w, s) || !author_find(w, s, &author))
		return;
	status.visibility = remote_visibility(&c->object->audience, author.followers);
	/* S-125: its author deleted it while the copy was on its way */
	if (!visibility_is_open(status.visibility) || seen_has(s->txn, status.uri, author.id) ||
	    !passes_rules(w, s, &author, &status))
		return;
	s->quiet = true;
	s->accepted_in = w->task.community;
	if (!author_make(w, s, &author) || act_receive_post(s, &author, &status) != RC_OK)
		return;
	const struct joint_copy copy = { status.id, w->task.community, w->group.id };
	if (joint_taken(w, s, &status))
		joint_copy_put(s->txn, &copy);
	else
		joint_copy_drop(s, &status);
}

static void copy_step(struct joint_work *w, struct social *s)
{
	struct status status;
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	if (status_find_uri(s->txn, s->ctx->arena, w->task.uri, &status))
		(void)!joint_taken(w, s, &status);
	else if (joint_origin_is_gone(w, s->txn, w->task.uri, NULL))
		copy_store(w, s);
}

static void copy_came(void *arg, enum rc rc, struct document *doc)
{
	struct joint_work *w = arg;
	if (rc != RC_OK)
		return joint_work_failed(w, rc);
	rc = copy_read(w, doc);
	if (rc != RC_OK)
		return joint_work_end(w, QUEUE_REJECT, err_text(&w->ctx.err));
	joint_work_write(w, copy_step);
}

/* --- asking for it --- */

static void none_step(struct joint_work *w UNUSED, struct social *s UNUSED)
{
}

/* Its host was heard of meanwhile: the post is read there. */
static void take_instead_step(struct joint_work *w, struct social *s)
{
	struct joint_task task = w->task;
	task.step = JOINT_STEP_TAKE;
	joint_task_add(s, &task, uri_authority(task.uri), 0);
}

/* And then the same once more. */
static void probed_step(struct joint_work *w, struct social *s)
{
	joint_silence_step(w, s);
	joint_task_add(s, &w->task, uri_authority(w->group.uri), 0);
}

static void copy_probed(struct joint_work *w)
{
	joint_work_write_unasked(w, probed_step);
}

static void copy_ask(struct joint_work *w)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * JOINT_NAME_SIZE);
	const struct reckey name = reckey_digest(w->task.uri);
	enc_hex(&hex, str_n(name.bytes, JOINT_NAME_SIZE));
	document_fetch(w->fed, &w->ctx,
		       arena_printf(w->ctx.arena, "%.*s?copy=%.*s", STR_ARG(joint_items_url(w)),
				    STR_ARG(buf_str(&hex))),
		       copy_came, w);
}

void joint_copy_run(struct joint_work *w)
{
	uint64_t asked_ms = 0;
	struct db_txn *txn;
	if (site_owns_text(w->fed->site, w->task.uri) || peer_blocked_uri(w->fed, w->task.uri))
		return joint_work_write_unasked(w, none_step);
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return joint_work_end(w, QUEUE_DEFER, "the database cannot be read now");
	const bool gone = joint_origin_is_gone(w, txn, w->task.uri, &asked_ms);
	db_read_end(&txn);
	if (!gone)
		return joint_work_write_unasked(w, take_instead_step);
	if (asked_ms + ASKED_LATELY_MS < clock_wall_ms(w->fed->clock))
		return joint_probe(w, copy_probed);
	copy_ask(w);
}
