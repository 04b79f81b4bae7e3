/* Opens the listening socket; at start only. */
#include "listen_int.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_int.h"

union socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool parse(struct str text, union socket_address *out, socklen_t *len)
{
	size_t colon = str_rindex(text, ':');
	struct address address;
	uint64_t port;
	if (colon == text.len || !str_to_u64(str_skip(text, colon + 1), &port) || port > 65535 ||
	    !address_parse(text, &address))
		return false;
	if (!address_is_v4(&address) && !str_has_prefix(text, STR("[")))
		return false;
	*out = (union socket_address){ 0 };
	if (address_is_v4(&address)) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons((uint16_t)port);
		memcpy(&out->v4.sin_addr, address.bytes + 12, 4);
		*len = sizeof(out->v4);
	} else {
		out->v6.sin6_family = AF_INET6;
		out->v6.sin6_port = htons((uint16_t)port);
		memcpy(&out->v6.sin6_addr, address.bytes, 16);
		*len = sizeof(out->v6);
	}
	return true;
}

static bool open_socket(const union socket_address *address, socklen_t len, int *fd)
{
	static const int on = 1;
	*fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return *fd >= 0 && setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	       bind(*fd, &address->any, len) == 0 && listen(*fd, SOMAXCONN) == 0;
}

enum rc listen_open(struct err *err, struct str text, int *fd, uint16_t *port)
{
	union socket_address address;
	socklen_t len;
	if (!parse(text, &address, &len))
		return err_set(err, RC_INVALID, "\"%.*s\" is not an address with a port",
			       STR_ARG(text));
	if (!open_socket(&address, len, fd) || getsockname(*fd, &address.any, &len) != 0) {
		int cause = errno;
		if (*fd >= 0)
			close(*fd);
		*fd = -1;
		return err_set(err, RC_IO, "cannot listen on %.*s: %s", STR_ARG(text),
			       strerrordesc_np(cause));
	}
	*port = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port
						       : address.v6.sin6_port);
	return RC_OK;
}
