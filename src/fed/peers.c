/*
 * What is known of hosts, in memory: policies and the signatures they take. The store is the truth;
 * this is read at the start and on reload. Policies are the operator's, and all in memory; what was
 * learnt is of at most LEARNT_MAX hosts, and learnt again (S-060). Any thread.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"
#include "store/peer.h"

#define PEERS_CHUNK 64
#define LEARNT_MAX 50000

struct known_peer {
	enum peer_policy policy;
	enum peer_scheme scheme;
};

struct peer_cache {
	pthread_mutex_t lock;
	struct map hosts;	    /* host -> struct known_peer */
	_Atomic size_t with_policy; /* how many of them */
};

struct peer_cache *peer_cache_new(void)
{
	struct peer_cache *cache = calloc(1, sizeof(*cache));
	must(cache != NULL);
	pthread_mutex_init(&cache->lock, NULL);
	return cache;
}

static void hosts_drop(struct map *hosts)
{
	size_t at = 0;
	struct str host;
	void *value;
	while (map_next(hosts, &at, &host, &value))
		free(value);
	map_free(hosts);
}

void peer_cache_free(struct peer_cache **cache)
{
	if (*cache == NULL)
		return;
	hosts_drop(&(*cache)->hosts);
	pthread_mutex_destroy(&(*cache)->lock);
	free(*cache);
	*cache = NULL;
}

static void host_set(struct map *hosts, struct str host, struct known_peer peer)
{
	struct known_peer *known = map_get(hosts, host);
	if (known == NULL) {
		known = malloc(sizeof(*known));
		if (known == NULL || !map_put(hosts, host, known)) {
			free(known);
			return;
		}
	}
	*known = peer;
}

/* Most hosts are met and nothing more: they need no room in memory. */
static bool is_special(const struct peer *peer)
{
	return peer->policy != PEER_DEFAULT || peer->scheme != PEER_SCHEME_UNKNOWN;
}

/* A chunk of rows; the arena is a chunk's life, and a host's name fits a key. */
static size_t chunk_read(struct db_txn *txn, struct arena *arena, char after[DB_KEY_MAX],
			 size_t *after_len, struct map *hosts)
{
	struct peer rows[PEERS_CHUNK];
	arena_reset(arena);
	size_t n = peer_list(txn, arena, str_n(after, *after_len), rows, PEERS_CHUNK);
	if (n == 0 || arena_failed(arena))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (is_special(&rows[i]) &&
		    (rows[i].policy != PEER_DEFAULT || map_count(hosts) < LEARNT_MAX))
			host_set(hosts, rows[i].host,
				 (struct known_peer){ rows[i].policy, rows[i].scheme });
	*after_len = rows[n - 1].host.len;
	memcpy(after, rows[n - 1].host.ptr, *after_len);
	return n;
}

static enum rc hosts_read(struct db *db, struct arena *arena, struct map *hosts)
{
	char after[DB_KEY_MAX];
	size_t after_len = 0;
	struct db_txn *txn;
	enum rc rc = db_read_begin(db, &txn);
	if (rc != RC_OK)
		return rc;
	while (chunk_read(txn, arena, after, &after_len, hosts) != 0)
		;
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	return rc == RC_OK && arena_failed(arena) ? RC_NO_MEMORY : rc;
}

static size_t policies_count(const struct map *hosts)
{
	size_t at = 0, count = 0;
	struct str host;
	void *value;
	while (map_next(hosts, &at, &host, &value))
		count += ((const struct known_peer *)value)->policy != PEER_DEFAULT;
	return count;
}

enum rc peer_cache_load(struct peer_cache *cache, struct db *db)
{
	struct map fresh = MAP_INIT;
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = hosts_read(db, arena, &fresh);
	arena_free(&arena);
	pthread_mutex_lock(&cache->lock);
	struct map dropped = rc == RC_OK ? cache->hosts : fresh;
	if (rc == RC_OK) {
		cache->hosts = fresh;
		cache->with_policy = policies_count(&fresh);
	}
	pthread_mutex_unlock(&cache->lock);
	hosts_drop(&dropped);
	return rc;
}

/* A policy holds for the host itself and for all hosts below it; the nearest one counts. */
static enum peer_policy policy_of(const struct peer_cache *cache, struct str host)
{
	for (struct str at = host; at.len != 0;) {
		const struct known_peer *known = map_get(&cache->hosts, at);
		if (known != NULL && known->policy != PEER_DEFAULT)
			return known->policy;
		size_t dot = str_index(at, '.');
		at = str_skip(at, dot + 1);
	}
	return PEER_DEFAULT;
}

static enum peer_policy policy_for(struct fed *fed, struct str host)
{
	struct str name, port;
	str_split(host, ':', &name, &port);
	pthread_mutex_lock(&fed->peers->lock);
	enum peer_policy policy = policy_of(fed->peers, host);
	if (policy == PEER_DEFAULT && port.ptr != NULL)
		policy = policy_of(fed->peers, name);
	pthread_mutex_unlock(&fed->peers->lock);
	return policy;
}

bool peer_permitted(struct fed *fed, struct str host)
{
	enum peer_policy policy = policy_for(fed, host);
	if (fed->settings->access == FED_ALLOW_LIST)
		return policy == PEER_ALLOWED;
	return policy != PEER_BLOCKED;
}

bool peer_allowed(struct fed *fed, struct str host)
{
	return policy_for(fed, host) == PEER_ALLOWED;
}

struct str uri_authority(struct str uri)
{
	size_t at = str_find(uri, STR("://"));
	if (at == uri.len)
		return STR("");
	struct str rest = str_skip(uri, at + 3);
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.ptr[i] == '/' || rest.ptr[i] == '?' || rest.ptr[i] == '#')
			return str_take(rest, i);
	}
	return rest;
}

bool peers_judged(const struct fed *fed)
{
	return fed->settings->access == FED_ALLOW_LIST || fed->peers->with_policy != 0;
}

bool peer_permitted_uri(struct fed *fed, struct str uri)
{
	if (!peers_judged(fed))
		return true;
	struct str host = uri_authority(uri);
	return str_eq(host, fed->site->host) || str_eq(host, fed->site->domain) ||
	       peer_permitted(fed, host);
}

bool peer_blocked_uri(struct fed *fed, struct str uri)
{
	struct str host = uri_authority(uri);
	return fed->peers->with_policy != 0 && policy_for(fed, host) == PEER_BLOCKED;
}

enum peer_scheme peer_scheme(struct fed *fed, struct str host)
{
	pthread_mutex_lock(&fed->peers->lock);
	const struct known_peer *known = map_get(&fed->peers->hosts, host);
	enum peer_scheme scheme = known != NULL ? known->scheme : PEER_SCHEME_UNKNOWN;
	pthread_mutex_unlock(&fed->peers->lock);
	return scheme;
}

/* A write in the background: it frees itself when it is done. */
struct learning {
	struct db_work work;
	enum peer_scheme scheme;
	size_t len;
	char host[];
};

static enum rc learning_write(struct db_txn *txn, void *arg)
{
	const struct learning *learning = arg;
	struct arena *arena = arena_new(64 * 1024);
	struct peer peer;
	if (arena == NULL)
		return RC_NO_MEMORY;
	bool met = peer_get(txn, arena, str_n(learning->host, learning->len), &peer);
	bool news = !met || peer.scheme != learning->scheme;
	peer.scheme = learning->scheme;
	if (news && db_txn_rc(txn) == RC_OK)
		peer_put(txn, &peer);
	arena_free(&arena);
	return db_txn_rc(txn);
}

static void learning_done(struct db_work *work)
{
	free(work->arg);
}

/* All at once, and rarely: what is forgotten is still in the store, and is learnt again. */
static void learnt_forget(struct map *hosts)
{
	size_t at = 0;
	struct str host;
	void *value;
	while (map_next(hosts, &at, &host, &value)) {
		if (((const struct known_peer *)value)->policy == PEER_DEFAULT)
			free(map_del(hosts, host));
	}
}

void peer_learn(struct fed *fed, struct str host, enum peer_scheme scheme)
{
	struct learning *learning;
	pthread_mutex_lock(&fed->peers->lock);
	const struct known_peer *known = map_get(&fed->peers->hosts, host);
	struct known_peer now = known != NULL ? *known : (struct known_peer){ 0 };
	bool news = now.scheme != scheme && host.len != 0 && host.len <= DB_KEY_MAX;
	now.scheme = scheme;
	if (news && known == NULL &&
	    map_count(&fed->peers->hosts) >= LEARNT_MAX + fed->peers->with_policy)
		learnt_forget(&fed->peers->hosts);
	if (news)
		host_set(&fed->peers->hosts, host, now);
	pthread_mutex_unlock(&fed->peers->lock);
	if (!news || (learning = calloc(1, sizeof(*learning) + host.len)) == NULL)
		return;
	learning->scheme = scheme;
	learning->len = host.len;
	memcpy(learning->host, host.ptr, host.len);
	learning->work =
		(struct db_work){ .job = learning_write, .done = learning_done, .arg = learning };
	db_submit(fed->db, &learning->work);
}
