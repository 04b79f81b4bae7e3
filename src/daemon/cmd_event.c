/* fediflow event: what is held by whom, called off, given to calendars. At the command line the operator acts. */
#include "cmd.h"
#include "communities.h"
#include "core/clock.h"
#include "social/calendar.h"
#include "social/event.h"
#include "target.h"

#define LIST_CHUNK 100
#define LIST_MOST 1000
#define CALENDAR_BYTES_MAX ((size_t)16 << 20)

/* --- looking --- */

static const char *date_state(const struct status_event *e, const struct event_date *date)
{
	bool off = (date->flags & EVENT_DATE_CANCELLED) != 0;
	return event_state_name(off ? EVENT_CANCELLED : e->state);
}

static void print_times(struct output *out, const struct status_event *e,
			const struct event_date *date)
{
	output_date(out, "starts", date->start_ms);
	if (date->end_ms != 0)
		output_date(out, "ends", date->end_ms);
	else
		output_opt(out, "ends", STR(""));
	output_str(out, "state", str_of(date_state(e, date)));
	output_opt(out, "place", date->place.len != 0 ? date->place : e->place);
}

static void print_row(struct cli *cli, const struct node *node, struct db_txn *txn,
		      const struct status *s, const struct event_date *date)
{
	struct output *out = &cli->out;
	struct attendance a = attendance_get(txn, s->id);
	output_row(out);
	output_id(out, "id", s->id);
	output_str(out, "title", s->title);
	print_times(out, &s->event, date);
	output_num(out, "going", (a.flags & ATTENDANCE_TOLD) != 0 ? a.told : a.going);
	output_num(out, "waiting", a.waiting);
	output_str(out, "by", handle_of(cli, node, txn, s->account));
	output_end(out);
}

/* What is not over at from_ms, in order; a series once for each date. */
static void print_events(struct cli *cli, const struct node *node, struct db_txn *txn,
			 uint64_t owner, uint64_t from_ms)
{
	struct event_entry chunk[LIST_CHUNK], after = { .start_ms = 0 };
	size_t n = LIST_CHUNK, printed = 0;
	if (from_ms > EVENT_LONGEST_MS)
		after.start_ms = from_ms - EVENT_LONGEST_MS;
	output_table(&cli->out, NULL);
	while (n == LIST_CHUNK && printed < LIST_MOST) {
		n = events_of(txn, owner, &after, chunk, LIST_CHUNK);
		for (size_t i = 0; i < n && printed < LIST_MOST; i++) {
			struct event_date date;
			struct status s;
			after = chunk[i];
			if (!status_get(txn, cli->ctx.arena, chunk[i].id, &s) ||
			    !event_date_at(&s.event, chunk[i].start_ms, &date) ||
			    (date.end_ms != 0 ? date.end_ms : date.start_ms) < from_ms)
				continue;
			print_row(cli, node, txn, &s, &date);
			printed++;
		}
	}
	output_end(&cli->out);
}

enum rc cmd_event_list(struct cli *cli)
{
	struct node node;
	struct account owner;
	struct db_txn *txn = NULL;
	uint64_t now = command_switch(cli, "all") ? 0 : clock_wall_ms(clock_system());
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_KNOWN, &owner);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		print_events(cli, &node, txn, owner.id, now);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

static void print_dates(struct output *out, const struct status_event *e)
{
	output_table(out, "dates");
	for (unsigned i = 0; i < e->date_count; i++) {
		output_row(out);
		output_date(out, "date", e->dates[i].original_ms);
		print_times(out, e, &e->dates[i]);
		output_end(out);
	}
	output_end(out);
}

static void print_participants(struct cli *cli, const struct node *node, struct db_txn *txn,
			       uint64_t id)
{
	struct participant *list = ARENA_ARRAY(cli->ctx.arena, LIST_MOST, struct participant);
	size_t n = list != NULL ? participants(txn, cli->ctx.arena, id, 0, list, LIST_MOST) : 0;
	output_table(&cli->out, "participants");
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		output_str(&cli->out, "who", handle_of(cli, node, txn, list[i].account));
		output_str(&cli->out, "state", str_of(participation_name(list[i].state)));
		output_date(&cli->out, "since", list[i].since_ms);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static void print_event(struct cli *cli, const struct node *node, struct db_txn *txn,
			const struct status *s)
{
	struct output *out = &cli->out;
	struct event_date first = { .original_ms = s->event.start_ms,
				    .start_ms = s->event.start_ms,
				    .end_ms = s->event.end_ms };
	const char *join = event_join_name(s->event.join);
	output_object(out, NULL);
	output_id(out, "id", s->id);
	output_str(out, "title", s->title);
	output_str(out, "by", handle_of(cli, node, txn, s->account));
	output_opt(out, "community", handle_of(cli, node, txn, s->community));
	output_str(out, "uri", s->uri);
	print_times(out, &s->event, &first);
	output_opt(out, "address", s->event.address);
	output_opt(out, "timezone", s->event.timezone);
	output_opt(out, "join", join != NULL ? str_of(join) : STR(""));
	output_num(out, "capacity", s->event.capacity);
	output_opt(out, "recurrence", s->event.rule);
	print_dates(out, &s->event);
	print_participants(cli, node, txn, s->id);
	output_end(out);
}

/* The event that the first argument names. */
static enum rc open_event(struct cli *cli, enum node_access access, struct node *node,
			  struct status *out)
{
	enum rc rc = node_open(cli, access, node);
	if (rc == RC_OK)
		rc = target_status(cli, node, command_argument(cli, 0), TARGET_KNOWN, out);
	return rc == RC_OK && !status_is_event(out)
		       ? ctx_fail(&cli->ctx, RC_NOT_FOUND, "this is no event")
		       : rc;
}

enum rc cmd_event_show(struct cli *cli)
{
	struct node node;
	struct status s;
	struct db_txn *txn = NULL;
	enum rc rc = open_event(cli, NODE_READ, &node, &s);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		print_event(cli, &node, txn, &s);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

/* --- calling off --- */

static enum rc cancel(struct social *s, struct asked *a)
{
	const struct event_date_change off = { .fate = EVENT_DATE_CALL_OFF };
	return a->until_ms != 0 ? event_change_date(s, NULL, a->status, a->until_ms, &off)
				: event_cancel(s, NULL, a->status);
}

enum rc cmd_event_cancel(struct cli *cli)
{
	struct asked a = { .act = cancel };
	struct node node;
	struct status s;
	enum rc rc = open_event(cli, NODE_WRITE, &node, &s);
	if (rc == RC_OK)
		rc = read_moment(cli, "date", &a.until_ms);
	a.status = s.id;
	if (rc == RC_OK && (s.flags & STATUS_LOCAL) == 0)
		rc = ctx_fail(&cli->ctx, RC_DENIED, "this event is not of this node");
	if (rc == RC_OK)
		rc = asked_run(cli, &node, &a);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_str(&cli->out, "done", str_of(cli->command->name));
		output_id(&cli->out, "event", s.id);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

/* --- calendars --- */

struct export
{
	struct calendar_event *events;
	size_t count;
	struct str name;
};

static void add_event(struct cli *cli, struct db_txn *txn, struct export *x, uint64_t id)
{
	struct status *s = ARENA_NEW(cli->ctx.arena, struct status);
	struct account *author = ARENA_NEW(cli->ctx.arena, struct account);
	for (size_t i = 0; i < x->count; i++) {
		if (x->events[i].status->id == id)
			return;
	}
	if (s != NULL && author != NULL && x->count < LIST_MOST &&
	    status_get(txn, cli->ctx.arena, id, s) && !s->waits && (s->flags & STATUS_HELD) == 0 &&
	    account_get(txn, cli->ctx.arena, s->account, author))
		x->events[x->count++] = (struct calendar_event){ s, author };
}

/* All of a community's or a person's, or one. */
static enum rc collect(struct cli *cli, struct node *node, struct export *x)
{
	struct event_entry chunk[LIST_CHUNK], after = { .start_ms = 0 };
	struct str word = command_argument(cli, 0);
	struct account owner;
	struct status one;
	struct db_txn *txn = NULL;
	size_t n = LIST_CHUNK;
	bool single = command_switch(cli, "post");
	enum rc rc = single ? target_status(cli, node, word, TARGET_KNOWN, &one)
			    : target_account(cli, node, word, TARGET_KNOWN, &owner);
	if (rc == RC_OK)
		rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (single && status_is_event(&one))
		add_event(cli, txn, x, one.id);
	while (!single && n == LIST_CHUNK) {
		n = events_of(txn, owner.id, &after, chunk, LIST_CHUNK);
		for (size_t i = 0; i < n; i++)
			add_event(cli, txn, x, chunk[i].id);
		if (n != 0)
			after = chunk[n - 1];
	}
	if (!single)
		x->name = owner.display_name;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc cmd_event_export(struct cli *cli)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(CALENDAR_BYTES_MAX);
	struct export x = { .name = STR("") };
	struct node node;
	x.events = ARENA_ARRAY(cli->ctx.arena, LIST_MOST, struct calendar_event);
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK && x.events == NULL)
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = collect(cli, &node, &x);
	if (rc == RC_OK && command_switch(cli, "post") && x.count == 0)
		rc = ctx_fail(&cli->ctx, RC_NOT_FOUND, "this is no event");
	if (rc == RC_OK) {
		calendar_write(&cli->ctx, &out, x.name, x.events, x.count);
		rc = out.failed ? RC_NO_MEMORY : RC_OK;
	}
	if (rc == RC_OK)
		output_raw(&cli->out, buf_str(&out));
	node_close(&node);
	return rc;
}
