/* The running part: its folders, its threads, the work that waits for them. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "media_int.h"

#define COLLECT_EVERY_S 30
#define MIB (UINT64_C(1) << 20)

/* What stands in addresses and in what is signed. */
static enum rc check_word(struct err *err, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && (c == '\0' || strchr(".-_", c) == NULL))
			return err_set(err, RC_INVALID, "letters, digits, dots and hyphens");
	}
	return RC_OK;
}

#define ROW(member) .offset = offsetof(struct media_settings, member), .name = #member
const struct conf_row media_conf_rows[] = {
	{ ROW(image_bytes), .type = CONF_BYTES, .fallback = "16 MiB", .min = 1024, .max = 64 * MIB,
	  .help = "How large a picture may be that is uploaded." },
	{ ROW(film_bytes), .type = CONF_BYTES, .fallback = "99 MiB", .min = 1024, .max = 256 * MIB,
	  .help = "How large a film or sound may be that is uploaded." },
	{ ROW(document_bytes), .type = CONF_BYTES, .fallback = "20 MiB", .min = 1024,
	  .max = 64 * MIB,
	  .help = "How large a document (PDF, office, text) may be that a community shares." },
	{ ROW(pixels), .type = CONF_U64, .fallback = "40000000", .min = 10000, .max = 200000000,
	  .help = "How many pixels a picture may have, all its frames together, before it is "
		  "read." },
	{ ROW(remote_bytes), .type = CONF_BYTES, .fallback = "40 MiB", .min = 1024,
	  .max = 256 * MIB,
	  .help = "How large a file of another server may be that is shown here." },
	{ ROW(cache_bytes), .type = CONF_BYTES, .fallback = "2 GiB", .min = MIB,
	  .max = UINT64_C(1) << 50,
	  .help = "How much room files of other servers may take; those that nobody looked at for "
		  "longest go first." },
	{ ROW(remote_rate), .type = CONF_U64, .fallback = "600", .min = 1, .max = 1000000000,
	  .help = "Files of other servers that are not kept here yet: how many are fetched in ten "
		  "minutes because one address asks." },
	{ ROW(workers), .type = CONF_U64, .fallback = "2", .min = 1, .max = 16,
	  .help = "Threads that work on uploads and on files of other servers." },
	{ ROW(ffmpeg), .type = CONF_PATH, .fallback = "/usr/bin/ffmpeg", .max = 1000,
	  .help = "The program that copies films and sounds; where it is missing they are not "
		  "taken." },
	{ ROW(ffprobe), .type = CONF_PATH, .fallback = "/usr/bin/ffprobe", .max = 1000,
	  .help = "The program that says what is in them." },
	{ ROW(s3_endpoint), .type = CONF_STR, .fallback = "", .max = 500,
	  .help = "The address of a store that speaks S3's protocol and keeps what is uploaded; "
		  "without, it is kept in data_dir." },
	{ ROW(s3_bucket), .type = CONF_STR, .fallback = "", .max = 63, .help = "Its bucket.",
	  .check = check_word },
	{ ROW(s3_region), .type = CONF_STR, .fallback = "us-east-1", .min = 1, .max = 63,
	  .help = "Its region.", .check = check_word },
	{ ROW(s3_key_id), .type = CONF_STR, .fallback = "", .max = 128,
	  .help = "The key that it knows the node by.", .check = check_word },
	{ ROW(s3_secret_file), .type = CONF_PATH, .fallback = "", .max = 1000,
	  .help = "The file of that key's secret; nobody else may read it." },
};
#undef ROW
const size_t media_conf_row_count = ARRAY_LEN(media_conf_rows);

uint64_t media_upload_max(const struct media_settings *settings)
{
	uint64_t most = settings->film_bytes > settings->image_bytes ? settings->film_bytes
								     : settings->image_bytes;
	return most > settings->document_bytes ? most : settings->document_bytes;
}

/* --- work --- */

bool work_add(struct media *media, struct work *work)
{
	pthread_mutex_lock(&media->lock);
	bool taken = !media->stopping && media->waiting < WORK_MAX;
	if (taken) {
		work->next = NULL;
		*(media->last != NULL ? &media->last->next : &media->first) = work;
		media->last = work;
		media->waiting++;
		pthread_cond_signal(&media->filled);
	}
	pthread_mutex_unlock(&media->lock);
	return taken;
}

static struct work *take(struct media *media)
{
	struct work *work = media->first;
	if (work == NULL)
		return NULL;
	media->first = work->next;
	if (media->first == NULL)
		media->last = NULL;
	media->waiting--;
	return work;
}

/* Waits for work, for a while. NULL when there was none, or the node stops. */
static struct work *wait_for_work(struct media *media)
{
	struct timespec until;
	int waited = 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += COLLECT_EVERY_S;
	pthread_mutex_lock(&media->lock);
	while (media->first == NULL && !media->stopping && waited != ETIMEDOUT)
		waited = pthread_cond_timedwait(&media->filled, &media->lock, &until);
	struct work *work = media->stopping ? NULL : take(media);
	pthread_mutex_unlock(&media->lock);
	return work;
}

static void *worker(void *arg)
{
	struct media *media = media_of(arg);
	while (!atomic_load(&media->ending)) {
		struct work *work = wait_for_work(media);
		if (work != NULL)
			work->run(media, work);
	}
	return NULL;
}

/* One thread does what nobody waits for. */
static void *keeper(void *arg)
{
	struct media *media = media_of(arg);
	collect_orphans(media);
	while (!atomic_load(&media->ending)) {
		collect_waste(media);
		struct work *work = wait_for_work(media);
		if (work != NULL)
			work->run(media, work);
	}
	return NULL;
}

/* --- start and end --- */

static enum rc open_folder(struct err *err, const struct media *media, const char *name,
			   bool durable, struct files *out)
{
	struct buf path CLEANUP(buf_free) = BUF_INIT(4096);
	buf_add(&path, media->parts.folder);
	if (name != NULL)
		buf_addf(&path, "/%s", name);
	if (path.failed)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	return files_open(err, path.ptr, durable, out);
}

static enum rc open_folders(struct err *err, struct media *media)
{
	struct files root;
	enum rc rc = open_folder(err, media, NULL, true, &root);
	files_close(&root);
	if (rc == RC_OK)
		rc = open_folder(err, media, "files", true, &media->kept);
	if (rc == RC_OK)
		rc = open_folder(err, media, "incoming", true, &media->staged);
	if (rc == RC_OK)
		rc = open_folder(err, media, "cache", false, &media->cached);
	if (rc != RC_OK)
		return rc;
	if (media->parts.settings->s3_endpoint.len != 0)
		rc = s3_new(err, media->parts.settings, media->parts.fetch, &media->s3);
	if (rc != RC_OK)
		return rc;
	rc = cache_open(&media->cache, &media->cached, media->parts.settings->cache_bytes);
	return rc == RC_OK ? rc : err_set(err, rc, "the cache of media cannot be read");
}

static void init_locks(struct media *media)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&media->lock, NULL);
	pthread_mutex_init(&media->pin_lock, NULL);
	pthread_mutex_init(&media->remote_lock, NULL);
	pthread_cond_init(&media->filled, &attr);
	pthread_cond_init(&media->collected, NULL);
	pthread_condattr_destroy(&attr);
}

static enum rc start_threads(struct err *err, struct media *media)
{
	size_t count = media->parts.settings->workers;
	media->threads = calloc(count, sizeof(*media->threads));
	if (media->threads == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	for (; media->thread_count < count; media->thread_count++) {
		void *(*run)(void *) = media->thread_count == 0 ? keeper : worker;
		if (pthread_create(&media->threads[media->thread_count], NULL, run, media) != 0)
			return err_set(err, RC_NO_MEMORY, "a thread cannot be started");
	}
	return RC_OK;
}

static enum rc make(struct err *err, const struct media_parts *parts, bool running,
		    struct media **out)
{
	struct media *media = calloc(1, sizeof(*media));
	*out = NULL;
	if (media == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	media->magic = MEDIA_MAGIC;
	media->parts = *parts;
	media->kept.root = media->staged.root = media->cached.root = -1;
	init_locks(media);
	media->limiter = limiter_new(parts->clock);
	enum rc rc = media->limiter != NULL ? open_folders(err, media) : RC_NO_MEMORY;
	if (rc == RC_OK && running)
		rc = upload_resume(media);
	if (rc == RC_OK && running)
		rc = start_threads(err, media);
	if (rc == RC_OK) {
		*out = media;
		return RC_OK;
	}
	media_stop(media);
	media_free(&media);
	return err_set(err, rc, "media cannot be started");
}

enum rc media_new(struct err *err, const struct media_parts *parts, struct media **out)
{
	return make(err, parts, true, out);
}

enum rc media_open(struct err *err, const struct media_parts *parts, struct media **out)
{
	return make(err, parts, false, out);
}

void media_stop(struct media *media)
{
	struct work *work;
	atomic_store(&media->ending, true);
	pthread_mutex_lock(&media->lock);
	media->stopping = true;
	pthread_cond_broadcast(&media->filled);
	pthread_mutex_unlock(&media->lock);
	for (size_t i = 0; i < media->thread_count; i++)
		pthread_join(media->threads[i], NULL);
	media->thread_count = 0;
	while ((work = take(media)) != NULL)
		work->drop(media, work);
}

void media_free(struct media **media)
{
	struct media *m = *media;
	if (m == NULL)
		return;
	must(m->thread_count == 0 && m->first == NULL && m->pending == NULL);
	cache_free(&m->cache);
	limiter_free(&m->limiter);
	s3_free(&m->s3);
	files_close(&m->kept);
	files_close(&m->staged);
	files_close(&m->cached);
	pthread_mutex_destroy(&m->lock);
	pthread_mutex_destroy(&m->pin_lock);
	pthread_mutex_destroy(&m->remote_lock);
	pthread_cond_destroy(&m->filled);
	pthread_cond_destroy(&m->collected);
	free(m->threads);
	m->magic = 0;
	free(m);
	*media = NULL;
}
