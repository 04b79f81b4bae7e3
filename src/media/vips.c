/*
 * Pictures, by libvips. Only in the helper's process. What is kept is made anew from pixels, so that
 * nothing of the file but what is seen goes on (S-093, S-095).
 */
#include "vips_int.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>
#include <vips/vips.h>

#include "core/attr.h"
#include "webp.h"

#define LIBRARY "libvips.so.42" /* all of libvips 8 */

#define SIDE_MAX 16384
#define FRAMES_MAX 1000
#define KEPT_PIXELS 8294400.0 /* 3840 by 2160 */
#define SMALL_PIXELS 230400.0 /* 640 by 360 */
#define TINY_SIDE 32
#define BLURHASH_X 4
#define BLURHASH_Y 3
#define QUALITY 85

/* name of a function of the library */
#define FUNCTIONS(X)                       \
	X(vips_init)                       \
	X(vips_concurrency_set)            \
	X(vips_cache_set_max)              \
	X(vips_operation_block_set)        \
	X(vips_image_new_from_buffer)      \
	X(vips_image_get_width)            \
	X(vips_image_get_page_height)      \
	X(vips_image_get_n_pages)          \
	X(vips_image_get_bands)            \
	X(vips_image_get_orientation_swap) \
	X(vips_image_hasalpha)             \
	X(vips_image_write_to_memory)      \
	X(vips_image_get_fields)           \
	X(vips_image_remove)               \
	X(vips_image_copy_memory)          \
	X(vips_thumbnail_buffer)           \
	X(vips_thumbnail_image)            \
	X(vips_extract_area)               \
	X(vips_flatten)                    \
	X(vips_colourspace)                \
	X(vips_cast)                       \
	X(vips_jpegsave_buffer)            \
	X(vips_pngsave_buffer)             \
	X(vips_webpsave_buffer)            \
	X(vips_gifsave_buffer)             \
	X(vips_error_buffer)

static struct {
#define X(name) __typeof__(name) *name;
	FUNCTIONS(X)
#undef X
} v;

static const struct {
	const char *name;
	void *slot;
} functions[] = {
#define X(function) { #function, &v.function },
	FUNCTIONS(X)
#undef X
};

bool vips_open(const struct media_type *type)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (library == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
		void *found = dlsym(library, functions[i].name);
		if (found == NULL)
			return false;
		memcpy(functions[i].slot, &found, sizeof(found));
	}
	if (v.vips_init("fediflow") != 0)
		return false;
	v.vips_concurrency_set(1);
	v.vips_cache_set_max(0);
	v.vips_operation_block_set("VipsForeignLoad", TRUE);
	v.vips_operation_block_set(type->reader, FALSE);
	return true;
}

/* --- steps; each gives a new image or NULL, and the process ends soon: nothing is freed --- */

static bool is_animated(const struct media_type *type)
{
	return str_eq(str_of(type->name), STR("image/gif")) ||
	       str_eq(str_of(type->name), STR("image/webp"));
}

static const char *options_of(const struct media_type *type)
{
	return is_animated(type) ? "n=-1" : "";
}

static void refuse(struct helper_report *report, const char *why)
{
	if (report->reason[0] == '\0')
		snprintf(report->reason, sizeof(report->reason), "%s", why);
}

struct size {
	int width, height, frames;
};

/* What the header says, before a pixel is decoded (S-094). */
static bool measure(const struct picture_order *order, struct str input, struct size *size,
		    struct helper_report *report)
{
	VipsImage *image =
		v.vips_image_new_from_buffer(input.ptr, input.len, options_of(order->type), NULL);
	if (image == NULL) {
		refuse(report, "the picture cannot be read");
		return false;
	}
	*size = (struct size){ v.vips_image_get_width(image), v.vips_image_get_page_height(image),
			       v.vips_image_get_n_pages(image) };
	if (!is_animated(order->type))
		size->frames = 1;
	uint64_t pixels = (uint64_t)size->width * (uint64_t)size->height * (uint64_t)size->frames;
	if (size->width > SIDE_MAX || size->height > SIDE_MAX || size->frames > FRAMES_MAX ||
	    pixels > order->pixels_max) {
		refuse(report, "the picture has too many pixels");
		return false;
	}
	if (v.vips_image_get_orientation_swap(image))
		*size = (struct size){ size->height, size->width, size->frames };
	return true;
}

/* The size that has at most that many pixels. */
static struct size within(struct size size, double pixels)
{
	double scale = sqrt(pixels / ((double)size.width * size.height));
	if (scale >= 1)
		return size;
	return (struct size){ (int)fmax(1, floor(size.width * scale)),
			      (int)fmax(1, floor(size.height * scale)), size.frames };
}

/* What the frames need stays; whatever else the file told goes, by name or not (S-093). */
static void strip(VipsImage *image)
{
	static const char *const kept[] = { "n-pages",	 "page-height", "delay",     "loop",
					    "gif-delay", "gif-loop",	"background" };
	gchar **fields = v.vips_image_get_fields(image);
	for (size_t i = 0; fields != NULL && fields[i] != NULL; i++) {
		bool keep = false;
		for (size_t k = 0; k < ARRAY_LEN(kept); k++)
			keep = keep || str_eq(str_of(fields[i]), str_of(kept[k]));
		if (!keep)
			v.vips_image_remove(image, fields[i]);
	}
}

/* Turned upright, in sRGB, and no larger than it is kept. */
static VipsImage *read_picture(const struct picture_order *order, struct str input,
			       struct size size)
{
	VipsImage *lazy = NULL;
	bool cut = order->width != 0;
	struct size kept = within(size, KEPT_PIXELS);
	int width = cut ? (int)order->width : kept.width;
	int height = cut ? (int)order->height : kept.height;
	/* what the call does not change is not written to */
	if (v.vips_thumbnail_buffer((void *)(uintptr_t)input.ptr, input.len, &lazy, width, "height",
				    height, "size", cut ? VIPS_SIZE_BOTH : VIPS_SIZE_DOWN, "crop",
				    cut ? VIPS_INTERESTING_CENTRE : VIPS_INTERESTING_NONE,
				    "option_string", options_of(order->type), "export_profile",
				    "srgb", "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL) != 0)
		return NULL;
	VipsImage *image = v.vips_image_copy_memory(lazy);
	if (image != NULL)
		strip(image);
	return image;
}

static VipsImage *flat(VipsImage *image)
{
	VipsImage *out = NULL;
	if (!v.vips_image_hasalpha(image))
		return image;
	return v.vips_flatten(image, &out, NULL) == 0 ? out : NULL;
}

static VipsImage *first_frame(VipsImage *image, int height)
{
	VipsImage *out = NULL;
	int width = v.vips_image_get_width(image);
	return v.vips_extract_area(image, &out, 0, 0, width, height, NULL) == 0 ? out : NULL;
}

static VipsImage *shrunk(VipsImage *image, int width, int height)
{
	VipsImage *lazy = NULL;
	if (v.vips_thumbnail_image(image, &lazy, width, "height", height, "size", VIPS_SIZE_DOWN,
				   NULL) != 0)
		return NULL;
	return v.vips_image_copy_memory(lazy);
}

/* --- writing --- */

static bool write_out(int fd, const void *bytes, size_t len)
{
	struct str rest = str_n(bytes, len);
	while (rest.len != 0) {
		ssize_t n = write(fd, rest.ptr, rest.len);
		if (n <= 0)
			return false;
		rest = str_skip(rest, (size_t)n);
	}
	return true;
}

static bool save(VipsImage *image, const char *type, int fd)
{
	struct str name = str_of(type);
	void *bytes = NULL;
	size_t len = 0;
	int failed = 1;
	if (str_eq(name, STR("image/jpeg"))) {
		VipsImage *plain = flat(image);
		failed = plain == NULL ||
			 v.vips_jpegsave_buffer(plain, &bytes, &len, "Q", QUALITY, "strip", TRUE,
						"optimize_coding", TRUE, NULL);
	} else if (str_eq(name, STR("image/png"))) {
		failed = v.vips_pngsave_buffer(image, &bytes, &len, "strip", TRUE, NULL);
	} else if (str_eq(name, STR("image/webp"))) {
		failed = v.vips_webpsave_buffer(image, &bytes, &len, "Q", QUALITY, "strip", TRUE,
						NULL);
		len = failed == 0 ? webp_strip(bytes, len) : 0;
		failed = len == 0;
	} else if (str_eq(name, STR("image/gif"))) {
		failed = v.vips_gifsave_buffer(image, &bytes, &len, "strip", TRUE, NULL);
	}
	return failed == 0 && write_out(fd, bytes, len);
}

static bool hash(VipsImage *small, struct helper_report *report)
{
	VipsImage *tiny = shrunk(small, TINY_SIDE, TINY_SIDE), *plain = NULL, *bytes = NULL;
	struct buf out CLEANUP(buf_free) = BUF_INIT(BLURHASH_MAX);
	size_t len;
	if (tiny == NULL || (tiny = flat(tiny)) == NULL ||
	    v.vips_colourspace(tiny, &plain, VIPS_INTERPRETATION_sRGB, NULL) != 0 ||
	    v.vips_cast(plain, &bytes, VIPS_FORMAT_UCHAR, NULL) != 0 ||
	    v.vips_image_get_bands(bytes) != 3)
		return false;
	size_t width = (size_t)v.vips_image_get_width(bytes);
	size_t height = (size_t)v.vips_image_get_page_height(bytes);
	const unsigned char *rgb = v.vips_image_write_to_memory(bytes, &len);
	if (rgb == NULL || len != width * height * 3)
		return false;
	blurhash_encode(&out, rgb, width, height, BLURHASH_X, BLURHASH_Y);
	snprintf(report->blurhash, sizeof(report->blurhash), "%s", out.failed ? "" : out.ptr);
	return true;
}

static bool make_small(VipsImage *image, struct size size, struct helper_report *report)
{
	struct size wanted = within(size, SMALL_PIXELS);
	VipsImage *frame = size.frames > 1 ? first_frame(image, size.height) : image;
	VipsImage *small = frame != NULL ? shrunk(frame, wanted.width, wanted.height) : NULL;
	if (small == NULL)
		return false;
	const char *type = v.vips_image_hasalpha(small) ? "image/png" : "image/jpeg";
	snprintf(report->small_type, sizeof(report->small_type), "%s", type);
	report->small_width = (uint32_t)v.vips_image_get_width(small);
	report->small_height = (uint32_t)v.vips_image_get_page_height(small);
	return save(small, type, HELPER_SMALL) && hash(small, report);
}

void vips_picture(const struct picture_order *order, struct str input, struct helper_report *report)
{
	struct size size;
	if (!measure(order, input, &size, report))
		return;
	VipsImage *image = read_picture(order, input, size);
	if (image == NULL) {
		refuse(report, "the picture is damaged");
		return;
	}
	size.width = v.vips_image_get_width(image);
	size.height = v.vips_image_get_page_height(image);
	report->width = (uint32_t)size.width;
	report->height = (uint32_t)size.height;
	if (!save(image, order->type->writer, HELPER_OUT) || !make_small(image, size, report))
		refuse(report, "the picture cannot be written");
	else
		report->ok = 1;
}
