/* What key.c and others in this module share with digest.c. */
#ifndef FF_CRYPT_DIGEST_INT_H
#define FF_CRYPT_DIGEST_INT_H

#include <openssl/evp.h>

/* SHA-256, fetched once: in OpenSSL 3 a fetch costs as much as hashing a kilobyte. Never NULL. */
const EVP_MD *digest_md(void);

#endif
