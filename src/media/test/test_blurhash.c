/* BlurHash against hashes of the reference implementation (woltapp/blurhash in C, by blurhash-python 1.2.2). */
#include "media/blurhash.h"

#include <stdlib.h>

#include "testkit.h"

typedef void pixel(unsigned x, unsigned y, unsigned char rgb[3]);

static void white(unsigned x UNUSED, unsigned y UNUSED, unsigned char rgb[3])
{
	rgb[0] = rgb[1] = rgb[2] = 255;
}

static void red(unsigned x UNUSED, unsigned y UNUSED, unsigned char rgb[3])
{
	rgb[0] = 255;
	rgb[1] = rgb[2] = 0;
}

static void night(unsigned x UNUSED, unsigned y UNUSED, unsigned char rgb[3])
{
	rgb[0] = 10;
	rgb[1] = 20;
	rgb[2] = 30;
}

static void slope(unsigned x, unsigned y, unsigned char rgb[3])
{
	rgb[0] = (unsigned char)(x * 8);
	rgb[1] = (unsigned char)(y * 10);
	rgb[2] = 128;
}

static void weave(unsigned x, unsigned y, unsigned char rgb[3])
{
	rgb[0] = (unsigned char)(x * 7 + y * 13);
	rgb[1] = (unsigned char)(x * y);
	rgb[2] = (unsigned char)((x ^ y) * 8);
}

static void corners(unsigned x, unsigned y, unsigned char rgb[3])
{
	rgb[0] = x < 4 ? 0 : 255;
	rgb[1] = y < 4 ? 0 : 255;
	rgb[2] = 0;
}

static void agrees_with_the_reference(void **state UNUSED)
{
	static const struct {
		pixel *draw;
		unsigned width, height, x, y;
		const char *hash;
	} cases[] = {
		{ white, 4, 4, 1, 1, "00TSUA" },
		{ red, 4, 4, 4, 3, "L~TI:j|cfQ|c|c$5fQ$5fQfQfQfQ" },
		{ slope, 32, 24, 4, 3, "LxH27k2swxX8mHWWjtf7gJfjfQfj" },
		{ weave, 32, 24, 5, 4, "VSHUCdMJmnrda2zfRdGFgOTFVK3BtRwFVtVzkn;Qm.b[" },
		{ corners, 9, 9, 9, 9,
		  "||MtX]3QA=-ksU%HFIpDSMz0RmWpnRjtnRWpi}a|dxe;fQe;fQe;fQe;fQ%a"
		  "SyWpodjtodWpkAa|g0fjfQfjfQfjfQfjfQ%HSyWpodjtodWpkAa|d_e;fQe;"
		  "fQe;fQe;fQ$hSfWpoKjtoKWpj@a|eqf7fQf7fQf7fQf7fQ" },
		{ night, 1, 1, 4, 4, "U31C={%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(BLURHASH_MAX);
		size_t count = (size_t)cases[i].width * cases[i].height;
		unsigned char *rgb = malloc(3 * count);
		assert_non_null(rgb);
		for (unsigned n = 0; n < count; n++)
			cases[i].draw(n % cases[i].width, n / cases[i].width, rgb + 3 * n);
		blurhash_encode(&out, rgb, cases[i].width, cases[i].height, cases[i].x, cases[i].y);
		free(rgb);
		assert_str_eq(buf_str(&out), str_of(cases[i].hash));
		assert_true(blurhash_valid(buf_str(&out)));
	}
}

static void tells_hashes_from_other_text(void **state UNUSED)
{
	static const struct str wrong[] = {
		STR_INIT(""),
		STR_INIT("00000"),
		STR_INIT("LEHV6nWB2yk8pyo0adR*.7kCMdn"),
		STR_INIT("LEHV6nWB2yk8pyo0adR*.7kCMdnjj"),
		STR_INIT("LEHV6nWB2yk8pyo0adR*.7kCMd\"j"),
		STR_INIT("LEHV6nWB2yk8pyo0adR*.7kCMd\0j"),
		STR_INIT("}00000"),
	};
	assert_true(blurhash_valid(STR("LEHV6nWB2yk8pyo0adR*.7kCMdnj")));
	assert_true(blurhash_valid(STR("LFE.@D9F01_2%L%MIVD*9Goe-;WB")));
	assert_true(blurhash_valid(STR("eaF#5R0#WBjYR+58-nWCWBn~bIsTbbayjFWof8jFj[WX-nNHR*jss.")));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(blurhash_valid(wrong[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_reference),
		cmocka_unit_test(tells_hashes_from_other_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
