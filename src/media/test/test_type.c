/* What a file is, by its first bytes. */
#include "media/type.h"
#include "testkit.h"

static const struct {
	struct str bytes;
	const char *type; /* NULL: none that is taken */
} cases[] = {
	{ STR_INIT("\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg" },
	{ STR_INIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1"), "image/png" },
	{ STR_INIT("GIF89a\1\0\1\0"), "image/gif" },
	{ STR_INIT("GIF87a"), "image/gif" },
	{ STR_INIT("RIFF\x24\0\0\0WEBPVP8 "), "image/webp" },
	{ STR_INIT("RIFF\x24\0\0\0WAVEfmt "), "audio/wav" },
	{ STR_INIT("\0\0\0\x20"
		   "ftypavif\0\0\0\0mif1miaf"),
	  "image/avif" },
	{ STR_INIT("\0\0\0\x18"
		   "ftypmif1\0\0\0\0mif1heic"),
	  "image/heic" },
	{ STR_INIT("\0\0\0\x18"
		   "ftypheic\0\0\0\0mif1heic"),
	  "image/heic" },
	{ STR_INIT("\0\0\0\x18"
		   "ftypisom\0\0\2\0isomiso2"),
	  "video/mp4" },
	{ STR_INIT("\0\0\0\x14"
		   "ftypqt  \0\0\2\0qt  "),
	  "video/quicktime" },
	{ STR_INIT("\0\0\0\x1c"
		   "ftypM4A \0\0\2\0M4A isomiso2"),
	  "audio/mp4" },
	{ STR_INIT("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm"), "video/webm" },
	{ STR_INIT("OggS\0\2\0\0"), "audio/ogg" },
	{ STR_INIT("fLaC\0\0\0\x22"), "audio/flac" },
	{ STR_INIT("ID3\4\0\0\0\0\0\x23"), "audio/mpeg" },
	{ STR_INIT("\xff\xfb\x90\x64"), "audio/mpeg" },
	{ STR_INIT("\xff\xf1\x50\x80"), "audio/aac" },
	/* what browsers run, what reads other files, what nobody asked for (S-091, S-092) */
	{ STR_INIT(""), NULL },
	{ STR_INIT("\xff\xd8"), NULL },
	{ STR_INIT("\x89PNG\r\n\x1a\n"), NULL },
	{ STR_INIT("<svg xmlns='http://www.w3.org/2000/svg'/>"), NULL },
	{ STR_INIT("<!doctype html>"), NULL },
	{ STR_INIT("%PDF-1.4"), NULL },
	{ STR_INIT("II*\0\10\0\0\0"), NULL },
	{ STR_INIT("push graphic-context\n"), NULL },
	{ STR_INIT("#EXTM3U\n#EXT-X-TARGETDURATION:1\n"), NULL },
	{ STR_INIT("ffconcat version 1.0\n"), NULL },
	{ STR_INIT("PK\3\4"), NULL },
	{ STR_INIT("\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska"), NULL },
	{ STR_INIT("\0\0\0\x18"
		   "ftypjp2 \0\0\0\0jp2 jp2 "),
	  NULL },
	{ STR_INIT("\0\0\0\x11"
		   "ftypisom\0\0\0\0"),
	  NULL },
	{ STR_INIT("\xff\xff\xff\xff"), NULL },
	{ STR_INIT("\xff\xeb\x90\x64"), NULL },
	{ STR_INIT("{\"@context\":\"https://www.w3.org/ns/activitystreams\"}"), NULL },
};

static void knows_files_by_their_first_bytes(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct media_type *type = media_sniff(cases[i].bytes);
		const char *name = type != NULL ? type->name : "none";
		const char *expected = cases[i].type != NULL ? cases[i].type : "none";
		if (!str_eq(str_of(name), str_of(expected)))
			fail_msg("case %u is %s and not %s", (unsigned)i, name, expected);
	}
}

/* A reader that looks behind the end would be seen by the sanitizer. */
static void looks_at_no_byte_behind_the_end(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t len = 0; len <= cases[i].bytes.len; len++) {
			char copy[64];
			assert_true(len <= sizeof(copy));
			memcpy(copy + sizeof(copy) - len, cases[i].bytes.ptr, len);
			const struct media_type *type =
				media_sniff(str_n(copy + sizeof(copy) - len, len));
			assert_true(type == NULL || type->name != NULL);
		}
	}
}

static void the_table_is_complete(void **state UNUSED)
{
	for (size_t i = 0; i < media_type_count; i++) {
		const struct media_type *t = &media_types[i], *kept;
		assert_ptr_equal(media_type_by_name(str_of(t->name)), t);
		assert_ptr_equal(media_type_by_extension(str_of(t->extension)), t);
		kept = media_type_by_name(str_of(t->writer));
		assert_non_null(kept);
		assert_int_equal(kept->kind, t->kind);
		assert_true(t->reader[0] != '\0');
		/* S-092: nothing that is served is a document */
		assert_true(str_has_prefix(str_of(t->name), STR("image/")) ||
			    str_has_prefix(str_of(t->name), STR("video/")) ||
			    str_has_prefix(str_of(t->name), STR("audio/")));
		assert_false(str_contains(str_of(t->name), STR("svg")));
	}
	assert_null(media_type_by_name(STR("text/html")));
	assert_null(media_type_by_extension(STR("svg")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_files_by_their_first_bytes),
		cmocka_unit_test(looks_at_no_byte_behind_the_end),
		cmocka_unit_test(the_table_is_complete),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
