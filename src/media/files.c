/* Files by digest, on disk. Holds no state but the root's descriptor; any thread. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/attr.h"
#include "core/enc.h"
#include "core/random.h"

#define HEX_LEN ((size_t)2 * DIGEST_SIZE)
#define FOLDER_LEN 5 /* "ab/cd" */

struct place {
	char folder[FOLDER_LEN + 1];
	char path[FOLDER_LEN + 1 + HEX_LEN + 1];
};

static struct place place_of(const struct digest *name)
{
	struct place p;
	struct buf hex CLEANUP(buf_free) = BUF_INIT(HEX_LEN + 1);
	enc_hex(&hex, str_n(name->bytes, DIGEST_SIZE));
	const char *text = hex.failed ? "" : hex.ptr;
	snprintf(p.folder, sizeof(p.folder), "%.2s/%.2s", text, text + (hex.failed ? 0 : 2));
	snprintf(p.path, sizeof(p.path), "%s/%s", p.folder, text);
	return p;
}

static enum rc failed(struct err *err, const char *what)
{
	bool full = errno == ENOSPC || errno == EDQUOT;
	return err_set(err, full ? RC_FULL : RC_IO, "%s: %s", what, strerror(errno));
}

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

enum rc files_open(struct err *err, const char *path, bool durable, struct files *out)
{
	*out = (struct files){ .root = -1, .durable = durable };
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return failed(err, path);
	out->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return out->root >= 0 ? RC_OK : failed(err, path);
}

void files_close(struct files *files)
{
	close_fd(&files->root);
	files->root = -1;
}

/* --- writing --- */

static bool sync_folder(const struct files *files, const char *path)
{
	int fd CLEANUP(close_fd) = openat(files->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return !files->durable || (fd >= 0 && fsync(fd) == 0);
}

static bool make_folders(const struct files *files, const struct place *p)
{
	char outer[3] = { p->folder[0], p->folder[1], '\0' };
	bool made = mkdirat(files->root, outer, 0700) == 0;
	if (!made && errno != EEXIST)
		return false;
	if (made && !sync_folder(files, "."))
		return false;
	made = mkdirat(files->root, p->folder, 0700) == 0;
	if (!made && errno != EEXIST)
		return false;
	return !made || sync_folder(files, outer);
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len != 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

#define TEMPORARY_LEN 17 /* "." and 16 digits */

struct temporary {
	char path[FOLDER_LEN + 1 + TEMPORARY_LEN + 1];
	int fd;
};

/*
 * A temporary file is held by a lock while it is written, which ends with its process: a walk, be it of
 * this process or another, removes those that nobody holds. One that was taken between its making and its
 * lock has no name any more; true with another try to make then.
 */
static bool create_temporary(const struct files *files, const struct place *p, struct temporary *t)
{
	struct stat st;
	uint64_t number;
	random_bytes(&number, sizeof(number));
	/* in the same folder: what a crash leaves is found by files_walk() */
	snprintf(t->path, sizeof(t->path), "%s/.%016llx", p->folder, (unsigned long long)number);
	t->fd = openat(files->root, t->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (t->fd < 0 || flock(t->fd, LOCK_EX) != 0 || fstat(t->fd, &st) != 0)
		return false;
	if (st.st_nlink != 0)
		return true;
	close_fd(&t->fd);
	return create_temporary(files, p, t);
}

enum rc files_put(const struct files *files, struct err *err, const struct digest *name,
		  struct str bytes)
{
	struct place p = place_of(name);
	struct temporary t = { .fd = -1 };
	if (!make_folders(files, &p))
		return failed(err, "a folder for media");
	bool put = create_temporary(files, &p, &t) && write_all(t.fd, bytes) &&
		   (!files->durable || fsync(t.fd) == 0) &&
		   renameat(files->root, t.path, files->root, p.path) == 0 &&
		   sync_folder(files, p.folder);
	enum rc rc = put ? RC_OK : failed(err, "a file of media");
	if (!put && t.fd >= 0)
		unlinkat(files->root, t.path, 0);
	close_fd(&t.fd);
	return rc;
}

/* --- reading --- */

enum rc files_get(const struct files *files, const struct digest *name, int *fd, uint64_t *size)
{
	struct place p = place_of(name);
	struct stat st;
	*fd = openat(files->root, p.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return errno == ENOENT ? RC_NOT_FOUND : RC_IO;
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*size = (uint64_t)st.st_size;
		return RC_OK;
	}
	close(*fd);
	*fd = -1;
	return RC_IO;
}

enum rc files_del(const struct files *files, const struct digest *name)
{
	struct place p = place_of(name);
	if (unlinkat(files->root, p.path, 0) != 0 && errno != ENOENT)
		return RC_IO;
	return RC_OK;
}

void files_touch(const struct files *files, const struct digest *name)
{
	struct place p = place_of(name);
	(void)!utimensat(files->root, p.path, NULL, AT_SYMLINK_NOFOLLOW);
}

/* --- walking --- */

struct walk {
	const struct files *files;
	void (*found)(void *arg, const struct digest *name, uint64_t size, uint64_t used_ms);
	void *arg;
};

static void walk_file(const struct walk *w, int folder, const char *entry)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE);
	struct digest name;
	struct stat st;
	if (fstatat(folder, entry, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return;
	if (!enc_unhex(&bytes, str_of(entry)) || bytes.len != DIGEST_SIZE)
		return;
	memcpy(name.bytes, bytes.ptr, DIGEST_SIZE);
	w->found(w->arg, &name, (uint64_t)st.st_size,
		 (uint64_t)st.st_mtim.tv_sec * 1000 + (uint64_t)st.st_mtim.tv_nsec / 1000000);
}

/* What was begun and is not being written by anybody. */
static void clear_temporary(int folder, const char *entry)
{
	int fd CLEANUP(close_fd) = openat(folder, entry, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlinkat(folder, entry, 0);
}

/* depth 2: folders of folders of files. */
static enum rc walk_folder(const struct walk *w, int parent, const char *name, unsigned depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	enum rc rc = RC_OK;
	if (dir == NULL) {
		close_fd(&fd);
		return RC_IO;
	}
	for (struct dirent *entry; rc == RC_OK && (entry = readdir(dir)) != NULL;) {
		if (depth == 0 && entry->d_name[0] != '.')
			walk_file(w, fd, entry->d_name);
		else if (depth == 0 && strlen(entry->d_name) == TEMPORARY_LEN)
			clear_temporary(fd, entry->d_name);
		else if (depth != 0 && strlen(entry->d_name) == 2 && entry->d_name[0] != '.')
			rc = walk_folder(w, fd, entry->d_name, depth - 1);
	}
	closedir(dir);
	return rc;
}

enum rc files_walk(const struct files *files,
		   void (*found)(void *arg, const struct digest *name, uint64_t size,
				 uint64_t used_ms),
		   void *arg)
{
	const struct walk w = { files, found, arg };
	return walk_folder(&w, files->root, ".", 2);
}
