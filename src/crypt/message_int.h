/* A request as the two signature schemes see it: its fields, its authority, its query. */
#ifndef FF_CRYPT_MESSAGE_INT_H
#define FF_CRYPT_MESSAGE_INT_H

#include "core/buf.h"
#include "crypt/httpsig.h"

/* How much a signature base or a header that we make may take. */
#define MESSAGE_MAX 65536

/*
 * Can the request be signed without ambiguity? The target is in origin form, and what decides about
 * a signature stands there once.
 */
enum rc message_check(struct ctx *ctx, const struct httpsig_request *req) NODISCARD;

/* The first field of this name, trimmed; absent when there is none. */
struct str message_field(const struct httpsig_request *req, struct str name);
/*
 * The value as it is signed: trimmed, repeated fields joined by ", ". name is in lower case. False
 * when there is none, or when it holds what no field may hold (a line break would forge a line).
 */
bool message_add_field(struct buf *out, const struct httpsig_request *req,
		       struct str name) NODISCARD;
void message_add_lower(struct buf *out, struct str text);

/* In lower case, without the scheme's default port. */
void message_add_authority(struct buf *out, const struct httpsig_request *req);
void message_add_target_uri(struct buf *out, const struct httpsig_request *req);
struct str message_path(const struct httpsig_request *req);
/* With its question mark; "?" when there is none. */
struct str message_query(const struct httpsig_request *req);
/*
 * The value of the one query parameter of this name, as RFC 9421 section 2.2.8 writes it. False
 * when there is none or more than one.
 */
bool message_add_query_param(struct buf *out, const struct httpsig_request *req,
			     struct str name) NODISCARD;

/* Notes that a header field is covered when it is one of those that policy asks for. */
void message_cover_field(struct httpsig *sig, struct str name);

enum rc cavage_parse(struct ctx *ctx, const struct httpsig_request *req,
		     struct httpsig *out) NODISCARD;
enum rc rfc9421_parse(struct ctx *ctx, const struct httpsig_request *req,
		      struct httpsig *out) NODISCARD;

#endif
