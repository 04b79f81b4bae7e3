/* What is missing of a thread is found, and peers that lie, loop or never end are survived: over a
 * scripted network whose documents are made from their addresses. */
#include "crawl_int.h"

#include <stdio.h>
#include <stdlib.h>

#include "fedqueue.h"
#include "store/graph.h"
#include "store/tables.h"
#include "store/thread.h"

#define OLD ",\"published\":\"2026-01-01T00:00:00Z\""
#define ROOT "https://h0.example/p/0"
#define LONG_AGO "2026-01-01T00:00:00Z"

/* --- a world of posts --- */

enum shape {
	SHAPE_TREE,	/* post n replies to (n - 1) / fan */
	SHAPE_CHAIN_UP, /* post n replies to n + 1, for ever */
	SHAPE_RING,	/* post n replies to n + 1 of `posts` */
	SHAPE_ENDLESS,	/* the replies to 0 have a fresh next page for ever, without items */
	SHAPE_SELF,	/* the page's next is itself */
	SHAPE_SWING,	/* two pages name each other */
	SHAPE_FOREIGN,	/* the replies to 0 list posts that reply to something else */
	SHAPE_ELSEWHERE /* the next page is on another host */
};

struct scene {
	struct fedkit *kit;
	struct kit_queue *q;
	enum shape shape;
	unsigned posts, fan, hosts;
	bool context;	     /* posts name a conversation */
	bool context_served; /* and its collection is there */
	const char *total;
	unsigned slow; /* a host that never answers; 0: none */
	struct buf body;
	unsigned pages;	   /* asked for */
	unsigned requests; /* of any kind */
};

static void answer(struct scene *s, struct fetch_result *result, const char *url)
{
	*result = (struct fetch_result){ .rc = RC_OK,
					 .status = 200,
					 .url = arena_str(s->kit->arena, str_of(url)),
					 .content_type = STR(ACTIVITY_JSON),
					 .body = buf_str(&s->body) };
}

static unsigned host_of(const struct scene *s, unsigned n)
{
	return n == 0 ? 0 : n % s->hosts;
}

static void add_post(struct scene *s, unsigned n)
{
	buf_addf(&s->body,
		 "{\"id\":\"https://h%u.example/p/%u\",\"type\":\"Note\",\"attributedTo\":\""
		 "https://h%u.example/u\",\"content\":\"<p>%u</p>\",\"to\":\"" AP_PUBLIC
		 "\",\"published\":\"" LONG_AGO "\"",
		 host_of(s, n), n, host_of(s, n), n);
	unsigned parent = n;
	if (s->shape == SHAPE_CHAIN_UP)
		parent = n + 1;
	else if (s->shape == SHAPE_RING)
		parent = (n + 1) % s->posts;
	else if (s->shape == SHAPE_FOREIGN)
		parent = n != 0 ? 7777 : 0;
	else if (n != 0)
		parent = (n - 1) / s->fan;
	if (parent != n)
		buf_addf(&s->body, ",\"inReplyTo\":\"https://h%u.example/p/%u\"",
			 host_of(s, parent), parent);
	if (s->context)
		buf_add(&s->body, STR(",\"context\":\"https://h0.example/context\""));
	buf_addf(&s->body,
		 ",\"replies\":{\"id\":\"https://h%u.example/p/%u/r\",\"type\":\"Collection\"%s%s}"
		 ",\"likes\":{\"totalItems\":%u}}",
		 host_of(s, n), n, s->total != NULL ? ",\"totalItems\":" : "",
		 s->total != NULL ? s->total : "", n + 3);
}

static void add_item(struct scene *s, unsigned n)
{
	char last = s->body.ptr[s->body.len - 1];
	buf_addf(&s->body, "%s\"https://h%u.example/p/%u\"", last == '[' ? "" : ",", host_of(s, n),
		 n);
}

static void add_replies(struct scene *s, unsigned n, unsigned page)
{
	unsigned host = host_of(s, n);
	buf_addf(&s->body, "{\"id\":\"https://h%u.example/p/%u/r\",\"type\":\"Collection\"", host,
		 n);
	if (s->total != NULL)
		buf_addf(&s->body, ",\"totalItems\":%s", s->total);
	if (s->shape == SHAPE_ENDLESS)
		buf_addf(&s->body, ",\"next\":\"https://h0.example/p/0/r?%u\"", page + 1);
	if (s->shape == SHAPE_SELF)
		buf_add(&s->body, STR(",\"next\":\"https://h0.example/p/0/r\""));
	if (s->shape == SHAPE_SWING)
		buf_addf(&s->body, ",\"next\":\"https://h0.example/p/0/r?%u\"",
			 page == 1 ? 2U : 1U);
	if (s->shape == SHAPE_ELSEWHERE)
		buf_addf(&s->body, ",\"next\":\"https://h1.example/p/0/r?%u\"", page + 1);
	buf_add(&s->body, STR(",\"items\":["));
	if (s->shape == SHAPE_FOREIGN && n == 0)
		add_item(s, 1);
	for (unsigned i = n * s->fan + 1; s->shape == SHAPE_TREE && i <= (n + 1) * s->fan; i++) {
		if (i < s->posts)
			add_item(s, i);
	}
	if (s->shape == SHAPE_RING)
		add_item(s, (n + s->posts - 1) % s->posts);
	buf_add(&s->body, STR("]}"));
}

static void add_context(struct scene *s)
{
	buf_add(&s->body, STR("{\"id\":\"https://h0.example/context\",\"type\":"
			      "\"OrderedCollection\",\"totalItems\":99,\"orderedItems\":["));
	for (unsigned n = 0; n < s->posts; n++)
		add_item(s, n);
	buf_add(&s->body, STR("]}"));
}

static bool script(void *arg, size_t n UNUSED, const struct test_fetch_request *request,
		   struct fetch_result *result)
{
	struct scene *s = arg;
	unsigned host, post, page = 0;
	char tail[32] = "";
	char url[300];
	snprintf(url, sizeof(url), "%.*s", STR_ARG(request->url));
	if (sscanf(url, "https://h%u.example/%31s", &host, tail) != 2)
		return false;
	buf_reset(&s->body);
	s->requests++;
	if (s->slow != 0 && host == s->slow) {
		*result = (struct fetch_result){ .rc = RC_TIMEOUT, .reason = STR("too slow") };
		return true;
	}
	if (strcmp(tail, "u") == 0) {
		buf_addf(&s->body,
			 "{\"id\":\"https://h%u.example/u\",\"type\":\"Person\","
			 "\"preferredUsername\":\"u\",\"inbox\":\"https://h%u.example/inbox\","
			 "\"outbox\":\"https://h%u.example/outbox\"}",
			 host, host, host);
	} else if (strcmp(tail, "context") == 0 && s->context_served) {
		add_context(s);
	} else if (strcmp(tail, "context") == 0) {
		*result = (struct fetch_result){ .rc = RC_OK, .status = 404 };
		return true;
	} else if (sscanf(tail, "p/%u/r?%u", &post, &page) == 2 ||
		   (sscanf(tail, "p/%u", &post) == 1 && strchr(tail, 'r') != NULL)) {
		s->pages++;
		add_replies(s, post, page);
	} else if (sscanf(tail, "p/%u", &post) == 1) {
		add_post(s, post);
	} else {
		return false;
	}
	answer(s, result, url);
	return true;
}

static int scene_begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	void *kit;
	must(s != NULL);
	kit_setup(&kit);
	s->kit = kit;
	s->kit->settings.key_fetches_per_minute = 100000;
	s->q = calloc(1, sizeof(*s->q));
	must(s->q != NULL);
	s->posts = s->fan = s->hosts = 1;
	buf_init(&s->body, 1 << 20);
	test_fetch_script_set(s->kit->net, script, s);
	kit_queue_start(s->q, s->kit, false);
	*state = s;
	return 0;
}

static int scene_end(void **state)
{
	struct scene *s = *state;
	void *kit = s->kit;
	assert_int_equal(kit_rows(s->kit, &queue_table_dead), 0);
	kit_teardown(&kit);
	buf_free(&s->body);
	free(s->q);
	free(s);
	return 0;
}

/* Jobs that wait for their moment run, too; the clock stands while others do. */
static void drain(struct scene *s)
{
	for (int i = 0; i < 20000; i++) {
		if (i % 1000 == 0)
			test_clock_advance(&s->kit->clock, 3 * MS_PER_SECOND);
		queue_wake(s->kit->queue);
		kit_settle(s->q);
		if (kit_rows(s->kit, &queue_table_job) == 0)
			return;
	}
	fail_msg("jobs remain");
}

static uint64_t known(struct scene *s, unsigned n)
{
	char uri[100];
	snprintf(uri, sizeof(uri), "https://h%u.example/p/%u", host_of(s, n), n);
	struct uri_entry entry = kit_uri(s->kit, uri);
	return entry.kind == URI_STATUS ? entry.id : 0;
}

static unsigned known_of(struct scene *s, unsigned count)
{
	unsigned n = 0;
	for (unsigned i = 0; i < count; i++)
		n += known(s, i) != 0;
	return n;
}

/* Somebody here has got post n by other ways: it is asked for by its id. */
static uint64_t meet(struct scene *s, unsigned n)
{
	char uri[100];
	snprintf(uri, sizeof(uri), "https://h%u.example/p/%u", host_of(s, n), n);
	struct kit_answer got = kit_resolve(s->kit, 'o', uri);
	assert_int_equal(got.rc, RC_OK);
	return got.id;
}

static void look(struct scene *s, uint64_t id)
{
	fed_look(s->kit->fed, id);
	drain(s);
}

static struct status_hints hints(struct scene *s, uint64_t id)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(s->kit->db, &txn), RC_OK);
	struct status_hints h = hint_get(txn, id);
	db_read_end(&txn);
	return h;
}

static size_t in_thread(struct scene *s, uint64_t root)
{
	static struct thread_entry rows[2000];
	struct db_txn *txn;
	assert_int_equal(db_read_begin(s->kit->db, &txn), RC_OK);
	size_t n = thread_list(txn, root, 0, 0, rows, ARRAY_LEN(rows));
	db_read_end(&txn);
	return n;
}

/* --- whole threads --- */

static void a_tree_over_many_hosts_is_found(void **state)
{
	struct scene *s = *state;
	s->posts = 300;
	s->fan = 4;
	s->hosts = 9;
	s->total = "14";
	uint64_t root = meet(s, 0);
	look(s, root);
	assert_int_equal(known_of(s, s->posts), s->posts);
	assert_int_equal(in_thread(s, root), s->posts - 1);
	struct status_hints h = hints(s, root);
	assert_int_equal(h.replies, 14);
	assert_int_equal(h.likes, 3);
	assert_int_equal(kit_rows(s->kit, &store_waiting), 0);
	/* each post, each collection, each author once; the root twice */
	assert_true(s->requests <= 2 * s->posts + s->hosts + 2);
}

static void a_look_from_below_finds_what_is_above_and_beside(void **state)
{
	struct scene *s = *state;
	s->posts = 50;
	s->fan = 3;
	s->hosts = 4;
	uint64_t leaf = meet(s, 40);
	drain(s);
	look(s, leaf);
	assert_int_equal(known_of(s, s->posts), s->posts);
	assert_int_equal(in_thread(s, known(s, 0)), s->posts - 1);
}

static void it_is_looked_for_once_in_a_while(void **state)
{
	struct scene *s = *state;
	s->posts = 5;
	s->fan = 5;
	uint64_t root = meet(s, 0);
	look(s, root);
	unsigned before = s->requests;
	look(s, root);
	look(s, known(s, 3));
	assert_int_equal(s->requests, before);
	/* a late reply is found when somebody looks again */
	s->posts = 6;
	test_clock_advance(&s->kit->clock, 11 * MS_PER_MINUTE);
	look(s, root);
	assert_int_equal(known_of(s, 6), 6);
	s->kit->settings.thread_refresh_ms = 0;
	test_clock_advance(&s->kit->clock, MS_PER_DAY);
	before = s->requests;
	look(s, root);
	assert_int_equal(s->requests, before);
}

static void a_silent_host_costs_one_wait_and_hides_nothing_else(void **state)
{
	struct scene *s = *state;
	s->posts = 60;
	s->fan = 59;
	s->hosts = 6;
	s->slow = 5;
	uint64_t root = meet(s, 0);
	look(s, root);
	/* 5, 11, ... of 1 to 59 are lost */
	assert_int_equal(known_of(s, s->posts), 50);
	assert_true(s->requests < 160);
}

static void a_conversation_tells_the_whole_thread(void **state)
{
	struct scene *s = *state;
	s->posts = 40;
	s->fan = 2;
	s->hosts = 5;
	s->context = s->context_served = true;
	uint64_t root = meet(s, 0);
	look(s, root);
	assert_int_equal(known_of(s, s->posts), s->posts);
	assert_int_equal(s->pages, 0);
	assert_int_equal(hints(s, root).thread, 99);
}

static void where_the_conversation_cannot_be_read_replies_are(void **state)
{
	struct scene *s = *state;
	s->posts = 40;
	s->fan = 2;
	s->hosts = 5;
	s->context = true;
	look(s, meet(s, 0));
	assert_int_equal(known_of(s, s->posts), s->posts);
	assert_true(s->pages > 0);
}

/* --- limits --- */

static void s055_replies_deeper_than_ten_are_left(void **state)
{
	struct scene *s = *state;
	s->posts = 10000;
	s->fan = 1;
	s->hosts = 3;
	look(s, meet(s, 0));
	assert_int_equal(known_of(s, 100), CRAWL_DEPTH_MAX + 1);
}

static void s055_a_hundred_ancestors_are_enough(void **state)
{
	struct scene *s = *state;
	s->shape = SHAPE_CHAIN_UP;
	s->hosts = 7;
	uint64_t id = meet(s, 0);
	drain(s);
	/* S-061: what came by itself causes twenty fetches */
	unsigned climbed = known_of(s, 300);
	assert_true(climbed > 5 && climbed <= 21);
	assert_true(s->requests <= 2 + 21 + s->hosts);
	unsigned before = known_of(s, 400);
	look(s, id);
	assert_int_equal(known_of(s, 400), before + 100);
}

static void s055_a_circle_ends(void **state)
{
	struct scene *s = *state;
	s->shape = SHAPE_RING;
	s->posts = 12;
	s->hosts = 3;
	uint64_t id = meet(s, 0);
	drain(s);
	look(s, id);
	assert_int_equal(known_of(s, 12), 12);
	assert_true(s->requests < 60);
	assert_int_equal(kit_rows(s->kit, &store_waiting), 0);
}

static void s054_pages_without_end_are_left_after_ten(void **state)
{
	static const struct {
		enum shape shape;
		unsigned pages;
	} cases[] = {
		{ SHAPE_ENDLESS, 10 },
		{ SHAPE_SELF, 1 },
		{ SHAPE_SWING, 3 },
		{ SHAPE_ELSEWHERE, 1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		void *again = NULL;
		if (i != 0)
			scene_begin(&again);
		struct scene *s = i == 0 ? *state : again;
		s->shape = cases[i].shape;
		s->hosts = 2;
		look(s, meet(s, 0));
		assert_int_equal(s->pages, cases[i].pages);
		if (i != 0)
			scene_end(&again);
	}
}

static void s054_a_long_collection_goes_on_with_the_next_look(void **state)
{
	struct scene *s = *state;
	s->shape = SHAPE_ENDLESS;
	uint64_t root = meet(s, 0);
	look(s, root);
	assert_int_equal(test_fetch_count_of(s->kit->net, "https://h0.example/p/0/r?10"), 0);
	test_clock_advance(&s->kit->clock, 11 * MS_PER_MINUTE);
	look(s, root);
	assert_int_equal(test_fetch_count_of(s->kit->net, "https://h0.example/p/0/r?10"), 1);
}

static void s054_totals_that_cannot_be_are_no_hints(void **state)
{
	static const char *const totals[] = { "-1", "1e30", "\"12\"" };
	struct scene *s = *state;
	for (size_t i = 0; i < ARRAY_LEN(totals); i++) {
		s->total = totals[i];
		uint64_t root = meet(s, 0);
		look(s, root);
		assert_int_equal(hints(s, root).replies, HINT_NONE);
		test_clock_advance(&s->kit->clock, 11 * MS_PER_MINUTE);
	}
}

static void what_replies_to_something_else_is_not_taken(void **state)
{
	struct scene *s = *state;
	s->shape = SHAPE_FOREIGN;
	s->hosts = 2;
	look(s, meet(s, 0));
	assert_int_equal(known(s, 1), 0);
}

static void a_blocked_host_is_not_asked(void **state)
{
	struct scene *s = *state;
	s->posts = 20;
	s->fan = 19;
	s->hosts = 4;
	kit_policy(s->kit, "h3.example", PEER_BLOCKED);
	fed_reload(s->kit->fed);
	look(s, meet(s, 0));
	assert_int_equal(known_of(s, 20), 15);
	for (size_t i = 0; i < test_fetch_count(s->kit->net); i++)
		assert_false(
			str_contains(test_fetch_request(s->kit->net, i)->url, STR("h3.example")));
}

static void s061_a_host_has_its_budget(void **state)
{
	struct scene *s = *state;
	s->posts = 90;
	s->fan = 89;
	s->hosts = 2;
	s->kit->settings.key_fetches_per_minute = 20;
	uint64_t root = meet(s, 0);
	fed_look(s->kit->fed, root);
	for (int i = 0; i < 20; i++)
		kit_settle(s->q);
	test_clock_advance(&s->kit->clock, MS_PER_SECOND);
	drain(s);
	assert_true(s->requests <= 2 * 3 * 20);
}

static void s060_who_reads_page_after_page_fills_no_queue(void **state)
{
	struct scene *s = *state;
	uint64_t ids[200];
	fed_set_queue(s->kit->fed, NULL); /* what is asked for only waits */
	for (unsigned n = 0; n < ARRAY_LEN(ids); n++)
		ids[n] = meet(s, n + 100);
	for (unsigned n = 0; n < ARRAY_LEN(ids); n++)
		fed_look(s->kit->fed, ids[n]);
	kit_settle(s->q);
	assert_true(kit_rows(s->kit, &store_look) <= 121);
	fed_set_queue(s->kit->fed, s->kit->queue);
	drain(s);
}

static void what_was_deleted_is_not_asked_for_again(void **state)
{
	struct scene *s = *state;
	struct account author;
	s->posts = 3;
	s->fan = 2;
	uint64_t root = meet(s, 0);
	look(s, root);
	uint64_t gone = known(s, 2);
	struct uri_entry entry = kit_uri(s->kit, "https://h0.example/u");
	assert_true(gone != 0 && kit_account(s->kit, entry.id, &author));
	kit_erase(s->kit, &author, gone);
	unsigned before = (unsigned)test_fetch_count_of(s->kit->net, "https://h0.example/p/2");
	test_clock_advance(&s->kit->clock, 11 * MS_PER_MINUTE);
	look(s, root);
	assert_int_equal(known(s, 2), 0);
	assert_int_equal(test_fetch_count_of(s->kit->net, "https://h0.example/p/2"), before);
}

/* --- an account's newest posts --- */

static void the_newest_posts_come_with_the_first_follow(void **state)
{
	struct scene *s = *state;
	struct fedkit *kit = s->kit;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct account account;
	assert_true(kit_account(kit, carol.id, &account));
	account.outbox = STR(CAROL "/outbox");
	kit_put_account(kit, &account);
	kit_peer(kit, DAVE, 1);
	const char *const ids[] = { CAROL "/notes/1", CAROL "/notes/2", DAVE "/notes/3",
				    CAROL "/notes/5" };
	for (unsigned i = 0; i < ARRAY_LEN(ids); i++)
		test_fetch_answer(kit->net, ids[i], 200, ACTIVITY_JSON,
				  kit_json(kit,
					   "{\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":"
					   "\"%s\",\"content\":\"x\",\"to\":\"" AP_PUBLIC "\"%s}",
					   ids[i], i == 2 ? DAVE : CAROL, i == 3 ? "" : OLD));
	test_fetch_answer(kit->net, CAROL "/outbox", 200, ACTIVITY_JSON,
			  STR("{\"id\":\"" CAROL
			      "/outbox\",\"type\":\"OrderedCollection\",\"first\":\"" CAROL
			      "/outbox?page=1\"}"));
	test_fetch_answer(
		kit->net, CAROL "/outbox?page=1", 200, ACTIVITY_JSON,
		STR("{\"id\":\"" CAROL "/outbox?page=1\",\"type\":\"OrderedCollectionPage\","
		    "\"orderedItems\":[{\"type\":\"Create\",\"object\":{\"id\":\"" CAROL
		    "/notes/1\"}},{\"type\":\"Announce\",\"object\":\"" DAVE "/notes/4\"},"
		    "{\"type\":\"Create\",\"object\":\"" CAROL "/notes/2\"},"
		    "{\"type\":\"Create\",\"object\":\"" DAVE "/notes/3\"},"
		    "{\"type\":\"Create\",\"object\":\"" CAROL "/notes/5\"}]}"));
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_PENDING, ALICE "#follows/1");
	struct str accept =
		kit_activity(kit, CAROL "#accept", "Accept", CAROL, "\"" ALICE "#follows/1\"");
	assert_int_equal(kit_receive(kit, &carol, accept), RC_OK);
	drain(s);
	assert_int_equal(kit_uri(kit, ids[0]).kind, URI_STATUS);
	assert_int_equal(kit_uri(kit, ids[1]).kind, URI_STATUS);
	/* what was written since is delivered, and in its order */
	assert_int_equal(test_fetch_count_of(kit->net, ids[3]), 1);
	assert_int_equal(kit_uri(kit, ids[3]).kind, URI_NONE);
	/* each author's own posts, and no boosts */
	assert_int_equal(kit_uri(kit, ids[2]).kind, URI_NONE);
	assert_int_equal(test_fetch_count_of(kit->net, DAVE "/notes/4"), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scene_begin, scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_tree_over_many_hosts_is_found),
		T(a_look_from_below_finds_what_is_above_and_beside),
		T(it_is_looked_for_once_in_a_while),
		T(a_silent_host_costs_one_wait_and_hides_nothing_else),
		T(a_conversation_tells_the_whole_thread),
		T(where_the_conversation_cannot_be_read_replies_are),
		T(s055_replies_deeper_than_ten_are_left),
		T(s055_a_hundred_ancestors_are_enough),
		T(s055_a_circle_ends),
		T(s054_pages_without_end_are_left_after_ten),
		T(s054_a_long_collection_goes_on_with_the_next_look),
		T(s054_totals_that_cannot_be_are_no_hints),
		T(what_replies_to_something_else_is_not_taken),
		T(a_blocked_host_is_not_asked),
		T(s061_a_host_has_its_budget),
		T(s060_who_reads_page_after_page_fills_no_queue),
		T(what_was_deleted_is_not_asked_for_again),
		T(the_newest_posts_come_with_the_first_follow),
	};
	return cmocka_run_group_tests_name("crawl", tests, NULL, NULL);
}
