/* People who act for a team over HTTP: what their roles let them, what becomes of what they send. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "apikit.h"
#include "core/clock.h"
#include "core/date.h"
#include "social/team.h"
#include "store/office.h"

enum who { ADA, EDI, ABE, RIA, ANN, PEOPLE };
#define ALL "read write follow push"

struct scene {
	struct apikit *kit;
	struct account desk, who[PEOPLE], eve;
	struct str token[PEOPLE]; /* with which they act for it */
	struct str own, eves;	  /* ria's own, and a stranger's */
};

struct making {
	uint64_t desk, who[PEOPLE];
	bool four_eyes;
	enum team_credit credit;
};

static const enum team_role roles[PEOPLE] = { TEAM_ADMINISTRATOR, TEAM_EDITOR, TEAM_AUTHOR,
					      TEAM_REVIEWER, TEAM_ANALYST };

static enum rc make(struct social *s, void *arg)
{
	const struct making *m = arg;
	const struct team_change none = { .has_credit = false };
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, m->desk, &a))
		return RC_NOT_FOUND;
	a.kind = ACCOUNT_ORGANIZATION;
	enum rc rc = team_create(s, 0, &a, m->who[ADA], &none);
	for (unsigned i = EDI; rc == RC_OK && i < PEOPLE; i++)
		rc = team_give(s, 0, m->desk, m->who[i], roles[i]);
	return rc;
}

static int begin(void **state)
{
	static const char *const names[PEOPLE] = { "ada", "edi", "abe", "ria", "ann" };
	struct scene *s = calloc(1, sizeof(*s));
	struct making making = { .four_eyes = false };
	s->kit = apikit_new();
	s->desk = test_store_local(&s->kit->t, "desk");
	s->eve = test_store_local(&s->kit->t, "eve");
	making.desk = s->desk.id;
	for (unsigned i = 0; i < PEOPLE; i++) {
		s->who[i] = test_store_local(&s->kit->t, names[i]);
		making.who[i] = s->who[i].id;
	}
	test_store_write(&s->kit->t, make, &making);
	s->desk = test_store_account(&s->kit->t, s->desk.id);
	for (unsigned i = 0; i < PEOPLE; i++)
		s->token[i] = apikit_act_as(s->kit, &s->desk, &s->who[i], ALL);
	s->own = apikit_sign_in(s->kit, &s->who[RIA], ALL);
	s->eves = apikit_sign_in(s->kit, &s->eve, ALL);
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	test_store_check(&s->kit->t);
	apikit_free(&s->kit);
	free(s);
	return 0;
}

/* "%T" stands for the team, "%I" for the id. */
static struct answer ask(struct scene *s, const char *method, struct str token, const char *path,
			 uint64_t id, const char *body)
{
	struct buf real = BUF_INIT(4096);
	for (const char *c = path; *c != '\0'; c++) {
		if (*c != '%')
			buf_add_chr(&real, *c);
		else
			buf_addf(&real, "%llu",
				 (unsigned long long)(*++c == 'T' ? s->desk.id : id));
	}
	struct answer a =
		api_ask(s->kit, method, token, arena_cstr(s->kit->t.d.arena, buf_str(&real)), body);
	buf_free(&real);
	return a;
}

#define DRAFT "/api/fediflow/v1/teams/%T/drafts/%I"

/* "updated_at" of a draft as it is now. */
static const char *seen(struct scene *s, uint64_t id, const char *more)
{
	struct arena *arena = s->kit->t.d.arena;
	struct scheduled row = { .changed_ms = 0 };
	struct buf date = BUF_INIT(64);
	struct db_txn *txn = test_store_read(&s->kit->t);
	scheduled_get(txn, arena, s->desk.id, id, &row);
	db_read_end(&txn);
	date_add_rfc3339(&date, row.changed_ms);
	const char *out = arena_cstr(
		arena, arena_printf(arena, "updated_at=%.*s%s", STR_ARG(buf_str(&date)), more));
	buf_free(&date);
	return out;
}

static struct answer approves(struct scene *s, struct str token, uint64_t id)
{
	return ask(s, "POST", token, DRAFT "/approve", id, seen(s, id, ""));
}

static struct answer posts(struct scene *s, enum who who, const char *body)
{
	return api_post(s->kit, s->token[who], "/api/v1/statuses", body);
}

static size_t listed(struct scene *s, struct str token)
{
	struct answer a = api_get(s->kit, token, "/api/v1/scheduled_statuses");
	assert_int_equal(a.status, 200);
	return jr_count(a.json);
}

/* --- the table of rights --- */

/* Every route that changes posts says which role may; rows of none are mistakes. */
static void every_route_is_permitted_to_somebody_or_nobody(void **state UNUSED)
{
	static const struct {
		enum http_method method;
		const char *path;
		bool may[PEOPLE];
	} rows[] = {
		{ HTTP_POST, "/api/v1/statuses", { true, true, true, false, false } },
		{ HTTP_DELETE, "/api/v1/statuses/:id", { true, true, false, false, false } },
		{ HTTP_POST, "/api/v1/statuses/:id/reblog", { true, true, false, false, false } },
		{ HTTP_POST,
		  "/api/v1/statuses/:id/favourite",
		  { true, true, false, false, false } },
		{ HTTP_POST, "/api/v1/accounts/:id/follow", { true, true, false, false, false } },
		{ HTTP_GET, "/api/v1/conversations", { true, true, false, false, false } },
		{ HTTP_GET, "/api/v1/timelines/home", { true, true, true, true, true } },
		{ HTTP_GET, "/api/v1/notifications", { true, true, true, true, true } },
		{ HTTP_POST, "/api/v1/markers", { true, true, true, true, true } },
		{ HTTP_POST, "/api/v1/push/subscription", { true, true, false, false, false } },
		{ HTTP_POST, "/api/v2/media", { true, true, true, false, false } },
		{ HTTP_PATCH,
		  "/api/v1/accounts/update_credentials",
		  { true, false, false, false, false } },
		{ HTTP_POST, "/api/v1/tags/:name/feature", { true, false, false, false, false } },
		{ HTTP_POST, "/api/v1/statuses/:id/pin", { true, true, false, false, false } },
		{ HTTP_DELETE, "/api/v1/suggestions/:id", { true, true, false, false, false } },
		{ HTTP_POST,
		  "/api/v1/emails/confirmations",
		  { false, false, false, false, false } },
		{ HTTP_GET, "/api/v1/admin/reports", { false, false, false, false, false } },
	};
	size_t found = 0;
	for (size_t t = 0; t < api_table_count; t++) {
		for (size_t k = 0; k < api_tables_all[t]->count; k++) {
			const struct api_route *route = &api_tables_all[t]->routes[k];
			bool changes = (route->scopes & SCOPE(WRITE_STATUSES)) != 0 &&
				       strncmp(route->path, "/api/v1/", 8) == 0;
			/* none of those that apps know was forgotten; others stay shut until they are
			 * thought of */
			if (changes)
				assert_true(team_route_may(route, TEAM_ADMINISTRATOR));
			assert_false(team_route_may(route, TEAM_NOBODY));
			for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
				if (rows[i].method != route->method ||
				    strcmp(rows[i].path, route->path) != 0)
					continue;
				found++;
				for (unsigned who = 0; who < PEOPLE; who++)
					assert_int_equal(team_route_may(route, roles[who]),
							 rows[i].may[who]);
			}
		}
	}
	assert_int_equal(found, ARRAY_LEN(rows));
}

/* --- who one is --- */

static void an_app_sees_the_team_and_acts_as_it(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, s->token[EDI], "/api/v1/accounts/verify_credentials");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "username"), STR("desk"));
	a = posts(s, EDI, "status=hello");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "account.username"), STR("desk"));
	assert_str_eq(answer_str(&a, "posted_by.username"), STR("edi"));
	uint64_t id = answer_id(&a);
	/* members know, others do not until the team tells */
	a = ask(s, "GET", s->own, "/api/v1/statuses/%I", id, NULL);
	assert_str_eq(answer_str(&a, "posted_by.username"), STR("edi"));
	a = ask(s, "GET", s->eves, "/api/v1/statuses/%I", id, NULL);
	assert_false(str_contains(a.body, STR("posted_by")));
	a = ask(s, "PATCH", s->token[ADA], "/api/fediflow/v1/teams/%T", 0, "credit=public");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "credit"), STR("public"));
	a = ask(s, "GET", s->eves, "/api/v1/statuses/%I", id, NULL);
	assert_str_eq(answer_str(&a, "posted_by.username"), STR("edi"));
}

/* --- review --- */

static void what_an_author_sends_is_a_draft_that_apps_understand(void **state)
{
	struct scene *s = *state;
	s->kit->header = "Idempotency-Key: one";
	struct answer a = posts(s, ABE, "status=needs+eyes&spoiler_text=w");
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	/* for those who read a ScheduledStatus */
	assert_str_eq(answer_str(&a, "params.text"), STR("needs eyes"));
	assert_true(str_has_prefix(answer_str(&a, "scheduled_at"), STR("9999-12-31T")));
	assert_str_eq(answer_str(&a, "review.state"), STR("waiting"));
	/* for those who read a Status */
	assert_str_eq(answer_str(&a, "account.username"), STR("desk"));
	assert_str_eq(answer_str(&a, "content"), STR("<p>needs eyes</p>"));
	assert_str_eq(answer_str(&a, "spoiler_text"), STR("w"));
	assert_str_eq(answer_str(&a, "visibility"), STR("public"));
	assert_int_equal(answer_num(&a, "favourites_count"), 0);
	/* the same request once more is the same draft */
	a = posts(s, ABE, "status=needs+eyes&spoiler_text=w");
	assert_int_equal(answer_id(&a), id);
	s->kit->header = NULL;
	assert_int_equal(listed(s, s->token[ABE]), 1);
	assert_int_equal(listed(s, s->token[RIA]), 1);
	assert_int_equal(listed(s, s->token[ANN]), 0);
	a = ask(s, "GET", s->eves, "/api/v1/statuses/%I", id, NULL);
	assert_int_equal(a.status, 404);
	/* its author and others may not approve it; the reviewer may, as herself */
	a = approves(s, s->token[ABE], id);
	assert_int_equal(a.status, 403);
	a = approves(s, s->token[ANN], id);
	assert_int_equal(a.status, 403);
	a = approves(s, s->eves, id);
	assert_int_equal(a.status, 404);
	a = ask(s, "POST", s->own, DRAFT "/return", id, "note=why%3F");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "review.note"), STR("why?"));
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, seen(s, id, "&status=because&submit=true"));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "params.text"), STR("because"));
	assert_str_eq(answer_str(&a, "params.spoiler_text"), STR("w"));
	/* who does not say what they saw, or saw it before, approves nothing */
	a = ask(s, "POST", s->own, DRAFT "/approve", id, "");
	assert_int_equal(a.status, 422);
	const char *before = seen(s, id, "&submit=true");
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, "status=because&submit=true");
	assert_int_equal(a.status, 422);
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, before);
	assert_int_equal(a.status, 200);
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, before);
	assert_int_equal(a.status, 409);
	a = ask(s, "POST", s->own, DRAFT "/approve", id, before);
	assert_int_equal(a.status, 409);
	a = approves(s, s->own, id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "content"), STR("<p>because</p>"));
	assert_str_eq(answer_str(&a, "account.username"), STR("desk"));
	assert_int_equal(listed(s, s->token[ABE]), 0);
	/* whoever asks once more hears what came of it */
	uint64_t post = answer_id(&a);
	s->kit->header = "Idempotency-Key: one";
	a = posts(s, ABE, "status=needs+eyes&spoiler_text=w");
	s->kit->header = NULL;
	assert_int_equal(answer_id(&a), post);
}

static void four_eyes_are_for_everybody(void **state)
{
	struct scene *s = *state;
	struct answer a = posts(s, EDI, "status=first");
	uint64_t post = answer_id(&a);
	a = ask(s, "PATCH", s->token[ADA], "/api/fediflow/v1/teams/%T", 0, "four_eyes=true");
	assert_int_equal(a.status, 200);
	a = posts(s, EDI, "status=second");
	assert_str_eq(answer_str(&a, "review.state"), STR("waiting"));
	uint64_t draft = answer_id(&a);
	a = approves(s, s->token[EDI], draft);
	assert_int_equal(a.status, 403);
	/* a change of what stands already, too: until then it says what it said */
	a = ask(s, "PUT", s->token[EDI], "/api/v1/statuses/%I", post, "status=changed");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "content"), STR("<p>first</p>"));
	assert_int_equal(listed(s, s->token[RIA]), 2);
	a = api_get(s->kit, s->token[RIA], "/api/v1/scheduled_statuses");
	assert_int_equal(jr_type(answer_at(&a, "0.review.changes_status_id")), JR_STRING);
	struct str change = answer_str(&a, "0.id");
	uint64_t id = 0;
	assert_true(str_to_u64(change, &id));
	a = approves(s, s->token[RIA], id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "content"), STR("<p>changed</p>"));
	assert_int_equal(answer_id(&a), post);
}

/* Whoever rewrites a text is named for it, and with them who began it. */
static void a_text_is_of_who_wrote_it_last(void **state)
{
	struct scene *s = *state;
	struct answer a = posts(s, ABE, "status=first+words");
	uint64_t id = answer_id(&a);
	/* sending it on changes nothing of it */
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, seen(s, id, "&submit=true"));
	assert_int_equal(a.status, 200);
	a = ask(s, "PUT", s->token[EDI], DRAFT, id, seen(s, id, "&status=other+words&submit=true"));
	assert_int_equal(a.status, 200);
	assert_int_equal(approves(s, s->token[EDI], id).status, 403);
	a = approves(s, s->token[ADA], id);
	assert_int_equal(a.status, 200);
	a = ask(s, "GET", s->own, "/api/v1/statuses/%I", answer_id(&a), NULL);
	assert_str_eq(answer_str(&a, "posted_by.username"), STR("edi"));
	assert_str_eq(answer_str(&a, "posted_by.begun_by.username"), STR("abe"));
}

static void an_embargo_holds_though_it_is_approved(void **state)
{
	struct scene *s = *state;
	struct answer a = posts(s, ABE, "status=later&scheduled_at=2099-01-01T00:00:00Z");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "scheduled_at"), STR("2099-01-01T00:00:00.000Z"));
	uint64_t id = answer_id(&a);
	a = approves(s, s->token[RIA], id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "review.state"), STR("scheduled"));
	/* put off by its author, dropped by an editor, by nobody else */
	a = ask(s, "PUT", s->token[RIA], "/api/v1/scheduled_statuses/%I", id,
		"scheduled_at=2098-01-01T00:00:00Z");
	assert_int_equal(a.status, 403);
	a = ask(s, "PUT", s->token[ABE], "/api/v1/scheduled_statuses/%I", id,
		"scheduled_at=2098-01-01T00:00:00Z");
	assert_int_equal(a.status, 403);
	a = ask(s, "PUT", s->token[ABE], "/api/v1/scheduled_statuses/%I", id,
		"scheduled_at=2100-01-01T00:00:00Z");
	assert_int_equal(a.status, 200);
	a = ask(s, "DELETE", s->token[ANN], "/api/v1/scheduled_statuses/%I", id, NULL);
	assert_int_equal(a.status, 403);
	a = ask(s, "DELETE", s->token[EDI], "/api/v1/scheduled_statuses/%I", id, NULL);
	assert_int_equal(a.status, 200);
	a = posts(s, ABE, "status=never&scheduled_at=2001-01-01T00:00:00Z");
	assert_int_equal(a.status, 422);
}

static void a_draft_may_have_a_poll(void **state)
{
#define ALL_DRAFTS "/api/fediflow/v1/teams/%T/drafts"
#define TEA_OR_COFFEE "poll[options][]=tea&poll[options][]=coffee"
	struct scene *s = *state;
	/* a poll is checked when it is kept, and details of none are refused */
	struct answer a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0,
			      "status=which&poll[options][]=tea&poll[expires_in]=3600");
	assert_int_equal(a.status, 422);
	a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0, "status=which&poll[multiple]=true");
	assert_int_equal(a.status, 422);
	a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0, "status=which&" TEA_OR_COFFEE);
	assert_int_equal(a.status, 422);
	a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0,
		"status=which&poll[expires_in]=3600&poll[multiple]=true&" TEA_OR_COFFEE);
	assert_int_equal(a.status, 200);
	uint64_t id = answer_id(&a);
	assert_str_eq(answer_str(&a, "params.poll.options.1"), STR("coffee"));
	/* what is not said stays */
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, seen(s, id, "&poll[hide_totals]=true"));
	assert_int_equal(a.status, 200);
	a = ask(s, "PUT", s->token[ABE], DRAFT, id,
		seen(s, id, "&poll[options][]=tea&poll[options][]=milk&submit=true"));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "params.poll.options.1"), STR("milk"));
	assert_false(str_contains(a.body, STR("coffee")));
	a = approves(s, s->token[RIA], id);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "poll.options.1.title"), STR("milk"));
	assert_true(str_contains(a.body, STR("\"multiple\":true")));
	/* and it can be taken away */
	a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0,
		"status=none&poll[expires_in]=3600&" TEA_OR_COFFEE);
	id = answer_id(&a);
	a = ask(s, "PUT", s->token[ABE], DRAFT, id, seen(s, id, "&poll[options][]=&submit=true"));
	assert_int_equal(a.status, 200);
	assert_false(str_contains(a.body, STR("coffee")));
	a = approves(s, s->token[RIA], id);
	assert_int_equal(a.status, 200);
	assert_true(str_contains(a.body, STR("\"poll\":null")));
}

/* --- letters --- */

static void a_draft_says_who_will_see_it(void **state)
{
	struct scene *s = *state;
	char form[200];
	struct answer a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0, "status=hello");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "params.visibility"), STR("public"));
	a = ask(s, "POST", s->token[ABE], ALL_DRAFTS, 0, "status=hello&visibility=private");
	assert_str_eq(answer_str(&a, "params.visibility"), STR("private"));
	/* a change is seen by those who see the post */
	a = posts(s, EDI, "status=quiet&visibility=unlisted");
	snprintf(form, sizeof(form), "status=louder&changes_status_id=%llu",
		 (unsigned long long)answer_id(&a));
	a = ask(s, "POST", s->token[EDI], ALL_DRAFTS, 0, form);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "params.visibility"), STR("unlisted"));
}

static void letters_are_for_those_who_answer_them(void **state)
{
	struct scene *s = *state;
	struct status letter =
		test_store_post(&s->kit->t, &s->eve, VISIBILITY_DIRECT, "secret", &s->desk, NULL);
	struct answer a = ask(s, "GET", s->token[EDI], "/api/v1/statuses/%I", letter.id, NULL);
	assert_int_equal(a.status, 200);
	a = ask(s, "GET", s->token[ANN], "/api/v1/statuses/%I", letter.id, NULL);
	assert_int_equal(a.status, 404);
	a = api_get(s->kit, s->token[ABE], "/api/v1/conversations");
	assert_int_equal(a.status, 403);
	a = api_get(s->kit, s->token[ABE], "/api/v1/notifications?include_filtered=true");
	assert_int_equal(a.status, 200);
	assert_false(str_contains(a.body, STR("secret")));
	a = posts(s, ABE, "status=%40eve+psst&visibility=direct");
	assert_int_equal(a.status, 403);
	a = posts(s, EDI, "status=%40eve+psst&visibility=direct");
	assert_int_equal(a.status, 200);
}

/* --- teams, members, trail --- */

static void members_see_their_teams_and_administrators_change_them(void **state)
{
	struct scene *s = *state;
	char body[80];
	struct answer a = api_get(s->kit, s->own, "/api/fediflow/v1/teams");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.role"), STR("reviewer"));
	assert_str_eq(answer_str(&a, "0.account.username"), STR("desk"));
	a = api_get(s->kit, s->eves, "/api/fediflow/v1/teams");
	assert_int_equal(jr_count(a.json), 0);
	a = ask(s, "GET", s->eves, "/api/fediflow/v1/teams/%T/members", 0, NULL);
	assert_int_equal(a.status, 404);
	a = ask(s, "GET", s->token[ANN], "/api/fediflow/v1/teams/%T/members", 0, NULL);
	assert_int_equal(jr_count(a.json), PEOPLE);
	snprintf(body, sizeof(body), "account_id=%llu&role=author", (unsigned long long)s->eve.id);
	a = ask(s, "POST", s->token[EDI], "/api/fediflow/v1/teams/%T/members", 0, body);
	assert_int_equal(a.status, 403);
	a = ask(s, "POST", s->token[ADA], "/api/fediflow/v1/teams/%T/members", 0, body);
	assert_int_equal(a.status, 200);
	a = ask(s, "PUT", s->token[ADA], "/api/fediflow/v1/teams/%T/members/%I", s->eve.id,
		"role=boss");
	assert_int_equal(a.status, 422);
	a = ask(s, "DELETE", s->token[ADA], "/api/fediflow/v1/teams/%T/members/%I", s->who[ADA].id,
		NULL);
	assert_int_equal(a.status, 409);
	/* whoever leaves is signed out at once */
	a = ask(s, "DELETE", s->token[ANN], "/api/fediflow/v1/teams/%T/members/%I", s->who[ANN].id,
		NULL);
	assert_int_equal(a.status, 200);
	a = api_get(s->kit, s->token[ANN], "/api/v1/accounts/verify_credentials");
	assert_int_equal(a.status, 401);
}

static void the_trail_says_who_did_what(void **state)
{
	struct scene *s = *state;
	struct status post =
		test_store_post(&s->kit->t, &s->eve, VISIBILITY_PUBLIC, "likeable", NULL);
	struct answer a =
		ask(s, "POST", s->token[EDI], "/api/v1/statuses/%I/favourite", post.id, "");
	assert_int_equal(a.status, 200);
	a = ask(s, "POST", s->token[ABE], "/api/v1/statuses/%I/favourite", post.id, "");
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"),
		      STR("Your role in this team, author, does not permit this"));
	a = posts(s, EDI, "status=x");
	a = ask(s, "DELETE", s->token[EDI], "/api/v1/statuses/%I", answer_id(&a), NULL);
	assert_int_equal(a.status, 200);
	a = ask(s, "GET", s->token[EDI], "/api/fediflow/v1/teams/%T/log", 0, NULL);
	assert_int_equal(a.status, 403);
	a = ask(s, "GET", s->token[ADA], "/api/fediflow/v1/teams/%T/log?limit=3", 0, NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 3);
	assert_str_eq(answer_str(&a, "0.act"), STR("post.delete"));
	assert_str_eq(answer_str(&a, "1.act"), STR("post.publish"));
	assert_str_eq(answer_str(&a, "2.act"), STR("POST /api/v1/statuses/:id/favourite"));
	uint64_t about = 0;
	assert_true(str_to_u64(answer_str(&a, "2.about_id"), &about));
	assert_int_equal(about, post.id);
	assert_true(answer_header(&a, "Link").len != 0);
}

static void figures_are_for_those_who_may_see_them(void **state)
{
	struct scene *s = *state;
	posts(s, EDI, "status=counted");
	struct answer a =
		ask(s, "GET", s->token[ANN], "/api/fediflow/v1/teams/%T/figures", 0, NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_num(&a, "statuses_count"), 1);
	assert_int_equal(answer_num(&a, "statuses.0.favourites_count"), 0);
	a = ask(s, "GET", s->token[ABE], "/api/fediflow/v1/teams/%T/figures", 0, NULL);
	assert_int_equal(a.status, 403);
}

/* --- making one --- */

static enum rc give_role(struct social *s, void *arg)
{
	role_give(s->txn, *(const uint64_t *)arg, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static void teams_are_made_by_who_manages_accounts(void **state)
{
#define MAKE "/api/fediflow/v1/teams"
#define PRESS "name=press&display_name=Press&note=news&kind=service&four_eyes=true&credit=public"
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->eves, MAKE, PRESS);
	assert_int_equal(a.status, 403);
	assert_str_eq(answer_str(&a, "error"),
		      STR("Your role at this server does not permit making teams"));
	test_store_write(&s->kit->t, give_role, &s->eve.id);
	test_store_write(&s->kit->t, give_role, &s->who[ADA].id);
	/* whoever acts for a team is not asked what they may as themselves */
	a = api_post(s->kit, s->token[ADA], MAKE, PRESS);
	assert_int_equal(a.status, 403);
	a = api_post(s->kit, s->eves, MAKE, "name=No+Name");
	assert_int_equal(a.status, 422);
	a = api_post(s->kit, s->eves, MAKE, "");
	assert_int_equal(a.status, 422);
	a = api_post(s->kit, s->eves, MAKE, "name=desk");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "details.name.0.error"), STR("ERR_TAKEN"));
	a = api_post(s->kit, s->eves, MAKE, PRESS);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "role"), STR("administrator"));
	assert_str_eq(answer_str(&a, "credit"), STR("public"));
	assert_true(str_contains(a.body, STR("\"four_eyes\":true")));
	assert_str_eq(answer_str(&a, "account.username"), STR("press"));
	assert_str_eq(answer_str(&a, "account.display_name"), STR("Press"));
	assert_str_eq(answer_str(&a, "account.note"), STR("<p>news</p>"));
	struct account press = test_store_account(&s->kit->t, answer_id(&a));
	assert_int_equal(press.kind, ACCOUNT_SERVICE);
	a = api_get(s->kit, s->eves, MAKE);
	assert_int_equal(jr_count(a.json), 1);
	/* it has keys, and acts */
	struct str token = apikit_act_as(s->kit, &press, &s->eve, ALL);
	a = api_post(s->kit, token, "/api/v1/statuses", "status=first");
	assert_int_equal(a.status, 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(every_route_is_permitted_to_somebody_or_nobody),
		TEST(an_app_sees_the_team_and_acts_as_it),
		TEST(what_an_author_sends_is_a_draft_that_apps_understand),
		TEST(four_eyes_are_for_everybody),
		TEST(a_text_is_of_who_wrote_it_last),
		TEST(an_embargo_holds_though_it_is_approved),
		TEST(a_draft_may_have_a_poll),
		TEST(a_draft_says_who_will_see_it),
		TEST(letters_are_for_those_who_answer_them),
		TEST(members_see_their_teams_and_administrators_change_them),
		TEST(the_trail_says_who_did_what),
		TEST(teams_are_made_by_who_manages_accounts),
		TEST(figures_are_for_those_who_may_see_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
