/* The authority of an IRI, made canonical. Inside text only. */
#ifndef FF_TEXT_HOST_INT_H
#define FF_TEXT_HOST_INT_H

#include <stdint.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"

/* Beside enum iri_flags: a link of the web may lead to a host with "_", a peer has none. */
#define HOST_UNDERSCORE 0x100U

/*
 * Appends the canonical form of "host" or "host:port" and tells where in out the host ends. The
 * port is left out when it is default_port. flags are iri_parse()'s. RC_INVALID with the reason in
 * ctx; out is then of no use.
 */
enum rc host_write(struct ctx *ctx, struct str authority, uint16_t default_port, unsigned flags,
		   struct buf *out, size_t *host_end) NODISCARD;

#endif
