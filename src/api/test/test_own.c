/* Lists, filters, bookmarks, hashtags, markers, announcements, scheduled posts over HTTP. */
#include <stdio.h>
#include <stdlib.h>

#include "apikit.h"
#include "core/clock.h"
#include "core/date.h"
#include "social/announce.h"
#include "social/schedule.h"

struct scene {
	struct apikit *kit;
	struct account alice, bob;
	struct str alice_token, bob_token;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_local(&s->kit->t, "bob");
	s->alice_token = apikit_sign_in(s->kit, &s->alice, "read write follow");
	s->bob_token = apikit_sign_in(s->kit, &s->bob, "read write follow");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}

/* ":id" in path stands for the id. */
static struct answer ask(struct scene *s, const char *method, struct str token, const char *path,
			 uint64_t id, const char *body)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str whole = str_of(path);
	size_t at = str_find(whole, STR(":id"));
	struct str real = arena_printf(arena, "%.*s%llu%.*s", STR_ARG(str_take(whole, at)),
				       (unsigned long long)id, STR_ARG(str_skip(whole, at + 3)));
	return api_ask(s->kit, method, token, arena_cstr(arena, real), body);
}

static bool is(const struct answer *a, const char *member)
{
	return jr_bool(answer_at(a, member), false);
}

static void a_list_is_made_filled_changed_and_dropped(void **state)
{
	struct scene *s = *state;
	struct answer a =
		api_post(s->kit, s->alice_token, "/api/v1/lists", "title=Friends&exclusive=true");
	uint64_t id = answer_id(&a);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "title"), STR("Friends"));
	assert_str_eq(answer_str(&a, "replies_policy"), STR("list"));
	assert_true(is(&a, "exclusive"));
	char body[64];
	snprintf(body, sizeof(body), "account_ids[]=%llu", (unsigned long long)s->bob.id);
	assert_int_equal(
		ask(s, "POST", s->alice_token, "/api/v1/lists/:id/accounts", id, body).status, 404);
	test_store_follow(&s->kit->t, &s->alice, &s->bob);
	a = ask(s, "POST", s->alice_token, "/api/v1/lists/:id/accounts", id, body);
	assert_str_eq(a.body, STR("{}"));
	a = ask(s, "POST", s->alice_token, "/api/v1/lists/:id/accounts", id, body);
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"),
		      STR("Validation failed: Account has already been taken"));
	a = ask(s, "GET", s->alice_token, "/api/v1/lists/:id/accounts", id, NULL);
	assert_str_eq(answer_str(&a, "0.acct"), STR("bob"));
	a = ask(s, "GET", s->alice_token, "/api/v1/accounts/:id/lists", s->bob.id, NULL);
	assert_int_equal(jr_count(a.json), 1);
	a = ask(s, "PUT", s->alice_token, "/api/v1/lists/:id", id, "replies_policy=none");
	assert_str_eq(answer_str(&a, "replies_policy"), STR("none"));
	assert_str_eq(answer_str(&a, "title"), STR("Friends"));
	/* it is nobody else's */
	assert_int_equal(ask(s, "GET", s->bob_token, "/api/v1/lists/:id", id, NULL).status, 404);
	assert_int_equal(ask(s, "DELETE", s->bob_token, "/api/v1/lists/:id", id, NULL).status, 404);
	assert_int_equal(
		ask(s, "DELETE", s->alice_token, "/api/v1/lists/:id/accounts", id, body).status,
		200);
	assert_int_equal(ask(s, "DELETE", s->alice_token, "/api/v1/lists/:id", id, NULL).status,
			 200);
	assert_str_eq(api_get(s->kit, s->alice_token, "/api/v1/lists").body, STR("[]"));
	a = api_post(s->kit, s->alice_token, "/api/v1/lists", "title=");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"), STR("Validation failed: Title can't be blank"));
	assert_int_equal(
		api_post(s->kit, s->alice_token, "/api/v1/lists", "title=x&replies_policy=y")
			.status,
		422);
}

static void a_filter_marks_what_it_finds(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(
		s->kit, s->alice_token, "/api/v2/filters",
		"title=test&context[]=public&context[]=home&filter_action=hide&expires_in=3600"
		"&keywords_attributes[][keyword]=cat&keywords_attributes[][whole_word]=true"
		"&keywords_attributes[][keyword]=bar&keywords_attributes[][whole_word]=false");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "filter_action"), STR("hide"));
	assert_str_eq(answer_str(&a, "context.0"), STR("home"));
	assert_str_eq(answer_str(&a, "keywords.1.keyword"), STR("bar"));
	assert_true(is(&a, "keywords.0.whole_word") && !is(&a, "keywords.1.whole_word"));
	assert_true(answer_str(&a, "expires_at").len != 0);
	uint64_t id = answer_id(&a);
	struct status post =
		test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "My CAT is here", NULL);
	struct answer seen = ask(s, "GET", s->alice_token, "/api/v1/statuses/:id", post.id, NULL);
	assert_str_eq(answer_str(&seen, "filtered.0.filter.title"), STR("test"));
	assert_str_eq(answer_str(&seen, "filtered.0.keyword_matches.0"), STR("cat"));
	seen = ask(s, "GET", s->bob_token, "/api/v1/statuses/:id", post.id, NULL);
	assert_int_equal(jr_count(answer_at(&seen, "filtered")), 0);
	/* one keyword goes, another is changed, a third is new */
	uint64_t first, second;
	assert_true(str_to_u64(answer_str(&a, "keywords.0.id"), &first));
	assert_true(str_to_u64(answer_str(&a, "keywords.1.id"), &second));
	char body[400];
	snprintf(
		body, sizeof(body),
		"{\"title\":\"other\",\"keywords_attributes\":[{\"id\":\"%llu\",\"_destroy\":true},"
		"{\"id\":\"%llu\",\"keyword\":\"baz\"},{\"keyword\":\"new\"}]}",
		(unsigned long long)first, (unsigned long long)second);
	a = ask(s, "PUT", s->alice_token, "/api/v2/filters/:id", id, body);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "title"), STR("other"));
	assert_int_equal(jr_count(answer_at(&a, "keywords")), 2);
	assert_str_eq(answer_str(&a, "keywords.0.keyword"), STR("baz"));
	assert_str_eq(answer_str(&a, "keywords.1.keyword"), STR("new"));
	assert_str_eq(answer_str(&a, "filter_action"), STR("hide"));
	seen = ask(s, "GET", s->alice_token, "/api/v1/statuses/:id", post.id, NULL);
	assert_int_equal(jr_count(answer_at(&seen, "filtered")), 0);
	assert_int_equal(ask(s, "PUT", s->bob_token, "/api/v2/filters/:id", id, body).status, 404);
	assert_int_equal(ask(s, "DELETE", s->alice_token, "/api/v2/filters/:id", id, NULL).status,
			 200);
	assert_int_equal(ask(s, "GET", s->alice_token, "/api/v2/filters/:id", id, NULL).status,
			 404);
	assert_str_eq(api_get(s->kit, s->alice_token, "/api/v2/filters").body, STR("[]"));
}

static void what_is_wrong_with_a_filter_is_said(void **state)
{
	static const struct {
		const char *body, *error;
	} cases[] = {
		{ "title=&context[]=home", "Validation failed: Title can't be blank" },
		{ "title=x", "Validation failed: Context can't be blank" },
		{ "title=x&context[]=nowhere",
		  "Validation failed: Context None or invalid context supplied" },
		{ "title=x&context[]=home&keywords_attributes[][keyword]=",
		  "Validation failed: Keyword can't be blank" },
	};
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer a =
			api_post(s->kit, s->alice_token, "/api/v2/filters", cases[i].body);
		assert_int_equal(a.status, 422);
		assert_str_eq(answer_str(&a, "error"), str_of(cases[i].error));
	}
	assert_int_equal(api_post(s->kit, s->alice_token, "/api/v2/filters",
				  "title=x&context[]=home&keywords_attributes[][id]=5"
				  "&keywords_attributes[][keyword]=y")
				 .status,
			 404);
}

static void parts_of_filters_have_addresses_of_their_own(void **state)
{
	struct scene *s = *state;
	struct status post = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "x", NULL);
	struct answer a =
		api_post(s->kit, s->alice_token, "/api/v2/filters", "title=t&context[]=thread");
	uint64_t filter = answer_id(&a);
	a = ask(s, "POST", s->alice_token, "/api/v2/filters/:id/keywords", filter,
		"keyword=some&whole_word=true");
	assert_int_equal(a.status, 200);
	uint64_t keyword = answer_id(&a);
	a = ask(s, "PUT", s->alice_token, "/api/v2/filters/keywords/:id", keyword, "keyword=other");
	assert_str_eq(answer_str(&a, "keyword"), STR("other"));
	assert_true(is(&a, "whole_word"));
	a = ask(s, "GET", s->alice_token, "/api/v2/filters/:id/keywords", filter, NULL);
	assert_str_eq(answer_str(&a, "0.keyword"), STR("other"));
	char body[64];
	snprintf(body, sizeof(body), "status_id=%llu", (unsigned long long)post.id);
	a = ask(s, "POST", s->alice_token, "/api/v2/filters/:id/statuses", filter, body);
	assert_int_equal(a.status, 200);
	uint64_t part = answer_id(&a);
	a = ask(s, "GET", s->alice_token, "/api/v1/statuses/:id", post.id, NULL);
	assert_int_equal(jr_count(answer_at(&a, "filtered.0.status_matches")), 1);
	/* each id is of what it is, and of whose it is */
	assert_int_equal(
		ask(s, "GET", s->alice_token, "/api/v2/filters/statuses/:id", keyword, NULL).status,
		404);
	assert_int_equal(
		ask(s, "GET", s->alice_token, "/api/v2/filters/keywords/:id", part, NULL).status,
		404);
	assert_int_equal(
		ask(s, "GET", s->bob_token, "/api/v2/filters/keywords/:id", keyword, NULL).status,
		404);
	a = ask(s, "DELETE", s->alice_token, "/api/v2/filters/statuses/:id", part, NULL);
	assert_int_equal(a.status, 200);
	a = ask(s, "DELETE", s->alice_token, "/api/v2/filters/keywords/:id", keyword, NULL);
	assert_str_eq(a.body, STR("{}"));
	a = ask(s, "GET", s->alice_token, "/api/v2/filters/:id", filter, NULL);
	assert_int_equal(jr_count(answer_at(&a, "keywords")), 0);
	assert_int_equal(jr_count(answer_at(&a, "statuses")), 0);
}

static void old_clients_see_each_keyword_as_a_filter(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/filters",
				   "phrase=test&context[]=home&irreversible=true&whole_word=true");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "phrase"), STR("test"));
	assert_true(is(&a, "irreversible") && is(&a, "whole_word"));
	uint64_t id = answer_id(&a);
	struct answer group = api_get(s->kit, s->alice_token, "/api/v2/filters");
	assert_str_eq(answer_str(&group, "0.title"), STR("test"));
	assert_str_eq(answer_str(&group, "0.filter_action"), STR("hide"));
	a = ask(s, "PUT", s->alice_token, "/api/v1/filters/:id", id,
		"phrase=changed&context[]=public");
	assert_str_eq(answer_str(&a, "phrase"), STR("changed"));
	assert_str_eq(answer_str(&a, "context.0"), STR("public"));
	a = api_get(s->kit, s->alice_token, "/api/v1/filters");
	assert_int_equal(jr_count(a.json), 1);
	assert_int_equal(ask(s, "GET", s->bob_token, "/api/v1/filters/:id", id, NULL).status, 404);
	assert_int_equal(ask(s, "DELETE", s->alice_token, "/api/v1/filters/:id", id, NULL).status,
			 200);
	assert_str_eq(api_get(s->kit, s->alice_token, "/api/v1/filters").body, STR("[]"));
}

static void bookmarks_and_favourites_are_listed_as_they_were_made(void **state)
{
	struct scene *s = *state;
	struct status one = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "1", NULL);
	struct status two = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "2", NULL);
	struct status secret = test_store_post(&s->kit->t, &s->bob, VISIBILITY_DIRECT, "3", NULL);
	static const char *const acts[] = { "bookmark", "favourite" };
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		struct arena *arena = s->kit->t.d.arena;
		const uint64_t ids[] = { two.id, one.id };
		for (size_t k = 0; k < 2; k++) {
			struct str to = arena_printf(arena, "/api/v1/statuses/%llu/%s",
						     (unsigned long long)ids[k], acts[i]);
			struct answer a =
				api_post(s->kit, s->alice_token, arena_cstr(arena, to), "");
			assert_int_equal(a.status, 200);
			assert_true(is(&a, i == 0 ? "bookmarked" : "favourited"));
		}
		struct str hidden = arena_printf(arena, "/api/v1/statuses/%llu/%s",
						 (unsigned long long)secret.id, acts[i]);
		assert_int_equal(
			api_post(s->kit, s->alice_token, arena_cstr(arena, hidden), "").status,
			404);
		struct str list = arena_printf(arena, "/api/v1/%ss", acts[i]);
		struct answer a = api_get(s->kit, s->alice_token, "%.*s", STR_ARG(list));
		assert_int_equal(jr_count(a.json), 2);
		struct answer first = { .json = jr_at(a.json, 0) };
		assert_int_equal(answer_id(&first), one.id);
		assert_true(is(&first, "bookmarked"));
		a = api_get(s->kit, s->alice_token, "%.*s?limit=1", STR_ARG(list));
		assert_int_equal(jr_count(a.json), 1);
		assert_true(str_contains(answer_header(&a, "Link"), STR("rel=\"next\"")));
	}
	struct answer a =
		ask(s, "POST", s->alice_token, "/api/v1/statuses/:id/unbookmark", one.id, "");
	assert_false(is(&a, "bookmarked"));
	assert_int_equal(jr_count(api_get(s->kit, s->alice_token, "/api/v1/bookmarks").json), 1);
	a = ask(s, "POST", s->alice_token, "/api/v1/statuses/:id/mute", one.id, "");
	assert_true(is(&a, "muted"));
	a = ask(s, "POST", s->alice_token, "/api/v1/statuses/:id/unmute", one.id, "");
	assert_false(is(&a, "muted"));
}

static void hashtags_are_followed_and_featured(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/tags/Cats/follow", "");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "name"), STR("Cats"));
	assert_true(is(&a, "following") && !is(&a, "featuring"));
	struct str id = answer_str(&a, "id");
	a = api_get(s->kit, s->alice_token, "/api/v1/followed_tags");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.id"), id);
	a = api_get(s->kit, STR_NONE, "/api/v1/tags/cats");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_type(answer_at(&a, "following")), JR_ABSENT);
	assert_int_equal(api_get(s->kit, STR_NONE, "/api/v1/tags/123").status, 404);
	api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=%23cats+and+%23dogs");
	api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=more+%23Cats");
	a = api_post(s->kit, s->alice_token, "/api/v1/featured_tags", "name=%23cats");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "statuses_count"), STR("2"));
	assert_str_eq(answer_str(&a, "id"), id);
	assert_int_equal(answer_str(&a, "last_status_at").len, 10);
	a = api_get(s->kit, s->alice_token, "/api/v1/featured_tags/suggestions");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.name"), STR("dogs"));
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu/featured_tags",
		    (unsigned long long)s->alice.id);
	assert_int_equal(jr_count(a.json), 1);
	a = api_post(s->kit, s->alice_token, "/api/v1/featured_tags", "name=no+tag");
	assert_int_equal(a.status, 422);
	struct str path =
		arena_printf(s->kit->t.d.arena, "/api/v1/featured_tags/%.*s", STR_ARG(id));
	const char *featured = arena_cstr(s->kit->t.d.arena, path);
	assert_int_equal(api_ask(s->kit, "DELETE", s->bob_token, featured, NULL).status, 404);
	assert_int_equal(api_ask(s->kit, "DELETE", s->alice_token, featured, NULL).status, 200);
	a = api_post(s->kit, s->alice_token, "/api/v1/tags/cats/unfollow", "");
	assert_false(is(&a, "following"));
}

static void markers_move_and_count(void **state)
{
	struct scene *s = *state;
	assert_str_eq(api_get(s->kit, s->alice_token, "/api/v1/markers?timeline[]=home").body,
		      STR("{}"));
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/markers",
				   "{\"home\":{\"last_read_id\":\"103\"}}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "home.last_read_id"), STR("103"));
	assert_int_equal(answer_num(&a, "home.version"), 1);
	a = api_post(s->kit, s->alice_token, "/api/v1/markers",
		     "home[last_read_id]=104&notifications[last_read_id]=7");
	assert_int_equal(answer_num(&a, "home.version"), 2);
	a = api_get(s->kit, s->alice_token, "/api/v1/markers?timeline[]=notifications");
	assert_int_equal(jr_type(answer_at(&a, "home")), JR_ABSENT);
	assert_str_eq(answer_str(&a, "notifications.last_read_id"), STR("7"));
	assert_str_eq(api_get(s->kit, s->bob_token, "/api/v1/markers?timeline[]=home").body,
		      STR("{}"));
}

static void what_one_prefers_holds_where_nothing_is_said(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, s->alice_token, "/api/v1/preferences");
	assert_str_eq(answer_str(&a, "posting:default:visibility"), STR("public"));
	assert_str_eq(answer_str(&a, "reading:expand:media"), STR("default"));
	a = api_ask(s->kit, "PATCH", s->alice_token, "/api/v1/accounts/update_credentials",
		    "source[privacy]=private&source[sensitive]=true&source[language]=cy"
		    "&source[quote_policy]=nobody");
	assert_int_equal(a.status, 200);
	/* which is nobody else's business */
	struct federate told[2];
	assert_int_equal(test_store_jobs(&s->kit->t, told, 2), 0);
	assert_str_eq(answer_str(&a, "source.privacy"), STR("private"));
	a = api_get(s->kit, s->alice_token, "/api/v1/preferences");
	assert_str_eq(answer_str(&a, "posting:default:visibility"), STR("private"));
	assert_str_eq(answer_str(&a, "posting:default:language"), STR("cy"));
	assert_str_eq(answer_str(&a, "posting:default:quote_policy"), STR("nobody"));
	a = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x");
	assert_str_eq(answer_str(&a, "visibility"), STR("private"));
	assert_str_eq(answer_str(&a, "language"), STR("cy"));
	assert_true(is(&a, "sensitive"));
	a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
		     "status=x&visibility=public&language=de&sensitive=false");
	assert_str_eq(answer_str(&a, "visibility"), STR("public"));
	assert_str_eq(answer_str(&a, "language"), STR("de"));
	assert_false(is(&a, "sensitive"));
	assert_int_equal(api_ask(s->kit, "PATCH", s->alice_token,
				 "/api/v1/accounts/update_credentials", "source[privacy]=x")
				 .status,
			 422);
}

static enum rc announce(struct social *social, void *arg)
{
	struct announcement *a = arg;
	enum rc rc = announcement_compose(social->ctx, social->site, a);
	return rc == RC_OK ? act_announce(social, a) : rc;
}

static void announcements_are_read_and_reacted_to(void **state)
{
	struct scene *s = *state;
	struct announcement made = { .text = STR("Down on Sunday") };
	test_store_write(&s->kit->t, announce, &made);
	struct answer a = api_get(s->kit, s->alice_token, "/api/v1/announcements");
	assert_int_equal(jr_count(a.json), 1);
	assert_false(is(&a, "0.read"));
	assert_int_equal(ask(s, "PUT", s->alice_token,
			     "/api/v1/announcements/:id/reactions/%F0%9F%94%A5", made.id, "")
				 .status,
			 200);
	assert_int_equal(ask(s, "PUT", s->alice_token, "/api/v1/announcements/:id/reactions/nosuch",
			     made.id, "")
				 .status,
			 422);
	assert_int_equal(
		ask(s, "POST", s->alice_token, "/api/v1/announcements/:id/dismiss", made.id, "")
			.status,
		200);
	assert_int_equal(
		ask(s, "POST", s->alice_token, "/api/v1/announcements/:id/dismiss", 5, "").status,
		404);
	a = api_get(s->kit, s->alice_token, "/api/v1/announcements");
	assert_true(is(&a, "0.read") && is(&a, "0.reactions.0.me"));
	assert_int_equal(answer_num(&a, "0.reactions.0.count"), 1);
	a = api_get(s->kit, s->bob_token, "/api/v1/announcements");
	assert_true(!is(&a, "0.read") && !is(&a, "0.reactions.0.me"));
}

static void a_request_that_is_repeated_makes_one_post(void **state)
{
	struct scene *s = *state;
	s->kit->header = "Idempotency-Key: one";
	struct answer first = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x");
	struct answer again = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x");
	assert_int_equal(again.status, 200);
	assert_int_equal(answer_id(&again), answer_id(&first));
	/* a key is of one person, and of one hour */
	struct answer other = api_post(s->kit, s->bob_token, "/api/v1/statuses", "status=x");
	assert_int_not_equal(answer_id(&other), answer_id(&first));
	s->kit->header = "Idempotency-Key: two";
	struct answer next = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x");
	assert_int_not_equal(answer_id(&next), answer_id(&first));
	test_clock_advance(&s->kit->t.d.clock, MS_PER_HOUR);
	struct answer later = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x");
	assert_int_not_equal(answer_id(&later), answer_id(&next));
}

static void a_post_is_put_off_moved_and_taken_back(void **state)
{
	struct scene *s = *state;
	struct buf body CLEANUP(buf_free) = BUF_INIT(400);
	struct arena *arena = s->kit->t.d.arena;
	uint64_t due = TEST_DB_WALL_MS + MS_PER_DAY;
	buf_add(&body,
		STR("{\"status\":\"later\",\"visibility\":\"unlisted\",\"scheduled_at\":\""));
	date_add_rfc3339(&body, due);
	buf_add(&body, STR("\"}"));
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
				   arena_cstr(arena, buf_str(&body)));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "params.text"), STR("later"));
	assert_str_eq(answer_str(&a, "params.visibility"), STR("unlisted"));
	uint64_t id = answer_id(&a);
	assert_int_equal(
		jr_count(api_get(s->kit, s->alice_token, "/api/v1/scheduled_statuses").json), 1);
	buf_reset(&body);
	buf_add(&body, STR("scheduled_at="));
	date_add_rfc3339(&body, due + MS_PER_DAY);
	a = ask(s, "PUT", s->alice_token, "/api/v1/scheduled_statuses/:id", id,
		arena_cstr(arena, buf_str(&body)));
	assert_int_equal(a.status, 200);
	a = ask(s, "PUT", s->alice_token, "/api/v1/scheduled_statuses/:id", id,
		"scheduled_at=2001-01-01T00:00:00Z");
	assert_int_equal(a.status, 422);
	assert_int_equal(
		ask(s, "GET", s->bob_token, "/api/v1/scheduled_statuses/:id", id, NULL).status,
		404);
	a = ask(s, "DELETE", s->alice_token, "/api/v1/scheduled_statuses/:id", id, NULL);
	assert_str_eq(a.body, STR("{}"));
	assert_int_equal(
		ask(s, "GET", s->alice_token, "/api/v1/scheduled_statuses/:id", id, NULL).status,
		404);
	a = api_post(s->kit, s->alice_token, "/api/v1/statuses", "status=x&scheduled_at=soon");
	assert_int_equal(a.status, 422);
}

struct refusing {
	struct schedule_job job;
	uint64_t now_ms;
};

static enum rc refuse_run(struct social *s, void *arg)
{
	const struct refusing *r = arg;
	return schedule_refuse(s, &r->job, r->now_ms, STR("nobody posts here now"));
}

static void a_post_that_was_refused_is_shown_with_the_reason(void **state)
{
	struct scene *s = *state;
	struct buf body CLEANUP(buf_free) = BUF_INIT(400);
	struct arena *arena = s->kit->t.d.arena;
	buf_add(&body, STR("status=later&scheduled_at="));
	date_add_rfc3339(&body, TEST_DB_WALL_MS + MS_PER_DAY);
	struct answer a = api_post(s->kit, s->alice_token, "/api/v1/statuses",
				   arena_cstr(arena, buf_str(&body)));
	uint64_t id = answer_id(&a);
	assert_int_equal(jr_type(answer_at(&a, "refusal")), JR_ABSENT);
	struct refusing r = { { s->alice.id, id }, TEST_DB_WALL_MS + 2 * MS_PER_DAY };
	assert_int_equal(test_store_try(&s->kit->t, refuse_run, &r), RC_OK);
	a = api_get(s->kit, s->alice_token, "/api/v1/scheduled_statuses");
	assert_str_eq(answer_str(&a, "0.params.text"), STR("later"));
	assert_str_eq(answer_str(&a, "0.refusal.reason"), STR("nobody posts here now"));
	a = api_get(s->kit, s->alice_token, "/api/v1/notifications");
	assert_str_eq(answer_str(&a, "0.type"), STR("mention"));
	assert_true(str_contains(answer_str(&a, "0.status.content"), STR("nobody posts here now")));
	buf_reset(&body);
	buf_add(&body, STR("scheduled_at="));
	date_add_rfc3339(&body, TEST_DB_WALL_MS + 3 * MS_PER_DAY);
	a = ask(s, "PUT", s->alice_token, "/api/v1/scheduled_statuses/:id", id,
		arena_cstr(arena, buf_str(&body)));
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_type(answer_at(&a, "refusal")), JR_ABSENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_is_made_filled_changed_and_dropped),
		TEST(a_filter_marks_what_it_finds),
		TEST(what_is_wrong_with_a_filter_is_said),
		TEST(parts_of_filters_have_addresses_of_their_own),
		TEST(old_clients_see_each_keyword_as_a_filter),
		TEST(bookmarks_and_favourites_are_listed_as_they_were_made),
		TEST(hashtags_are_followed_and_featured),
		TEST(markers_move_and_count),
		TEST(what_one_prefers_holds_where_nothing_is_said),
		TEST(announcements_are_read_and_reacted_to),
		TEST(a_request_that_is_repeated_makes_one_post),
		TEST(a_post_is_put_off_moved_and_taken_back),
		TEST(a_post_that_was_refused_is_shown_with_the_reason),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
