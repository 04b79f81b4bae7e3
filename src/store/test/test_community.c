/* Communities: what is stored comes back, what is inherited, indexes and counts agree. */
#include "../badge_int.h"
#include "../community_int.h"
#include "../consultation_int.h"
#include "../resource_int.h"
#include "core/must.h"
#include "db/rec.h"
#include "store/account.h"
#include "store/tables.h"
#include "testdb.h"

#define DEEP 10

struct world {
	struct test_db t;
	struct account alice, bob, groups[DEEP];
	struct status thread, comment;
	enum rc rc;
};

static enum rc groups_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	for (unsigned i = 0; i < DEEP; i++) {
		struct account *g = &w->groups[i];
		g->kind = ACCOUNT_GROUP;
		must(account_put(txn, w->t.arena, g));
	}
	return db_txn_rc(txn);
}

static void world_init(struct world *w)
{
	test_db_init(&w->t, NULL, 0);
	w->alice = test_db_local(&w->t, "alice");
	w->bob = test_db_remote(&w->t, "bob", "b.example");
	for (unsigned i = 0; i < DEEP; i++) {
		struct str name = arena_printf(w->t.arena, "group%u", i);
		w->groups[i] = test_db_local(&w->t, name.ptr);
	}
	test_db_write(&w->t, groups_job, w);
}

static void world_free(struct world *w)
{
	test_db_free(&w->t);
}

static struct community_flair flairs[] = { { 9, STR_INIT("News"), STR_INIT("#ff0000") },
					   { 5, STR_INIT("Ask"), STR_INIT("") } };

static struct community course(struct world *w)
{
	static struct str languages[] = { STR_INIT("de"), STR_INIT("en") };
	static struct str tags[] = { STR_INIT("Moss") };
	static struct str rules[] = { STR_INIT("Be kind"), STR_INIT("No spoilers") };
	return (struct community){ .id = w->groups[0].id,
				   .created_ms = 1000,
				   .given = COMMUNITY_GIVES_ALL,
				   .join = COMMUNITY_JOIN_ON_REQUEST,
				   .sight = COMMUNITY_MEMBERS,
				   .posting = COMMUNITY_POST_APPOINTED,
				   .premoderated = true,
				   .slow_s = 30,
				   .retention_days = 365,
				   .kind = STR("course"),
				   .languages = languages,
				   .language_count = 2,
				   .rules = rules,
				   .rule_count = 2,
				   .flairs = flairs,
				   .flair_count = 2,
				   .tags = tags,
				   .tag_count = 1 };
}

static bool is_course(const struct community *c)
{
	return c->created_ms == 1000 && c->join == COMMUNITY_JOIN_ON_REQUEST &&
	       c->sight == COMMUNITY_MEMBERS && c->posting == COMMUNITY_POST_APPOINTED &&
	       c->premoderated && c->slow_s == 30 && c->retention_days == 365 &&
	       str_eq(c->kind, STR("course")) && c->language_count == 2 &&
	       str_eq(c->languages[1], STR("en")) && c->rule_count == 2 &&
	       str_eq(c->rules[1], STR("No spoilers")) && c->flair_count == 2 &&
	       str_eq(c->flairs[0].colour, STR("#ff0000")) && c->flairs[1].id == 5 &&
	       c->tag_count == 1 && str_eq(c->tags[0], STR("Moss"));
}

/* --- settings --- */

static enum rc tree_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct community top = course(w);
	must(community_put(txn, w->t.arena, &top) == RC_OK);
	struct community below = { .id = w->groups[1].id,
				   .parent = top.id,
				   .given = COMMUNITY_GIVES_KIND | COMMUNITY_GIVES_SLOW,
				   .kind = STR("seminar"),
				   .slow_s = 0 };
	must(community_put(txn, w->t.arena, &below) == RC_OK);
	struct community alone = { .id = w->groups[2].id, .kind = STR("") };
	must(community_put(txn, w->t.arena, &alone) == RC_OK);
	return db_txn_rc(txn);
}

static void what_is_not_given_is_inherited(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct community c;
	uint64_t ids[4];
	world_init(&w);
	test_db_write(&w.t, tree_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(community_get(txn, w.t.arena, w.groups[0].id, &c) && is_course(&c));
	assert_true(community_effective(txn, w.t.arena, w.groups[1].id, &c));
	assert_str_eq(c.kind, STR("seminar"));
	assert_int_equal(c.slow_s, 0);
	assert_true(c.sight == COMMUNITY_MEMBERS && c.rule_count == 2 && c.premoderated);
	assert_int_equal(c.given, COMMUNITY_GIVES_KIND | COMMUNITY_GIVES_SLOW);
	assert_true(community_effective(txn, w.t.arena, w.groups[2].id, &c));
	assert_true(c.sight == COMMUNITY_PUBLIC && c.posting == COMMUNITY_POST_MEMBERS);
	assert_false(community_effective(txn, w.t.arena, w.alice.id, &c));
	assert_int_equal(community_children(txn, w.groups[0].id, 0, ids, 4), 1);
	assert_int_equal(ids[0], w.groups[1].id);
	assert_int_equal(communities(txn, 0, ids, 4), 3);
	db_read_end(&txn);
	test_db_check(&w.t);
}

static enum rc circle_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct community top = course(w);
	top.parent = w->groups[1].id;
	return community_put(txn, w->t.arena, &top) == RC_INVALID ? db_txn_rc(txn) : RC_CORRUPT;
}

static enum rc deep_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	for (unsigned i = 0; i < DEEP; i++) {
		struct community c = { .id = w->groups[i].id,
				       .parent = i == 0 ? 0 : w->groups[i - 1].id,
				       .kind = STR("") };
		enum rc expected = i <= COMMUNITY_DEPTH_MAX ? RC_OK : RC_INVALID;
		must(community_put(txn, w->t.arena, &c) == expected);
	}
	return db_txn_rc(txn);
}

static enum rc self_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct community c = course(w);
	c.parent = c.id;
	must(community_put(txn, w->t.arena, &c) == RC_INVALID);
	c.parent = w->alice.id; /* no community */
	must(community_put(txn, w->t.arena, &c) == RC_INVALID);
	return db_txn_rc(txn);
}

static void there_are_no_circles_and_no_abysses(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_db_write(&w.t, self_job, &w);
	test_db_write(&w.t, tree_job, &w);
	test_db_write(&w.t, circle_job, &w);
	test_db_check(&w.t);
	struct world deep CLEANUP(world_free);
	world_init(&deep);
	test_db_write(&deep.t, deep_job, &deep);
	test_db_check(&deep.t);
}

static enum rc del_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(community_del(txn, w->t.arena, w->groups[0].id));
	must(!community_del(txn, w->t.arena, w->groups[0].id));
	return db_txn_rc(txn);
}

static void children_keep_what_they_had_from_above(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct community c;
	world_init(&w);
	test_db_write(&w.t, tree_job, &w);
	test_db_write(&w.t, del_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_true(community_get(txn, w.t.arena, w.groups[1].id, &c));
	assert_true(c.parent == 0 && c.sight == COMMUNITY_MEMBERS && c.rule_count == 2);
	assert_str_eq(c.kind, STR("seminar"));
	db_read_end(&txn);
	test_db_check(&w.t);
}

/* --- members --- */

static enum rc people_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	struct community_member m = { .community = w->groups[0].id,
				      .account = w->alice.id,
				      .role = COMMUNITY_OWNER,
				      .since_ms = 5,
				      .reason = STR(""),
				      .note = STR("founder") };
	struct community_role tutor = { .position = 50,
					.permissions = COMMUNITY_MAY_POST,
					.name = STR("tutor") };
	struct community_role guest = { .id = COMMUNITY_GUEST, .name = STR("visitor") };
	struct community_invite i = {
		.community = m.community, .by = m.account, .role = COMMUNITY_MEMBER, .limit = 2
	};
	must(tree_job(txn, arg) == RC_OK);
	community_member_put(txn, &m);
	m.account = w->bob.id;
	m.role = COMMUNITY_MEMBER;
	m.flags = COMMUNITY_BANNED;
	m.until_ms = 99;
	m.reason = STR("spam");
	community_member_put(txn, &m);
	must(community_role_put(txn, w->t.arena, m.community, &tutor));
	must(tutor.id == COMMUNITY_ROLE_OWN);
	must(community_role_put(txn, w->t.arena, m.community, &guest));
	must(community_invite_add(txn, STR("open sesame"), &i) == RC_OK);
	must(community_invite_add(txn, STR("open sesame"), &i) == RC_EXISTS);
	community_invite_use(txn, STR("open sesame"));
	return db_txn_rc(txn);
}

static void roles_and_members_come_back(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct community_member rows[4];
	struct community_role roles[COMMUNITY_ROLES_MAX];
	struct community_invite invites[COMMUNITY_INVITES_MAX], found;
	uint64_t ids[4];
	world_init(&w);
	test_db_write(&w.t, people_job, &w);
	struct db_txn *txn = test_db_read(&w.t);
	assert_int_equal(community_members(txn, w.t.arena, w.groups[0].id, 0, rows, 4), 2);
	assert_true(rows[0].account == w.alice.id && rows[0].role == COMMUNITY_OWNER);
	assert_true(rows[1].account == w.bob.id && rows[1].until_ms == 99);
	assert_str_eq(rows[1].reason, STR("spam"));
	assert_int_equal(community_rows_of(txn, w.bob.id, 0, ids, 4), 1);
	assert_int_equal(community_roles(txn, w.t.arena, w.groups[0].id, roles), 5);
	assert_str_eq(roles[0].name, STR("visitor"));
	assert_int_equal(roles[3].permissions, COMMUNITY_MAY_ALL);
	assert_str_eq(roles[4].name, STR("tutor"));
	assert_int_equal(community_invites(txn, w.groups[0].id, invites), 1);
	assert_true(community_invite_find(txn, STR("open sesame"), &found));
	assert_true(found.uses == 1 && found.limit == 2 && found.id == invites[0].id);
	assert_false(community_invite_find(txn, STR("open"), &found));
	db_read_end(&txn);
	test_db_check(&w.t);
}

/* --- posts --- */

static struct community_post place(const struct world *w, const struct status *s, bool comment)
{
	return (struct community_post){ .community = w->groups[0].id,
					.status = s->id,
					.root = w->thread.id,
					.flags = comment ? COMMUNITY_POST_COMMENT : 0,
					.last_ms = comment ? 20 : 10 };
}

static enum rc posts_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(people_job(txn, arg) == RC_OK);
	w->thread.community = w->comment.community = w->groups[0].id;
	must(status_edit(txn, &w->thread) && status_edit(txn, &w->comment));
	struct community_post thread = place(w, &w->thread, false);
	struct community_post comment = place(w, &w->comment, true);
	thread.flags |= COMMUNITY_POST_PINNED;
	community_post_add(txn, &thread);
	community_post_add(txn, &comment);
	community_post_add(txn, &comment); /* once */
	return db_txn_rc(txn);
}

static enum rc hold_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(community_post_mark(txn, w->groups[0].id, w->comment.id, COMMUNITY_POST_HELD, 0));
	community_held_put(txn, w->comment.id, STR("{}"));
	return db_txn_rc(txn);
}

static void world_posts(struct world *w)
{
	world_init(w);
	w->thread = test_db_status(&w->t, &w->alice, 0, 0);
	w->comment = test_db_status(&w->t, &w->bob, w->thread.id, 0);
	test_db_write(&w->t, posts_job, w);
}

static size_t listed(struct db_txn *txn, const struct world *w, enum community_posts_kind kind)
{
	uint64_t ids[4];
	return community_posts(txn, w->groups[0].id, kind, &PAGE_ALL, ids, 4);
}

static void posts_are_counted_and_listed(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct community_post p;
	world_posts(&w);
	test_db_check(&w.t);
	struct db_txn *txn = test_db_read(&w.t);
	struct community_totals t = community_totals(txn, w.groups[0].id);
	assert_true(t.threads == 1 && t.comments == 1);
	assert_true(community_post_get(txn, w.groups[0].id, w.thread.id, &p));
	assert_true(p.comments == 1 && p.last_ms == 20);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_ALL), 2);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_THREADS), 1);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_PINNED), 1);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_HELD), 0);
	db_read_end(&txn);
	test_db_write(&w.t, hold_job, &w);
	test_db_check(&w.t);
	txn = test_db_read(&w.t);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_ALL), 1);
	assert_int_equal(listed(txn, &w, COMMUNITY_POSTS_HELD), 1);
	assert_int_equal(community_totals(txn, w.groups[0].id).comments, 0);
	assert_str_eq(community_held_get(txn, w.comment.id), STR("{}"));
	db_read_end(&txn);
}

struct why {
	struct world *w;
	unsigned set, clear;
	struct str text;
};

static enum rc why_job(struct db_txn *txn, void *arg)
{
	const struct why *y = arg;
	must(community_post_mark(txn, y->w->groups[0].id, y->w->comment.id, y->set, y->clear));
	community_reason_put(txn, y->w->groups[0].id, y->w->comment.id, y->text);
	return db_txn_rc(txn);
}

static void marked(struct world *w, unsigned set, unsigned clear, struct str text)
{
	struct why y = { w, set, clear, text };
	test_db_write(&w->t, why_job, &y);
	test_db_check(&w->t);
}

static struct str why(struct world *w)
{
	struct db_txn *txn = test_db_read(&w->t);
	const struct str text =
		community_reason_get(txn, w->t.arena, w->groups[0].id, w->comment.id);
	db_read_end(&txn);
	return text;
}

static void a_reason_is_kept_as_long_as_there_is_a_mark(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	char text[3001];
	world_posts(&w);
	marked(&w, COMMUNITY_POST_HELD, 0, STR("for nothing that is told"));
	assert_str_eq(why(&w), STR(""));
	marked(&w, COMMUNITY_POST_REMOVED, COMMUNITY_POST_HELD, STR("rude"));
	assert_str_eq(why(&w), STR("rude"));
	/* who says nothing says nothing new */
	marked(&w, COMMUNITY_POST_LOCKED, 0, STR(""));
	assert_str_eq(why(&w), STR("rude"));
	marked(&w, 0, COMMUNITY_POST_REMOVED, STR("it was not"));
	assert_str_eq(why(&w), STR("it was not"));
	marked(&w, 0, COMMUNITY_POST_LOCKED, STR("nor that"));
	assert_str_eq(why(&w), STR(""));
	memset(text, 'x', sizeof(text));
	marked(&w, COMMUNITY_POST_LOCKED, 0, str_n(text, sizeof(text)));
	assert_int_equal(why(&w).len, 1000);
}

static enum rc clear_job(struct db_txn *txn, void *arg)
{
	struct world *w = arg;
	must(community_del(txn, w->t.arena, w->groups[0].id));
	while (community_clear(txn, w->groups[0].id, 2) == 2)
		;
	return db_txn_rc(txn);
}

static void nothing_is_left_of_one_that_is_removed(void **state UNUSED)
{
	static struct db_table *const tables[] = {
		&store_community_role,	 &store_community_member,  &store_community_of,
		&store_community_invite, &store_community_invited, &store_community_post,
		&store_community_thread, &store_community_queue,   &store_community_pinned,
		&store_community_total,	 &store_community_held,	   &store_community_staff,
		&store_community_banned, &store_community_reason
	};
	struct world w CLEANUP(world_free);
	world_posts(&w);
	marked(&w, COMMUNITY_POST_LOCKED, 0, STR("rude"));
	test_db_write(&w.t, hold_job, &w);
	test_db_write(&w.t, clear_job, &w);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(test_db_rows(&w.t, tables[i]), 0);
	test_db_check(&w.t);
}

/* --- damage --- */

static void every_truncation_of_what_is_shared_is_refused(void **state UNUSED)
{
	struct buf head CLEANUP(buf_free) = BUF_INIT(1024), body CLEANUP(buf_free) = BUF_INIT(1024);
	/* of a partner, so that it has all that there is */
	const struct resource r = {
		.community = 7, .by = 8, .created_ms = 1000, .versions = 3, .origin = 9
	};
	struct str uri;
	const struct resource_version v = { .by = 9,
					    .at_ms = 2000,
					    .url = STR("https://a.example/"),
					    .title = STR("Script"),
					    .description = STR("All"),
					    .note = STR("new") };
	struct resource r2;
	struct resource_version v2 = { .number = 3 };
	resource_encode(&head, &r, STR("https://b.example/r/1"));
	resource_version_encode(&body, &v);
	for (size_t len = 0; len < head.len; len++)
		assert_false(resource_decode(str_take(buf_str(&head), len), &r2, &uri));
	for (size_t len = 0; len < body.len; len++)
		assert_false(resource_version_decode(str_take(buf_str(&body), len), &v2));
	assert_true(resource_decode(buf_str(&head), &r2, &uri));
	assert_true(r2.community == 7 && r2.by == 8 && r2.created_ms == 1000 && r2.versions == 3);
	assert_true(r2.origin == 9);
	assert_str_eq(uri, STR("https://b.example/r/1"));
	assert_true(resource_version_decode(buf_str(&body), &v2));
	assert_str_eq(v2.url, v.url);
	assert_str_eq(v2.note, v.note);
	assert_true(v2.by == 9 && v2.at_ms == 2000 && v2.medium == 0);
	/* a link or a file, never both */
	struct resource_version both = v;
	both.medium = 5;
	buf_reset(&body);
	resource_version_encode(&body, &both);
	assert_false(resource_version_decode(buf_str(&body), &v2));
}

static void every_truncation_is_refused(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct community c;
	struct community_post p;
	world_init(&w);
	const struct community one = course(&w);
	community_encode(&row, &one);
	assert_true(community_decode(w.t.arena, buf_str(&row), 1, &c) && is_course(&c));
	for (size_t len = 0; len < row.len; len++)
		assert_false(community_decode(w.t.arena, str_take(buf_str(&row), len), 1, &c));
	buf_add_chr(&row, 'x');
	assert_false(community_decode(w.t.arena, buf_str(&row), 1, &c));
	buf_reset(&row);
	const struct community_post post = { .root = 7,
					     .flags = COMMUNITY_POST_LOCKED,
					     .last_ms = 8,
					     .comments = 9,
					     .flair = 2,
					     .pin_until_ms = 11 };
	community_post_encode(&row, &post);
	assert_true(community_post_decode(buf_str(&row), &p) && p.root == 7 && p.comments == 9 &&
		    p.flair == 2 && p.pin_until_ms == 11);
	for (size_t len = 0; len < row.len; len++)
		assert_false(community_post_decode(str_take(buf_str(&row), len), &p));
}

static void what_communities_hold_is_refused_in_part(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct badge badge = {
		.created_ms = 5, .name = STR("Helper"), .description = STR("d"), .emoji = STR("*")
	};
	struct badge_award award = { .badge = 7, .by = 8, .given_ms = 9, .reason = STR("r") };
	struct consultation c = { .community = 3,
				  .method = CONSULTATION_RANKED,
				  .roles = { 4 },
				  .role_count = 1,
				  .question = STR("q"),
				  .description = STR(""),
				  .options = { STR("a"), STR("b") },
				  .option_count = 2 };
	struct consultation_paper paper = { .choices = { 2, 1 }, .count = 2 };
	badge_encode(&row, &badge);
	for (size_t len = 0; len < row.len; len++)
		assert_false(badge_decode(str_take(buf_str(&row), len), &badge));
	assert_true(badge_decode(buf_str(&row), &badge) && str_eq(badge.name, STR("Helper")));
	buf_reset(&row);
	badge_award_encode(&row, &award);
	for (size_t len = 0; len < row.len; len++)
		assert_false(badge_award_decode(str_take(buf_str(&row), len), &award));
	assert_true(badge_award_decode(buf_str(&row), &award) && award.badge == 7);
	buf_reset(&row);
	consultation_encode(&row, &c);
	for (size_t len = 0; len < row.len; len++)
		assert_false(consultation_decode(str_take(buf_str(&row), len), 1, &c));
	assert_true(consultation_decode(buf_str(&row), 1, &c) && c.option_count == 2);
	assert_str_eq(c.options[1], STR("b"));
	buf_reset(&row);
	c.thread = 9;
	consultation_encode(&row, &c);
	for (size_t len = 0; len < row.len; len++)
		assert_false(consultation_decode(str_take(buf_str(&row), len), 1, &c));
	assert_true(consultation_decode(buf_str(&row), 1, &c) && c.thread == 9 && c.origin == 0);
	buf_reset(&row);
	consultation_paper_encode(&row, &paper);
	for (size_t len = 0; len < row.len; len++)
		assert_false(consultation_paper_decode(str_take(buf_str(&row), len), &paper));
	assert_true(consultation_paper_decode(buf_str(&row), &paper) && paper.choices[0] == 2);
}

static void the_loss_of_any_row_is_found(void **state UNUSED)
{
	static struct db_table *const tables[] = { &store_community_child, &store_community_member,
						   &store_community_of,	   &store_community_invited,
						   &store_community_post,  &store_community_thread,
						   &store_community_queue, &store_community_pinned,
						   &store_community_staff, &store_community_banned,
						   &store_account };
	for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
		struct world w CLEANUP(world_free);
		struct db_iter it;
		struct str key, value;
		world_posts(&w);
		test_db_write(&w.t, hold_job, &w);
		struct db_txn *txn = test_db_read(&w.t);
		db_iter_open(&it, txn, tables[k], STR(""), DB_FORWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, &value));
		key = arena_str(w.t.arena, key);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&w.t, tables[k], key, STR_NONE);
		assert_true(test_db_complaints(&w.t, NULL) > 0);
	}
}

/* As rows were before flairs had ids of their own: threads say the place in the list. */
static void settings_of_old_are_read(void **state UNUSED)
{
	struct arena *arena CLEANUP(arena_free) = arena_new(65536);
	struct buf row CLEANUP(buf_free) = BUF_INIT(1024);
	struct community c;
	rec_add_u8(&row, 1);
	rec_add_u64(&row, 7);
	rec_add_num(&row, 1000);
	rec_add_num(&row, COMMUNITY_GIVES_FLAIRS);
	for (unsigned i = 0; i < 4; i++)
		rec_add_u8(&row, 0);
	rec_add_num(&row, 0);
	rec_add_num(&row, 0);
	rec_add_str(&row, STR("course"));
	rec_add_num(&row, 0);
	rec_add_num(&row, 0);
	rec_add_num(&row, 2);
	for (unsigned i = 0; i < 2; i++) {
		rec_add_str(&row, flairs[i].name);
		rec_add_str(&row, flairs[i].colour);
	}
	assert_true(community_decode(arena, buf_str(&row), 9, &c));
	assert_true(c.parent == 7 && c.flair_count == 2 && c.tag_count == 0);
	assert_true(str_eq(community_flair_find(&c, 2)->name, STR("Ask")));
	assert_null(community_flair_find(&c, 3));
	for (size_t len = 0; len < row.len; len++)
		assert_false(community_decode(arena, str_take(buf_str(&row), len), 9, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_given_is_inherited),
		cmocka_unit_test(there_are_no_circles_and_no_abysses),
		cmocka_unit_test(children_keep_what_they_had_from_above),
		cmocka_unit_test(roles_and_members_come_back),
		cmocka_unit_test(posts_are_counted_and_listed),
		cmocka_unit_test(a_reason_is_kept_as_long_as_there_is_a_mark),
		cmocka_unit_test(nothing_is_left_of_one_that_is_removed),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(every_truncation_of_what_is_shared_is_refused),
		cmocka_unit_test(what_communities_hold_is_refused_in_part),
		cmocka_unit_test(the_loss_of_any_row_is_found),
		cmocka_unit_test(settings_of_old_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
