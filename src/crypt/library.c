/* Which OpenSSL runs (S-131). */
#include <openssl/crypto.h>

#include "crypt/key.h"

const char *crypt_library_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION_STRING);
}
