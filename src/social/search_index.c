/*
 * Taking up: what is new or stale is read, parted into words, and written in one job. Texts are parted
 * between the two transactions; what changes meanwhile is stale again. One thread.
 */
#include <stdlib.h>

#include "core/must.h"
#include "search_int.h"
#include "social/trends.h"
#include "store/poll.h"
#include "text/words.h"

#define STATUSES_AT_ONCE 128
#define ACCOUNTS_AT_ONCE 128
#define STALE_AT_ONCE 64
#define STEP_ARENA ((size_t)256 << 20)

struct person {
	uint64_t id;
	struct str names[SEARCH_NAMES_MAX];
	size_t count;
};

/* What is taken up of one kind: new ones in front, then stale ones. */
struct batch {
	uint64_t ids[STATUSES_AT_ONCE + ACCOUNTS_AT_ONCE + STALE_AT_ONCE];
	size_t fresh, count; /* fresh ones among them */
	struct search_stale stale[STALE_AT_ONCE];
	size_t stale_count;
	uint64_t mark; /* afterwards */
};

struct step {
	struct db *db;
	struct ctx ctx;
	struct batch statuses, accounts;
	struct status *status;
	struct poll *polls;
	struct account *account;
	struct str *names; /* of each account, beside its handle */
	struct search_doc *docs;
	struct person *people;
	size_t doc_count; /* of the new ones: boosts have none */
};

/* --- reading --- */

static void batch_read(struct db_txn *txn, struct batch *b, enum search_what what, size_t at_once)
{
	b->mark = search_mark(txn, what);
	b->fresh = what == SEARCH_STATUS ? status_after(txn, b->mark, b->ids, at_once)
					 : account_after(txn, b->mark, b->ids, at_once);
	if (b->fresh != 0)
		b->mark = b->ids[b->fresh - 1];
	b->stale_count = search_stale(txn, what, b->stale, STALE_AT_ONCE);
	b->count = b->fresh;
	for (size_t i = 0; i < b->stale_count; i++)
		b->ids[b->count++] = b->stale[i].id;
}

static enum rc step_read(struct step *s, struct db_txn *txn)
{
	struct arena *arena = s->ctx.arena;
	batch_read(txn, &s->statuses, SEARCH_STATUS, STATUSES_AT_ONCE);
	batch_read(txn, &s->accounts, SEARCH_ACCOUNT, ACCOUNTS_AT_ONCE);
	s->status = ARENA_ARRAY(arena, s->statuses.count, struct status);
	s->polls = ARENA_ARRAY(arena, s->statuses.count, struct poll);
	s->account = ARENA_ARRAY(arena, s->accounts.count, struct account);
	s->names = ARENA_ARRAY(arena, s->accounts.count, struct str);
	if (s->status == NULL || s->polls == NULL || s->account == NULL || s->names == NULL)
		return RC_NO_MEMORY;
	status_get_many(txn, arena, s->statuses.ids, s->statuses.count, s->status);
	for (size_t i = 0; i < s->statuses.count; i++) {
		if (s->status[i].has_poll)
			poll_get(txn, arena, s->status[i].id, &s->polls[i]);
	}
	for (size_t i = 0; i < s->accounts.count; i++) {
		if (account_get(txn, arena, s->accounts.ids[i], &s->account[i]))
			s->names[i] = search_names_of(txn, arena, &s->account[i]);
	}
	return db_txn_rc(txn);
}

/* --- parting --- */

/* What is gone, and a boost, has neither words nor features. */
static enum rc doc_make(struct step *s, size_t i, struct search_doc *out)
{
	const struct status *status = &s->status[i];
	if (status->id == 0 || (status->flags & STATUS_BOOST) != 0) {
		*out = (struct search_doc){ .id = s->statuses.ids[i] };
		return RC_OK;
	}
	return search_doc_of(&s->ctx, status, status->has_poll ? &s->polls[i] : NULL, out);
}

static enum rc docs_make(struct step *s)
{
	struct search_doc doc;
	enum rc rc = RC_OK;
	size_t n = 0;
	s->docs = ARENA_ARRAY(s->ctx.arena, s->statuses.count, struct search_doc);
	if (s->docs == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < s->statuses.count && rc == RC_OK; i++) {
		rc = doc_make(s, i, &doc);
		if (i < s->statuses.fresh && doc.feature_count == 0)
			continue;
		s->doc_count += i < s->statuses.fresh;
		s->docs[n++] = doc;
	}
	return rc;
}

static void name_add(struct person *p, struct str name)
{
	name = str_take(name, SEARCH_TERM_MAX);
	if (name.len == 0 || p->count == SEARCH_NAMES_MAX)
		return;
	for (size_t i = 0; i < p->count; i++) {
		if (str_eq(p->names[i], name))
			return;
	}
	p->names[p->count++] = name;
}

static enum rc person_make(struct step *s, size_t i, struct person *out)
{
	const struct account *a = &s->account[i];
	struct ctx quiet = { .arena = s->ctx.arena };
	struct words words;
	struct str name;
	*out = (struct person){ .id = s->accounts.ids[i] };
	if (a->id == 0 || account_is_gone(a) || (a->flags & ACCOUNT_INSTANCE) != 0)
		return RC_OK;
	enum rc rc = text_fold(&quiet, a->username, &name);
	if (rc != RC_OK)
		return rc == RC_INVALID ? RC_OK : rc;
	name_add(out, name);
	name_add(out, a->domain);
	/* a display name that is no text finds nobody */
	rc = text_words(&quiet, s->names[i], &words);
	for (size_t k = 0; rc == RC_OK && k < words.count; k++)
		name_add(out, words.list[k]);
	return rc == RC_NO_MEMORY ? rc : RC_OK;
}

static enum rc people_make(struct step *s)
{
	enum rc rc = RC_OK;
	s->people = ARENA_ARRAY(s->ctx.arena, s->accounts.count, struct person);
	if (s->people == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < s->accounts.count && rc == RC_OK; i++)
		rc = person_make(s, i, &s->people[i]);
	return rc;
}

/* --- writing --- */

static void statuses_write(struct db_txn *txn, struct step *s, struct arena *arena)
{
	const struct batch *b = &s->statuses;
	search_add(txn, arena, s->docs, s->doc_count);
	for (size_t i = 0; i < b->stale_count; i++) {
		search_replace(txn, arena, &s->docs[s->doc_count + i]);
		search_fresh(txn, SEARCH_STATUS, &b->stale[i]);
	}
	if (b->fresh != 0)
		search_mark_set(txn, SEARCH_STATUS, b->mark);
}

static bool is_registration(const struct account *a)
{
	return account_is_local(a) && (a->flags & ACCOUNT_INSTANCE) == 0;
}

static void accounts_write(struct db_txn *txn, struct step *s, struct arena *arena)
{
	const struct batch *b = &s->accounts;
	for (size_t i = 0; i < b->count; i++) {
		const struct person *p = &s->people[i];
		if (s->account[i].id == 0) {
			search_person_del(txn, arena, p->id);
			continue;
		}
		search_person_put(txn, arena, p->id, p->names, p->count);
		directory_put(txn, &s->account[i]);
		if (i < b->fresh && is_registration(&s->account[i]))
			measure_add(txn, MEASURE_REGISTRATIONS, day_of_ms(s->account[i].created_ms),
				    1);
	}
	for (size_t i = 0; i < b->stale_count; i++)
		search_fresh(txn, SEARCH_ACCOUNT, &b->stale[i]);
	if (b->fresh != 0)
		search_mark_set(txn, SEARCH_ACCOUNT, b->mark);
}

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	struct arena *arena = arena_new(STEP_ARENA);
	if (arena == NULL)
		return RC_NO_MEMORY;
	statuses_write(txn, s, arena);
	accounts_write(txn, s, arena);
	arena_free(&arena);
	return db_txn_rc(txn);
}

static bool has_nothing(const struct step *s)
{
	return s->statuses.count == 0 && s->accounts.count == 0;
}

/* A full batch is seldom the last. */
static bool has_more(const struct step *s)
{
	return s->statuses.fresh == STATUSES_AT_ONCE || s->accounts.fresh == ACCOUNTS_AT_ONCE ||
	       s->statuses.stale_count == STALE_AT_ONCE || s->accounts.stale_count == STALE_AT_ONCE;
}

static enum rc take_up(struct step *s)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(s->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = step_read(s, txn);
	db_read_end(&txn);
	if (rc != RC_OK || has_nothing(s))
		return rc;
	rc = docs_make(s);
	if (rc == RC_OK)
		rc = people_make(s);
	if (rc == RC_OK && arena_failed(s->ctx.arena))
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = db_write(s->db, step_write, s);
	return rc == RC_OK && has_more(s) ? RC_BUSY : rc;
}

enum rc search_take_up(struct db *db)
{
	struct step *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return RC_NO_MEMORY;
	s->db = db;
	s->ctx.arena = arena_new(STEP_ARENA);
	enum rc rc = s->ctx.arena != NULL ? take_up(s) : RC_NO_MEMORY;
	arena_free(&s->ctx.arena);
	free(s);
	return rc;
}
