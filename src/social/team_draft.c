/* What members write, until it is published: drafts, reviews, handing over. Inside transactions, but for
 * composing. */
#include "social/media.h"
#include "store/personal.h"
#include "team_int.h"

#define NOTE_CHARS 2000
#define EXCERPT_CHARS 200

/* --- what becomes of what --- */

enum team_way team_way_of(const struct team *team, enum team_role role, uint64_t person,
			  uint64_t edits, uint64_t writer)
{
	team_permissions at_once = edits != 0 ? TEAM_MAY(EDIT) : TEAM_MAY(PUBLISH);
	if (team_role_may(role, at_once))
		return team->four_eyes ? TEAM_REVIEWED : TEAM_AT_ONCE;
	/* one's own may be changed by whoever may write */
	if (team_role_may(role, TEAM_MAY(DRAFT)) && (edits == 0 || writer == person))
		return TEAM_REVIEWED;
	return TEAM_REFUSED;
}

bool team_may_look(enum team_role role, uint64_t person, const struct scheduled *row)
{
	if (row->owner == person)
		return true;
	/* what somebody still writes is seen by nobody else */
	return row->state != SCHEDULED_DRAFT &&
	       team_role_may(role, TEAM_MAY(REVIEW) | TEAM_MAY(EDIT));
}

bool team_may_drop(enum team_role role, uint64_t person, const struct scheduled *row)
{
	return row->owner == person ||
	       (row->state != SCHEDULED_DRAFT && team_role_may(role, TEAM_MAY(DELETE)));
}

/* Would it need nobody else if this person sent it now? */
static bool may_alone(struct social *s, uint64_t id, uint64_t person, enum team_role role,
		      const struct scheduled *row)
{
	struct team team;
	return team_get(s->txn, id, &team) &&
	       team_way_of(&team, role, person, row->edits, row->writer) == TEAM_AT_ONCE;
}

bool team_may_publish(struct social *s, const struct scheduled *row)
{
	enum team_role role = team_role_of(s->txn, s->ctx->arena, row->account, row->owner);
	return row->reviewer != 0 || may_alone(s, row->account, row->owner, role, row);
}

enum rc team_hold(struct social *s, const struct scheduled *row)
{
	struct scheduled held = *row;
	held.state = SCHEDULED_WAITING;
	held.changed_ms = db_txn_now(s->txn);
	scheduled_put(s->txn, &held);
	team_log(s, row->account, 0, "draft.hold", row->id, STR(""));
	team_tell_reviewers(s, &held);
	return act_end(s, RC_OK);
}

/* --- writing --- */

static enum rc no_draft(struct social *s)
{
	return act_end(s, ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such draft"));
}

/* Later than it was before, whatever the clock says: who saw the one has not seen the other. */
static void touch(struct social *s, struct scheduled *row)
{
	uint64_t now_ms = db_txn_now(s->txn);
	row->changed_ms = now_ms > row->changed_ms ? now_ms : row->changed_ms + 1;
}

static enum rc as_seen(struct social *s, const struct scheduled *row, uint64_t seen_ms)
{
	return row->changed_ms == seen_ms
		       ? RC_OK
		       : act_end(s, ctx_fail(s->ctx, RC_CONFLICT,
					     "It was changed meanwhile: look at it once more"));
}

/* With the role that person has. */
static enum rc load(struct social *s, uint64_t team, uint64_t person, uint64_t id,
		    struct scheduled *row, enum team_role *role)
{
	*role = team_role_of(s->txn, s->ctx->arena, team, person);
	if (!scheduled_get(s->txn, s->ctx->arena, team, id, row) || row->owner == 0 ||
	    !team_may_look(*role, person, row))
		return no_draft(s);
	return RC_OK;
}

static enum rc may_time(struct social *s, const struct team_writing *w)
{
	enum rc rc = team_allow(s, w->team, w->person, TEAM_MAY(SCHEDULE));
	if (rc == RC_OK && w->due_ms != 0 && w->due_ms <= db_txn_now(s->txn))
		rc = ctx_fail(s->ctx, RC_INVALID, "The scheduled date must be in the future");
	return rc;
}

/* due_ms is the time that it has already. */
static enum rc may_write(struct social *s, const struct team_writing *w, uint64_t due_ms)
{
	struct byline byline = { .writer = 0 };
	struct status post;
	struct team team;
	enum rc rc = team_allow(s, w->team, w->person,
				w->edits != 0 ? TEAM_MAY(DRAFT) | TEAM_MAY(EDIT) : TEAM_MAY(DRAFT));
	if (rc == RC_OK && w->due_ms != due_ms)
		rc = may_time(s, w);
	if (rc != RC_OK || w->edits == 0)
		return rc;
	if (!status_get(s->txn, s->ctx->arena, w->edits, &post) || post.account != w->team ||
	    (post.flags & STATUS_BOOST) != 0)
		return act_end(s, RC_NOT_FOUND);
	byline_get(s->txn, w->edits, &byline);
	enum team_role role = team_role_of(s->txn, s->ctx->arena, w->team, w->person);
	if (!team_get(s->txn, w->team, &team) ||
	    team_way_of(&team, role, w->person, w->edits, byline.writer) == TEAM_REFUSED)
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "Your role in this team, %s, does not permit to change "
					   "what others wrote",
					   team_role_name(role)));
	return act_end(s, RC_OK);
}

/* The media that a changed post has already stay with it; others are held until then. */
static enum rc reserve(struct social *s, const struct team_writing *w, uint64_t id)
{
	uint64_t fresh[POST_MEDIA_MAX];
	unsigned count = 0;
	struct account team;
	struct medium m;
	medium_release(s->txn, MEDIUM_SCHEDULED, id);
	for (unsigned i = 0; i < w->params->media_count; i++) {
		bool there = medium_get(s->txn, s->ctx->arena, w->params->media[i], &m);
		if (!there || w->edits == 0 || m.use != MEDIUM_POST || m.holder != w->edits)
			fresh[count++] = w->params->media[i];
	}
	if (!account_get(s->txn, s->ctx->arena, w->team, &team))
		return act_end(s, RC_NOT_FOUND);
	return media_reserve(s, &team, id, fresh, count);
}

bool team_has_written(const struct scheduled *row, uint64_t person)
{
	bool found = row->writer == person;
	for (unsigned i = 0; !found && i < row->former_count; i++)
		found = row->former[i] == person;
	return found;
}

/* Whoever changes the text is its writer from then on, and whoever wrote it before stays known: none of them
 * is the second person who reviews it. */
static enum rc take_over(struct social *s, const struct team_writing *w, struct scheduled *row)
{
	if (row->writer == w->person)
		return RC_OK;
	if (row->former_count == SCHEDULED_FORMER_MAX)
		return ctx_fail(s->ctx, RC_TOO_LARGE,
				"%d people have changed it already: write it anew",
				SCHEDULED_FORMER_MAX);
	row->former[row->former_count++] = row->writer;
	row->writer = w->person;
	return RC_OK;
}

/* Clients want a word for who will see it (entities/ScheduledStatus#params-visibility), and so do who review it. */
static void visibility_fill(struct social *s, const struct team_writing *w, struct post_params *p)
{
	struct preference preference;
	struct status post;
	if (p->has_visibility)
		return;
	preference_get(s->txn, s->ctx->arena, w->team, &preference);
	p->has_visibility = true;
	p->visibility = preference.visibility;
	if (w->edits != 0 && status_get(s->txn, s->ctx->arena, w->edits, &post))
		p->visibility = post.visibility;
}

static enum rc keep(struct social *s, const struct team_writing *w, struct scheduled *row)
{
	struct str before = row->params;
	struct post_params params = *w->params;
	visibility_fill(s, w, &params);
	row->due_ms = w->due_ms;
	row->params = post_params_write(s->ctx->arena, &params);
	row->state = w->submit ? SCHEDULED_WAITING : SCHEDULED_DRAFT;
	row->owner = w->person;
	row->reviewer = 0;
	row->note = STR("");
	touch(s, row);
	if (row->params.ptr == NULL)
		return RC_NO_MEMORY;
	enum rc rc = w->id != 0 && !str_eq(before, row->params) ? take_over(s, w, row) : RC_OK;
	if (rc != RC_OK)
		return rc;
	if (w->id != 0) {
		scheduled_put(s->txn, row);
		return RC_OK;
	}
	rc = scheduled_add(s->txn, row);
	if (rc == RC_TOO_LARGE)
		return ctx_fail(s->ctx, rc,
				"at most %d posts wait or are scheduled, %d for one day",
				SCHEDULED_MAX, SCHEDULED_DAY_MAX);
	return rc;
}

enum rc team_write(struct social *s, const struct team_writing *w, struct scheduled *out)
{
	enum team_role role;
	struct team_writing wish = *w;
	enum rc rc = RC_OK;
	*out = (struct scheduled){ .account = w->team, .writer = w->person, .edits = w->edits };
	if (w->id != 0)
		rc = load(s, w->team, w->person, w->id, out, &role);
	if (rc == RC_OK && w->id != 0 && out->owner != w->person)
		rc = team_allow(s, w->team, w->person, TEAM_MAY(EDIT));
	if (rc == RC_OK && w->id != 0)
		rc = as_seen(s, out, w->seen_ms);
	wish.edits = out->edits;
	if (rc == RC_OK)
		rc = may_write(s, &wish, out->due_ms);
	if (rc == RC_OK)
		rc = keep(s, &wish, out);
	if (rc == RC_OK)
		rc = reserve(s, &wish, out->id);
	if (rc != RC_OK)
		return rc;
	team_log(s, w->team, w->person, w->submit ? "draft.submit" : "draft.write", out->id,
		 STR(""));
	if (w->submit)
		team_tell_reviewers(s, out);
	return act_end(s, RC_OK);
}

enum rc team_write_check(struct ctx *ctx, const struct site *site, struct db *db,
			 const struct team_writing *w)
{
	struct post_params *params = ARENA_NEW(ctx->arena, struct post_params);
	struct scheduled row = { .account = w->team,
				 .edits = w->edits,
				 .params = post_params_write(ctx->arena, w->params) };
	struct draft draft = { .id = 0 };
	struct db_txn *txn;
	if (params == NULL || row.params.ptr == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = schedule_load(ctx, txn, &row, params, &draft);
	db_read_end(&txn);
	return rc == RC_OK ? schedule_finish(ctx, site, db, NULL, params, &draft) : rc;
}

enum rc team_drop(struct social *s, uint64_t person, uint64_t team, uint64_t id)
{
	enum team_role role;
	struct scheduled row;
	enum rc rc = load(s, team, person, id, &row, &role);
	if (rc != RC_OK)
		return rc;
	if (!team_may_drop(role, person, &row))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "Your role in this team, %s, does not permit this",
					   team_role_name(role)));
	scheduled_del(s->txn, team, id);
	team_log(s, team, person, "draft.drop", id, STR(""));
	return act_end(s, RC_OK);
}

enum rc team_put_off(struct social *s, uint64_t person, uint64_t team, uint64_t id, uint64_t due_ms)
{
	enum team_role role;
	struct scheduled row;
	struct account account;
	enum rc rc = load(s, team, person, id, &row, &role);
	if (rc == RC_OK)
		rc = team_allow(s, team, person, TEAM_MAY(SCHEDULE));
	if (rc == RC_OK && row.owner != person)
		rc = team_allow(s, team, person, TEAM_MAY(EDIT));
	if (rc != RC_OK)
		return rc;
	if (!account_get(s->txn, s->ctx->arena, team, &account))
		return act_end(s, RC_NOT_FOUND);
	/* an embargo was approved, too */
	if (row.reviewer != 0 && due_ms < row.due_ms && !may_alone(s, team, person, role, &row))
		return act_end(s, ctx_fail(s->ctx, RC_DENIED,
					   "What was approved is not posted earlier than that"));
	if (row.state == SCHEDULED_DUE || row.state == SCHEDULED_REFUSED) {
		rc = act_reschedule(s, &account, id, due_ms);
	} else if (due_ms < db_txn_now(s->txn) + SCHEDULE_LEAD_MS) {
		rc = ctx_fail(s->ctx, RC_INVALID, "The scheduled date must be in the future");
	} else {
		row.due_ms = due_ms;
		touch(s, &row);
		scheduled_put(s->txn, &row);
	}
	if (rc == RC_OK)
		team_log(s, team, person, "draft.put-off", id, STR(""));
	return rc == RC_OK ? act_end(s, rc) : rc;
}

/* --- reviewing --- */

/* RC_CONFLICT: it does not wait. Four eyes are those of two people. */
static enum rc may_review(struct social *s, uint64_t team, uint64_t person, uint64_t id,
			  struct scheduled *row)
{
	enum team_role role;
	enum rc rc = team_allow(s, team, person, TEAM_MAY(REVIEW));
	if (rc == RC_OK)
		rc = load(s, team, person, id, row, &role);
	if (rc != RC_OK)
		return rc;
	if (team_has_written(row, person) || row->owner == person)
		return act_end(s,
			       ctx_fail(s->ctx, RC_DENIED, "Somebody else reviews what you wrote"));
	if (row->state != SCHEDULED_WAITING)
		return act_end(s, ctx_fail(s->ctx, RC_CONFLICT, "It does not wait for review"));
	return act_end(s, RC_OK);
}

static enum rc read_review(struct ctx *ctx, struct db_txn *txn, struct team_review *review)
{
	struct social s = { .txn = txn, .ctx = ctx };
	enum rc rc = may_review(&s, review->team, review->person, review->id, &review->row);
	if (rc == RC_OK)
		rc = as_seen(&s, &review->row, review->seen_ms);
	if (rc == RC_OK)
		rc = schedule_load(ctx, txn, &review->row, &review->params, &review->draft);
	return rc;
}

enum rc team_review_compose(struct ctx *ctx, const struct site *site, struct db *db,
			    struct team_review *review)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = read_review(ctx, txn, review);
	db_read_end(&txn);
	return rc == RC_OK ? schedule_finish(ctx, site, db, NULL, &review->params, &review->draft)
			   : rc;
}

/* The person who acts is the writer while it is posted. */
static enum rc publish(struct social *s, const struct scheduled *row, struct draft *draft,
		       struct str key, struct team_review *review)
{
	uint64_t person = s->person;
	struct account writer;
	scheduled_del(s->txn, row->account, row->id);
	s->person = row->writer;
	s->reviewer = review->person;
	s->former = row->former[0];
	enum rc rc = act_post_draft(s, draft);
	s->person = person;
	s->reviewer = s->former = 0;
	review->made = row->edits != 0 ? row->edits : draft->status.id;
	if (rc != RC_OK)
		return rc;
	/* a client that asks once more is told of the post */
	if (key.len != 0)
		idempotency_put(s->txn, row->account, key, false, review->made);
	if (account_get(s->txn, s->ctx->arena, row->writer, &writer))
		act_notify(s, &writer, row->edits != 0 ? NOTICE_EDIT : NOTICE_STATUS, row->account,
			   review->made);
	return act_end(s, RC_OK);
}

enum rc team_approve(struct social *s, struct team_review *review)
{
	struct draft draft = review->draft;
	struct scheduled row;
	enum rc rc = may_review(s, review->team, review->person, review->id, &row);
	if (rc == RC_OK)
		rc = as_seen(s, &row, review->seen_ms);
	if (rc != RC_OK)
		return rc;
	team_log(s, review->team, review->person, "draft.approve", row.id, STR(""));
	review->published = row.due_ms <= db_txn_now(s->txn);
	if (review->published)
		return publish(s, &row, &draft, review->params.idempotency, review);
	row.state = SCHEDULED_DUE;
	row.reviewer = review->person;
	touch(s, &row);
	scheduled_put(s->txn, &row);
	schedule_enqueue(s, row.account, row.id, row.due_ms);
	review->made = row.id;
	return act_end(s, RC_OK);
}

enum rc team_return(struct social *s, uint64_t person, uint64_t team, uint64_t id, struct str note)
{
	struct scheduled row;
	enum rc rc = may_review(s, team, person, id, &row);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, note, NOTE_CHARS, (size_t)4 * NOTE_CHARS, &row.note);
	if (rc != RC_OK)
		return rc;
	row.state = SCHEDULED_RETURNED;
	row.reviewer = person;
	touch(s, &row);
	scheduled_put(s->txn, &row);
	team_log(s, team, person, "draft.return", id, row.note);
	team_letter(
		s, team, &row.owner, 1,
		arena_printf(s->ctx->arena, "What you wrote was returned: %.*s",
			     STR_ARG(row.note.len != 0 ? row.note : STR("no reason was given"))),
		arena_join(s->ctx->arena, s->site->base, STR("/auth/teams")));
	return act_end(s, RC_OK);
}

/* --- handing over --- */

size_t team_hand_over(struct social *s, uint64_t team, uint64_t from, uint64_t to)
{
	struct scheduled *all = ARENA_ARRAY(s->ctx->arena, SCHEDULED_MAX, struct scheduled);
	size_t handed = 0;
	if (all == NULL || to == 0)
		return 0;
	size_t n = scheduled_list(s->txn, s->ctx->arena, team, &PAGE_ALL, all, SCHEDULED_MAX);
	for (size_t i = 0; i < n; i++) {
		if (all[i].owner != from)
			continue;
		all[i].owner = to;
		scheduled_put(s->txn, &all[i]);
		handed++;
	}
	return handed;
}

/* --- whom it waits for --- */

static struct str excerpt_of(struct social *s, const struct scheduled *row)
{
	struct post_params *p = ARENA_NEW(s->ctx->arena, struct post_params);
	if (p == NULL || post_params_read(s->ctx, row->params, p) != RC_OK)
		return STR("");
	struct str text = p->text;
	size_t at = 0;
	for (size_t chars = 0; at < text.len && chars < EXCERPT_CHARS; chars++) {
		do
			at++;
		while (at < text.len && ((unsigned char)text.ptr[at] & 0xc0) == 0x80);
	}
	return str_take(text, at);
}

void team_tell_reviewers(struct social *s, const struct scheduled *row)
{
	struct team_member all[TEAM_MEMBERS_MAX];
	uint64_t reviewers[TEAM_MEMBERS_MAX];
	struct account writer;
	size_t n = team_members(s->txn, row->account, 0, all, TEAM_MEMBERS_MAX), count = 0;
	for (size_t i = 0; i < n; i++) {
		if (team_role_may(all[i].role, TEAM_MAY(REVIEW)) &&
		    !team_has_written(row, all[i].person) && all[i].person != row->owner)
			reviewers[count++] = all[i].person;
	}
	if (count == 0 || !account_get(s->txn, s->ctx->arena, row->writer, &writer))
		return;
	struct str text =
		arena_printf(s->ctx->arena, "%.*s wrote something that waits for review: “%.*s”",
			     STR_ARG(writer.username), STR_ARG(excerpt_of(s, row)));
	team_letter(s, row->account, reviewers, count, text,
		    arena_join(s->ctx->arena, s->site->base, STR("/auth/teams")));
}
