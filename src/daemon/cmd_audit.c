/* fediflow audit show, count and verify: the record of what moderators and administrators did. */
#include <stdio.h>

#include "cmd.h"
#include "communities.h"
#include "core/date.h"
#include "core/enc.h"
#include "node.h"
#include "store/audit.h"
#include "target.h"

#define CHUNK 256
#define LIMIT_DEFAULT 50
#define LIMIT_MAX 100000
#define SCRATCH ((size_t)16 << 20)

static struct str hex_of(struct arena *arena, const struct digest *d)
{
	struct buf hex = BUF_INIT(2 * DIGEST_SIZE + 1);
	enc_hex(&hex, str_n(d->bytes, DIGEST_SIZE));
	return arena_take_buf(arena, &hex);
}

/* --- show --- */

struct showing {
	struct cli *cli;
	struct node *node;
	struct str act, by, about, since;
	bool public;
	uint64_t community; /* only what was done in it; 0: all */
	uint64_t limit, shown, before;
};

/* "account" stands for account.silence and the like. */
static bool act_fits(struct str wanted, struct str act)
{
	return wanted.len == 0 || str_eq(wanted, act) ||
	       (str_has_prefix(act, wanted) && act.ptr[wanted.len] == '.');
}

static bool fits(const struct showing *sh, const struct audit_said *said)
{
	bool operated = said->actor.len == 0;
	if (!act_fits(sh->act, said->act) ||
	    (sh->about.len != 0 && !str_eq(sh->about, said->target)))
		return false;
	return sh->by.len == 0 ||
	       (operated ? str_eq(sh->by, STR("operator")) : str_eq(sh->by, said->actor));
}

/* Names are looked up now: the record itself has none. */
static struct str name_of(const struct showing *sh, struct db_txn *txn, struct str id)
{
	struct account a;
	uint64_t number;
	if (id.len == 0)
		return STR("operator");
	if (!str_to_u64(id, &number) || !account_get(txn, sh->cli->ctx.arena, number, &a))
		return STR("");
	return target_handle(sh->cli->ctx.arena, sh->node, &a);
}

/* On whose side somebody acts, without who it is. */
static struct str side_of(const struct audit_said *said)
{
	if (said->actor.len == 0)
		return STR("operator");
	if (str_contains(said->details, STR("\"team\":")))
		return STR("team");
	return str_contains(said->details, STR("\"community\":")) ? STR("community")
								  : STR("moderator");
}

/* Nor is it found by what the next one says of it. */
static bool follows_salted(const struct showing *sh, struct db_txn *txn, uint64_t number)
{
	struct audit_row before;
	struct audit_said said;
	return number == 1 || (audit_before(txn, sh->cli->ctx.arena, number, &before, 1) == 1 &&
			       audit_read(&sh->cli->ctx, &before, &said) == RC_OK && said.salted);
}

static void print_row(const struct showing *sh, struct db_txn *txn, const struct audit_row *row,
		      const struct audit_said *said)
{
	struct output *out = &sh->cli->out;
	struct arena *arena = sh->cli->ctx.arena;
	output_object(out, NULL);
	output_num(out, "number", row->number);
	output_str(out, "at", said->at);
	output_str(out, "act", said->act);
	if (sh->public) {
		output_str(out, "by", side_of(said));
	} else {
		output_opt(out, "by_id", said->actor);
		output_str(out, "by", name_of(sh, txn, said->actor));
		output_opt(out, "about", said->target);
		if (act_fits(STR("account"), said->act) || act_fits(STR("statuses"), said->act) ||
		    str_eq(said->act, STR("community.strike")))
			output_opt(out, "whom", name_of(sh, txn, said->target));
		output_str(out, "details", said->details);
		/* for whoever computes the hash anew */
		if (out->json)
			output_str(out, "content", row->content);
	}
	/* whom a row without salt is about could be found by its hash */
	if (!sh->public || said->salted)
		output_str(out, "hash", hex_of(arena, &row->hash));
	if (!sh->public || (said->salted && follows_salted(sh, txn, row->number)))
		output_str(out, "previous", hex_of(arena, &said->previous));
	output_end(out);
}

/* One snapshot per chunk. False at the end. */
static bool show_chunk(struct showing *sh, enum rc *rc)
{
	struct audit_row *rows = ARENA_ARRAY(sh->cli->ctx.arena, CHUNK, struct audit_row);
	struct db_txn *txn = NULL;
	bool more = false;
	*rc = rows != NULL ? db_read_begin(sh->node->db, &txn) : RC_NO_MEMORY;
	if (*rc != RC_OK)
		return false;
	size_t n = sh->community != 0
			   ? audit_within(txn, sh->cli->ctx.arena, sh->community, sh->before, rows,
					  CHUNK)
			   : audit_before(txn, sh->cli->ctx.arena, sh->before, rows, CHUNK);
	more = n == CHUNK;
	for (size_t i = 0; *rc == RC_OK && i < n && sh->shown < sh->limit; i++) {
		struct audit_said said;
		*rc = audit_read(&sh->cli->ctx, &rows[i], &said);
		sh->before = rows[i].number;
		/* newest first: what is older needs no look */
		if (*rc == RC_OK && sh->since.len != 0 && str_cmp(said.at, sh->since) < 0) {
			more = false;
			break;
		}
		if (*rc == RC_OK && fits(sh, &said)) {
			print_row(sh, txn, &rows[i], &said);
			sh->shown++;
		}
	}
	if (*rc == RC_OK)
		*rc = db_txn_rc(txn);
	db_read_end(&txn);
	return *rc == RC_OK && more && sh->shown < sh->limit && sh->before > 1;
}

/* WHO of here, an id, or the operator. */
static enum rc by_read(struct showing *sh)
{
	struct account a;
	uint64_t id;
	if (sh->by.len == 0 || str_eq(sh->by, STR("operator")) || str_to_u64(sh->by, &id))
		return RC_OK;
	enum rc rc = target_account(sh->cli, sh->node, sh->by, TARGET_LOCAL, &a);
	if (rc == RC_OK)
		sh->by = arena_printf(sh->cli->ctx.arena, "%llu", (unsigned long long)a.id);
	return rc;
}

/* An id, a host, or the handle of an account. */
static enum rc about_read(struct showing *sh)
{
	struct account a;
	if (str_index(sh->about, '@') == sh->about.len)
		return RC_OK;
	enum rc rc = target_account(sh->cli, sh->node, sh->about, TARGET_KNOWN, &a);
	if (rc == RC_OK)
		sh->about = arena_printf(sh->cli->ctx.arena, "%llu", (unsigned long long)a.id);
	return rc;
}

static enum rc since_read(struct showing *sh)
{
	uint64_t ms;
	struct str time = arena_printf(sh->cli->ctx.arena, "%.*sT00:00:00Z", STR_ARG(sh->since));
	if (sh->since.len != 0 && !date_parse_rfc3339(time, &ms))
		return usage_fail(sh->cli, "--since is a day such as 2026-11-29");
	return RC_OK;
}

enum rc cmd_audit_show(struct cli *cli)
{
	struct node node;
	struct showing sh = { .cli = cli,
			      .node = &node,
			      .act = command_option(cli, "act"),
			      .by = command_option(cli, "by"),
			      .about = command_option(cli, "about"),
			      .since = command_option(cli, "since"),
			      .public = command_switch(cli, "public") };
	struct str community = command_option(cli, "community");
	if (sh.public && (sh.by.len != 0 || sh.about.len != 0 || community.len != 0))
		return usage_fail(cli, "--public does not say by whom or about whom");
	enum rc rc = command_number(cli, "limit", LIMIT_DEFAULT, LIMIT_MAX, &sh.limit);
	if (rc == RC_OK)
		rc = since_read(&sh);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = by_read(&sh);
	if (rc == RC_OK)
		rc = about_read(&sh);
	if (rc == RC_OK && community.ptr != NULL)
		rc = read_community(cli, &node, community, &sh.community);
	if (rc == RC_OK) {
		output_list(&cli->out, NULL);
		while (show_chunk(&sh, &rc))
			;
		output_end(&cli->out);
		if (rc != RC_OK && cli->ctx.err.rc == RC_OK)
			rc = ctx_fail(&cli->ctx, rc, "the record cannot be read");
	}
	node_close(&node);
	return rc;
}

/* --- count --- */

#define COUNTED_MAX 2048 /* acts of all months */

struct counted {
	struct str month, side, act;
	uint64_t count;
};

struct counting {
	struct cli *cli;
	struct counted *rows;
	size_t n;
	struct str since;
};

static enum rc count_row(struct counting *c, const struct audit_said *said)
{
	struct str month = str_take(said->at, 7), side = side_of(said);
	for (size_t i = 0; i < c->n; i++) {
		struct counted *row = &c->rows[i];
		if (str_eq(row->month, month) && str_eq(row->side, side) &&
		    str_eq(row->act, said->act)) {
			row->count++;
			return RC_OK;
		}
	}
	if (c->n == COUNTED_MAX)
		return ctx_fail(&c->cli->ctx, RC_TOO_LARGE,
				"there are too many months: name a day with --since");
	struct arena *arena = c->cli->ctx.arena;
	c->rows[c->n++] =
		(struct counted){ arena_str(arena, month), side, arena_str(arena, said->act), 1 };
	return RC_OK;
}

/* False at the end. */
static bool count_chunk(struct counting *c, const struct node *node, uint64_t *after, enum rc *rc)
{
	struct arena *arena = arena_new(SCRATCH);
	struct audit_row rows[CHUNK];
	struct db_txn *txn = NULL;
	size_t n = 0;
	*rc = arena != NULL ? db_read_begin(node->db, &txn) : RC_NO_MEMORY;
	if (*rc == RC_OK) {
		n = audit_after(txn, arena, *after, rows, CHUNK);
		*rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	for (size_t i = 0; *rc == RC_OK && i < n; i++) {
		struct ctx ctx = { .arena = arena };
		struct audit_said said;
		*after = rows[i].number;
		*rc = audit_read(&ctx, &rows[i], &said);
		if (*rc != RC_OK || (c->since.len != 0 && str_cmp(said.at, c->since) < 0))
			continue;
		*rc = count_row(c, &said);
	}
	arena_free(&arena);
	return *rc == RC_OK && n == CHUNK;
}

static void print_counted(struct cli *cli, const struct counting *c)
{
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < c->n; i++) {
		output_row(&cli->out);
		output_str(&cli->out, "month", c->rows[i].month);
		output_str(&cli->out, "by", c->rows[i].side);
		output_str(&cli->out, "act", c->rows[i].act);
		output_num(&cli->out, "count", c->rows[i].count);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

enum rc cmd_audit_count(struct cli *cli)
{
	struct node node = { .db = NULL };
	struct counting c = { .cli = cli, .since = command_option(cli, "since") };
	struct showing sh = { .cli = cli, .since = c.since };
	uint64_t after = 0;
	enum rc rc = since_read(&sh);
	if (rc != RC_OK)
		return rc;
	c.rows = ARENA_ARRAY(cli->ctx.arena, COUNTED_MAX, struct counted);
	rc = c.rows != NULL ? node_open(cli, NODE_READ, &node) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		while (count_chunk(&c, &node, &after, &rc))
			;
		if (rc != RC_OK && cli->ctx.err.rc == RC_OK)
			ctx_fail(&cli->ctx, rc, "the record cannot be read");
	}
	if (rc == RC_OK)
		print_counted(cli, &c);
	node_close(&node);
	return rc;
}

/* --- verify --- */

/* "17:1f3b...": what was noted of a row. */
static enum rc head_read(struct cli *cli, struct audit_chain *chain)
{
	struct str number, hex, word = command_option(cli, "head");
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(2 * DIGEST_SIZE);
	if (word.ptr == NULL)
		return RC_OK;
	if (!str_split(word, ':', &number, &hex) || !str_to_u64(number, &chain->noted) ||
	    chain->noted == 0 || !enc_unhex(&bytes, hex) || bytes.len != DIGEST_SIZE)
		return usage_fail(cli, "--head is a number, a colon, and 64 digits");
	memcpy(chain->expected.bytes, bytes.ptr, DIGEST_SIZE);
	return RC_OK;
}

static enum audit_fault verify_row(struct db_txn *txn, struct arena *arena,
				   struct audit_chain *chain, const struct audit_row *row)
{
	struct ctx ctx = { .arena = arena };
	struct audit_said said;
	enum audit_fault fault = audit_chain_next(&ctx, chain, row);
	if (fault == AUDIT_SOUND && audit_read(&ctx, row, &said) == RC_OK)
		fault = audit_placed(txn, &said);
	return fault;
}

/* What the parts of communities and teams have besides. */
static enum rc verify_parts(const struct node *node, uint64_t *bad, enum audit_fault *fault)
{
	struct arena *arena = arena_new(SCRATCH);
	struct db_txn *txn = NULL;
	enum rc rc = arena != NULL ? db_read_begin(node->db, &txn) : RC_NO_MEMORY;
	if (rc == RC_OK) {
		if (audit_strays(txn, arena, bad) != 0)
			*fault = AUDIT_STRAY;
		rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	arena_free(&arena);
	return rc;
}

/* False at the end, or at a row that breaks the chain. */
static bool verify_chunk(const struct node *node, struct audit_chain *chain, uint64_t *bad,
			 enum audit_fault *fault, enum rc *rc)
{
	struct arena *arena = arena_new(SCRATCH);
	struct audit_row rows[CHUNK];
	struct db_txn *txn = NULL;
	size_t n = 0;
	*rc = arena != NULL ? db_read_begin(node->db, &txn) : RC_NO_MEMORY;
	if (*rc == RC_OK) {
		n = audit_after(txn, arena, chain->number, rows, CHUNK);
		for (size_t i = 0; i < n && *fault == AUDIT_SOUND; i++) {
			*fault = verify_row(txn, arena, chain, &rows[i]);
			*bad = rows[i].number;
		}
		*rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	arena_free(&arena);
	return *rc == RC_OK && *fault == AUDIT_SOUND && n == CHUNK;
}

static void print_sound(struct cli *cli, const struct audit_chain *chain)
{
	struct str hash = hex_of(cli->ctx.arena, &chain->head);
	output_object(&cli->out, NULL);
	output_flag(&cli->out, "sound", true);
	output_num(&cli->out, "rows", chain->number);
	/* to be noted where nobody who can write here can write */
	output_str(&cli->out, "head",
		   arena_printf(cli->ctx.arena, "%llu:%.*s", (unsigned long long)chain->number,
				STR_ARG(hash)));
	output_end(&cli->out);
}

enum rc cmd_audit_verify(struct cli *cli)
{
	struct node node;
	struct audit_chain chain = { .number = 0 };
	enum audit_fault fault = AUDIT_SOUND;
	uint64_t bad = 0;
	enum rc rc = head_read(cli, &chain);
	if (rc != RC_OK)
		return rc;
	rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK) {
		while (verify_chunk(&node, &chain, &bad, &fault, &rc))
			;
		if (rc == RC_OK && fault == AUDIT_SOUND)
			rc = verify_parts(&node, &bad, &fault);
		if (rc != RC_OK)
			ctx_fail(&cli->ctx, rc, "the record cannot be read");
	}
	if (rc == RC_OK && fault != AUDIT_SOUND)
		rc = ctx_fail(&cli->ctx, RC_CORRUPT, "row %llu breaks the record: %s",
			      (unsigned long long)bad, audit_fault_text(fault));
	else if (rc == RC_OK && chain.noted > chain.number)
		rc = ctx_fail(
			&cli->ctx, RC_CORRUPT,
			"the record ends with row %llu: row %llu, which was noted, is missing",
			(unsigned long long)chain.number, (unsigned long long)chain.noted);
	if (rc == RC_OK)
		print_sound(cli, &chain);
	node_close(&node);
	return rc;
}
