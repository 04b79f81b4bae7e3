/* Chunks of WebP files. Pure; any thread. */
#include "webp.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define HEADER 12	       /* "RIFF", a size, "WEBP" */
#define CHUNK 8		       /* a name, a size */
#define FLAGS_OF_METADATA 0x0c /* section 2.7: Exif, XMP */

static uint32_t le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put_le32(unsigned char *p, uint32_t n)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (unsigned char)(n >> 8 * i);
}

static bool is_named(const unsigned char *chunk, const char *name)
{
	return memcmp(chunk, name, 4) == 0;
}

size_t webp_strip(unsigned char *bytes, size_t len)
{
	size_t to = HEADER;
	if (len < HEADER || len > UINT32_MAX || !is_named(bytes, "RIFF") ||
	    !is_named(bytes + 8, "WEBP"))
		return 0;
	for (size_t at = HEADER; at != len;) {
		if (len - at < CHUNK || le32(bytes + at + 4) > len - at - CHUNK)
			return 0;
		/* chunks are padded to even lengths */
		size_t size = CHUNK + (size_t)le32(bytes + at + 4);
		size += size % 2 != 0 && at + size < len;
		if (is_named(bytes + at, "VP8X") && size > CHUNK)
			bytes[at + CHUNK] &= (unsigned char)~FLAGS_OF_METADATA;
		if (!is_named(bytes + at, "EXIF") && !is_named(bytes + at, "XMP ")) {
			memmove(bytes + to, bytes + at, size);
			to += size;
		}
		at += size;
	}
	put_le32(bytes + 4, (uint32_t)(to - 8));
	return to;
}
