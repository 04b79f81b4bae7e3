/*
 * The helper's side of the wall. One file, one process, no way back: nothing here is called by the
 * node itself.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper_int.h"
#include "media/media.h"
#include "sandbox.h"
#include "vips_int.h"

bool picture_order_parse(int argc, char *const *argv, struct picture_order *out)
{
	uint64_t width, height;
	*out = (struct picture_order){ .type = NULL };
	if (argc != PICTURE_ARGS || !str_to_u64(str_of(argv[1]), &out->pixels_max) ||
	    !str_to_u64(str_of(argv[2]), &width) || !str_to_u64(str_of(argv[3]), &height) ||
	    width > UINT16_MAX || height > UINT16_MAX)
		return false;
	out->type = media_type_by_name(str_of(argv[0]));
	out->width = (uint32_t)width;
	out->height = (uint32_t)height;
	return out->type != NULL && out->type->kind == MEDIA_IMAGE;
}

/* Ends without the handlers of libraries, which would look for what is gone. */
static NORETURN void answer(struct helper_report *report, const char *reason)
{
	report->magic = HELPER_MAGIC;
	if (reason != NULL)
		snprintf(report->reason, sizeof(report->reason), "%s", reason);
	(void)!write(STDOUT_FILENO, report, sizeof(*report));
	_exit(report->ok ? 0 : 1);
}

static struct str map_input(void)
{
	struct stat st;
	if (fstat(STDIN_FILENO, &st) != 0 || st.st_size <= 0)
		return STR_NONE;
	const void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	return bytes != MAP_FAILED ? str_n(bytes, (size_t)st.st_size) : STR_NONE;
}

static NORETURN void picture(int argc, char *const *argv)
{
	struct helper_report report = { .ok = 0 };
	struct picture_order order;
	if (!picture_order_parse(argc, argv, &order) || !sandbox_close(HELPER_SMALL) ||
	    !sandbox_limit())
		answer(&report, "the helper cannot be started");
	if (!vips_open(order.type))
		answer(&report, "pictures cannot be read here: libvips is missing");
	struct str input = map_input();
	if (input.ptr == NULL || !sandbox_seal())
		answer(&report, "the helper cannot be sealed");
	vips_picture(&order, input, &report);
	answer(&report, NULL);
}

/* Another program, which prints what it finds. */
static NORETURN void program(int argc, char *const *argv)
{
	if (argc < 1 || !sandbox_close(HELPER_SMALL) || !sandbox_limit() || !sandbox_confine())
		_exit(MEDIA_HELPER_NO_SANDBOX);
	execv(argv[0], argv);
	_exit(MEDIA_HELPER_NO_PROGRAM);
}

int media_helper_main(int argc, char *const *argv)
{
	if (argc >= 3 && str_eq(str_of(argv[2]), STR("picture")))
		picture(argc - 3, argv + 3);
	if (argc >= 3 && str_eq(str_of(argv[2]), STR("program")))
		program(argc - 3, argv + 3);
	return 2;
}
