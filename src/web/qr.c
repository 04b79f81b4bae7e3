/* QR codes in pages. */
#include <errno.h>
#include <qrencode.h>
#include <string.h>

#include "page.h"
#include "qr.h"

#define QUIET_ZONE 4U /* modules on each side: ISO/IEC 18004 section 5.3.8 */
#define MODULE_DARK 1U

/* One row as a path: "Mx yh5v1h-5z" for each run of dark modules. */
static void add_row(struct buf *out, const unsigned char *row, unsigned width, unsigned y)
{
	for (unsigned x = 0; x < width; x++) {
		unsigned run = 0;
		while (x + run < width && (row[x + run] & MODULE_DARK) != 0)
			run++;
		if (run == 0)
			continue;
		buf_addf(out, "M%u %uh%uv1h-%uz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
		x += run;
	}
}

static void add_code(struct buf *out, const QRcode *code, struct str name)
{
	unsigned width = (unsigned)code->width, side = width + 2 * QUIET_ZONE;
	buf_addf(out, "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %u %u\"", side, side);
	page_attribute(out, "aria-label", name);
	buf_addf(out,
		 " shape-rendering=\"crispEdges\"><rect width=\"%u\" height=\"%u\" "
		 "fill=\"#fff\"/><path fill=\"#000\" d=\"",
		 side, side);
	for (unsigned y = 0; y < width; y++)
		add_row(out, code->data + (size_t)y * width, width, y);
	buf_add(out, STR("\"/></svg>\n"));
}

enum rc qr_add_svg(struct buf *out, struct str text, struct str name)
{
	struct buf copy CLEANUP(buf_free) = BUF_INIT(4096);
	QRcode *code;
	if (text.len == 0 || memchr(text.ptr, '\0', text.len) != NULL)
		return RC_INVALID;
	buf_add(&copy, text);
	if (copy.failed)
		return text.len < copy.max ? RC_NO_MEMORY : RC_INVALID;
	code = QRcode_encodeString8bit(copy.ptr, 0, QR_ECLEVEL_M);
	if (code == NULL) /* ERANGE: too long for the largest of them */
		return errno == ENOMEM ? RC_NO_MEMORY : RC_INVALID;
	add_code(out, code, name);
	QRcode_free(code);
	return RC_OK;
}
