/*
 * Actors elsewhere with their keys, people here who follow all of them, and posts of the actors,
 * signed, as the bytes of whole requests.
 *
 *   inbound --host HOST:PORT --people N --actors N --hosts N --count N --requests FILE --keys FILE
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "core/date.h"
#include "core/must.h"
#include "crypt/httpsig.h"
#include "crypt/key.h"
#include "seed.h"
#include "store/graph.h"
#include "store/node.h"
#include "store/peer.h"

#define SIGNERS 2
#define REQUEST_MAX ((size_t)16 << 10)

struct actor {
	struct key *key;
	struct account account; /* strings live as long as the program */
};

struct inbound {
	struct seed *seed;
	struct str host;
	struct arena *arena;
	struct actor *actors;
	struct account *people;
	uint64_t actor_count, host_count, people_count, count;
	struct str *requests;
};

/* Runs part(in, i) for every i below count on all signers at once. */
struct share {
	struct inbound *in;
	void (*part)(struct inbound *in, uint64_t i);
	uint64_t first, count;
	pthread_t thread;
};

static void *share_main(void *arg)
{
	const struct share *s = arg;
	for (uint64_t i = s->first; i < s->count; i += SIGNERS)
		s->part(s->in, i);
	return NULL;
}

static void share_out(struct inbound *in, void (*part)(struct inbound *in, uint64_t i),
		      uint64_t count)
{
	struct share shares[SIGNERS];
	for (uint64_t i = 0; i < SIGNERS; i++) {
		shares[i] = (struct share){ .in = in, .part = part, .first = i, .count = count };
		must(pthread_create(&shares[i].thread, NULL, share_main, &shares[i]) == 0);
	}
	for (uint64_t i = 0; i < SIGNERS; i++)
		must(pthread_join(shares[i].thread, NULL) == 0);
}

/* --- rows --- */

static void make_key(struct inbound *in, uint64_t i)
{
	if (key_generate(KEY_RSA, &in->actors[i].key) != RC_OK)
		die("no key");
}

static struct str key_id(struct arena *arena, const struct actor *actor)
{
	return arena_join(arena, actor->account.uri, STR("#main-key"));
}

static void add_actor(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct inbound *in = arg;
	struct actor *actor = &in->actors[i];
	struct str domain =
		arena_printf(in->arena, "peer%u.example", (unsigned)(i % in->host_count));
	struct str base = arena_join(in->arena, STR("https://"), domain);
	struct str name = arena_printf(in->arena, "author%u", (unsigned)i);
	struct buf der CLEANUP(buf_free) = BUF_INIT(4096);
	actor->account = seed_remote(in->arena, base, domain, name, in->seed->now_ms);
	if (!account_add(txn, arena, &actor->account))
		die("an actor is there already");
	key_add_public(&der, actor->key);
	const struct peer_key row = { .id = key_id(arena, actor),
				      .account = actor->account.id,
				      .public_der = buf_str(&der),
				      .fetched_ms = in->seed->now_ms };
	peer_key_put(txn, &row);
}

static void add_person(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct inbound *in = arg;
	struct str base = arena_join(in->arena, STR("http://"), in->host);
	struct str name = arena_printf(in->arena, "reader%u", (unsigned)i);
	in->people[i] = seed_remote(in->arena, base, STR(""), name, in->seed->now_ms);
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
	for (uint64_t k = 0; k < in->actor_count; k++)
		follow_put(txn, &in->people[i], &in->actors[k].account, FOLLOW_ACCEPTED, STR(""));
}

static void write_keys(struct inbound *in, const char *path)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		die("%s: %m", path);
	for (uint64_t i = 0; i < in->actor_count; i++) {
		struct buf der CLEANUP(buf_free) = BUF_INIT(4096);
		struct str id = key_id(in->arena, &in->actors[i]);
		key_add_public(&der, in->actors[i].key);
		uint32_t id_len = (uint32_t)id.len, der_len = (uint32_t)der.len;
		fwrite(&id_len, 4, 1, f);
		fwrite(id.ptr, 1, id.len, f);
		fwrite(&der_len, 4, 1, f);
		fwrite(der.ptr, 1, der.len, f);
	}
	if (fclose(f) != 0)
		die("%s: %m", path);
}

/* --- requests --- */

/* About 2 KB, as Mastodon writes a post with a link and two tags. */
static struct str make_body(struct arena *arena, const struct actor *actor, uint64_t i,
			    uint64_t now_ms)
{
	struct buf out = BUF_INIT(REQUEST_MAX), date = BUF_INIT(64);
	struct str uri = actor->account.uri;
	struct str id =
		arena_printf(arena, "%.*s/statuses/%llu", STR_ARG(uri), 112000000000000000ULL + i);
	struct str content = STR(
		"<p>The council has published the minutes of its last session, with the plan for "
		"the new cycle lanes: <a href=\\\"https://council.example/minutes/2026-11\\\" "
		"target=\\\"_blank\\\" rel=\\\"nofollow noopener\\\"><span class=\\\"invisible\\\">"
		"https://</span><span class=\\\"ellipsis\\\">council.example/minutes</span></a></p>"
		"<p>Comments are welcome until the end of the month. <a href=\\\""
		"https://peer.example/tags/cycling\\\" class=\\\"mention hashtag\\\" "
		"rel=\\\"tag\\\">"
		"#<span>cycling</span></a> &amp; more</p>");
	date_add_rfc3339(&date, now_ms);
	buf_addf(&out,
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
		 STR_ARG(id), STR_ARG(uri), STR_ARG(buf_str(&date)), STR_ARG(uri), STR_ARG(id),
		 STR_ARG(buf_str(&date)), STR_ARG(id), STR_ARG(uri), STR_ARG(uri), STR_ARG(id),
		 STR_ARG(content), STR_ARG(content));
	buf_free(&date);
	return arena_take_buf(arena, &out);
}

static struct str make_text(struct ctx *ctx, const struct inbound *in, const struct actor *actor,
			    struct str body)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	struct buf out = BUF_INIT(REQUEST_MAX);
	size_t count;
	const struct httpsig_request req = { .method = STR("POST"),
					     .target = STR("/inbox"),
					     .scheme = STR("http"),
					     .authority = in->host,
					     .has_body = true,
					     .body = digest_sha256(body) };
	const struct httpsig_signer signer = { .scheme = HTTPSIG_CAVAGE,
					       .key = actor->key,
					       .key_id = key_id(ctx->arena, actor),
					       .now_s = in->seed->now_ms / MS_PER_SECOND };
	if (httpsig_sign(ctx, &req, &signer, headers, &count) != RC_OK)
		die("%s", err_text(&ctx->err));
	buf_addf(&out,
		 "POST /inbox HTTP/1.1\r\nContent-Type: application/activity+json\r\n"
		 "Accept-Encoding: gzip\r\nUser-Agent: bench\r\nContent-Length: %zu\r\n",
		 body.len);
	for (size_t i = 0; i < count; i++)
		buf_addf(&out, "%.*s: %.*s\r\n", STR_ARG(headers[i].name),
			 STR_ARG(headers[i].value));
	buf_add(&out, STR("\r\n"));
	buf_add(&out, body);
	return arena_take_buf(ctx->arena, &out);
}

static void make_request(struct inbound *in, uint64_t i)
{
	struct ctx ctx = { .arena = arena_new((size_t)1 << 20) };
	const struct actor *actor = &in->actors[i % in->actor_count];
	struct str body = make_body(ctx.arena, actor, i, in->seed->now_ms);
	struct str text = make_text(&ctx, in, actor, body);
	char *kept = malloc(text.len);
	must(kept != NULL && text.len != 0);
	memcpy(kept, text.ptr, text.len);
	in->requests[i] = str_n(kept, text.len);
	arena_free(&ctx.arena);
}

static void write_requests(const struct inbound *in, const char *path)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		die("%s: %m", path);
	for (uint64_t i = 0; i < in->count; i++) {
		uint32_t len = (uint32_t)in->requests[i].len;
		fwrite(&len, 4, 1, f);
		fwrite(in->requests[i].ptr, 1, len, f);
	}
	if (fclose(f) != 0)
		die("%s: %m", path);
}

void seed_inbound(struct seed *seed)
{
	struct inbound in = { .seed = seed,
			      .host = str_of(arg_needed(seed->argv, "--host")),
			      .arena = arena_new((size_t)64 << 20),
			      .actor_count = arg_number(seed->argv, "--actors", 200),
			      .host_count = arg_number(seed->argv, "--hosts", 50),
			      .people_count = arg_number(seed->argv, "--people", 1000),
			      .count = arg_number(seed->argv, "--count", 10000) };
	in.actors = calloc(in.actor_count, sizeof(*in.actors));
	in.people = calloc(in.people_count, sizeof(*in.people));
	in.requests = calloc(in.count, sizeof(*in.requests));
	share_out(&in, make_key, in.actor_count);
	seed_run(&(struct seed_steps){ seed, add_actor, &in, in.actor_count });
	seed_run(&(struct seed_steps){ seed, add_person, &in, in.people_count });
	seed_run(&(struct seed_steps){ seed, add_follows, &in, in.people_count });
	write_keys(&in, arg_needed(seed->argv, "--keys"));
	share_out(&in, make_request, in.count);
	write_requests(&in, arg_needed(seed->argv, "--requests"));
	printf("{\"request_bytes\":%zu}\n", in.requests[0].len);
}
