/* The running part as its callers see it: uploads become records and files, nobody's files go. */
#include "mediakit.h"

#include <poll.h>
#include <unistd.h>

#include "store/tables.h"

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

/* As the command line has it: on this thread, films too, and read again byte for byte. */
static void media_are_taken_and_read_without_workers(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(1 << 20),
			 small CLEANUP(buf_free) = BUF_INIT(10);
	world_init(&w);
	struct media_upload order = { .owner = w.alice.id,
				      .bytes = fixture(&w, "sound.ogg"),
				      .description = STR("") };
	struct ctx ctx = { .arena = w.t.arena };
	struct err err = { 0 };
	uint64_t id;
	assert_int_equal(media_take(w.media, &ctx, &order, &id), RC_OK);
	struct medium m = medium_of(&w, id);
	assert_int_equal(m.state, MEDIUM_READY);
	assert_int_equal(media_read(w.media, &err, &m.file, &bytes), RC_OK);
	assert_int_equal(bytes.len, m.file.bytes);
	assert_int_equal(media_read(w.media, &err, &m.file, &small), RC_TOO_LARGE);
	m.file.digest.bytes[0] ^= 1;
	assert_int_equal(media_read(w.media, &err, &m.file, &bytes), RC_NOT_FOUND);
	order.bytes = STR("no picture");
	assert_int_equal(media_take(w.media, &ctx, &order, &id), RC_UNSUPPORTED);
	assert_int_equal(id, 0);
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

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_picture_is_ready_when_its_sender_is_answered),
		cmocka_unit_test(media_are_taken_and_read_without_workers),
		cmocka_unit_test(an_avatar_has_its_shape),
		cmocka_unit_test(what_is_refused_leaves_nothing),
		cmocka_unit_test(a_film_is_made_after_its_sender_is_answered),
		cmocka_unit_test(a_film_is_made_after_a_crash),
		cmocka_unit_test(a_film_that_was_being_made_is_made_after_the_next_start),
		cmocka_unit_test(s078_files_go_with_their_last_medium),
		cmocka_unit_test(files_without_a_record_go_at_the_start),
	};
	if (argc > 1 && strcmp(argv[1], MEDIA_HELPER) == 0)
		return media_helper_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
