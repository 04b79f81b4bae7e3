/* Keys for texts that are too long or too foreign to be keys themselves. Stateless. */
#include "crypt/digest.h"
#include "db/rec.h"

#define KEY_DIGEST_SIZE 16

struct reckey reckey_digest(struct str text)
{
	struct reckey k = RECKEY_INIT;
	struct digest digest = digest_sha256(text);
	reckey_add_bytes(&k, digest.bytes, KEY_DIGEST_SIZE);
	return k;
}
