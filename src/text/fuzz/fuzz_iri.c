/*
 * FZ-04: a canonical IRI, authority or handle is canonical: parsed again it is the same, and it
 * holds nothing that another parser could read in another way.
 */
#include "core/must.h"
#include "text/acct.h"
#include "text/iri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const unsigned flag_sets[] = { IRI_STRICT, IRI_HTTP, IRI_HTTP | IRI_LITERAL };

static void check_iri(struct ctx *ctx, struct str text, unsigned flags)
{
	struct iri iri, again;
	if (iri_parse(ctx, text, flags, &iri) != RC_OK)
		return;
	must(iri.text.len <= IRI_MAX);
	for (size_t i = 0; i < iri.text.len; i++) {
		char c = iri.text.ptr[i];
		must(c > ' ' && c < 0x7f && strchr("\\<>\"^`{|}", c) == NULL);
	}
	must(str_index(iri.authority, '@') == iri.authority.len);
	must(str_index(iri.authority, '%') == iri.authority.len);
	must(iri.target.len != 0 && iri.target.ptr[0] == '/');
	if ((flags & IRI_LITERAL) == 0)
		must(str_index(iri.host, '.') != iri.host.len && iri.host.ptr[0] != '[');
	must(iri_parse(ctx, iri.text, flags, &again) == RC_OK);
	must(str_eq(iri.text, again.text));
	must(iri_same_origin(&iri, &again));
	must(str_has_prefix(iri.text, iri_document(&iri)));
}

static void check_handle(struct ctx *ctx, struct str text, unsigned flags)
{
	struct str authority, again;
	struct acct acct;
	if (iri_authority(ctx, text, flags, &authority) == RC_OK) {
		must(iri_authority(ctx, authority, flags, &again) == RC_OK);
		must(str_eq(authority, again));
	}
	if (acct_parse(ctx, text, flags, &acct) == RC_OK) {
		must(acct_user_valid(acct.user));
		if (acct.host.ptr != NULL) {
			must(iri_authority(ctx, acct.host, flags, &again) == RC_OK);
			must(str_eq(acct.host, again));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(flag_sets); i++) {
		struct ctx ctx = { .arena = arena_new((size_t)1 << 20) };
		must(ctx.arena != NULL);
		check_iri(&ctx, str_n(data, size), flag_sets[i]);
		check_handle(&ctx, str_n(data, size), flag_sets[i]);
		arena_free(&ctx.arena);
	}
	return 0;
}
