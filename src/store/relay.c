/* Relays and their subscribers. Owns tables relay, relay_subscriber and relay_host. Inside
 * transactions only. */
#include "store/relay.h"

#include "check_int.h"
#include "core/attr.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"

#define RELAY_VERSION 1
#define SUBSCRIBER_VERSION 1
#define ROW_MAX_BYTES (16 * 1024)
#define ARENA_MAX ((size_t)1 << 20)

const char *relay_style_name(enum relay_style style)
{
	return style == RELAY_LITEPUB ? "litepub" : "mastodon";
}

const char *relay_state_name(enum relay_state state)
{
	static const char *const names[] = { [RELAY_PENDING] = "pending",
					     [RELAY_ACCEPTED] = "accepted",
					     [RELAY_REJECTED] = "rejected" };
	return names[state];
}

/* --- relays that this node subscribed to --- */

static bool relay_decode(struct arena *arena, struct str value, struct relay *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->style = (enum relay_style)rec_u8(&r);
	out->state = (enum relay_state)rec_u8(&r);
	out->account = rec_u64(&r);
	out->created_ms = rec_num(&r);
	out->inbox = rec_str(&r);
	out->follow = rec_str(&r);
	return version == RELAY_VERSION && rec_ok(&r) && out->style <= RELAY_LITEPUB &&
	       out->state <= RELAY_REJECTED;
}

bool relay_get(struct db_txn *txn, struct arena *arena, struct str inbox, struct relay *out)
{
	struct reckey key = reckey_digest(inbox);
	struct str value;
	if (!db_get(txn, &store_relay, reckey_str(&key), &value))
		return false;
	return relay_decode(arena, value, out) ? str_eq(out->inbox, inbox)
					       : store_undecoded(txn, arena);
}

bool relay_put(struct db_txn *txn, const struct relay *relay)
{
	struct reckey key = reckey_digest(relay->inbox);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	struct str there;
	if (!db_get(txn, &store_relay, reckey_str(&key), &there) &&
	    (db_txn_rc(txn) != RC_OK || db_count(txn, &store_relay) >= RELAYS_MAX))
		return false;
	rec_add_u8(&row, RELAY_VERSION);
	rec_add_u8(&row, (uint8_t)relay->style);
	rec_add_u8(&row, (uint8_t)relay->state);
	rec_add_u64(&row, relay->account);
	rec_add_num(&row, relay->created_ms);
	rec_add_str(&row, relay->inbox);
	rec_add_str(&row, relay->follow);
	return store_put(txn, &store_relay, &key, &row);
}

bool relay_del(struct db_txn *txn, struct str inbox)
{
	struct reckey key = reckey_digest(inbox);
	return db_del(txn, &store_relay, reckey_str(&key));
}

size_t relay_list(struct db_txn *txn, struct arena *arena, struct relay **out)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	*out = NULL;
	db_iter_open(&it, txn, &store_relay, STR(""), DB_FORWARD, STR_NONE);
	while (n < RELAYS_MAX && db_iter_next(&it, &key, &value)) {
		if (*out == NULL)
			*out = ARENA_ARRAY(arena, RELAYS_MAX, struct relay);
		if (*out == NULL || !relay_decode(arena, value, &(*out)[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

bool relay_find(struct db_txn *txn, struct arena *arena, uint64_t account, struct str follow,
		struct relay *out)
{
	struct relay *all;
	size_t n = relay_list(txn, arena, &all);
	for (size_t i = 0; i < n; i++) {
		if ((account == 0 || all[i].account != account) &&
		    (follow.len == 0 || !str_eq(all[i].follow, follow)))
			continue;
		*out = all[i];
		return true;
	}
	return false;
}

/* --- subscribers --- */

static bool subscriber_decode(struct arena *arena, struct str value, uint64_t account,
			      struct relay_subscriber *out)
{
	struct rec r = rec_open(arena_str(arena, value));
	uint8_t version = rec_u8(&r);
	out->account = account;
	out->style = (enum relay_style)rec_u8(&r);
	out->created_ms = rec_num(&r);
	out->host = rec_str(&r);
	out->follow = rec_str(&r);
	return version == SUBSCRIBER_VERSION && rec_ok(&r) && out->style <= RELAY_LITEPUB;
}

bool relay_subscriber_get(struct db_txn *txn, struct arena *arena, uint64_t account,
			  struct relay_subscriber *out)
{
	struct reckey key = reckey_u64(account);
	struct str value;
	if (!db_get(txn, &store_relay_subscriber, reckey_str(&key), &value))
		return false;
	return subscriber_decode(arena, value, account, out) || store_undecoded(txn, arena);
}

static struct reckey host_key(struct str host, uint64_t account)
{
	struct reckey key = reckey_digest(host);
	reckey_add_u64(&key, account);
	return key;
}

void relay_subscriber_put(struct db_txn *txn, const struct relay_subscriber *s)
{
	struct reckey key = reckey_u64(s->account), host = host_key(s->host, s->account);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	rec_add_u8(&row, SUBSCRIBER_VERSION);
	rec_add_u8(&row, (uint8_t)s->style);
	rec_add_num(&row, s->created_ms);
	rec_add_str(&row, s->host);
	rec_add_str(&row, s->follow);
	store_put(txn, &store_relay_subscriber, &key, &row);
	db_put(txn, &store_relay_host, reckey_str(&host), STR(""));
}

bool relay_subscriber_del(struct db_txn *txn, uint64_t account)
{
	struct arena *arena = arena_new(64 * 1024);
	struct relay_subscriber s;
	bool found = arena != NULL && relay_subscriber_get(txn, arena, account, &s);
	if (found) {
		struct reckey key = reckey_u64(account), host = host_key(s.host, account);
		db_del(txn, &store_relay_subscriber, reckey_str(&key));
		db_del(txn, &store_relay_host, reckey_str(&host));
	}
	arena_free(&arena);
	return found;
}

size_t relay_subscriber_list(struct db_txn *txn, struct arena *arena, uint64_t after,
			     struct relay_subscriber *out, size_t count)
{
	struct reckey from = reckey_u64(after + 1);
	struct db_iter it CLEANUP(db_iter_close) = { .txn = NULL };
	struct str key, value;
	uint64_t id;
	size_t n = 0;
	if (after == UINT64_MAX)
		return 0;
	db_iter_open(&it, txn, &store_relay_subscriber, STR(""), DB_FORWARD, reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &id) ||
		    !subscriber_decode(arena, value, id, &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

bool relay_subscribed_host(struct db_txn *txn, struct str host)
{
	struct reckey prefix = reckey_digest(host);
	struct db_iter it CLEANUP(db_iter_close);
	db_iter_open(&it, txn, &store_relay_host, reckey_str(&prefix), DB_FORWARD, STR_NONE);
	return db_iter_next(&it, NULL, NULL);
}

/* --- integrity --- */

static void check_host_row(const struct check *c, struct str key, struct str value UNUSED)
{
	struct relay_subscriber s;
	struct str row;
	uint64_t account;
	if (!reckey_read_u64(key, 16, &account))
		return;
	struct reckey of = reckey_u64(account);
	if (!db_get(c->txn, &store_relay_subscriber, reckey_str(&of), &row) ||
	    !subscriber_decode(c->arena, row, account, &s)) {
		check_say(c, "relay host", account, "is of no subscriber");
		return;
	}
	struct reckey own = host_key(s.host, account);
	if (!str_eq(key, reckey_str(&own)))
		check_say(c, "relay host", account, "is another one than the subscriber's");
}

static void check_subscriber(const struct check *c, struct str key, struct str value)
{
	struct relay_subscriber s;
	struct str row;
	uint64_t account;
	if (!reckey_read_u64(key, 0, &account))
		return;
	if (!subscriber_decode(c->arena, value, account, &s)) {
		check_say(c, "relay subscriber", account, "cannot be decoded");
		return;
	}
	struct reckey host = host_key(s.host, account);
	if (!db_get(c->txn, &store_relay_host, reckey_str(&host), &row))
		check_say(c, "relay subscriber", account, "is not found by its host");
	if (!check_has(c, &store_account, account))
		check_say(c, "relay subscriber", account, "is an account that is not there");
}

static void check_relay(const struct check *c, struct str key, struct str value)
{
	struct relay relay;
	if (!relay_decode(c->arena, value, &relay)) {
		check_say(c, "relay", 0, "cannot be decoded");
		return;
	}
	struct reckey own = reckey_digest(relay.inbox);
	if (!str_eq(key, reckey_str(&own)))
		check_say(c, "relay", relay.account, "is in a wrong place");
}

void relay_check(struct db_txn *txn, void (*bad)(void *arg, struct str what), void *arg)
{
	struct arena *arena = arena_new(ARENA_MAX);
	const struct check c = { txn, arena, bad, arg };
	if (arena == NULL) {
		check_say(&c, "relays", 0, "there is no memory to check them");
		return;
	}
	check_walk(&c, &store_relay, 16, check_relay);
	check_walk(&c, &store_relay_subscriber, 8, check_subscriber);
	check_walk(&c, &store_relay_host, 24, check_host_row);
	check_end(&c, "relays");
	arena_free(&arena);
}
