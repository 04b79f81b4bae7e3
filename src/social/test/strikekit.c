/* The scene of tests of moderation: people, one of them elsewhere, and acts about them. */
#include "strikekit.h"

static enum rc set_up(struct social *s, void *arg)
{
	const struct world *w = arg;
	struct account_secrets secrets = { .password_hash = STR("") };
	role_give(s->txn, w->who[ADMIN].id, ROLE_ADMIN);
	role_give(s->txn, w->who[MODERATOR].id, ROLE_MODERATOR);
	for (size_t i = 0; i < BOB; i++) {
		secrets.email = arena_printf(s->ctx->arena, "%.*s@example.org",
					     STR_ARG(w->who[i].username));
		account_secrets_put(s->txn, w->who[i].id, &secrets);
	}
	return db_txn_rc(s->txn);
}

void world_init(struct world *w)
{
	static const char *const names[] = { "admin", "moderator", "ann", "cat" };
	*w = (struct world){ .strike = 0 };
	test_store_init(&w->t);
	for (size_t i = 0; i < BOB; i++)
		w->who[i] = test_store_local(&w->t, names[i]);
	w->who[BOB] = test_store_remote(&w->t, "bob", "b.example");
	test_store_write(&w->t, set_up, w);
}

void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum rc run(struct social *s, void *arg)
{
	struct world *w = arg;
	struct arena *arena = s->ctx->arena;
	bool by = account_get(s->txn, arena, w->moderator_id, &w->found[0]);
	bool whom = account_get(s->txn, arena, w->target_id, &w->found[1]);
	w->moderator = by ? &w->found[0] : NULL;
	w->target = whom ? &w->found[1] : NULL;
	return w->run(s, w);
}

enum rc world_act(struct world *w, int moderator, int target,
		  enum rc (*what)(struct social *s, struct world *w))
{
	w->moderator_id = moderator >= 0 ? w->who[moderator].id : 0;
	w->target_id = target >= 0 ? w->who[target].id : 0;
	w->run = what;
	return test_store_try(&w->t, run, w);
}

enum rc moderate_run(struct social *s, struct world *w)
{
	return moderate_account(s, w->moderator, w->target->id, &w->sentence, &w->strike);
}

enum rc sentence(struct world *w, int target, enum moderation what)
{
	w->sentence.what = what;
	return world_act(w, MODERATOR, target, moderate_run);
}

static bool collect(void *arg, const struct queue_job_view *job)
{
	struct waiting *w = arg;
	if (job->kind == w->kind && w->count < JOBS_MAX)
		w->payload[w->count++] = arena_str(w->arena, job->payload);
	return true;
}

struct waiting world_jobs(struct world *w, uint8_t kind)
{
	struct waiting found = { .kind = kind, .arena = w->t.d.arena };
	struct db_txn *txn = test_store_read(&w->t);
	queue_each_job(txn, false, STR(""), 0, collect, &found);
	db_read_end(&txn);
	return found;
}
