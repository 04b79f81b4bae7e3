/* fediflow reports: what people and peers complained about, in whose lane it is, and what is done with
 * it. Command's thread. */
#include <stdlib.h>

#include "cmd.h"
#include "communities.h"
#include "node.h"
#include "social/lane.h"
#include "store/report.h"
#include "target.h"

#define LIST_MAX 1000
#define LIST_DEFAULT 20

/* --- showing --- */

static struct str handle(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id)
{
	struct account account;
	if (!account_get(txn, cli->ctx.arena, id, &account))
		return STR_NONE;
	return target_handle(cli->ctx.arena, node, &account);
}

static void print_fields(struct cli *cli, const struct node *node, struct db_txn *txn,
			 const struct report *report)
{
	struct output *out = &cli->out;
	uint64_t lane = lane_of(txn, report);
	output_id(out, "id", report->id);
	output_str(out, "lane", lane != 0 ? handle(cli, node, txn, lane) : STR("node"));
	output_opt(out, "reporter", handle(cli, node, txn, report->reporter));
	output_opt(out, "target", handle(cli, node, txn, report->target));
	output_str(out, "category", str_of(report_category_name(report->category)));
	output_opt(out, "comment", report->comment);
	output_opt(out, "uri", report->uri);
	output_opt(out, "assigned", handle(cli, node, txn, report->assigned));
	output_date(out, "filed", report->created_ms);
	output_date(out, "resolved", report->resolved_ms);
	output_list(out, "objects");
	for (unsigned i = 0; i < report->object_count; i++)
		output_item(out, report->objects[i]);
	output_end(out);
}

static int newest_first(const void *x, const void *y)
{
	const struct report *a = x, *b = y;
	return (a->id < b->id) - (a->id > b->id);
}

/* list has room for two times limit. */
static size_t list_reports(struct cli *cli, struct db_txn *txn, uint64_t lane, size_t limit,
			   struct report *list)
{
	struct report_ask ask = { .lane = lane, .state = REPORT_IS_OPEN };
	size_t n = report_page(txn, cli->ctx.arena, &ask, list, limit);
	if (command_switch(cli, "open"))
		return n;
	ask.state = REPORT_IS_RESOLVED;
	n += report_page(txn, cli->ctx.arena, &ask, &list[n], limit);
	qsort(list, n, sizeof(*list), newest_first);
	return n < limit ? n : limit;
}

static enum rc print_reports(struct cli *cli, const struct node *node, uint64_t lane,
			     uint64_t limit)
{
	struct db_txn *txn;
	struct report *reports = ARENA_ARRAY(cli->ctx.arena, 2 * limit, struct report);
	if (reports == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	size_t n = list_reports(cli, txn, lane, (size_t)limit, reports);
	output_list(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_object(&cli->out, NULL);
		print_fields(cli, node, txn, &reports[i]);
		output_end(&cli->out);
	}
	output_end(&cli->out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_reports(struct cli *cli)
{
	struct node node = { .db = NULL };
	uint64_t limit = LIST_DEFAULT;
	uint64_t lane = command_switch(cli, "node") ? REPORT_LANE_NODE : REPORT_LANE_ANY;
	struct str community = command_option(cli, "community");
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc != RC_OK)
		return rc;
	if (community.ptr != NULL && command_switch(cli, "node"))
		return usage_fail(cli, "a report is in one lane: --community or --node");
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK && community.ptr != NULL)
		rc = read_community(cli, &node, community, &lane);
	if (rc == RC_OK)
		rc = print_reports(cli, &node, lane, limit);
	node_close(&node);
	return rc;
}

static void print_history(struct cli *cli, const struct node *node, struct db_txn *txn,
			  uint64_t report)
{
	struct output *out = &cli->out;
	struct report_event *events =
		ARENA_ARRAY(cli->ctx.arena, REPORT_EVENTS_MAX, struct report_event);
	size_t n = events != NULL ? report_events(txn, cli->ctx.arena, report, events) : 0;
	output_list(out, "history");
	for (size_t i = 0; i < n; i++) {
		output_object(out, NULL);
		output_id(out, "id", events[i].id);
		output_str(out, "type", str_of(report_event_name(events[i].kind)));
		output_date(out, "at", events[i].at_ms);
		output_str(out, "by",
			   events[i].who != 0 ? handle(cli, node, txn, events[i].who)
					      : STR("operator"));
		if (events[i].about != 0)
			output_opt(out, "about", handle(cli, node, txn, events[i].about));
		output_opt(out, "text", events[i].text);
		output_end(out);
	}
	output_end(out);
}

static enum rc print_one(struct cli *cli, const struct node *node, uint64_t id)
{
	struct report report;
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	bool there = report_get(txn, cli->ctx.arena, id, &report);
	if (there) {
		output_object(&cli->out, NULL);
		print_fields(cli, node, txn, &report);
		print_history(cli, node, txn, id);
		output_end(&cli->out);
	}
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	return there ? RC_OK : ctx_fail(&cli->ctx, RC_NOT_FOUND, "there is no such report");
}

enum rc cmd_reports_show(struct cli *cli)
{
	struct node node = { .db = NULL };
	uint64_t id;
	enum rc rc = command_id(cli, 0, "a report", &id);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = print_one(cli, &node, id);
	node_close(&node);
	return rc;
}

/* --- handling --- */

struct handling {
	enum rc (*run)(struct social *s, struct handling *h);
	uint64_t report, about;
	struct str text;
	enum report_step step;
};

static enum rc handle_act(struct social *s, void *arg)
{
	struct handling *h = arg;
	enum rc rc = h->run(s, h);
	if (rc == RC_NOT_FOUND && s->ctx->err.rc == RC_OK)
		return ctx_fail(s->ctx, rc, "there is no such report or note");
	if (rc == RC_EXISTS)
		return ctx_fail(s->ctx, rc, "it is in that lane already");
	return rc;
}

static enum rc handle_report(struct cli *cli, struct handling *h)
{
	struct node node = { .db = NULL };
	struct account who;
	enum rc rc = command_id(cli, 0, "a report", &h->report);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK && h->step == REPORT_ASSIGN) {
		rc = target_account(cli, &node, command_argument(cli, 1), TARGET_LOCAL, &who);
		h->about = who.id;
	}
	if (rc == RC_OK)
		rc = node_act(cli, &node, handle_act, h);
	if (rc == RC_OK)
		rc = print_one(cli, &node, h->report);
	node_close(&node);
	return rc;
}

#define NO_STEP REPORT_UNASSIGN

static enum rc assign_run(struct social *s, struct handling *h)
{
	return report_assign(s, NULL, h->report, h->about);
}

enum rc cmd_reports_assign(struct cli *cli)
{
	struct handling h = { .run = assign_run, .step = REPORT_ASSIGN };
	return handle_report(cli, &h);
}

static enum rc step_run(struct social *s, struct handling *h)
{
	return report_handle(s, NULL, h->report, h->step);
}

enum rc cmd_reports_resolve(struct cli *cli)
{
	struct handling h = { .run = step_run, .step = REPORT_RESOLVE };
	return handle_report(cli, &h);
}

enum rc cmd_reports_reopen(struct cli *cli)
{
	struct handling h = { .run = step_run, .step = REPORT_REOPEN };
	return handle_report(cli, &h);
}

static enum rc escalate_run(struct social *s, struct handling *h)
{
	return report_escalate(s, NULL, h->report, h->text);
}

enum rc cmd_reports_escalate(struct cli *cli)
{
	struct handling h = { .run = escalate_run,
			      .step = NO_STEP,
			      .text = command_argument(cli, 1) };
	return handle_report(cli, &h);
}

static enum rc hand_down_run(struct social *s, struct handling *h)
{
	return report_hand_down(s, NULL, h->report, h->text);
}

enum rc cmd_reports_hand_down(struct cli *cli)
{
	struct handling h = { .run = hand_down_run,
			      .step = NO_STEP,
			      .text = command_argument(cli, 1) };
	return handle_report(cli, &h);
}

static enum rc note_run(struct social *s, struct handling *h)
{
	return report_note(s, NULL, h->report, h->text, &h->about);
}

enum rc cmd_reports_note(struct cli *cli)
{
	struct handling h = { .run = note_run, .step = NO_STEP, .text = command_argument(cli, 1) };
	return handle_report(cli, &h);
}

static enum rc unnote_run(struct social *s, struct handling *h)
{
	return report_unnote(s, NULL, h->report, h->about);
}

enum rc cmd_reports_unnote(struct cli *cli)
{
	struct handling h = { .run = unnote_run, .step = NO_STEP };
	enum rc rc = command_id(cli, 1, "a note", &h.about);
	return rc == RC_OK ? handle_report(cli, &h) : rc;
}
