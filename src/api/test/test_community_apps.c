/* Communities in apps that know none: as lists and profiles, in notifications and requests; those of this node
 * and those elsewhere. */
#include "clubkit.h"
#include "social/act.h"
#include "social/community.h"

static void a_community_is_a_list(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	struct answer a =
		post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, "{\"reblogs\":true}");
	assert_int_equal(a.status, 200);
	a = get(s, s->bob_token, "/api/v1/lists", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "title")), STR("Botany"));
	assert_true(jr_bool(jr_get(jr_at(a.json, 0), "exclusive"), false));
	uint64_t id = say(s, s->alice_token, "in the list");
	a = get(s, s->bob_token, "/api/v1/timelines/list/:id", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "id")), str_of(text(s, ":id", id, 0)));
	a = get(s, s->bob_token, "/api/v1/timelines/home", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, s->bob_token, "/api/v1/lists/:id/accounts", 0);
	assert_int_equal(count(&a), 0);
	/* who wants them at home says so */
	a = post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, "{\"reblogs\":true}");
	assert_int_equal(a.status, 200);
	a = get(s, s->bob_token, "/api/v1/lists/:id", 0);
	assert_false(jr_bool(answer_at(&a, "exclusive"), false));
	a = get(s, s->bob_token, "/api/v1/timelines/home", 0);
	assert_int_equal(count(&a), 1);
	a = ask(s, "PUT", s->bob_token, "/api/v1/lists/:id", 0, "{\"title\":\"Mine\"}");
	assert_int_equal(a.status, 422);
	a = post(s, s->bob_token, "/api/v1/lists/:id/accounts", 0,
		 text(s, "{\"account_ids\":[\":id\"]}", s->alice.id, 0));
	assert_int_equal(a.status, 422);
	/* and leaves by deleting it */
	a = ask(s, "DELETE", s->bob_token, "/api/v1/lists/:id", 0, NULL);
	assert_int_equal(a.status, 200);
	a = get(s, s->bob_token, "/api/v1/lists", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, s->bob_token, "/api/v1/timelines/list/:id", 0);
	assert_int_equal(a.status, 404);
	/* the last owner does not */
	a = ask(s, "DELETE", s->alice_token, "/api/v1/lists/:id", 0, NULL);
	assert_int_equal(a.status, 403);
}

static void requests_are_follow_requests(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"request\"");
	struct answer a = post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, NULL);
	assert_true(jr_bool(answer_at(&a, "requested"), false));
	a = get(s, s->carol_token, "/api/v1/follow_requests", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, s->alice_token, "/api/v1/follow_requests", 0);
	assert_int_equal(count(&a), 1);
	a = api_post(s->kit, s->carol_token,
		     text(s, "/api/v1/follow_requests/:id/authorize", s->bob.id, 0), "");
	assert_int_equal(a.status, 404);
	a = api_post(s->kit, s->alice_token,
		     text(s, "/api/v1/follow_requests/:id/authorize", s->bob.id, 0), "");
	assert_int_equal(a.status, 200);
	a = get(s, s->bob_token, "/api/v1/lists", 0);
	assert_int_equal(count(&a), 1);
	post(s, s->carol_token, "/api/v1/accounts/:id/follow", 0, NULL);
	a = get(s, s->alice_token, BASE "/:id/requests", 0);
	assert_int_equal(count(&a), 1);
	a = api_post(s->kit, s->alice_token,
		     text(s, "/api/v1/follow_requests/:id/reject", s->carol.id, 0), "");
	assert_int_equal(a.status, 200);
	a = get(s, s->alice_token, "/api/v1/follow_requests", 0);
	assert_int_equal(count(&a), 0);
}

/* The newest of the notifications with the type; how many there are. */
static struct jr told(struct scene *s, struct str token, const char *type, size_t *n)
{
	struct answer a = get(s, token, "/api/v1/notifications", 0);
	struct jr first = { 0 };
	*n = 0;
	for (size_t i = 0; i < count(&a); i++) {
		struct jr one = jr_at(a.json, i);
		if (!str_eq(jr_str(jr_get(one, "type")), str_of(type)))
			continue;
		if ((*n)++ == 0)
			first = one;
	}
	return first;
}

static bool relation(struct scene *s, struct str token, uint64_t to, const char *name)
{
	struct answer a = api_ask(s->kit, "GET", token,
				  text(s, "/api/v1/accounts/relationships?id[]=:id", to, 0), NULL);
	return jr_bool(jr_get(jr_at(a.json, 0), name), false);
}

/* One asks two communities and the person who tends both; each answer is about one of them. */
static void requests_say_what_is_asked(void **state)
{
	struct scene *s = *state;
	size_t n;
	make(s, "\"join\":\"request\"");
	struct answer a =
		api_post(s->kit, s->alice_token, BASE, "{\"name\":\"moss\",\"join\":\"request\"}");
	uint64_t moss = answer_id(&a);
	/* carol looks after both, too */
	const uint64_t both[] = { s->id, moss };
	for (size_t i = 0; i < 2; i++) {
		api_post(s->kit, s->carol_token, text(s, "/api/v1/accounts/:id/follow", both[i], 0),
			 "");
		api_post(s->kit, s->alice_token,
			 text(s, BASE "/:id/requests/:id/authorize", both[i], s->carol.id), "");
		a = api_ask(s->kit, "PUT", s->alice_token,
			    text(s, BASE "/:id/members/:id/role", both[i], s->carol.id),
			    "{\"role\":\"moderator\"}");
		assert_int_equal(a.status, 200);
		api_post(s->kit, s->bob_token, text(s, "/api/v1/accounts/:id/follow", both[i], 0),
			 "");
	}
	told(s, s->carol_token, "follow_request", &n);
	assert_int_equal(n, 2);
	struct jr one = told(s, s->alice_token, "follow_request", &n);
	assert_int_equal(n, 2); /* what carol had asked is answered */
	assert_str_eq(jr_str(jr_get(jr_get(one, "group"), "username")), STR("moss"));
	assert_true(relation(s, s->alice_token, s->bob.id, "requested_by"));
	assert_false(relation(s, s->bob_token, s->alice.id, "requested_by"));
	/* the oldest community first */
	a = get(s, s->alice_token, "/api/v1/follow_requests", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_get(jr_at(a.json, 0), "requested_group"), "username")),
		      STR("botany"));
	a = api_post(s->kit, s->alice_token,
		     text(s, "/api/v1/follow_requests/:id/authorize", s->bob.id, 0), "");
	assert_true(jr_bool(answer_at(&a, "followed_by"), false));
	assert_true(jr_bool(answer_at(&a, "requested_by"), false));
	told(s, s->alice_token, "follow_request", &n);
	assert_int_equal(n, 1);
	told(s, s->carol_token, "follow_request", &n);
	assert_int_equal(n, 1);
	/* or the one that is named, for which he asks; a member is not put out by it */
	a = api_post(s->kit, s->carol_token,
		     text(s, "/api/v1/follow_requests/:id/reject", s->bob.id, 0),
		     text(s, "{\"group_id\":\":id\"}", s->id, 0));
	assert_int_equal(a.status, 404);
	a = api_post(s->kit, s->carol_token,
		     text(s, "/api/v1/follow_requests/:id/reject", s->bob.id, 0),
		     text(s, "{\"group_id\":\":id\"}", moss, 0));
	assert_int_equal(a.status, 200);
	assert_false(jr_bool(answer_at(&a, "followed_by"), true));
	assert_false(relation(s, s->alice_token, s->bob.id, "requested_by"));
	assert_false(relation(s, s->alice_token, s->bob.id, "followed_by"));
	told(s, s->alice_token, "follow_request", &n);
	assert_int_equal(n, 0);
	/* who asks again is heard again */
	api_post(s->kit, s->bob_token, text(s, "/api/v1/accounts/:id/follow", moss, 0), "");
	told(s, s->carol_token, "follow_request", &n);
	assert_int_equal(n, 1);
}

/* Whoever follows a moderator asks the community all the same. */
static void followers_of_moderators_are_let_in(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"request\"");
	struct answer a = api_post(s->kit, s->bob_token,
				   text(s, "/api/v1/accounts/:id/follow", s->alice.id, 0), "");
	assert_true(jr_bool(answer_at(&a, "following"), false));
	a = post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, NULL);
	assert_true(jr_bool(answer_at(&a, "requested"), false));
	a = api_post(s->kit, s->alice_token,
		     text(s, "/api/v1/follow_requests/:id/authorize", s->bob.id, 0), "");
	assert_int_equal(a.status, 200);
	a = get(s, s->bob_token, "/api/v1/lists", 0);
	assert_int_equal(count(&a), 1);
}

/* A group of another host, as it tells of itself. */
struct elsewhere {
	struct account club, dan;
	uint64_t thread, moderator;
	struct status *fair;
	enum club_act { CLUB_MAKE, CLUB_FAIR, CLUB_TELL, CLUB_PIN, CLUB_REMOVE, CLUB_APPOINT } what;
};

static enum rc elsewhere_job(struct social *s, void *arg)
{
	struct elsewhere *e = arg;
	struct status status;
	switch (e->what) {
	case CLUB_MAKE:
		e->club.kind = ACCOUNT_GROUP;
		return account_put(s->txn, s->ctx->arena, &e->club) ? RC_OK : RC_NO_MEMORY;
	case CLUB_FAIR:
		return act_receive_post(s, &e->dan, e->fair);
	case CLUB_TELL:
		assert_true(status_get(s->txn, s->ctx->arena, e->thread, &status));
		community_tells(s, e->club.id, &status);
		return community_announced(s, &e->club, &status, STR("https://c.example/a/1"));
	case CLUB_PIN:
		return community_moderated(s, e->club.id, e->thread, COMMUNITY_ACT_PIN, STR(""));
	case CLUB_REMOVE:
		return community_moderated(s, e->club.id, e->thread, COMMUNITY_ACT_REMOVE,
					   STR("off topic"));
	case CLUB_APPOINT:
		return community_told_moderator(s, e->club.id, e->moderator, true);
	}
	return RC_UNSUPPORTED;
}

static void club_does(struct scene *s, struct elsewhere *e, enum club_act what)
{
	e->what = what;
	test_store_write(&s->kit->t, elsewhere_job, e);
}

static void a_group_elsewhere_is_seen_like_one_of_here(void **state)
{
	struct scene *s = *state;
	struct elsewhere e = { .club = test_store_remote(&s->kit->t, "club", "c.example"),
			       .dan = test_store_remote(&s->kit->t, "dan", "c.example"),
			       .moderator = s->alice.id };
	size_t n;
	struct str topics[] = { STR("Moss") };
	e.club.topics = topics;
	e.club.topic_count = ARRAY_LEN(topics);
	club_does(s, &e, CLUB_MAKE);
	s->id = e.club.id;
	post(s, s->alice_token, "/api/v1/accounts/:id/follow", 0, NULL);
	post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, NULL);
	test_store_follow(&s->kit->t, &s->alice, &e.club);
	test_store_follow(&s->kit->t, &s->bob, &e.club);
	struct answer a = post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0,
			       "{\"reblogs\":true,\"notify\":true}");
	assert_true(jr_bool(answer_at(&a, "showing_reblogs"), false));
	e.thread = test_store_post(&s->kit->t, &e.dan, VISIBILITY_PUBLIC, "hi", NULL).id;
	club_does(s, &e, CLUB_TELL);
	club_does(s, &e, CLUB_TELL);
	/* its profile has the thread, not what only says so */
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "id")), str_of(text(s, ":id", e.thread, 0)));
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses?only_media=true", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses?pinned=true", 0);
	assert_int_equal(count(&a), 0);
	/* at home it is where it is wanted, and told where that is */
	a = get(s, s->bob_token, "/api/v1/timelines/home", 0);
	assert_int_equal(count(&a), 1);
	a = get(s, s->alice_token, "/api/v1/timelines/home", 0);
	assert_int_equal(count(&a), 0);
	struct jr one = told(s, s->bob_token, "status", &n);
	assert_int_equal(n, 1);
	assert_str_eq(jr_str(jr_get(jr_get(one, "account"), "username")), STR("club"));
	assert_str_eq(jr_str(jr_get(jr_get(one, "status"), "id")),
		      str_of(text(s, ":id", e.thread, 0)));
	told(s, s->alice_token, "status", &n);
	assert_int_equal(n, 0);
	club_does(s, &e, CLUB_PIN);
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses?pinned=true", 0);
	assert_int_equal(count(&a), 1);
	assert_true(jr_bool(jr_get(jr_get(jr_at(a.json, 0), "community"), "pinned"), false));
	/* who moderates it there does so from here */
	a = get(s, s->alice_token, BASE "/:id", 0);
	assert_str_eq(answer_str(&a, "own.role"), STR("member"));
	assert_str_eq(jr_str(jr_at(answer_at(&a, "tags"), 0)), STR("Moss"));
	a = get(s, s->alice_token, BASE "?moderated=true", 0);
	assert_int_equal(count(&a), 0);
	club_does(s, &e, CLUB_APPOINT);
	a = get(s, s->alice_token, BASE "/:id", 0);
	assert_str_eq(answer_str(&a, "own.role"), STR("moderator"));
	assert_int_equal(jr_count(answer_at(&a, "own.permissions")), 6);
	a = get(s, s->alice_token, BASE "?moderated=true", 0);
	assert_int_equal(count(&a), 1);
	a = get(s, s->bob_token, BASE "/:id/members?staff=true", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_get(jr_at(a.json, 0), "role"), "name")), STR("moderator"));
	a = post(s, s->alice_token, BASE "/:id/posts/:id/lock", e.thread, NULL);
	assert_int_equal(a.status, 200);
	/* what it takes out it shows no more */
	club_does(s, &e, CLUB_REMOVE);
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, s->bob_token, "/api/v1/timelines/home", 0);
	assert_int_equal(count(&a), 0);
}

/* Pages of a profile, from its newest post on, until one has no next. */
static size_t read_profile(struct scene *s, uint64_t ids[4])
{
	struct answer a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses", 0);
	size_t n = 0;
	for (int pages = 0; pages < 8; pages++) {
		for (size_t i = 0; i < jr_count(a.json) && n < 4; i++)
			assert_true(str_to_u64(jr_str(jr_get(jr_at(a.json, i), "id")), &ids[n++]));
		struct str link = answer_header(&a, "link");
		size_t at = str_find(link, STR("max_id="));
		if (link.ptr == NULL || at == link.len)
			break;
		struct str rest = str_skip(link, at + 7);
		struct str max = str_take(rest, str_index(rest, '>'));
		a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/statuses?max_id=%.*s",
			    (unsigned long long)s->id, STR_ARG(max));
	}
	return n;
}

/* However much it has boosted between them: what it wrote itself, and threads on both sides of that. */
static void nothing_is_skipped_behind_many_boosts(void **state)
{
	struct scene *s = *state;
	struct elsewhere e = { .club = test_store_remote(&s->kit->t, "club", "c.example"),
			       .dan = test_store_remote(&s->kit->t, "dan", "c.example") };
	uint64_t wanted[3], ids[4];
	club_does(s, &e, CLUB_MAKE);
	s->id = e.club.id;
	e.thread = test_store_post(&s->kit->t, &e.dan, VISIBILITY_PUBLIC, "old", NULL).id;
	club_does(s, &e, CLUB_TELL);
	wanted[2] = e.thread;
	wanted[1] = test_store_post(&s->kit->t, &e.club, VISIBILITY_PUBLIC, "own", NULL).id;
	for (int i = 0; i < 2100; i++)
		test_db_status(&s->kit->t.d, &e.club, 0, e.thread);
	e.thread = test_store_post(&s->kit->t, &e.dan, VISIBILITY_PUBLIC, "new", NULL).id;
	club_does(s, &e, CLUB_TELL);
	wanted[0] = e.thread;
	assert_int_equal(read_profile(s, ids), 3);
	assert_memory_equal(ids, wanted, sizeof(wanted));
}

static void events_elsewhere_are_listed(void **state)
{
	struct scene *s = *state;
	struct elsewhere e = { .club = test_store_remote(&s->kit->t, "club", "c.example"),
			       .dan = test_store_remote(&s->kit->t, "dan", "c.example") };
	club_does(s, &e, CLUB_MAKE);
	s->id = e.club.id;
	struct status fair = { .type = STR("Event"),
			       .title = STR("Fair"),
			       .uri = STR("https://c.example/e/1"),
			       .url = STR(""),
			       .content = html_trusted(STR("<p>Come</p>")),
			       .created_ms = TEST_DB_WALL_MS,
			       .event = { .start_ms = TEST_DB_WALL_MS + MS_PER_DAY } };
	e.fair = &fair;
	club_does(s, &e, CLUB_FAIR);
	e.thread = fair.id;
	struct answer a = get(s, STR_NONE, BASE "/:id/events", 0);
	assert_int_equal(count(&a), 0);
	club_does(s, &e, CLUB_TELL);
	a = get(s, STR_NONE, BASE "/:id/events", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "title")), STR("Fair"));
	/* to hold one there is for its own server */
	a = post(s, s->alice_token, BASE "/:id/events", 0,
		 "{\"title\":\"Tea\",\"starts_at\":\"2023-11-20T18:00:00Z\"}");
	assert_int_equal(a.status, 404);
	a = api_ask(s->kit, "GET", STR_NONE, text(s, BASE "/:id/events", s->bob.id, 0), NULL);
	assert_int_equal(a.status, 404);
}

/* Announcements: first on the profile, until their time is over, and told to who wants to hear. */
static void announcements_stand_first_for_their_time(void **state)
{
	struct scene *s = *state;
	size_t n;
	make(s, "\"join\":\"open\"");
	post(s, s->bob_token, "/api/v1/accounts/:id/follow", 0, "{\"notify\":true}");
	post(s, s->carol_token, "/api/v1/accounts/:id/follow", 0, NULL);
	uint64_t id = say(s, s->alice_token, "hear"), later = say(s, s->bob_token, "own");
	assert_true(id != 0 && later != 0);
	struct jr one = told(s, s->bob_token, "status", &n);
	assert_int_equal(n, 1); /* not of his own */
	assert_str_eq(jr_str(jr_get(jr_get(one, "account"), "username")), STR("botany"));
	told(s, s->carol_token, "status", &n);
	assert_int_equal(n, 0);
	struct answer a =
		post(s, s->alice_token, BASE "/:id/posts/:id/pin", id, "{\"duration\":60}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "community.pinned_until"), STR("2023-11-14T22:14:20.000Z"));
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses?pinned=true", 0);
	assert_int_equal(count(&a), 1);
	s->kit->t.d.clock.wall_ms += 61000;
	a = get(s, STR_NONE, "/api/v1/accounts/:id/statuses?pinned=true", 0);
	assert_int_equal(count(&a), 0);
	a = api_ask(s->kit, "GET", STR_NONE, text(s, "/api/v1/statuses/:id", id, 0), NULL);
	assert_false(jr_bool(answer_at(&a, "community.pinned"), true));
	assert_int_equal(jr_type(answer_at(&a, "community.pinned_until")), JR_NULL);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin_here, scene_end)
	const struct CMUnitTest tests[] = {
		CASE(a_community_is_a_list),
		CASE(requests_are_follow_requests),
		CASE(a_group_elsewhere_is_seen_like_one_of_here),
		CASE(nothing_is_skipped_behind_many_boosts),
		CASE(events_elsewhere_are_listed),
		CASE(announcements_stand_first_for_their_time),
		CASE(requests_say_what_is_asked),
		CASE(followers_of_moderators_are_let_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
