/* COSE keys: read, and verified with. Stateless, any thread. */
#include "cose_int.h"

#include "crypt/p256.h"
#include "key_int.h"

/* RFC 9052 section 7.1, RFC 9053 section 7, RFC 8230 section 4. */
enum label {
	LABEL_TYPE = 1,
	LABEL_ALGORITHM = 3,
	LABEL_FIRST = -1,  /* curve; RSA: n */
	LABEL_SECOND = -2, /* x; RSA: e */
	LABEL_THIRD = -3,  /* y */
};

/* What a row of the table asks for: key type and curve (0: RSA has none). */
static const struct kind {
	enum cose_algorithm algorithm;
	int64_t type, curve;
} kinds[] = {
	{ COSE_ES256, 2, 1 },
	{ COSE_EDDSA, 1, 6 },
	{ COSE_RS256, 3, 0 },
};

struct pieces {
	int64_t type, algorithm, curve;
	struct str first, second, third;
	unsigned seen; /* bits by label */
};

/* A label may stand there once (RFC 8949 section 5.6). */
static void mark(struct cbor *c, struct pieces *p, int64_t label)
{
	unsigned bit = 1U << (unsigned)(label + 4);
	if ((p->seen & bit) != 0)
		c->bad = true;
	p->seen |= bit;
}

static bool is_number(const struct cbor *c)
{
	return c->rest.len != 0 && (unsigned char)c->rest.ptr[0] >> 5 <= 1;
}

static void read_pair(struct cbor *c, struct pieces *p)
{
	int64_t label = cbor_int(c);
	if (label >= LABEL_THIRD && label <= LABEL_ALGORITHM)
		mark(c, p, label);
	switch (label) {
	case LABEL_TYPE:
		p->type = cbor_int(c);
		break;
	case LABEL_ALGORITHM:
		p->algorithm = cbor_int(c);
		break;
	case LABEL_FIRST:
		if (is_number(c))
			p->curve = cbor_int(c);
		else
			p->first = cbor_bytes(c);
		break;
	case LABEL_SECOND:
		p->second = cbor_bytes(c);
		break;
	case LABEL_THIRD:
		p->third = cbor_bytes(c);
		break;
	default:
		cbor_skip(c);
	}
}

static void add_point(struct buf *out, const struct cose_key *key)
{
	buf_add_chr(out, 4);
	buf_add(out, key->x);
	buf_add(out, key->y);
}

/* An RSA or Ed25519 key; its limits are those of all such keys (S-014). */
static enum rc key_make(const struct cose_key *key, struct key **out)
{
	struct buf spki CLEANUP(buf_free) = BUF_INIT(KEY_MAX_DER);
	if (key->algorithm == COSE_EDDSA)
		spki_add_ed25519(&spki, key->x);
	else
		spki_add_rsa(&spki, key->n, key->e);
	return spki.failed ? RC_INVALID : key_from_public(buf_str(&spki), out);
}

/* Numbers without leading zeros, and small enough for DER to hold both. */
static bool is_rsa(const struct cose_key *key)
{
	return key->n.len != 0 && key->n.ptr[0] != 0 && key->n.len <= KEY_MAX_DER / 4 &&
	       key->e.len != 0 && key->e.ptr[0] != 0 && key->e.len <= 8;
}

static bool can_be_used(const struct cose_key *key)
{
	struct key *made = NULL;
	if (key->algorithm == COSE_ES256) {
		struct buf point CLEANUP(buf_free) = BUF_INIT(P256_POINT_SIZE);
		add_point(&point, key);
		return !point.failed && p256_point_valid(buf_str(&point));
	}
	if (key->algorithm == COSE_EDDSA ? key->x.len != ED25519_SIZE : !is_rsa(key))
		return false;
	bool ok = key_make(key, &made) == RC_OK;
	key_unref(&made);
	return ok;
}

enum rc cose_read(struct cbor *c, struct cose_key *out)
{
	struct pieces p = { .type = 0 };
	size_t pairs = cbor_map(c);
	for (size_t i = 0; i < pairs && !c->bad; i++)
		read_pair(c, &p);
	if (c->bad)
		return RC_INVALID;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].algorithm != p.algorithm || kinds[i].type != p.type ||
		    kinds[i].curve != p.curve)
			continue;
		*out = (struct cose_key){ .algorithm = kinds[i].algorithm };
		if (kinds[i].algorithm == COSE_RS256) {
			out->n = p.first;
			out->e = p.second;
		} else {
			out->x = p.second;
			out->y = p.third;
		}
		return can_be_used(out) ? RC_OK : RC_INVALID;
	}
	return RC_UNSUPPORTED;
}

bool cose_verify(const struct cose_key *key, struct str message, struct str signature)
{
	struct key *made = NULL;
	if (key->algorithm == COSE_ES256) {
		struct buf point CLEANUP(buf_free) = BUF_INIT(P256_POINT_SIZE);
		add_point(&point, key);
		return !point.failed && p256_verify_der(buf_str(&point), message, signature);
	}
	bool ok = key_make(key, &made) == RC_OK && key_verify(made, message, signature);
	key_unref(&made);
	return ok;
}
