/* Files and folders that are their owner's alone, written durably. Any thread. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)
#define SMALL ((size_t)4096)

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

/*
 * A file is written under another name first, so that it is there as a whole or not at all, whenever
 * the process is killed.
 */
struct coming {
	const char *path;
	const char *name; /* the other one */
	int fd;
};

static enum rc create(struct ctx *ctx, const char *path, struct coming *file)
{
	*file = (struct coming){ path, arena_printf(ctx->arena, "%s.new", path).ptr, -1 };
	if (file->name == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	if (access(path, F_OK) == 0)
		return ctx_fail(ctx, RC_EXISTS, "%s is there already", path);
	unlink(file->name); /* of somebody who was killed */
	file->fd = open(file->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	return file->fd >= 0 ? RC_OK : ctx_fail(ctx, RC_IO, "%s: %m", path);
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

static enum rc sync_parent(struct ctx *ctx, const char *path)
{
	struct str text = str_of(path);
	size_t slash = str_rindex(text, '/');
	if (slash == text.len)
		return folder_sync(ctx, ".");
	const char *folder = arena_cstr(ctx->arena, str_take(text, slash + 1));
	return folder != NULL ? folder_sync(ctx, folder)
			      : ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
}

/* Makes it durable and gives it its name, or takes it away when it failed. */
static enum rc complete(struct ctx *ctx, const struct coming *file, enum rc rc)
{
	if (rc == RC_OK && fsync(file->fd) != 0)
		rc = failed(ctx, file->path);
	if (close(file->fd) != 0 && rc == RC_OK)
		rc = failed(ctx, file->path);
	/* unlike rename(2), link(2) never takes the place of a file that came meanwhile */
	if (rc == RC_OK && link(file->name, file->path) != 0)
		rc = errno == EEXIST ? ctx_fail(ctx, RC_EXISTS, "%s: %m", file->path)
				     : failed(ctx, file->path);
	unlink(file->name);
	return rc == RC_OK ? sync_parent(ctx, file->path) : rc;
}

enum rc file_write_new(struct ctx *ctx, const char *path, struct str bytes)
{
	struct coming file;
	enum rc rc = create(ctx, path, &file);
	if (rc != RC_OK)
		return rc;
	return complete(ctx, &file, write_all(ctx, path, file.fd, bytes));
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
	struct coming file;
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (in < 0)
		return ctx_fail(ctx, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %m", from);
	enum rc rc = create(ctx, to, &file);
	if (rc == RC_OK)
		rc = complete(ctx, &file, copy_all(ctx, from, in, to, file.fd));
	close(in);
	return rc;
}

static enum rc read_small(struct ctx *ctx, const char *path, struct str *out)
{
	char *room = arena_alloc(ctx->arena, SMALL);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t n = fd >= 0 && room != NULL ? read(fd, room, SMALL) : -1;
	enum rc rc = n >= 0 ? RC_OK : ctx_fail(ctx, RC_IO, "%s: %m", path);
	if (fd >= 0)
		close(fd);
	*out = str_n(room, n >= 0 ? (size_t)n : 0);
	return rc;
}

enum rc file_copy_new_or_same(struct ctx *ctx, const char *from, const char *to)
{
	struct str a = STR_NONE, b = STR_NONE;
	if (access(to, F_OK) != 0)
		return file_copy_new(ctx, from, to);
	enum rc rc = read_small(ctx, from, &a);
	if (rc == RC_OK)
		rc = read_small(ctx, to, &b);
	if (rc == RC_OK && !str_eq(a, b))
		rc = ctx_fail(ctx, RC_EXISTS, "%s is another one: move it away first", to);
	return rc;
}

enum rc file_read(struct ctx *ctx, const char *path, struct buf *out)
{
	bool given = str_eq(str_of(path), STR("-"));
	char chunk[65536];
	ssize_t n = 0;
	int fd = given ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return ctx_fail(ctx, RC_NOT_FOUND, "%s: %m", path);
	while (!out->failed &&
	       ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))) {
		if (n > 0)
			buf_add_bytes(out, chunk, (size_t)n);
	}
	enum rc rc = out->failed ? ctx_fail(ctx, RC_TOO_LARGE, "%s: the file is too large", path)
		     : n < 0	 ? ctx_fail(ctx, RC_IO, "%s: %m", path)
				 : RC_OK;
	if (!given)
		close(fd);
	return rc;
}
