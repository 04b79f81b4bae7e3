/*
 * The helper: this program once more, as a process that takes everything away from itself and then
 * reads one file of a stranger (S-091). What it answers is believed no more than the file.
 *
 *   descriptor 0   the input
 *   descriptor 1   the answer: a struct helper_report, or what a program prints
 *   descriptors 3, 4   the outputs
 */
#ifndef FF_MEDIA_HELPER_INT_H
#define FF_MEDIA_HELPER_INT_H

#include <stdint.h>

#include "core/buf.h"
#include "core/clock.h"
#include "core/rc.h"
#include "core/str.h"
#include "media/blurhash.h"
#include "media/type.h"

#define HELPER_OUT 3
#define HELPER_SMALL 4
#define HELPER_TEXT_MAX 160

/* "picture" and its arguments on the helper's command line. */
struct picture_order {
	const struct media_type *type;
	uint64_t pixels_max;	/* of all frames, before anything is decoded */
	uint32_t width, height; /* cut to this size; 0: kept whole */
};

#define HELPER_MAGIC 0x6d656469u

struct helper_report {
	uint32_t magic;
	uint32_t ok;
	uint32_t width, height;
	uint32_t small_width, small_height;
	char small_type[32];
	char blurhash[BLURHASH_MAX + 1];
	char reason[HELPER_TEXT_MAX];
};

/* The order as arguments and back; strings of out point into argv. */
#define PICTURE_ARGS 4
bool picture_order_parse(int argc, char *const *argv, struct picture_order *out);

#endif
