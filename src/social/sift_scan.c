/* Trying a rule on what is stored. Reads only. */
#include "sift_int.h"

#define POST_ARENA ((size_t)32 << 20)
#define CHUNK 100
#define PROGRAM_MAX ((size_t)128 << 10)

static void look(struct db_txn *txn, struct arena *arena, const struct site *site,
		 struct str program, uint64_t id, struct sift_scan *scan)
{
	struct ctx ctx = { .arena = arena };
	struct status status;
	struct account author;
	arena_reset(arena);
	if (!status_get(txn, arena, id, &status) || (status.flags & STATUS_BOOST) != 0 ||
	    !account_get(txn, arena, status.account, &author))
		return;
	const struct sift_post post = { .author = &author,
					.status = &status,
					.edit = status.edited_ms != 0 };
	scan->looked_at++;
	if (!sift_try(txn, &ctx, site, &post, program))
		return;
	scan->fits++;
	if (scan->sample_count < ARRAY_LEN(scan->sample))
		scan->sample[scan->sample_count++] = id;
}

enum rc sift_scan(struct db_txn *txn, const struct site *site, struct str program,
		  uint64_t since_ms, struct sift_scan *scan)
{
	struct arena *arena = arena_new(POST_ARENA);
	uint64_t ids[CHUNK];
	if (arena == NULL)
		return RC_NO_MEMORY;
	for (unsigned done = 0; done < SIFT_SCAN_STEP && !scan->complete; done += CHUNK) {
		size_t n = status_before(txn, scan->cursor, ids, CHUNK);
		scan->complete = n < CHUNK;
		for (size_t i = 0; i < n; i++) {
			if (db_id_ms(ids[i]) < since_ms) {
				scan->complete = true;
				break;
			}
			look(txn, arena, site, program, ids[i], scan);
			scan->cursor = ids[i];
		}
	}
	arena_free(&arena);
	return db_txn_rc(txn);
}

enum rc sift_scan_all(struct db *db, struct ctx *ctx, const struct site *site, struct str text,
		      uint64_t since_ms, struct sift_scan *scan)
{
	struct buf program CLEANUP(buf_free) = BUF_INIT(PROGRAM_MAX);
	struct sieve_rule rule;
	enum rc rc = sieve_parse(ctx, text, &rule, NULL);
	*scan = (struct sift_scan){ .cursor = 0 };
	if (rc == RC_OK)
		sieve_compile(&program, &rule);
	if (rc == RC_OK && program.failed)
		return ctx_fail(ctx, RC_TOO_LARGE, "the rule has too many texts");
	while (rc == RC_OK && !scan->complete && scan->looked_at < SIFT_SCAN_MAX) {
		struct db_txn *txn;
		rc = db_read_begin(db, &txn);
		if (rc != RC_OK)
			break;
		rc = sift_scan(txn, site, buf_str(&program), since_ms, scan);
		db_read_end(&txn);
	}
	return rc;
}
