/*
 * Followers of an account of ours, on the sink's hosts, each with an inbox of its own.
 *
 *   outbound --author NAME --hosts N --inboxes N --port P [--ed25519]
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "seed.h"
#include "sink_address.h"
#include "store/graph.h"
#include "store/peer.h"

struct outbound {
	const struct seed *seed;
	const char *author;
	uint64_t hosts, port;
	enum peer_scheme scheme;
};

static struct str host_name(struct arena *arena, const struct outbound *o, uint64_t host)
{
	struct in_addr address = { .s_addr = htonl(sink_address((unsigned)host)) };
	return arena_printf(arena, "%s:%u", inet_ntoa(address), (unsigned)o->port);
}

static void add_follower(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	const struct outbound *o = arg;
	struct account author;
	struct str domain = host_name(arena, o, i % o->hosts);
	struct str base = arena_join(arena, STR("https://"), domain);
	struct str name = arena_printf(arena, "f%u", (unsigned)i);
	struct account follower = seed_remote(arena, base, domain, name, o->seed->now_ms);
	follower.shared_inbox = STR("");
	follower.inbox = arena_printf(arena, "%.*s/inbox/%u", STR_ARG(base), (unsigned)i);
	if (!account_find_handle(txn, arena, str_of(o->author), STR(""), &author))
		die("there is no %s here", o->author);
	if (!account_add(txn, arena, &follower))
		die("%.*s is there already", STR_ARG(follower.uri));
	follow_put(txn, &follower, &author, FOLLOW_ACCEPTED, STR(""));
}

static void add_scheme(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg)
{
	const struct outbound *o = arg;
	const struct peer peer = { .host = host_name(arena, o, i),
				   .scheme = o->scheme,
				   .first_seen_ms = o->seed->now_ms,
				   .note = STR("") };
	peer_put(txn, &peer);
}

void seed_outbound(struct seed *seed)
{
	struct outbound o = { .seed = seed,
			      .author = arg_needed(seed->argv, "--author"),
			      .hosts = arg_number(seed->argv, "--hosts", 500),
			      .port = arg_number(seed->argv, "--port", 0) };
	uint64_t inboxes = arg_number(seed->argv, "--inboxes", 2000);
	o.scheme = arg_switch(seed->argv, "--ed25519") ? PEER_SCHEME_RFC9421_ED25519
						       : PEER_SCHEME_CAVAGE;
	seed_run(&(struct seed_steps){ seed, add_follower, &o, inboxes });
	seed_run(&(struct seed_steps){ seed, add_scheme, &o, o.hosts });
	puts("{}");
}
