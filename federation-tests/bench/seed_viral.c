/*
 * A post of ours that everybody talks about: likes, boosts and replies of many actors on many hosts,
 * mixed, and in bursts, since a host that hears of it has many who answer at once.
 *
 *   viral --host HOST:PORT --post URI --author URI --hosts N --likes N --boosts N --replies N
 *         --requests FILE --keys FILE
 */
#include <stdio.h>

#include "args.h"
#include "core/date.h"
#include "core/must.h"
#include "senders.h"

#define KEY_PAIRS 64
#define BURST 10 /* requests of one host, one after the other */

struct viral {
	struct str post, author;
	uint64_t likes, boosts, replies, total;
};

enum what {
	LIKE,
	BOOST,
	REPLY,
};

/*
 * The kinds are spread evenly, and each actor does each thing once at most: burst b is at place
 * b * STEP modulo their number, which visits every place once as long as they share no divisor.
 */
#define STEP 104729

static enum what what_of(const struct viral *v, uint64_t i, uint64_t *number)
{
	uint64_t place = i / BURST * STEP % (v->total / BURST) * BURST + i % BURST;
	*number = place;
	if (place < v->likes)
		return LIKE;
	*number -= v->likes;
	if (*number < v->boosts)
		return BOOST;
	*number -= v->boosts;
	return REPLY;
}

static const struct sender *body(const struct senders *s, uint64_t i, void *arg, struct buf *out)
{
	const struct viral *v = arg;
	uint64_t number;
	enum what what = what_of(v, i, &number);
	const struct sender *sender = &s->all[number % s->actor_count];
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	struct str uri = sender->account.uri;
	date_add_rfc3339(&date, s->seed->now_ms);
	buf_addf(out, "{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"actor\":\"%.*s\",",
		 STR_ARG(uri));
	switch (what) {
	case LIKE:
		buf_addf(out, "\"id\":\"%.*s#likes/%llu\",\"type\":\"Like\",\"object\":\"%.*s\"}",
			 STR_ARG(uri), (unsigned long long)number, STR_ARG(v->post));
		break;
	case BOOST:
		buf_addf(out,
			 "\"id\":\"%.*s/statuses/b%llu/activity\",\"type\":\"Announce\","
			 "\"published\":\"%.*s\",\"to\":"
			 "[\"https://www.w3.org/ns/activitystreams#Public\"],"
			 "\"cc\":[\"%.*s\",\"%.*s/followers\"],\"object\":\"%.*s\"}",
			 STR_ARG(uri), (unsigned long long)number, STR_ARG(buf_str(&date)),
			 STR_ARG(v->author), STR_ARG(uri), STR_ARG(v->post));
		break;
	case REPLY:
		buf_addf(out,
			 "\"id\":\"%.*s/statuses/r%llu/activity\",\"type\":\"Create\","
			 "\"published\":\"%.*s\",\"to\":"
			 "[\"https://www.w3.org/ns/activitystreams#Public\"],\"cc\":[\"%.*s\"],"
			 "\"object\":{\"id\":\"%.*s/statuses/r%llu\",\"type\":\"Note\","
			 "\"attributedTo\":\"%.*s\",\"inReplyTo\":\"%.*s\",\"published\":\"%.*s\","
			 "\"to\":[\"https://www.w3.org/ns/activitystreams#Public\"],"
			 "\"cc\":[\"%.*s\"],\"content\":\"<p>This is what I have been saying "
			 "for years, and nobody listened.</p>\"}}",
			 STR_ARG(uri), (unsigned long long)number, STR_ARG(buf_str(&date)),
			 STR_ARG(v->author), STR_ARG(uri), (unsigned long long)number, STR_ARG(uri),
			 STR_ARG(v->post), STR_ARG(buf_str(&date)), STR_ARG(v->author));
		break;
	}
	return sender;
}

void seed_viral(struct seed *seed)
{
	struct viral v = { .post = str_of(arg_needed(seed->argv, "--post")),
			   .author = str_of(arg_needed(seed->argv, "--author")),
			   .likes = arg_number(seed->argv, "--likes", 50000),
			   .boosts = arg_number(seed->argv, "--boosts", 20000),
			   .replies = arg_number(seed->argv, "--replies", 5000) };
	v.total = v.likes + v.boosts + v.replies;
	must(v.total % BURST == 0 && v.likes >= v.boosts && v.likes >= v.replies);
	struct senders s = { .seed = seed,
			     .host = str_of(arg_needed(seed->argv, "--host")),
			     .arena = arena_new((size_t)256 << 20),
			     .actor_count = v.likes,
			     .host_count = arg_number(seed->argv, "--hosts", 3000),
			     .in_a_row = BURST,
			     .key_count = KEY_PAIRS };
	senders_make(&s, arg_needed(seed->argv, "--keys"));
	printf("{\"request_bytes\":%zu}\n",
	       senders_write(&s, v.total, body, &v, arg_needed(seed->argv, "--requests")));
}
