/* fediflow attribute: what the institution says of its people. At the command line the operator acts. */
#include <stdlib.h>

#include "acts.h"
#include "cmd.h"
#include "files.h"
#include "node.h"
#include "social/attribute.h"
#include "social/audit.h"
#include "target.h"
#include "text/csv.h"

#define FILE_MAX ((size_t)64 << 20)
#define STEP 200
#define COLUMNS 3

/* --- one person --- */

struct one {
	uint64_t account;
	struct attribute attribute;
	bool removes;
};

static void record(struct social *s, uint64_t account, struct str name)
{
	const struct audit_detail details[] = { { "attribute", name } };
	audit(s, NULL, AUDIT_ACCOUNT_ATTRIBUTES,
	      &(const struct audit_about){
		      .id = account, .details = details, .detail_count = name.len != 0 });
}

static enum rc apply(struct social *s, void *arg)
{
	const struct one *o = arg;
	enum rc rc =
		o->removes ? attribute_remove(s, o->account, o->attribute.name, o->attribute.value)
			   : attribute_add(s, o->account, &o->attribute);
	if (rc == RC_OK)
		record(s, o->account, o->attribute.name);
	if (rc == RC_NOT_FOUND && s->ctx->err.rc == RC_OK)
		return ctx_fail(s->ctx, rc, "they have no such attribute");
	return rc == RC_EXISTS ? RC_OK : rc;
}

static void print_of(struct cli *cli, struct db_txn *txn, uint64_t account)
{
	struct attribute *list = ARENA_ARRAY(cli->ctx.arena, ATTRIBUTES_ALL_MAX, struct attribute);
	size_t n = list != NULL ? attributes_of(txn, cli->ctx.arena, account, list) : 0;
	output_table(&cli->out, NULL);
	for (size_t i = 0; i < n; i++) {
		output_row(&cli->out);
		output_str(&cli->out, "name", list[i].name);
		output_str(&cli->out, "value", list[i].value);
		output_str(&cli->out, "source", str_of(attribute_source_name(list[i].source)));
		output_date(&cli->out, "since", list[i].since_ms);
		output_end(&cli->out);
	}
	output_end(&cli->out);
}

static enum rc print(struct cli *cli, struct node *node, uint64_t account)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(node->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(&cli->ctx, rc, "the database cannot be read");
	print_of(cli, txn, account);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc;
}

enum rc cmd_attribute_list(struct cli *cli)
{
	struct node node;
	struct account a;
	enum rc rc = node_open(cli, NODE_READ, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK)
		rc = print(cli, &node, a.id);
	node_close(&node);
	return rc;
}

static enum rc change(struct cli *cli, struct one *o)
{
	struct node node;
	struct account a;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &a);
	if (rc == RC_OK) {
		o->account = a.id;
		rc = node_act(cli, &node, apply, o);
	}
	if (rc == RC_OK)
		rc = print(cli, &node, a.id);
	node_close(&node);
	return rc;
}

enum rc cmd_attribute_add(struct cli *cli)
{
	struct one o = { .removes = false };
	enum rc rc = attribute_read_pair(&cli->ctx, command_argument(cli, 1), &o.attribute);
	o.attribute.source = ATTRIBUTE_BY_OPERATOR;
	return rc == RC_OK ? change(cli, &o) : rc;
}

enum rc cmd_attribute_remove(struct cli *cli)
{
	struct one o = { .removes = true };
	struct str word = command_argument(cli, 1);
	enum rc rc = str_index(word, '=') == word.len
			     ? attribute_read_part(&cli->ctx, word, STR(""), &o.attribute)
			     : attribute_read_pair(&cli->ctx, word, &o.attribute);
	return rc == RC_OK ? change(cli, &o) : rc;
}

/* --- many --- */

struct row {
	uint64_t account;
	struct attribute attribute;
};

struct import {
	struct row *rows;
	size_t count, next, step;
	bool replace;
};

/* The first row names the columns, in this order. */
static bool is_head(const struct str *fields, size_t n)
{
	return n == COLUMNS && str_eq_nocase(str_trim(fields[0]), STR("account")) &&
	       str_eq_nocase(str_trim(fields[1]), STR("name")) &&
	       str_eq_nocase(str_trim(fields[2]), STR("value"));
}

static enum rc row_read(struct cli *cli, struct node *node, unsigned line, const struct str *fields,
			size_t n, struct row *out)
{
	struct account a;
	if (n != COLUMNS)
		return ctx_fail(&cli->ctx, RC_INVALID, "line %u: account,name,value", line);
	enum rc rc = target_account(cli, node, str_trim(fields[0]), TARGET_LOCAL, &a);
	if (rc == RC_OK)
		rc = attribute_read(&cli->ctx, fields[1], fields[2], &out->attribute);
	if (rc != RC_OK) {
		struct str why = arena_str(cli->ctx.arena, str_of(err_text(&cli->ctx.err)));
		cli->ctx.err = (struct err){ 0 };
		return ctx_fail(&cli->ctx, rc, "line %u: %.*s", line, STR_ARG(why));
	}
	out->account = a.id;
	out->attribute.source = ATTRIBUTE_BY_OPERATOR;
	return RC_OK;
}

/* All of it is read before any of it is written: a mistake changes nothing. */
static enum rc rows_read(struct cli *cli, struct node *node, struct str text, struct import *im)
{
	struct str fields[COLUMNS + 1];
	struct csv csv = { .rest = text };
	size_t n, lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.ptr[i] == '\n';
	im->rows = ARENA_ARRAY(cli->ctx.arena, lines, struct row);
	if (im->rows == NULL)
		return RC_NO_MEMORY;
	enum rc rc = csv_row(&cli->ctx, &csv, fields, COLUMNS + 1, &n);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !is_head(fields, n)))
		return ctx_fail(&cli->ctx, RC_INVALID, "the first line is account,name,value");
	while (rc == RC_OK) {
		rc = csv_row(&cli->ctx, &csv, fields, COLUMNS + 1, &n);
		if (rc == RC_OK)
			rc = row_read(cli, node, csv.line, fields, n, &im->rows[im->count]);
		im->count += rc == RC_OK;
		if (rc == RC_NOT_FOUND && cli->ctx.err.rc == RC_OK)
			return RC_OK;
	}
	return rc;
}

static int by_account(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	return (a->account > b->account) - (a->account < b->account);
}

/* All rows of one account. */
static enum rc apply_account(struct social *s, const struct import *im, size_t from, size_t to)
{
	struct attribute *list = ARENA_ARRAY(s->ctx->arena, to - from, struct attribute);
	enum rc rc = list != NULL ? RC_OK : RC_NO_MEMORY;
	for (size_t i = from; rc == RC_OK && i < to; i++) {
		list[i - from] = im->rows[i].attribute;
		if (!im->replace)
			rc = attribute_add(s, im->rows[i].account, &im->rows[i].attribute);
		rc = rc == RC_EXISTS ? RC_OK : rc;
	}
	if (rc == RC_OK && im->replace)
		rc = attributes_replace(s, im->rows[from].account, ATTRIBUTE_BY_OPERATOR, list,
					to - from);
	if (rc == RC_OK)
		record(s, im->rows[from].account, STR(""));
	return rc;
}

/* Some accounts; a job may run again. */
static enum rc apply_step(struct social *s, void *arg)
{
	struct import *im = arg;
	enum rc rc = RC_OK;
	im->step = im->next;
	while (rc == RC_OK && im->step < im->count && im->step < im->next + STEP) {
		size_t to = im->step;
		while (to < im->count && im->rows[to].account == im->rows[im->step].account)
			to++;
		rc = apply_account(s, im, im->step, to);
		im->step = to;
	}
	return rc;
}

enum rc cmd_attribute_import(struct cli *cli)
{
	struct import im = { .replace = command_switch(cli, "replace") };
	struct node node;
	struct buf text CLEANUP(buf_free) = BUF_INIT(FILE_MAX);
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = file_read(&cli->ctx, cli->arguments[0], &text);
	if (rc == RC_OK)
		rc = rows_read(cli, &node, buf_str(&text), &im);
	if (rc == RC_OK && im.count != 0)
		qsort(im.rows, im.count, sizeof(*im.rows), by_account);
	while (rc == RC_OK && im.next < im.count) {
		rc = node_act(cli, &node, apply_step, &im);
		im.next = im.step;
	}
	if (rc == RC_OK) {
		output_object(&cli->out, NULL);
		output_num(&cli->out, "rows", im.count);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}
