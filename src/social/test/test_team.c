/* Roles and members of teams: who may what, who signs in as whom, and how rights end. */
#include "social/team.h"

#include <stdio.h>

#include "core/clock.h"
#include "social/account.h"
#include "social/audit.h"
#include "social/live.h"
#include "social/moderate.h"
#include "social/oauth.h"
#include "store/tables.h"
#include "teststore.h"

struct scene {
	struct test_store t;
	struct account desk, ada, bob, eve;
};

struct task {
	enum rc (*run)(struct social *s, const struct task *task);
	uint64_t person, team, member, heir;
	enum team_role role;
	struct team_change change;
	struct account account;
	struct str secret;
};

static enum rc run_task(struct social *s, void *arg)
{
	const struct task *task = arg;
	return task->run(s, task);
}

static enum rc does(struct scene *s, struct task task)
{
	task.team = task.team != 0 ? task.team : s->desk.id;
	return test_store_try(&s->t, run_task, &task);
}

static enum rc create(struct social *s, const struct task *task)
{
	return team_create(s, 0, &task->account, task->member, &task->change);
}

static enum rc give(struct social *s, const struct task *task)
{
	return team_give(s, task->person, task->team, task->member, task->role);
}

static enum rc take(struct social *s, const struct task *task)
{
	return team_remove(s, task->person, task->team, task->member, task->heir);
}

static enum rc set(struct social *s, const struct task *task)
{
	return team_set(s, task->person, task->team, &task->change);
}

static enum rc suspend(struct social *s, const struct task *task)
{
	return account_suspend(s, &task->account, true);
}

static enum rc change_kind(struct social *s, const struct task *task)
{
	struct account a = task->account;
	a.kind = ACCOUNT_ORGANIZATION;
	return account_put(s->txn, s->ctx->arena, &a) ? RC_OK : RC_NOT_FOUND;
}

static enum rc add_token(struct social *s, const struct task *task)
{
	struct oauth_token token = { .app = 1,
				     .account = task->team,
				     .person = task->person,
				     .scopes = STR("read write push") };
	oauth_token_add(s->txn, task->secret, &token);
	return db_txn_rc(s->txn);
}

static void scene_init(struct scene *s)
{
	test_store_init(&s->t);
	s->desk = test_store_local(&s->t, "desk");
	s->ada = test_store_local(&s->t, "ada");
	s->bob = test_store_local(&s->t, "bob");
	s->eve = test_store_local(&s->t, "eve");
	assert_int_equal(does(s, (struct task){ .run = change_kind, .account = s->desk }), RC_OK);
	s->desk = test_store_account(&s->t, s->desk.id);
	assert_int_equal(
		does(s, (struct task){ .run = create, .account = s->desk, .member = s->ada.id }),
		RC_OK);
	s->desk = test_store_account(&s->t, s->desk.id);
}

static void scene_free(struct scene *s)
{
	test_store_check(&s->t);
	test_store_free(&s->t);
}

static enum team_role role_in_desk(struct scene *s, const struct account *person)
{
	struct db_txn *txn = test_store_read(&s->t);
	enum team_role role = team_role_of(txn, s->t.d.arena, s->desk.id, person->id);
	db_read_end(&txn);
	return role;
}

static enum rc bears(struct scene *s, struct str secret, struct bearer *out)
{
	struct db_txn *txn = test_store_read(&s->t);
	enum rc rc = oauth_authenticate(txn, s->t.d.arena, secret, out);
	db_read_end(&txn);
	return rc;
}

/* --- the tables --- */

static void every_role_may_what_its_name_says(void **state UNUSED)
{
	static const struct {
		enum team_role role;
		team_permissions may, may_not;
	} rows[] = {
		{ TEAM_ADMINISTRATOR,
		  TEAM_MAY(MEMBERS) | TEAM_MAY(LOG) | TEAM_MAY(PUBLISH) | TEAM_MAY(PROFILE), 0 },
		{ TEAM_EDITOR,
		  TEAM_MAY(PUBLISH) | TEAM_MAY(REVIEW) | TEAM_MAY(EDIT) | TEAM_MAY(DELETE) |
			  TEAM_MAY(LETTERS),
		  TEAM_MAY(MEMBERS) | TEAM_MAY(LOG) | TEAM_MAY(PROFILE) },
		{ TEAM_AUTHOR, TEAM_MAY(DRAFT) | TEAM_MAY(SCHEDULE),
		  TEAM_MAY(PUBLISH) | TEAM_MAY(REVIEW) | TEAM_MAY(EDIT) | TEAM_MAY(DELETE) |
			  TEAM_MAY(LETTERS) | TEAM_MAY(ENGAGE) },
		{ TEAM_REVIEWER, TEAM_MAY(REVIEW),
		  TEAM_MAY(DRAFT) | TEAM_MAY(PUBLISH) | TEAM_MAY(LETTERS) },
		{ TEAM_ANALYST, TEAM_MAY(ANALYTICS),
		  TEAM_MAY(DRAFT) | TEAM_MAY(REVIEW) | TEAM_MAY(LETTERS) },
	};
	enum team_role back;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		team_permissions may = team_role_permissions(rows[i].role);
		assert_int_equal(may & rows[i].may, rows[i].may);
		assert_int_equal(may & rows[i].may_not, 0);
		assert_true(team_role_may(rows[i].role, TEAM_MAY(READ)));
		assert_true(team_role_parse(str_of(team_role_name(rows[i].role)), &back));
		assert_int_equal(back, rows[i].role);
	}
	assert_int_equal(team_role_permissions(TEAM_NOBODY), 0);
	assert_false(team_role_parse(STR(""), &back));
}

static void no_role_opens_administration_of_the_node(void **state UNUSED)
{
	scope_set admin, all = 0;
	assert_true(scopes_parse(STR("admin:read admin:write"), &admin));
	for (unsigned role = 0; role < TEAM_ROLES; role++)
		all |= team_role_scopes((enum team_role)role);
	assert_int_equal(all & admin, 0);
	assert_int_equal(team_role_scopes(TEAM_NOBODY), 0);
	assert_int_equal(team_role_scopes(TEAM_AUTHOR) & (SCOPE_LETTERS | SCOPE(PUSH)), 0);
	assert_true(scopes_hold(team_role_scopes(TEAM_EDITOR), SCOPE_LETTERS | SCOPE(PUSH)));
}

/* --- members --- */

static void only_an_organisation_of_here_becomes_a_team(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct account far = test_store_remote(&s.t, "far", "b.example");
	far.kind = ACCOUNT_ORGANIZATION;
	assert_int_equal(
		does(&s, (struct task){ .run = create, .account = s.bob, .member = s.ada.id }),
		RC_INVALID);
	assert_int_equal(
		does(&s, (struct task){ .run = create, .account = far, .member = s.ada.id }),
		RC_INVALID);
	assert_int_equal(
		does(&s, (struct task){ .run = create, .account = s.desk, .member = s.ada.id }),
		RC_EXISTS);
	assert_int_equal(role_in_desk(&s, &s.ada), TEAM_ADMINISTRATOR);
}

static void administrators_alone_give_roles(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct account far = test_store_remote(&s.t, "far", "b.example");
	struct task bob = {
		.run = give, .person = s.ada.id, .member = s.bob.id, .role = TEAM_AUTHOR
	};
	assert_int_equal(does(&s, bob), RC_OK);
	assert_int_equal(role_in_desk(&s, &s.bob), TEAM_AUTHOR);
	/* a member without that permission, then somebody who is none */
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.bob.id,
						 .member = s.bob.id,
						 .role = TEAM_ADMINISTRATOR }),
			 RC_DENIED);
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.eve.id,
						 .member = s.eve.id,
						 .role = TEAM_ADMINISTRATOR }),
			 RC_NOT_FOUND);
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = far.id,
						 .role = TEAM_AUTHOR }),
			 RC_INVALID);
	/* nor does a team write for a team */
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = s.desk.id,
						 .role = TEAM_AUTHOR }),
			 RC_INVALID);
	assert_int_equal(does(&s, (struct task){ .run = set, .person = s.bob.id }), RC_DENIED);
	assert_int_equal(
		does(&s, (struct task){ .run = take, .person = s.bob.id, .member = s.ada.id }),
		RC_DENIED);
}

static void the_last_administrator_stays(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct task leaves = { .run = take, .person = s.ada.id, .member = s.ada.id };
	struct task demotes = {
		.run = give, .person = s.ada.id, .member = s.ada.id, .role = TEAM_EDITOR
	};
	assert_int_equal(does(&s, leaves), RC_CONFLICT);
	assert_int_equal(does(&s, demotes), RC_CONFLICT);
	/* not even when who runs the node says so */
	assert_int_equal(does(&s, (struct task){ .run = take, .member = s.ada.id }), RC_CONFLICT);
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = s.bob.id,
						 .role = TEAM_ADMINISTRATOR }),
			 RC_OK);
	assert_int_equal(does(&s, leaves), RC_OK);
	assert_int_equal(role_in_desk(&s, &s.ada), TEAM_NOBODY);
}

/* --- tokens --- */

static void a_token_carries_both_and_may_what_both_may(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer b;
	scene_init(&s);
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = s.bob.id,
						 .role = TEAM_AUTHOR }),
			 RC_OK);
	assert_int_equal(
		does(&s,
		     (struct task){ .run = add_token, .person = s.bob.id, .secret = STR("bob's") }),
		RC_OK);
	assert_int_equal(bears(&s, STR("bob's"), &b), RC_OK);
	assert_int_equal(b.account.id, s.desk.id);
	assert_int_equal(b.person.id, s.bob.id);
	assert_int_equal(b.role, TEAM_AUTHOR);
	assert_int_equal(b.scopes & (SCOPE(WRITE_FOLLOWS) | SCOPE(WRITE_ACCOUNTS) | SCOPE(PUSH)),
			 0);
	assert_true(scopes_hold(b.scopes, SCOPE(WRITE_STATUSES) | SCOPE(READ_STATUSES)));
	/* a new role holds at once */
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = s.bob.id,
						 .role = TEAM_EDITOR }),
			 RC_OK);
	assert_int_equal(bears(&s, STR("bob's"), &b), RC_OK);
	assert_true(scopes_hold(b.scopes, SCOPE(WRITE_FOLLOWS)));
}

static void nobody_acts_as_the_team_itself(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct bearer b;
	scene_init(&s);
	assert_int_equal(does(&s, (struct task){ .run = add_token, .secret = STR("own") }), RC_OK);
	assert_int_equal(bears(&s, STR("own"), &b), RC_UNAUTHENTICATED);
	assert_int_equal(
		does(&s,
		     (struct task){ .run = add_token, .person = s.eve.id, .secret = STR("eve's") }),
		RC_OK);
	assert_int_equal(bears(&s, STR("eve's"), &b), RC_UNAUTHENTICATED);
}

static enum rc sign_out(struct social *s, const struct task *task)
{
	sign_out_everywhere(s->txn, task->member, 0);
	return db_txn_rc(s->txn);
}

static void tokens_die_with_the_rights_of_either(void **state UNUSED)
{
	enum end { REMOVED, SUSPENDED, PASSWORD, TEAM_SUSPENDED, ENDS };
	for (unsigned end = 0; end < ENDS; end++) {
		struct scene s CLEANUP(scene_free);
		struct bearer b;
		scene_init(&s);
		assert_int_equal(does(&s, (struct task){ .run = give,
							 .person = s.ada.id,
							 .member = s.bob.id,
							 .role = TEAM_EDITOR }),
				 RC_OK);
		assert_int_equal(does(&s, (struct task){ .run = add_token,
							 .person = s.bob.id,
							 .secret = STR("bob's") }),
				 RC_OK);
		const struct task tasks[ENDS] = {
			[REMOVED] = { .run = take, .person = s.ada.id, .member = s.bob.id },
			[SUSPENDED] = { .run = suspend, .account = s.bob },
			[PASSWORD] = { .run = sign_out, .member = s.bob.id },
			[TEAM_SUSPENDED] = { .run = suspend, .account = s.desk },
		};
		assert_int_equal(does(&s, tasks[end]), RC_OK);
		assert_int_equal(bears(&s, STR("bob's"), &b), RC_UNAUTHENTICATED);
		assert_int_equal(test_store_rows(&s.t, &store_token), 0);
		assert_int_equal(test_store_rows(&s.t, &store_token_by), 0);
	}
}

/* --- ends --- */

static enum rc del(struct social *s, const struct task *task)
{
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, task->member, &a))
		return RC_NOT_FOUND;
	return account_delete(s, &a);
}

static void an_account_that_goes_leaves_its_teams(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	assert_int_equal(does(&s, (struct task){ .run = give,
						 .person = s.ada.id,
						 .member = s.bob.id,
						 .role = TEAM_EDITOR }),
			 RC_OK);
	assert_int_equal(does(&s, (struct task){ .run = del, .member = s.bob.id }), RC_OK);
	assert_int_equal(role_in_desk(&s, &s.bob), TEAM_NOBODY);
	assert_int_equal(test_store_rows(&s.t, &store_team_of), 1);
	assert_int_equal(does(&s, (struct task){ .run = del, .member = s.desk.id }), RC_OK);
	assert_int_equal(test_store_rows(&s.t, &store_team_of), 0);
}

static void every_act_stands_in_the_trail(void **state UNUSED)
{
	static const char *const acts[] = { "member.remove", "team.set",   "member.role",
					    "member.add",    "member.add", "team.create" };
	struct scene s CLEANUP(scene_free);
	struct team_entry entries[10];
	scene_init(&s);
	struct task bob = {
		.run = give, .person = s.ada.id, .member = s.bob.id, .role = TEAM_AUTHOR
	};
	assert_int_equal(does(&s, bob), RC_OK);
	bob.role = TEAM_REVIEWER;
	assert_int_equal(does(&s, bob), RC_OK);
	assert_int_equal(
		does(&s, (struct task){ .run = set,
					.person = s.ada.id,
					.change = { .has_four_eyes = true, .four_eyes = true } }),
		RC_OK);
	assert_int_equal(
		does(&s, (struct task){ .run = take, .person = s.bob.id, .member = s.bob.id }),
		RC_OK);
	struct db_txn *txn = test_store_read(&s.t);
	size_t n = team_log_page(txn, s.t.d.arena, s.desk.id, &PAGE_ALL, entries, 10);
	db_read_end(&txn);
	assert_int_equal(n, ARRAY_LEN(acts));
	for (size_t i = 0; i < n; i++)
		assert_str_eq(entries[i].act, str_of(acts[i]));
	assert_int_equal(entries[0].person, s.bob.id);
	assert_int_equal(entries[1].person, s.ada.id);
	assert_int_equal(entries[5].person, 0);
}

/* --- making one --- */

static enum rc make_manager(struct social *s, const struct task *task)
{
	role_give(s->txn, task->person, ROLE_MODERATOR);
	return db_txn_rc(s->txn);
}

static enum rc found(struct social *s, void *arg)
{
	return team_found(s, arg);
}

static struct team_founding founding_of(const struct account *person, const char *name)
{
	return (struct team_founding){ .person = person->id,
				       .account = { .username = str_of(name),
						    .display_name = STR("Press"),
						    .note = STR(""),
						    .kind = ACCOUNT_ORGANIZATION },
				       .secrets = { .password_hash = STR("") },
				       .wishes = { .has_four_eyes = true, .four_eyes = true } };
}

static enum rc may_found(struct scene *s, const struct account *person, const char *name)
{
	struct ctx ctx = { .arena = s->t.d.arena };
	return team_found_check(&ctx, &s->t.site, s->t.d.db, person->id, str_of(name));
}

static void who_manages_accounts_makes_teams(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct team_entry entries[4];
	struct team_member member;
	struct team team;
	scene_init(&s);
	struct team_founding f = founding_of(&s.bob, "press");
	/* the check before and the write say the same */
	assert_int_equal(may_found(&s, &s.bob, "press"), RC_DENIED);
	assert_int_equal(test_store_try(&s.t, found, &f), RC_DENIED);
	assert_int_equal(does(&s, (struct task){ .run = make_manager, .person = s.bob.id }), RC_OK);
	assert_int_equal(may_found(&s, &s.bob, "Press!"), RC_INVALID);
	assert_int_equal(may_found(&s, &s.bob, "eve"), RC_EXISTS);
	assert_int_equal(may_found(&s, &s.bob, "press"), RC_OK);
	assert_int_equal(test_store_try(&s.t, found, &f), RC_OK);
	assert_int_equal(may_found(&s, &s.bob, "press"), RC_EXISTS);
	struct account made = test_store_account(&s.t, f.made.id);
	assert_true((made.flags & ACCOUNT_TEAM) != 0);
	assert_int_equal(made.kind, ACCOUNT_ORGANIZATION);
	struct db_txn *txn = test_store_read(&s.t);
	assert_true(team_get(txn, made.id, &team));
	assert_true(team.four_eyes);
	assert_true(team_member_get(txn, made.id, s.bob.id, &member));
	assert_int_equal(member.role, TEAM_ADMINISTRATOR);
	assert_int_equal(member.by, s.bob.id);
	assert_int_equal(team_log_page(txn, s.t.d.arena, made.id, &PAGE_ALL, entries, 4), 2);
	db_read_end(&txn);
	assert_str_eq(entries[1].act, STR("team.create"));
	assert_int_equal(entries[1].person, s.bob.id);
}

static void the_record_names_who_made_a_team(void **state UNUSED)
{
	static const char *const acts[] = { "account.create", "team.act", "team.act" };
	struct scene s CLEANUP(scene_free);
	struct audit_row rows[ARRAY_LEN(acts)];
	struct audit_said said;
	scene_init(&s);
	struct ctx ctx = { .arena = s.t.d.arena };
	struct team_founding f = founding_of(&s.bob, "press");
	assert_int_equal(does(&s, (struct task){ .run = make_manager, .person = s.bob.id }), RC_OK);
	assert_int_equal(test_store_try(&s.t, found, &f), RC_OK);
	struct db_txn *txn = test_store_read(&s.t);
	size_t n = audit_before(txn, s.t.d.arena, 0, rows, ARRAY_LEN(rows));
	db_read_end(&txn);
	assert_int_equal(n, ARRAY_LEN(acts));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(audit_read(&ctx, &rows[n - 1 - i], &said), RC_OK);
		assert_str_eq(said.act, str_of(acts[i]));
		assert_str_eq(said.actor,
			      arena_printf(s.t.d.arena, "%llu", (unsigned long long)s.bob.id));
		assert_false(str_contains(rows[i].content, STR("Press")));
	}
}

/* What fails leaves nothing behind, and nobody has more than their number. */
static void nobody_makes_teams_without_end(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	struct account none;
	char name[16];
	scene_init(&s);
	assert_int_equal(does(&s, (struct task){ .run = make_manager, .person = s.bob.id }), RC_OK);
	for (unsigned i = 0; i < TEAMS_FOUNDED_MAX; i++) {
		snprintf(name, sizeof(name), "team%u", i);
		struct team_founding f = founding_of(&s.bob, name);
		assert_int_equal(test_store_try(&s.t, found, &f), RC_OK);
	}
	struct team_founding f = founding_of(&s.bob, "one_more");
	assert_int_equal(may_found(&s, &s.bob, "one_more"), RC_TOO_LARGE);
	assert_int_equal(test_store_try(&s.t, found, &f), RC_TOO_LARGE);
	struct account person = s.eve;
	assert_int_equal(does(&s, (struct task){ .run = make_manager, .person = s.eve.id }), RC_OK);
	assert_int_equal(does(&s, (struct task){ .run = suspend, .account = s.eve }), RC_OK);
	f = founding_of(&person, "one_more");
	assert_int_equal(test_store_try(&s.t, found, &f), RC_INVALID);
	struct db_txn *txn = test_store_read(&s.t);
	assert_false(account_find_handle(txn, s.t.d.arena, STR("one_more"), STR(""), &none));
	db_read_end(&txn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_role_may_what_its_name_says),
		cmocka_unit_test(no_role_opens_administration_of_the_node),
		cmocka_unit_test(only_an_organisation_of_here_becomes_a_team),
		cmocka_unit_test(administrators_alone_give_roles),
		cmocka_unit_test(the_last_administrator_stays),
		cmocka_unit_test(a_token_carries_both_and_may_what_both_may),
		cmocka_unit_test(nobody_acts_as_the_team_itself),
		cmocka_unit_test(tokens_die_with_the_rights_of_either),
		cmocka_unit_test(an_account_that_goes_leaves_its_teams),
		cmocka_unit_test(every_act_stands_in_the_trail),
		cmocka_unit_test(who_manages_accounts_makes_teams),
		cmocka_unit_test(the_record_names_who_made_a_team),
		cmocka_unit_test(nobody_makes_teams_without_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
