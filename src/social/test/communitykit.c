/* Scenes for tests of communities. */
#include "communitykit.h"

#include "queue/queue.h"
#include "social/see.h"

/* --- acts, each in a write of its own --- */

enum rc scene_run(struct social *s, void *arg)
{
	struct job *j = arg;
	struct scene *w = j->scene;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = STR("tea"),
					     .display_name = STR("Tea"),
					     .note = STR("All about tea") };
	switch (j->what) {
	case CREATE:
		return community_create(s, j->actor, &account, &none, &w->settings, &w->group);
	case CHANGE:
		return community_change(s, j->actor, &w->settings);
	case ADMIT:
	case REFUSE:
		return community_admit(s, j->actor, w->group.id, j->account, j->what == ADMIT);
	case APPOINT:
		return community_appoint(s, j->actor, w->group.id, j->account, j->role);
	case TRANSFER:
		return community_transfer(s, j->actor, w->group.id, j->account);
	case BAN:
		return community_ban(s, j->actor, w->group.id, j->account, STR("rude"),
				     j->until_ms);
	case UNBAN:
		return community_unban(s, j->actor, w->group.id, j->account);
	case MODERATE:
		return community_moderate(s, j->actor, j->status, j->act, STR("off topic"));
	case INVITE:
	case INVITE_OTHER:
		j->invite.community = w->group.id;
		return community_invite(
			s, j->actor, j->what == INVITE ? STR("s3cret") : STR("0ther"), &j->invite);
	case ENTER:
	case ENTER_OTHER:
		return community_join_invited(
			s, j->actor, j->what == ENTER ? STR("s3cret") : STR("0ther"), &j->account);
	case ROLE:
		return community_role_change(s, j->actor, w->group.id, &j->own_role);
	case ROLE_DROP:
		return community_role_drop(s, j->actor, w->group.id, j->role);
	case RETAIN:
		j->count = community_retain(s, w->group.id, 100);
		return RC_OK;
	case PIN:
		return community_pin_until(s, j->actor, j->status, j->until_ms);
	case TOLD:
		return community_moderated(s, w->group.id, j->status, j->act, STR(""));
	}
	return RC_UNSUPPORTED;
}

enum rc scene_act(struct scene *w, struct job job)
{
	job.scene = w;
	return test_store_try(&w->t, scene_run, &job);
}

void scene_init(struct scene *w, const struct community *settings)
{
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_local(&w->t, "bob");
	w->carol = test_store_local(&w->t, "carol");
	w->dave = test_store_remote(&w->t, "dave", "d.example");
	w->settings = *settings;
	assert_int_equal(scene_act(w, (struct job){ .what = CREATE, .actor = &w->alice }), RC_OK);
	w->group = test_store_account(&w->t, w->group.id);
	test_store_forget_jobs(&w->t);
}

void scene_free(struct scene *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

enum rc scene_join(struct scene *w, const struct account *who)
{
	struct deed follow = { .verb = DO_FOLLOW,
			       .actor = who,
			       .target = &w->group,
			       .uri = who == &w->dave ? STR("https://d.example/f/1") : STR("") };
	return deed_do(&w->t, &follow);
}

enum rc scene_leave(struct scene *w, const struct account *who)
{
	return deed_on_account(&w->t, DO_UNFOLLOW, who, &w->group);
}

struct community_standing scene_stand(struct scene *w, const struct account *who)
{
	struct community_standing out;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(community_standing(txn, w->t.d.arena, w->group.id, who->id, &out));
	db_read_end(&txn);
	return out;
}

bool scene_sees(struct scene *w, const struct account *who, uint64_t id)
{
	struct status s = test_store_status(&w->t, id);
	struct account author = test_store_account(&w->t, s.account);
	struct db_txn *txn = test_store_read(&w->t);
	const struct viewer viewer = { who != NULL ? who->id : 0,
				       who != NULL && account_is_local(who) };
	bool yes = may_see(txn, viewer, &s, &author);
	db_read_end(&txn);
	return yes;
}

struct community_post scene_place(struct scene *w, uint64_t id)
{
	struct community_post out;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(community_post_get(txn, w->group.id, id, &out));
	db_read_end(&txn);
	return out;
}

struct community_totals scene_totals(struct scene *w)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct community_totals out = community_totals(txn, w->group.id);
	db_read_end(&txn);
	return out;
}

/* What is posted with a wish, and what came of it. */
struct wished {
	const struct account *author;
	uint64_t community, parent;
	enum visibility visibility;
	const struct account *named; /* or NULL */
	struct status made;
};

static enum rc post_job(struct social *s, void *arg)
{
	struct wished *p = arg;
	struct status_mention mention = { .uri = p->named != NULL ? p->named->uri : STR(""),
					  .handle = STR("tea@a.example") };
	struct draft draft = { .author = *p->author,
			       .visibility = p->visibility,
			       .text = STR("words"),
			       .parent = p->parent,
			       .community = p->community,
			       .status = { .account = p->author->id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Note"),
					   .mentions = &mention,
					   .mention_count = p->named != NULL,
					   .content = html_trusted(STR("<p>words</p>")) } };
	enum rc rc = act_post(s, &draft);
	p->made = draft.status;
	return rc;
}

enum rc scene_post(struct scene *w, const struct account *author, uint64_t parent, uint64_t *id)
{
	struct wished p = { .author = author,
			    .community = parent == 0 ? w->group.id : 0,
			    .parent = parent,
			    .visibility = VISIBILITY_PUBLIC };
	enum rc rc = test_store_try(&w->t, post_job, &p);
	*id = p.made.id;
	return rc;
}

enum rc scene_say(struct scene *w, const struct account *author, enum visibility visibility,
		  uint64_t parent, uint64_t *id)
{
	struct wished p = {
		.author = author, .parent = parent, .visibility = visibility, .named = &w->group
	};
	enum rc rc = test_store_try(&w->t, post_job, &p);
	*id = p.made.id;
	return rc;
}

bool scene_told(struct scene *w, enum federate_what what, struct federate *out)
{
	struct federate jobs[16];
	size_t n = test_store_jobs(&w->t, jobs, ARRAY_LEN(jobs));
	for (size_t i = 0; i < n && i < ARRAY_LEN(jobs); i++) {
		if (jobs[i].what == what) {
			*out = jobs[i];
			return true;
		}
	}
	return false;
}

/* --- jobs --- */

enum rc scene_keep(struct social *s, void *keeping)
{
	struct scene_keeping *k = keeping;
	k->end = community_job_step(s, &k->job);
	return RC_OK;
}

struct collecting {
	struct community_job jobs[32];
	size_t count;
};

static bool collect(void *arg, const struct queue_job_view *job)
{
	struct collecting *c = arg;
	if (job->kind == JOB_COMMUNITY && c->count < ARRAY_LEN(c->jobs))
		c->jobs[c->count++] = community_job_decode(job->payload);
	return true;
}

size_t scene_run_jobs(struct scene *w)
{
	size_t steps = 0;
	for (;;) {
		struct collecting c = { .count = 0 };
		struct db_txn *txn = test_store_read(&w->t);
		queue_each_job(txn, false, STR(""), 0, collect, &c);
		db_read_end(&txn);
		if (c.count == 0)
			return steps;
		test_store_forget_jobs(&w->t);
		for (size_t i = 0; i < c.count; i++) {
			struct scene_keeping k = { .job = c.jobs[i] };
			for (; !k.end; steps++)
				test_store_write(&w->t, scene_keep, &k);
		}
	}
}
