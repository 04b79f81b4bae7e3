/*
 * The running part. Work is done by a few threads; listener threads and the fetch client's thread
 * only add to it.
 */
#ifndef FF_MEDIA_MEDIA_INT_H
#define FF_MEDIA_MEDIA_INT_H

#include <pthread.h>

#include "cache.h"
#include "core/limit.h"
#include "core/must.h"
#include "files.h"
#include "media/media.h"
#include "s3.h"

#define MEDIA_MAGIC 0x6d656478u
#define WORK_MAX 512
#define PINS_MAX 64
#define REMOTE_FETCHES_MAX 32 /* at once */
#define REMOTE_FAILED_SLOTS 256

/* A piece of work; embedded in what it is about. */
struct work {
	void (*run)(struct media *media, struct work *work);
	/* instead of run, when the node stops first */
	void (*drop)(struct media *media, struct work *work);
	struct work *next;
};

/* What another server has and somebody waits for. */
struct pending;

struct media {
	unsigned magic;
	struct media_parts parts;
	struct files kept;   /* of our people, unless s3 has them */
	struct files staged; /* films as they came, until they are made */
	struct files cached; /* of other servers, and of s3 */
	struct s3 *s3;	     /* NULL: none */
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct work *first, *last;
	size_t waiting;
	bool stopping;
	_Atomic bool ending; /* the same, for those who have no lock */
	pthread_t *threads;
	size_t thread_count;
	/* files that are about to be recorded: the collector leaves them */
	pthread_mutex_t pin_lock;
	struct digest pins[PINS_MAX];
	size_t pin_count;
	pthread_cond_t collected;
	bool collecting; /* one file is being removed: this */
	struct digest victim;
	/* what is being fetched, and what failed a moment ago */
	pthread_mutex_t remote_lock;
	struct cache cache;
	struct pending *pending;
	size_t pending_count;
	struct limiter *limiter; /* of who has others fetched from */
	struct {
		struct digest name;
		uint64_t until_ms;
	} failed[REMOTE_FAILED_SLOTS];
};

static inline struct media *media_of(void *app)
{
	struct media *media = app;
	MAGIC_CHECK(media, MEDIA_MAGIC);
	return media;
}

/* False when there is too much of it, or the node stops: work is still the caller's then. */
bool work_add(struct media *media, struct work *work) NODISCARD;

/* --- files of our people --- */

void pin(struct media *media, const struct digest *name);
void unpin(struct media *media, const struct digest *name);
/* Keeps a file for good. Workers. */
enum rc keep_file(struct media *media, struct err *err, const struct digest *name,
		  struct str bytes) NODISCARD;
/* The other way: appends it to out, or says why not in err. Waits. */
enum rc read_file(struct media *media, struct err *err, const struct digest *name,
		  struct buf *out) NODISCARD;
/* Removes a file that no medium has and nobody is about to record; true when it is gone. */
bool collect_file(struct media *media, const struct digest *name);
/* Files that nobody has any more; at the start also those that never got a record. */
void collect_waste(struct media *media);
void collect_orphans(struct media *media);

/* Goes on with films that were not finished the last time. */
enum rc upload_resume(struct media *media) NODISCARD;

/* --- what other servers have --- */

/*
 * The address that a path under /media/remote stands for, when tag is the one for it. Absent when
 * not. Inside a read transaction of its own; strings are in ctx's arena.
 */
struct str remote_url(struct media *media, struct ctx *ctx, struct str what, uint64_t id,
		      struct str tag);
/* Answers with what is at url: now, or when it was fetched. */
void remote_reply(struct media *media, struct httpd_request *req, struct str url);
/* The same of a file of our people that s3 has. */
void kept_reply(struct media *media, struct httpd_request *req, const struct digest *name,
		const struct media_type *named, bool made);
/* A file was put among the cached. */
void remote_cached(struct media *media, const struct digest *name, uint64_t size);
/* Answers with an open file, which is taken over, as what it is, and must be when it is named. made: it was
 * made here, and is shown. */
void reply_media(struct httpd_request *req, int fd, uint64_t size, const struct digest *name,
		 const struct media_type *named, bool made);

#endif
