/* What members do in the room of a community: taking part in events, voting, sharing. */
#include "office_int.h"
#include "social/act.h"
#include "social/consultation.h"
#include "social/event.h"
#include "social/resource.h"

#define DAYS_MOST 366
#define SEATS_MOST (CONSULTATION_OPTIONS_MAX - 1)

/* What the forms say beside what all of them do. */
struct room_act {
	struct consultation consultation;
	struct resource resource;
	struct resource_version version;
	uint8_t choices[CONSULTATION_OPTIONS_MAX];
	unsigned count;
	struct str receipt, before;
};

static struct room_act *act_new(struct asking *a, struct office_act *act)
{
	act->room = ARENA_NEW(a->req->ctx.arena, struct room_act);
	return act->room;
}

/* --- being in it --- */

static enum rc run_leave_community(struct social *s, const struct account *actor,
				   struct office_act *act)
{
	struct account group;
	if (!account_get(s->txn, s->ctx->arena, act->community, &group))
		return RC_NOT_FOUND;
	return act_unfollow(s, actor, &group);
}

/* --- events --- */

static enum rc run_join(struct social *s, const struct account *actor, struct office_act *act)
{
	enum participation state;
	struct str note = asking_field(act->asking, "note");
	return event_join(s, actor, act->id, STR(""), note.ptr != NULL ? note : STR(""), &state);
}

static enum rc run_leave(struct social *s, const struct account *actor, struct office_act *act)
{
	return event_leave(s, actor, act->id);
}

/* --- consultations --- */

/* In the order of their places: no two have the same. */
static enum rc add_ranked(struct asking *a, struct room_act *r, uint64_t places[])
{
	for (uint64_t place = 1; place <= CONSULTATION_OPTIONS_MAX; place++) {
		bool taken = false;
		for (unsigned i = 0; i < CONSULTATION_OPTIONS_MAX; i++) {
			if (places[i] != place)
				continue;
			if (taken)
				return ctx_fail(&a->req->ctx, RC_INVALID,
						"two options cannot have the same place");
			taken = true;
			r->choices[r->count++] = (uint8_t)(i + 1);
		}
	}
	return RC_OK;
}

/* A box that is ticked has 1 as its place, like every other: for approval that is no matter. */
static enum rc read_choices(struct asking *a, struct room_act *r, bool ranked)
{
	uint64_t places[CONSULTATION_OPTIONS_MAX];
	for (unsigned i = 0; i < CONSULTATION_OPTIONS_MAX; i++) {
		struct str name = arena_printf(a->req->ctx.arena, "c-%u", i + 1);
		enum rc rc = name.ptr != NULL
				     ? office_read_number(a, name.ptr, CONSULTATION_OPTIONS_MAX,
							  "the place of an option", &places[i])
				     : RC_NO_MEMORY;
		if (rc != RC_OK)
			return rc;
		if (!ranked && places[i] != 0)
			r->choices[r->count++] = (uint8_t)(i + 1);
	}
	return ranked ? add_ranked(a, r, places) : RC_OK;
}

static enum rc read_vote(struct asking *a, struct office_act *act)
{
	struct room_act *r = act_new(a, act);
	struct db_txn *txn = NULL;
	enum rc rc = r != NULL ? db_read_begin(a->web->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	if (!consultation_get(txn, a->req->ctx.arena, act->id, &r->consultation) ||
	    r->consultation.community != act->community)
		rc = RC_NOT_FOUND;
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	r->before = str_trim(asking_field(a, "receipt"));
	r->receipt = r->before.len != 0 ? r->before : consultation_receipt_make(a->req->ctx.arena);
	if (rc == RC_OK)
		rc = read_choices(a, r, r->consultation.method == CONSULTATION_RANKED);
	return rc == RC_OK && r->receipt.ptr == NULL ? RC_NO_MEMORY : rc;
}

static enum rc run_vote(struct social *s, const struct account *actor, struct office_act *act)
{
	const struct room_act *r = act->room;
	enum rc rc =
		consultation_cast(s, actor, act->id, r->choices, r->count, r->receipt, r->before);
	return rc == RC_NOT_FOUND && r->before.len != 0
		       ? ctx_fail(s->ctx, RC_NOT_FOUND, "that is the receipt of nobody's vote")
		       : rc;
}

/* The receipt is told once, and kept by nobody else. */
static void after_vote(struct asking *a, const struct office_act *act)
{
	const struct office_told told = { .complaint = STR(""),
					  .invitation = STR(""),
					  .receipt = act->room->receipt };
	office_show(a, 200, &told);
}

static enum rc read_call(struct asking *a, struct office_act *act)
{
	struct room_act *r = act_new(a, act);
	struct community_list_words options;
	uint64_t seats = 0, quorum = 0;
	if (r == NULL)
		return RC_NO_MEMORY;
	enum rc rc = office_read_lines(a, "options", '\n', &options);
	if (rc == RC_OK)
		rc = office_read_number(a, "seats", SEATS_MOST, "how many win", &seats);
	if (rc == RC_OK)
		rc = office_read_number(a, "quorum", UINT32_MAX, "the quorum", &quorum);
	if (rc == RC_OK && (act->days == 0 || act->days > DAYS_MOST))
		rc = ctx_fail(&a->req->ctx, RC_INVALID,
			      "say for how many days one can vote, at most %d", DAYS_MOST);
	if (rc == RC_OK && options.count > CONSULTATION_OPTIONS_MAX)
		rc = ctx_fail(&a->req->ctx, RC_TOO_LARGE, "there are more than %d options",
			      CONSULTATION_OPTIONS_MAX);
	if (rc != RC_OK)
		return rc;
	struct consultation *c = &r->consultation;
	*c = (struct consultation){ .community = act->community,
				    .question = asking_field(a, "question"),
				    .description = asking_field(a, "description"),
				    .seats = (uint32_t)seats,
				    .quorum = (uint32_t)quorum };
	for (size_t i = 0; i < options.count; i++)
		c->options[c->option_count++] = options.list[i];
	if (!consultation_method_parse(asking_field(a, "method"), &c->method))
		return ctx_fail(&a->req->ctx, RC_INVALID, "one votes by approval, or ranked");
	if (asking_field(a, "named").len != 0)
		c->flags |= CONSULTATION_NAMED;
	return RC_OK;
}

static enum rc run_call(struct social *s, const struct account *actor, struct office_act *act)
{
	/* the job may run again */
	struct consultation c = act->room->consultation;
	c.closes_ms = db_txn_now(s->txn) + act->days * MS_PER_DAY;
	return consultation_call(s, actor, &c);
}

static bool is_of(struct social *s, const struct office_act *act)
{
	struct consultation c;
	return consultation_get(s->txn, s->ctx->arena, act->id, &c) &&
	       c.community == act->community;
}

static enum rc run_cancel(struct social *s, const struct account *actor, struct office_act *act)
{
	return is_of(s, act) ? consultation_cancel(s, actor, act->id) : RC_NOT_FOUND;
}

/* --- what is shared --- */

static enum rc read_share(struct asking *a, struct office_act *act)
{
	struct room_act *r = act_new(a, act);
	if (r == NULL)
		return RC_NO_MEMORY;
	r->resource.community = act->community;
	r->version = (struct resource_version){ .title = asking_field(a, "title"),
						.url = str_trim(asking_field(a, "url")),
						.description = asking_field(a, "description"),
						.note = STR("") };
	return RC_OK;
}

static enum rc run_share(struct social *s, const struct account *actor, struct office_act *act)
{
	struct resource resource = act->room->resource;
	struct resource_version version = act->room->version;
	return resource_share(s, actor, &resource, &version);
}

static enum rc run_unshare(struct social *s, const struct account *actor, struct office_act *act)
{
	struct resource r;
	return resource_get(s->txn, act->id, &r) && r.community == act->community
		       ? resource_drop(s, actor, act->id)
		       : RC_NOT_FOUND;
}

const struct office_step room_steps[] = {
	{ "leave_community", run_leave_community, NULL, NULL, false },
	{ "join", run_join, NULL, NULL, false },
	{ "leave", run_leave, NULL, NULL, false },
	{ "vote", run_vote, read_vote, after_vote, false },
	{ "call", run_call, read_call, NULL, false },
	{ "cancel", run_cancel, NULL, NULL, false },
	{ "share", run_share, read_share, NULL, false },
	{ "unshare", run_unshare, NULL, NULL, false },
};
const size_t room_step_count = ARRAY_LEN(room_steps);
