/* fediflow queue: what waits to be done, and interfering with it. */
#include "cmd.h"
#include "node.h"
#include "queue/queue.h"
#include "social/audit.h"
#include "social/federate.h"

#define LIST_MAX 10000
#define LIST_DEFAULT 100
#define REASON "dropped by an administrator"

static const char *kind_name(uint8_t kind)
{
	static const char *const names[] = {
		[JOB_FEDERATE] = "federate",   [JOB_DELIVER] = "deliver",
		[JOB_INBOX] = "inbox",	       [JOB_SWEEP] = "sweep",
		[JOB_THREAD] = "thread",       [JOB_CRAWL] = "crawl",
		[JOB_SYNC] = "sync",	       [JOB_POLL] = "poll",
		[JOB_VERIFY] = "verify",       [JOB_MOVE] = "move",
		[JOB_SCHEDULED] = "scheduled", [JOB_TAKEN] = "taken",
		[JOB_PUSH] = "push",	       [JOB_MAIL] = "mail",
		[JOB_CARD] = "card",	       [JOB_STATEMENT] = "statement",
		[JOB_SEVER] = "sever",	       [JOB_LINKS] = "links",
		[JOB_YEAR] = "year",	       [JOB_SIFT] = "sift",
		[JOB_JOINT] = "joint",	       [JOB_COMMUNITY] = "community",
		[JOB_EVENT] = "event",	       [JOB_EVENT_WAKE] = "event-wake",
		[JOB_ATTRIBUTE] = "attribute",
	};
	return kind < ARRAY_LEN(names) && names[kind] != NULL ? names[kind] : "unknown";
}

/* --- status --- */

struct tally {
	struct output *out;
	uint64_t waiting;
	uint64_t failing;
	uint64_t lanes;
};

static void add_lane(void *arg, const struct queue_lane_view *lane)
{
	struct tally *s = arg;
	s->lanes++;
	s->waiting += lane->waiting;
	s->failing += lane->state.failures != 0 ? 1 : 0;
	output_row(s->out);
	output_str(s->out, "kind", str_of(kind_name(lane->kind)));
	output_opt(s->out, "lane", lane->lane);
	output_num(s->out, "waiting", lane->waiting);
	output_num(s->out, "window", lane->state.window);
	output_num(s->out, "failures", lane->state.failures);
	output_date(s->out, "next_attempt", lane->state.due_ms);
	output_date(s->out, "last_success", lane->state.last_success_ms);
	output_opt(s->out, "reason", lane->reason);
	output_end(s->out);
}

static enum rc status_read(struct cli *cli, struct db_txn *txn)
{
	struct tally s = { .out = &cli->out };
	output_object(&cli->out, NULL);
	output_table(&cli->out, "lanes");
	enum rc rc = queue_each_lane(txn, add_lane, &s);
	output_end(&cli->out);
	output_num(&cli->out, "waiting", s.waiting);
	output_num(&cli->out, "failing_lanes", s.failing);
	output_num(&cli->out, "dead", db_count(txn, &queue_table_dead));
	output_end(&cli->out);
	return rc;
}

/* --- list --- */

struct list {
	struct cli *cli;
	uint64_t left;
};

static bool add_job(void *arg, const struct queue_job_view *job)
{
	struct list *list = arg;
	struct output *out = &list->cli->out;
	/* other kinds' payloads are encoded */
	bool readable = job->kind == JOB_DELIVER;
	if (list->left == 0)
		return false;
	list->left--;
	output_row(out);
	output_id(out, "id", job->id);
	output_str(out, "kind", str_of(kind_name(job->kind)));
	output_opt(out, "lane", job->lane);
	/* behind a blank stands what the delivery says besides */
	struct str to = str_take(job->payload, str_index(job->payload, ' '));
	output_opt(out, "to", readable ? to : STR_NONE);
	output_date(out, "created", job->created_ms);
	output_date(out, "due", job->dead ? 0 : job->due_ms);
	output_num(out, "attempts", job->attempts);
	output_flag(out, "dead", job->dead);
	output_opt(out, "reason", job->reason);
	output_end(out);
	return true;
}

static enum rc list_read(struct cli *cli, struct db_txn *txn)
{
	struct list list = { .cli = cli };
	struct str lane = command_option(cli, "host");
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &list.left);
	if (rc != RC_OK)
		return rc;
	output_table(&cli->out, NULL);
	queue_each_job(txn, command_switch(cli, "dead"), lane.ptr != NULL ? lane : STR(""), 0,
		       add_job, &list);
	output_end(&cli->out);
	return RC_OK;
}

static enum rc with_snapshot(struct cli *cli, enum rc (*read)(struct cli *cli, struct db_txn *txn))
{
	struct node node;
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		rc = read(cli, txn);
		if (rc == RC_OK)
			rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc == RC_OK ? rc : ctx_fail(&cli->ctx, rc, "the database cannot be read");
}

enum rc cmd_queue_status(struct cli *cli)
{
	return with_snapshot(cli, status_read);
}

enum rc cmd_queue_list(struct cli *cli)
{
	return with_snapshot(cli, list_read);
}

/* --- interfering --- */

struct change {
	struct str target; /* a job's id, or a lane */
	struct str reason;
	bool drop;
	uint64_t jobs;
};

static void record(struct social *s, const struct change *c)
{
	const struct audit_detail details[] = { { "jobs", audit_number(s, c->jobs) } };
	const struct audit_about about = { .name = c->target,
					   .details = details,
					   .detail_count = ARRAY_LEN(details) };
	audit(s, NULL, c->drop ? AUDIT_QUEUE_DROP : AUDIT_QUEUE_RETRY, &about);
}

static enum rc change_act(struct social *s, void *arg)
{
	struct change *c = arg;
	uint64_t id;
	bool is_job = str_to_u64(c->target, &id);
	if (c->drop && is_job)
		c->jobs = queue_drop_job(s->txn, id, c->reason) ? 1 : 0;
	else if (c->drop)
		c->jobs = queue_drop_lane(s->txn, c->target, c->reason);
	else if (is_job)
		c->jobs = queue_retry_job(s->txn, id) ? 1 : 0;
	else
		c->jobs = queue_retry_lane(s->txn, c->target);
	if (c->jobs != 0)
		record(s, c);
	return db_txn_rc(s->txn);
}

static enum rc change_run(struct cli *cli, struct change *c)
{
	struct node node;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, change_act, c);
	if (rc == RC_OK)
		node_poke(&node, POKE_RELOAD);
	node_close(&node);
	if (rc == RC_OK && c->jobs == 0)
		return ctx_fail(&cli->ctx, RC_NOT_FOUND, "no job waits as or for %.*s",
				STR_ARG(str_take(c->target, 120)));
	if (rc != RC_OK)
		return rc;
	output_object(&cli->out, NULL);
	output_num(&cli->out, c->drop ? "dropped" : "retried", c->jobs);
	output_end(&cli->out);
	return RC_OK;
}

enum rc cmd_queue_retry(struct cli *cli)
{
	struct change c = { .target = command_argument(cli, 0) };
	return change_run(cli, &c);
}

enum rc cmd_queue_drop(struct cli *cli)
{
	struct str reason = command_option(cli, "reason");
	struct change c = { .target = command_argument(cli, 0),
			    .reason = reason.ptr != NULL ? reason : STR(REASON),
			    .drop = true };
	return change_run(cli, &c);
}
