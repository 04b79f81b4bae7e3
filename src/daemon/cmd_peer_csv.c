/*
 * fediflow peer export and import: decisions about hosts in the CSV form of Mastodon
 * (docs.joinmastodon.org/admin/moderation, "Exporting and importing domain blocks"): blocks, or the hosts that
 * are allowed, which is a list of names. A file with a mistake is refused as a whole, with its line.
 */
#include <stdio.h>

#include "cmd.h"
#include "files.h"
#include "node.h"
#include "social/moderate.h"
#include "store/peer.h"
#include "text/csv.h"
#include "text/iri.h"

#define FILE_MAX ((size_t)16 << 20)
#define ROWS_MAX 50000
#define CHUNK 100
#define COMMENT_BYTES 4000

/* The columns, in the order in which they are written. */
enum column { DOMAIN, SEVERITY, REJECT_MEDIA, REJECT_REPORTS, PUBLIC_COMMENT, OBFUSCATE, COLUMNS };
#define COLUMNS_MAX 32

static const char *const columns[COLUMNS] = {
	[DOMAIN] = "#domain",
	[SEVERITY] = "#severity",
	[REJECT_MEDIA] = "#reject_media",
	[REJECT_REPORTS] = "#reject_reports",
	[PUBLIC_COMMENT] = "#public_comment",
	[OBFUSCATE] = "#obfuscate",
};

static const struct {
	const char *word;
	enum peer_policy policy;
} severities[] = { { "silence", PEER_LIMITED },
		   { "suspend", PEER_BLOCKED },
		   { "noop", PEER_DEFAULT } };

/* --- writing --- */

static struct str severity_of(const struct peer *peer)
{
	for (size_t i = 0; i < ARRAY_LEN(severities); i++) {
		if (severities[i].policy == peer->policy)
			return str_of(severities[i].word);
	}
	return STR("");
}

static struct str flag_word(const struct peer *peer, unsigned flag)
{
	return (peer->flags & flag) != 0 ? STR("true") : STR("false");
}

static void block_write(struct buf *out, const struct peer *peer)
{
	csv_add(out, severity_of(peer), false);
	csv_add(out, flag_word(peer, PEER_REJECT_MEDIA), false);
	csv_add(out, flag_word(peer, PEER_REJECT_REPORTS), false);
	csv_add(out, peer->public_note.ptr != NULL ? peer->public_note : STR(""), false);
	csv_add(out, flag_word(peer, PEER_OBFUSCATE), false);
}

static void row_write(struct buf *out, const struct peer *peer, bool allowed)
{
	csv_add(out, peer->host, true);
	if (!allowed)
		block_write(out, peer);
	csv_end_row(out);
}

/* One snapshot per chunk. False at the end. */
static bool export_chunk(struct cli *cli, const struct node *node, struct str *after,
			 struct buf *out, enum rc *rc)
{
	bool allowed = command_switch(cli, "allowed");
	struct peer peers[CHUNK];
	struct db_txn *txn;
	*rc = db_read_begin(node->db, &txn);
	if (*rc != RC_OK)
		return false;
	size_t n = peer_list(txn, cli->ctx.arena, *after, peers, CHUNK);
	for (size_t i = 0; i < n; i++) {
		/* an allowance is none of Mastodon's blocks: it has a file of its own */
		if (peer_is_judged(&peers[i]) && (peers[i].policy == PEER_ALLOWED) == allowed)
			row_write(out, &peers[i], allowed);
		*after = peers[i].host;
	}
	*rc = db_txn_rc(txn);
	db_read_end(&txn);
	return *rc == RC_OK && n == CHUNK;
}

enum rc cmd_peer_export(struct cli *cli)
{
	struct node node;
	struct buf out CLEANUP(buf_free) = BUF_INIT(FILE_MAX);
	struct str after = STR("");
	enum rc rc = node_open(cli, NODE_READ, &node);
	size_t width = command_switch(cli, "allowed") ? 1 : COLUMNS;
	for (size_t i = 0; i < width; i++)
		csv_add(&out, str_of(columns[i]), i == 0);
	csv_end_row(&out);
	if (rc == RC_OK) {
		while (export_chunk(cli, &node, &after, &out, &rc))
			;
		if (rc != RC_OK)
			ctx_fail(&cli->ctx, rc, "the database cannot be read");
		else if (out.failed)
			rc = ctx_fail(&cli->ctx, RC_TOO_LARGE, "there are too many decisions");
	}
	if (rc == RC_OK)
		output_raw(&cli->out, buf_str(&out));
	node_close(&node);
	return rc;
}

/* --- reading --- */

struct import {
	struct cli *cli;
	struct node *node;
	int at[COLUMNS]; /* where each column stands; -1: nowhere */
	struct peer *rows;
	size_t count, next;
	bool replace, preview, allowed;
	struct str severity;	      /* where the file says none; empty: none was said */
	uint64_t made, changed, kept; /* in all, and in the write that runs */
	uint64_t step_made, step_changed, step_kept;
};

/* Columns may stand in any order; Mastodon itself needs no more than the first. A file without a head
 * is a list of hosts. */
static bool head_read(struct import *im, const struct str *fields, size_t n)
{
	bool any = false;
	for (size_t c = 0; c < COLUMNS; c++) {
		im->at[c] = -1;
		for (size_t i = 0; i < n; i++) {
			struct str name = str_trim(fields[i]);
			/* some programs write the names without the mark */
			if (str_eq_nocase(name, str_of(columns[c])) ||
			    str_eq_nocase(name, str_of(columns[c] + 1)))
				im->at[c] = (int)i;
		}
		any = any || im->at[c] >= 0;
	}
	return any;
}

static struct str cell(const struct import *im, enum column c, const struct str *fields, size_t n)
{
	int at = im->at[c];
	return at >= 0 && (size_t)at < n ? str_trim(fields[at]) : STR("");
}

static enum rc flag_read(struct import *im, unsigned line, enum column c, struct str word,
			 unsigned flag, struct peer *peer)
{
	if (str_eq_nocase(word, STR("true")) || str_eq(word, STR("1")))
		peer->flags |= flag;
	else if (word.len != 0 && !str_eq_nocase(word, STR("false")) && !str_eq(word, STR("0")))
		return usage_fail(im->cli, "line %u: %s is true or false", line, columns[c]);
	return RC_OK;
}

static enum rc severity_read(struct import *im, unsigned line, struct str word, struct peer *peer)
{
	/* Mastodon's own reading of a row without one */
	if (word.len == 0)
		word = im->severity.len != 0 ? im->severity : STR("suspend");
	if (im->allowed) {
		peer->policy = PEER_ALLOWED;
		peer->flags = 0;
		return RC_OK;
	}
	for (size_t i = 0; i < ARRAY_LEN(severities); i++) {
		if (str_eq_nocase(word, str_of(severities[i].word))) {
			peer->policy = severities[i].policy;
			return RC_OK;
		}
	}
	return usage_fail(im->cli, "line %u: a severity is silence, suspend or noop", line);
}

static enum rc host_read(struct import *im, unsigned line, struct str word, struct peer *peer)
{
	struct ctx quiet = { .arena = im->cli->ctx.arena };
	const struct site *site = &im->node->site;
	if (iri_authority(&quiet, word, site->iri_flags, &peer->host) != RC_OK)
		return usage_fail(im->cli, "line %u: \"%.*s\" is no host", line,
				  STR_ARG(str_take(word, 100)));
	if (str_eq(peer->host, site->host) || str_eq(peer->host, site->domain))
		return usage_fail(im->cli, "line %u: this node cannot block itself", line);
	return RC_OK;
}

static enum rc row_read(struct import *im, unsigned line, const struct str *fields, size_t n)
{
	struct peer peer = { .flags = PEER_LISTED, .note = STR("") };
	enum rc rc = host_read(im, line, cell(im, DOMAIN, fields, n), &peer);
	if (rc == RC_OK)
		rc = severity_read(im, line, cell(im, SEVERITY, fields, n), &peer);
	if (rc == RC_OK)
		rc = flag_read(im, line, REJECT_MEDIA, cell(im, REJECT_MEDIA, fields, n),
			       PEER_REJECT_MEDIA, &peer);
	if (rc == RC_OK)
		rc = flag_read(im, line, REJECT_REPORTS, cell(im, REJECT_REPORTS, fields, n),
			       PEER_REJECT_REPORTS, &peer);
	if (rc == RC_OK)
		rc = flag_read(im, line, OBFUSCATE, cell(im, OBFUSCATE, fields, n), PEER_OBFUSCATE,
			       &peer);
	struct str comment = cell(im, PUBLIC_COMMENT, fields, n);
	struct ctx quiet = { .arena = im->cli->ctx.arena }; /* the line is said, too */
	peer.public_note = STR("");
	if (rc == RC_OK && comment.len != 0 &&
	    text_clean(&quiet, comment, COMMENT_BYTES, COMMENT_BYTES, &peer.public_note) != RC_OK)
		rc = usage_fail(im->cli, "line %u: the comment is too long, or no text", line);
	if (rc == RC_OK && im->count == ROWS_MAX)
		rc = usage_fail(im->cli, "there are more than %d hosts", ROWS_MAX);
	if (rc == RC_OK)
		im->rows[im->count++] = peer;
	return rc;
}

/* Mastodon's list of allowed hosts (domain_allows.csv) has the same first column as its list of blocks: what
 * names hosts and nothing else is taken for neither. */
static enum rc kind_read(const struct import *im)
{
	bool blocks = false;
	for (size_t c = SEVERITY; c < COLUMNS; c++)
		blocks = blocks || (c != PUBLIC_COMMENT && im->at[c] >= 0);
	if (im->allowed && blocks)
		return usage_fail(im->cli, "this is a list of blocks, and not of allowed hosts");
	if (!im->allowed && !blocks && im->severity.len == 0)
		return usage_fail(im->cli, "the file says nothing but names: say --allowed when it "
					   "lists hosts that are allowed, or --severity suspend");
	return RC_OK;
}

static enum rc rows_read(struct import *im, struct str bytes)
{
	struct csv csv = { .rest = bytes };
	struct str fields[COLUMNS_MAX];
	size_t n;
	enum rc rc;
	im->rows = ARENA_ARRAY(im->cli->ctx.arena, ROWS_MAX, struct peer);
	if (im->rows == NULL)
		return RC_NO_MEMORY;
	bool first = true;
	while ((rc = csv_row(&im->cli->ctx, &csv, fields, COLUMNS_MAX, &n)) == RC_OK) {
		bool head = first && head_read(im, fields, n);
		if (first && !head)
			im->at[DOMAIN] = 0;
		else if (first && im->at[DOMAIN] < 0)
			return usage_fail(im->cli, "line %u: no column is #domain", csv.line);
		if (first)
			rc = kind_read(im);
		first = false;
		if (rc == RC_OK && !head)
			rc = row_read(im, csv.line, fields, n);
		if (rc != RC_OK)
			return rc;
	}
	if (rc != RC_NOT_FOUND)
		im->cli->exit_code = EXIT_USAGE;
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* --- deciding --- */

static bool is_same(const struct peer *a, const struct peer *b)
{
	return a->policy == b->policy && a->flags == b->flags &&
	       str_eq(a->public_note, b->public_note);
}

/* What those who run the node have said for themselves is not in the file: it stays. */
static enum rc decide_one(struct social *s, struct import *im, const struct peer *row)
{
	struct peer now;
	bool judged = peer_get(s->txn, s->ctx->arena, row->host, &now) && peer_is_judged(&now);
	if (judged && (!im->replace || is_same(&now, row))) {
		im->step_kept++;
		return RC_OK;
	}
	*(judged ? &im->step_changed : &im->step_made) += 1;
	struct peer next = *row;
	if (judged)
		next.note = now.note;
	return im->preview ? RC_OK : host_decide(s, NULL, &next);
}

static enum rc import_act(struct social *s, void *arg)
{
	struct import *im = arg;
	enum rc rc = RC_OK;
	im->step_made = im->step_changed = im->step_kept = 0;
	for (size_t i = im->next; rc == RC_OK && i < im->count && i < im->next + CHUNK; i++)
		rc = decide_one(s, im, &im->rows[i]);
	return rc;
}

static enum rc decide_all(struct import *im)
{
	enum rc rc = RC_OK;
	for (im->next = 0; rc == RC_OK && im->next < im->count; im->next += CHUNK) {
		rc = node_act(im->cli, im->node, import_act, im);
		if (rc != RC_OK)
			break;
		im->made += im->step_made;
		im->changed += im->step_changed;
		im->kept += im->step_kept;
	}
	return rc;
}

enum rc cmd_peer_import(struct cli *cli)
{
	struct node node;
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(FILE_MAX);
	struct import im = { .cli = cli,
			     .node = &node,
			     .replace = command_switch(cli, "replace"),
			     .preview = command_switch(cli, "preview"),
			     .allowed = command_switch(cli, "allowed"),
			     .severity = command_option(cli, "severity") };
	if (im.allowed && im.severity.ptr != NULL)
		return usage_fail(cli, "what is allowed has no severity");
	for (size_t i = 0; i < COLUMNS; i++)
		im.at[i] = -1;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = file_read(&cli->ctx, cli->arguments[0], &bytes);
	if (rc == RC_OK)
		rc = rows_read(&im, buf_str(&bytes));
	if (rc == RC_OK)
		rc = decide_all(&im);
	if (rc == RC_OK) {
		if (!im.preview)
			node_poke(&node, POKE_RELOAD);
		output_object(&cli->out, NULL);
		output_num(&cli->out, "hosts", im.count);
		output_num(&cli->out, "new", im.made);
		output_num(&cli->out, "changed", im.changed);
		output_num(&cli->out, "kept", im.kept);
		output_flag(&cli->out, "decided", !im.preview);
		output_end(&cli->out);
	}
	node_close(&node);
	return rc;
}
