/* What guests and organizers of events do by forms. */
#include "events_int.h"
#include "social/community.h"
#include "social/schedule.h"
#include "store/personal.h"

struct event_act {
	struct asking *asking;
	uint64_t id, account;
	struct str who, note;
	uint64_t minutes;
	bool letter;
	uint64_t original_ms;
	struct event_date_change change;
	struct draft draft;
	struct status next;
	enum rc (*run)(struct social *s, const struct account *actor, struct event_act *act);
};

struct step {
	const char *name;
	enum rc (*run)(struct social *s, const struct account *actor, struct event_act *act);
	enum rc (*read)(struct asking *a, struct event_act *act); /* NULL: nothing more */
	bool of_none;						  /* it makes one */
};

/* --- guests --- */

static enum rc run_join(struct social *s, const struct account *actor, struct event_act *act)
{
	enum participation state;
	return event_join(s, actor, act->id, STR(""), act->note, &state);
}

static enum rc run_leave(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_leave(s, actor, act->id);
}

static enum rc read_remind(struct asking *a, struct event_act *act)
{
	act->letter = asking_field(a, "letter").len != 0;
	if (str_to_u64(asking_field(a, "minutes"), &act->minutes))
		return RC_OK;
	return ctx_fail(&a->req->ctx, RC_INVALID, "say when you are to be reminded");
}

static enum rc run_remind(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_remind(s, actor, act->id, act->minutes, act->letter);
}

/* --- organizers --- */

static enum rc run_accept(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_answer(s, actor, act->id, act->account, true);
}

static enum rc run_refuse(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_answer(s, actor, act->id, act->account, false);
}

static enum rc run_invite(struct social *s, const struct account *actor, struct event_act *act)
{
	enum rc rc = act->account != 0 ? RC_OK : page_find_handle(s, act->who, &act->account);
	if (rc == RC_OK)
		rc = event_invite(s, actor, act->id, act->account);
	return rc == RC_EXISTS ? ctx_fail(s->ctx, RC_EXISTS, "they were invited before, or come")
			       : rc;
}

static enum rc run_cancel(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_cancel(s, actor, act->id);
}

/* Where times are told by the clocks of the event. */
static enum rc read_zone(struct asking *a, uint64_t id, struct status *status, struct zone *zone)
{
	struct event_card card;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = event_card_read(a, txn, id, &card) ? RC_OK : RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK)
		rc = zone_load(&a->req->ctx, card.status.event.timezone, zone);
	*status = card.status;
	return rc;
}

static enum rc read_date(struct asking *a, struct event_act *act)
{
	struct ctx *ctx = &a->req->ctx;
	struct str fate = asking_field(a, "fate"), place = str_trim(asking_field(a, "place"));
	struct status status;
	struct zone zone;
	enum rc rc = str_to_u64(asking_field(a, "date"), &act->original_ms)
			     ? read_zone(a, act->id, &status, &zone)
			     : ctx_fail(ctx, RC_INVALID, "say which date of the series");
	if (rc == RC_OK)
		rc = event_time_take(ctx, &zone, asking_field(a, "starts"), &act->change.start_ms);
	if (rc == RC_OK)
		rc = event_time_take(ctx, &zone, asking_field(a, "ends"), &act->change.end_ms);
	act->change.place = place.len != 0 ? place : STR_NONE;
	act->change.fate = EVENT_DATE_STAYS;
	if (str_eq(fate, STR("off")))
		act->change.fate = EVENT_DATE_CALL_OFF;
	else if (str_eq(fate, STR("on")))
		act->change.fate = EVENT_DATE_RESTORE;
	return rc;
}

static enum rc run_date(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_change_date(s, actor, act->id, act->original_ms, &act->change);
}

/* --- making and changing --- */

/* What the author prefers for new posts; and whether they may hold events there, before it is composed. */
static enum rc read_author(struct asking *a, struct draft *draft)
{
	const struct post_said said = { .visibility = false };
	struct arena *arena = a->req->ctx.arena;
	struct preference preference;
	struct db_txn *txn;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (draft->community != 0 && !community_has_member(txn, draft->community, a->account.id))
		rc = ctx_fail(&a->req->ctx, RC_NOT_FOUND, "you are in no such community");
	preference_get(txn, arena, a->account.id, &preference);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	draft->author = a->account;
	return rc == RC_OK ? draft_prefer(arena, &preference, &said, draft) : rc;
}

static enum rc compose(struct asking *a, struct event_act *act, const struct event_form *form,
		       struct status_event *event)
{
	struct ctx *ctx = &a->req->ctx;
	enum rc rc = event_form_take(ctx, form, event);
	act->draft.title = form->title;
	act->draft.text = form->content;
	act->draft.spoiler = form->spoiler;
	act->draft.event = event;
	return rc == RC_OK ? act_compose(ctx, a->web->site, a->web->db, NULL, &act->draft) : rc;
}

/* What is in a community is as open as that lets it be; else nothing is the person's usual way. */
static enum rc sight_take(struct ctx *ctx, const struct event_form *form, enum visibility *out)
{
	enum visibility sight;
	if (form->community != 0) {
		*out = VISIBILITY_PUBLIC;
		return RC_OK;
	}
	if (form->sight.len == 0)
		return RC_OK;
	if (!post_visibility_parse(form->sight, &sight) || sight == VISIBILITY_DIRECT ||
	    sight == VISIBILITY_MEMBERS)
		return ctx_fail(ctx, RC_INVALID, "there is no such choice of who sees it");
	*out = sight;
	return RC_OK;
}

static struct status_event *event_new(struct arena *arena)
{
	struct status_event *event = ARENA_NEW(arena, struct status_event);
	if (event != NULL)
		*event = (struct status_event){ .join = EVENT_JOIN_FREE,
						.timezone = STR(""),
						.place = STR(""),
						.address = STR(""),
						.url = STR(""),
						.rule = STR("") };
	return event;
}

static enum rc read_hold(struct asking *a, struct event_act *act)
{
	struct status_event *event = event_new(a->req->ctx.arena);
	struct event_form form;
	if (event == NULL)
		return RC_NO_MEMORY;
	event_form_read(a, &form);
	act->draft = (struct draft){ .community = form.community, .language = STR("") };
	enum rc rc = read_author(a, &act->draft);
	if (rc == RC_OK)
		rc = sight_take(&a->req->ctx, &form, &act->draft.visibility);
	return rc == RC_OK ? compose(a, act, &form, event) : rc;
}

static enum rc run_hold(struct social *s, const struct account *actor, struct event_act *act)
{
	/* the job may run again */
	struct draft draft = act->draft;
	draft.author = *actor;
	enum rc rc = act_post(s, &draft);
	act->id = draft.status.id;
	return rc;
}

static enum rc read_change(struct asking *a, struct event_act *act)
{
	struct status_event *event = ARENA_NEW(a->req->ctx.arena, struct status_event);
	struct event_form form;
	struct status before;
	struct zone zone;
	if (event == NULL)
		return RC_NO_MEMORY;
	enum rc rc = read_zone(a, act->id, &before, &zone);
	if (rc == RC_OK && before.account != a->account.id)
		rc = RC_DENIED;
	if (rc != RC_OK)
		return rc;
	event_form_read(a, &form);
	*event = before.event;
	act->draft = (struct draft){ .author = a->account,
				     .visibility = before.visibility,
				     .language = before.language };
	rc = compose(a, act, &form, event);
	if (rc == RC_OK)
		act->next = event_edited(&before, &act->draft);
	return rc;
}

static enum rc run_change(struct social *s, const struct account *actor, struct event_act *act)
{
	return event_change(s, actor, &act->next);
}

/* --- taking a step --- */

static const struct step steps[] = {
	{ "hold", run_hold, read_hold, true },	{ "join", run_join, NULL, false },
	{ "leave", run_leave, NULL, false },	{ "remind", run_remind, read_remind, false },
	{ "accept", run_accept, NULL, false },	{ "refuse", run_refuse, NULL, false },
	{ "invite", run_invite, NULL, false },	{ "cancel", run_cancel, NULL, false },
	{ "date", run_date, read_date, false }, { "change", run_change, read_change, false },
};

static enum rc act_job(struct social *s, void *arg)
{
	struct event_act *act = arg;
	struct account actor;
	if (!account_get(s->txn, s->ctx->arena, act->asking->account.id, &actor) ||
	    account_is_gone(&actor))
		return RC_DENIED;
	return act->run(s, &actor, act);
}

static void take(struct asking *a, uint64_t id, const struct step *step)
{
	struct event_act *act = ARENA_NEW(a->req->ctx.arena, struct event_act);
	struct str why;
	if (act == NULL) {
		asking_fail(a, RC_NO_MEMORY);
		return;
	}
	*act = (struct event_act){ .asking = a,
				   .id = id,
				   .who = str_trim(asking_field(a, "who")),
				   .note = asking_field(a, "note"),
				   .run = step->run };
	if (act->note.ptr == NULL)
		act->note = STR("");
	if (!str_to_u64(asking_field(a, "account"), &act->account))
		act->account = 0;
	enum rc rc = step->read != NULL ? step->read(a, act) : RC_OK;
	if (rc == RC_OK)
		rc = asking_write(a, act_job, act);
	unsigned status = asking_refusal(a, rc, &why);
	if (rc == RC_OK)
		httpd_redirect(a->req, 303,
			       arena_printf(a->req->ctx.arena, EVENTS_PATH "/%llu?changed=1",
					    (unsigned long long)act->id));
	else if (status == 0)
		asking_fail(a, rc);
	else if (step->of_none)
		events_show(a, status, why);
	else
		event_show(a, status, why);
}

bool events_take(struct asking *a, uint64_t id, struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		if (str_eq(name, str_of(steps[i].name)) && steps[i].of_none == (id == 0)) {
			take(a, id, &steps[i]);
			return true;
		}
	}
	return false;
}
