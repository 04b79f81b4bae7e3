/* Uploads in a store that speaks S3's protocol; the store is a script. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../media_int.h"
#include "core/enc.h"
#include "testdb.h"
#include "testfetch.h"

#define OBJECTS_MAX 8
#define ENDPOINT "http://10.0.0.5:9000"

struct object {
	struct str url, bytes;
};

struct world {
	struct test_db t;
	struct test_fetch *net;
	struct media_settings settings;
	char folder[512], secret[512];
	struct media *media;
	struct object objects[OBJECTS_MAX];
	size_t count;
	unsigned refuse; /* a status to answer with; 0: none */
};

static struct object *find(struct world *w, struct str url)
{
	for (size_t i = 0; i < w->count; i++) {
		if (str_eq(w->objects[i].url, url))
			return &w->objects[i];
	}
	return NULL;
}

static bool store(void *arg, size_t n UNUSED, const struct test_fetch_request *request,
		  struct fetch_result *result)
{
	struct world *w = arg;
	struct object *o = find(w, request->url);
	*result = (struct fetch_result){ .rc = RC_OK, .status = 200 };
	if (w->refuse != 0) {
		result->status = w->refuse;
	} else if (str_eq(request->method, STR("PUT"))) {
		assert_true(o != NULL || w->count < OBJECTS_MAX);
		o = o != NULL ? o : &w->objects[w->count++];
		*o = (struct object){ request->url, request->body };
	} else if (o == NULL) {
		result->status = 404;
	} else if (str_eq(request->method, STR("DELETE"))) {
		*o = w->objects[--w->count];
		result->status = 204;
	} else {
		result->body = o->bytes;
	}
	return true;
}

static void secret_write(struct world *w)
{
	snprintf(w->secret, sizeof(w->secret), "%s/s3-secret", w->t.folder);
	int fd = open(w->secret, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, "a secret\n", 9) == 9);
	close(fd);
}

static enum rc media_begin(struct world *w, struct err *err)
{
	const struct media_parts parts = {
		.db = w->t.db,
		.fetch = test_fetch_client(w->net),
		.clock = &w->t.clock.clock,
		.settings = &w->settings,
		.base = STR("https://social.example.org"),
		.folder = str_of(w->folder),
		.secret = STR("a secret of the node"),
	};
	return media_new(err, &parts, &w->media);
}

static void world_init(struct world *w)
{
	*w = (struct world){ .settings = { .image_bytes = 1 << 20,
					   .film_bytes = 1 << 20,
					   .pixels = 40000000,
					   .remote_bytes = 1 << 20,
					   .cache_bytes = 1 << 20,
					   .remote_rate = 100,
					   .workers = 1,
					   .ffmpeg = STR("/nowhere"),
					   .ffprobe = STR("/nowhere"),
					   .s3_endpoint = STR(ENDPOINT "/"),
					   .s3_bucket = STR("pictures"),
					   .s3_region = STR("us-east-1"),
					   .s3_key_id = STR("AKID") } };
	struct err err = { 0 };
	test_db_init(&w->t, NULL, 0);
	snprintf(w->folder, sizeof(w->folder), "%s/media", w->t.folder);
	secret_write(w);
	w->settings.s3_secret_file = str_of(w->secret);
	w->net = test_fetch_new();
	test_fetch_script_set(w->net, store, w);
	if (media_begin(w, &err) != RC_OK)
		fail_msg("%s", err_text(&err));
}

static void world_free(struct world *w)
{
	if (w->media != NULL)
		media_stop(w->media);
	test_fetch_free(&w->net);
	media_free(&w->media);
	test_db_free(&w->t);
}

static void objects_are_kept_got_and_removed(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct err err = { 0 };
	struct str bytes = STR("GIF89a and so on");
	struct digest name = digest_sha256(bytes);
	uint64_t size;
	int fd;
	world_init(&w);
	pin(w.media, &name);
	assert_int_equal(keep_file(w.media, &err, &name, bytes), RC_OK);
	assert_int_equal(w.count, 1);
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	enc_hex(&hex, str_n(name.bytes, DIGEST_SIZE));
	assert_str_eq(w.objects[0].url, arena_printf(w.t.arena, ENDPOINT "/pictures/%.2s/%.2s/%s",
						     hex.ptr, hex.ptr + 2, hex.ptr));
	assert_str_eq(w.objects[0].bytes, bytes);
	/* it is at hand for who looks at it first, and nowhere else */
	assert_int_equal(files_get(&w.media->cached, &name, &fd, &size), RC_OK);
	close(fd);
	assert_int_equal(files_get(&w.media->kept, &name, &fd, &size), RC_NOT_FOUND);
	assert_false(collect_file(w.media, &name));
	unpin(w.media, &name);
	assert_true(collect_file(w.media, &name));
	assert_int_equal(w.count, 0);
}

static void a_store_that_refuses_is_told(void **state UNUSED)
{
	static const struct {
		unsigned status;
		enum rc rc;
	} cases[] = { { 403, RC_DENIED }, { 500, RC_IO }, { 301, RC_IO } };
	struct world w CLEANUP(world_free);
	struct str bytes = STR("GIF89a and so on");
	struct digest name = digest_sha256(bytes);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		w.refuse = cases[i].status;
		assert_int_equal(keep_file(w.media, &err, &name, bytes), cases[i].rc);
		assert_true(err.detail[0] != '\0');
		/* what could not be removed is tried again */
		assert_false(collect_file(w.media, &name));
	}
}

static void what_is_missing_is_told_at_the_start(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	media_stop(w.media);
	media_free(&w.media);
	const struct media_settings whole = w.settings;
	struct str *const missing[] = { &w.settings.s3_bucket, &w.settings.s3_key_id,
					&w.settings.s3_secret_file };
	for (size_t i = 0; i < ARRAY_LEN(missing); i++) {
		struct err err = { 0 };
		w.settings = whole;
		*missing[i] = STR("");
		assert_int_equal(media_begin(&w, &err), RC_INVALID);
		assert_true(str_contains(str_of(err.detail), STR("s3_")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_kept_got_and_removed),
		cmocka_unit_test(a_store_that_refuses_is_told),
		cmocka_unit_test(what_is_missing_is_told_at_the_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
