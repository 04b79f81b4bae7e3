/*
 * The running part as its callers see it: uploads become records and files, nobody's files go, what
 * other servers have is fetched once. Helpers are this program; a listener serves on loopback.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../media_int.h"
#include "store/peer.h"
#include "store/tables.h"
#include "testdb.h"
#include "testfetch.h"

#define BASE "https://social.example.org"
#define PICTURE_URL "https://b.example/pictures/1.jpg"

struct world {
	struct test_db t;
	struct test_fetch *net;
	struct media_settings settings;
	char folder[512];
	struct media *media;
	struct httpd *httpd;
	struct account alice;
	/* what came of an upload */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	enum rc rc;
	char reason[240];
	uint64_t id;
	enum medium_state state;
};

static void media_begin(struct world *w)
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

static void listen_begin(struct world *w)
{
	struct err err = { 0 };
	const struct httpd_settings settings = { .listen = STR("127.0.0.1:0"),
						 .threads = 1,
						 .connections_max = 16,
						 .connections_per_client = 16,
						 .idle_seconds = 30,
						 .request_seconds = 30,
						 .trusted_proxies = STR("") };
	const struct httpd_route_table table = { media_routes, media_route_count, w->media, false };
	assert_int_equal(httpd_start(&err, &settings, &table, 1, clock_system(), &w->httpd), RC_OK);
}

static void world_init(struct world *w)
{
	*w = (struct world){ .settings = { .image_bytes = 1 << 20,
					   .film_bytes = 1 << 20,
					   .pixels = 40000000,
					   .remote_bytes = 1 << 20,
					   .cache_bytes = 2000,
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

static void world_free(struct world *w)
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

static struct str fixture(struct world *w, const char *name)
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

static enum rc upload(struct world *w, struct str bytes, enum medium_use shape)
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

static struct medium medium_of(struct world *w, uint64_t id)
{
	struct db_txn *txn = test_db_read(&w->t);
	struct medium m;
	assert_true(medium_get(txn, w->t.arena, id, &m));
	db_read_end(&txn);
	return m;
}

static bool is_kept(const struct files *files, const struct digest *name)
{
	uint64_t size;
	int fd;
	if (files_get(files, name, &fd, &size) != RC_OK)
		return false;
	close(fd);
	return true;
}

static void a_picture_is_ready_when_its_sender_is_answered(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "turned.jpg"), MEDIUM_OPEN), RC_OK);
	assert_int_equal(w.state, MEDIUM_READY);
	struct medium m = medium_of(&w, w.id);
	assert_int_equal(m.owner, w.alice.id);
	assert_int_equal(m.use, MEDIUM_OPEN);
	assert_str_eq(m.file.type, STR("image/jpeg"));
	assert_int_equal(m.file.width, 30);
	assert_int_equal(m.file.height, 40);
	assert_str_eq(m.description, STR("a description"));
	assert_true(m.has_focus && m.focus_x == 100 && m.focus_y == -200);
	assert_true(m.blurhash.len != 0);
	assert_true(is_kept(&w.media->kept, &m.file.digest));
	assert_true(is_kept(&w.media->kept, &m.small.digest));
	test_db_check(&w.t);
}

static void an_avatar_has_its_shape(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "turned.jpg"), MEDIUM_HEADER), RC_OK);
	struct medium m = medium_of(&w, w.id);
	assert_int_equal(m.file.width, 1500);
	assert_int_equal(m.file.height, 500);
	assert_int_equal(upload(&w, fixture(&w, "sound.ogg"), MEDIUM_AVATAR), RC_UNSUPPORTED);
}

static void what_is_refused_leaves_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.settings.image_bytes = 100000;
	const struct {
		struct str bytes;
		enum rc rc;
	} cases[] = {
		{ STR("<svg xmlns='http://www.w3.org/2000/svg'/>"), RC_UNSUPPORTED },
		{ STR(""), RC_UNSUPPORTED },
		{ fixture(&w, "bomb.png"), RC_INVALID },
		{ str_take(fixture(&w, "turned.jpg"), 300), RC_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(upload(&w, cases[i].bytes, MEDIUM_OPEN), cases[i].rc);
		assert_true(w.reason[0] != '\0');
	}
	w.settings.image_bytes = 100;
	assert_int_equal(upload(&w, fixture(&w, "turned.jpg"), MEDIUM_OPEN), RC_TOO_LARGE);
	assert_int_equal(test_db_rows(&w.t, &store_medium), 0);
}

static bool films_are_possible(struct world *w)
{
	return access("/usr/bin/ffmpeg", X_OK) == 0 &&
	       upload(w, fixture(w, "film.webm"), MEDIUM_OPEN) == RC_OK;
}

/* Waits until a film has become something. */
static struct medium made_of(struct world *w, uint64_t id)
{
	struct medium m = medium_of(w, id);
	while (m.state == MEDIUM_PROCESSING) {
		poll(NULL, 0, 5);
		m = medium_of(w, id);
	}
	return m;
}

static void start_anew(struct world *w)
{
	httpd_stop(&w->httpd, 5000);
	media_stop(w->media);
	media_free(&w->media);
	media_begin(w);
	listen_begin(w);
}

static void a_film_is_made_after_its_sender_is_answered(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	if (!films_are_possible(&w))
		skip();
	assert_int_equal(w.state, MEDIUM_PROCESSING);
	struct medium m = made_of(&w, w.id);
	if (m.state == MEDIUM_FAILED && str_contains(m.reason, STR("cannot confine")))
		skip();
	assert_int_equal(m.state, MEDIUM_READY);
	assert_str_eq(m.file.type, STR("video/webm"));
	assert_int_equal(m.file.width, 64);
	assert_true(is_kept(&w.media->kept, &m.file.digest));
	assert_str_eq(m.description, STR("a description"));
	test_db_check(&w.t);
}

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct medium *m = arg;
	return medium_add(txn, m) ? RC_OK : db_txn_rc(txn);
}

/* As a crash would have left it: recorded and staged, not made. */
static void a_film_is_made_after_a_crash(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct err err = { 0 };
	world_init(&w);
	if (!films_are_possible(&w))
		skip();
	struct str bytes = fixture(&w, "film.mp4");
	struct medium m = { .owner = w.alice.id,
			    .state = MEDIUM_PROCESSING,
			    .file = { .type = STR("video/mp4"),
				      .digest = digest_sha256(bytes),
				      .bytes = bytes.len } };
	struct medium lost = m;
	lost.file.digest.bytes[0] ^= 1;
	pin(w.media, &m.file.digest);
	assert_int_equal(files_put(&w.media->staged, &err, &m.file.digest, bytes), RC_OK);
	test_db_write(&w.t, add_job, &m);
	unpin(w.media, &m.file.digest);
	test_db_write(&w.t, add_job, &lost);
	start_anew(&w);
	struct medium made = made_of(&w, m.id);
	if (made.state == MEDIUM_FAILED && str_contains(made.reason, STR("cannot confine")))
		skip();
	assert_int_equal(made.state, MEDIUM_READY);
	lost = made_of(&w, lost.id);
	assert_int_equal(lost.state, MEDIUM_FAILED);
	assert_str_eq(lost.reason, STR("the file was lost"));
	collect_waste(w.media);
	assert_false(is_kept(&w.media->staged, &m.file.digest));
	test_db_check(&w.t);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	const uint64_t *id = arg;
	return medium_del(txn, *id) ? db_txn_rc(txn) : RC_NOT_FOUND;
}

/* Stopped at once, whatever is in hand; nothing is lost. */
static void a_film_that_was_being_made_is_made_after_the_next_start(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	if (!films_are_possible(&w))
		skip();
	start_anew(&w);
	struct medium m = made_of(&w, w.id);
	if (m.state == MEDIUM_FAILED && str_contains(m.reason, STR("cannot confine")))
		skip();
	assert_int_equal(m.state, MEDIUM_READY);
	test_db_check(&w.t);
}

static void s078_files_go_with_their_last_medium(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "alpha.png"), MEDIUM_OPEN), RC_OK);
	uint64_t first = w.id;
	assert_int_equal(upload(&w, fixture(&w, "alpha.png"), MEDIUM_OPEN), RC_OK);
	uint64_t second = w.id;
	struct medium m = medium_of(&w, first);
	test_db_write(&w.t, del_job, &first);
	collect_waste(w.media);
	assert_true(is_kept(&w.media->kept, &m.file.digest));
	test_db_write(&w.t, del_job, &second);
	/* who uploads the same again at this moment keeps it */
	pin(w.media, &m.file.digest);
	collect_waste(w.media);
	assert_true(is_kept(&w.media->kept, &m.file.digest));
	unpin(w.media, &m.file.digest);
	collect_waste(w.media);
	assert_false(is_kept(&w.media->kept, &m.file.digest));
	assert_int_equal(test_db_rows(&w.t, &store_medium_waste), 0);
}

static void files_without_a_record_go_at_the_start(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct err err = { 0 };
	struct digest orphan = digest_sha256(STR("orphan"));
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "alpha.png"), MEDIUM_OPEN), RC_OK);
	struct medium m = medium_of(&w, w.id);
	assert_int_equal(files_put(&w.media->kept, &err, &orphan, STR("orphan")), RC_OK);
	collect_orphans(w.media);
	assert_false(is_kept(&w.media->kept, &orphan));
	assert_true(is_kept(&w.media->kept, &m.file.digest));
}

/* --- serving --- */

static void ask(struct world *w, struct str path, const char *headers, struct buf *out)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(httpd_port(w->httpd)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct buf request CLEANUP(buf_free) = BUF_INIT(4096);
	char bytes[4096];
	ssize_t n;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)(const void *)&to, sizeof(to)), 0);
	buf_addf(&request,
		 "GET %.*s HTTP/1.1\r\nHost: social.example.org\r\nConnection: close\r\n%s\r\n",
		 STR_ARG(path), headers);
	assert_int_equal(write(fd, request.ptr, request.len), request.len);
	buf_reset(out);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_add_bytes(out, bytes, (size_t)n);
	close(fd);
	assert_false(out->failed);
}

static void assert_status(const struct buf *reply, const char *status)
{
	assert_str_eq(str_take(str_skip(buf_str(reply), 9), 3), str_of(status));
}

static void assert_has(const struct buf *reply, const char *text)
{
	if (!str_contains(buf_str(reply), str_of(text)))
		fail_msg("no \"%s\" in \"%.*s\"", text, STR_ARG(str_take(buf_str(reply), 800)));
}

static void s092_files_are_served_as_nothing_that_runs(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "turned.jpg"), MEDIUM_OPEN), RC_OK);
	struct medium m = medium_of(&w, w.id);
	struct str path = media_file_path(w.t.arena, &m.file);
	ask(&w, path, "", &reply);
	assert_status(&reply, "200");
	assert_has(&reply, "\r\nContent-Type: image/jpeg\r\n");
	assert_has(&reply, "\r\nX-Content-Type-Options: nosniff\r\n");
	assert_has(&reply, "\r\nContent-Security-Policy: default-src 'none'; sandbox\r\n");
	assert_has(&reply, "\r\nCross-Origin-Resource-Policy: cross-origin\r\n");
	assert_has(&reply, "\r\nContent-Disposition: inline\r\n");
	assert_has(&reply, "\r\nCache-Control: public, max-age=31536000, immutable\r\n");
	assert_has(&reply, "\r\n\r\n\xff\xd8\xff");
	ask(&w, path, "Range: bytes=0-2\r\n", &reply);
	assert_status(&reply, "206");
	assert_true(str_has_suffix(buf_str(&reply), STR("\r\n\r\n\xff\xd8\xff")));
}

static void s046_names_are_no_paths(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	assert_int_equal(upload(&w, fixture(&w, "turned.jpg"), MEDIUM_OPEN), RC_OK);
	struct medium m = medium_of(&w, w.id);
	struct str path = media_file_path(w.t.arena, &m.file);
	struct str stem = str_take(path, path.len - 3);
	const struct str paths[] = {
		STR("/media/files/x.jpg"),
		STR("/media/files/.jpg"),
		STR("/media/files/..%2f..%2fdata.mdb"),
		STR("/media/files/"
		    "0000000000000000000000000000000000000000000000000000000000000000.jpg"),
		/* another type than it is */
		arena_join(w.t.arena, stem, STR("png")),
		arena_join(w.t.arena, stem, STR("html")),
		arena_join(w.t.arena, stem, STR("svg")),
	};
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(&w, paths[i], "", &reply);
		assert_true(str_has_prefix(buf_str(&reply), STR("HTTP/1.1 40")));
	}
}

/* --- what other servers have --- */

static enum rc post_job(struct db_txn *txn, void *arg)
{
	struct status *s = arg;
	return status_add(txn, s) ? RC_OK : RC_EXISTS;
}

static struct status remote_post(struct world *w)
{
	static struct status_attachment attachments[2];
	struct account bob = test_db_remote(&w->t, "bob", "b.example");
	attachments[0] = (struct status_attachment){ .url = STR(PICTURE_URL),
						     .media_type = STR("image/jpeg") };
	attachments[1] = (struct status_attachment){ .url = STR("https://b.example/page"),
						     .kind = ATTACHMENT_LINK };
	struct status s = { .account = bob.id,
			    .type = STR("Note"),
			    .uri = STR("https://b.example/notes/1"),
			    .attachments = attachments,
			    .attachment_count = 2 };
	test_db_write(&w->t, post_job, &s);
	return s;
}

static struct str path_of(struct str url)
{
	assert_true(str_has_prefix(url, STR(BASE "/media/remote/")));
	return str_skip(url, sizeof(BASE) - 1);
}

static void another_servers_picture_is_fetched_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	struct status s = remote_post(&w);
	test_fetch_answer(w.net, PICTURE_URL, 200, "text/html", fixture(&w, "turned.jpg"));
	struct str path = path_of(media_attachment_url(w.media, w.t.arena, &s, 0));
	for (unsigned i = 0; i < 3; i++) {
		ask(&w, path, "", &reply);
		assert_status(&reply, "200");
		assert_has(&reply, "\r\nContent-Type: image/jpeg\r\n");
		assert_has(&reply, "\r\nContent-Disposition: attachment\r\n");
		assert_has(&reply, "\r\nContent-Security-Policy: default-src 'none'; sandbox\r\n");
	}
	assert_int_equal(test_fetch_count(w.net), 1);
	/* what somebody took away is fetched anew */
	struct digest name = digest_sha256(STR(PICTURE_URL));
	assert_int_equal(files_del(&w.media->cached, &name), RC_OK);
	ask(&w, path, "", &reply);
	assert_status(&reply, "200");
	assert_int_equal(test_fetch_count(w.net), 2);
	assert_int_equal(test_fetch_request(w.net, 0)->bytes_max, w.settings.remote_bytes);
	assert_null(media_attachment_url(w.media, w.t.arena, &s, 1).ptr);
	assert_null(media_attachment_url(w.media, w.t.arena, &s, 2).ptr);
	assert_null(media_preview_url(w.media, w.t.arena, &s, 0).ptr);
}

static void s096_nobody_makes_up_an_address(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	struct status s = remote_post(&w);
	struct str path = path_of(media_attachment_url(w.media, w.t.arena, &s, 0));
	struct str stem = str_take(path, path.len - 1);
	char last = path.ptr[path.len - 1];
	const struct str paths[] = {
		arena_printf(w.t.arena, "%.*s%c", STR_ARG(stem), last == '0' ? '1' : '0'),
		stem,
		arena_printf(w.t.arena, "/media/remote/file-1/%llu/%.*s", (unsigned long long)s.id,
			     STR_ARG(str_skip(path, path.len - 32))),
		arena_printf(w.t.arena, "/media/remote/avatar/%llu/%.*s",
			     (unsigned long long)s.account, STR_ARG(str_skip(path, path.len - 32))),
		STR("/media/remote/file-0/1/00000000000000000000000000000000"),
		STR("/media/remote/file-99999999999999999999/1/00000000000000000000000000000000"),
	};
	test_fetch_answer(w.net, "*", 200, "image/jpeg", fixture(&w, "turned.jpg"));
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		ask(&w, paths[i], "", &reply);
		assert_status(&reply, "404");
	}
	assert_int_equal(test_fetch_count(w.net), 0);
}

static void what_is_no_picture_is_not_shown_and_not_asked_for_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	struct status s = remote_post(&w);
	struct str path = path_of(media_attachment_url(w.media, w.t.arena, &s, 0));
	test_fetch_answer(w.net, PICTURE_URL, 200, "image/jpeg", STR("<script>alert(1)</script>"));
	for (unsigned i = 0; i < 3; i++) {
		ask(&w, path, "", &reply);
		assert_status(&reply, "404");
	}
	assert_int_equal(test_fetch_count(w.net), 1);
	test_fetch_answer(w.net, PICTURE_URL, 200, "image/jpeg", fixture(&w, "turned.jpg"));
	test_clock_advance(&w.t.clock, MS_PER_MINUTE);
	ask(&w, path, "", &reply);
	assert_status(&reply, "200");
}

static enum rc block_job(struct db_txn *txn, void *arg UNUSED)
{
	peer_put(txn, &(struct peer){
			      .host = STR("b.example"), .policy = PEER_BLOCKED, .note = STR("") });
	return db_txn_rc(txn);
}

static void s030_a_blocked_host_is_not_asked(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	struct status s = remote_post(&w);
	struct str path = path_of(media_attachment_url(w.media, w.t.arena, &s, 0));
	test_fetch_answer(w.net, PICTURE_URL, 200, "image/jpeg", fixture(&w, "turned.jpg"));
	test_db_write(&w.t, block_job, NULL);
	ask(&w, path, "", &reply);
	assert_status(&reply, "404");
	assert_int_equal(test_fetch_count(w.net), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_ready_when_its_sender_is_answered),
		cmocka_unit_test(an_avatar_has_its_shape),
		cmocka_unit_test(what_is_refused_leaves_nothing),
		cmocka_unit_test(a_film_is_made_after_its_sender_is_answered),
		cmocka_unit_test(a_film_is_made_after_a_crash),
		cmocka_unit_test(a_film_that_was_being_made_is_made_after_the_next_start),
		cmocka_unit_test(s078_files_go_with_their_last_medium),
		cmocka_unit_test(files_without_a_record_go_at_the_start),
		cmocka_unit_test(s092_files_are_served_as_nothing_that_runs),
		cmocka_unit_test(s046_names_are_no_paths),
		cmocka_unit_test(another_servers_picture_is_fetched_once),
		cmocka_unit_test(s096_nobody_makes_up_an_address),
		cmocka_unit_test(what_is_no_picture_is_not_shown_and_not_asked_for_again),
		cmocka_unit_test(s030_a_blocked_host_is_not_asked),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
