/* Actors elsewhere, and their signed requests. */
#include "senders.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "core/must.h"
#include "crypt/httpsig.h"
#include "sink_address.h"
#include "store/peer.h"

#define SIGNERS 2
#define REQUEST_MAX ((size_t)16 << 10)

/* Runs part(arg, i) for every i below count on all signers at once. */
struct share {
	void (*part)(void *arg, uint64_t i);
	void *arg;
	uint64_t first, count;
	pthread_t thread;
};

static void *share_main(void *arg)
{
	const struct share *s = arg;
	for (uint64_t i = s->first; i < s->count; i += SIGNERS)
		s->part(s->arg, i);
	return NULL;
}

static void share_out(void (*part)(void *arg, uint64_t i), void *arg, uint64_t count)
{
	struct share shares[SIGNERS];
	for (uint64_t i = 0; i < SIGNERS; i++) {
		shares[i] = (struct share){ .part = part, .arg = arg, .first = i, .count = count };
		must(pthread_create(&shares[i].thread, NULL, share_main, &shares[i]) == 0);
	}
	for (uint64_t i = 0; i < SIGNERS; i++)
		must(pthread_join(shares[i].thread, NULL) == 0);
}

/* --- rows --- */

static void make_key(void *arg, uint64_t i)
{
	const struct senders *s = arg;
	if (key_generate(KEY_RSA, &s->keys[i]) != RC_OK)
		die("no key");
}

static struct str key_id(struct arena *arena, const struct sender *sender)
{
	return arena_join(arena, sender->account.uri, STR("#main-key"));
}

static struct str host_name(const struct senders *s, uint64_t host)
{
	struct in_addr address = { .s_addr = htonl(sink_address((unsigned)host)) };
	if (s->sink_port == 0)
		return arena_printf(s->arena, "peer%u.example", (unsigned)host);
	return arena_printf(s->arena, "%s:%u", inet_ntoa(address), (unsigned)s->sink_port);
}

static void add_actor(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	struct senders *s = arg;
	struct sender *sender = &s->all[i];
	uint64_t host = i / s->in_a_row % s->host_count;
	struct str domain = host_name(s, host);
	struct str base = arena_join(s->arena, STR("https://"), domain);
	struct str name = arena_printf(s->arena, "author%u", (unsigned)i);
	struct buf der CLEANUP(buf_free) = BUF_INIT(4096);
	sender->key = s->keys[i % s->key_count];
	sender->account = seed_remote(s->arena, base, domain, name, s->seed->now_ms);
	if (s->sink_port != 0)
		sender->account.shared_inbox =
			arena_printf(s->arena, "%.*s/inbox/%u", STR_ARG(base), (unsigned)host);
	if (!account_add(txn, arena, &sender->account))
		die("an actor is there already");
	key_add_public(&der, sender->key);
	const struct peer_key row = { .id = key_id(arena, sender),
				      .account = sender->account.id,
				      .public_der = buf_str(&der),
				      .fetched_ms = s->seed->now_ms };
	peer_key_put(txn, &row);
}

static void write_keys(const struct senders *s, const char *path)
{
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		die("%s: %m", path);
	for (uint64_t i = 0; i < s->actor_count; i++) {
		struct buf der CLEANUP(buf_free) = BUF_INIT(4096);
		struct str id = key_id(s->arena, &s->all[i]);
		key_add_public(&der, s->all[i].key);
		uint32_t id_len = (uint32_t)id.len, der_len = (uint32_t)der.len;
		fwrite(&id_len, 4, 1, f);
		fwrite(id.ptr, 1, id.len, f);
		fwrite(&der_len, 4, 1, f);
		fwrite(der.ptr, 1, der.len, f);
	}
	if (fclose(f) != 0)
		die("%s: %m", path);
}

void senders_make(struct senders *s, const char *keys_path)
{
	s->keys = calloc(s->key_count, sizeof(struct key *));
	s->all = calloc(s->actor_count, sizeof(*s->all));
	must(s->keys != NULL && s->all != NULL);
	share_out(make_key, s, s->key_count);
	seed_run(&(struct seed_steps){ s->seed, add_actor, s, s->actor_count });
	write_keys(s, keys_path);
}

/* --- requests --- */

struct requests {
	const struct senders *senders;
	senders_body *body;
	void *arg;
	struct str *all;
};

static void add_text(struct ctx *ctx, const struct senders *s, const struct sender *sender,
		     struct str body, struct buf *out)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	size_t count;
	const struct httpsig_request req = { .method = STR("POST"),
					     .target = STR("/inbox"),
					     .scheme = STR("http"),
					     .authority = s->host,
					     .has_body = true,
					     .body = digest_sha256(body) };
	const struct httpsig_signer signer = { .scheme = HTTPSIG_CAVAGE,
					       .key = sender->key,
					       .key_id = key_id(ctx->arena, sender),
					       .now_s = s->seed->now_ms / MS_PER_SECOND };
	if (httpsig_sign(ctx, &req, &signer, headers, &count) != RC_OK)
		die("%s", err_text(&ctx->err));
	buf_addf(out,
		 "POST /inbox HTTP/1.1\r\nContent-Type: application/activity+json\r\n"
		 "Accept-Encoding: gzip\r\nUser-Agent: bench\r\nContent-Length: %zu\r\n",
		 body.len);
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%.*s: %.*s\r\n", STR_ARG(headers[i].name),
			 STR_ARG(headers[i].value));
	buf_add(out, STR("\r\n"));
	buf_add(out, body);
}

static void make_request(void *arg, uint64_t i)
{
	const struct requests *r = arg;
	struct ctx ctx = { .arena = arena_new((size_t)1 << 20) };
	struct buf body CLEANUP(buf_free) = BUF_INIT(REQUEST_MAX);
	struct buf text CLEANUP(buf_free) = BUF_INIT(REQUEST_MAX);
	const struct sender *sender = r->body(r->senders, i, r->arg, &body);
	add_text(&ctx, r->senders, sender, buf_str(&body), &text);
	must(!body.failed && !text.failed && text.len != 0);
	char *kept = malloc(text.len);
	must(kept != NULL);
	memcpy(kept, text.ptr, text.len);
	r->all[i] = str_n(kept, text.len);
	arena_free(&ctx.arena);
}

size_t senders_write(const struct senders *s, uint64_t count, senders_body *body, void *arg,
		     const char *path)
{
	struct requests r = { s, body, arg, calloc(count, sizeof(struct str)) };
	must(r.all != NULL && count != 0);
	share_out(make_request, &r, count);
	FILE *f = fopen(path, "wb");
	if (f == NULL)
		die("%s: %m", path);
	for (uint64_t i = 0; i < count; i++) {
		uint32_t len = (uint32_t)r.all[i].len;
		fwrite(&len, 4, 1, f);
		fwrite(r.all[i].ptr, 1, len, f);
	}
	if (fclose(f) != 0)
		die("%s: %m", path);
	return r.all[0].len;
}
