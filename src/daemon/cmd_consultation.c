/* fediflow community consultations, result, verify: what was asked, and how it was decided. */
#include "cmd.h"
#include "communities.h"
#include "core/clock.h"
#include "core/enc.h"
#include "crypt/digest.h"
#include "social/consultation.h"

#define LIST_MAX 1000

static void print_all(struct cli *cli, struct node *node, struct db_txn *txn, uint64_t id)
{
	struct output *out = &cli->out;
	uint64_t *ids = ARENA_ARRAY(cli->ctx.arena, LIST_MAX, uint64_t);
	struct page page = PAGE_ALL;
	size_t n = ids != NULL ? consultations_of(txn, id, &page, ids, LIST_MAX) : 0;
	output_table(out, NULL);
	for (size_t i = 0; i < n; i++) {
		struct consultation c;
		if (!consultation_get(txn, cli->ctx.arena, ids[i], &c))
			continue;
		output_row(out);
		output_id(out, "id", c.id);
		output_str(out, "question", c.question);
		output_str(out, "method", str_of(consultation_method_name(c.method)));
		output_flag(out, "cancelled", (c.flags & CONSULTATION_CANCELLED) != 0);
		output_date(out, "opens", c.opens_ms);
		output_date(out, "closes", c.closes_ms);
		output_opt(out, "by", handle_of(cli, node, txn, c.by));
		output_end(out);
	}
	output_end(out);
}

enum rc cmd_consultation_list(struct cli *cli)
{
	return look_at_community(cli, print_all);
}

/* --- calling --- */

/* A consultation that is to be, as it was said: who may vote is known by name until its community is. */
struct wish {
	struct consultation c;
	struct str roles[CONSULTATION_ROLES_MAX];
	unsigned role_count;
};

static enum rc read_call(struct cli *cli, struct wish *wish)
{
	struct consultation *c = &wish->c;
	struct str method = command_option(cli, "method"), more = command_option(cli, "note");
	uint64_t seats = 1, quorum = 0;
	*c = (struct consultation){ .question = command_argument(cli, 1),
				    .description = more.ptr != NULL ? more : STR("") };
	if (command_switch(cli, "named"))
		c->flags |= CONSULTATION_NAMED;
	if (method.ptr != NULL && !consultation_method_parse(method, &c->method))
		return usage_fail(cli, "--method is approval or ranked");
	enum rc rc = command_number(cli, "seats", 1, CONSULTATION_OPTIONS_MAX - 1, &seats);
	if (rc == RC_OK)
		rc = command_number(cli, "quorum", 0, UINT32_MAX, &quorum);
	if (rc == RC_OK)
		rc = read_moment(cli, "opens", &c->opens_ms);
	if (rc == RC_OK)
		rc = read_moment(cli, "closes", &c->closes_ms);
	if (rc != RC_OK)
		return rc;
	c->seats = (uint32_t)seats;
	c->quorum = (uint32_t)quorum;
	rc = command_list(cli, "options", c->options, CONSULTATION_OPTIONS_MAX, &c->option_count);
	return rc == RC_OK ? command_list(cli, "roles", wish->roles, CONSULTATION_ROLES_MAX,
					  &wish->role_count)
			   : rc;
}

static enum rc find_roles(struct social *s, uint64_t community, const struct wish *wish,
			  struct consultation *c)
{
	struct community_role role;
	for (c->role_count = 0; c->role_count < wish->role_count; c->role_count++) {
		struct str word = wish->roles[c->role_count];
		if (!community_role_named(s->txn, s->ctx->arena, community, word, &role))
			return ctx_fail(s->ctx, RC_INVALID, "there is no role \"%.*s\"",
					STR_ARG(word));
		c->roles[c->role_count] = role.id;
	}
	return RC_OK;
}

static enum rc call_it(struct social *s, struct asked *a)
{
	const struct wish *wish = a->of;
	struct consultation c = wish->c;
	c.community = a->community;
	enum rc rc = find_roles(s, a->community, wish, &c);
	return rc == RC_OK ? consultation_call(s, NULL, &c) : rc;
}

enum rc cmd_consultation_call(struct cli *cli)
{
	struct wish wish = { .role_count = 0 };
	struct asked a = { .act = call_it, .of = &wish };
	enum rc rc = read_call(cli, &wish);
	return rc == RC_OK ? upon_community(cli, &a, print_all) : rc;
}

static enum rc cancel(struct social *s, void *arg)
{
	return consultation_cancel(s, NULL, *(const uint64_t *)arg);
}

enum rc cmd_consultation_cancel(struct cli *cli)
{
	return node_remove(cli, "a consultation is named by its id", cancel);
}

/* --- results --- */

typedef enum rc result_print(struct cli *cli, const struct consultation *c,
			     const struct consultation_result *r);

static enum rc with_result(struct cli *cli, result_print *print)
{
	struct node node;
	struct db_txn *txn = NULL;
	struct consultation c;
	struct consultation_result r;
	uint64_t id;
	enum rc rc = command_id(cli, 0, "a consultation", &id);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = db_read_begin(node.db, &txn);
	if (rc == RC_OK && !consultation_get(txn, cli->ctx.arena, id, &c))
		rc = ctx_fail(&cli->ctx, RC_NOT_FOUND, "there is no such consultation");
	if (rc == RC_OK)
		rc = consultation_result(&cli->ctx, txn, clock_wall_ms(clock_system()), &c, &r);
	if (rc == RC_OK)
		rc = print(cli, &c, &r);
	if (txn != NULL)
		db_read_end(&txn);
	node_close(&node);
	return rc;
}

static void print_options(struct cli *cli, const struct consultation *c,
			  const struct consultation_result *r)
{
	struct output *out = &cli->out;
	const struct tally_round *last =
		r->tally.round_count != 0 ? &r->tally.rounds[r->tally.round_count - 1] : NULL;
	output_table(out, "options");
	for (unsigned i = 0; i < c->option_count; i++) {
		output_row(out);
		output_num(out, "number", i + 1);
		output_str(out, "name", c->options[i]);
		output_num(out, "votes", last != NULL ? last->votes[i] : 0);
		output_flag(out, "wins", r->enough && r->tally.winner[i]);
		output_end(out);
	}
	output_end(out);
}

static enum rc print_result(struct cli *cli, const struct consultation *c,
			    const struct consultation_result *r)
{
	struct output *out = &cli->out;
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	enc_hex(&hex, str_n((const char *)r->digest.bytes, DIGEST_SIZE));
	output_object(out, NULL);
	output_id(out, "id", c->id);
	output_str(out, "question", c->question);
	output_num(out, "papers", r->paper_count);
	output_num(out, "quorum", c->quorum);
	output_num(out, "seats", c->seats);
	output_flag(out, "complete", r->complete);
	output_flag(out, "final", r->final);
	output_flag(out, "decided", r->decided);
	print_options(cli, c, r);
	output_str(out, "digest", buf_str(&hex));
	output_end(out);
	return RC_OK;
}

enum rc cmd_consultation_result(struct cli *cli)
{
	return with_result(cli, print_result);
}

/* A receipt's paper is told by the first bytes of its SHA-256 (schemas/ledger.md). */
static enum rc print_paper(struct cli *cli, const struct consultation *c,
			   const struct consultation_result *r)
{
	struct output *out = &cli->out;
	struct digest digest = digest_sha256(command_argument(cli, 1));
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	enc_hex(&hex, str_n((const char *)digest.bytes, CONSULTATION_RECEIPT_SIZE));
	for (size_t i = 0; i < r->paper_count; i++) {
		const struct consultation_paper *p = &r->papers[i];
		if (memcmp(p->receipt, digest.bytes, CONSULTATION_RECEIPT_SIZE) != 0)
			continue;
		output_object(out, NULL);
		output_str(out, "receipt_digest", buf_str(&hex));
		output_list(out, "choices");
		for (unsigned k = 0; k < p->count; k++)
			output_item(out, p->choices[k] != 0 && p->choices[k] <= c->option_count
						 ? c->options[p->choices[k] - 1]
						 : STR("?"));
		output_end(out);
		output_end(out);
		return RC_OK;
	}
	return ctx_fail(&cli->ctx, RC_NOT_FOUND, "no paper that was counted has the digest %.*s",
			STR_ARG(buf_str(&hex)));
}

enum rc cmd_consultation_verify(struct cli *cli)
{
	return with_result(cli, print_paper);
}
