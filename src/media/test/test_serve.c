/* What is served: files of ours as nothing that runs, what other servers have fetched once. */
#include "mediakit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "store/peer.h"

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

static void s096_one_address_has_so_many_fetched_and_no_more(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf reply CLEANUP(buf_free) = BUF_INIT(1 << 20);
	world_init(&w);
	w.settings.remote_rate = 2;
	struct status s = remote_post(&w);
	test_fetch_answer(w.net, "*", 200, "image/jpeg", fixture(&w, "turned.jpg"));
	struct str path = path_of(media_attachment_url(w.media, w.t.arena, &s, 0));
	struct digest name = digest_sha256(STR(PICTURE_URL));
	for (unsigned i = 0; i < 2; i++) {
		ask(&w, path, "", &reply);
		assert_status(&reply, "200");
		/* what is kept here counts for nothing */
		ask(&w, path, "", &reply);
		assert_status(&reply, "200");
		assert_int_equal(files_del(&w.media->cached, &name), RC_OK);
	}
	ask(&w, path, "", &reply);
	assert_status(&reply, "429");
	assert_has(&reply, "\r\nRetry-After: 600\r\n");
	assert_int_equal(test_fetch_count(w.net), 2);
	test_clock_advance(&w.t.clock, 10 * MS_PER_MINUTE);
	ask(&w, path, "", &reply);
	assert_status(&reply, "200");
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
		cmocka_unit_test(s092_files_are_served_as_nothing_that_runs),
		cmocka_unit_test(s046_names_are_no_paths),
		cmocka_unit_test(another_servers_picture_is_fetched_once),
		cmocka_unit_test(s096_one_address_has_so_many_fetched_and_no_more),
		cmocka_unit_test(s096_nobody_makes_up_an_address),
		cmocka_unit_test(what_is_no_picture_is_not_shown_and_not_asked_for_again),
		cmocka_unit_test(s030_a_blocked_host_is_not_asked),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
