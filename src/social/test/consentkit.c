/* Four people and what they do about each other's posts, each act in a write of its own. */
#include "consentkit.h"

void cast_init(struct cast *c)
{
	test_store_init(&c->t);
	c->alice = test_store_local(&c->t, "alice");
	c->bob = test_store_local(&c->t, "bob");
	c->carol = test_store_remote(&c->t, "carol", "c.example");
	c->erin = test_store_remote(&c->t, "erin", "e.example");
}

void cast_free(struct cast *c)
{
	test_store_free(&c->t);
}

enum rc consent_post_job(struct social *s, void *arg)
{
	struct consent_act *d = arg;
	struct draft draft = d->draft;
	enum rc rc = act_post(s, &draft);
	d->status = draft.status;
	return rc;
}

enum rc consent_receive_job(struct social *s, void *arg)
{
	struct consent_act *d = arg;
	return act_receive_post(s, d->actor, &d->status);
}

enum rc consent_decide_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return d->answer ? act_approve(s, d->actor, d->id) : act_deny(s, d->actor, d->id);
}

enum rc consent_answered_job(struct social *s, void *arg)
{
	const struct consent_act *d = arg;
	return act_answered(s, d->actor, d->id, d->answer, d->authorization);
}

struct status consent_guarded(struct cast *c, const struct account *author, enum policy_who who)
{
	struct consent_act d = { .actor = author };
	d.draft.author = *author;
	for (unsigned k = 1; k <= INTERACTION_KINDS; k++)
		assert_int_equal(policy_set(c->t.d.arena, &d.draft.policy, (enum interaction_kind)k,
					    who, author),
				 RC_OK);
	struct status s = { .account = author->id,
			    .type = STR("Note"),
			    .content = html_trusted(STR("<p>x</p>")),
			    .policy = d.draft.policy };
	if (account_is_local(author)) {
		s.flags = STATUS_LOCAL;
		d.draft.status = s;
		test_store_write(&c->t, consent_post_job, &d);
	} else {
		s.uri = arena_join(c->t.d.arena, author->uri, STR("/guarded"));
		d.status = s;
		test_store_write(&c->t, consent_receive_job, &d);
	}
	test_store_forget_jobs(&c->t);
	return test_store_status(&c->t, d.status.id);
}

uint64_t consent_waiting(struct cast *c, const struct account *owner)
{
	uint64_t id = 0;
	struct db_txn *txn = test_store_read(&c->t);
	size_t n = interactions_open(txn, owner->id, 0, &id, 1);
	db_read_end(&txn);
	return n != 0 ? id : 0;
}
