/* Keys in memory: the cache of peers' keys, and the ring of our own. */
#include "fedkit.h"

#include <stdio.h>

#include "social/account.h"

#define MAX 10
#define NOW UINT64_C(1000000000)

static struct str id_of(struct fedkit *kit, int n)
{
	return arena_printf(kit->arena, CAROL "#%d", n);
}

static bool has(struct key_cache *cache, struct fedkit *kit, struct str id, uint64_t now)
{
	struct known_key known;
	if (!key_cache_get(cache, kit->arena, id, now, &known))
		return false;
	assert_int_equal(known.account, 7);
	assert_str_eq(known.owner, STR(CAROL));
	key_unref(&known.key);
	return true;
}

static void put_once(struct key_cache *cache, struct str id, uint64_t now)
{
	const struct known_key known = { .key = kit_ed25519(0), .account = 7, .owner = STR(CAROL) };
	key_cache_put(cache, id, &known, now);
}

static void put(struct key_cache *cache, struct str id, uint64_t now)
{
	put_once(cache, id, now);
	put_once(cache, id, now);
}

static void what_is_met_once_is_not_kept(void **state)
{
	struct fedkit *kit = *state;
	struct key_cache *cache = key_cache_new(MAX);
	struct str id = id_of(kit, 0);
	put_once(cache, id, NOW);
	assert_false(has(cache, kit, id, NOW));
	/* that it was met counts: a key that does not verify is fetched anew (S-017) */
	assert_true(key_cache_may_refetch(cache, id, NOW, 1000));
	put_once(cache, id, NOW);
	assert_true(has(cache, kit, id, NOW));
	assert_false(key_cache_may_refetch(cache, id, NOW + 999, 1000));
	key_cache_free(&cache);
}

static void the_cache_keeps_what_is_used_and_stays_bounded(void **state)
{
	struct fedkit *kit = *state;
	struct key_cache *cache = key_cache_new(MAX);
	unsigned held = 0;
	put(cache, id_of(kit, 0), NOW);
	for (int i = 1; i < 100; i++) {
		put(cache, id_of(kit, i), NOW);
		/* what is asked for again and again outlives the generations */
		assert_true(has(cache, kit, id_of(kit, 0), NOW));
	}
	for (int i = 1; i < 100; i++)
		held += has(cache, kit, id_of(kit, i), NOW);
	assert_true(held <= MAX && held >= 1);
	key_cache_free(&cache);
	assert_null(cache);
}

static void s017_a_cached_key_is_read_again_after_a_day(void **state)
{
	struct fedkit *kit = *state;
	struct key_cache *cache = key_cache_new(MAX);
	put(cache, id_of(kit, 0), NOW);
	assert_true(has(cache, kit, id_of(kit, 0), NOW + MS_PER_DAY));
	assert_false(has(cache, kit, id_of(kit, 0), NOW + MS_PER_DAY + 1));
	/* S-126: a clock that was set back is no reason to believe it longer */
	assert_false(has(cache, kit, id_of(kit, 0), NOW - 1));
	key_cache_free(&cache);
}

static void s017_a_refetch_is_allowed_once_per_interval_and_survives_a_replacement(void **state)
{
	struct fedkit *kit = *state;
	struct key_cache *cache = key_cache_new(MAX);
	struct str id = id_of(kit, 0);
	assert_false(key_cache_may_refetch(cache, id, NOW, 1000));
	assert_false(key_cache_is_older(cache, id, NOW, 0));
	put(cache, id, NOW);
	assert_false(key_cache_is_older(cache, id, NOW + 999, 1000));
	assert_true(key_cache_is_older(cache, id, NOW + 1000, 1000));
	assert_true(key_cache_may_refetch(cache, id, NOW, 1000));
	assert_false(key_cache_may_refetch(cache, id, NOW + 999, 1000));
	put(cache, id, NOW + 999);
	assert_false(key_cache_may_refetch(cache, id, NOW + 999, 1000));
	assert_true(key_cache_may_refetch(cache, id, NOW + 1000, 1000));
	key_cache_del(cache, id);
	assert_false(has(cache, kit, id, NOW));
	put(cache, id, NOW);
	key_cache_clear(cache);
	assert_false(has(cache, kit, id, NOW));
	key_cache_free(&cache);
}

static void the_last_put_of_an_id_counts_in_whichever_generation(void **state)
{
	struct fedkit *kit = *state;
	struct key_cache *cache = key_cache_new(4);
	struct known_key known;
	struct str id = id_of(kit, 0);
	for (int i = 0; i < 20; i++) {
		struct key *key = i % 2 == 0 ? kit_ed25519(0) : kit_ed25519(1);
		const struct known_key next = { .key = key, .account = 7, .owner = STR(CAROL) };
		key_cache_put(cache, id, &next, NOW);
		for (int k = 1; k <= i % 3; k++)
			put(cache, id_of(kit, k), NOW);
		if (!key_cache_get(cache, kit->arena, id, NOW, &known))
			continue;
		assert_true(key_same_public(known.key, key));
		key_unref(&known.key);
	}
	key_cache_free(&cache);
}

static void the_ring_opens_the_keys_of_people_here(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	static const enum key_kind kinds[] = { KEY_RSA, KEY_ED25519 };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		for (int twice = 0; twice < 2; twice++) {
			struct signing_key key;
			assert_int_equal(keyring_get(kit->fed, &ctx, kit->alice.id, kinds[i], &key),
					 RC_OK);
			assert_int_equal(key_kind(key.key), kinds[i]);
			assert_true(key_is_private(key.key));
			assert_true(str_has_prefix(key.id, STR(ALICE "#")));
			key_unref(&key.key);
		}
	}
}

static void the_ring_has_no_keys_of_others(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	const uint64_t ids[] = { carol.id, 12345, 0 };
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		struct ctx ctx = { .arena = kit->arena };
		struct signing_key key;
		assert_int_equal(keyring_get(kit->fed, &ctx, ids[i], KEY_RSA, &key), RC_NOT_FOUND);
		assert_int_equal(ctx.err.rc, RC_NOT_FOUND);
	}
}

struct rotation {
	struct fedkit *kit;
	struct account_secrets fresh;
};

static enum rc rotate_job(struct db_txn *txn, void *arg)
{
	const struct rotation *r = arg;
	struct ctx ctx = { .arena = r->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &r->kit->site };
	return account_rotate_keys(&s, &r->kit->alice, &r->fresh, MS_PER_DAY);
}

/* Whether the actor document lists the key with this id among its Multikeys, and it is this one. */
static bool published(struct fedkit *kit, const struct signing_key *key)
{
	struct kit_reply reply = kit_get(kit, "/users/alice", NULL);
	struct buf text = BUF_INIT(4096);
	key_add_multibase(&text, key->key);
	struct str member =
		kit_json(kit,
			 "{\"id\":\"%.*s\",\"type\":\"Multikey\",\"controller\":\"" ALICE
			 "\",\"publicKeyMultibase\":\"%.*s\"}",
			 STR_ARG(key->id), STR_ARG(buf_str(&text)));
	buf_free(&text);
	return str_contains(reply.body, member);
}

static void s139_after_a_rotation_the_new_key_signs_and_the_old_one_is_still_published(void **state)
{
	static const enum key_kind kinds[] = { KEY_RSA, KEY_ED25519 };
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct rotation r = { .kit = kit };
	struct signing_key old[2], new[2];
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(keyring_get(kit->fed, &ctx, kit->alice.id, kinds[i], &old[i]),
				 RC_OK);
	assert_int_equal(account_keys_make(&ctx, &kit->seal, STR(ALICE), 2000, &r.fresh), RC_OK);
	kit_write(kit, rotate_job, &r);
	fed_reload(kit->fed);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(keyring_get(kit->fed, &ctx, kit->alice.id, kinds[i], &new[i]),
				 RC_OK);
		assert_false(str_eq(old[i].id, new[i].id));
		assert_false(key_same_public(old[i].key, new[i].key));
		assert_true(published(kit, &old[i]));
		assert_true(published(kit, &new[i]));
	}
	test_clock_advance(&kit->clock, MS_PER_DAY + MS_PER_MINUTE);
	struct kit_reply reply = kit_get(kit, "/users/alice", NULL);
	for (size_t i = 0; i < 2; i++) {
		assert_false(str_contains(reply.body, old[i].id));
		assert_true(published(kit, &new[i]));
		key_unref(&old[i].key);
		key_unref(&new[i].key);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup_http, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_met_once_is_not_kept),
		T(the_cache_keeps_what_is_used_and_stays_bounded),
		T(s017_a_cached_key_is_read_again_after_a_day),
		T(s017_a_refetch_is_allowed_once_per_interval_and_survives_a_replacement),
		T(the_last_put_of_an_id_counts_in_whichever_generation),
		T(the_ring_opens_the_keys_of_people_here),
		T(the_ring_has_no_keys_of_others),
		T(s139_after_a_rotation_the_new_key_signs_and_the_old_one_is_still_published),
	};
	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
