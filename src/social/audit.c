/* Recording acts. Inside write transactions. */
#include "social/audit.h"

#include "core/must.h"

static const char *const names[] = {
#define X(constant, name) [AUDIT_##constant] = (name),
	AUDIT_ACTS(X)
#undef X
};

const char *audit_act_name(enum audit_act act)
{
	must((size_t)act < ARRAY_LEN(names));
	return names[act];
}

struct str audit_number(struct social *s, uint64_t number)
{
	return arena_printf(s->ctx->arena, "%llu", (unsigned long long)number);
}

void audit(struct social *s, const struct account *by, enum audit_act act,
	   const struct audit_about *about)
{
	const struct audit_entry entry = {
		.act = audit_act_name(act),
		.actor = by != NULL ? by->id : 0,
		.target = about->id != 0 ? audit_number(s, about->id) : about->name,
		.details = about->details,
		.detail_count = about->detail_count,
	};
	audit_append(s->txn, s->ctx->arena, &entry);
}
