/*
 * Posts that are known by a partner's copy are asked for at their origins again, once a day (part of JOB_JOINT), and
 * when their authors speak of them. What the origin says then replaces all of the copy, in its place; what it says is
 * not there goes, and may come again; 410 and a Tombstone are for good.
 */
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "store/joint_copy.h"
#include "store/revision.h"
#include "store/status.h"

#define SCAN_MAX 50	/* rows that one step looks at */
#define SILENT_MAX 4096 /* bytes of the names of hosts that did not answer, of one round */

static bool is_silent(const struct joint_work *w, struct str host)
{
	struct str rest = w->task.text, name;
	while (str_next(&rest, ' ', &name)) {
		if (str_eq(name, host))
			return true;
	}
	return false;
}

enum found { FOUND_NONE, FOUND_COPY, FOUND_SILENT, FOUND_LATER };

/* The next copy whose host has not kept silent in this round; task.after is its id. */
static enum found copy_next(struct joint_work *w, struct status *out, struct account *author)
{
	struct arena *arena = w->ctx.arena;
	struct joint_copy copy;
	struct db_txn *txn;
	enum found found = FOUND_SILENT;
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return FOUND_LATER;
	for (unsigned i = 0; i < SCAN_MAX && found == FOUND_SILENT; i++) {
		if (!joint_copy_next(txn, w->task.after, &copy)) {
			found = FOUND_NONE;
			break;
		}
		w->task.after = copy.status;
		if (status_get(txn, arena, copy.status, out) &&
		    account_get(txn, arena, out->account, author) &&
		    !is_silent(w, uri_authority(out->uri)))
			found = FOUND_COPY;
	}
	db_read_end(&txn);
	return found;
}

void joint_copy_drop(struct social *s, const struct status *status)
{
	const bool quiet = s->quiet;
	struct account author;
	s->quiet = true;
	if (account_get(s->txn, s->ctx->arena, status->account, &author) &&
	    act_delete(s, &author, status->id) == RC_OK)
		uri_del(s->txn, status->uri);
	s->quiet = quiet;
}

/* --- what the origin says --- */

/* What no edit changes. */
static bool stands_where_it_was(const struct status *stored, const struct status *origin)
{
	return str_eq(stored->type, origin->type) &&
	       str_eq(stored->parent_uri, origin->parent_uri) &&
	       stored->visibility == origin->visibility;
}

/* All of it, as if it had come from there at first: that is no edit, and no news. */
static bool replace(struct joint_work *w, struct social *s, const struct joint_copy *copy,
		    const struct account *author)
{
	struct incoming *in = w->in;
	struct status stored, next = in->status;
	if (!status_get(s->txn, s->ctx->arena, copy->status, &stored) ||
	    !stands_where_it_was(&stored, &in->status))
		return false;
	s->quiet = true;
	s->accepted_in = copy->community;
	next.id = stored.id;
	next.edited_ms = stored.edited_ms + 1;
	if (act_edit(s, author, &next) != RC_OK ||
	    !status_get(s->txn, s->ctx->arena, copy->status, &stored))
		return false;
	stored.edited_ms = in->status.edited_ms;
	stored.created_ms = in->status.created_ms;
	if ((stored.flags & STATUS_RAW_KEPT) != 0)
		status_raw_put(s->txn, stored.id, in->bytes);
	revisions_del(s->txn, stored.id);
	joint_copy_del(s->txn, stored.id);
	return status_edit(s->txn, &stored);
}

/* The copy is somebody else's, or stands elsewhere: it goes, and the post is asked for, for those who are still
 * partners. */
static void read_anew(struct social *s, const struct joint_copy *copy, const struct status *status)
{
	struct reckey name = reckey_digest(status->uri);
	struct joint_task task = { .step = JOINT_STEP_TAKE,
				   .community = copy->community,
				   .partner = copy->partner,
				   .uri = status->uri };
	struct joint_item item;
	/* what was done with it counts */
	if (joint_item_get(s->txn, copy->community, name.bytes, &item)) {
		task.state = item.state;
		task.state_ms = item.state_ms;
		task.text =
			community_reason_get(s->txn, s->ctx->arena, copy->community, status->id);
	}
	joint_copy_drop(s, status);
	joint_task_add(s, &task, uri_authority(status->uri), 0);
}

void joint_ask_again(struct social *s, const struct joint_copy *copy, struct str uri)
{
	const struct joint_task task = {
		.step = JOINT_STEP_RETURN, .after = copy->status - 1, .tries = 1, .uri = STR("")
	};
	joint_host_answered(s, uri);
	joint_task_add(s, &task, STR(""), 0);
}

/* --- steps --- */

/* tries: it was to be asked for one alone. */
static void next_step(struct joint_work *w, struct social *s UNUSED)
{
	if (w->task.tries == 0)
		joint_task_encode(&w->payload, &w->next);
}

static void answered(struct joint_work *w, struct social *s)
{
	joint_host_answered(s, w->uri);
	next_step(w, s);
}

/* Gone for good. */
static void gone_step(struct joint_work *w, struct social *s)
{
	(void)!gone_apply(s, w->uri);
	answered(w, s);
}

/* A host that comes back often says so of all that it has, for a while: it may come again. */
static void missing_step(struct joint_work *w, struct social *s)
{
	struct joint_copy copy;
	struct status status;
	if (joint_copy_get(s->txn, w->task.after, &copy) &&
	    status_get(s->txn, s->ctx->arena, copy.status, &status))
		joint_copy_drop(s, &status);
	answered(w, s);
}

static void returned_step(struct joint_work *w, struct social *s)
{
	struct joint_copy copy;
	struct status status;
	struct account author;
	if (joint_copy_get(s->txn, w->task.after, &copy) &&
	    status_get(s->txn, s->ctx->arena, copy.status, &status) &&
	    account_get(s->txn, s->ctx->arena, status.account, &author)) {
		w->in->status.visibility =
			remote_visibility(&w->in->object->audience, author.followers);
		/* whose document says nothing yet is asked for again */
		bool own = str_eq(w->in->object->attributed_to, author.uri);
		if (!own || (author.inbox.len != 0 && !replace(w, s, &copy, &author)))
			read_anew(s, &copy, &status);
	}
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
	w->answers = true;
	if (rc == RC_NOT_FOUND)
		return joint_work_write(w, missing_step);
	if (rc == RC_GONE ||
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
		return joint_work_end(w, QUEUE_DELIVERED, "");
	case FOUND_LATER:
		return joint_work_end(w, QUEUE_DEFER, "the database cannot be read now");
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
