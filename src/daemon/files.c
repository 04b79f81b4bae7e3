/* Files and folders that are their owner's alone, written durably. Any thread. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)

enum rc folder_make(struct ctx *ctx, const char *path)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return ctx_fail(ctx, RC_IO, "%s: %m", path);
	if (chmod(path, 0700) != 0)
		return ctx_fail(ctx, RC_IO, "%s: %m", path);
	return RC_OK;
}

enum rc folder_check_empty(struct ctx *ctx, const char *path)
{
	DIR *dir = opendir(path);
	bool empty = true;
	if (dir == NULL)
		return ctx_fail(ctx, RC_IO, "%s: %m", path);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		struct str name = str_of(entry->d_name);
		if (!str_eq(name, STR(".")) && !str_eq(name, STR("..")))
			empty = false;
	}
	closedir(dir);
	return empty ? RC_OK : ctx_fail(ctx, RC_EXISTS, "%s is not empty", path);
}

enum rc folder_sync(struct ctx *ctx, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	enum rc rc = ok ? RC_OK : ctx_fail(ctx, RC_IO, "%s: %m", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* --- files --- */

static enum rc create(struct ctx *ctx, const char *path, int *fd)
{
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (*fd >= 0)
		return RC_OK;
	return ctx_fail(ctx, errno == EEXIST ? RC_EXISTS : RC_IO, "%s: %m", path);
}

static enum rc failed(struct ctx *ctx, const char *path)
{
	return ctx_fail(ctx, errno == ENOSPC || errno == EDQUOT ? RC_FULL : RC_IO, "%s: %m", path);
}

static enum rc write_all(struct ctx *ctx, const char *path, int fd, struct str rest)
{
	while (rest.len != 0) {
		ssize_t n = write(fd, rest.ptr, rest.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed(ctx, path);
		rest = str_skip(rest, (size_t)n);
	}
	return RC_OK;
}

/* Makes it durable, or takes it away when it failed. */
static enum rc complete(struct ctx *ctx, const char *path, int fd, enum rc rc)
{
	if (rc == RC_OK && fsync(fd) != 0)
		rc = failed(ctx, path);
	if (close(fd) != 0 && rc == RC_OK)
		rc = failed(ctx, path);
	if (rc != RC_OK)
		unlink(path);
	return rc;
}

enum rc file_write_new(struct ctx *ctx, const char *path, struct str bytes)
{
	int fd;
	enum rc rc = create(ctx, path, &fd);
	if (rc != RC_OK)
		return rc;
	return complete(ctx, path, fd, write_all(ctx, path, fd, bytes));
}

static enum rc copy_all(struct ctx *ctx, const char *from, int in, const char *to, int out)
{
	char *chunk = arena_alloc(ctx->arena, CHUNK);
	enum rc rc = RC_OK;
	if (chunk == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	for (ssize_t n = 1; n != 0 && rc == RC_OK;) {
		n = read(in, chunk, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ctx_fail(ctx, RC_IO, "%s: %m", from);
		rc = write_all(ctx, to, out, str_n(chunk, (size_t)n));
	}
	return rc;
}

enum rc file_copy_new(struct ctx *ctx, const char *from, const char *to)
{
	int out, in = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in < 0)
		return ctx_fail(ctx, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %m", from);
	enum rc rc = create(ctx, to, &out);
	if (rc == RC_OK)
		rc = complete(ctx, to, out, copy_all(ctx, from, in, to, out));
	close(in);
	return rc;
}
