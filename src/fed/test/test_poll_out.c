/* What of polls goes out: votes of ours, counts, ends. */
#include <stdlib.h>

#include "fedpoll.h"
#include "fedqueue.h"
#include "store/tables.h"

#define PEER_SHARED "https://peer.example/inbox"
#define OTHER_SHARED "https://other.example/inbox"

static struct kit_queue *queue_new(struct fedkit *kit)
{
	struct kit_queue *q = calloc(1, sizeof(*q));
	must(q != NULL);
	kit_queue_start(q, kit, false);
	return q;
}

static void queue_end(struct kit_queue **q)
{
	queue_stop(&(*q)->kit->queue, 5000);
	assert_int_equal(kit_rows((*q)->kit, &queue_table_dead), 0);
	free(*q);
	*q = NULL;
}

/* The activity, read again. */
static struct jr sent_root(struct fedkit *kit, const struct sent *sent, struct jr_doc **doc)
{
	struct ctx ctx = { .arena = kit->arena };
	assert_int_equal(jr_parse(&ctx, sent->body, &jr_limits_peer, doc), RC_OK);
	return jr_root(*doc);
}

struct choosing {
	struct fedkit *kit;
	uint64_t status;
};

static enum rc choose_job(struct db_txn *txn, void *arg)
{
	const struct choosing *c = arg;
	struct ctx ctx = { .arena = c->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &c->kit->site };
	const struct ballot green = { STR("green"), STR("") };
	struct account alice;
	must(account_get(txn, ctx.arena, c->kit->alice.id, &alice));
	return act_vote(&s, &alice, c->status, &green, 1);
}

static void our_vote_goes_to_the_author_and_nobody_else(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct jr_doc *doc;
	kit_follow(kit, dave.id, kit->alice.id, FOLLOW_ACCEPTED, DAVE "#f");
	struct status status = poll_received(kit, &carol, COUNTS(0, 0) OPEN);
	struct choosing c = { kit, status.id };
	uint64_t statuses = kit_rows(kit, &store_status);
	kit_write(kit, choose_job, &c);
	assert_int_equal(kit_rows(kit, &store_status), statuses);
	struct kit_queue *q = queue_new(kit);
	kit_drain(q, 0); /* the end of the poll is a while off */
	assert_int_equal(q->count, 1);
	assert_str_eq(q->sent[0].inbox, STR(CAROL "/inbox"));
	struct jr root = sent_root(kit, &q->sent[0], &doc), note = jr_get(root, "object");
	assert_str_eq(jr_str(jr_get(root, "type")), STR("Create"));
	assert_str_eq(jr_str(jr_at(jr_get(root, "to"), 0)), STR(CAROL));
	assert_int_equal(jr_count(jr_get(root, "to")), 1);
	assert_int_equal(jr_type(jr_get(root, "cc")), JR_ABSENT);
	assert_true(ap_is_vote(note));
	assert_str_eq(jr_str(jr_get(note, "name")), STR("green"));
	assert_str_eq(jr_str(jr_get(note, "inReplyTo")), STR(POLL));
	assert_str_eq(jr_str(jr_get(note, "to")), STR(CAROL));
	assert_str_eq(jr_str(jr_get(note, "attributedTo")), STR(ALICE));
	assert_int_equal(jr_type(jr_get(note, "content")), JR_ABSENT);
	assert_int_equal(jr_type(jr_get(note, "published")), JR_ABSENT);
	jr_free(&doc);
	queue_end(&q);
}

static void counts_go_to_followers_and_voters_once_each(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct peer_actor erin = kit_peer(kit, ERIN, 2);
	struct peer_actor fred = kit_peer(kit, "https://other.example/users/fred", 3);
	struct jr_doc *doc;
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct status post = poll_ask(kit, true, VISIBILITY_PUBLIC, "Which?");
	assert_int_equal(poll_vote_by(kit, &dave, "1", &post, "red"),
			 RC_OK); /* of a follower's host */
	assert_int_equal(poll_vote_by(kit, &erin, "1", &post, "red"), RC_OK);
	assert_int_equal(poll_vote_by(kit, &fred, "1", &post, "blue"), RC_OK);
	struct kit_queue *q = queue_new(kit);
	kit_drain(q, 0); /* the Create is out; telling and the end are to come */
	assert_int_equal(q->count, 1);
	queue_end(&q);
	test_clock_advance(&kit->clock, kit->site.poll_tell_ms + MS_PER_MINUTE);
	q = queue_new(kit);
	kit_drain(q, 0);
	assert_int_equal(q->count, 2);
	assert_int_equal(kit_sent_to(q, PEER_SHARED), 1);
	assert_int_equal(kit_sent_to(q, OTHER_SHARED), 1);
	struct jr root = sent_root(kit, &q->sent[0], &doc), note = jr_get(root, "object");
	assert_str_eq(jr_str(jr_get(root, "type")), STR("Update"));
	assert_str_eq(jr_str(jr_get(note, "type")), STR("Question"));
	assert_str_eq(jr_str(jr_get(note, "id")), post.uri);
	assert_int_equal(jr_type(jr_get(note, "updated")), JR_STRING);
	struct ap_poll told;
	assert_true(ap_poll_decode(note, &told));
	assert_true(told.multiple && told.voters == 3 && told.options[0].votes == 2 &&
		    told.options[2].votes == 1 && told.closed_ms == 0);
	/* who has voted for what is nowhere in it */
	assert_false(str_contains(q->sent[0].body, STR("erin")));
	jr_free(&doc);
	queue_end(&q);
}

static void the_end_is_told_with_the_last_counts(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor erin = kit_peer(kit, ERIN, 0), carol = kit_peer(kit, CAROL, 1);
	struct jr_doc *doc;
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	struct status hidden = poll_ask(kit, false, VISIBILITY_FOLLOWERS, "Among us?");
	assert_int_equal(poll_vote_by(kit, &erin, "1", &hidden, "red"), RC_NOT_FOUND);
	assert_int_equal(poll_vote_by(kit, &carol, "1", &hidden, "red"), RC_OK);
	poll_end(kit, hidden.id);
	test_clock_advance(&kit->clock, 2 * MS_PER_HOUR);
	struct kit_queue *q = queue_new(kit);
	kit_drain(q, 0);
	/* the Create and the end; that was told with it, the last vote needs no word of its own */
	unsigned updates = 0;
	for (size_t i = 0; i < q->count; i++) {
		struct jr root = sent_root(kit, &q->sent[i], &doc);
		struct ap_poll told;
		assert_str_eq(q->sent[i].inbox, STR(PEER_SHARED));
		if (str_eq(jr_str(jr_get(root, "type")), STR("Update"))) {
			updates++;
			assert_true(ap_poll_decode(jr_get(root, "object"), &told));
			assert_int_equal(told.options[0].votes, 1);
		}
		jr_free(&doc);
	}
	assert_true(updates == 1 || updates == 2); /* whichever job came first */
	struct poll p = poll_of(kit, hidden.id);
	assert_true(p.closed_ms != 0 && p.closed_ms == p.ends_ms);
	assert_int_equal(kit_rows(kit, &store_notice), 1); /* the author's */
	queue_end(&q);
}

static void who_voted_here_hears_of_an_end_elsewhere(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = poll_followed(kit, CAROL, 0);
	struct status status = poll_received(kit, &carol, COUNTS(0, 0) OPEN);
	struct choosing c = { kit, status.id };
	kit_write(kit, choose_job, &c);
	test_fetch_answer(kit->net, POLL, 200, ACTIVITY_JSON,
			  poll_question(kit, "Which?", COUNTS(2, 7) OVER));
	poll_end(kit, status.id);
	test_clock_advance(&kit->clock, UINT64_C(1000) * 366 * MS_PER_DAY);
	struct kit_queue *q = queue_new(kit);
	kit_drain(q, 0);
	/* the last counts were asked for before anybody was told */
	assert_int_equal(test_fetch_count_of(kit->net, POLL), 1);
	assert_int_equal(poll_of(kit, status.id).options[1].votes, 7);
	assert_int_equal(kit_rows(kit, &store_notice), 1);
	free(q);
	queue_stop(&kit->queue, 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)
		T(our_vote_goes_to_the_author_and_nobody_else),
		T(counts_go_to_followers_and_voters_once_each),
		T(the_end_is_told_with_the_last_counts),
		T(who_voted_here_hears_of_an_end_elsewhere),
	};
	return cmocka_run_group_tests_name("poll_out", tests, NULL, NULL);
}
