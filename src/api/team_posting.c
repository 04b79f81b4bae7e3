/*
 * Posts and changes of posts that members send for a team and that wait for review. The answer is a
 * ScheduledStatus, which is also a Status: a client that has asked for no time reads the one, a client
 * that has reads the other (entities/Status, entities/ScheduledStatus).
 */
#include "team_api_int.h"

#include "core/date.h"
#include "social/community.h"

/* --- what becomes of it --- */

static enum rc find_way(struct call *call, uint64_t edits, enum team_way *out)
{
	struct byline byline = { .writer = 0 };
	struct team team;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	if (edits != 0)
		byline_get(txn, edits, &byline);
	*out = team_get(txn, call_account(call)->id, &team)
		       ? team_way_of(&team, call->bearer.role, call_person(call)->id, edits,
				     byline.writer)
		       : TEAM_REFUSED;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

/* An edit may not say otherwise of media than they say, since that would not wait. */
static bool says_of_media(const struct status *before, const struct media_words_list *words)
{
	for (unsigned i = 0; words != NULL && i < words->count; i++) {
		const struct media_change *c = &words->list[i].change;
		for (unsigned k = 0; k < before->attachment_count; k++) {
			const struct status_attachment *a = &before->attachments[k];
			if (a->medium != words->list[i].id)
				continue;
			if ((c->description.ptr != NULL &&
			     !str_eq(str_trim(c->description), a->description)) ||
			    (c->has_focus &&
			     (c->focus_x != a->focus_x || c->focus_y != a->focus_y)))
				return true;
		}
	}
	return false;
}

/* --- writing --- */

struct submitting {
	const struct draft *draft;
	struct team_writing writing;
	struct post_params params;
	struct scheduled made;
	uint64_t published; /* what came of the same request before; 0: it is no post yet */
};

static enum rc submit(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, void *arg)
{
	struct submitting *p = arg;
	struct str key = p->params.idempotency;
	struct idempotent before;
	p->published = 0;
	if (key.len != 0 && idempotency_get(s->txn, actor->id, key, &before)) {
		if (!before.scheduled)
			p->published = before.id;
		if (p->published != 0 ||
		    scheduled_get(s->txn, s->ctx->arena, actor->id, before.id, &p->made))
			return RC_OK;
	}
	enum rc rc = community_foresee(s, p->draft);
	if (rc == RC_OK)
		rc = team_write(s, &p->writing, &p->made);
	if (rc == RC_OK && key.len != 0)
		idempotency_put(s->txn, actor->id, key, true, p->made.id);
	return rc;
}

static void answer(struct call *call, const struct draft *draft, uint64_t id)
{
	struct pending_view view = { .draft = draft };
	struct scheduled row;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		bool there = scheduled_get(g.txn, g.arena, call->viewer.account, id, &row);
		if (there)
			gather_scheduled(call, &g, &row, &view.scheduled);
		view.account = gather_account(&g, call->viewer.account);
		rc = gather_end(&g, there && view.account != NULL ? RC_OK : RC_NOT_FOUND);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	render_pending(reply_begin(call), call->api->parts.site, &view);
	reply_end(call, 200);
}

/* Everything is decoded and composed: it could be posted. */
static void keep(struct call *call, const struct draft *draft, const struct schedule_ask *ask)
{
	struct submitting *p = ARENA_NEW(call->ctx->arena, struct submitting);
	if (p == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (ask->at.len != 0 && !date_parse_rfc3339(ask->at, &p->writing.due_ms)) {
		reply_error(call, 422, "Validation failed: Scheduled at is invalid");
		return;
	}
	p->draft = draft;
	p->params = schedule_params(draft, ask);
	p->params.keeps_media = draft->keeps_media;
	p->writing.team = call_account(call)->id;
	p->writing.person = call_person(call)->id;
	p->writing.edits = draft->edits;
	p->writing.submit = true;
	p->writing.params = &p->params;
	enum rc rc = own_do(call, OWN_MAKE, 0, submit, p);
	if (rc != RC_OK)
		reply_team_rc(call, rc);
	else if (p->published != 0)
		reply_status(call, p->published);
	else if (draft->edits != 0)
		/* what the post says until then */
		reply_status(call, draft->edits);
	else
		answer(call, draft, p->made.id);
}

void reply_team_rc(struct call *call, enum rc rc)
{
	if (rc == RC_DENIED && call->ctx->err.rc == RC_DENIED)
		reply_error(call, 403, err_text(&call->ctx->err));
	else
		reply_rc(call, rc);
}

bool team_takes(struct call *call, const struct draft *draft, const struct schedule_ask *ask,
		const struct status *before, const struct media_words_list *words)
{
	enum team_way way;
	if (call->bearer.person.id == 0)
		return false;
	if (draft->visibility == VISIBILITY_DIRECT &&
	    !team_role_may(call->bearer.role, TEAM_MAY(LETTERS))) {
		team_refuse(call);
		return true;
	}
	enum rc rc = find_way(call, draft->edits, &way);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (way == TEAM_REFUSED)
		team_refuse(call);
	else if (way == TEAM_REVIEWED && before != NULL && says_of_media(before, words))
		reply_error(call, 422,
			    "The words of media cannot be changed by a change that waits for "
			    "review");
	else if (way == TEAM_REVIEWED)
		keep(call, draft, ask);
	return rc != RC_OK || way != TEAM_AT_ONCE;
}
