/*
 * A node that has been there for a while: many remote accounts, and their posts.
 *
 *   large --accounts N --statuses N
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "core/random.h"
#include "seed.h"
#include "store/status.h"

#define HOSTS 1000U
#define AGE_MS (400 * MS_PER_DAY)

struct large {
	const struct seed *seed;
	uint64_t *ids;
	uint64_t accounts, statuses;
};

static struct str host_of(struct arena *arena, uint64_t account)
{
	return arena_printf(arena, "social%u.example", (unsigned)(account % HOSTS));
}

static void add_account(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct large *l = arg;
	struct str domain = host_of(arena, i);
	struct str base = arena_join(arena, STR("https://"), domain);
	struct str name = arena_printf(arena, "person%u", (unsigned)i);
	struct account a = seed_remote(arena, base, domain, name, l->seed->now_ms - AGE_MS);
	a.note = html_trusted(
		STR("<p>Teaches, reads, walks. Posts about all three, mostly in the "
		    "evening. <a href=\"https://example.org/me\">example.org/me</a></p>"));
	a.avatar = arena_join(arena, base, STR("/system/accounts/avatars/original/0123456789.png"));
	if (!account_add(txn, arena, &a))
		die("an account is there already");
	l->ids[i] = a.id;
}

/* Posts of about the length that the fediverse has: a paragraph or two, sometimes a tag. */
static void add_status(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	static const char paragraph[] =
		"The library opens its new reading room on Monday. There are forty seats, light "
		"from the north, and a wall of periodicals that nobody has thrown away since "
		"1950. ";
	struct large *l = arg;
	uint64_t author = random_below(l->accounts);
	struct str host = host_of(arena, author);
	struct str uri = arena_printf(arena, "https://%.*s/users/person%u/statuses/1%017" PRIu64,
				      STR_ARG(host), (unsigned)author, i);
	struct str tag = STR("library");
	int length = (int)(40 + random_below(2 * sizeof(paragraph)));
	struct status s = {
		.account = l->ids[author],
		.visibility = VISIBILITY_PUBLIC,
		.created_ms = l->seed->now_ms - AGE_MS + i,
		.uri = uri,
		.url = arena_printf(arena, "https://%.*s/@person%u/1%017" PRIu64, STR_ARG(host),
				    (unsigned)author, i),
		.type = STR("Note"),
		.title = STR(""),
		.content = html_trusted(arena_printf(arena, "<p>%.*s%s</p>", length, paragraph,
						     length > 150 ? paragraph : "")),
		.spoiler = STR(""),
		.language = STR("en"),
		.parent_uri = STR(""),
		.source = STR(""),
		.tags = &tag,
		.tag_count = i % 4 == 0,
	};
	if (!status_add(txn, &s) && db_txn_rc(txn) == RC_OK)
		die("%.*s is there already", STR_ARG(uri));
}

static uint64_t used_bytes(const struct seed *seed)
{
	struct db_stat stat;
	if (db_stat(seed->db, &stat) != RC_OK)
		die("the database cannot be read");
	return stat.used_bytes;
}

void seed_large(struct seed *seed)
{
	struct large l = { .seed = seed,
			   .accounts = arg_number(seed->argv, "--accounts", 100000),
			   .statuses = arg_number(seed->argv, "--statuses", 1000000) };
	l.ids = calloc(l.accounts, sizeof(*l.ids));
	uint64_t empty = used_bytes(seed), begun = now_ns();
	seed_run(&(struct seed_steps){ seed, add_account, &l, l.accounts });
	uint64_t with_accounts = used_bytes(seed), between = now_ns();
	seed_run(&(struct seed_steps){ seed, add_status, &l, l.statuses });
	uint64_t full = used_bytes(seed), ended = now_ns();
	printf("{\"bytes_per_account\":%.1f,\"bytes_per_status\":%.1f,"
	       "\"accounts_seconds\":%.1f,\"statuses_seconds\":%.1f}\n",
	       (double)(with_accounts - empty) / (double)l.accounts,
	       (double)(full - with_accounts) / (double)l.statuses, (double)(between - begun) / 1e9,
	       (double)(ended - between) / 1e9);
	free(l.ids);
}
