/*
 * Posts whose origin is gone (part of JOB_JOINT). A host counts as gone when it has answered nothing for as long
 * as queue.down_after says (7 days); one that answers that a post is not there (404, 410) is not. Then a partner
 * is asked for its copy. What a partner says of a third person is not proved (S-027), and is believed within
 * bounds: it is in this community and no other, nobody is told of it, its author has neither keys nor an inbox
 * by it, and it is known for what it is (store/joint.h, joint_copy). Once a day the origins are asked again: what
 * they say then counts.
 */
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "store/status.h"
#include "text/acct.h"

#define ASK_EVERY_MS MS_PER_DAY /* an origin that was gone */
#define SCAN_MAX 50		/* rows that one step looks at */
#define SILENT_MAX 4096		/* bytes of the names of hosts that did not answer, of one round */

struct joint_copying {
	struct ap_object *object;
	struct ap_actor author; /* as the copy tells of them */
	struct status status;
};

static uint64_t tomorrow(const struct joint_work *w)
{
	return clock_wall_ms(w->fed->clock) + ASK_EVERY_MS;
}

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
	if (!str_eq(id, c->object->attributed_to) || !acct_user_valid(c->author.username))
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

/* Is it, by whom it names or what it answers, for another community of this node, too? */
static bool is_for_another(struct joint_work *w, struct social *s)
{
	const struct status *copy = &w->copying->status;
	struct status parent;
	if (copy->parent_uri.len != 0 &&
	    status_find_uri(s->txn, s->ctx->arena, copy->parent_uri, &parent) &&
	    parent.community != w->task.community)
		return true;
	for (unsigned i = 0; i < copy->mention_count; i++) {
		const uint64_t id = account_id_of_uri(s->txn, copy->mentions[i].uri);
		if (id != w->task.community && community_exists(s->txn, id))
			return true;
	}
	return false;
}

static enum rc author_find(struct joint_work *w, struct social *s, struct account *out)
{
	const struct ap_actor *told = &w->copying->author;
	uint64_t id = account_id_of_uri(s->txn, told->id);
	enum rc rc = id == 0 ? remote_account_copied(s, told, &id) : RC_OK;
	if (rc == RC_OK && !account_get(s->txn, s->ctx->arena, id, out))
		rc = RC_NOT_FOUND;
	return rc == RC_OK && account_is_local(out) ? RC_DENIED : rc;
}

static void copy_store(struct joint_work *w, struct social *s)
{
	const struct joint_copying *c = w->copying;
	struct status status = c->status;
	struct account author;
	if (is_for_another(w, s) || author_find(w, s, &author) != RC_OK)
		return;
	status.visibility = remote_visibility(&c->object->audience, author.followers);
	/* S-125: its author deleted it while the copy was on its way */
	if (!visibility_is_open(status.visibility) || seen_has(s->txn, status.uri, author.id))
		return;
	s->quiet = true;
	s->accepted_in = w->task.community;
	if (act_receive_post(s, &author, &status) != RC_OK)
		return;
	/* what the node's own rules hold is in the community when a moderator has let it through */
	if ((status.flags & STATUS_HELD) != 0 || joint_taken(w, s, &status))
		joint_copied(s, &w->group, w->task.community, &status, tomorrow(w));
	else
		(void)!act_delete(s, &author, status.id);
}

static void copy_step(struct joint_work *w, struct social *s)
{
	struct status status;
	struct joint j;
	if (!joint_still_agreed(w, s, &j))
		return;
	if (status_find_uri(s->txn, s->ctx->arena, w->task.uri, &status))
		(void)!joint_taken(w, s, &status);
	else
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

void joint_copy_run(struct joint_work *w)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * JOINT_NAME_SIZE);
	const struct reckey name = reckey_digest(w->task.uri);
	if (site_owns_text(w->fed->site, w->task.uri) || peer_blocked_uri(w->fed, w->task.uri))
		return joint_work_end(w, QUEUE_REJECT,
				      "nobody's copy is taken of this host's posts");
	enc_hex(&hex, str_n(name.bytes, JOINT_NAME_SIZE));
	document_fetch(w->fed, &w->ctx,
		       arena_printf(w->ctx.arena, "%.*s?copy=%.*s", STR_ARG(joint_items_url(w)),
				    STR_ARG(buf_str(&hex))),
		       copy_came, w);
}

/* --- asking the origins again --- */

static bool is_silent(const struct joint_work *w, struct str host)
{
	struct str rest = w->task.text, name;
	while (str_next(&rest, ' ', &name)) {
		if (str_eq(name, host))
			return true;
	}
	return false;
}

enum found { FOUND_NONE, FOUND_GONE, FOUND_COPY, FOUND_SILENT };

/* The next copy whose host has not kept silent in this round; task.after is its id. */
static enum found copy_next(struct joint_work *w, struct status *out, struct account *author)
{
	struct arena *arena = w->ctx.arena;
	struct db_txn *txn;
	enum found found = FOUND_SILENT;
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return FOUND_NONE;
	for (unsigned i = 0; i < SCAN_MAX && found == FOUND_SILENT; i++) {
		if (joint_copies(txn, w->task.community, w->task.after, &w->task.after, 1) == 0)
			found = FOUND_NONE;
		else if (!status_get(txn, arena, w->task.after, out) ||
			 !account_get(txn, arena, out->account, author))
			found = FOUND_GONE;
		else if (!is_silent(w, uri_authority(out->uri)))
			found = FOUND_COPY;
	}
	db_read_end(&txn);
	return found;
}

/* Tomorrow again, as long as there is one. */
static void round_end_step(struct joint_work *w, struct social *s)
{
	const struct joint_task task = { .step = JOINT_STEP_RETURN,
					 .community = w->task.community,
					 .uri = STR("") };
	uint64_t first;
	if (joint_copies(s->txn, w->task.community, 0, &first, 1) != 0)
		joint_task_add(s, &task, STR(""), tomorrow(w));
}

static void next_step(struct joint_work *w, struct social *s UNUSED)
{
	joint_task_encode(&w->payload, &w->next);
}

/* It was deleted before it was in the community. */
static void forget_step(struct joint_work *w, struct social *s)
{
	joint_copy_del(s->txn, w->task.community, w->task.after);
	next_step(w, s);
}

static void answered(struct joint_work *w, struct social *s)
{
	queue_host_reached(s->txn, JOB_JOINT, uri_authority(w->uri));
	next_step(w, s);
}

static void gone_step(struct joint_work *w, struct social *s)
{
	(void)!gone_apply(s, w->uri);
	answered(w, s);
}

/* What is by somebody else there was never this author's. */
static void returned_step(struct joint_work *w, struct social *s)
{
	struct status status;
	if (updated_apply(w->in, s) == RC_DENIED)
		(void)!gone_apply(s, w->uri);
	else if (status_find_uri(s->txn, s->ctx->arena, w->uri, &status))
		joint_copy_del(s->txn, w->task.community, status.id);
	answered(w, s);
}

static bool is_away(enum rc rc)
{
	return rc == RC_UNREACHABLE || rc == RC_TIMEOUT;
}

/* It is not asked for its other posts today. */
static void host_is_silent(struct joint_work *w)
{
	const struct str host = uri_authority(w->uri), before = w->task.text;
	if (before.len + host.len < SILENT_MAX)
		w->task.text =
			arena_printf(w->ctx.arena, "%.*s %.*s", STR_ARG(before), STR_ARG(host));
	joint_work_write(w, next_step);
}

static void origin_came(void *arg, enum rc rc, struct document *doc)
{
	struct joint_work *w = arg;
	if (is_away(rc))
		return host_is_silent(w);
	if (rc == RC_GONE || rc == RC_NOT_FOUND ||
	    (rc == RC_OK && ap_type_class(jr_get(jr_root(doc->doc), "type")) == AP_CLASS_TOMBSTONE))
		return joint_work_write(w, gone_step);
	w->in = ARENA_NEW(w->ctx.arena, struct incoming);
	if (rc != RC_OK || w->in == NULL)
		return joint_work_write(w, next_step);
	*w->in = (struct incoming){ .fed = w->fed, .ctx = &w->ctx };
	rc = updated_open(w->in, w->uri, doc);
	joint_work_write(w, rc == RC_OK ? returned_step : next_step);
}

/* Whoever is gone may have left posts behind: their origin says so itself. */
static void author_came(void *arg, enum rc rc, uint64_t id UNUSED, struct str reason UNUSED)
{
	struct joint_work *w = arg;
	if (is_away(rc))
		return host_is_silent(w);
	document_fetch(w->fed, &w->ctx, w->uri, origin_came, w);
}

void joint_return_run(struct joint_work *w)
{
	struct status status;
	struct account author;
	switch (copy_next(w, &status, &author)) {
	case FOUND_NONE:
		return joint_work_write(w, round_end_step);
	case FOUND_GONE:
		return joint_work_write(w, forget_step);
	case FOUND_SILENT:
		return joint_work_write(w, next_step);
	case FOUND_COPY:
		break;
	}
	w->uri = status.uri;
	if (author.inbox.len == 0)
		return fed_resolve_actor(w->fed, author.uri, true, author_came, w);
	document_fetch(w->fed, &w->ctx, w->uri, origin_came, w);
}
