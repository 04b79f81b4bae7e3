/*
 * FZ-10: what looks at files in the node itself, under any bytes: the sniffer, the chunks of WebP,
 * BlurHash as text. Oracle: what a file is does not depend on what stands behind its first bytes; a
 * stripped file is one that stripping leaves as it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../webp.h"
#include "core/must.h"
#include "media/blurhash.h"
#include "media/type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_sniffing(struct str bytes)
{
	const struct media_type *type = media_sniff(bytes);
	must(media_sniff(str_take(bytes, MEDIA_SNIFF_BYTES)) == type);
	must(type == NULL || media_type_by_name(str_of(type->name)) == type);
	/* of the two sorts it is one at most */
	const struct media_type *document = media_document_sniff(bytes);
	must(document == NULL || type == NULL);
	must(document == NULL ||
	     media_document_may_be(document, str_take(bytes, MEDIA_SNIFF_BYTES)));
}

static void try_webp(struct str bytes)
{
	unsigned char *copy = malloc(bytes.len + 1);
	must(copy != NULL);
	memcpy(copy, bytes.ptr, bytes.len);
	size_t len = webp_strip(copy, bytes.len);
	must(len <= bytes.len);
	if (len != 0) {
		unsigned char *again = malloc(len);
		must(again != NULL);
		memcpy(again, copy, len);
		must(webp_strip(again, len) == len && memcmp(again, copy, len) == 0);
		free(again);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_n(data, size);
	if (size == 0)
		return 0;
	try_sniffing(bytes);
	try_webp(bytes);
	if (blurhash_valid(bytes))
		must(size >= 6 && size <= BLURHASH_MAX);
	return 0;
}
