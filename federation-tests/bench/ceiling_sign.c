/*
 * The ceiling of deliveries: how many signatures the cores make in a second when they do nothing
 * else.
 *
 *   bench-ceiling-sign [--kind rsa|ed25519] [--threads N] [--ms T]
 */
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"

/* About what the signed lines of a delivery are long. */
#define MESSAGE_SIZE 250
#define THREADS_MAX 64

struct signer {
	EVP_PKEY *key;
	bool rsa;
	uint64_t until_ns;
	uint64_t count;
	pthread_t thread;
};

static void *sign_main(void *arg)
{
	struct signer *s = arg;
	unsigned char message[MESSAGE_SIZE] = { 0 }, signature[512];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	while (now_ns() < s->until_ns) {
		size_t len = sizeof(signature);
		memcpy(message, &s->count, sizeof(s->count));
		if (EVP_DigestSignInit(md, NULL, s->rsa ? EVP_sha256() : NULL, NULL, s->key) != 1 ||
		    EVP_DigestSign(md, signature, &len, message, sizeof(message)) != 1)
			die("signing failed");
		s->count++;
	}
	EVP_MD_CTX_free(md);
	return NULL;
}

int main(int argc, char **argv)
{
	struct signer signers[THREADS_MAX];
	uint64_t threads = arg_number(argv, "--threads", 2), ms = arg_number(argv, "--ms", 1000);
	const char *kind = arg_text(argv, "--kind");
	bool rsa = kind == NULL || strcmp(kind, "rsa") == 0;
	uint64_t count = 0;
	(void)argc;
	if (threads == 0 || threads > THREADS_MAX)
		die("--threads is out of bounds");
	EVP_PKEY *key = rsa ? EVP_RSA_gen(2048) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	uint64_t begun = now_ns();
	for (size_t i = 0; i < threads; i++) {
		signers[i] =
			(struct signer){ .key = key, .rsa = rsa, .until_ns = begun + ms * 1000000 };
		if (pthread_create(&signers[i].thread, NULL, sign_main, &signers[i]) != 0)
			die("no thread");
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(signers[i].thread, NULL);
		count += signers[i].count;
	}
	printf("{\"rate\":%.1f}\n", (double)count * 1e9 / (double)(now_ns() - begun));
	EVP_PKEY_free(key);
	return 0;
}
