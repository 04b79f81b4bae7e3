/* Metadata of WebP files. */
#include "../webp.h"

#include "testkit.h"

#define VP8X(flags) "VP8X\x0a\0\0\0" flags "\0\0\0\7\0\0\7\0\0"
#define PICTURE "VP8 \3\0\0\0abc\0"

static void metadata_goes_and_the_picture_stays(void **state UNUSED)
{
	char file[] =
		"RIFF\x4c\0\0\0WEBP" VP8X("\x1c") "EXIF\5\0\0\0where\0" PICTURE "XMP \4\0\0\0who?";
	static const char expected[] = "RIFF\x22\0\0\0WEBP" VP8X("\x10") PICTURE;
	size_t len = webp_strip((unsigned char *)file, sizeof(file) - 1);
	assert_int_equal(len, sizeof(expected) - 1);
	assert_memory_equal(file, expected, len);
}

static void a_plain_file_stays_as_it_is(void **state UNUSED)
{
	char file[] = "RIFF\x10\0\0\0WEBP" PICTURE;
	static const char expected[] = "RIFF\x10\0\0\0WEBP" PICTURE;
	assert_int_equal(webp_strip((unsigned char *)file, sizeof(file) - 1), sizeof(file) - 1);
	assert_memory_equal(file, expected, sizeof(expected));
}

static void chunks_beyond_the_end_are_refused(void **state UNUSED)
{
	static const char whole[] = "RIFF\x10\0\0\0WEBP" PICTURE;
	for (size_t len = 0; len < sizeof(whole) - 2; len++) {
		unsigned char file[64];
		memcpy(file, whole, len);
		assert_int_equal(webp_strip(file, len), len == 12 ? 12 : 0);
	}
	unsigned char huge[] = "RIFF\x10\0\0\0WEBPVP8 \xff\xff\xff\xff";
	assert_int_equal(webp_strip(huge, sizeof(huge) - 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_goes_and_the_picture_stays),
		cmocka_unit_test(a_plain_file_stays_as_it_is),
		cmocka_unit_test(chunks_beyond_the_end_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
