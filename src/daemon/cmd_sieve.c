/* fediflow sieve: rules for posts, made, tried and put to work. Command's thread. */
#include <stdio.h>

#include "cmd.h"
#include "node.h"
#include "social/sift.h"
#include "store/usage.h"

#define NAMED "a rule of the sieve is named by its id"
#define SINCE_DEFAULT_MS (7 * MS_PER_DAY)
#define DAYS_DEFAULT 30

/* A rule as an argument; "-" stands for standard input. */
static enum rc read_rule(struct cli *cli, unsigned index, struct str *out)
{
	struct buf text = BUF_INIT(SIEVE_TEXT_MAX + 1);
	char chunk[4096];
	size_t n;
	*out = command_argument(cli, index);
	if (!str_eq(*out, STR("-")))
		return RC_OK;
	while ((n = fread(chunk, 1, sizeof(chunk), stdin)) != 0)
		buf_add_bytes(&text, chunk, n);
	*out = arena_take_buf(cli->ctx.arena, &text);
	return out->ptr != NULL ? RC_OK
				: ctx_fail(&cli->ctx, RC_TOO_LARGE, "a rule has at most 32 KiB");
}

static enum rc read_id(struct cli *cli, uint64_t *out)
{
	return str_to_u64(command_argument(cli, 0), out) ? RC_OK : usage_fail(cli, NAMED);
}

static void print_row(struct cli *cli, const struct sieve_row *row)
{
	output_id(&cli->out, "id", row->id);
	output_num(&cli->out, "position", row->position);
	output_str(&cli->out, "mode", str_of(sieve_mode_name(row->mode)));
	output_str(&cli->out, "rule", row->text);
}

/* --- making --- */

/* What is asked for, and what came of it: it may be run again. */
struct adding {
	struct str text;
	struct sieve_row made;
};

static enum rc add_act(struct social *s, void *arg)
{
	struct adding *a = arg;
	a->made = (struct sieve_row){ .text = a->text };
	return sift_rule_put(s, NULL, &a->made);
}

enum rc cmd_sieve_add(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct adding a;
	enum rc rc = read_rule(cli, 0, &a.text);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, add_act, &a);
	if (rc == RC_OK) {
		a.made.text = a.text;
		output_object(&cli->out, NULL);
		print_row(cli, &a.made);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

struct moding {
	uint64_t id;
	enum sieve_mode mode;
};

static enum rc mode_act(struct social *s, void *arg)
{
	const struct moding *m = arg;
	enum rc rc = sift_rule_mode(s, NULL, m->id, m->mode);
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such rule") : rc;
}

static enum rc set_mode(struct cli *cli, enum sieve_mode mode)
{
	struct node node = { .db = NULL };
	struct moding m = { .mode = mode };
	enum rc rc = read_id(cli, &m.id);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, mode_act, &m);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_id(&cli->out, "id", m.id);
		output_str(&cli->out, "mode", str_of(sieve_mode_name(mode)));
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_sieve_shadow(struct cli *cli)
{
	return set_mode(cli, SIEVE_SHADOW);
}

enum rc cmd_sieve_live(struct cli *cli)
{
	return set_mode(cli, SIEVE_LIVE);
}

enum rc cmd_sieve_off(struct cli *cli)
{
	return set_mode(cli, SIEVE_OFF);
}

static enum rc del_act(struct social *s, void *arg)
{
	const uint64_t *id = arg;
	enum rc rc = sift_rule_del(s, NULL, *id);
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such rule") : rc;
}

enum rc cmd_sieve_remove(struct cli *cli)
{
	return node_remove(cli, NAMED, del_act);
}

/* --- looking --- */

static void print_rows(struct cli *cli, const struct node *node UNUSED, struct db_txn *txn)
{
	struct sieve_row *rows = ARENA_ARRAY(cli->ctx.arena, SIEVE_ROWS_MAX, struct sieve_row);
	size_t n = rows != NULL ? sieve_row_list(txn, cli->ctx.arena, rows) : 0;
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		print_row(cli, &rows[i]);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_sieve_list(struct cli *cli)
{
	return node_show(cli, print_rows);
}

static void print_stats(struct cli *cli, const struct sieve_row *row,
			const struct sieve_count *counts, size_t n)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	print_row(cli, row);
	output_num(out, "revision", row->revision);
	output_date(out, "created", row->created_ms);
	output_date(out, "updated", row->updated_ms);
	output_list(out, "days");
	for (size_t i = 0; i < n; i++) {
		output_object(out, NULL);
		output_date(out, "day", (uint64_t)counts[i].day * MS_PER_DAY);
		output_num(out, "shadow", counts[i].shadow);
		output_num(out, "live", counts[i].live);
		output_num(out, "exhausted", counts[i].exhausted);
		output_end(out);
	}
	output_end(out);
	output_end(out);
}

static enum rc stats(struct cli *cli, struct node *node, uint64_t id, uint64_t days)
{
	struct sieve_count *counts =
		ARENA_ARRAY(cli->ctx.arena, SIEVE_COUNT_DAYS + 1, struct sieve_count);
	struct sieve_row row;
	struct db_txn *txn = NULL;
	enum rc rc = counts != NULL ? db_read_begin(node->db, &txn) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	uint32_t today = day_of_ms(clock_wall_ms(clock_system()));
	bool found = sieve_row_get(txn, cli->ctx.arena, id, &row);
	size_t n =
		sieve_count_list(txn, id, today + 1 - (uint32_t)days, counts, SIEVE_COUNT_DAYS + 1);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && !found)
		return ctx_fail(&cli->ctx, RC_NOT_FOUND, "there is no such rule");
	if (rc == RC_OK)
		print_stats(cli, &row, counts, n);
	return rc;
}

enum rc cmd_sieve_show(struct cli *cli)
{
	struct node node = { .db = NULL };
	uint64_t id, days = 0;
	enum rc rc = read_id(cli, &id);
	if (rc == RC_OK)
		rc = command_number(cli, "days", DAYS_DEFAULT, SIEVE_COUNT_DAYS, &days);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = stats(cli, &node, id, days);
	node_close(&node);
	return rc;
}

/* --- trying --- */

static void print_scan(struct cli *cli, const struct sift_scan *scan)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_num(out, "looked_at", scan->looked_at);
	output_num(out, "fits", scan->fits);
	output_flag(out, "complete", scan->complete);
	output_list(out, "posts");
	for (unsigned i = 0; i < scan->sample_count; i++)
		output_item(out, arena_printf(cli->ctx.arena, "%llu",
					      (unsigned long long)scan->sample[i]));
	output_end(out);
	output_end(out);
}

enum rc cmd_sieve_test(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct str text, since = command_option(cli, "since");
	struct sift_scan scan;
	uint64_t back = SINCE_DEFAULT_MS, now_ms = clock_wall_ms(clock_system());
	if (since.ptr != NULL && !conf_parse_duration(since, &back))
		return usage_fail(cli, "--since is how long ago, such as \"7 d\"");
	enum rc rc = read_rule(cli, 0, &text);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = sift_scan_all(node.db, &cli->ctx, &node.site, text,
				   now_ms > back ? now_ms - back : 0, &scan);
	if (rc == RC_OK)
		print_scan(cli, &scan);
	node_close(&node);
	return rc;
}
