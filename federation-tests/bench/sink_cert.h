/* Certificates of the sink's hosts: an authority made at the start, and one of each host's own. */
#ifndef FF_BENCH_SINK_CERT_H
#define FF_BENCH_SINK_CERT_H

#include <openssl/ssl.h>

struct sink_authority;

/* Writes its certificate to file, for the node to trust. */
struct sink_authority *sink_authority_new(const char *file);
/* What the host's connections are made with. */
SSL_CTX *sink_context_new(struct sink_authority *authority, unsigned host);

#endif
