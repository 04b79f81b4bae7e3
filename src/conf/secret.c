/* Secrets that lie in files: one reader, so that all of them are guarded alike (S-134). Any thread. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"

#define PATH_BYTES_MAX 4096

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static void wipe(struct buf *b)
{
	if (b->ptr != NULL)
		explicit_bzero(b->ptr, b->cap);
	buf_reset(b);
}

static enum rc check_file(struct err *err, const char *what, const char *path, int fd)
{
	struct stat st;
	if (fd < 0)
		return err_set(err, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %s: %m", what,
			       path);
	if (fstat(fd, &st) != 0)
		return err_set(err, RC_IO, "%s: %s: %m", what, path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, RC_INVALID, "%s: %s is no file", what, path);
	/* S-134 */
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, RC_DENIED, "%s: others may read %s: chmod 600 it", what, path);
	return RC_OK;
}

/* One byte more than may be there tells a file that is too large. */
static enum rc read_all(struct err *err, const char *what, const char *path, int fd,
			struct buf *out)
{
	char chunk[CONF_SECRET_MAX + 1];
	size_t len = 0, most = out->max < CONF_SECRET_MAX ? out->max : CONF_SECRET_MAX;
	ssize_t got;
	enum rc rc = RC_OK;
	do {
		got = read(fd, chunk + len, most + 1 - len);
		len += got > 0 ? (size_t)got : 0;
	} while (len <= most && (got > 0 || (got < 0 && errno == EINTR)));
	if (got < 0)
		rc = err_set(err, RC_IO, "%s: %s: %m", what, path);
	else if (len > most)
		rc = err_set(err, RC_TOO_LARGE, "%s: %s is too large", what, path);
	else if (!buf_reserve(out, most))
		rc = err_set(err, RC_NO_MEMORY, "out of memory");
	else
		buf_add_bytes(out, chunk, len);
	explicit_bzero(chunk, sizeof(chunk));
	return rc;
}

enum rc conf_read_secret_bytes(struct err *err, const char *what, struct str path, struct buf *out)
{
	struct buf name CLEANUP(buf_free) = BUF_INIT(PATH_BYTES_MAX);
	buf_reset(out);
	buf_add(&name, path);
	if (name.len == 0)
		return err_set(err, RC_INVALID, "%s: no file is named", what);
	/* a pipe would be waited for without end */
	int fd CLEANUP(close_fd) = open(name.ptr, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum rc rc = check_file(err, what, name.ptr, fd);
	return rc == RC_OK ? read_all(err, what, name.ptr, fd, out) : rc;
}

static bool is_one_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == '\x7f')
			return false;
	}
	return s.len != 0;
}

enum rc conf_read_secret(struct err *err, const char *what, struct str path, struct buf *out)
{
	enum rc rc = conf_read_secret_bytes(err, what, path, out);
	if (rc != RC_OK)
		return rc;
	struct str text = buf_str(out);
	if (str_has_suffix(text, STR("\n")))
		text.len--;
	if (str_has_suffix(text, STR("\r")))
		text.len--;
	buf_cut(out, text.len);
	if (is_one_line(buf_str(out)))
		return RC_OK;
	wipe(out);
	return err_set(err, RC_INVALID, "%s: %.*s must hold one line of text", what, STR_ARG(path));
}
