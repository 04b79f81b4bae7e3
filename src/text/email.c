/* E-mail addresses. Stateless, any thread. */
#include "text/email.h"

#include "text/iri.h"

#define LOCAL_MAX 64 /* RFC 5321 section 4.5.3.1.1 */

static bool is_atom_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("+-_='&~", c) != NULL);
}

/* RFC 5322 section 3.2.3: atoms with single dots between them. */
static bool local_valid(struct str local)
{
	if (local.len == 0 || local.len > LOCAL_MAX)
		return false;
	for (size_t i = 0; i < local.len; i++) {
		bool dot_fits = local.ptr[i] == '.' && i != 0 && i + 1 != local.len &&
				local.ptr[i - 1] != '.';
		if (!dot_fits && !is_atom_byte(local.ptr[i]))
			return false;
	}
	return true;
}

static struct str lower(struct arena *arena, struct str s)
{
	struct str copy = arena_str(arena, s);
	for (size_t i = 0; i < copy.len; i++) {
		char *c = (char *)(uintptr_t)copy.ptr + i;
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	}
	return copy;
}

enum rc email_parse(struct ctx *ctx, struct str text, unsigned flags, struct email *out)
{
	struct str local, domain, host;
	*out = (struct email){ .text = STR_NONE };
	if (!str_split(text, '@', &local, &domain) || !local_valid(local))
		return ctx_fail(ctx, RC_INVALID, "not an e-mail address that can be written to");
	enum rc rc = iri_authority(ctx, domain, flags, &host);
	if (rc != RC_OK)
		return rc;
	/* a port, or an address in brackets */
	if (str_index(host, ':') != host.len || local.len + 1 + host.len > EMAIL_MAX)
		return ctx_fail(ctx, RC_INVALID, "not an e-mail address that can be written to");
	out->text = arena_printf(ctx->arena, "%.*s@%.*s", STR_ARG(local), STR_ARG(host));
	out->key = lower(ctx->arena, out->text);
	return arena_failed(ctx->arena) ? ctx_fail(ctx, RC_NO_MEMORY, "out of memory") : RC_OK;
}
