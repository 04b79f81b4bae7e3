/* What communities share: by whom, seen by whom, every version kept, nothing left of what goes. */
#include "communitykit.h"
#include "social/resource.h"
#include "store/medium.h"
#include "store/tables.h"

struct deal {
	struct scene *scene;
	const struct account *actor;
	enum { SHARE, CHANGE_IT, DROP, UPLOAD, CLEAR } what;
	uint64_t id;
	struct resource_version v;
};

static enum rc upload(struct social *s, struct deal *d)
{
	struct medium m = { .owner = d->actor->id,
			    .state = MEDIUM_READY,
			    .file = { .type = STR("image/png"), .bytes = 3, .digest = { { 7 } } },
			    .small = { .type = STR("") },
			    .blurhash = STR(""),
			    .description = STR(""),
			    .reason = STR("") };
	medium_add(s->txn, &m);
	d->v.medium = m.id;
	return db_txn_rc(s->txn);
}

static enum rc run(struct social *s, void *arg)
{
	struct deal *d = arg;
	struct resource r = { .community = d->scene->group.id };
	enum rc rc;
	switch (d->what) {
	case SHARE:
		rc = resource_share(s, d->actor, &r, &d->v);
		d->id = r.id;
		return rc;
	case CHANGE_IT:
		return resource_change(s, d->actor, d->id, &d->v);
	case DROP:
		return resource_drop(s, d->actor, d->id);
	case UPLOAD:
		return upload(s, d);
	case CLEAR:
		while (resources_clear(s->txn, d->scene->group.id, 1) != 0)
			;
		return RC_OK;
	}
	return RC_UNSUPPORTED;
}

static enum rc deal(struct scene *w, struct deal *d)
{
	d->scene = w;
	return test_store_try(&w->t, run, d);
}

static struct deal script(const struct account *actor)
{
	return (struct deal){ .actor = actor,
			      .what = SHARE,
			      .v = { .title = STR(" Script "),
				     .description = STR("All lectures"),
				     .url = STR("https://x.example/script"),
				     .note = STR("") } };
}

static enum rc add(struct scene *w, const struct account *actor, uint64_t *id)
{
	struct deal d = script(actor);
	enum rc rc = deal(w, &d);
	*id = d.id;
	return rc;
}

static struct resource_version version(struct scene *w, uint64_t id, uint32_t number)
{
	struct resource_version v;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(resource_version_get(txn, w->t.d.arena, id, number, &v));
	db_read_end(&txn);
	return v;
}

static bool sees(struct scene *w, const struct account *who)
{
	struct db_txn *txn = test_store_read(&w->t);
	bool yes = resource_may_see(txn, w->group.id, who->id);
	db_read_end(&txn);
	return yes;
}

static void scene_open(struct scene *w)
{
	scene_init(w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
	assert_int_equal(scene_join(w, &w->dave), RC_OK);
}

static void those_who_may_share_and_members_see(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_open(&w);
	assert_int_equal(add(&w, &w.bob, &id), RC_DENIED);
	assert_int_equal(add(&w, &w.carol, &id), RC_NOT_FOUND);
	assert_int_equal(add(&w, &w.alice, &id), RC_OK);
	assert_str_eq(version(&w, id, 1).title, STR("Script"));
	assert_true(sees(&w, &w.alice) && sees(&w, &w.bob));
	/* nor does a member of elsewhere: it never leaves */
	assert_false(sees(&w, &w.carol) || sees(&w, &w.dave));
}

static void every_version_is_kept(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct resource r;
	uint64_t id;
	scene_open(&w);
	assert_int_equal(add(&w, &w.alice, &id), RC_OK);
	struct deal d = script(&w.alice);
	d.what = CHANGE_IT;
	d.id = id;
	d.v.url = STR("https://x.example/script-2");
	d.v.note = STR("Lecture 3");
	w.t.d.clock.wall_ms += 1000;
	assert_int_equal(deal(&w, &d), RC_OK);
	d.actor = &w.bob;
	assert_int_equal(deal(&w, &d), RC_DENIED);
	d.actor = &w.alice;
	d.id = 1;
	assert_int_equal(deal(&w, &d), RC_NOT_FOUND);
	assert_str_eq(version(&w, id, 1).url, STR("https://x.example/script"));
	struct resource_version v = version(&w, id, 2);
	assert_str_eq(v.url, STR("https://x.example/script-2"));
	assert_str_eq(v.note, STR("Lecture 3"));
	assert_true(v.by == w.alice.id && v.at_ms > version(&w, id, 1).at_ms);
	d.id = id;
	for (unsigned i = 2; i < RESOURCE_VERSIONS_MAX; i++) {
		d.v = script(&w.alice).v;
		assert_int_equal(deal(&w, &d), RC_OK);
	}
	d.v = script(&w.alice).v;
	assert_int_equal(deal(&w, &d), RC_TOO_LARGE);
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(resource_get(txn, id, &r));
	assert_int_equal(r.versions, RESOURCE_VERSIONS_MAX);
	db_read_end(&txn);
}

static void what_makes_no_sense_is_not_shared(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w);
	struct deal rows[] = { script(&w.alice), script(&w.alice), script(&w.alice),
			       script(&w.alice), script(&w.alice) };
	rows[0].v.title = STR("  ");
	rows[1].v.url = STR("");
	rows[2].v.url = STR("javascript:alert(1)");
	rows[3].v.medium = 7; /* both */
	rows[4].v.url = STR("");
	rows[4].v.medium = 7; /* there is none */
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(deal(&w, &rows[i]), RC_INVALID);
}

static void files_belong_to_it_and_go_with_it(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct medium m;
	scene_open(&w);
	struct deal d = script(&w.alice), other = script(&w.alice);
	d.what = UPLOAD;
	assert_int_equal(deal(&w, &d), RC_OK);
	d.what = SHARE;
	d.v.url = STR("");
	assert_int_equal(deal(&w, &d), RC_OK);
	/* what one resource holds, another does not get; nor what somebody else has uploaded */
	other.v.url = STR("");
	other.v.medium = d.v.medium;
	assert_int_equal(deal(&w, &other), RC_INVALID);
	other.actor = &w.bob;
	other.what = UPLOAD;
	assert_int_equal(deal(&w, &other), RC_OK);
	other.actor = &w.alice;
	other.what = SHARE;
	assert_int_equal(deal(&w, &other), RC_INVALID);
	struct deal drop = { .actor = &w.bob, .what = DROP, .id = d.id };
	assert_int_equal(deal(&w, &drop), RC_DENIED);
	drop.actor = &w.alice;
	assert_int_equal(deal(&w, &drop), RC_OK);
	assert_int_equal(deal(&w, &drop), RC_NOT_FOUND);
	struct db_txn *txn = test_store_read(&w.t);
	assert_false(medium_get(txn, w.t.d.arena, d.v.medium, &m));
	db_read_end(&txn);
}

static void nothing_is_left_of_a_community_that_goes(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	uint64_t id;
	scene_open(&w);
	assert_int_equal(add(&w, &w.alice, &id), RC_OK);
	assert_int_equal(add(&w, &w.alice, &id), RC_OK);
	struct deal d = { .what = CLEAR };
	assert_int_equal(deal(&w, &d), RC_OK);
	const struct db_table *tables[] = { &store_resource, &store_resource_of,
					    &store_resource_version };
	struct db_txn *txn = test_store_read(&w.t);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct db_iter it CLEANUP(db_iter_close);
		db_iter_open(&it, txn, tables[i], STR(""), DB_FORWARD, STR_NONE);
		assert_false(db_iter_next(&it, NULL, NULL));
	}
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(those_who_may_share_and_members_see),
		cmocka_unit_test(every_version_is_kept),
		cmocka_unit_test(what_makes_no_sense_is_not_shared),
		cmocka_unit_test(files_belong_to_it_and_go_with_it),
		cmocka_unit_test(nothing_is_left_of_a_community_that_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
