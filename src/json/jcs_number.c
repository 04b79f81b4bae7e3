/*
 * Numbers as ECMAScript writes them (RFC 8785 section 3.2.2.3, ECMA-262 Number::toString): the fewest
 * digits that read back as the same double, of these the closest. Pure.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/must.h"
#include "json/jcs.h"

#define DIGITS_MAX 17
#define PRECISION 53
#define EXPONENT_MIN (-1074) /* of the smallest double's only bit */

/* 0.d1d2d3... times ten to the point; no zeros at the end. */
struct decimal {
	char digits[DIGITS_MAX + 1];
	int count;
	int point;
};

static void drop_zeros(struct decimal *d)
{
	while (d->count > 1 && d->digits[d->count - 1] == '0')
		d->count--;
	d->digits[d->count] = '\0';
}

/* The closest one of that many digits. */
static struct decimal closest(double n, int digits)
{
	struct decimal d = { .count = 0 };
	char text[40];
	snprintf(text, sizeof(text), "%.*e", digits - 1, n);
	const char *at = text;
	for (; *at != 'e'; at++) {
		if (*at != '.')
			d.digits[d.count++] = *at;
	}
	d.point = (int)strtol(at + 1, NULL, 10) + 1;
	drop_zeros(&d);
	return d;
}

/* The next one above, of that many digits. */
static struct decimal next(struct decimal d, int digits)
{
	while (d.count < digits)
		d.digits[d.count++] = '0';
	int at = digits - 1;
	while (at >= 0 && d.digits[at] == '9')
		d.digits[at--] = '0';
	if (at >= 0) {
		d.digits[at]++;
	} else {
		d.digits[0] = '1';
		d.point++;
	}
	drop_zeros(&d);
	return d;
}

static bool reads_as(const struct decimal *d, double n)
{
	char text[48];
	snprintf(text, sizeof(text), "0.%se%d", d->digits, d->point);
	double back = strtod(text, NULL);
	return back <= n && back >= n;
}

/*
 * Doubles below two to the exponent have so many bits, and tell every decimal of (bits - 1) *
 * log10(2) digits apart, so that none shorter needs to be tried: for all but the smallest numbers
 * that is DBL_DIG.
 */
static int digits_told_apart(int exponent)
{
	int bits = exponent - EXPONENT_MIN;
	if (bits > PRECISION)
		bits = PRECISION;
	int digits = (bits - 1) * 30103 / 100000;
	return digits > 0 ? digits : 1;
}

static struct decimal shortest(double n)
{
	int exponent;
	/* below a power of two doubles lie closer, and a decimal that is farther away may be nearer
	 * to it than to its neighbour above */
	bool power = frexp(n, &exponent) <= 0.5;
	for (int digits = digits_told_apart(exponent); digits < DIGITS_MAX; digits++) {
		struct decimal d = closest(n, digits);
		if (reads_as(&d, n))
			return d;
		struct decimal above = next(d, digits);
		if (power && reads_as(&above, n))
			return above;
	}
	return closest(n, DIGITS_MAX);
}

static void add_zeros(struct buf *out, int count)
{
	for (int i = 0; i < count; i++)
		buf_add_chr(out, '0');
}

static void add_scientific(struct buf *out, const struct decimal *d)
{
	buf_add_chr(out, d->digits[0]);
	if (d->count > 1) {
		buf_add_chr(out, '.');
		buf_add_bytes(out, d->digits + 1, (size_t)d->count - 1);
	}
	buf_addf(out, "e%+d", d->point - 1);
}

static void add_decimal(struct buf *out, const struct decimal *d)
{
	if (d->point > 21 || d->point <= -6)
		return add_scientific(out, d);
	if (d->point <= 0) {
		buf_add(out, STR("0."));
		add_zeros(out, -d->point);
		buf_add_bytes(out, d->digits, (size_t)d->count);
	} else if (d->count <= d->point) {
		buf_add_bytes(out, d->digits, (size_t)d->count);
		add_zeros(out, d->point - d->count);
	} else {
		buf_add_bytes(out, d->digits, (size_t)d->point);
		buf_add_chr(out, '.');
		buf_add_bytes(out, d->digits + d->point, (size_t)(d->count - d->point));
	}
}

void jcs_add_number(struct buf *out, double n)
{
	must(isfinite(n));
	if (n < 0) {
		buf_add_chr(out, '-');
		n = -n;
	}
	if (n <= 0) {
		buf_add_chr(out, '0'); /* -0 too */
		return;
	}
	struct decimal d = shortest(n);
	add_decimal(out, &d);
}
