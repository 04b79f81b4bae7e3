/* Communities over HTTP: as every app of Mastodon sees them, by their own API, and to whom nothing of them
 * is told. */
#include "../community_int.h"
#include "clubkit.h"
#include "social/board.h"

/* --- its own API --- */

static void communities_are_made_and_found(void **state)
{
	struct scene *s = *state;
	make(s, "\"kind\":\"course\",\"tags\":[\"Moss\"],\"rules\":[\"Be "
		"kind\"],\"flairs\":[\"Question=#3366cc\"]");
	struct answer a = get(s, s->alice_token, BASE "/:id", 0);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "name"), STR("botany"));
	assert_str_eq(answer_str(&a, "settings.kind"), STR("course"));
	assert_str_eq(answer_str(&a, "settings.join"), STR("open"));
	assert_str_eq(jr_str(jr_at(answer_at(&a, "tags"), 0)), STR("Moss"));
	assert_str_eq(answer_str(&a, "own.role"), STR("owner"));
	assert_int_equal(answer_num(&a, "members_count"), 1);
	assert_int_equal(jr_count(answer_at(&a, "settings.rules")), 1);
	assert_int_equal(jr_count(answer_at(&a, "settings.flairs")), 1);
	a = ask(s, "PATCH", s->alice_token, BASE "/:id", 0, "{\"join\":\"request\"}");
	assert_int_equal(jr_count(answer_at(&a, "settings.rules")), 1);
	a = get(s, STR_NONE, BASE "?q=bot", 0);
	assert_int_equal(count(&a), 1);
	a = get(s, STR_NONE, BASE "?q=zoo", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, STR_NONE, BASE "/lookup?name=!botany", 0);
	assert_true(answer_id(&a) == s->id);
	a = get(s, STR_NONE, BASE "/lookup?name=nobody", 0);
	assert_int_equal(a.status, 404);
	a = get(s, s->bob_token, BASE "?joined=true", 0);
	assert_int_equal(count(&a), 0);
	a = post(s, s->bob_token, BASE, 0, "{\"name\":\"botany\"}");
	assert_int_equal(a.status, 422);
	a = post(s, s->bob_token, BASE, 0, "{\"name\":\"No Name\"}");
	assert_int_equal(a.status, 422);
	a = post(s, s->bob_token, BASE, 0, "{\"name\":\"moss\",\"join\":\"never\"}");
	assert_int_equal(a.status, 422);
	a = post(s, STR_NONE, BASE, 0, "{\"name\":\"moss\"}");
	assert_int_equal(a.status, 401);
}

static void its_owner_changes_it(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	const char *change = "{\"title\":\"Plants\",\"description\":\"All of them\",\"join\":"
			     "\"request\",\"slow_seconds\":\"30\"}";
	struct answer a = ask(s, "PATCH", s->bob_token, BASE "/:id", 0, change);
	assert_int_equal(a.status, 403);
	a = ask(s, "PATCH", s->alice_token, BASE "/:id", 0, change);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "title"), STR("Plants"));
	assert_str_eq(answer_str(&a, "settings.join"), STR("request"));
	assert_int_equal(answer_num(&a, "settings.slow_seconds"), 30);
	a = ask(s, "DELETE", s->bob_token, BASE "/:id", 0, NULL);
	assert_int_equal(a.status, 403);
	a = ask(s, "DELETE", s->alice_token, BASE "/:id", 0, NULL);
	assert_int_equal(a.status, 200);
	a = get(s, s->alice_token, BASE "/:id", 0);
	assert_int_equal(a.status, 404);
}

static void people_come_by_invitation(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"invitation\"");
	struct answer a = post(s, s->bob_token, BASE "/:id/join", 0, NULL);
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"), STR("this community is joined by invitation"));
	a = post(s, s->bob_token, BASE "/:id/invitations", 0, NULL);
	assert_int_equal(a.status, 403);
	a = post(s, s->alice_token, BASE "/:id/invitations", 0,
		 "{\"max_uses\":1,\"expires_in\":3600,\"role\":\"moderator\"}");
	assert_int_equal(a.status, 200);
	struct str url = answer_str(&a, "url");
	assert_true(str_has_prefix(url, STR("https://")));
	const char *body =
		arena_cstr(s->kit->t.d.arena,
			   arena_printf(s->kit->t.d.arena, "{\"code\":\"%.*s\"}", STR_ARG(url)));
	a = api_post(s->kit, s->bob_token, BASE "/join", body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "own.role"), STR("moderator"));
	a = api_post(s->kit, s->carol_token, BASE "/join", body);
	assert_int_equal(a.status, 404);
	a = get(s, s->alice_token, BASE "/:id/invitations", 0);
	assert_int_equal(count(&a), 1);
}

static void roles_and_cards_are_managed(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	struct answer a = post(s, s->alice_token, BASE "/:id/roles", 0,
			       "{\"name\":\"gardener\",\"position\":50,\"permissions\":[\"post\","
			       "\"comment\",\"pin\"]}");
	assert_int_equal(count(&a), 5);
	a = post(s, s->alice_token, BASE "/:id/roles", 0,
		 "{\"name\":\"x\",\"permissions\":[\"fly\"]}");
	assert_int_equal(a.status, 422);
	a = ask(s, "PUT", s->alice_token, BASE "/:id/members/:id/role", s->bob.id,
		"{\"role\":\"gardener\"}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "role.name"), STR("gardener"));
	a = ask(s, "PUT", s->bob_token, BASE "/:id/members/:id/role", s->alice.id,
		"{\"role\":\"member\"}");
	assert_int_equal(a.status, 403);
	a = get(s, s->alice_token, BASE "/:id/members", 0);
	assert_int_equal(count(&a), 2);
	a = get(s, s->carol_token, BASE "/:id/members?staff=true", 0);
	assert_int_equal(count(&a), 2);
	/* strikes are for moderators */
	assert_int_equal(post(s, s->carol_token, BASE "/:id/join", 0, NULL).status, 200);
	a = post(s, s->alice_token, BASE "/:id/members/:id/ban", s->carol.id,
		 "{\"reason\":\"rude\",\"duration\":60}");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "strikes"), 1);
	a = get(s, s->bob_token, BASE "/:id/members/:id", s->carol.id);
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "strikes"), -1);
	assert_int_equal(say(s, s->carol_token, "hello"), 0);
	a = get(s, s->alice_token, BASE "/:id/members?banned=true", 0);
	assert_int_equal(count(&a), 1);
	a = ask(s, "DELETE", s->alice_token, BASE "/:id/members/:id/ban", s->carol.id, NULL);
	assert_int_equal(a.status, 200);
	a = post(s, s->alice_token, BASE "/:id/transfer", 0,
		 text(s, "{\"account_id\":\":id\"}", s->bob.id, 0));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "own.role"), STR("moderator"));
}

#define CROWD 600

struct crowd {
	uint64_t community;
	uint64_t people[CROWD];
};

static enum rc crowd_strike(struct social *s, void *arg)
{
	const struct crowd *c = arg;
	for (size_t i = 0; i < CROWD; i++) {
		const struct community_member m = { .community = c->community,
						    .account = c->people[i],
						    .role = COMMUNITY_MEMBER,
						    .flags = i % 100 == 0 ? COMMUNITY_BANNED : 0,
						    .strikes = 1,
						    .reason = STR(""),
						    .note = STR("") };
		community_member_put(s->txn, &m);
	}
	return db_txn_rc(s->txn);
}

/* Rows of people who had a strike once hide neither who moderates nor who is banned. */
static void who_may_not_vote_hears_why(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	struct answer a = post(s, s->alice_token, BASE "/:id/roles", 0,
			       "{\"name\":\"mute\",\"permissions\":[\"post\"]}");
	assert_int_equal(count(&a), 5);
	a = ask(s, "PUT", s->alice_token, BASE "/:id/members/:id/role", s->bob.id,
		"{\"role\":\"mute\"}");
	assert_int_equal(a.status, 200);
	a = post(s, s->alice_token, "/api/v1/statuses", 0,
		 text(s,
		      "{\"status\":\"which?\",\"group_id\":\":id\",\"poll\":{\"options\":[\"a\","
		      "\"b\"],\"expires_in\":3600}}",
		      s->id, 0));
	assert_int_equal(a.status, 200);
	a = api_post(s->kit, s->bob_token, text(s, "/api/v1/polls/:id/votes", answer_id(&a), 0),
		     "choices[]=0");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"),
		      STR("Validation failed: your role in this community does not let you vote"));
}

static void staff_and_bans_are_listed_whatever_the_crowd(void **state)
{
	struct scene *s = *state;
	static struct crowd c;
	make(s, "\"join\":\"open\"");
	for (unsigned i = 0; i < CROWD; i++) {
		const char *name = arena_printf(s->kit->t.d.arena, "one%u", i).ptr;
		c.people[i] = test_store_remote(&s->kit->t, name, "c.example").id;
	}
	c.community = s->id;
	test_store_write(&s->kit->t, crowd_strike, &c);
	struct account late = test_store_local(&s->kit->t, "late");
	struct str token = apikit_sign_in(s->kit, &late, "read write");
	assert_int_equal(post(s, token, BASE "/:id/join", 0, NULL).status, 200);
	struct answer a = ask(s, "PUT", s->alice_token, BASE "/:id/members/:id/role", late.id,
			      "{\"role\":\"moderator\"}");
	assert_int_equal(a.status, 200);
	a = get(s, STR_NONE, BASE "/:id/members?staff=true", 0);
	assert_int_equal(count(&a), 2);
	a = get(s, s->alice_token, BASE "/:id/members?banned=true&limit=4", 0);
	assert_int_equal(count(&a), 4);
	uint64_t last = 0;
	assert_true(str_to_u64(jr_str(jr_get(jr_get(jr_at(a.json, 3), "account"), "id")), &last));
	a = get(s, s->alice_token, BASE "/:id/members?banned=true&limit=4&max_id=:id", last);
	assert_int_equal(count(&a), 2);
}

static void posts_are_ranked_and_moderated(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\",\"flairs\":[\"Find\"]");
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	uint64_t first = say(s, s->alice_token, "first"), second = say(s, s->bob_token, "second");
	assert_true(first != 0 && second != 0);
	struct answer a = get(s, STR_NONE, BASE "/:id/posts?sort=new", 0);
	assert_int_equal(count(&a), 2);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "id")), str_of(text(s, ":id", second, 0)));
	assert_str_eq(jr_str(jr_get(jr_get(jr_at(a.json, 0), "group"), "username")), STR("botany"));
	a = get(s, STR_NONE, BASE "/:id/posts?sort=new&limit=1", 0);
	assert_true(str_find(answer_header(&a, "Link"), STR("offset=1")) !=
		    answer_header(&a, "Link").len);
	a = post(s, s->bob_token, BASE "/:id/posts/:id/pin", first, NULL);
	assert_int_equal(a.status, 403);
	a = post(s, s->alice_token, BASE "/:id/posts/:id/lock", second, "{\"reason\":\"enough\"}");
	assert_int_equal(a.status, 200);
	assert_true(jr_bool(answer_at(&a, "community.locked"), false));
	assert_str_eq(answer_str(&a, "community.reason"), STR("enough"));
	a = ask(s, "PUT", s->bob_token, BASE "/:id/posts/:id/flair", second, "{\"flair\":1}");
	assert_int_equal(a.status, 422);
	a = post(s, s->alice_token, BASE "/:id/posts/:id/remove", second, NULL);
	assert_int_equal(a.status, 200);
	a = get(s, STR_NONE, BASE "/:id/posts", 0);
	assert_int_equal(count(&a), 1);
	/* what is in another community, or in none, is not there */
	a = post(s, s->alice_token, BASE "/:id/posts/:id/lock", 4711, NULL);
	assert_int_equal(a.status, 404);
}

static void posts_wait_in_a_queue(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\",\"premoderated\":\"true\"");
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	uint64_t id = say(s, s->bob_token, "please");
	struct answer a = get(s, s->bob_token, BASE "/:id/queue", 0);
	assert_int_equal(a.status, 403);
	a = get(s, s->alice_token, BASE "/:id/queue", 0);
	assert_int_equal(count(&a), 1);
	a = api_get(s->kit, s->carol_token, "/api/v1/statuses/%llu", (unsigned long long)id);
	assert_int_equal(a.status, 404);
	struct arena *arena = s->kit->t.d.arena;
	struct str own = arena_printf(arena, "/api/v1/statuses/%llu", (unsigned long long)id);
	a = api_ask(s->kit, "PUT", s->bob_token, arena_cstr(arena, own),
		    "{\"status\":\"buy now\"}");
	assert_int_equal(a.status, 200);
	/* who looked before the edit has not seen this */
	a = post(s, s->alice_token, BASE "/:id/posts/:id/approve", id, NULL);
	assert_int_equal(a.status, 409);
	a = post(s, s->bob_token, BASE "/:id/posts/:id/approve", id, NULL);
	assert_int_equal(a.status, 403);
	a = post(s, s->alice_token, BASE "/:id/posts/:id/approve", id, "{\"edited_at\":\"now\"}");
	assert_int_equal(a.status, 422);
	a = get(s, s->alice_token, BASE "/:id/queue", 0);
	struct str edited = jr_str(jr_get(jr_at(a.json, 0), "edited_at"));
	struct str seen = arena_printf(arena, "{\"edited_at\":\"%.*s\"}", STR_ARG(edited));
	a = post(s, s->alice_token, BASE "/:id/posts/:id/approve", id, arena_cstr(arena, seen));
	assert_int_equal(a.status, 200);
	a = get(s, STR_NONE, BASE "/:id/posts", 0);
	assert_int_equal(count(&a), 1);
}

static void posts_are_carried_across(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	uint64_t id = say(s, s->alice_token, "a find"), botany = s->id;
	struct answer a = api_post(s->kit, s->bob_token, BASE, "{\"name\":\"moss\"}");
	s->id = answer_id(&a);
	a = post(s, s->bob_token, BASE "/:id/cross_posts", 0,
		 text(s, "{\"status_id\":\":id\",\"status\":\"look\"}", id, 0));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "group.username"), STR("moss"));
	struct str content = answer_str(&a, "content");
	assert_true(str_find(content, str_of(text(s, ":id", id, 0))) != content.len);
	/* once, and not into where it is */
	a = post(s, s->bob_token, BASE "/:id/cross_posts", 0,
		 text(s, "{\"status_id\":\":id\"}", id, 0));
	assert_int_equal(a.status, 422);
	assert_true(str_contains(answer_str(&a, "error"), STR("posted across")));
	uint64_t moss = s->id;
	s->id = botany;
	a = post(s, s->bob_token, BASE "/:id/cross_posts", 0,
		 text(s, "{\"status_id\":\":id\"}", id, 0));
	assert_int_equal(a.status, 422);
	s->id = moss;
}

/* --- every app --- */

static void clients_of_mitra_find_groups(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	say(s, s->alice_token, "hello");
	struct answer a = get(s, s->alice_token, "/api/v1/groups/followed", 0);
	assert_int_equal(count(&a), 1);
	assert_true(jr_bool(jr_get(jr_at(a.json, 0), "group"), false));
	a = get(s, s->alice_token, "/api/v1/groups/followed?filter=moderating", 0);
	assert_int_equal(count(&a), 1);
	a = get(s, s->bob_token, "/api/v1/groups/followed", 0);
	assert_int_equal(count(&a), 0);
	a = get(s, STR_NONE, "/api/v1/groups/:id/members", 0);
	assert_int_equal(count(&a), 1);
	assert_str_eq(jr_str(jr_get(jr_at(a.json, 0), "affiliation")), STR("admin"));
	a = get(s, STR_NONE, "/api/v1/timelines/group/:id", 0);
	assert_int_equal(count(&a), 1);
}

static void moderators_hear_of_reports(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	post(s, s->bob_token, BASE "/:id/join", 0, NULL);
	uint64_t id = say(s, s->bob_token, "rubbish");
	struct answer a = api_post(
		s->kit, s->carol_token, "/api/v1/reports",
		text(s, "{\"account_id\":\":id\",\"status_ids\":[\":id\"]}", s->bob.id, id));
	assert_int_equal(a.status, 200);
	a = get(s, s->alice_token, "/api/v1/notifications?types[]=admin.report", 0);
	assert_int_equal(count(&a), 1);
	a = get(s, s->bob_token, "/api/v1/notifications?types[]=admin.report", 0);
	assert_int_equal(count(&a), 0);
}

/* --- to whom nothing is told --- */

/* How many posts an answer shows; none where it is refused. */
static size_t shown(struct scene *s, struct str token, const char *path, uint64_t b)
{
	struct answer a = get(s, token, path, b);
	if (a.status == 401 || a.status == 403 || a.status == 404 || a.status == 422)
		return 0;
	assert_int_equal(a.status, 200);
	return str_find(a.body, STR("sesame")) != a.body.len;
}

static void what_is_not_for_somebody_reaches_them_by_no_way(void **state UNUSED)
{
	static const struct {
		const char *sight;
		bool nobody, stranger, member;
	} kinds[] = { { "public", true, true, true },
		      { "unlisted", true, true, true },
		      { "local", false, true, true },
		      { "members", false, false, true } };
	static const struct {
		const char *path;
		bool by_post; /* the number is the post's, not the community's */
		bool listed;  /* shows only what is listed */
		bool mine;    /* only for who is in it, or not for nobody at all */
	} ways[] = { { BASE "/:id/posts?sort=hot", false, false, false },
		     { BASE "/:id/posts?sort=top&span=day", false, false, false },
		     { "/api/v1/timelines/group/:id", false, false, false },
		     { "/api/v1/accounts/:id/statuses", false, false, false },
		     { "/api/v1/timelines/list/:id", false, false, true },
		     { "/api/v1/timelines/public", false, true, false },
		     { "/api/v1/timelines/tag/secret", false, true, false },
		     { "/api/v2/search?q=sesame&type=statuses", false, true, true },
		     { "/api/v1/statuses/:id", true, false, false } };
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct scene *s;
		scene_begin_here((void **)&s);
		make(s, "\"join\":\"open\"");
		const char *body = arena_cstr(
			s->kit->t.d.arena,
			arena_printf(s->kit->t.d.arena, "{\"sight\":\"%s\"}", kinds[k].sight));
		assert_int_equal(ask(s, "PATCH", s->alice_token, BASE "/:id", 0, body).status, 200);
		assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
		uint64_t id = say(s, s->bob_token, "open sesame #secret");
		assert_true(id != 0);
		for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
			const struct {
				struct str token;
				bool may, in;
			} people[] = { { STR_NONE, kinds[k].nobody, false },
				       { s->carol_token, kinds[k].stranger, false },
				       { s->bob_token, kinds[k].member, true },
				       { s->alice_token, kinds[k].member, true } };
			for (size_t p = 0; p < ARRAY_LEN(people); p++) {
				const char *path = ways[i].path;
				size_t n = ways[i].by_post ? shown(s, people[p].token,
								   text(s, path, id, 0), 0)
							   : shown(s, people[p].token, path, 0);
				if (!people[p].may && n != 0)
					fail_msg("%s tells person %zu what is %s", path, p,
						 kinds[k].sight);
				bool sure = people[p].may && !ways[i].listed && !ways[i].mine;
				if ((sure || (people[p].in && !ways[i].listed)) && n == 0)
					fail_msg("%s does not show person %zu what is %s", path, p,
						 kinds[k].sight);
			}
		}
		scene_end((void **)&s);
	}
}

static void who_is_in_what_is_for_members_is_told_to_them(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\",\"sight\":\"members\"");
	const char *following = text(s, "/api/v1/accounts/:id/following", s->bob.id, 0);
	const struct {
		struct str token;
		size_t told;
	} people[] = {
		{ STR_NONE, 0 }, { s->carol_token, 0 }, { s->alice_token, 1 }, { s->bob_token, 1 }
	};
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	for (size_t i = 0; i < ARRAY_LEN(people); i++) {
		struct answer a = api_ask(s->kit, "GET", people[i].token, following, NULL);
		assert_int_equal(count(&a), people[i].told);
	}
	struct answer a = get(s, s->carol_token, "/api/v1/accounts/:id/followers", 0);
	assert_int_equal(count(&a), 0);
}

static void badges_stand_on_cards(void **state)
{
	struct scene *s = *state;
	make(s, "\"join\":\"open\"");
	const char *card = BASE "/:id/members/:id", *badges = BASE "/:id/members/:id/badges";
	const char *helper = "{\"name\":\"Helper\",\"description\":\"Answers\",\"emoji\":\"*\"}";
	assert_int_equal(post(s, s->bob_token, BASE "/:id/join", 0, NULL).status, 200);
	assert_int_equal(post(s, s->bob_token, BASE "/:id/badges", 0, helper).status, 403);
	assert_int_equal(post(s, s->alice_token, BASE "/:id/badges", 0, "{}").status, 422);
	struct answer a = post(s, s->alice_token, BASE "/:id/badges", 0, helper);
	assert_int_equal(count(&a), 1);
	struct str id = jr_str(jr_get(jr_at(a.json, 0), "id"));
	const char *gift = arena_cstr(
		s->kit->t.d.arena,
		arena_printf(s->kit->t.d.arena,
			     "{\"badge_id\":\"%.*s\",\"reason\":\"for answers\"}", STR_ARG(id)));
	assert_int_equal(post(s, s->bob_token, badges, s->bob.id, gift).status, 403);
	assert_int_equal(post(s, s->alice_token, badges, s->carol.id, gift).status, 404);
	assert_int_equal(post(s, s->alice_token, badges, s->bob.id, "{}").status, 422);
	a = post(s, s->alice_token, badges, s->bob.id, gift);
	assert_int_equal(count(&a), 1);
	a = get(s, s->carol_token, card, s->bob.id);
	assert_int_equal(a.status, 200);
	struct jr award = jr_at(answer_at(&a, "badges"), 0);
	assert_str_eq(jr_str(jr_get(award, "reason")), STR("for answers"));
	assert_str_eq(jr_str(jr_get(jr_get(award, "badge"), "name")), STR("Helper"));
	const char *one =
		arena_cstr(s->kit->t.d.arena, arena_printf(s->kit->t.d.arena, "%s/%.*s", badges,
							   STR_ARG(jr_str(jr_get(award, "id")))));
	assert_int_equal(ask(s, "DELETE", s->carol_token, one, s->bob.id, NULL).status, 403);
	assert_int_equal(ask(s, "DELETE", s->bob_token, one, s->bob.id, NULL).status, 200);
	a = get(s, STR_NONE, badges, s->bob.id);
	assert_int_equal(count(&a), 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_begin_here, scene_end)
	const struct CMUnitTest tests[] = {
		CASE(communities_are_made_and_found),
		CASE(its_owner_changes_it),
		CASE(people_come_by_invitation),
		CASE(roles_and_cards_are_managed),
		CASE(who_may_not_vote_hears_why),
		CASE(staff_and_bans_are_listed_whatever_the_crowd),
		CASE(posts_are_ranked_and_moderated),
		CASE(posts_wait_in_a_queue),
		CASE(posts_are_carried_across),
		CASE(clients_of_mitra_find_groups),
		CASE(moderators_hear_of_reports),
		cmocka_unit_test(what_is_not_for_somebody_reaches_them_by_no_way),
		CASE(badges_stand_on_cards),
		CASE(who_is_in_what_is_for_members_is_told_to_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
