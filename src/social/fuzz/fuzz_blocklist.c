/*
 * Any bytes as a list of blocks: what is taken over is hosts in order, each once, with something that is asked for.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/must.h"
#include "social/blocklist.h"

#define ARENA_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct ctx ctx = { .arena = arena };
	struct block_rows rows;
	enum rc rc = blocklist_parse(&ctx, str_n(data, size), &rows);
	must(rc == RC_OK || rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_NO_MEMORY);
	must(rc == RC_OK || rows.count == 0);
	for (size_t i = 0; i < rows.count; i++) {
		const struct block_entry *e = &rows.list[i];
		must(e->host.len != 0 && e->host.len <= 253);
		must(i == 0 || str_cmp(rows.list[i - 1].host, e->host) < 0);
		must(e->policy == PEER_BLOCKED || e->policy == PEER_LIMITED || e->flags != 0);
	}
	arena_free(&arena);
	return 0;
}
