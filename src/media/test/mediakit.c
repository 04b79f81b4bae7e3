/* The running part for tests. */
#include "mediakit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void media_begin(struct world *w)
{
	struct err err = { 0 };
	const struct media_parts parts = {
		.db = w->t.db,
		.fetch = test_fetch_client(w->net),
		.clock = &w->t.clock.clock,
		.settings = &w->settings,
		.base = STR(BASE),
		.folder = str_of(w->folder),
		.secret = STR("a secret of the node"),
	};
	if (media_new(&err, &parts, &w->media) != RC_OK)
		fail_msg("%s", err_text(&err));
}

void listen_begin(struct world *w)
{
	struct err err = { 0 };
	const struct httpd_settings settings = { .listen = STR("127.0.0.1:0"),
						 .threads = 1,
						 .connections_max = 16,
						 .connections_per_client = 16,
						 .idle_seconds = 30,
						 .request_seconds = 30,
						 .trusted_proxies = STR("") };
	const struct httpd_route_table table = { media_routes, media_route_count, w->media, false,
						 NULL };
	assert_int_equal(httpd_start(&err, &settings, &table, 1, clock_system(), &w->httpd), RC_OK);
}

void world_init(struct world *w)
{
	*w = (struct world){ .settings = { .image_bytes = 1 << 20,
					   .film_bytes = 1 << 20,
					   .document_bytes = 1 << 20,
					   .pixels = 40000000,
					   .remote_bytes = 1 << 20,
					   .cache_bytes = 2000,
					   .remote_rate = 100,
					   .workers = 2,
					   .ffmpeg = STR("/usr/bin/ffmpeg"),
					   .ffprobe = STR("/usr/bin/ffprobe") } };
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	test_db_init(&w->t, NULL, 0);
	snprintf(w->folder, sizeof(w->folder), "%s/media", w->t.folder);
	w->net = test_fetch_new();
	w->alice = test_db_local(&w->t, "alice");
	media_begin(w);
	listen_begin(w);
}

void world_free(struct world *w)
{
	if (w->httpd != NULL)
		httpd_stop(&w->httpd, 5000);
	media_stop(w->media);
	test_fetch_free(&w->net);
	media_free(&w->media);
	test_db_free(&w->t);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->changed);
}

struct str fixture(struct world *w, const char *name)
{
	char path[512];
	const char *top = getenv("FF_SRCDIR");
	struct buf bytes = BUF_INIT(1 << 20);
	snprintf(path, sizeof(path), "%s/src/media/test/fixtures/%s", top != NULL ? top : ".",
		 name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_true(buf_reserve(&bytes, 1 << 16));
	ssize_t n = read(fd, bytes.ptr, 1 << 16);
	close(fd);
	assert_true(n > 0);
	bytes.len = (size_t)n;
	return arena_take_buf(w->t.arena, &bytes);
}

/* --- uploads --- */

static void uploaded(void *arg, enum rc rc, const char *reason, const struct medium *medium)
{
	struct world *w = arg;
	pthread_mutex_lock(&w->lock);
	w->done = true;
	w->rc = rc;
	snprintf(w->reason, sizeof(w->reason), "%s", reason);
	w->id = rc == RC_OK ? medium->id : 0;
	w->state = rc == RC_OK ? medium->state : MEDIUM_FAILED;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

enum rc upload(struct world *w, struct str bytes, enum medium_use shape)
{
	const struct media_upload order = { .owner = w->alice.id,
					    .shape = shape,
					    .bytes = bytes,
					    .description = STR("a description"),
					    .has_focus = true,
					    .focus_x = 100,
					    .focus_y = -200,
					    .done = uploaded,
					    .arg = w };
	w->done = false;
	media_submit(w->media, &order);
	pthread_mutex_lock(&w->lock);
	while (!w->done)
		pthread_cond_wait(&w->changed, &w->lock);
	pthread_mutex_unlock(&w->lock);
	return w->rc;
}

struct medium medium_of(struct world *w, uint64_t id)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct medium m;
	assert_true(medium_get(txn, w->t.arena, id, &m));
	db_read_end(&txn);
	return m;
}

bool is_kept(const struct files *files, const struct digest *name)
{
	uint64_t size;
	int fd;
	if (files_get(files, name, &fd, &size) != RC_OK)
		return false;
	close(fd);
	return true;
}
