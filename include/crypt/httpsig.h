/*
 * HTTP message signatures, as pure functions: bytes and headers in, a verdict or headers out. Two
 * schemes are spoken:
 *
 *   cavage   draft-cavage-http-signatures-12, which every server of the fediverse speaks
 *   rfc9421  HTTP Message Signatures
 *
 * Verification is in three steps, so that the key can be fetched in between: httpsig_parse() finds
 * out what is claimed, httpsig_check() what policy demands, httpsig_verify() whether the key made
 * it. No step stands for another: a request is authenticated when all three agree.
 */
#ifndef FF_CRYPT_HTTPSIG_H
#define FF_CRYPT_HTTPSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "crypt/key.h"

enum httpsig_scheme {
	HTTPSIG_CAVAGE,
	HTTPSIG_RFC9421,
};

struct httpsig_header {
	struct str name; /* any case; what httpsig_sign() makes is in lower case */
	struct str value;
};

/* A request as it stands on the wire. */
struct httpsig_request {
	struct str method; /* upper case */
	struct str target; /* origin form, undecoded: "/inbox?x=1" */
	struct str scheme; /* "https" or "http": as the sender addressed us */
	/*
	 * As the sender addressed us: "host" or "host:port". The caller has made sure that it is
	 * ours (S-024): a Host header that differs is taken for a proxy's and passed over.
	 */
	struct str authority;
	const struct httpsig_header *headers;
	size_t header_count;
	bool has_body;
	struct digest body; /* SHA-256 of the body's exact bytes, when has_body */
};

/* What a request claims. Strings point into the request or into the context's arena. */
struct httpsig {
	enum httpsig_scheme scheme;
	struct str key_id;
	struct str algorithm; /* as stated; absent when not */
	bool has_created;     /* cavage: and it is covered */
	uint64_t created;     /* seconds since 1970 */
	bool has_expires;
	uint64_t expires;
	struct str label;      /* rfc9421 */
	struct str components; /* the covered components, for logs */
	struct str base;       /* the bytes that were signed */
	/* cavage and GET: the same without the query string; absent when the target has none */
	struct str base_no_query;
	struct str signature; /* decoded */
	/* which components are covered */
	bool covers_target, covers_path, covers_query, covers_method, covers_authority, covers_host;
	bool covers_date, covers_digest, covers_content_digest;
};

/*
 * Reads the Signature (and Signature-Input) headers. RC_UNAUTHENTICATED when there is none or
 * when it covers nothing, RC_INVALID when it is malformed, ambiguous or covers a header that is
 * missing, RC_UNSUPPORTED when it uses what we do not understand, RC_NO_MEMORY when the arena is
 * full; the reason in ctx. Whichever scheme the request uses is recognised; when both are there,
 * rfc9421 is read.
 */
enum rc httpsig_parse(struct ctx *ctx, const struct httpsig_request *req,
		      struct httpsig *out) NODISCARD;

/*
 * What we demand (SECURITY S-001, S-002, S-022): the right components are covered, the digest that
 * is covered states the body's, the date is within window_s seconds of now_s, it has not expired.
 * RC_UNAUTHENTICATED with the reason in ctx.
 */
enum rc httpsig_check(struct ctx *ctx, const struct httpsig_request *req, const struct httpsig *sig,
		      uint64_t now_s, uint64_t window_s) NODISCARD;

/*
 * Did key make the signature? The algorithm follows from the key's kind; a stated algorithm that
 * contradicts it is a no (S-015). For GET alone, cavage is also tried without the query string
 * (S-025).
 */
bool httpsig_verify(const struct httpsig_request *req, const struct httpsig *sig,
		    const struct key *key) NODISCARD;

/* Does the signature cover the header field of this name (in lower case)? */
bool httpsig_covers(const struct httpsig *sig, struct str name);

/* What to sign with. */
struct httpsig_signer {
	enum httpsig_scheme scheme;
	const struct key *key;
	struct str key_id;
	uint64_t now_s;
	/* cavage: for servers that verify without the query string; the second try after a 401 */
	bool without_query;
	/* One more header, which is sent and covered, too; its name in lower case. Absent: none. */
	struct httpsig_header also;
};

#define HTTPSIG_MAX_HEADERS 6

/*
 * Signs an outgoing request: fills the headers to be added (Host and Date for cavage, Digest or
 * Content-Digest when there is a body, the signer's also, Signature, Signature-Input). req->headers holds what is sent
 * besides (Content-Type, ...); it is not covered. Strings are in the arena. RC_INVALID when the
 * request or the key id cannot be written into the signature.
 */
enum rc httpsig_sign(struct ctx *ctx, const struct httpsig_request *req,
		     const struct httpsig_signer *signer,
		     struct httpsig_header headers[HTTPSIG_MAX_HEADERS], size_t *count) NODISCARD;

#endif
