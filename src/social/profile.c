/* What people say of themselves. Pure but for the arena. */
#include "social/profile.h"

#include "text/html.h"
#include "text/iri.h"

static struct str text_of(struct ctx *ctx, struct str source, struct html html)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str text;
	if (source.len != 0 || html.markup.len == 0)
		return source.ptr != NULL ? source : STR("");
	return html_to_text(&quiet, html, &text) == RC_OK ? text : STR_NONE;
}

struct str profile_note_text(struct ctx *ctx, const struct account *account)
{
	return text_of(ctx, account->note_source, account->note);
}

struct str profile_field_text(struct ctx *ctx, const struct account_field *field)
{
	return text_of(ctx, field->source, field->value);
}

/* --- hosts --- */

/* Without what people copy along: a scheme, a wildcard, a path. */
static struct str bare(struct str typed)
{
	struct str host = str_trim(typed);
	size_t scheme = str_find(host, STR("://"));
	if (scheme < host.len)
		host = str_skip(host, scheme + 3);
	if (str_has_prefix(host, STR("*.")))
		host = str_skip(host, 2);
	return str_take(host, str_index(host, '/'));
}

static bool is_listed(const struct str *list, unsigned count, struct str host)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_eq_nocase(list[i], host))
			return true;
	}
	return false;
}

enum rc profile_hosts_make(struct ctx *ctx, const struct site *site, const struct str *typed,
			   size_t count, struct str **out, unsigned *out_count)
{
	*out_count = 0;
	*out = ARENA_ARRAY(ctx->arena, PROFILE_ATTRIBUTION_MAX, struct str);
	for (size_t i = 0; *out != NULL && i < count; i++) {
		struct str text = bare(typed[i]), host;
		if (text.len == 0)
			continue;
		enum rc rc = iri_authority(ctx, text, site->iri_flags, &host);
		if (rc != RC_OK)
			return ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no name of a host",
					STR_ARG(str_take(text, 100)));
		if (is_listed(*out, *out_count, host))
			continue;
		if (*out_count == PROFILE_ATTRIBUTION_MAX)
			return ctx_fail(ctx, RC_INVALID, "at most %d hosts may name an author",
					PROFILE_ATTRIBUTION_MAX);
		(*out)[(*out_count)++] = host;
	}
	return *out != NULL ? RC_OK : RC_NO_MEMORY;
}

bool profile_allows_host(const struct account *account, struct str host)
{
	while (host.len != 0) {
		if (is_listed(account->attribution, account->attribution_count, host))
			return true;
		/* "blog.example.org" is example.org's, too */
		host = str_skip(host, str_index(host, '.') + 1);
	}
	return false;
}
