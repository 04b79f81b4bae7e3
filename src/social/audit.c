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

/* Where it was done stands before everything else that is to be known. */
static size_t details_of(struct social *s, const struct audit_about *about,
			 struct audit_detail **out)
{
	size_t n = 0;
	*out = ARENA_ARRAY(s->ctx->arena, about->detail_count + 2, struct audit_detail);
	if (*out == NULL) {
		db_txn_fail(s->txn, RC_NO_MEMORY);
		return 0;
	}
	if (about->community != 0)
		(*out)[n++] =
			(struct audit_detail){ "community", audit_number(s, about->community) };
	if (about->team != 0)
		(*out)[n++] = (struct audit_detail){ "team", audit_number(s, about->team) };
	for (size_t i = 0; i < about->detail_count; i++)
		(*out)[n++] = about->details[i];
	return n;
}

void audit_by(struct social *s, uint64_t by, enum audit_act act, const struct audit_about *about)
{
	struct audit_detail *details = NULL;
	size_t n = details_of(s, about, &details);
	const struct audit_entry entry = {
		.act = audit_act_name(act),
		.actor = by,
		.target = about->id != 0 ? audit_number(s, about->id) : about->name,
		.details = details,
		.detail_count = n,
	};
	audit_append(s->txn, s->ctx->arena, &entry);
}

void audit(struct social *s, const struct account *by, enum audit_act act,
	   const struct audit_about *about)
{
	audit_by(s, by != NULL ? by->id : 0, act, about);
}
