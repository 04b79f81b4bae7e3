/* Rules of the sieve as moderators make them. Inside write transactions. */
#include "core/must.h"
#include "sift_int.h"
#include "social/audit.h"

#define PROGRAM_MAX ((size_t)128 << 10)
#define RECORDED_MAX 200 /* bytes of a rule in the record of acts */

static bool may(struct social *s, const struct account *moderator)
{
	return moderator == NULL ||
	       role_permits(s->txn, s->ctx->arena, moderator->id, PERMISSION_MANAGE_RULES);
}

static enum rc compile(struct social *s, struct str text, struct sieve_row *out)
{
	struct buf program = BUF_INIT(PROGRAM_MAX);
	struct sieve_rule rule;
	enum rc rc = sieve_parse(s->ctx, text, &rule, NULL);
	if (rc != RC_OK)
		return rc;
	sieve_compile(&program, &rule);
	out->text = text;
	out->action = (uint8_t)rule.action;
	out->label = rule.label;
	out->program = arena_take_buf(s->ctx->arena, &program);
	return out->program.ptr != NULL
		       ? RC_OK
		       : ctx_fail(s->ctx, RC_TOO_LARGE, "the rule has too many texts");
}

static enum rc begin(struct social *s, const struct sieve_row *wish, struct sieve_row *out)
{
	struct sieve_row *rows = ARENA_ARRAY(s->ctx->arena, SIEVE_ROWS_MAX, struct sieve_row);
	if (rows == NULL)
		return RC_NO_MEMORY;
	if (wish->id != 0)
		return sieve_row_get(s->txn, s->ctx->arena, wish->id, out)
			       ? RC_OK
			       : act_end(s, RC_NOT_FOUND);
	size_t n = sieve_row_list(s->txn, s->ctx->arena, rows);
	if (n == SIEVE_ROWS_MAX)
		return act_end(s, ctx_fail(s->ctx, RC_TOO_LARGE, "there are %d rules already",
					   SIEVE_ROWS_MAX));
	*out = (struct sieve_row){ .mode = SIEVE_SHADOW,
				   .position = n != 0 ? rows[n - 1].position + 1 : 1,
				   .created_ms = db_txn_now(s->txn) };
	return RC_OK;
}

enum rc sift_rule_put(struct social *s, const struct account *moderator, struct sieve_row *row)
{
	struct sieve_row next;
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	enum rc rc = begin(s, row, &next);
	if (rc != RC_OK)
		return rc;
	if (row->text.ptr != NULL || row->id == 0) {
		rc = compile(s, row->text, &next);
		if (rc != RC_OK)
			return rc;
		next.revision++;
		/* another text is another rule: it shows first what it does */
		if (next.mode == SIEVE_LIVE)
			next.mode = SIEVE_SHADOW;
	}
	if (row->position != 0)
		next.position = row->position;
	next.updated_ms = db_txn_now(s->txn);
	next.by = moderator != NULL ? moderator->id : 0;
	next.id = sieve_row_put(s->txn, &next);
	*row = next;
	const struct audit_detail detail = { "rule", str_take(next.text, RECORDED_MAX) };
	const struct audit_about about = { .id = next.id, .details = &detail, .detail_count = 1 };
	audit(s, moderator, AUDIT_SIEVE_PUT, &about);
	return act_end(s, RC_OK);
}

enum rc sift_rule_mode(struct social *s, const struct account *moderator, uint64_t id,
		       enum sieve_mode mode)
{
	struct sieve_row row;
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (!sieve_row_get(s->txn, s->ctx->arena, id, &row))
		return act_end(s, RC_NOT_FOUND);
	row.mode = mode;
	row.updated_ms = db_txn_now(s->txn);
	row.by = moderator != NULL ? moderator->id : 0;
	sieve_row_put(s->txn, &row);
	const struct audit_detail detail = { "mode", str_of(sieve_mode_name(mode)) };
	const struct audit_about about = { .id = id, .details = &detail, .detail_count = 1 };
	audit(s, moderator, AUDIT_SIEVE_MODE, &about);
	return act_end(s, RC_OK);
}

enum rc sift_rule_del(struct social *s, const struct account *moderator, uint64_t id)
{
	if (!may(s, moderator))
		return act_end(s, RC_DENIED);
	if (!sieve_row_del(s->txn, id))
		return act_end(s, RC_NOT_FOUND);
	audit(s, moderator, AUDIT_SIEVE_REMOVE, AUDIT_ABOUT(id));
	return act_end(s, RC_OK);
}
