/* What the tests of fed read from the node's database, and put into it. */
#include "fedkit.h"

#include "social/account.h"
#include "store/graph.h"

void kit_write(struct fedkit *kit, enum rc (*job)(struct db_txn *txn, void *arg), void *arg)
{
	assert_int_equal(db_write(kit->db, job, arg), RC_OK);
}

static struct db_txn *reading(struct fedkit *kit)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	return txn;
}

uint64_t kit_rows(struct fedkit *kit, const struct db_table *table)
{
	struct db_txn *txn = reading(kit);
	uint64_t rows = db_count(txn, table);
	db_read_end(&txn);
	return rows;
}

struct uri_entry kit_uri(struct fedkit *kit, const char *uri)
{
	struct db_txn *txn = reading(kit);
	struct uri_entry entry = uri_find(txn, str_of(uri));
	db_read_end(&txn);
	return entry;
}

bool kit_account(struct fedkit *kit, uint64_t id, struct account *out)
{
	struct db_txn *txn = reading(kit);
	bool found = account_get(txn, kit->arena, id, out);
	db_read_end(&txn);
	return found;
}

struct replacing {
	struct fedkit *kit;
	const struct account *account;
};

static enum rc account_job(struct db_txn *txn, void *arg)
{
	const struct replacing *r = arg;
	return account_put(txn, r->kit->arena, r->account) ? RC_OK : RC_CONFLICT;
}

void kit_put_account(struct fedkit *kit, const struct account *account)
{
	struct replacing r = { kit, account };
	kit_write(kit, account_job, &r);
}

bool kit_status(struct fedkit *kit, const char *uri, struct status *out)
{
	struct db_txn *txn = reading(kit);
	bool found = status_find_uri(txn, kit->arena, str_of(uri), out);
	db_read_end(&txn);
	return found;
}

enum follow_state kit_follow_state(struct fedkit *kit, uint64_t follower, uint64_t followee)
{
	struct db_txn *txn = reading(kit);
	enum follow_state state = follow_get(txn, follower, followee).state;
	db_read_end(&txn);
	return state;
}

struct following {
	struct fedkit *kit;
	uint64_t follower, followee;
	enum follow_state state;
	const char *uri;
};

static enum rc follow_job(struct db_txn *txn, void *arg)
{
	const struct following *f = arg;
	struct account follower, followee;
	must(account_get(txn, f->kit->arena, f->follower, &follower));
	must(account_get(txn, f->kit->arena, f->followee, &followee));
	follow_put(txn, &follower, &followee, f->state, str_of(f->uri));
	return db_txn_rc(txn);
}

void kit_follow(struct fedkit *kit, uint64_t follower, uint64_t followee, enum follow_state state,
		const char *uri)
{
	struct following f = { kit, follower, followee, state, uri };
	kit_write(kit, follow_job, &f);
}

struct posting_job {
	struct fedkit *kit;
	struct draft draft;
};

static enum rc post_job(struct db_txn *txn, void *arg)
{
	struct posting_job *p = arg;
	struct ctx ctx = { .arena = p->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &p->kit->site };
	return act_post(&s, &p->draft);
}

uint64_t kit_post(struct fedkit *kit, const struct account *author, enum visibility visibility,
		  const char *text)
{
	struct ctx ctx = { .arena = kit->arena };
	struct posting_job p = { kit,
				 { .author = *author,
				   .visibility = visibility,
				   .text = str_of(text),
				   .spoiler = STR(""),
				   .language = STR("en") } };
	assert_int_equal(act_compose(&ctx, &kit->site, kit->db, NULL, &p.draft), RC_OK);
	kit_write(kit, post_job, &p);
	return p.draft.status.id;
}

struct ending {
	struct fedkit *kit;
	const struct account *account;
	uint64_t status; /* 0: the account itself */
};

static enum rc ending_job(struct db_txn *txn, void *arg)
{
	const struct ending *e = arg;
	struct ctx ctx = { .arena = e->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &e->kit->site };
	return e->status != 0 ? act_delete(&s, e->account, e->status)
			      : account_delete(&s, e->account);
}

void kit_erase(struct fedkit *kit, const struct account *author, uint64_t status)
{
	struct ending e = { kit, author, status };
	kit_write(kit, ending_job, &e);
}

void kit_leave(struct fedkit *kit, const struct account *account)
{
	struct ending e = { kit, account, 0 };
	kit_write(kit, ending_job, &e);
}

struct str kit_post_uri(struct fedkit *kit, uint64_t id)
{
	struct status status;
	struct db_txn *txn = reading(kit);
	bool found = status_get(txn, kit->arena, id, &status);
	db_read_end(&txn);
	assert_true(found);
	return arena_str(kit->arena, status.uri);
}

uint64_t kit_last_commit(struct fedkit *kit)
{
	struct db_stat stat;
	assert_int_equal(db_stat(kit->db, &stat), RC_OK);
	return stat.last_commit;
}

static enum rc reports_job(struct db_txn *txn, void *arg)
{
	const size_t *count = arg;
	for (size_t i = 0; i < *count; i++)
		report_add(txn, &(struct report){ .reporter = 1,
						  .target = 2,
						  .comment = STR("spam"),
						  .uri = STR("https://o.example/flags/1") });
	return db_txn_rc(txn);
}

void kit_reports(struct fedkit *kit, size_t count)
{
	kit_write(kit, reports_job, &count);
}

struct report kit_report(struct fedkit *kit, uint64_t id)
{
	struct report report;
	struct db_txn *txn = reading(kit);
	bool found = report_get(txn, kit->arena, id, &report);
	db_read_end(&txn);
	assert_true(found);
	return report;
}

static enum rc policy_job(struct db_txn *txn, void *arg)
{
	peer_put(txn, arg);
	return db_txn_rc(txn);
}

void kit_policy(struct fedkit *kit, const char *host, enum peer_policy policy)
{
	struct peer peer = { .host = str_of(host), .policy = policy, .note = STR("") };
	kit_write(kit, policy_job, &peer);
	fed_reload(kit->fed);
}
