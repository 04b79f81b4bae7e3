/*
 * A community that is there already (a local group), with what makes it large: members elsewhere on
 * the sink's hosts, members here with tokens, threads with comments and votes of the skew that such
 * places have; and what members elsewhere send to it, signed: votes, then threads.
 *
 *   community --host HOST:PORT --community NAME --hosts N --sink-port P --members N --people N
 *             --threads N --comments N --votes N --send-votes N --send-posts N
 *             --tokens FILE --requests FILE --keys FILE
 *
 * People here are the accounts person0 and on, which are there already. FILE of tokens gets a line for
 * each. The line of JSON names the community's id, its threads and a few comments.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "core/date.h"
#include "core/must.h"
#include "core/random.h"
#include "senders.h"
#include "store/community.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/reaction.h"
#include "store/status.h"

#define KEY_PAIRS 64
#define AGE_MS (60 * MS_PER_DAY)
#define PRIME 2654435761U
#define LOCAL_SHARE 10 /* one of so many posts is by somebody here */
#define DISLIKE_SHARE 12

/* A post that others answer and vote on. */
struct place {
	uint64_t id, account, created_ms;
	struct str uri;
};

struct town {
	struct senders senders;
	struct account group;
	struct account *people;
	uint64_t person_count;
	uint64_t threads, comments, votes, send_votes;
	struct place *thread; /* [threads] */
	struct place *
		comment; /* [threads * comments], the one of thread t that came k-th at k * threads + t */
	FILE *tokens;
};

static double chance(void)
{
	return (double)random_below(1000000) / 1e6;
}

/* --- who is in --- */

static void find_group(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	const char *name = arg_needed(t->senders.seed->argv, "--community");
	(void)arena, (void)i;
	if (!account_find_handle(txn, t->senders.arena, str_of(name), STR(""), &t->group) ||
	    !community_exists(txn, t->group.id))
		die("there is no community %s here", name);
}

static void add_member(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	const struct account *member = &t->senders.all[i].account;
	follow_put(txn, member, &t->group, FOLLOW_ACCEPTED,
		   arena_printf(arena, "%.*s#follows/1", STR_ARG(member->uri)));
}

static void add_person(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	struct str name = arena_printf(arena, "person%" PRIu64, i);
	if (!account_find_handle(txn, t->senders.arena, name, STR(""), &t->people[i]))
		die("there is no %.*s here", STR_ARG(name));
	follow_put(txn, &t->people[i], &t->group, FOLLOW_ACCEPTED,
		   arena_printf(arena, "%.*s#follows/1", STR_ARG(t->people[i].uri)));
	seed_token(txn, arena, t->senders.seed, t->people[i].id, i, t->tokens);
}

/* --- what they say --- */

static const struct account *an_author(const struct town *t)
{
	if (random_below(LOCAL_SHARE) == 0)
		return &t->people[random_below(t->person_count)];
	/* few write most of it */
	double u = chance();
	uint64_t rank = (uint64_t)((double)t->senders.actor_count * u * u * u);
	return &t->senders.all[rank * PRIME % t->senders.actor_count].account;
}

static struct html words(struct arena *arena)
{
	static const char paragraph[] =
		"The library opens its new reading room on Monday. There are forty seats, light "
		"from the north, and a wall of periodicals that nobody has thrown away since "
		"1950. ";
	int length = (int)(40 + random_below(2 * sizeof(paragraph)));
	return html_trusted(arena_printf(arena, "<p>%.*s%s</p>", length, paragraph,
					 length > 150 ? paragraph : ""));
}

static void say(struct db_txn *txn, struct arena *arena, struct town *t, struct status *s,
		struct place *out)
{
	const struct account *author = an_author(t);
	s->id = db_next_id(txn);
	s->account = author->id;
	s->flags = (account_is_local(author) ? STATUS_LOCAL : 0U) |
		   (s->parent != 0 ? STATUS_REPLY : 0U);
	s->visibility = VISIBILITY_PUBLIC;
	s->uri = arena_printf(arena, "%.*s/statuses/%" PRIu64, STR_ARG(author->uri), s->id);
	s->url = arena_printf(arena, "%.*s/%" PRIu64, STR_ARG(author->url), s->id);
	s->type = STR("Note");
	s->content = words(arena);
	s->spoiler = s->source = STR("");
	s->language = STR("en");
	s->community = t->group.id;
	if (!status_add(txn, s) && db_txn_rc(txn) == RC_OK)
		die("%.*s is there already", STR_ARG(s->uri));
	if (account_is_local(author))
		node_count(txn, 0, 1);
	const struct community_post place = { .community = t->group.id,
					      .status = s->id,
					      .root = s->root,
					      .flags = s->parent != 0 ? COMMUNITY_POST_COMMENT : 0,
					      .last_ms = s->created_ms };
	community_post_add(txn, &place);
	*out = (struct place){ s->id, s->account, s->created_ms,
			       arena_str(t->senders.arena, s->uri) };
}

static void add_thread(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	struct status s = { .created_ms =
				    t->senders.seed->now_ms - AGE_MS + i * (AGE_MS / t->threads),
			    .title = arena_printf(arena, "What came of the plan, part %" PRIu64, i),
			    .parent_uri = STR("") };
	say(txn, arena, t, &s, &t->thread[i]);
}

/* Most answer within a day; half of them the thread itself. */
static void add_comment(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	const struct place *thread = &t->thread[i % t->threads], *parent = thread;
	uint64_t earlier = i / t->threads;
	if (earlier != 0 && random_below(2) == 0)
		parent = &t->comment[random_below(earlier) * t->threads + i % t->threads];
	uint64_t since = (uint64_t)(-log(1 - chance()) * (double)MS_PER_DAY / 3);
	uint64_t left = t->senders.seed->now_ms - parent->created_ms;
	struct status s = { .created_ms = parent->created_ms + (since < left ? since : left),
			    .title = STR(""),
			    .parent = parent->id,
			    .parent_account = parent->account,
			    .parent_uri = parent->uri,
			    .root = thread->id };
	say(txn, arena, t, &s, &t->comment[i]);
}

/* --- votes --- */

/* Those whose requests are made later vote by these alone. */
static uint64_t early_voters(const struct town *t)
{
	return t->senders.actor_count - t->send_votes;
}

/* One half on threads, a few of which get most; the other on comments. */
static void add_vote(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct town *t = arg;
	double u = chance();
	uint64_t rank = (uint64_t)((double)t->threads * u * u * u);
	const struct place *on = i % 2 == 0 ? &t->thread[rank * PRIME % t->threads]
					    : &t->comment[random_below(t->threads * t->comments)];
	const struct account *voter = &t->senders.all[random_below(early_voters(t))].account;
	struct str uri = arena_printf(arena, "%.*s#votes/%" PRIu64, STR_ARG(voter->uri), i);
	/* the same voter twice: one vote less */
	if (random_below(DISLIKE_SHARE) == 0)
		(void)dislike_add(txn, on->id, voter->id, uri);
	else
		(void)like_add(txn, on->id, voter->id, uri);
}

/* --- what is sent --- */

static void write_vote(const struct town *t, uint64_t i, struct str voter, struct buf *out)
{
	const struct place *on = &t->thread[i * PRIME % t->threads];
	buf_addf(out,
		 "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":"
		 "\"%.*s#likes/%" PRIu64 "\",\"type\":\"Like\",\"actor\":\"%.*s\",\"object\":"
		 "\"%.*s\",\"audience\":\"%.*s\"}",
		 STR_ARG(voter), i, STR_ARG(voter), STR_ARG(on->uri), STR_ARG(t->group.uri));
}

/* As Lemmy writes a thread. */
static void write_post(const struct town *t, uint64_t i, struct str author, struct buf *out)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, t->senders.seed->now_ms);
	buf_addf(out,
		 "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"id\":"
		 "\"%.*s/posts/%" PRIu64 "/create\",\"type\":\"Create\",\"actor\":\"%.*s\","
		 "\"to\":[\"https://www.w3.org/ns/activitystreams#Public\"],\"cc\":[\"%.*s\"],"
		 "\"audience\":\"%.*s\",\"object\":{\"id\":\"%.*s/posts/%" PRIu64
		 "\",\"type\":\"Page\",\"name\":\"What members elsewhere say\",\"attributedTo\":"
		 "\"%.*s\",\"to\":[\"%.*s\",\"https://www.w3.org/ns/activitystreams#Public\"],"
		 "\"audience\":\"%.*s\",\"published\":\"%.*s\",\"content\":\"<p>It is the same "
		 "everywhere.</p>\",\"tag\":[{\"type\":\"Mention\",\"href\":\"%.*s\"}]}}",
		 STR_ARG(author), i, STR_ARG(author), STR_ARG(t->group.uri), STR_ARG(t->group.uri),
		 STR_ARG(author), i, STR_ARG(author), STR_ARG(t->group.uri), STR_ARG(t->group.uri),
		 STR_ARG(buf_str(&date)), STR_ARG(t->group.uri));
}

/* Votes first, each by somebody who has voted on nothing; then threads. */
static const struct sender *body(const struct senders *s, uint64_t i, void *arg, struct buf *out)
{
	const struct town *t = arg;
	const struct sender *sender;
	if (i < t->send_votes) {
		sender = &s->all[early_voters(t) + i];
		write_vote(t, i, sender->account.uri, out);
	} else {
		sender = &s->all[i * PRIME % s->actor_count];
		write_post(t, i, sender->account.uri, out);
	}
	return sender;
}

/* --- the whole --- */

static void *many(uint64_t count, size_t size)
{
	void *all = calloc(count, size);
	must(all != NULL);
	return all;
}

static void town_make(struct town *t)
{
	struct seed *seed = t->senders.seed;
	seed_run(&(struct seed_steps){ seed, find_group, t, 1 });
	senders_make(&t->senders, arg_needed(seed->argv, "--keys"));
	seed_run(&(struct seed_steps){ seed, add_member, t, t->senders.actor_count });
	seed_app(seed);
	seed_run(&(struct seed_steps){ seed, add_person, t, t->person_count });
	seed_run(&(struct seed_steps){ seed, add_thread, t, t->threads });
	seed_run(&(struct seed_steps){ seed, add_comment, t, t->threads * t->comments });
	seed_run(&(struct seed_steps){ seed, add_vote, t, t->votes });
}

static void tell(const struct town *t)
{
	uint64_t targets = t->threads < 1000 ? t->threads : 1000;
	printf("{\"community\":\"%" PRIu64 "\",\"person\":\"%" PRIu64 "\",\"threads\":[",
	       t->group.id, t->people[0].id);
	for (uint64_t i = 0; i < targets; i++)
		printf("%s\"%" PRIu64 "\"", i != 0 ? "," : "", t->thread[i].id);
	printf("],\"comments\":[");
	for (uint64_t i = 0; i < targets; i++)
		printf("%s\"%" PRIu64 "\"", i != 0 ? "," : "", t->comment[i].id);
	printf("]}\n");
}

void seed_community(struct seed *seed)
{
	char **argv = seed->argv;
	const char *path = arg_needed(argv, "--tokens");
	uint64_t members = arg_number(argv, "--members", 100000);
	uint64_t hosts = arg_number(argv, "--hosts", 5000);
	struct town t = { .senders = { .seed = seed,
				       .host = str_of(arg_needed(argv, "--host")),
				       .arena = arena_new((size_t)1 << 30),
				       .actor_count = members,
				       .host_count = hosts,
				       .in_a_row = (members + hosts - 1) / hosts,
				       .key_count = KEY_PAIRS,
				       .sink_port = arg_number(argv, "--sink-port", 0) },
			  .person_count = arg_number(argv, "--people", 32),
			  .threads = arg_number(argv, "--threads", 1000),
			  .comments = arg_number(argv, "--comments", 200),
			  .votes = arg_number(argv, "--votes", 200000),
			  .send_votes = arg_number(argv, "--send-votes", 10000),
			  .tokens = fopen(path, "wb") };
	if (t.tokens == NULL || t.send_votes >= members || t.senders.sink_port == 0)
		die("%s: %m", path);
	t.people = many(t.person_count, sizeof(*t.people));
	t.thread = many(t.threads, sizeof(*t.thread));
	t.comment = many(t.threads * t.comments, sizeof(*t.comment));
	town_make(&t);
	senders_write(&t.senders, t.send_votes + arg_number(argv, "--send-posts", 10), body, &t,
		      arg_needed(argv, "--requests"));
	if (fclose(t.tokens) != 0)
		die("%s: %m", path);
	tell(&t);
}
