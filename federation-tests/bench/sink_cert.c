/* Certificates: EC P-256, as most of the fediverse has them. */
#include "sink_cert.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "sink_address.h"

#define DAY_S 86400L

struct sink_authority {
	EVP_PKEY *key;
	X509 *certificate;
	long serial;
};

static EVP_PKEY *new_key(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	if (key == NULL)
		die("no key");
	return key;
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, certificate, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	if (extension == NULL || X509_add_ext(certificate, extension, -1) != 1)
		die("no certificate");
	X509_EXTENSION_free(extension);
}

static X509 *new_certificate(long serial, EVP_PKEY *key, const char *name, X509 *issuer)
{
	X509 *c = X509_new();
	X509_set_version(c, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(c), serial);
	X509_gmtime_adj(X509_getm_notBefore(c), -DAY_S);
	X509_gmtime_adj(X509_getm_notAfter(c), DAY_S);
	X509_set_pubkey(c, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(c, X509_get_subject_name(issuer != NULL ? issuer : c));
	return c;
}

struct sink_authority *sink_authority_new(const char *file)
{
	struct sink_authority *a = calloc(1, sizeof(*a));
	a->key = new_key();
	a->serial = 1;
	a->certificate = new_certificate(a->serial, a->key, "FediFlow benchmark", NULL);
	add_extension(a->certificate, a->certificate, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(a->certificate, a->certificate, NID_key_usage, "critical,keyCertSign");
	X509_sign(a->certificate, a->key, EVP_sha256());
	FILE *f = fopen(file, "w");
	if (f == NULL || PEM_write_X509(f, a->certificate) != 1 || fclose(f) != 0)
		die("%s: %m", file);
	return a;
}

SSL_CTX *sink_context_new(struct sink_authority *authority, unsigned host)
{
	char name[64];
	struct in_addr address = { .s_addr = htonl(sink_address(host)) };
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = new_key();
	snprintf(name, sizeof(name), "IP:%s", inet_ntoa(address));
	X509 *c = new_certificate(++authority->serial, key, name + 3, authority->certificate);
	add_extension(c, authority->certificate, NID_subject_alt_name, name);
	X509_sign(c, authority->key, EVP_sha256());
	if (SSL_CTX_use_certificate(ctx, c) != 1 || SSL_CTX_use_PrivateKey(ctx, key) != 1)
		die("no certificate");
	X509_free(c);
	EVP_PKEY_free(key);
	return ctx;
}
