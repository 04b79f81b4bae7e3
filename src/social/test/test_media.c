/* Media of posts and profiles: held once, by their owner, gone with what held them. */
#include "social/media.h"

#include "core/must.h"
#include "deed.h"
#include "social/account.h"
#include "social/schedule.h"
#include "store/tables.h"

struct world {
	struct test_store t;
	struct account alice, bob;
	unsigned char next; /* digest of the next file */
	/* of the job that runs */
	struct medium m;
	struct draft draft;
	struct media_change change;
	enum medium_use use;
	uint64_t id;
};

static void world_init(struct world *w)
{
	*w = (struct world){ .next = 1 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_local(&w->t, "bob");
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

static enum rc add_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return medium_add(s->txn, &w->m) ? RC_OK : db_txn_rc(s->txn);
}

static uint64_t add(struct world *w, const struct account *owner, const char *type,
		    enum medium_state state)
{
	w->m = (struct medium){
		.owner = owner->id,
		.state = state,
		.file = { str_of(type), { { w->next } }, 1000, 640, 480 },
		.small = { STR("image/jpeg"), { { 100, w->next } }, 100, 64, 48 },
		.has_focus = true,
		.focus_x = 500,
		.focus_y = -250,
		.blurhash = STR("LEHV6nWB2yk8pyo0adR*.7kCMdnj"),
		.description = STR("a cat"),
	};
	w->next++;
	test_store_write(&w->t, add_job, w);
	return w->m.id;
}

static enum rc post_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return act_post(s, &w->draft);
}

static enum rc post(struct world *w, const uint64_t *media, unsigned count)
{
	struct ctx ctx = { .arena = w->t.d.arena };
	w->draft = (struct draft){ .author = w->alice, .media = media, .media_count = count };
	enum rc rc = act_compose(&ctx, &w->t.site, w->t.d.db, NULL, &w->draft);
	return rc == RC_OK ? test_store_try(&w->t, post_job, w) : rc;
}

static uint64_t rows(struct world *w, const struct db_table *table)
{
	return test_store_rows(&w->t, table);
}

static void a_post_shows_its_pictures_in_their_order(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t first = add(&w, &w.alice, "image/png", MEDIUM_READY);
	uint64_t second = add(&w, &w.alice, "image/jpeg", MEDIUM_READY);
	/* without a word */
	assert_int_equal(post(&w, (uint64_t[]){ second, first }, 2), RC_OK);
	struct status s = test_store_status(&w.t, w.draft.status.id);
	assert_int_equal(s.attachment_count, 2);
	const struct status_attachment *a = &s.attachments[0];
	assert_int_equal(a->medium, second);
	assert_int_equal(s.attachments[1].medium, first);
	assert_str_eq(a->url, STR("https://social.example.org/media/files/"
				  "0200000000000000000000000000000000000000000000000000000000000000"
				  ".jpg"));
	assert_str_eq(a->preview, STR("https://social.example.org/media/files/"
				      "6402000000000000000000000000000000000000000000000000000000"
				      "000000.jpg"));
	assert_str_eq(a->media_type, STR("image/jpeg"));
	assert_str_eq(a->description, STR("a cat"));
	assert_str_eq(a->blurhash, STR("LEHV6nWB2yk8pyo0adR*.7kCMdnj"));
	assert_int_equal(a->width, 640);
	assert_int_equal(a->height, 480);
	assert_true(a->has_focus && a->focus_x == 500 && a->focus_y == -250);
	assert_int_equal(rows(&w, &store_medium_open), 0);
	test_store_check(&w.t);
	deed_on_status(&w.t, DO_DELETE, &w.alice, s.id);
	assert_int_equal(rows(&w, &store_medium), 0);
	assert_int_equal(rows(&w, &store_medium_waste), 4);
	test_store_check(&w.t);
}

static void what_cannot_be_attached_leaves_no_post(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t fine = add(&w, &w.alice, "image/png", MEDIUM_READY);
	uint64_t film = add(&w, &w.alice, "video/mp4", MEDIUM_READY);
	uint64_t waiting = add(&w, &w.alice, "video/mp4", MEDIUM_PROCESSING);
	uint64_t failed = add(&w, &w.alice, "video/mp4", MEDIUM_FAILED);
	uint64_t bobs = add(&w, &w.bob, "image/png", MEDIUM_READY);
	uint64_t held = add(&w, &w.alice, "image/png", MEDIUM_READY);
	assert_int_equal(post(&w, &held, 1), RC_OK);
	const struct {
		uint64_t ids[5];
		unsigned count;
		enum rc rc;
	} cases[] = {
		{ { fine, film }, 2, RC_INVALID },
		{ { waiting }, 1, RC_INVALID },
		{ { failed }, 1, RC_INVALID },
		{ { bobs }, 1, RC_INVALID },
		{ { held }, 1, RC_INVALID },
		{ { 4711 }, 1, RC_INVALID },
		{ { fine, fine }, 2, RC_INVALID },
		{ { fine, fine, fine, fine, fine }, 5, RC_INVALID },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(post(&w, cases[i].ids, cases[i].count), cases[i].rc);
		assert_int_equal(rows(&w, &store_status), 1);
	}
	assert_int_equal(post(&w, &film, 1), RC_OK);
	assert_int_equal(post(&w, NULL, 0), RC_INVALID); /* neither words nor pictures */
	test_store_check(&w.t);
}

static enum rc attach_job(struct social *s, void *arg)
{
	struct world *w = arg;
	struct status changed = w->draft.status;
	changed.edited_ms = db_txn_now(s->txn) + 1;
	enum rc rc = media_attach(s, &w->alice, &changed, w->draft.media, w->draft.media_count);
	return rc == RC_OK ? act_edit(s, &w->alice, &changed) : rc;
}

static void an_edit_keeps_takes_and_adds(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t first = add(&w, &w.alice, "image/png", MEDIUM_READY);
	uint64_t second = add(&w, &w.alice, "image/png", MEDIUM_READY);
	uint64_t third = add(&w, &w.alice, "image/png", MEDIUM_READY);
	assert_int_equal(post(&w, (uint64_t[]){ first, second }, 2), RC_OK);
	w.draft.media = (uint64_t[]){ third, second };
	test_store_write(&w.t, attach_job, &w);
	struct status s = test_store_status(&w.t, w.draft.status.id);
	assert_int_equal(s.attachment_count, 2);
	assert_int_equal(s.attachments[0].medium, third);
	assert_int_equal(s.attachments[1].medium, second);
	assert_int_equal(rows(&w, &store_medium_held), 3);
	test_store_check(&w.t);
	deed_on_status(&w.t, DO_DELETE, &w.alice, s.id);
	assert_int_equal(rows(&w, &store_medium), 0);
}

struct later {
	struct world *w;
	struct post_params params;
	struct scheduled made;
};

static enum rc schedule_job(struct social *s, void *arg)
{
	struct later *l = arg;
	return act_schedule(s, &l->w->alice, &l->params, db_txn_now(s->txn) + MS_PER_DAY, &l->made);
}

static enum rc unschedule_job(struct social *s, void *arg)
{
	const struct later *l = arg;
	return act_unschedule(s, &l->w->alice, l->made.id);
}

static enum rc due_job(struct social *s, void *arg)
{
	struct later *l = arg;
	const struct schedule_job job = { l->w->alice.id, l->made.id };
	return act_post_scheduled(s, &job, &l->w->draft);
}

static void a_post_that_is_written_later_holds_its_pictures(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct ctx ctx = { .arena = w.t.d.arena };
	struct later l = { .w = &w, .params = { .text = STR("later"), .media_count = 1 } };
	l.params.media[0] = add(&w, &w.alice, "image/png", MEDIUM_READY);
	test_store_write(&w.t, schedule_job, &l);
	test_store_check(&w.t);
	assert_int_equal(rows(&w, &store_medium_open), 0);
	/* nobody else gets them meanwhile */
	assert_int_equal(post(&w, l.params.media, 1), RC_INVALID);
	test_store_write(&w.t, unschedule_job, &l);
	test_store_check(&w.t);
	assert_int_equal(rows(&w, &store_medium_open), 1);
	test_store_write(&w.t, schedule_job, &l);
	test_clock_advance(&w.t.d.clock, MS_PER_DAY);
	const struct schedule_job job = { w.alice.id, l.made.id };
	struct post_params params;
	assert_int_equal(schedule_compose(&ctx, &w.t.site, w.t.d.db, NULL, &job,
					  w.t.d.clock.wall_ms, &params, &w.draft),
			 RC_OK);
	test_store_write(&w.t, due_job, &l);
	struct status s = test_store_status(&w.t, w.draft.status.id);
	assert_int_equal(s.attachment_count, 1);
	assert_int_equal(s.attachments[0].medium, l.params.media[0]);
	test_store_check(&w.t);
	l.params.media[0] = add(&w, &w.bob, "image/png", MEDIUM_READY);
	assert_int_equal(test_store_try(&w.t, schedule_job, &l), RC_INVALID);
	assert_true(l.made.id != 0);
	test_store_check(&w.t);
}

static enum rc describe_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return media_describe(s, w->alice.id, w->id, &w->change, &w->m);
}

struct dressing {
	struct world *w;
	uint64_t id, thumbnail;
};

static enum rc thumbnail_job(struct social *s, void *arg)
{
	const struct dressing *d = arg;
	return media_take_thumbnail(s, d->w->alice.id, d->id, d->thumbnail);
}

static void another_picture_can_stand_for_a_film(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct medium m;
	world_init(&w);
	struct dressing d = { &w, add(&w, &w.alice, "video/mp4", MEDIUM_READY),
			      add(&w, &w.alice, "image/png", MEDIUM_READY) };
	test_store_write(&w.t, thumbnail_job, &d);
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(medium_get(txn, w.t.d.arena, d.id, &m));
	assert_false(medium_get(txn, w.t.d.arena, d.thumbnail, &(struct medium){ 0 }));
	db_read_end(&txn);
	assert_str_eq(m.file.type, STR("video/mp4"));
	assert_int_equal(m.small.digest.bytes[1], 2);
	test_store_check(&w.t);
	d.thumbnail = add(&w, &w.bob, "image/png", MEDIUM_READY);
	assert_int_equal(test_store_try(&w.t, thumbnail_job, &d), RC_NOT_FOUND);
	d.thumbnail = d.id;
	assert_int_equal(test_store_try(&w.t, thumbnail_job, &d), RC_NOT_FOUND);
}

static enum rc delete_job(struct social *s, void *arg)
{
	struct world *w = arg;
	return media_delete(s, w->alice.id, w->id);
}

static void media_are_described_until_they_are_held(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t bobs = add(&w, &w.bob, "image/png", MEDIUM_READY);
	w.id = add(&w, &w.alice, "image/png", MEDIUM_READY);
	w.change = (struct media_change){ .description = STR("two cats") };
	test_store_write(&w.t, describe_job, &w);
	assert_str_eq(w.m.description, STR("two cats"));
	assert_int_equal(w.m.focus_x, 500);
	w.change = (struct media_change){ .has_focus = true, .focus_x = -1000, .focus_y = 1000 };
	test_store_write(&w.t, describe_job, &w);
	assert_str_eq(w.m.description, STR("two cats"));
	assert_int_equal(w.m.focus_y, 1000);
	w.change.focus_y = 1001;
	assert_int_equal(test_store_try(&w.t, describe_job, &w), RC_INVALID);
	w.change = (struct media_change){ .description = STR("\xff") };
	assert_int_equal(test_store_try(&w.t, describe_job, &w), RC_INVALID);
	w.change = (struct media_change){ .description = STR("x") };
	assert_int_equal(post(&w, &w.id, 1), RC_OK);
	assert_int_equal(test_store_try(&w.t, describe_job, &w), RC_NOT_FOUND);
	assert_int_equal(test_store_try(&w.t, delete_job, &w), RC_CONFLICT);
	w.id = bobs;
	assert_int_equal(test_store_try(&w.t, describe_job, &w), RC_NOT_FOUND);
	assert_int_equal(test_store_try(&w.t, delete_job, &w), RC_NOT_FOUND);
	w.id = add(&w, &w.alice, "image/png", MEDIUM_READY);
	test_store_write(&w.t, delete_job, &w);
	assert_int_equal(test_store_try(&w.t, delete_job, &w), RC_NOT_FOUND);
	test_store_check(&w.t);
}

static enum rc wear_job(struct social *s, void *arg)
{
	struct world *w = arg;
	struct account a;
	must(account_get(s->txn, s->ctx->arena, w->alice.id, &a));
	enum rc rc = media_wear(s, &a, w->use, a.id, w->id);
	return rc == RC_OK ? account_change(s, &a) : rc;
}

static void a_profile_wears_one_picture_of_each_kind(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.use = MEDIUM_HEADER;
	w.id = add(&w, &w.alice, "image/jpeg", MEDIUM_READY);
	test_store_write(&w.t, wear_job, &w);
	for (unsigned i = 0; i < 2; i++) {
		w.use = MEDIUM_AVATAR;
		w.id = add(&w, &w.alice, "image/png", MEDIUM_READY);
		test_store_write(&w.t, wear_job, &w);
		test_store_check(&w.t);
	}
	struct account a = test_store_account(&w.t, w.alice.id);
	assert_str_eq(a.avatar, STR("https://social.example.org/media/files/03000000000000000000000"
				    "00000000000000000000000000000000000000000.png"));
	assert_true(str_has_suffix(a.header, STR(".jpg")));
	assert_int_equal(rows(&w, &store_medium), 2);
	w.id = add(&w, &w.alice, "video/mp4", MEDIUM_READY);
	assert_int_equal(test_store_try(&w.t, wear_job, &w), RC_INVALID);
	w.id = add(&w, &w.bob, "image/png", MEDIUM_READY);
	assert_int_equal(test_store_try(&w.t, wear_job, &w), RC_NOT_FOUND);
	w.id = 0;
	test_store_write(&w.t, wear_job, &w);
	a = test_store_account(&w.t, w.alice.id);
	assert_int_equal(a.avatar.len, 0);
	assert_true(a.header.len != 0);
	test_store_check(&w.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_post_shows_its_pictures_in_their_order),
		cmocka_unit_test(what_cannot_be_attached_leaves_no_post),
		cmocka_unit_test(an_edit_keeps_takes_and_adds),
		cmocka_unit_test(another_picture_can_stand_for_a_film),
		cmocka_unit_test(a_post_that_is_written_later_holds_its_pictures),
		cmocka_unit_test(media_are_described_until_they_are_held),
		cmocka_unit_test(a_profile_wears_one_picture_of_each_kind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
