/*
 * A node with its people: who follows whom with the skew that a network of people has, posts of theirs
 * and of others, a thread, and a token for each of them.
 *
 *   clients --host HOST:PORT --people N --elsewhere N --statuses N --replies N --tokens FILE
 *
 * FILE gets a token a line. The line of JSON names the thread's first post, its author, whom nearly
 * everybody follows, and who is followed by about a hundred people (the number of their line).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "core/must.h"
#include "core/random.h"
#include "seed.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/status.h"

#define HOSTS 1000U
#define AGE_MS (60 * MS_PER_DAY)
#define FOLLOWS_LEAST 10
#define FOLLOWS_SPAN 160 /* 10 to 170, 50 in the mean */
#define RECENT 4096	 /* posts that are answered */
#define PRIME 2654435761U

struct clients {
	struct seed *seed;
	struct str base; /* of the node */
	struct arena *kept;
	struct account *all; /* people first, then who is elsewhere */
	uint64_t people, count, statuses;
	FILE *tokens;
	struct status recent[RECENT]; /* what a reply must know of them */
	uint64_t last;
	uint64_t thread;
};

/* Who is asked for often: a few of them most of the time, spread over people and others alike. */
static uint64_t popular(const struct clients *c)
{
	double u = (double)random_below(1000000) / 1e6;
	uint64_t rank = (uint64_t)((double)c->count * u * u * u);
	return rank * PRIME % c->count;
}

static void add_account(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct clients *c = arg;
	bool local = i < c->people;
	struct str name = arena_printf(c->kept, "person%" PRIu64, i);
	struct str domain =
		local ? STR("") : arena_printf(c->kept, "social%" PRIu64 ".example", i % HOSTS);
	struct str base = local ? c->base : arena_join(c->kept, STR("https://"), domain);
	struct account *a = &c->all[i];
	*a = seed_remote(c->kept, base, domain, name, c->seed->now_ms - AGE_MS);
	a->note = html_trusted(STR("<p>Teaches, reads, walks. Posts about all three, mostly in the "
				   "evening.</p>"));
	a->flags = (local ? ACCOUNT_LOCAL | ACCOUNT_DISCOVERABLE : 0U) |
		   (i % 3 == 0 ? 0U : ACCOUNT_INDEXABLE);
	if (!account_add(txn, arena, a))
		die("an account is there already");
	if (local)
		node_count(txn, 1, 0);
}

static void add_token(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct clients *c = arg;
	const struct account_secrets secrets = { .confirmed_ms = c->seed->now_ms };
	account_secrets_put(txn, c->all[i].id, &secrets);
	seed_token(txn, arena, c->seed, c->all[i].id, i, c->tokens);
}

static void add_follows(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct clients *c = arg;
	double u = (double)random_below(1000000) / 1e6;
	uint64_t wanted = FOLLOWS_LEAST + (uint64_t)(FOLLOWS_SPAN * u * u * u);
	(void)arena;
	for (uint64_t k = 0; k < wanted; k++) {
		const struct account *other = &c->all[popular(c)];
		if (other != &c->all[i] && !follow_accepted(txn, c->all[i].id, other->id))
			follow_put(txn, &c->all[i], other, FOLLOW_ACCEPTED, STR(""));
	}
}

/* --- posts --- */

static void answer(struct status *s, const struct status *parent)
{
	s->parent = parent->id;
	s->parent_account = parent->account;
	s->parent_uri = parent->uri;
	s->root = parent->root;
}

static void add(struct db_txn *txn, struct arena *arena, struct clients *c, struct status *s,
		uint64_t author)
{
	static const char paragraph[] =
		"The library opens its new reading room on Monday. There are forty seats, light "
		"from the north, and a wall of periodicals that nobody has thrown away since "
		"1950. ";
	const struct account *a = &c->all[author];
	struct str tag = STR("library");
	int length = (int)(40 + random_below(2 * sizeof(paragraph)));
	s->id = db_next_id(txn);
	s->account = a->id;
	s->visibility = VISIBILITY_PUBLIC;
	s->uri = arena_printf(arena, "%.*s/statuses/%" PRIu64, STR_ARG(a->uri), s->id);
	s->url = arena_printf(arena, "%.*s/%" PRIu64, STR_ARG(a->url), s->id);
	s->type = STR("Note");
	s->content = html_trusted(arena_printf(arena, "<p>%.*s%s</p>", length, paragraph,
					       length > 150 ? paragraph : ""));
	s->title = s->spoiler = s->source = STR("");
	s->language = STR("en");
	s->tags = &tag;
	s->tag_count = s->id % 4 == 0;
	if (s->parent == 0)
		s->parent_uri = STR("");
	if (!status_add(txn, s) && db_txn_rc(txn) == RC_OK)
		die("%.*s is there already", STR_ARG(s->uri));
	if (account_is_local(a))
		node_count(txn, 0, 1);
	struct status *slot = &c->recent[c->last++ % RECENT];
	*slot = (struct status){ .id = s->id, .account = s->account, .root = s->root };
	slot->uri = arena_str(c->kept, s->uri);
}

/* Every tenth answers something that was said lately. */
static void add_status(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct clients *c = arg;
	struct status s = { .created_ms = c->seed->now_ms - AGE_MS + i * (AGE_MS / c->statuses) };
	if (i % 10 == 9)
		answer(&s, &c->recent[random_below(c->last < RECENT ? c->last : RECENT)]);
	add(txn, arena, c, &s, popular(c));
}

/* The first one is person0's, all others answer it. */
static void add_thread(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	static struct status first;
	struct clients *c = arg;
	struct status s = { .created_ms = c->seed->now_ms };
	if (i != 0)
		answer(&s, &first);
	add(txn, arena, c, &s, i == 0 ? 0 : popular(c));
	if (i == 0) {
		first = c->recent[(c->last - 1) % RECENT];
		c->thread = s.id;
	}
}

/* The person of that rank or the next. */
static uint64_t person_of_rank(const struct clients *c, uint64_t rank)
{
	while (rank * PRIME % c->count >= c->people)
		rank++;
	return rank * PRIME % c->count;
}

void seed_clients(struct seed *seed)
{
	struct clients *c = calloc(1, sizeof(*c));
	must(c != NULL);
	const char *path = arg_needed(seed->argv, "--tokens");
	c->seed = seed;
	c->people = arg_number(seed->argv, "--people", 10000);
	c->count = c->people + arg_number(seed->argv, "--elsewhere", 20000);
	c->statuses = arg_number(seed->argv, "--statuses", 1000000);
	c->kept = arena_new((size_t)1 << 30);
	c->base = arena_printf(c->kept, "http://%s", arg_needed(seed->argv, "--host"));
	c->all = calloc(c->count, sizeof(*c->all));
	c->tokens = fopen(path, "wb");
	if (c->kept == NULL || c->all == NULL || c->tokens == NULL)
		die("%s: %m", path);
	seed_run(&(struct seed_steps){ seed, add_account, c, c->count });
	seed_app(seed);
	seed_run(&(struct seed_steps){ seed, add_token, c, c->people });
	seed_run(&(struct seed_steps){ seed, add_follows, c, c->people });
	seed_run(&(struct seed_steps){ seed, add_status, c, c->statuses });
	seed_run(&(struct seed_steps){ seed, add_thread, c,
				       1 + arg_number(seed->argv, "--replies", 100) });
	if (fclose(c->tokens) != 0)
		die("%s: %m", path);
	printf("{\"thread\":\"%" PRIu64 "\",\"account\":\"%" PRIu64 "\",\"poster\":%" PRIu64 "}\n",
	       c->thread, c->all[0].id, person_of_rank(c, 300));
}
