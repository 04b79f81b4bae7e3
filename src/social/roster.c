/* Accounts as moderators look for them. Reads only. */
#include "core/must.h"
#include "social/moderate.h"
#include "store/sign_up.h"

#define SCANNED_MAX 20000
#define CHUNK 128
#define LOOK_ARENA ((size_t)4 << 20)

static bool contains_nocase(struct str text, struct str part)
{
	for (size_t i = 0; i + part.len <= text.len; i++) {
		if (str_eq_nocase(str_take(str_skip(text, i), part.len), part))
			return true;
	}
	return false;
}

static bool is_in_state(const struct roster_filter *f, unsigned flags)
{
	static const unsigned wanted[] = {
		[ROSTER_PENDING] = ACCOUNT_UNAPPROVED,	[ROSTER_DISABLED] = ACCOUNT_DISABLED,
		[ROSTER_SILENCED] = ACCOUNT_SILENCED,	[ROSTER_SUSPENDED] = ACCOUNT_SUSPENDED,
		[ROSTER_SENSITIVE] = ACCOUNT_SENSITIVE,
	};
	const unsigned restricted =
		ACCOUNT_DISABLED | ACCOUNT_SILENCED | ACCOUNT_SUSPENDED | ACCOUNT_WAITING;
	if (f->state == ROSTER_WHATEVER)
		return true;
	if (f->state == ROSTER_ACTIVE)
		return (flags & restricted) == 0;
	return (flags & wanted[f->state]) != 0;
}

static bool has_email(struct db_txn *txn, struct arena *arena, const struct account *a,
		      struct str email)
{
	struct account_secrets secrets;
	return account_is_local(a) && account_secrets_get(txn, arena, a->id, &secrets) &&
	       (str_eq_nocase(secrets.email, email) ||
		(account_is_waiting(a) && str_eq_nocase(secrets.email_next, email)));
}

static bool came_from(struct db_txn *txn, struct arena *arena, const struct account *a,
		      struct str address)
{
	struct sign_up s;
	return account_is_local(a) && sign_up_get(txn, arena, a->id, &s) &&
	       str_eq(s.address, address);
}

static bool fits(struct db_txn *txn, struct arena *arena, const struct roster_filter *f,
		 const struct account *a)
{
	if ((a->flags & (ACCOUNT_DELETED | ACCOUNT_INSTANCE)) != 0 || !is_in_state(f, a->flags))
		return false;
	if (f->origin != ROSTER_ALL && account_is_local(a) != (f->origin == ROSTER_LOCAL))
		return false;
	if (f->domain.len != 0 && !str_eq(a->domain, f->domain))
		return false;
	if (!str_has_prefix_nocase(a->username, f->username) ||
	    !contains_nocase(a->display_name, f->display_name))
		return false;
	if (f->staff && role_of(txn, a->id) == ROLE_EVERYBODY)
		return false;
	if (f->email.len != 0 && !has_email(txn, arena, a, f->email))
		return false;
	return f->ip.len == 0 || came_from(txn, arena, a, f->ip);
}

size_t roster_list(struct db_txn *txn, const struct roster_filter *filter, uint64_t max_id,
		   uint64_t min_id, uint64_t *out, size_t count)
{
	struct arena *arena = arena_new(LOOK_ARENA);
	uint64_t ids[CHUNK];
	size_t n = 0, got = CHUNK;
	for (size_t seen = 0; arena != NULL && got == CHUNK && seen < SCANNED_MAX; seen += got) {
		got = account_before(txn, max_id, ids, CHUNK);
		for (size_t i = 0; i < got; i++) {
			struct account a;
			arena_reset(arena);
			max_id = ids[i];
			if (n == count || ids[i] <= min_id) {
				arena_free(&arena);
				return n;
			}
			if (account_get(txn, arena, ids[i], &a) && fits(txn, arena, filter, &a))
				out[n++] = ids[i];
		}
	}
	arena_free(&arena);
	return n;
}
