/* fediflow held, fediflow wave: posts that wait for a moderator, and waves that are rolled back.
 * Command's thread. */
#include "cmd.h"
#include "core/date.h"
#include "node.h"
#include "social/sift.h"
#include "target.h"
#include "text/iri.h"

#define LIST_DEFAULT 20
#define LIST_MAX 1000

static enum rc read_time(struct cli *cli, const char *option, uint64_t *out)
{
	struct str text = command_option(cli, option);
	if (text.ptr == NULL || date_parse_rfc3339(text, out))
		return RC_OK;
	return usage_fail(cli, "a time is like 2026-11-29T08:00:00Z");
}

/* --- held --- */

static struct str reasons(struct arena *arena, const struct sieve_mark *mark)
{
	struct buf out = BUF_INIT(4096);
	for (unsigned i = 0; i < mark->hit_count; i++) {
		const struct sieve_hit *hit = &mark->hits[i];
		if (i != 0)
			buf_add(&out, STR(", "));
		if (hit->label.len != 0)
			buf_add(&out, hit->label);
		else
			buf_addf(&out, "rule %llu", (unsigned long long)hit->rule);
	}
	return arena_take_buf(arena, &out);
}

static void print_held(struct cli *cli, const struct node *node, struct db_txn *txn, uint64_t id)
{
	struct ctx *ctx = &cli->ctx;
	struct sieve_mark mark;
	struct status status;
	struct account author;
	struct str text = STR("");
	if (!sieve_mark_get(txn, ctx->arena, id, &mark) ||
	    !status_get(txn, ctx->arena, id, &status) ||
	    !account_get(txn, ctx->arena, status.account, &author))
		return;
	(void)!html_to_text(ctx, status.content, &text);
	output_object(&cli->out, NULL);
	output_id(&cli->out, "id", id);
	output_str(&cli->out, "author", target_handle(ctx->arena, node, &author));
	output_date(&cli->out, "since", mark.at_ms);
	output_date(&cli->out, "updated", mark.changed_ms);
	output_opt(&cli->out, "because", reasons(ctx->arena, &mark));
	output_opt(&cli->out, "text", text);
	output_end(&cli->out);
}

enum rc cmd_held_list(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct db_txn *txn = NULL;
	uint64_t limit, *ids = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, uint64_t);
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = ids != NULL ? db_read_begin(node.db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		size_t n = sieve_held(txn, 0, 0, ids, (size_t)limit);
		output_list(&cli->out, NULL);
		for (size_t i = 0; i < n; i++)
			print_held(cli, &node, txn, ids[i]);
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}

struct deciding {
	uint64_t ids[ARGUMENTS_MAX];
	unsigned count;
	uint64_t seen_ms;
	enum rc (*act)(struct social *s, const struct account *moderator, uint64_t id,
		       uint64_t seen_ms);
};

static enum rc decide_act(struct social *s, void *arg)
{
	const struct deciding *d = arg;
	for (unsigned i = 0; i < d->count; i++) {
		enum rc rc = d->act(s, NULL, d->ids[i], d->seen_ms);
		if (rc == RC_CONFLICT)
			return ctx_fail(s->ctx, rc,
					"post %llu was changed meanwhile: look at it once more",
					(unsigned long long)d->ids[i]);
		if (rc != RC_OK)
			return ctx_fail(s->ctx, rc, "post %llu is not held",
					(unsigned long long)d->ids[i]);
	}
	return db_txn_rc(s->txn);
}

/* All of them or none. */
static enum rc decide(struct cli *cli, struct deciding *d, const char *done)
{
	struct node node = { .db = NULL };
	for (d->count = 0; d->count < cli->argument_count; d->count++) {
		if (!str_to_u64(command_argument(cli, d->count), &d->ids[d->count]))
			return usage_fail(cli, "a post that is held is named by its id");
	}
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, decide_act, d);
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_num(&cli->out, done, d->count);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}

enum rc cmd_held_release(struct cli *cli)
{
	struct deciding d = { .act = held_release };
	if (command_option(cli, "seen").ptr == NULL)
		return usage_fail(cli,
				  "--seen says what was looked at: the latest \"updated\" of these "
				  "in held list");
	enum rc rc = read_time(cli, "seen", &d.seen_ms);
	return rc == RC_OK ? decide(cli, &d, "released") : rc;
}

enum rc cmd_held_refuse(struct cli *cli)
{
	struct deciding d = { .act = held_refuse, .seen_ms = HELD_SEEN_ANY };
	return decide(cli, &d, "refused");
}

/* --- waves --- */

static enum rc read_wish(struct cli *cli, const struct node *node, struct wave_wish *out)
{
	struct str host = command_option(cli, "from-host");
	uint64_t likeness = 0;
	*out = (struct wave_wish){ .host = STR("") };
	enum rc rc = command_number(cli, "rule", 0, UINT64_MAX, &out->rule);
	if (rc == RC_OK)
		rc = command_number(cli, "like", 0, UINT64_MAX, &out->like);
	if (rc == RC_OK)
		rc = command_number(cli, "likeness", 0, 100, &likeness);
	if (rc == RC_OK)
		rc = read_time(cli, "since", &out->from_ms);
	if (rc == RC_OK)
		rc = read_time(cli, "until", &out->to_ms);
	if (rc == RC_OK && host.ptr != NULL)
		rc = iri_authority(&cli->ctx, host, node->site.iri_flags | IRI_LITERAL, &out->host);
	out->likeness = (uint8_t)likeness;
	return rc;
}

static void print_preview(struct cli *cli, const struct wave_preview *p)
{
	struct output *out = &cli->out;
	output_object(out, NULL);
	output_num(out, "posts", p->posts);
	output_num(out, "local", p->local);
	output_num(out, "looked_at", p->looked_at);
	output_flag(out, "complete", p->complete);
	output_list(out, "hosts");
	for (unsigned i = 0; i < p->host_count; i++) {
		output_object(out, NULL);
		output_str(out, "host", p->hosts[i].host);
		output_num(out, "posts", p->hosts[i].posts);
		output_end(out);
	}
	output_end(out);
	output_end(out);
}

enum rc cmd_wave_preview(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct wave_wish wish;
	struct wave_preview preview;
	struct db_txn *txn = NULL;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = read_wish(cli, &node, &wish);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK) {
		rc = wave_look(txn, &cli->ctx, &node.site, &wish, &preview);
		db_read_end(&txn);
	}
	if (rc == RC_OK)
		print_preview(cli, &preview);
	node_close(&node);
	return rc;
}

struct rolling {
	struct wave_wish wish;
	uint64_t id;
};

static enum rc begin_act(struct social *s, void *arg)
{
	struct rolling *r = arg;
	return wave_begin(s, NULL, &r->wish, &r->id);
}

static void print_started(struct cli *cli, uint64_t id, const char *state)
{
	output_object(&cli->out, NULL);
	output_id(&cli->out, "id", id);
	output_str(&cli->out, "state", str_of(state));
	output_end(&cli->out);
}

enum rc cmd_wave_roll_back(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct rolling r = { .id = 0 };
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = read_wish(cli, &node, &r.wish);
	if (rc == RC_OK)
		rc = node_act(cli, &node, begin_act, &r);
	if (rc == RC_OK)
		print_started(cli, r.id, wave_state_name(WAVE_ROLLING));
	node_close(&node);
	return rc;
}

static enum rc undo_act(struct social *s, void *arg)
{
	const struct rolling *r = arg;
	enum rc rc = wave_undo(s, NULL, r->id);
	return rc == RC_NOT_FOUND ? ctx_fail(s->ctx, rc, "there is no such wave") : rc;
}

enum rc cmd_wave_undo(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct rolling r;
	if (!str_to_u64(command_argument(cli, 0), &r.id))
		return usage_fail(cli, "a wave is named by its id");
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = node_act(cli, &node, undo_act, &r);
	if (rc == RC_OK)
		print_started(cli, r.id, wave_state_name(WAVE_UNDOING));
	node_close(&node);
	return rc;
}

enum rc cmd_wave_list(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct db_txn *txn = NULL;
	struct wave *waves = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, struct wave);
	uint64_t limit;
	enum rc rc = command_number(cli, "limit", LIST_DEFAULT, LIST_MAX, &limit);
	if (rc == RC_OK)
		rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = waves != NULL ? db_read_begin(node.db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		size_t n = wave_list(txn, cli->ctx.arena, 0, waves, (size_t)limit);
		output_table(&cli->out, NULL);
		for (size_t i = 0; i < n; i++) {
			output_row(&cli->out);
			output_id(&cli->out, "id", waves[i].id);
			output_str(&cli->out, "state", str_of(wave_state_name(waves[i].state)));
			output_num(&cli->out, "posts", waves[i].posts);
			output_date(&cli->out, "created", waves[i].created_ms);
			output_date(&cli->out, "undo_until", waves[i].until_ms);
			output_end(&cli->out);
		}
		output_end(&cli->out);
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	node_close(&node);
	return rc;
}
