/* Mail into a folder: one file per message, readable by its owner alone. Any thread; no lock, since
 * names are never used twice. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/must.h"
#include "mail_int.h"

struct spool {
	struct mailer mailer;
	const struct clock *clock;
	char *folder;
	atomic_uint count;
};

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len != 0) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n <= 0)
			return false;
		bytes = str_skip(bytes, (size_t)n);
	}
	return true;
}

/* Whole or not at all: who looks into the folder sees no half message. */
static bool store(const char *temporary, const char *path, struct str message)
{
	int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	bool ok = write_all(fd, message) && fsync(fd) == 0;
	ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
	if (!ok)
		unlink(temporary);
	return ok;
}

static void spool_submit(struct mailer *mailer, struct str to UNUSED, struct str message,
			 mail_done *done, void *arg)
{
	struct spool *s = CONTAINER_OF(mailer, struct spool, mailer);
	struct buf path CLEANUP(buf_free) = BUF_INIT(4096);
	struct buf temporary CLEANUP(buf_free) = BUF_INIT(4096);
	unsigned n = atomic_fetch_add(&s->count, 1);
	/* in the order of sending, by name */
	buf_addf(&path, "%s/%llu-%d-%06u.eml", s->folder,
		 (unsigned long long)clock_wall_ms(s->clock), (int)getpid(), n);
	buf_addf(&temporary, "%s/.%d-%06u", s->folder, (int)getpid(), n);
	if (path.failed || temporary.failed || !store(temporary.ptr, path.ptr, message))
		mail_tell(done, arg, RC_IO, 0, STR("the spool folder cannot be written"));
	else
		mail_tell(done, arg, RC_OK, 0, STR(""));
}

static void spool_free(struct mailer *mailer)
{
	struct spool *s = CONTAINER_OF(mailer, struct spool, mailer);
	free(s->folder);
	free(s);
}

static const struct mailer_ops spool_ops = { spool_submit, spool_free };

enum rc mail_spool_new(struct err *err, const struct mail_settings *settings,
		       const struct clock *clock, struct mailer **out)
{
	struct spool *s = calloc(1, sizeof(*s));
	if (s == NULL || !mail_copy(&s->folder, settings->spool)) {
		free(s);
		return err_set(err, RC_NO_MEMORY, "no memory for e-mail");
	}
	s->mailer.ops = &spool_ops;
	s->clock = clock;
	if (s->folder == NULL || (mkdir(s->folder, 0700) != 0 && errno != EEXIST)) {
		enum rc rc = err_set(err, RC_INVALID, "the spool folder for e-mail: %s",
				     s->folder == NULL ? "there is none" : "it cannot be made");
		spool_free(&s->mailer);
		return rc;
	}
	*out = &s->mailer;
	return RC_OK;
}
