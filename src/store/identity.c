/* The stored form of an account's identity statements. Pure. */
#include "core/must.h"
#include "identity_int.h"

void identities_encode(struct buf *out, const struct identity *identities, unsigned count)
{
	must(count <= IDENTITIES_MAX);
	rec_add_num(out, count);
	for (unsigned i = 0; i < count; i++) {
		rec_add_str(out, identities[i].subject);
		rec_add_str(out, identities[i].statement);
		rec_add_num(out, identities[i].expires_ms);
	}
}

bool identities_decode(struct arena *arena, struct rec *r, struct identity **identities,
		       unsigned *count)
{
	uint64_t n = rec_num(r);
	if (n > IDENTITIES_MAX)
		return false;
	*identities = ARENA_ARRAY(arena, n, struct identity);
	if (*identities == NULL)
		return false;
	for (*count = 0; *count < n; (*count)++) {
		struct identity *one = &(*identities)[*count];
		one->subject = rec_str(r);
		one->statement = rec_str(r);
		one->expires_ms = rec_num(r);
	}
	return true;
}
