/* The endpoints of moderators, over HTTP: who may, and what comes of it. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "apikit.h"
#include "social/moderate.h"
#include "social/search.h"
#include "social/trends.h"
#include "store/usage.h"

struct scene {
	struct apikit *kit;
	struct account boss, alice, bob;
	struct str token;
	unsigned policies; /* how often they have changed */
};

static enum rc give_role(struct social *s, void *arg)
{
	role_give(s->txn, *(const uint64_t *)arg, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

static void policies_changed(void *arg)
{
	struct scene *s = arg;
	s->policies++;
}

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	s->kit = apikit_new();
	s->boss = test_store_local(&s->kit->t, "boss");
	s->alice = test_store_local(&s->kit->t, "alice");
	s->bob = test_store_remote(&s->kit->t, "bob", "b.example");
	test_store_write(&s->kit->t, give_role, &s->boss.id);
	s->token = apikit_sign_in(s->kit, &s->boss, "read write admin:read admin:write");
	s->kit->api->parts.policies = (struct policy_port){ policies_changed, s };
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

static const char *path(struct scene *s, const char *fmt, uint64_t id)
{
	struct arena *arena = s->kit->t.d.arena;
	size_t mark = str_index(str_of(fmt), '#');
	struct str text = arena_printf(arena, "/api/v1/admin/%.*s%llu%s", (int)mark, fmt,
				       (unsigned long long)id, fmt + mark + 1);
	return arena_cstr(arena, text);
}

/* --- who may --- */

static const char *method_of(const struct api_route *row)
{
	static const char *const names[] = { [HTTP_GET] = "GET",
					     [HTTP_POST] = "POST",
					     [HTTP_PUT] = "PUT",
					     [HTTP_DELETE] = "DELETE" };
	return names[row->method];
}

static size_t refuse_rows(struct scene *s, const struct api_route *const *rows, size_t count,
			  struct str token)
{
	size_t seen = 0;
	for (size_t i = 0; i < count; i++) {
		char filled[200];
		struct str at = str_of(rows[i]->path);
		if (!str_contains(at, STR("/admin/")))
			continue;
		size_t colon = str_index(at, ':');
		struct str tail = str_skip(at, colon);
		snprintf(filled, sizeof(filled), "%.*s%s%.*s", STR_ARG(str_take(at, colon)),
			 colon < at.len ? "1" : "", STR_ARG(str_skip(tail, str_index(tail, '/'))));
		struct answer a =
			api_ask(s->kit, method_of(rows[i]), token, filled,
				rows[i]->method == HTTP_GET
					? NULL
					: "type=silence&domain=x.example&email=a@b.example&"
					  "start_at=2023-11-01&end_at=2023-11-02");
		if (a.status != 403)
			fail_msg("%s %s: %u", method_of(rows[i]), filled, a.status);
		seen++;
	}
	return seen;
}

static void who_has_no_role_may_do_nothing(void **state)
{
	struct scene *s = *state;
	struct api *api = s->kit->api;
	struct str token = apikit_sign_in(s->kit, &s->alice, "read write admin:read admin:write");
	size_t seen = refuse_rows(s, api->quick_rows, api->quick_count, token) +
		      refuse_rows(s, api->waiting_rows, api->waiting_count, token);
	assert_true(seen > 55);
}

static void s101_who_is_disabled_is_not_let_in(void **state)
{
	struct scene *s = *state;
	struct str token = apikit_sign_in(s->kit, &s->alice, "read");
	const char *own = "/api/v1/accounts/verify_credentials";
	assert_int_equal(api_get(s->kit, token, "%s", own).status, 200);
	api_post(s->kit, s->token, path(s, "accounts/#/action", s->alice.id), "type=disable");
	assert_int_equal(api_get(s->kit, token, "%s", own).status, 403);
	api_post(s->kit, s->token, path(s, "accounts/#/enable", s->alice.id), NULL);
	assert_int_equal(api_get(s->kit, token, "%s", own).status, 200);
}

static void a_role_is_told_to_its_holder_and_shown_to_all(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, s->token, "/api/v1/accounts/verify_credentials");
	assert_str_eq(answer_str(&a, "role.name"), STR("Admin"));
	assert_str_eq(answer_str(&a, "role.id"), STR("2"));
	uint64_t bits = 0;
	assert_true(str_to_u64(answer_str(&a, "role.permissions"), &bits));
	assert_true((bits & PERMISSION_MANAGE_USERS) != 0);
	a = api_get(s->kit, STR_NONE, "/api/v1/accounts/%llu", (unsigned long long)s->boss.id);
	assert_str_eq(answer_str(&a, "roles.0.name"), STR("Admin"));
	assert_int_equal(jr_type(answer_at(&a, "roles.0.permissions")), JR_ABSENT);
	struct str token = apikit_sign_in(s->kit, &s->alice, "read");
	a = api_get(s->kit, token, "/api/v1/accounts/verify_credentials");
	assert_str_eq(answer_str(&a, "role.id"), STR("-99"));
	assert_int_equal(jr_count(answer_at(&a, "roles")), 0);
}

/* --- accounts --- */

static void accounts_are_listed_and_filtered(void **state)
{
	struct scene *s = *state;
	struct answer a = api_get(s->kit, s->token, "/api/v1/admin/accounts");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 3);
	assert_str_eq(answer_str(&a, "0.username"), STR("bob"));
	assert_str_eq(answer_str(&a, "0.domain"), STR("b.example"));
	assert_str_eq(answer_str(&a, "2.role.name"), STR("Admin"));
	static const struct {
		const char *query, *first;
		size_t count;
	} rows[] = {
		{ "v1/admin/accounts?local=true", "alice", 2 },
		{ "v1/admin/accounts?remote=true", "bob", 1 },
		{ "v2/admin/accounts?origin=local", "alice", 2 },
		{ "v2/admin/accounts?status=active", "bob", 3 },
		{ "v2/admin/accounts?status=suspended", NULL, 0 },
		{ "v2/admin/accounts?status=pending", NULL, 0 },
		{ "v2/admin/accounts?permissions=staff", "boss", 1 },
		{ "v2/admin/accounts?username=AL", "alice", 1 },
		{ "v2/admin/accounts?by_domain=b.example", "bob", 1 },
		{ "v2/admin/accounts?email=nobody@example.org", NULL, 0 },
		{ "v1/admin/accounts?limit=1", "bob", 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		a = api_get(s->kit, s->token, "/api/%s", rows[i].query);
		if (jr_count(a.json) != rows[i].count)
			fail_msg("%s: %.*s", rows[i].query, STR_ARG(a.body));
		if (rows[i].first != NULL)
			assert_str_eq(answer_str(&a, "0.username"), str_of(rows[i].first));
	}
	assert_true(str_contains(answer_header(&a, "Link"), STR("rel=\"next\"")));
	a = api_get(s->kit, s->token, "/api/v1/admin/accounts?max_id=%llu",
		    (unsigned long long)s->alice.id);
	assert_str_eq(answer_str(&a, "0.username"), STR("boss"));
}

static void accounts_are_moderated_and_let_off(void **state)
{
	static const struct {
		const char *type, *member, *undo;
	} rows[] = {
		{ "sensitive", "sensitized", "unsensitive" },
		{ "silence", "silenced", "unsilence" },
		{ "disable", "disabled", "enable" },
		{ "suspend", "suspended", "unsuspend" },
	};
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char body[60], undo[60];
		snprintf(body, sizeof(body), "type=%s", rows[i].type);
		snprintf(undo, sizeof(undo), "accounts/#/%s", rows[i].undo);
		struct answer a =
			api_post(s->kit, s->token, path(s, "accounts/#/action", s->alice.id), body);
		assert_int_equal(a.status, 200);
		a = api_get(s->kit, s->token, "%s", path(s, "accounts/#", s->alice.id));
		assert_true(jr_bool(answer_at(&a, rows[i].member), false));
		a = api_post(s->kit, s->token, path(s, undo, s->alice.id), NULL);
		assert_int_equal(a.status, 200);
		assert_false(jr_bool(answer_at(&a, rows[i].member), true));
	}
	const char *action = path(s, "accounts/#/action", s->alice.id);
	assert_int_equal(api_post(s->kit, s->token, action, "type=ban").status, 422);
	assert_int_equal(
		api_post(s->kit, s->token, path(s, "accounts/#/action", s->boss.id), "type=silence")
			.status,
		403);
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/admin/accounts/17").status, 404);
	assert_int_equal(
		api_post(s->kit, s->token, path(s, "accounts/#/approve", s->alice.id), NULL).status,
		403);
}

static void only_what_is_suspended_is_deleted(void **state)
{
	struct scene *s = *state;
	test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "gone soon", NULL);
	const char *bob = path(s, "accounts/#", s->bob.id);
	assert_int_equal(api_ask(s->kit, "DELETE", s->token, bob, NULL).status, 422);
	api_post(s->kit, s->token, path(s, "accounts/#/action", s->bob.id), "type=suspend");
	assert_int_equal(api_ask(s->kit, "DELETE", s->token, bob, NULL).status, 200);
	assert_true((test_store_account(&s->kit->t, s->bob.id).flags & ACCOUNT_DELETED) != 0);
	assert_int_equal(test_store_rows(&s->kit->t, &store_status), 0);
}

/* --- reports --- */

static void reports_are_read_and_handled(void **state)
{
	struct scene *s = *state;
	struct status letter =
		test_store_post(&s->kit->t, &s->bob, VISIBILITY_DIRECT, "threat", &s->alice, NULL);
	struct str alices = apikit_sign_in(s->kit, &s->alice, "write");
	char body[200];
	snprintf(body, sizeof(body), "account_id=%llu&status_ids[]=%llu&comment=help",
		 (unsigned long long)s->bob.id, (unsigned long long)letter.id);
	struct answer a = api_post(s->kit, alices, "/api/v1/reports", body);
	uint64_t id = answer_id(&a);
	a = api_get(s->kit, s->token, "/api/v1/admin/reports");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.account.username"), STR("alice"));
	assert_str_eq(answer_str(&a, "0.target_account.account.acct"), STR("bob@b.example"));
	/* moderators see what was reported, though nobody wrote to them */
	assert_str_eq(answer_str(&a, "0.statuses.0.uri"), letter.uri);
	assert_int_equal(jr_type(answer_at(&a, "0.assigned_account")), JR_NULL);
	/* and hear of it */
	a = api_get(s->kit, s->token, "/api/v1/notifications?types[]=admin.report");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.type"), STR("admin.report"));
	assert_str_eq(answer_str(&a, "0.report.comment"), STR("help"));
	assert_str_eq(answer_str(&a, "0.report.target_account.acct"), STR("bob@b.example"));
	a = api_get(s->kit, s->token, "/api/v2/notifications");
	assert_true(str_contains(a.body, STR("\"type\":\"admin.report\"")));
	assert_true(str_contains(a.body, STR("\"comment\":\"help\"")));
	a = api_post(s->kit, s->token, path(s, "reports/#/assign_to_self", id), NULL);
	assert_str_eq(answer_str(&a, "assigned_account.username"), STR("boss"));
	a = api_post(s->kit, s->token, path(s, "reports/#/unassign", id), NULL);
	assert_int_equal(jr_type(answer_at(&a, "assigned_account")), JR_NULL);
	a = api_ask(s->kit, "PUT", s->token, path(s, "reports/#", id), "category=spam");
	assert_str_eq(answer_str(&a, "category"), STR("spam"));
	a = api_ask(s->kit, "PUT", s->token, path(s, "reports/#", id), "category=tea");
	assert_int_equal(a.status, 422);
	a = api_post(s->kit, s->token, path(s, "reports/#/resolve", id), NULL);
	assert_true(jr_bool(answer_at(&a, "action_taken"), false));
	assert_str_eq(answer_str(&a, "action_taken_by_account.username"), STR("boss"));
	a = api_get(s->kit, s->token, "/api/v1/admin/reports");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->token,
		    "/api/v1/admin/reports?resolved=true&by_target_domain=b.example");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, "/api/v1/admin/reports?resolved=true&account_id=17");
	assert_int_equal(jr_count(a.json), 0);
	a = api_post(s->kit, s->token, path(s, "reports/#/reopen", id), NULL);
	assert_false(jr_bool(answer_at(&a, "action_taken"), true));
	a = api_get(s->kit, s->token, "%s", path(s, "reports/#", id));
	assert_str_eq(answer_str(&a, "comment"), STR("help"));
}

/* --- hosts --- */

static void hosts_are_blocked_and_let_off(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->token, "/api/v1/admin/domain_blocks",
				   "domain=Bad.Example&severity=suspend&reject_media=true&"
				   "private_comment=ours&public_comment=spam&obfuscate=true");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "domain"), STR("bad.example"));
	assert_str_eq(answer_str(&a, "severity"), STR("suspend"));
	assert_true(jr_bool(answer_at(&a, "reject_media"), false));
	assert_str_eq(answer_str(&a, "private_comment"), STR("ours"));
	assert_int_equal(answer_str(&a, "digest").len, 64);
	assert_int_equal(s->policies, 1);
	uint64_t id = answer_id(&a);
	a = api_post(s->kit, s->token, "/api/v1/admin/domain_blocks", "domain=bad.example");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "details.domain.0.error"), STR("ERR_TAKEN"));
	a = api_post(s->kit, s->token, "/api/v1/admin/domain_blocks", "domain=b@d");
	assert_int_equal(a.status, 422);
	a = api_post(s->kit, s->token, "/api/v1/admin/domain_blocks", "domain=example.org");
	assert_int_equal(a.status, 422);
	a = api_ask(s->kit, "PUT", s->token, path(s, "domain_blocks/#", id),
		    "severity=silence&reject_media=false");
	assert_str_eq(answer_str(&a, "severity"), STR("silence"));
	assert_false(jr_bool(answer_at(&a, "reject_media"), true));
	assert_true(jr_bool(answer_at(&a, "obfuscate"), false));
	assert_int_equal(answer_id(&a), id);
	a = api_get(s->kit, s->token, "/api/v1/admin/domain_blocks");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, "/api/v1/admin/domain_allows");
	assert_int_equal(jr_count(a.json), 0);
	a = api_get(s->kit, s->token, "%s", path(s, "domain_allows/#", id));
	assert_int_equal(a.status, 404);
	a = api_ask(s->kit, "DELETE", s->token, path(s, "domain_blocks/#", id), NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(s->policies, 3);
	assert_int_equal(api_get(s->kit, s->token, "%s", path(s, "domain_blocks/#", id)).status,
			 404);
	a = api_post(s->kit, s->token, "/api/v1/admin/domain_blocks",
		     "domain=odd.example&severity=noop");
	assert_str_eq(answer_str(&a, "severity"), STR("noop"));
}

static void hosts_are_allowed(void **state)
{
	struct scene *s = *state;
	struct answer a =
		api_post(s->kit, s->token, "/api/v1/admin/domain_allows", "domain=good.example");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "domain"), STR("good.example"));
	uint64_t id = answer_id(&a);
	a = api_get(s->kit, s->token, "/api/v1/admin/domain_allows");
	assert_int_equal(jr_count(a.json), 1);
	a = api_get(s->kit, s->token, "%s", path(s, "domain_allows/#", id));
	assert_int_equal(a.status, 200);
	a = api_ask(s->kit, "DELETE", s->token, path(s, "domain_allows/#", id), NULL);
	assert_int_equal(a.status, 200);
	a = api_get(s->kit, s->token, "/api/v1/admin/domain_allows");
	assert_int_equal(jr_count(a.json), 0);
}

/* --- who may not sign up --- */

static void addresses_are_kept_out(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *list, *body, *member, *value;
		unsigned status;
	} rows[] = {
		{ "email_domain_blocks", "domain=spam.example", "domain", "spam.example", 200 },
		{ "email_domain_blocks", "domain=spam.example", NULL, NULL, 422 },
		{ "email_domain_blocks", "domain=", NULL, NULL, 422 },
		{ "ip_blocks", "ip=192.0.2.77/24&severity=sign_up_block&comment=c", "ip",
		  "192.0.2.0/24", 200 },
		{ "ip_blocks", "ip=2001:db8::1&severity=no_access", "ip", "2001:db8::1/128", 200 },
		{ "ip_blocks", "ip=192.0.2.300&severity=no_access", NULL, NULL, 422 },
		{ "ip_blocks", "ip=192.0.2.1/33&severity=no_access", NULL, NULL, 422 },
		{ "ip_blocks", "ip=192.0.2.1&severity=tea", NULL, NULL, 422 },
		/* SHA-256 of "foobar@example.com" */
		{ "canonical_email_blocks", "email=Foo.Bar%2Bspam@Example.com",
		  "canonical_email_hash",
		  "3bc3ca01dd1d501ca1c22e1c5d7d16feac90b8a3178fb17c710510d8a85e21bf", 200 },
		{ "canonical_email_blocks", "canonical_email_hash=short", NULL, NULL, 422 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char at[100];
		snprintf(at, sizeof(at), "/api/v1/admin/%s", rows[i].list);
		struct answer a = api_post(s->kit, s->token, at, rows[i].body);
		if (a.status != rows[i].status)
			fail_msg("%s %s: %.*s", rows[i].list, rows[i].body, STR_ARG(a.body));
		if (rows[i].member != NULL)
			assert_str_eq(answer_str(&a, rows[i].member), str_of(rows[i].value));
	}
}

static void bars_are_listed_changed_and_taken_away(void **state)
{
	struct scene *s = *state;
	struct answer a = api_post(s->kit, s->token, "/api/v1/admin/ip_blocks",
				   "ip=192.0.2.1&severity=no_access&expires_in=60&comment=x");
	uint64_t id = answer_id(&a);
	assert_str_eq(answer_str(&a, "severity"), STR("no_access"));
	assert_int_equal(jr_type(answer_at(&a, "expires_at")), JR_STRING);
	a = api_ask(s->kit, "PUT", s->token, path(s, "ip_blocks/#", id),
		    "severity=sign_up_requires_approval");
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_id(&a), id);
	assert_str_eq(answer_str(&a, "severity"), STR("sign_up_requires_approval"));
	assert_str_eq(answer_str(&a, "ip"), STR("192.0.2.1/32"));
	a = api_get(s->kit, s->token, "/api/v1/admin/ip_blocks");
	assert_int_equal(jr_count(a.json), 1);
	a = api_ask(s->kit, "DELETE", s->token, path(s, "ip_blocks/#", id), NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(api_get(s->kit, s->token, "%s", path(s, "ip_blocks/#", id)).status, 404);
}

static void an_address_is_known_by_its_canonical_form(void **state)
{
	struct scene *s = *state;
	api_post(s->kit, s->token, "/api/v1/admin/canonical_email_blocks",
		 "email=Foo.Bar%2Bspam@Example.com");
	struct answer a = api_post(s->kit, s->token, "/api/v1/admin/canonical_email_blocks/test",
				   "email=foobar@example.com");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 1);
	a = api_post(s->kit, s->token, "/api/v1/admin/canonical_email_blocks/test",
		     "email=foobaz@example.com");
	assert_int_equal(jr_count(a.json), 0);
	a = api_post(s->kit, s->token, "/api/v1/admin/canonical_email_blocks/test", "email=none");
	assert_int_equal(a.status, 400);
}

/* --- figures --- */

static enum rc visit(struct social *s, void *arg)
{
	presence_add(s->txn, *(const uint64_t *)arg, db_txn_now(s->txn));
	measure_add(s->txn, MEASURE_REPORTS, day_of_ms(db_txn_now(s->txn)), 3);
	return db_txn_rc(s->txn);
}

static void days_are_measured(void **state)
{
	struct scene *s = *state;
	test_store_write(&s->kit->t, visit, &s->alice.id);
	/* the tests' clock stands at 2023-11-14 */
	struct answer a = api_post(s->kit, s->token, "/api/v1/admin/measures",
				   "keys[]=opened_reports&keys[]=nonsense&keys[]=instance_accounts&"
				   "instance_accounts[domain]=b.example&"
				   "start_at=2023-11-13&end_at=2023-11-14T10:00:00Z");
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(answer_str(&a, "0.key"), STR("opened_reports"));
	assert_str_eq(answer_str(&a, "0.total"), STR("3"));
	assert_int_equal(jr_count(answer_at(&a, "0.data")), 2);
	assert_str_eq(answer_str(&a, "0.data.1.value"), STR("3"));
	assert_str_eq(answer_str(&a, "0.data.1.date"), STR("2023-11-14T00:00:00.000Z"));
	a = api_post(s->kit, s->token, "/api/v1/admin/retention",
		     "start_at=2023-11-14&end_at=2023-11-14&frequency=day");
	assert_int_equal(jr_count(a.json), 1);
	/* alice, and boss who asks */
	assert_str_eq(answer_str(&a, "0.frequency"), STR("day"));
	assert_int_equal(jr_count(answer_at(&a, "0.data")), 1);
	a = api_post(s->kit, s->token, "/api/v1/admin/dimensions",
		     "keys[]=software_versions&keys[]=space_usage&keys[]=nonsense");
	assert_int_equal(jr_count(a.json), 2);
	assert_str_eq(answer_str(&a, "0.data.0.key"), STR("fediflow"));
	a = api_post(s->kit, s->token, "/api/v1/admin/measures", "keys[]=new_users");
	assert_int_equal(a.status, 400);
}

/* --- trends --- */

static enum rc tag(struct social *s, void *arg UNUSED)
{
	hashtag_use(s->txn, STR("cats"), STR("Cats"), db_txn_now(s->txn));
	rank_put(s->txn, RANK_TAG, STR("cats"), UINT64_MAX);
	rank_put(s->txn, RANK_LINK, STR("https://news.example/"), UINT64_MAX);
	return db_txn_rc(s->txn);
}

static void trends_are_reviewed(void **state)
{
	struct scene *s = *state;
	test_store_write(&s->kit->t, tag, NULL);
	struct answer a = api_get(s->kit, s->token, "/api/v1/admin/trends/tags");
	assert_int_equal(jr_count(a.json), 1);
	assert_str_eq(answer_str(&a, "0.name"), STR("Cats"));
	assert_true(jr_bool(answer_at(&a, "0.requires_review"), false));
	uint64_t id = 0;
	assert_true(str_to_u64(answer_str(&a, "0.id"), &id));
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/tags");
	assert_int_equal(jr_count(a.json), 0);
	a = api_post(s->kit, s->token, path(s, "trends/tags/#/approve", id), NULL);
	assert_int_equal(a.status, 200);
	assert_false(jr_bool(answer_at(&a, "requires_review"), true));
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/tags");
	assert_int_equal(jr_count(a.json), 1);
	a = api_ask(s->kit, "PUT", s->token, path(s, "tags/#", id), "trendable=false");
	assert_false(jr_bool(answer_at(&a, "trendable"), true));
	a = api_get(s->kit, STR_NONE, "/api/v1/trends/tags");
	assert_int_equal(jr_count(a.json), 0);
	assert_int_equal(
		api_post(s->kit, s->token, path(s, "trends/tags/#/approve", 17), NULL).status, 404);
	a = api_get(s->kit, s->token, "/api/v1/admin/trends/links");
	assert_str_eq(answer_str(&a, "0.url"), STR("https://news.example/"));
	struct status post = test_store_post(&s->kit->t, &s->bob, VISIBILITY_PUBLIC, "x", NULL);
	a = api_post(s->kit, s->token, path(s, "trends/statuses/#/reject", post.id), NULL);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "uri"), post.uri);
	assert_int_equal(api_get(s->kit, s->token, "/api/v1/admin/trends/statuses").status, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_has_no_role_may_do_nothing),
		TEST(s101_who_is_disabled_is_not_let_in),
		TEST(a_role_is_told_to_its_holder_and_shown_to_all),
		TEST(accounts_are_listed_and_filtered),
		TEST(accounts_are_moderated_and_let_off),
		TEST(only_what_is_suspended_is_deleted),
		TEST(reports_are_read_and_handled),
		TEST(hosts_are_blocked_and_let_off),
		TEST(hosts_are_allowed),
		TEST(addresses_are_kept_out),
		TEST(bars_are_listed_changed_and_taken_away),
		TEST(an_address_is_known_by_its_canonical_form),
		TEST(days_are_measured),
		TEST(trends_are_reviewed),
	};
	return cmocka_run_group_tests_name("admin", tests, NULL, NULL);
}
