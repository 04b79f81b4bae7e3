/*
 * Actors elsewhere with their keys, people here who follow all of them, and posts of the actors,
 * signed, as the bytes of whole requests.
 *
 *   inbound --host HOST:PORT --people N --actors N --hosts N --count N --requests FILE --keys FILE
 */
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "core/date.h"
#include "core/must.h"
#include "senders.h"
#include "store/graph.h"
#include "store/node.h"

struct inbound {
	struct senders senders;
	struct account *people;
	uint64_t people_count;
};

/* --- rows --- */

static void add_person(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct inbound *in = arg;
	struct arena *kept = in->senders.arena;
	struct str base = arena_join(kept, STR("http://"), in->senders.host);
	struct str name = arena_printf(kept, "reader%u", (unsigned)i);
	in->people[i] = seed_remote(kept, base, STR(""), name, in->senders.seed->now_ms);
	in->people[i].flags = ACCOUNT_LOCAL;
	if (!account_add(txn, arena, &in->people[i]))
		die("a person is there already");
	node_count(txn, 1, 0);
}

/* Everybody here follows every actor. */
static void add_follows(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct inbound *in = arg;
	(void)arena;
	for (uint64_t k = 0; k < in->senders.actor_count; k++)
		follow_put(txn, &in->people[i], &in->senders.all[k].account, FOLLOW_ACCEPTED,
			   STR(""));
}

/* --- requests --- */

/* About 2 KB, as Mastodon writes a post with a link and two tags. */
static const struct sender *body(const struct senders *s, uint64_t i, void *arg, struct buf *out)
{
	const struct sender *sender = &s->all[i % s->actor_count];
	struct buf date CLEANUP(buf_free) = BUF_INIT(64), id CLEANUP(buf_free) = BUF_INIT(2048);
	struct str uri = sender->account.uri;
	struct str content = STR(
		"<p>The council has published the minutes of its last session, with the plan for "
		"the new cycle lanes: <a href=\\\"https://council.example/minutes/2026-11\\\" "
		"target=\\\"_blank\\\" rel=\\\"nofollow noopener\\\"><span class=\\\"invisible\\\">"
		"https://</span><span class=\\\"ellipsis\\\">council.example/minutes</span></a></p>"
		"<p>Comments are welcome until the end of the month. <a href=\\\""
		"https://peer.example/tags/cycling\\\" class=\\\"mention hashtag\\\" "
		"rel=\\\"tag\\\">"
		"#<span>cycling</span></a> &amp; more</p>");
	(void)arg;
	date_add_rfc3339(&date, s->seed->now_ms);
	buf_addf(&id, "%.*s/statuses/%llu", STR_ARG(uri), 112000000000000000ULL + i);
	buf_addf(out,
		 "{\"@context\":[\"https://www.w3.org/ns/activitystreams\",{\"ostatus\":"
		 "\"http://ostatus.org#\",\"atomUri\":\"ostatus:atomUri\",\"sensitive\":"
		 "\"as:sensitive\",\"toot\":\"http://joinmastodon.org/ns#\",\"Hashtag\":"
		 "\"as:Hashtag\"}],\"id\":\"%.*s/activity\",\"type\":\"Create\",\"actor\":\"%.*s\","
		 "\"published\":\"%.*s\",\"to\":[\"https://www.w3.org/ns/activitystreams#Public\"],"
		 "\"cc\":[\"%.*s/followers\"],\"object\":{\"id\":\"%.*s\",\"type\":\"Note\","
		 "\"summary\":null,\"inReplyTo\":null,\"published\":\"%.*s\",\"url\":\"%.*s\","
		 "\"attributedTo\":\"%.*s\",\"to\":[\"https://www.w3.org/ns/"
		 "activitystreams#Public\"],"
		 "\"cc\":[\"%.*s/followers\"],\"sensitive\":false,\"atomUri\":\"%.*s\","
		 "\"content\":\"%.*s\",\"contentMap\":{\"en\":\"%.*s\"},\"attachment\":[],\"tag\":"
		 "[{\"type\":\"Hashtag\",\"href\":\"https://peer.example/tags/cycling\",\"name\":"
		 "\"#cycling\"}]}}",
		 STR_ARG(buf_str(&id)), STR_ARG(uri), STR_ARG(buf_str(&date)), STR_ARG(uri),
		 STR_ARG(buf_str(&id)), STR_ARG(buf_str(&date)), STR_ARG(buf_str(&id)),
		 STR_ARG(uri), STR_ARG(uri), STR_ARG(buf_str(&id)), STR_ARG(content),
		 STR_ARG(content));
	return sender;
}

void seed_inbound(struct seed *seed)
{
	uint64_t actors = arg_number(seed->argv, "--actors", 200);
	struct inbound in = { .senders = { .seed = seed,
					   .host = str_of(arg_needed(seed->argv, "--host")),
					   .arena = arena_new((size_t)64 << 20),
					   .actor_count = actors,
					   .host_count = arg_number(seed->argv, "--hosts", 50),
					   .in_a_row = 1,
					   .key_count = actors },
			      .people_count = arg_number(seed->argv, "--people", 1000) };
	in.people = calloc(in.people_count, sizeof(*in.people));
	must(in.people != NULL);
	senders_make(&in.senders, arg_needed(seed->argv, "--keys"));
	seed_run(&(struct seed_steps){ seed, add_person, &in, in.people_count });
	seed_run(&(struct seed_steps){ seed, add_follows, &in, in.people_count });
	printf("{\"request_bytes\":%zu}\n",
	       senders_write(&in.senders, arg_number(seed->argv, "--count", 10000), body, NULL,
			     arg_needed(seed->argv, "--requests")));
}
