/* QR codes: modules as the standard has them, names escaped, what does not fit refused. */
#include <stdio.h>
#include <stdlib.h>

#include "../qr.h"
#include "testkit.h"

#define SIDE_MAX 256

struct picture {
	unsigned side;
	bool dark[SIDE_MAX][SIDE_MAX];
};

/* What the paths of an <svg> of ours paint. */
static void paint(struct picture *p, const char *svg)
{
	const char *at = strstr(svg, "viewBox=\"0 0 ");
	assert_non_null(at);
	*p = (struct picture){ .side = (unsigned)strtoul(at + strlen("viewBox=\"0 0 "), NULL, 10) };
	assert_in_range(p->side, 21 + 8, SIDE_MAX);
	at = strstr(svg, " d=\"");
	assert_non_null(at);
	at += strlen(" d=\"");
	while (*at == 'M') {
		unsigned x, y, run, back;
		int len = 0;
		assert_int_equal(sscanf(at, "M%u %uh%uv1h-%uz%n", &x, &y, &run, &back, &len), 4);
		assert_true(len > 0 && run == back && x + run <= p->side && y < p->side);
		for (unsigned i = 0; i < run; i++)
			p->dark[y][x + i] = true;
		at += len;
	}
	assert_int_equal(*at, '"');
}

/* ISO/IEC 18004 section 6.3.3: a ring of seven modules around a square of three. */
static void assert_finder(const struct picture *p, unsigned left, unsigned top)
{
	for (unsigned y = 0; y < 7; y++) {
		for (unsigned x = 0; x < 7; x++) {
			bool ring = x == 0 || x == 6 || y == 0 || y == 6;
			bool inner = x >= 2 && x <= 4 && y >= 2 && y <= 4;
			assert_int_equal(p->dark[top + y][left + x], ring || inner);
		}
	}
}

static void a_text_becomes_a_code(void **state)
{
	static struct picture p;
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	(void)state;
	assert_int_equal(qr_add_svg(&out, STR("otpauth://totp/x"), STR("a \"b\" <c>")), RC_OK);
	paint(&p, out.ptr);
	assert_int_equal((p.side - 8 - 17) % 4, 0); /* section 6.1: versions */
	assert_finder(&p, 4, 4);
	assert_finder(&p, p.side - 4 - 7, 4);
	assert_finder(&p, 4, p.side - 4 - 7);
	for (unsigned i = 0; i < p.side; i++) {
		for (unsigned k = 0; k < 4; k++) {
			assert_false(p.dark[k][i] || p.dark[i][k]);
			assert_false(p.dark[p.side - 1 - k][i] || p.dark[i][p.side - 1 - k]);
		}
	}
	assert_non_null(strstr(out.ptr, "aria-label=\"a &quot;b&quot; &lt;c&gt;\""));
	assert_null(strstr(out.ptr, "style"));
}

static void what_does_not_fit_is_refused(void **state)
{
	static char text[8192];
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	(void)state;
	memset(text, 'x', sizeof(text));
	/* 2,331 bytes are the most of version 40 with error correction M (section 7.4.10) */
	assert_int_equal(qr_add_svg(&out, str_n(text, 2331), STR("n")), RC_OK);
	buf_reset(&out);
	assert_int_equal(qr_add_svg(&out, str_n(text, 2332), STR("n")), RC_INVALID);
	assert_int_equal(qr_add_svg(&out, str_n(text, sizeof(text)), STR("n")), RC_INVALID);
	assert_int_equal(qr_add_svg(&out, str_n("a\0b", 3), STR("n")), RC_INVALID);
	assert_int_equal(qr_add_svg(&out, STR(""), STR("n")), RC_INVALID);
	assert_int_equal(out.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_becomes_a_code),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
