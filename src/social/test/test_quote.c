/* Quotes: what is authorised by whom, and what is shown to whom. */
#include "consentkit.h"
#include "core/must.h"
#include "social/see.h"
#include "store/tables.h"
#include "store/uri.h"

/* --- acts in a write of their own --- */

static enum rc settle_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_quote_settle(s, d->id, d->proof);
}

static enum rc revoke_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_quote_revoke(s, d->actor, d->id);
}

static enum rc revoked_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_quote_revoked(s, d->actor, d->authorization, d->id);
}

static enum rc request_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_request(s, d->actor, &d->request);
}

static enum rc retold_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	struct status post;
	must(status_get(s->txn, s->ctx->arena, d->id, &post));
	return act_retold(s, d->actor, d->id, &d->quote,
			  d->policy != NULL ? d->policy : &post.policy);
}

/* A local quote; its state, or -1 when it was refused. */
static int quote_of(struct cast *c, const struct account *author, const struct status *quoted,
		    enum visibility visibility, struct status *out)
{
	struct consent_act d = {
		.draft = { .author = *author,
			   .visibility = visibility,
			   .quote = quoted->id,
			   .status = { .account = author->id,
				       .flags = STATUS_LOCAL,
				       .type = STR("Note"),
				       .content = html_trusted(STR("<p>see</p>")) } }
	};
	if (test_store_try(&c->t, consent_post_job, &d) != RC_OK)
		return -1;
	*out = test_store_status(&c->t, d.status.id);
	return (int)out->quote.state;
}

/* A quote that comes from elsewhere. */
static struct status received(struct cast *c, const struct account *author, struct str quoted,
			      const char *authorization, unsigned n)
{
	struct consent_act d = { .actor = author };
	d.status =
		(struct status){ .visibility = VISIBILITY_PUBLIC,
				 .type = STR("Note"),
				 .uri = arena_printf(c->t.d.arena, "%.*s/notes/%u",
						     STR_ARG(author->uri), n),
				 .quote = { .uri = quoted, .authorization = str_of(authorization) },
				 .content = html_trusted(STR("<p>see</p>")) };
	assert_int_equal(test_store_try(&c->t, consent_receive_job, &d), RC_OK);
	test_store_forget_jobs(&c->t);
	return test_store_status(&c->t, d.status.id);
}

static bool shown(struct cast *c, struct viewer viewer, const struct status *quote,
		  const struct account *quoter, const struct status *quoted,
		  const struct account *author)
{
	struct db_txn *txn = test_store_read(&c->t);
	bool yes = may_see_quote(txn, viewer, quote, quoter, quoted, author);
	db_read_end(&txn);
	return yes;
}

/* --- of here, of here --- */

static void a_quote_of_here_is_answered_by_the_policy(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.bob, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_ACCEPTED);
	assert_true(str_has_prefix(quote.quote.authorization, c.alice.uri));
	deed_noticed(&c.t, &c.alice, 1, NOTICE_QUOTE, c.bob.id, quote.id);
	assert_true(shown(&c, VIEWER_ANYBODY, &quote, &c.bob, &post, &c.alice));
	test_store_check(&c.t);
	struct consent_act d = { .actor = &c.bob, .id = quote.id };
	assert_int_equal(test_store_try(&c.t, revoke_job, &d), RC_DENIED);
	d.actor = &c.alice;
	assert_int_equal(test_store_try(&c.t, revoke_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, revoke_job, &d), RC_NOT_FOUND);
	quote = test_store_status(&c.t, quote.id);
	assert_int_equal(quote.quote.state, INTERACTION_REVOKED);
	assert_int_equal(quote.quote.authorization.len, 0);
	assert_false(shown(&c, VIEWER_ANYBODY, &quote, &c.bob, &post, &c.alice));
	test_store_check(&c.t);
}

static void one_quotes_oneself_without_asking(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_FOLLOWERS, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_FOLLOWERS, &quote),
			 INTERACTION_ACCEPTED);
	assert_int_equal(quote.quote.authorization.len, 0);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	/* but not before more people than the post was for */
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_PUBLIC, &quote), -1);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_UNLISTED, &quote), -1);
	struct status letter = test_store_post(&c.t, &c.alice, VISIBILITY_DIRECT, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &letter, VISIBILITY_DIRECT, &quote), -1);
}

static void s067_what_is_not_for_everybody_is_not_quoted_by_others(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	test_store_follow(&c.t, &c.bob, &c.alice);
	const enum visibility narrow[] = { VISIBILITY_FOLLOWERS, VISIBILITY_DIRECT };
	for (size_t i = 0; i < ARRAY_LEN(narrow); i++) {
		struct status post = test_store_post(&c.t, &c.alice, narrow[i], "x", &c.bob, NULL);
		for (int v = 0; v <= VISIBILITY_LOCAL; v++)
			assert_int_equal(quote_of(&c, &c.bob, &post, (enum visibility)v, &quote),
					 -1);
	}
	/* what never leaves the node has no quotes that do */
	struct status local = test_store_post(&c.t, &c.alice, VISIBILITY_LOCAL, "x", NULL);
	assert_int_equal(quote_of(&c, &c.bob, &local, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_ACCEPTED);
	assert_int_equal(quote.visibility, VISIBILITY_LOCAL);
	test_store_check(&c.t);
}

static void a_block_is_between_them_either_way(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	struct status other = test_store_post(&c.t, &c.bob, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.bob, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_ACCEPTED);
	assert_int_equal(deed_on_account(&c.t, DO_BLOCK, &c.alice, &c.bob), RC_OK);
	/* her consents end with it */
	quote = test_store_status(&c.t, quote.id);
	assert_int_equal(quote.quote.state, INTERACTION_REVOKED);
	struct status again;
	assert_int_equal(quote_of(&c, &c.bob, &post, VISIBILITY_PUBLIC, &again), -1);
	assert_int_equal(quote_of(&c, &c.alice, &other, VISIBILITY_PUBLIC, &again), -1);
	/* and were it still accepted, nobody would be shown it */
	quote.quote.state = INTERACTION_ACCEPTED;
	assert_false(shown(&c, VIEWER_ANYBODY, &quote, &c.bob, &post, &c.alice));
	test_store_check(&c.t);
}

/* --- of here, of elsewhere --- */

static uint64_t asked(struct cast *c)
{
	struct federate jobs[DEED_JOBS_MAX];
	size_t n = test_store_jobs(&c->t, jobs, DEED_JOBS_MAX);
	test_store_forget_jobs(&c->t);
	for (size_t i = 0; i < n; i++) {
		if (jobs[i].what == FEDERATE_REQUEST)
			return jobs[i].status;
	}
	return 0;
}

static void a_remote_author_is_asked_and_answers(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.carol, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_PENDING);
	uint64_t request = asked(&c);
	assert_true(request != 0);
	assert_false(shown(&c, VIEWER_ANYBODY, &quote, &c.alice, &post, &c.carol));
	struct consent_act d = { .actor = &c.erin,
				 .id = request,
				 .answer = true,
				 .authorization = STR("https://e.example/stamps/1") };
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_DENIED);
	d.actor = &c.carol;
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_DENIED);
	d.authorization = STR("");
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_DENIED);
	d.authorization = STR("https://c.example/stamps/1");
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_EXISTS);
	quote = test_store_status(&c.t, quote.id);
	assert_int_equal(quote.quote.state, INTERACTION_ACCEPTED);
	assert_str_eq(quote.quote.authorization, d.authorization);
	assert_int_equal(deed_told(&c.t, FEDERATE_UPDATE).status, quote.id);
	assert_true(shown(&c, VIEWER_ANYBODY, &quote, &c.alice, &post, &c.carol));
	test_store_check(&c.t);
	/* only whose consent it was takes it back */
	d.id = quote.id;
	d.actor = &c.erin;
	assert_int_equal(test_store_try(&c.t, revoked_job, &d), RC_DENIED);
	d.actor = &c.carol;
	assert_int_equal(test_store_try(&c.t, revoked_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, revoked_job, &d), RC_DENIED);
	quote = test_store_status(&c.t, quote.id);
	assert_int_equal(quote.quote.state, INTERACTION_REVOKED);
	deed_told(&c.t, FEDERATE_UPDATE);
	test_store_check(&c.t);
}

static void s067_a_reply_that_waits_asks_nobody_else(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	struct status quoted = test_store_post(&c.t, &c.carol, VISIBILITY_PUBLIC, "x", NULL);
	struct consent_act d = {
		.draft = { .author = c.bob,
			   .parent = post.id,
			   .quote = quoted.id,
			   .status = { .account = c.bob.id,
				       .flags = STATUS_LOCAL,
				       .type = STR("Note"),
				       .content = html_trusted(STR("<p>see</p>")) } }
	};
	assert_int_equal(test_store_try(&c.t, consent_post_job, &d), RC_OK);
	assert_int_equal(d.status.approval.state, INTERACTION_PENDING);
	deed_told_nobody(&c.t);
	struct consent_act yes = { .actor = &c.alice,
				   .id = consent_waiting(&c, &c.alice),
				   .answer = true };
	assert_int_equal(test_store_try(&c.t, consent_decide_job, &yes), RC_OK);
	assert_true(asked(&c) != 0);
	struct status reply = test_store_status(&c.t, d.status.id);
	assert_int_equal(reply.parent, post.id);
	assert_int_equal(reply.quote.state, INTERACTION_PENDING);
	test_store_check(&c.t);
}

static void a_refusal_leaves_a_link(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.carol, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_PENDING);
	struct consent_act d = { .actor = &c.carol, .id = asked(&c) };
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_OK);
	quote = test_store_status(&c.t, quote.id);
	assert_int_equal(quote.quote.state, INTERACTION_REJECTED);
	assert_str_eq(quote.quote.uri, post.uri);
	deed_told_nobody(&c.t);
	/* refused is refused */
	d.answer = true;
	d.authorization = STR("https://c.example/stamps/1");
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_EXISTS);
	test_store_check(&c.t);
}

static void what_cannot_ask_does_not_quote(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.carol, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_LOCAL, &quote), -1);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_DIRECT, &quote), -1);
	deed_told_nobody(&c.t);
}

/* --- of elsewhere, of here --- */

static void a_request_is_answered_once_and_for_all(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	test_store_forget_jobs(&c.t);
	struct consent_act d = { .actor = &c.carol,
				 .request = { .kind = INTERACTION_QUOTE,
					      .status = post.id,
					      .uri = arena_join(c.t.d.arena, c.carol.uri,
								STR("/notes/1")),
					      .request = STR("https://c.example/requests/1") } };
	assert_int_equal(test_store_try(&c.t, request_job, &d), RC_OK);
	uint64_t first = deed_told(&c.t, FEDERATE_APPROVE).status;
	assert_int_equal(test_store_try(&c.t, request_job, &d), RC_OK);
	assert_int_equal(deed_told(&c.t, FEDERATE_APPROVE).status, first);
	deed_noticed(&c.t, &c.alice, 1, NOTICE_QUOTE, c.carol.id, post.id);
	/* the post comes later, and is what was allowed */
	struct status quote = received(&c, &c.carol, post.uri, "", 1);
	assert_str_eq(quote.uri, d.request.uri);
	assert_int_equal(quote.quote.state, INTERACTION_ACCEPTED);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 1);
	test_store_check(&c.t);
}

static void s071_nobody_is_answered_about_what_he_may_not_see(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_FOLLOWERS, "x", NULL);
	test_store_forget_jobs(&c.t);
	for (unsigned k = 1; k <= INTERACTION_KINDS; k++) {
		struct consent_act d = { .actor = &c.carol,
					 .request = {
						 .kind = (enum interaction_kind)k,
						 .status = post.id,
						 .uri = STR("https://c.example/notes/1"),
						 .request = STR("https://c.example/requests/1") } };
		assert_int_equal(test_store_try(&c.t, request_job, &d), RC_NOT_FOUND);
	}
	deed_told_nobody(&c.t);
	struct status quote = received(&c, &c.carol, post.uri, "", 1);
	assert_int_equal(quote.quote.state, INTERACTION_UNAUTHORISED);
	assert_int_equal(quote.quote.status, 0);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	test_store_check(&c.t);
}

static void what_comes_without_asking_waits_for_its_author(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = consent_guarded(&c, &c.alice, POLICY_ASK);
	struct status yes = received(&c, &c.carol, post.uri, "", 1);
	assert_int_equal(yes.quote.state, INTERACTION_PENDING);
	deed_noticed(&c.t, &c.alice, 1, NOTICE_INTERACTION, c.carol.id, yes.id);
	struct consent_act d = { .actor = &c.bob,
				 .id = consent_waiting(&c, &c.alice),
				 .answer = true };
	assert_int_equal(test_store_try(&c.t, consent_decide_job, &d), RC_DENIED);
	d.actor = &c.alice;
	assert_int_equal(test_store_try(&c.t, consent_decide_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, consent_decide_job, &d), RC_EXISTS);
	yes = test_store_status(&c.t, yes.id);
	assert_int_equal(yes.quote.state, INTERACTION_ACCEPTED);
	assert_int_equal(deed_told(&c.t, FEDERATE_APPROVE).target, c.carol.id);
	/* denied later: taken back */
	d.answer = false;
	assert_int_equal(test_store_try(&c.t, consent_decide_job, &d), RC_OK);
	struct federate f = deed_told(&c.t, FEDERATE_QUOTE_REVOKE);
	assert_str_eq(f.object, yes.quote.authorization);
	assert_int_equal(test_store_status(&c.t, yes.id).quote.state, INTERACTION_REVOKED);
	/* and what says so again is not asked again */
	struct consent_act again = { .actor = &c.carol,
				     .id = yes.id,
				     .quote = { .uri = post.uri,
						.authorization = yes.quote.authorization } };
	test_store_try(&c.t, retold_job, &again);
	assert_int_equal(test_store_status(&c.t, yes.id).quote.state, INTERACTION_REVOKED);
	test_store_check(&c.t);
}

/* --- of elsewhere, of elsewhere --- */

static void only_a_proof_that_fits_authorises_a_third_party(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.erin, VISIBILITY_PUBLIC, "x", NULL);
	struct status other = test_store_post(&c.t, &c.erin, VISIBILITY_PUBLIC, "y", NULL);
	const char *const stamp = "https://e.example/stamps/1";
	unsigned n = 0;
	const struct {
		bool there;
		enum interaction_kind kind;
		const char *id;
		struct str by, target;
		bool own;
		enum interaction_state state;
	} rows[] = {
		{ false, INTERACTION_QUOTE, stamp, c.erin.uri, post.uri, true,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_LIKE, stamp, c.erin.uri, post.uri, true,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_QUOTE, "https://e.example/stamps/2", c.erin.uri, post.uri, true,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_QUOTE, stamp, c.carol.uri, post.uri, true,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_QUOTE, stamp, c.erin.uri, other.uri, true,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_QUOTE, stamp, c.erin.uri, post.uri, false,
		  INTERACTION_UNAUTHORISED },
		{ true, INTERACTION_QUOTE, stamp, c.erin.uri, post.uri, true,
		  INTERACTION_ACCEPTED },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct status quote = received(&c, &c.carol, post.uri, stamp, ++n);
		assert_int_equal(quote.quote.state, INTERACTION_PENDING);
		const struct proof proof = { rows[i].kind, str_of(rows[i].id), rows[i].by,
					     rows[i].own ? quote.uri : post.uri, rows[i].target };
		struct consent_act d = { .id = quote.id, .proof = rows[i].there ? &proof : NULL };
		assert_int_equal(test_store_try(&c.t, settle_job, &d), RC_OK);
		assert_int_equal(test_store_status(&c.t, quote.id).quote.state, rows[i].state);
		assert_int_equal(test_store_try(&c.t, settle_job, &d), RC_EXISTS);
	}
	/* on another host it is not even looked for */
	struct status foreign = received(&c, &c.carol, post.uri, "https://c.example/stamps/1", ++n);
	assert_int_equal(foreign.quote.state, INTERACTION_UNAUTHORISED);
	/* without one it is no quote, whatever the policy says (FEP-044f) */
	struct status bare = received(&c, &c.carol, post.uri, "", ++n);
	assert_int_equal(bare.quote.state, INTERACTION_UNAUTHORISED);
	struct status self = received(&c, &c.erin, post.uri, "", ++n);
	assert_int_equal(self.quote.state, INTERACTION_ACCEPTED);
	test_store_check(&c.t);
}

static void who_is_mentioned_needs_no_proof(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post =
		test_store_post(&c.t, &c.erin, VISIBILITY_PUBLIC, "x", &c.carol, &c.alice, NULL);
	struct status quote = received(&c, &c.carol, post.uri, "", 1), ours;
	assert_int_equal(quote.quote.state, INTERACTION_ACCEPTED);
	assert_int_equal(quote_of(&c, &c.alice, &post, VISIBILITY_PUBLIC, &ours),
			 INTERACTION_ACCEPTED);
	assert_int_equal(asked(&c), 0);
	test_store_check(&c.t);
}

static void what_is_quoted_may_be_unknown_at_first(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status quote = received(&c, &c.carol, STR("https://e.example/n/9"), "", 1);
	assert_int_equal(quote.quote.state, INTERACTION_PENDING);
	assert_int_equal(quote.quote.status, 0);
	struct consent_act d = { .id = quote.id };
	assert_int_equal(test_store_try(&c.t, settle_job, &d), RC_OK);
	assert_int_equal(test_store_status(&c.t, quote.id).quote.state, INTERACTION_UNAUTHORISED);
	/* an address of ours that names nothing leads to no fetch */
	struct status guess = received(
		&c, &c.carol, STR("https://social.example.org/users/alice/statuses/1"), "", 2);
	assert_int_equal(guess.quote.state, INTERACTION_UNAUTHORISED);
	test_store_check(&c.t);
}

static void an_update_changes_the_quote(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.erin, VISIBILITY_PUBLIC, "x", NULL);
	struct status quote = received(&c, &c.carol, post.uri, "", 1);
	struct consent_act d = { .actor = &c.erin,
				 .id = quote.id,
				 .quote = { .uri = post.uri,
					    .authorization = STR("https://e.example/stamps/1") } };
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_DENIED);
	d.actor = &c.carol;
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_OK);
	assert_int_equal(test_store_status(&c.t, quote.id).quote.state, INTERACTION_PENDING);
	const struct proof proof = { INTERACTION_QUOTE, d.quote.authorization, c.erin.uri,
				     quote.uri, post.uri };
	d.proof = &proof;
	assert_int_equal(test_store_try(&c.t, settle_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_EXISTS);
	/* the same of who may do what */
	struct policy policy = { .given = interaction_bit(INTERACTION_QUOTE) };
	d.policy = &policy;
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_OK);
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_EXISTS);
	assert_int_equal(test_store_status(&c.t, quote.id).policy.given, policy.given);
	assert_int_equal(test_store_status(&c.t, quote.id).quote.state, INTERACTION_ACCEPTED);
	/* the quote is dropped, and with it what its consent led to */
	d.quote = (struct status_quote){ .uri = STR(""), .authorization = STR("") };
	assert_int_equal(test_store_try(&c.t, retold_job, &d), RC_OK);
	assert_int_equal(test_store_status(&c.t, quote.id).quote.uri.len, 0);
	struct db_txn *txn = test_store_read(&c.t);
	assert_int_equal(
		uri_find(txn, interact_consent_name(c.t.d.arena, STR("https://e.example/stamps/1"),
						    &c.erin))
			.kind,
		URI_NONE);
	db_read_end(&txn);
	test_store_forget_jobs(&c.t);
	test_store_check(&c.t);
}

static void deletions_leave_nothing_behind(void **state UNUSED)
{
	struct cast c CLEANUP(cast_free);
	struct status quote;
	cast_init(&c);
	struct status post = test_store_post(&c.t, &c.alice, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.bob, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_ACCEPTED);
	assert_int_equal(deed_on_status(&c.t, DO_DELETE, &c.bob, quote.id), RC_OK);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	assert_int_equal(test_store_rows(&c.t, &store_quote), 0);
	assert_int_equal(quote_of(&c, &c.bob, &post, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_ACCEPTED);
	assert_int_equal(deed_on_status(&c.t, DO_DELETE, &c.alice, post.id), RC_OK);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	assert_int_equal(test_store_rows(&c.t, &store_quote), 0);
	quote = test_store_status(&c.t, quote.id);
	assert_false(shown(&c, VIEWER_ANYBODY, &quote, &c.bob, NULL, NULL));
	/* an authorization from elsewhere is free again */
	struct status theirs = test_store_post(&c.t, &c.carol, VISIBILITY_PUBLIC, "x", NULL);
	assert_int_equal(quote_of(&c, &c.alice, &theirs, VISIBILITY_PUBLIC, &quote),
			 INTERACTION_PENDING);
	struct consent_act d = { .actor = &c.carol,
				 .id = asked(&c),
				 .answer = true,
				 .authorization = STR("https://c.example/stamps/1") };
	assert_int_equal(test_store_try(&c.t, consent_answered_job, &d), RC_OK);
	assert_int_equal(deed_on_status(&c.t, DO_DELETE, &c.alice, quote.id), RC_OK);
	struct db_txn *txn = test_store_read(&c.t);
	assert_int_equal(
		uri_find(txn, interact_consent_name(c.t.d.arena, d.authorization, &c.carol)).kind,
		URI_NONE);
	db_read_end(&txn);
	assert_int_equal(test_store_rows(&c.t, &store_interaction), 0);
	test_store_check(&c.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_quote_of_here_is_answered_by_the_policy),
		cmocka_unit_test(one_quotes_oneself_without_asking),
		cmocka_unit_test(s067_what_is_not_for_everybody_is_not_quoted_by_others),
		cmocka_unit_test(a_block_is_between_them_either_way),
		cmocka_unit_test(a_remote_author_is_asked_and_answers),
		cmocka_unit_test(s067_a_reply_that_waits_asks_nobody_else),
		cmocka_unit_test(a_refusal_leaves_a_link),
		cmocka_unit_test(what_cannot_ask_does_not_quote),
		cmocka_unit_test(a_request_is_answered_once_and_for_all),
		cmocka_unit_test(s071_nobody_is_answered_about_what_he_may_not_see),
		cmocka_unit_test(what_comes_without_asking_waits_for_its_author),
		cmocka_unit_test(only_a_proof_that_fits_authorises_a_third_party),
		cmocka_unit_test(who_is_mentioned_needs_no_proof),
		cmocka_unit_test(what_is_quoted_may_be_unknown_at_first),
		cmocka_unit_test(an_update_changes_the_quote),
		cmocka_unit_test(deletions_leave_nothing_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
