/*
 * Any bytes as a header of FEP-8fcf: what is read is written and read again alike, and names what is
 * an address.
 */
#include <stdint.h>

#include "core/must.h"
#include "sync_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(1 << 20);
	struct ctx ctx = { .arena = arena };
	const struct ap_reader reader = { &ctx, IRI_STRICT };
	struct sync_header header, again;
	struct iri iri;
	must(arena != NULL);
	if (sync_header_parse(&reader, str_n(data, size), &header)) {
		must(iri_parse(&ctx, header.url, IRI_STRICT, &iri) == RC_OK);
		must(iri_parse(&ctx, header.collection, IRI_STRICT, &iri) == RC_OK);
		must(sync_header_parse(&reader, sync_header_make(arena, &header), &again));
		must(str_eq(header.url, again.url) && str_eq(header.collection, again.collection));
		must(memcmp(header.digest.bytes, again.digest.bytes, DIGEST_SIZE) == 0);
	}
	arena_free(&arena);
	return 0;
}
