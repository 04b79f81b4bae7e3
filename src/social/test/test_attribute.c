/* Joining by attribute: who is let in at once, who may ask, who is out again and when; what is inherited. */
#include "communitykit.h"
#include "social/attribute.h"
#include "social/community_words.h"
#include "social/mail.h"

#define DAY MS_PER_DAY

struct call {
	const struct account *who;
	enum { ADD, REMOVE, REPLACE, END, WALK, EMAIL, MOVE, TERMS, OWN } what;
	struct attribute one;
	const struct attribute *list;
	size_t count;
	uint64_t community, at, parent;
	struct community_words words;
	bool confirmed;
};

static enum rc email(struct social *s, const struct call *c)
{
	struct account_secrets secrets;
	if (!account_secrets_get(s->txn, s->ctx->arena, c->who->id, &secrets))
		return RC_NOT_FOUND;
	secrets.email = STR("bob@Chem.Example.org");
	secrets.confirmed_ms = c->confirmed ? TEST_DB_WALL_MS : 0;
	account_secrets_put(s->txn, c->who->id, &secrets);
	attributes_changed(s, c->who->id);
	return db_txn_rc(s->txn);
}

static enum rc settings(struct social *s, const struct call *c)
{
	struct community next;
	if (!community_get(s->txn, s->ctx->arena, c->community, &next))
		return RC_NOT_FOUND;
	enum rc rc = c->what == TERMS ? community_words_apply(s->ctx, &c->words, &next) : RC_OK;
	if (c->what == MOVE)
		next.parent = c->parent;
	return rc == RC_OK ? community_change(s, NULL, &next) : rc;
}

static enum rc run(struct social *s, void *arg)
{
	struct call *c = arg;
	struct attribute_job job = { .community = c->community,
				     .account = c->what == END ? c->who->id : 0,
				     .at = c->at };
	switch (c->what) {
	case ADD:
		return attribute_add(s, c->who->id, &c->one);
	case REMOVE:
		return attribute_remove(s, c->who->id, c->one.name, c->one.value);
	case REPLACE:
		return attributes_replace(s, c->who->id, ATTRIBUTE_BY_OPERATOR, c->list, c->count);
	case END:
	case WALK:
		return attribute_job_step(s, &job, STR_NONE);
	case EMAIL:
		return email(s, c);
	case MOVE:
	case TERMS:
		return settings(s, c);
	case OWN:
		return community_appoint(s, NULL, c->community, c->who->id, COMMUNITY_OWNER);
	}
	return RC_UNSUPPORTED;
}

static enum rc call(struct scene *w, struct call c)
{
	return test_store_try(&w->t, run, &c);
}

static enum rc add(struct scene *w, const struct account *who, const char *name, const char *value)
{
	return call(w, (struct call){ .who = who,
				      .what = ADD,
				      .one = { .name = str_of(name),
					       .value = str_of(value),
					       .source = ATTRIBUTE_BY_OPERATOR } });
}

static enum rc lose(struct scene *w, const struct account *who, const char *name, const char *value)
{
	return call(w, (struct call){ .who = who,
				      .what = REMOVE,
				      .one = { .name = str_of(name), .value = str_of(value) } });
}

static uint64_t ends(struct scene *w, const struct account *who)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct attribute_entry entry;
	uint64_t at =
		attribute_entry_get(txn, w->group.id, who->id, &entry) ? entry.ends_ms : UINT64_MAX;
	db_read_end(&txn);
	return at;
}

static void end_now(struct scene *w, const struct account *who)
{
	uint64_t at = ends(w, who);
	w->t.d.clock.wall_ms = at;
	assert_int_equal(
		call(w,
		     (struct call){ .who = who, .what = END, .community = w->group.id, .at = at }),
		RC_OK);
}

static enum rc terms(struct scene *w, const char *const *conditions, size_t count,
		     const char *match, const char *others)
{
	struct str list[4];
	for (size_t i = 0; i < count; i++)
		list[i] = str_of(conditions[i]);
	return call(w, (struct call){ .what = TERMS,
				      .community = w->group.id,
				      .words = { .join = STR("attribute"),
						 .conditions = { list, count, true },
						 .match = str_of(match),
						 .others = str_of(others),
						 .grace = STR("3") } });
}

static const char *const chemists[] = { "department=chemistry", "status=guest" };

static void scene_open(struct scene *w, const char *match, const char *others)
{
	scene_init(w, &(struct community){ .given = 0 });
	assert_int_equal(terms(w, chemists, 2, match, others), RC_OK);
}

static void who_meets_the_terms_is_in_at_once(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(scene_join(&w, &w.bob), RC_DENIED);
	assert_int_equal(add(&w, &w.bob, "department", "physics"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_DENIED);
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_EXISTS);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_true(scene_stand(&w, &w.bob).member);
	/* nobody elsewhere has any */
	assert_int_equal(scene_join(&w, &w.dave), RC_DENIED);
	assert_int_equal(add(&w, &w.dave, "department", "chemistry"), RC_NOT_FOUND);
	assert_int_equal(add(&w, &w.group, "department", "chemistry"), RC_NOT_FOUND);
}

static void all_of_them_or_others_may_ask(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "all", "request");
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_false(scene_stand(&w, &w.bob).member);
	assert_int_equal(add(&w, &w.bob, "status", "guest"), RC_OK);
	/* asked again, they are in */
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_true(scene_stand(&w, &w.bob).member);
	/* who was let in by a moderator is in by no attribute, and stays */
	assert_int_equal(scene_join(&w, &w.carol), RC_OK);
	assert_int_equal(
		scene_act(&w,
			  (struct job){ .what = ADMIT, .actor = &w.alice, .account = w.carol.id }),
		RC_OK);
	assert_true(scene_stand(&w, &w.carol).member);
	assert_int_equal(ends(&w, &w.carol), UINT64_MAX);
}

static void who_loses_it_is_out_when_the_grace_is_over(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(ends(&w, &w.bob), 0);
	assert_int_equal(lose(&w, &w.bob, "department", ""), RC_OK);
	assert_int_equal(lose(&w, &w.bob, "department", ""), RC_NOT_FOUND);
	assert_int_equal(ends(&w, &w.bob), TEST_DB_WALL_MS + 3 * DAY + 1);
	assert_true(scene_stand(&w, &w.bob).member);
	/* got back in time, the job finds nothing to do */
	uint64_t stale = ends(&w, &w.bob);
	assert_int_equal(add(&w, &w.bob, "status", "guest"), RC_OK);
	assert_int_equal(ends(&w, &w.bob), 0);
	w.t.d.clock.wall_ms = stale;
	assert_int_equal(call(&w, (struct call){ .who = &w.bob,
						 .what = END,
						 .community = w.group.id,
						 .at = stale }),
			 RC_OK);
	assert_true(scene_stand(&w, &w.bob).member);
	assert_int_equal(call(&w, (struct call){ .who = &w.bob, .what = REPLACE }), RC_OK);
	end_now(&w, &w.bob);
	assert_false(scene_stand(&w, &w.bob).member);
	assert_int_equal(ends(&w, &w.bob), UINT64_MAX);
	assert_int_equal(scene_join(&w, &w.bob), RC_DENIED);
}

static struct notice newest(struct scene *w, const struct account *who)
{
	struct notice list[16] = { { .id = 0 } };
	test_store_notices(&w->t, who->id, list, ARRAY_LEN(list));
	return list[0];
}

/* What would be written of it just now; absent: nothing. */
static struct str letter_of(struct scene *w, uint64_t at, enum membership_news news)
{
	const struct attribute_job job = {
		.community = w->group.id, .account = w->bob.id, .at = at, .news = news
	};
	struct db_txn *txn = test_store_read(&w->t);
	struct letter letter = { .text = STR_NONE };
	struct ctx ctx = { .arena = w->t.d.arena };
	enum rc rc = attribute_letter(&ctx, txn, &w->t.site, &job, &letter);
	db_read_end(&txn);
	assert_true(rc == RC_OK || rc == RC_NOT_FOUND);
	return rc == RC_OK ? letter.text : STR_NONE;
}

static bool says(struct scene *w, uint64_t at, enum membership_news news, const char *words)
{
	return str_contains(letter_of(w, at, news), str_of(words));
}

static void a_member_hears_when_it_ends_and_when_it_does_not(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(call(&w, (struct call){ .who = &w.bob, .what = EMAIL, .confirmed = true }),
			 RC_OK);
	assert_int_equal(lose(&w, &w.bob, "department", ""), RC_OK);
	const uint64_t at = ends(&w, &w.bob);
	struct notice n = newest(&w, &w.bob);
	assert_int_equal(n.kind, NOTICE_MEMBERSHIP);
	assert_int_equal(n.from, w.group.id);
	assert_int_equal(n.about, at);
	assert_true(says(&w, at, MEMBERSHIP_ENDING, "your membership ends on "));
	assert_null(letter_of(&w, 0, MEMBERSHIP_GOES_ON).ptr);
	assert_null(letter_of(&w, at, MEMBERSHIP_ENDED).ptr);
	/* as it was: the newest word is that it goes on, and the letter of before is not sent */
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	n = newest(&w, &w.bob);
	assert_int_equal(n.kind, NOTICE_MEMBERSHIP);
	assert_int_equal(n.about, 0);
	assert_null(letter_of(&w, at, MEMBERSHIP_ENDING).ptr);
	assert_true(says(&w, 0, MEMBERSHIP_GOES_ON, "does not end"));
	w.t.d.clock.wall_ms += DAY;
	assert_int_equal(lose(&w, &w.bob, "department", ""), RC_OK);
	const uint64_t later = ends(&w, &w.bob);
	assert_int_equal(later, at + DAY);
	end_now(&w, &w.bob);
	n = newest(&w, &w.bob);
	assert_int_equal(n.kind, NOTICE_MEMBERSHIP);
	assert_int_equal(n.about, later);
	/* it was over by then */
	assert_true(n.about <= n.id >> 16);
	assert_true(says(&w, later, MEMBERSHIP_ENDED, "no member of "));
}

static void without_a_grace_only_the_end_is_told(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct str list[] = { STR("department=chemistry") };
	scene_open(&w, "any", "no");
	assert_int_equal(call(&w, (struct call){ .what = TERMS,
						 .community = w.group.id,
						 .words = { .join = STR("attribute"),
							    .conditions = { list, 1, true },
							    .match = STR("any"),
							    .others = STR("no"),
							    .grace = STR("0") } }),
			 RC_OK);
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	const uint64_t before = newest(&w, &w.bob).id;
	assert_int_equal(lose(&w, &w.bob, "department", ""), RC_OK);
	assert_int_equal(newest(&w, &w.bob).id, before);
	end_now(&w, &w.bob);
	assert_int_equal(newest(&w, &w.bob).kind, NOTICE_MEMBERSHIP);
}

static void jobs_of_before_are_read(void **state UNUSED)
{
	struct buf now CLEANUP(buf_free) = BUF_INIT(64), before CLEANUP(buf_free) = BUF_INIT(64);
	const struct attribute_job job = {
		.community = 5, .account = 6, .at = 7, .news = MEMBERSHIP_GOES_ON
	};
	struct attribute_job out;
	attribute_job_encode(&now, &job);
	assert_true(attribute_job_decode(buf_str(&now), &out));
	assert_int_equal(out.news, MEMBERSHIP_GOES_ON);
	for (size_t n = 0; n < now.len; n++)
		assert_false(attribute_job_decode(str_take(buf_str(&now), n), &out));
	/* version 1 ended before the news */
	buf_add_chr(&before, 1);
	buf_add(&before, str_n(now.ptr + 1, now.len - 2));
	assert_true(attribute_job_decode(buf_str(&before), &out));
	assert_true(out.community == 5 && out.account == 6 && out.at == 7);
	assert_int_equal(out.news, MEMBERSHIP_NO_NEWS);
}

/* What is taken back is read as what was given: in lower case, without blanks, with one value or all. */
static void what_is_taken_back_is_read_as_what_was_given(void **state UNUSED)
{
	static const struct {
		const char *name, *value, *read_name, *read_value;
	} rows[] = { { " Department ", "", "department", "" },
		     { "DEPARTMENT", " Chemistry ", "department", "Chemistry" },
		     /* NFC, as text_clean() keeps values */
		     { "city", "Ko\xCC\x88ln", "city", "K\xC3\xB6ln" } };
	struct scene w CLEANUP(scene_free);
	struct attribute a;
	scene_open(&w, "any", "no");
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = w.t.d.arena };
		assert_int_equal(
			attribute_read_part(&ctx, str_of(rows[i].name), str_of(rows[i].value), &a),
			RC_OK);
		assert_str_eq(a.name, str_of(rows[i].read_name));
		assert_str_eq(a.value, str_of(rows[i].read_value));
	}
	struct ctx ctx = { .arena = w.t.d.arena };
	assert_int_equal(attribute_read_part(&ctx, STR("2"), STR(""), &a), RC_INVALID);
	assert_int_equal(attribute_read(&ctx, STR("city"), STR(""), &a), RC_INVALID);
}

static void an_owner_is_never_out(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(add(&w, &w.bob, "status", "guest"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(lose(&w, &w.bob, "status", "guest"), RC_OK);
	assert_int_equal(
		call(&w, (struct call){ .who = &w.bob, .what = OWN, .community = w.group.id }),
		RC_OK);
	end_now(&w, &w.bob);
	assert_true(scene_stand(&w, &w.bob).member);
}

static void the_confirmed_address_is_an_attribute(void **state UNUSED)
{
	static const char *const domain[] = { "email-domain=chem.example.org" };
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(terms(&w, domain, 1, "any", "no"), RC_OK);
	/* nobody says so; it follows */
	assert_int_equal(add(&w, &w.bob, "email-domain", "chem.example.org"), RC_INVALID);
	assert_int_equal(call(&w, (struct call){ .who = &w.bob, .what = EMAIL }), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_DENIED);
	assert_int_equal(call(&w, (struct call){ .who = &w.bob, .what = EMAIL, .confirmed = true }),
			 RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(call(&w, (struct call){ .who = &w.bob, .what = EMAIL }), RC_OK);
	assert_true(ends(&w, &w.bob) != 0);
}

static void terms_change_for_all_who_are_in_by_them(void **state UNUSED)
{
	static const char *const guests[] = { "status=guest" };
	struct scene w CLEANUP(scene_free);
	scene_open(&w, "any", "no");
	assert_int_equal(add(&w, &w.bob, "department", "chemistry"), RC_OK);
	assert_int_equal(scene_join(&w, &w.bob), RC_OK);
	assert_int_equal(terms(&w, guests, 1, "any", "no"), RC_OK);
	const struct call walk = { .what = WALK, .community = w.group.id };
	assert_int_equal(call(&w, walk), RC_OK);
	assert_true(ends(&w, &w.bob) != 0);
	/* where one joins in another way, it holds */
	assert_int_equal(call(&w, (struct call){ .what = TERMS,
						 .community = w.group.id,
						 .words = { .join = STR("open") } }),
			 RC_OK);
	assert_int_equal(call(&w, walk), RC_OK);
	assert_int_equal(ends(&w, &w.bob), 0);
	/* what is said badly changes nothing */
	static const char *const bad[] = { "status" };
	assert_int_equal(terms(&w, bad, 1, "any", "no"), RC_INVALID);
	assert_int_equal(terms(&w, guests, 0, "any", "no"), RC_INVALID);
	assert_int_equal(terms(&w, guests, 1, "some", "no"), RC_INVALID);
	assert_int_equal(terms(&w, guests, 1, "any", "yes"), RC_INVALID);
}

static const struct account_secrets no_secrets = { .key_count = 0 };

static enum rc make_child(struct social *s, void *arg)
{
	struct scene *w = arg;
	const struct new_account account = { .username = STR("course"),
					     .display_name = STR("Course"),
					     .note = STR("") };
	struct community settings = { .kind = STR(""), .parent = w->group.id };
	struct account made;
	enum rc rc = community_create(s, NULL, &account, &no_secrets, &settings, &made);
	w->settings.id = settings.id;
	return rc;
}

/* What a parent changes is in the documents of those below, which peers and caches have. */
static void documents_of_children_are_made_anew(void **state UNUSED)
{
	struct scene w CLEANUP(scene_free);
	struct federate jobs[16];
	bool told = false;
	scene_init(&w, &(struct community){ .given = 0 });
	test_store_write(&w.t, make_child, &w);
	const uint64_t before = test_store_account(&w.t, w.settings.id).updated_ms;
	test_store_forget_jobs(&w.t);
	w.t.d.clock.wall_ms += 5000;
	struct str rules[] = { STR("Be kind") };
	assert_int_equal(call(&w, (struct call){ .what = TERMS,
						 .community = w.group.id,
						 .words = { .rules = { rules, 1, true } } }),
			 RC_OK);
	assert_true(scene_run_jobs(&w) != 0);
	assert_true(test_store_account(&w.t, w.settings.id).updated_ms > before);
	size_t n = test_store_jobs(&w.t, jobs, ARRAY_LEN(jobs));
	for (size_t i = 0; i < n && i < ARRAY_LEN(jobs); i++)
		told |= jobs[i].what == FEDERATE_ACTOR && jobs[i].actor == w.settings.id;
	assert_true(told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_meets_the_terms_is_in_at_once),
		cmocka_unit_test(all_of_them_or_others_may_ask),
		cmocka_unit_test(who_loses_it_is_out_when_the_grace_is_over),
		cmocka_unit_test(a_member_hears_when_it_ends_and_when_it_does_not),
		cmocka_unit_test(without_a_grace_only_the_end_is_told),
		cmocka_unit_test(jobs_of_before_are_read),
		cmocka_unit_test(what_is_taken_back_is_read_as_what_was_given),
		cmocka_unit_test(an_owner_is_never_out),
		cmocka_unit_test(the_confirmed_address_is_an_attribute),
		cmocka_unit_test(terms_change_for_all_who_are_in_by_them),
		cmocka_unit_test(documents_of_children_are_made_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
