/* Integrity proofs over canonical bytes. Stateless, any thread. */
#include "crypt/proof.h"

#include "core/must.h"
#include "crypt/digest.h"
#include "multibase_int.h"

#define SIGNATURE_SIZE 64
/* 64 bytes have at most 88 digits in base58, and 'z' stands before them */
#define VALUE_MAX 89

/* VC-DI-EDDSA section 3.3.4: the options' digest comes first. */
struct hashes {
	struct digest options, document;
};

static struct hashes hashes_of(struct str options, struct str document)
{
	return (struct hashes){ digest_sha256(options), digest_sha256(document) };
}

enum rc proof_create(const struct key *key, struct str options, struct str document,
		     struct buf *value)
{
	struct buf signature CLEANUP(buf_free) = BUF_INIT(SIGNATURE_SIZE);
	struct hashes hashes = hashes_of(options, document);
	must(key_kind(key) == KEY_ED25519);
	enum rc rc = key_sign(key, str_n(&hashes, sizeof(hashes)), &signature);
	if (rc != RC_OK)
		return rc;
	buf_add_chr(value, 'z');
	base58_add(value, buf_str(&signature));
	return value->failed ? RC_NO_MEMORY : RC_OK;
}

bool proof_verify(const struct key *key, struct str options, struct str document, struct str value)
{
	struct buf signature CLEANUP(buf_free) = BUF_INIT(SIGNATURE_SIZE);
	if (key_kind(key) != KEY_ED25519 || value.len > VALUE_MAX ||
	    !str_has_prefix(value, STR("z")) || !base58_decode(&signature, str_skip(value, 1)) ||
	    signature.len != SIGNATURE_SIZE)
		return false;
	struct hashes hashes = hashes_of(options, document);
	return key_verify(key, str_n(&hashes, sizeof(hashes)), buf_str(&signature));
}
