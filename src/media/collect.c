/*
 * Files that no medium has any more, and the pins of those that are about to have one: between the
 * moment a file is written and the moment its record is durable, the collector leaves it alone.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "media_int.h"

#define CHUNK 64

static bool same(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

void pin(struct media *media, const struct digest *name)
{
	pthread_mutex_lock(&media->pin_lock);
	while (media->collecting && same(&media->victim, name))
		pthread_cond_wait(&media->collected, &media->pin_lock);
	must(media->pin_count < PINS_MAX); /* a worker has two at most */
	media->pins[media->pin_count++] = *name;
	pthread_mutex_unlock(&media->pin_lock);
}

void unpin(struct media *media, const struct digest *name)
{
	pthread_mutex_lock(&media->pin_lock);
	for (size_t i = 0; i < media->pin_count; i++) {
		if (same(&media->pins[i], name)) {
			media->pins[i] = media->pins[--media->pin_count];
			break;
		}
	}
	pthread_mutex_unlock(&media->pin_lock);
}

static bool is_pinned(const struct media *media, const struct digest *name)
{
	for (size_t i = 0; i < media->pin_count; i++) {
		if (same(&media->pins[i], name))
			return true;
	}
	return false;
}

/* What cannot be found out counts as used. */
static bool is_used(const struct media *media, const struct digest *name)
{
	struct db_txn *txn;
	if (db_read_begin(media->parts.db, &txn) != RC_OK)
		return true;
	bool used = medium_file_used(txn, name) || db_txn_rc(txn) != RC_OK;
	db_read_end(&txn);
	return used;
}

static bool remove_file(struct media *media, const struct digest *name)
{
	struct err err = { 0 };
	bool gone = media->s3 != NULL ? s3_del(media->s3, &err, name) == RC_OK
				      : files_del(&media->kept, name) == RC_OK;
	return gone && files_del(&media->staged, name) == RC_OK;
}

/* Removing takes its time where a store is far away: only who wants this very file waits. */
bool collect_file(struct media *media, const struct digest *name)
{
	pthread_mutex_lock(&media->pin_lock);
	bool mine = !media->collecting && !is_pinned(media, name) && !is_used(media, name);
	if (mine) {
		media->collecting = true;
		media->victim = *name;
	}
	pthread_mutex_unlock(&media->pin_lock);
	if (!mine)
		return false;
	bool gone = remove_file(media, name);
	pthread_mutex_lock(&media->pin_lock);
	media->collecting = false;
	pthread_cond_broadcast(&media->collected);
	pthread_mutex_unlock(&media->pin_lock);
	return gone;
}

enum rc keep_file(struct media *media, struct err *err, const struct digest *name, struct str bytes)
{
	struct err ignored = { 0 };
	if (media->s3 == NULL)
		return files_put(&media->kept, err, name, bytes);
	const struct media_type *type = media_sniff(bytes);
	if (type == NULL)
		type = media_document_sniff(bytes);
	enum rc rc = s3_put(media->s3, err, name, type, bytes);
	/* somebody is about to look at it */
	if (rc == RC_OK && files_put(&media->cached, &ignored, name, bytes) == RC_OK)
		remote_cached(media, name, bytes.len);
	return rc;
}

static enum rc read_whole(int fd, uint64_t size, struct buf *out)
{
	if (size > out->max - out->len)
		return RC_TOO_LARGE;
	if (!buf_reserve(out, size))
		return RC_NO_MEMORY;
	while (size != 0) {
		ssize_t n = read(fd, out->ptr + out->len, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return RC_IO;
		out->len += (size_t)n;
		size -= (uint64_t)n;
	}
	return RC_OK;
}

enum rc read_file(struct media *media, struct err *err, const struct digest *name, struct buf *out)
{
	uint64_t size;
	int fd;
	if (media->s3 != NULL)
		return s3_read(media->s3, err, name, out);
	enum rc rc = files_get(&media->kept, name, &fd, &size);
	if (rc == RC_OK) {
		rc = read_whole(fd, size, out);
		close(fd);
	}
	return rc == RC_OK ? rc : err_set(err, rc, "a file cannot be read: %s", rc_text(rc));
}

struct waste {
	struct digest names[CHUNK];
	size_t count;
};

static enum rc forget_job(struct db_txn *txn, void *arg)
{
	const struct waste *w = arg;
	for (size_t i = 0; i < w->count; i++)
		medium_waste_del(txn, &w->names[i]);
	return db_txn_rc(txn);
}

static size_t read_waste(const struct media *media, const struct digest *after, struct waste *out)
{
	struct db_txn *txn;
	out->count = 0;
	if (db_read_begin(media->parts.db, &txn) != RC_OK)
		return 0;
	out->count = medium_waste(txn, after, out->names, CHUNK);
	db_read_end(&txn);
	return out->count;
}

void collect_waste(struct media *media)
{
	struct waste found, gone;
	struct digest last;
	const struct digest *after = NULL;
	while (read_waste(media, after, &found) != 0) {
		gone.count = 0;
		for (size_t i = 0; i < found.count; i++) {
			if (collect_file(media, &found.names[i]))
				gone.names[gone.count++] = found.names[i];
		}
		last = found.names[found.count - 1];
		after = &last;
		/* a row that stays is tried again */
		if (gone.count != 0)
			(void)!db_write(media->parts.db, forget_job, &gone);
	}
}

static void collect_found(void *arg, const struct digest *name, uint64_t size UNUSED,
			  uint64_t used_ms UNUSED)
{
	collect_file(arg, name);
}

void collect_orphans(struct media *media)
{
	/* what cannot be walked now is walked at the next start; a store is not listed */
	if (media->s3 == NULL)
		(void)!files_walk(&media->kept, collect_found, media);
	(void)!files_walk(&media->staged, collect_found, media);
}
