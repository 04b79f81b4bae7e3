/*
 * Posts that are known by a partner's copy are asked for at their origins again, once a day (part of JOB_JOINT). What
 * the origin says then counts: the same, and it is a post like others; something else, and the copy goes without a trace
 * and the post is read anew; nothing (404, 410, a Tombstone), and it goes for good.
 */
#include "core/must.h"
#include "db/rec.h"
#include "joint_job_int.h"
#include "store/event.h"
#include "store/joint_copy.h"
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

enum found { FOUND_NONE, FOUND_COPY, FOUND_SILENT };

/* The next copy whose host has not kept silent in this round; task.after is its id. */
static enum found copy_next(struct joint_work *w, struct status *out, struct account *author)
{
	struct arena *arena = w->ctx.arena;
	struct joint_copy copy;
	struct db_txn *txn;
	enum found found = FOUND_SILENT;
	if (db_read_begin(w->fed->db, &txn) != RC_OK)
		return FOUND_NONE;
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

enum rc joint_read_anew(struct social *s, const struct joint_copy *copy)
{
	struct status status;
	struct joint_item item;
	struct joint j;
	if (!status_get(s->txn, s->ctx->arena, copy->status, &status))
		return db_txn_rc(s->txn) != RC_OK ? db_txn_rc(s->txn) : RC_NOT_FOUND;
	struct reckey name = reckey_digest(status.uri);
	struct joint_task task = { .step = JOINT_STEP_TAKE,
				   .community = copy->community,
				   .partner = copy->partner,
				   .uri = status.uri };
	/* what was done with it counts */
	if (joint_item_get(s->txn, copy->community, name.bytes, &item)) {
		task.state = item.state;
		task.state_ms = item.state_ms;
	}
	joint_copy_drop(s, &status);
	if (joint_get(s->txn, s->ctx->arena, copy->community, copy->partner, &j) &&
	    j.state == JOINT_AGREED)
		joint_task_add(s, &task, uri_authority(status.uri), 0);
	else
		inbox_job_add(s, INBOX_FETCH, uri_authority(status.uri), status.uri, STR(""), 0,
			      STR(""));
	return db_txn_rc(s->txn);
}

/* --- is it what the origin says? --- */

static bool same_attachments(const struct status *a, const struct status *b)
{
	for (unsigned i = 0; i < a->attachment_count && i < b->attachment_count; i++) {
		const struct status_attachment *x = &a->attachments[i], *y = &b->attachments[i];
		if (!str_eq(x->url, y->url) || !str_eq(x->description, y->description) ||
		    !str_eq(x->media_type, y->media_type))
			return false;
	}
	return a->attachment_count == b->attachment_count;
}

static bool same_tags(const struct status *a, const struct status *b)
{
	for (unsigned i = 0; i < a->tag_count && i < b->tag_count; i++) {
		if (!str_eq(a->tags[i], b->tags[i]))
			return false;
	}
	return a->tag_count == b->tag_count;
}

static bool names(const struct status *s, const struct status_mention *who)
{
	for (unsigned i = 0; i < s->mention_count; i++) {
		if (str_eq(s->mentions[i].uri, who->uri))
			return true;
	}
	return false;
}

/* Whoever passes it on adds whom it addresses: of those who are named alone. */
static bool names_all_of(const struct status *a, const struct status *b)
{
	for (unsigned i = 0; i < b->mention_count; i++) {
		if (b->mentions[i].handle.len != 0 && !names(a, &b->mentions[i]))
			return false;
	}
	return true;
}

static bool same_second(uint64_t a, uint64_t b)
{
	return a / MS_PER_SECOND == b / MS_PER_SECOND;
}

/* In all that people see of it. Where less than all can be compared it is something else: then it is read anew. */
static bool is_the_same(const struct status *a, const struct status *b)
{
	return str_eq(a->type, b->type) && str_eq(a->url, b->url) && str_eq(a->title, b->title) &&
	       str_eq(a->content.markup, b->content.markup) && str_eq(a->spoiler, b->spoiler) &&
	       str_eq(a->language, b->language) && str_eq(a->parent_uri, b->parent_uri) &&
	       str_eq(a->excerpt, b->excerpt) && str_eq(a->quote.uri, b->quote.uri) &&
	       ((a->flags ^ b->flags) & STATUS_SENSITIVE) == 0 && a->visibility == b->visibility &&
	       same_second(a->created_ms, b->created_ms) &&
	       same_second(a->edited_ms, b->edited_ms) && !a->has_poll && !b->has_poll &&
	       !status_is_event(a) && !status_is_event(b) && a->word_count == 0 &&
	       b->word_count == 0 && a->emoji_count == b->emoji_count && same_attachments(a, b) &&
	       same_tags(a, b) && names_all_of(a, b) && names_all_of(b, a);
}

static bool is_confirmed(struct joint_work *w, struct social *s, const struct status *stored)
{
	struct incoming *in = w->in;
	struct account author;
	if (!account_get(s->txn, s->ctx->arena, stored->account, &author) ||
	    !str_eq(in->object->attributed_to, author.uri))
		return false;
	in->status.visibility = remote_visibility(&in->object->audience, author.followers);
	return is_the_same(stored, &in->status);
}

/* --- steps --- */

static void next_step(struct joint_work *w, struct social *s UNUSED)
{
	joint_task_encode(&w->payload, &w->next);
}

static void answered(struct joint_work *w, struct social *s)
{
	joint_host_answered(s, w->uri);
	next_step(w, s);
}

static void gone_step(struct joint_work *w, struct social *s)
{
	(void)!gone_apply(s, w->uri);
	answered(w, s);
}

static void returned_step(struct joint_work *w, struct social *s)
{
	struct joint_copy copy;
	struct status status;
	if (joint_copy_get(s->txn, w->task.after, &copy) &&
	    status_get(s->txn, s->ctx->arena, copy.status, &status)) {
		if (is_confirmed(w, s, &status))
			joint_copy_del(s->txn, copy.status);
		else
			(void)!joint_read_anew(s, &copy);
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
		return joint_work_end(w, QUEUE_DELIVERED, "");
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
