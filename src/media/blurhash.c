/* BlurHash. Pure; any thread. */
#include "media/blurhash.h"

#include <math.h>

#include "core/must.h"

#define COMPONENTS_MAX 9
#define BASE 83

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			     "#$%*+,-.:;=?@[]^_{|}~";
_Static_assert(sizeof(digits) == BASE + 1, "a digit for each value");

struct factor {
	double r, g, b;
};

static double linear_of(unsigned char value)
{
	double v = value / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

static unsigned srgb_of(double value)
{
	double v = fmax(0, fmin(1, value));
	v = v <= 0.0031308 ? v * 12.92 : 1.055 * pow(v, 1 / 2.4) - 0.055;
	return (unsigned)(v * 255 + 0.5);
}

static void add_number(struct buf *out, unsigned value, unsigned length)
{
	unsigned divisor = 1;
	for (unsigned i = 1; i < length; i++)
		divisor *= BASE;
	for (; length != 0; length--, divisor /= BASE)
		buf_add_chr(out, digits[value / divisor % BASE]);
}

/* One coefficient of the cosine transform, in linear light. */
static struct factor factor_of(const unsigned char *rgb, size_t width, size_t height, unsigned x,
			       unsigned y, const double *linear)
{
	struct factor sum = { 0, 0, 0 };
	for (size_t row = 0; row < height; row++) {
		double by_row = cos(M_PI * y * (double)row / (double)height);
		for (size_t column = 0; column < width; column++) {
			const unsigned char *pixel = rgb + 3 * (row * width + column);
			double basis = by_row * cos(M_PI * x * (double)column / (double)width);
			sum.r += basis * linear[pixel[0]];
			sum.g += basis * linear[pixel[1]];
			sum.b += basis * linear[pixel[2]];
		}
	}
	double scale = (x == 0 && y == 0 ? 1.0 : 2.0) / ((double)width * (double)height);
	return (struct factor){ sum.r * scale, sum.g * scale, sum.b * scale };
}

static unsigned quantise(double value, double largest)
{
	double v = copysign(sqrt(fabs(value / largest)), value);
	return (unsigned)fmax(0, fmin(18, floor(v * 9 + 9.5)));
}

static double largest_of(const struct factor *factors, size_t count)
{
	double largest = 0;
	for (size_t i = 1; i < count; i++)
		largest = fmax(largest, fmax(fabs(factors[i].r),
					     fmax(fabs(factors[i].g), fabs(factors[i].b))));
	return largest;
}

/* The largest of the others is kept in 83 steps; they are told in parts of it. */
static void add_factors(struct buf *out, const struct factor *factors, size_t count)
{
	double largest = largest_of(factors, count);
	unsigned step = (unsigned)fmax(0, fmin(82, floor(largest * 166 - 0.5)));
	double unit = count > 1 ? (step + 1) / 166.0 : 1;
	add_number(out, count > 1 ? step : 0, 1);
	add_number(out,
		   srgb_of(factors[0].r) << 16 | srgb_of(factors[0].g) << 8 | srgb_of(factors[0].b),
		   4);
	for (size_t i = 1; i < count; i++)
		add_number(out,
			   quantise(factors[i].r, unit) * 19 * 19 +
				   quantise(factors[i].g, unit) * 19 + quantise(factors[i].b, unit),
			   2);
}

void blurhash_encode(struct buf *out, const unsigned char *rgb, size_t width, size_t height,
		     unsigned x, unsigned y)
{
	struct factor factors[COMPONENTS_MAX * COMPONENTS_MAX];
	double linear[256];
	must(x >= 1 && x <= COMPONENTS_MAX && y >= 1 && y <= COMPONENTS_MAX && width != 0 &&
	     height != 0);
	for (unsigned i = 0; i < 256; i++)
		linear[i] = linear_of((unsigned char)i);
	for (unsigned j = 0; j < y; j++) {
		for (unsigned i = 0; i < x; i++)
			factors[j * x + i] = factor_of(rgb, width, height, i, j, linear);
	}
	add_number(out, (x - 1) + (y - 1) * 9, 1);
	add_factors(out, factors, (size_t)x * y);
}

bool blurhash_valid(struct str text)
{
	if (text.len < 6 || text.len > BLURHASH_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\0' || strchr(digits, text.ptr[i]) == NULL)
			return false;
	}
	size_t size = (size_t)(strchr(digits, text.ptr[0]) - digits);
	size_t x = size % 9 + 1, y = size / 9 + 1;
	return y <= 9 && text.len == 4 + 2 * x * y;
}
