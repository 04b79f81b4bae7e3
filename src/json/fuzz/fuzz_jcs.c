/*
 * The canonical form of whatever jr takes is JSON again, and is its own canonical form; and with a
 * member of the root left out, it does not have it.
 */
#include <stdint.h>

#include "core/must.h"
#include "json/jcs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void canonical(struct jr root, const struct jcs_change *changes, size_t count,
		      struct buf *out)
{
	struct arena *arena = arena_new(64 << 20);
	must(arena != NULL);
	must(jcs_write(arena, root, changes, count, out) == RC_OK);
	arena_free(&arena);
}

/* NULL when it has a whole number that jr takes with an exponent only (RFC 7493 section 2.2). */
static struct jr_doc *parse(struct str bytes)
{
	struct jr_limits limits = jr_limits_peer;
	struct ctx ctx = { 0 };
	struct jr_doc *doc;
	limits.bytes = JR_BYTES_MAX; /* numbers become longer */
	enum rc rc = jr_parse(&ctx, bytes, &limits, &doc);
	must(rc == RC_OK || str_contains(str_of(err_text(&ctx.err)), STR("number")));
	return doc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct jcs_change without = { "proof", { NULL } };
	struct buf once CLEANUP(buf_free) = BUF_INIT(JR_BYTES_MAX);
	struct buf twice CLEANUP(buf_free) = BUF_INIT(JR_BYTES_MAX);
	struct buf less CLEANUP(buf_free) = BUF_INIT(JR_BYTES_MAX);
	struct ctx ctx = { 0 };
	struct jr_doc *doc, *again;
	if (jr_parse(&ctx, str_n(data, size), &jr_limits_peer, &doc) != RC_OK)
		return 0;
	canonical(jr_root(doc), NULL, 0, &once);
	again = parse(buf_str(&once));
	if (again != NULL) {
		canonical(jr_root(again), NULL, 0, &twice);
		must(str_eq(buf_str(&once), buf_str(&twice)));
	}
	jr_free(&again);
	canonical(jr_root(doc), &without, 1, &less);
	again = parse(buf_str(&less));
	must(again == NULL || jr_type(jr_get(jr_root(again), "proof")) == JR_ABSENT);
	jr_free(&again);
	jr_free(&doc);
	return 0;
}
