/* libvips, opened by name in the helper only: the node itself never has its hundred libraries in it. */
#ifndef FF_MEDIA_VIPS_INT_H
#define FF_MEDIA_VIPS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"
#include "helper_int.h"

/* Opens and starts the library, with nothing but this type's loader. Reads files: before the seal. */
bool vips_open(const struct media_type *type);
/*
 * Makes the picture and its small one out of input and writes them to the descriptors of the job. What
 * came of it is in report.
 */
void vips_picture(const struct picture_order *order, struct str input,
		  struct helper_report *report);

#endif
