/*
 * A person's own calendar at an address that calendar programs subscribe to: they cannot sign in, so that the
 * address is the key. It is made of the account and its password and kept nowhere: a new password ends it. On
 * listener threads.
 */
#include "core/enc.h"
#include "crypt/digest.h"
#include "crypt/secret.h"
#include "events_int.h"
#include "social/calendar.h"
#include "text/ical.h"

#define FEED_BYTES_MAX ((size_t)8 << 20)

static struct str key_of(const struct web *web, struct db_txn *txn, struct arena *arena,
			 uint64_t account)
{
	struct buf hex = BUF_INIT((size_t)2 * DIGEST_SIZE);
	struct account_secrets secrets;
	if (!account_secrets_get(txn, arena, account, &secrets))
		return STR_NONE;
	struct str text = arena_printf(arena, "calendar:%llu:%.*s", (unsigned long long)account,
				       STR_ARG(secrets.password_hash));
	struct digest mac = digest_hmac(str_n(web->seal->bytes, SEAL_KEY_SIZE), text);
	enc_hex(&hex, str_n(mac.bytes, DIGEST_SIZE));
	return arena_take_buf(arena, &hex);
}

struct str event_feed_path(struct asking *a, struct db_txn *txn)
{
	struct arena *arena = a->req->ctx.arena;
	struct str key = key_of(a->web, txn, arena, a->account.id);
	return arena_printf(arena, "/calendars/%llu-%.*s", (unsigned long long)a->account.id,
			    STR_ARG(key));
}

/* Whose calendar it is. RC_NOT_FOUND: nobody's, or of who cannot sign in. */
static enum rc feed_open(struct asking *a, struct db_txn *txn, struct str name)
{
	struct arena *arena = a->req->ctx.arena;
	struct str id, key;
	uint64_t account;
	if (!str_split(name, '-', &id, &key) || !str_to_u64(id, &account) ||
	    !account_get(txn, arena, account, &a->account) || !account_is_local(&a->account) ||
	    account_is_gone(&a->account) || key.len != (size_t)2 * DIGEST_SIZE ||
	    (a->account.flags & ACCOUNT_DISABLED) != 0 ||
	    !str_eq_secret(key, key_of(a->web, txn, arena, account)))
		return RC_NOT_FOUND;
	return RC_OK;
}

static void feed_write(struct asking *a, const struct event_card *cards, size_t count,
		       struct buf *out)
{
	struct calendar_event *events =
		ARENA_ARRAY(a->req->ctx.arena, count, struct calendar_event);
	for (size_t i = 0; events != NULL && i < count; i++)
		events[i] = (struct calendar_event){ &cards[i].status, &cards[i].author };
	if (events != NULL)
		calendar_write(&a->req->ctx, out, word(W_EVENTS), events, count);
	else
		buf_fail(out);
}

void event_get_feed(struct httpd_request *req, void *app)
{
	struct asking a = { .web = web_of(app), .req = req };
	struct buf out = BUF_INIT(FEED_BYTES_MAX);
	struct event_card *cards = NULL;
	struct db_txn *txn;
	size_t count = 0;
	enum rc rc = db_read_begin(a.web->db, &txn);
	if (rc == RC_OK) {
		rc = feed_open(&a, txn, req->params[0]);
		if (rc == RC_OK)
			count = event_cards_all(&a, txn, &cards);
		if (db_txn_rc(txn) != RC_OK)
			rc = db_txn_rc(txn);
		db_read_end(&txn);
	}
	/* a calendar that lacks some is no calendar */
	if (rc == RC_OK && arena_failed(req->ctx.arena))
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		feed_write(&a, cards, count, &out);
	httpd_add_header(req, "Cache-Control", STR("private, no-store"));
	httpd_add_header(req, "X-Robots-Tag", STR("noindex"));
	if (rc == RC_NOT_FOUND)
		asking_refuse(&a, 404, word(W_EVENT_NOT_THERE));
	else if (rc != RC_OK || out.failed)
		asking_fail(&a, rc != RC_OK ? rc : RC_NO_MEMORY);
	else
		httpd_reply(req, 200, ICAL_TYPE, &out);
	buf_free(&out);
}
