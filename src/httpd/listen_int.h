/* The listening socket. */
#ifndef FF_HTTPD_LISTEN_INT_H
#define FF_HTTPD_LISTEN_INT_H

#include <stdint.h>

#include "core/rc.h"
#include "core/str.h"

/*
 * Binds and listens on "127.0.0.1:8080" or "[::1]:8080"; port 0 takes a free one. RC_INVALID when
 * the text is malformed, RC_IO when the system refuses, with the reason in err.
 */
enum rc listen_open(struct err *err, struct str address, int *fd, uint16_t *port) NODISCARD;

#endif
