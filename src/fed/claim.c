/*
 * What an actor's document claims beside itself: the handle it is called by (FEP-2c59), and what its
 * server can do (FEP-844e). Looked into behind whoever wanted the actor; nobody waits for it.
 */
#include <stdlib.h>

#include "ap/capability.h"
#include "core/must.h"
#include "fed_int.h"
#include "text/acct.h"

#define PURPOSE_HANDLE 'h'

struct claim {
	struct fed *fed;
	size_t len;
	char uri[];
};

static void nobody_waits(void *arg UNUSED, enum rc rc UNUSED, uint64_t id UNUSED,
			 struct str reason UNUSED)
{
}

static void handle_resolved(void *arg, enum rc rc, uint64_t id, struct str reason)
{
	struct claim *claim = arg;
	flight_land(claim->fed, PURPOSE_HANDLE, str_n(claim->uri, claim->len), rc, id, reason);
	free(claim);
}

/*
 * A handle on another host than the id's counts when that host's WebFinger leads to just this actor
 * and the actor's own host calls it so (S-037); until then it is called by the id's host. Whoever
 * describes many actors with handles on a third host asks it no more often than a budget allows.
 */
static void handle_look(struct fed *fed, struct str uri, const struct acct *acct)
{
	bool answered;
	if (!flight_begin(fed, PURPOSE_HANDLE, BUDGET_KEYS, uri, acct->host, nobody_waits, NULL,
			  &answered))
		return;
	struct claim *claim = calloc(1, sizeof(*claim) + uri.len);
	must(claim != NULL);
	claim->fed = fed;
	claim->len = uri.len;
	memcpy(claim->uri, uri.ptr, uri.len);
	fed_resolve_handle(fed, acct->user, acct->host, handle_resolved, claim);
}

static bool is_called_so(struct fed *fed, struct arena *arena, uint64_t account, struct str host)
{
	struct account a;
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return true;
	bool so = !account_get(txn, arena, account, &a) || str_eq(a.domain, host);
	db_read_end(&txn);
	return so;
}

static void handle_claim(struct fed *fed, struct ctx *ctx, const struct ap_actor *actor,
			 uint64_t account)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct acct acct;
	if (actor->webfinger.len == 0 ||
	    acct_parse(&quiet, actor->webfinger, fed->site->iri_flags, &acct) != RC_OK ||
	    acct.host.len == 0 || !str_eq_nocase(acct.user, actor->username) ||
	    str_eq(acct.host, uri_authority(actor->id)) || str_eq(acct.host, fed->site->domain) ||
	    str_eq(acct.host, fed->site->host) || !peer_permitted(fed, acct.host) ||
	    is_called_so(fed, ctx->arena, account, acct.host))
		return;
	handle_look(fed, actor->id, &acct);
}

/* What a host has shown itself counts more, and a delivery that fails tries the other way. */
static void scheme_claim(struct fed *fed, const struct ap_actor *actor)
{
	struct str host = uri_authority(actor->id);
	if ((actor->capabilities & 1U << AP_CAN_RFC9421) == 0 ||
	    peer_scheme(fed, host) != PEER_SCHEME_UNKNOWN)
		return;
	bool ed25519 = (actor->capabilities & 1U << AP_CAN_RFC9421_ED25519) != 0;
	peer_learn(fed, host, ed25519 ? PEER_SCHEME_RFC9421_ED25519 : PEER_SCHEME_RFC9421_RSA);
}

void claims_look(struct fed *fed, struct ctx *ctx, const struct ap_actor *actor, uint64_t account)
{
	scheme_claim(fed, actor);
	handle_claim(fed, ctx, actor, account);
}
