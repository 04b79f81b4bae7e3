/*
 * SHA-256 and HMAC-SHA-256 by OpenSSL, and the header fields that state a body's digest. Every
 * thread keeps its own two contexts, since making one costs more than a short message does. Any
 * thread.
 */
#include "crypt/digest.h"

#include <openssl/core_names.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/enc.h"
#include "core/must.h"
#include "digest_int.h"
#include "sf_int.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_MD *sha256;
static EVP_MAC *hmac;
static pthread_key_t scratch_key;

struct scratch {
	EVP_MD_CTX *md;
	EVP_MAC_CTX *mac;
};

static void scratch_free(void *arg)
{
	struct scratch *s = arg;
	EVP_MD_CTX_free(s->md);
	EVP_MAC_CTX_free(s->mac);
	free(s);
}

static void setup(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	must(sha256 != NULL && hmac != NULL);
	must(pthread_key_create(&scratch_key, scratch_free) == 0);
}

const EVP_MD *digest_md(void)
{
	pthread_once(&once, setup);
	return sha256;
}

static struct scratch *scratch_new(void)
{
	char name[] = "SHA256";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end(),
	};
	struct scratch *s = calloc(1, sizeof(*s));
	must(s != NULL);
	s->md = EVP_MD_CTX_new();
	s->mac = EVP_MAC_CTX_new(hmac);
	must(s->md != NULL && s->mac != NULL && EVP_MAC_CTX_set_params(s->mac, params));
	must(pthread_setspecific(scratch_key, s) == 0);
	return s;
}

static struct scratch *scratch(void)
{
	pthread_once(&once, setup);
	struct scratch *s = pthread_getspecific(scratch_key);
	return s != NULL ? s : scratch_new();
}

struct digest digest_sha256(struct str s)
{
	struct digest d = { 0 };
	EVP_MD_CTX *md = scratch()->md;
	must(EVP_DigestInit_ex2(md, sha256, NULL) && EVP_DigestUpdate(md, s.ptr, s.len) &&
	     EVP_DigestFinal_ex(md, d.bytes, NULL));
	return d;
}

/* --- in parts --- */

struct digest_run {
	EVP_MD_CTX *md;
};

struct digest_run *digest_run_new(void)
{
	struct digest_run *run = calloc(1, sizeof(*run));
	must(run != NULL);
	run->md = EVP_MD_CTX_new();
	must(run->md != NULL && EVP_DigestInit_ex2(run->md, digest_md(), NULL));
	return run;
}

void digest_run_add(struct digest_run *run, struct str part)
{
	must(EVP_DigestUpdate(run->md, part.ptr, part.len));
}

void digest_run_free(struct digest_run **run)
{
	if (*run == NULL)
		return;
	EVP_MD_CTX_free((*run)->md);
	free(*run);
	*run = NULL;
}

struct digest digest_run_end(struct digest_run **run)
{
	struct digest d = { 0 };
	must(EVP_DigestFinal_ex((*run)->md, d.bytes, NULL));
	digest_run_free(run);
	return d;
}

/* --- others --- */

void digest_sha1(struct str s, unsigned char out[DIGEST_SHA1_SIZE])
{
	unsigned len = DIGEST_SHA1_SIZE;
	must(EVP_Digest(s.ptr, s.len, out, &len, EVP_sha1(), NULL) && len == DIGEST_SHA1_SIZE);
}

struct digest digest_hmac(struct str key, struct str s)
{
	static const unsigned char none[1];
	struct digest d = { 0 };
	size_t len = 0;
	EVP_MAC_CTX *mac = scratch()->mac;
	/* a NULL key would mean "the one from before" */
	const void *bytes = key.len != 0 ? (const void *)key.ptr : none;
	must(EVP_MAC_init(mac, bytes, key.len, NULL) &&
	     EVP_MAC_update(mac, (const unsigned char *)s.ptr, s.len) &&
	     EVP_MAC_final(mac, d.bytes, &len, sizeof(d.bytes)) && len == sizeof(d.bytes));
	return d;
}

static struct str digest_str(const struct digest *d)
{
	return str_n(d->bytes, sizeof(d->bytes));
}

struct str digest_header(struct arena *arena, const struct digest *d)
{
	struct buf out = BUF_INIT(128);
	buf_add(&out, STR("SHA-256="));
	enc_base64(&out, digest_str(d));
	return arena_take_buf(arena, &out);
}

struct str digest_content_header(struct arena *arena, const struct digest *d)
{
	struct buf out = BUF_INIT(128);
	buf_add(&out, STR("sha-256="));
	sf_add_bytes(&out, digest_str(d));
	return arena_take_buf(arena, &out);
}

static bool encoded_is(struct str encoded, const struct digest *d)
{
	struct buf decoded = BUF_INIT(2 * DIGEST_SIZE);
	bool same =
		enc_unbase64(&decoded, encoded) && str_eq_secret(buf_str(&decoded), digest_str(d));
	buf_free(&decoded);
	return same;
}

bool digest_header_matches(struct str value, const struct digest *d)
{
	bool seen = false;
	for (struct str rest = value, entry; str_next(&rest, ',', &entry);) {
		struct str algorithm, encoded;
		if (!str_split(str_trim(entry), '=', &algorithm, &encoded) ||
		    str_empty(algorithm) || str_empty(encoded))
			return false;
		if (!str_eq_nocase(algorithm, STR("SHA-256")))
			continue;
		if (!encoded_is(encoded, d))
			return false;
		seen = true;
	}
	return seen;
}

/* RFC 9530 section 2: a dictionary of byte sequences. */
static bool dict_states(const struct sf_dict *dict, const struct digest *d)
{
	for (size_t i = 0; i < dict->count; i++) {
		if (dict->rows[i].is_list || dict->rows[i].items[0].value.type != SF_BYTES)
			return false;
	}
	const struct sf_member *member = sf_dict_find(dict, STR("sha-256"));
	return member != NULL && str_eq_secret(member->items[0].value.text, digest_str(d));
}

bool digest_content_header_matches(struct str value, const struct digest *d)
{
	/* a member of a few bytes takes a few hundred in the arena */
	struct arena *arena = arena_new(4 * value.len + 16384);
	struct sf_dict dict;
	bool same = arena != NULL && sf_parse_dict(arena, value, &dict) && dict_states(&dict, d);
	arena_free(&arena);
	return same;
}
