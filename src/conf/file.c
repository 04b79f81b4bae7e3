/* Settings from a file, and what a reload takes over. Main thread. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "conf_int.h"

/* Far more than all settings with their comments. */
#define FILE_SIZE_MAX ((size_t)1 << 20)

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static enum rc read_file(struct ctx *ctx, const char *path, struct buf *out)
{
	int fd CLEANUP(close_fd) = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[4096];
	ssize_t got;
	if (fd < 0)
		return ctx_fail(ctx, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %m", path);
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ctx_fail(ctx, RC_IO, "%s: %m", path);
		buf_add_bytes(out, chunk, (size_t)got);
		if (out->failed)
			return ctx_fail(ctx, RC_TOO_LARGE, "%s is too large for settings", path);
	}
	return RC_OK;
}

/* The absolute folder of a file, so that paths in it mean the same wherever the program was
 * started. */
static enum rc folder_of(struct ctx *ctx, const char *path, struct str *folder)
{
	struct str whole = str_of(path);
	size_t slash = str_rindex(whole, '/');
	struct str part = slash == whole.len ? STR(".") : str_take(whole, slash != 0 ? slash : 1);
	char *given = arena_cstr(ctx->arena, part);
	char *absolute = given != NULL ? realpath(given, NULL) : NULL;
	if (absolute == NULL)
		return ctx_fail(ctx, RC_IO, "%s: %m", path);
	*folder = arena_str(ctx->arena, str_of(absolute));
	free(absolute);
	return RC_OK;
}

enum rc conf_load_file(struct ctx *ctx, const char *path, struct conf_table *tables,
		       size_t table_count, struct conf_report *report)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(FILE_SIZE_MAX);
	struct str folder = STR_NONE;
	*report = (struct conf_report){ 0 };
	enum rc rc = read_file(ctx, path, &text);
	if (rc == RC_OK)
		rc = folder_of(ctx, path, &folder);
	if (rc == RC_OK)
		rc = conf_load(ctx, buf_str(&text), folder, tables, table_count, report);
	return rc;
}

void conf_apply_reload(const struct conf_table *from, struct conf_table *to, size_t table_count)
{
	for (size_t t = 0; t < table_count; t++) {
		for (size_t i = 0; i < to[t].row_count; i++) {
			const struct conf_row *row = &to[t].rows[i];
			if (row->reload == CONF_RELOAD)
				memcpy((char *)to[t].values + row->offset,
				       (const char *)from[t].values + row->offset,
				       conf_value_size(row->type));
		}
	}
}
