/* Replies from files. Where the handler runs; the descriptor is the reply's from then on. */
#include "httpd/file.h"

#include <unistd.h>

#include "reply_int.h"

static void add_range(struct httpd_request *req, uint64_t first, uint64_t last, uint64_t size)
{
	httpd_add_header(req, "Content-Range",
			 arena_printf(req->ctx.arena, "bytes %llu-%llu/%llu",
				      (unsigned long long)first, (unsigned long long)last,
				      (unsigned long long)size));
}

static void reply_unsatisfiable(struct httpd_request *req, uint64_t size)
{
	httpd_add_header(req, "Content-Range",
			 arena_printf(req->ctx.arena, "bytes */%llu", (unsigned long long)size));
	httpd_reply_error(req, 416, STR("no such range"), 0);
}

/* Section 13.1.5: what was kept of another version is not continued. */
static enum range_verdict wanted(struct httpd_request *req, const struct httpd_file *file,
				 uint64_t *first, uint64_t *last)
{
	struct str range = httpd_header(req, "Range"), condition = httpd_header(req, "If-Range");
	if (range.ptr == NULL || (condition.ptr != NULL && !str_eq(condition, file->etag)))
		return RANGE_WHOLE;
	return range_parse(range, file->size, first, last);
}

void httpd_reply_file(struct httpd_request *req, const struct httpd_file *file)
{
	uint64_t first = 0, last = 0;
	struct str known = httpd_header(req, "If-None-Match");
	httpd_add_header(req, "ETag", file->etag);
	httpd_add_header(req, "Accept-Ranges", STR("bytes"));
	if (known.ptr != NULL && etag_listed(known, file->etag)) {
		close(file->fd);
		httpd_reply_str(req, 304, NULL, STR(""));
		return;
	}
	switch (wanted(req, file, &first, &last)) {
	case RANGE_WHOLE:
		reply_set_file(req, 200, file, 0, file->size);
		return;
	case RANGE_PART:
		add_range(req, first, last, file->size);
		reply_set_file(req, 206, file, first, last - first + 1);
		return;
	case RANGE_NONE:
		close(file->fd);
		reply_unsatisfiable(req, file->size);
		return;
	}
}
