/* Handles of people. Stateless, any thread. */
#include "text/acct.h"

#include "text/iri.h"

#define USER_MAX 64
#define LOCAL_USER_MAX 30

static bool is_local_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_user_byte(char c)
{
	return is_local_byte(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
}

bool acct_user_valid(struct str user)
{
	if (user.len == 0 || user.len > USER_MAX)
		return false;
	if (user.ptr[0] == '.' || user.ptr[user.len - 1] == '.')
		return false;
	for (size_t i = 0; i < user.len; i++) {
		if (!is_user_byte(user.ptr[i]))
			return false;
	}
	return true;
}

bool acct_local_user_valid(struct str user)
{
	if (user.len == 0 || user.len > LOCAL_USER_MAX)
		return false;
	for (size_t i = 0; i < user.len; i++) {
		if (!is_local_byte(user.ptr[i]))
			return false;
	}
	return true;
}

enum rc acct_parse(struct ctx *ctx, struct str text, unsigned flags, struct acct *out)
{
	struct str user, host;
	*out = (struct acct){ .user = STR_NONE };
	/* RFC 7565 section 7 */
	if (str_has_prefix_nocase(text, STR("acct:")))
		text = str_skip(text, strlen("acct:"));
	/* "!name@host" is how people write communities */
	else if (str_has_prefix(text, STR("@")) || str_has_prefix(text, STR("!")))
		text = str_skip(text, 1);
	bool remote = str_split(text, '@', &user, &host);
	if (!acct_user_valid(user))
		return ctx_fail(ctx, RC_INVALID, "handle: not a user name");
	if (remote) {
		enum rc rc = iri_authority(ctx, host, flags, &out->host);
		if (rc != RC_OK)
			return rc;
	}
	out->user = arena_str(ctx->arena, user);
	return out->user.ptr != NULL ? RC_OK : ctx_fail(ctx, RC_NO_MEMORY, "handle: no memory");
}
