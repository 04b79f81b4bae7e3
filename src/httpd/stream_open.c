/*
 * From a request to a stream. The library would keep its connection, with its memory, for as long as
 * the stream lasts; so the socket is taken out from under it: the descriptor that it knows becomes that
 * of another socket, which it then closes. On the listener thread of the request.
 */
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/metric.h"
#include "httpd_int.h"
#include "stream_int.h"

#define HEAD_MAX ((size_t)8 << 10)
#define BUSY_RETRY_SECONDS 30

static const char *const heads[] = {
	[HTTPD_EVENTS] = "HTTP/1.1 200 OK\r\n"
			 "Content-Type: text/event-stream\r\n"
			 "Cache-Control: no-store\r\n"
			 "X-Accel-Buffering: no\r\n"
			 "X-Content-Type-Options: nosniff\r\n"
			 "Connection: close\r\n",
	[HTTPD_WEBSOCKET] = "HTTP/1.1 101 Switching Protocols\r\n"
			    "Upgrade: websocket\r\n"
			    "Connection: Upgrade\r\n",
};

/*
 * The socket of a connection, which goes on with a stand-in. The library's epoll set knows descriptors
 * by the socket behind them: the real one leaves it, the stand-in takes its place, and never has
 * anything to tell. -1 when descriptors are exhausted.
 */
static int take_socket(struct MHD_Connection *mhd)
{
	struct epoll_event silent = { .events = 0 };
	int old = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	struct MHD_Daemon *daemon =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_DAEMON)->daemon;
	int epoll = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	int stand_in = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int fd = stand_in >= 0 ? fcntl(old, F_DUPFD_CLOEXEC, 0) : -1;
	if (fd >= 0) {
		bool watched = epoll_ctl(epoll, EPOLL_CTL_DEL, old, NULL) == 0;
		must(dup3(stand_in, old, O_CLOEXEC) == old);
		/* it ends the process when it cannot take out what it has put in */
		if (watched)
			must(epoll_ctl(epoll, EPOLL_CTL_ADD, old, &silent) == 0);
	}
	if (stand_in >= 0)
		close(stand_in);
	return fd;
}

static void head_build(const struct request *req, enum httpd_stream_kind kind, struct str accept,
		       struct str protocol, struct buf *out)
{
	buf_add(out, str_of(heads[kind]));
	if (kind == HTTPD_WEBSOCKET)
		buf_addf(out, "Sec-WebSocket-Accept: %.*s\r\n", STR_ARG(accept));
	if (kind == HTTPD_WEBSOCKET && protocol.len != 0)
		buf_addf(out, "Sec-WebSocket-Protocol: %.*s\r\n", STR_ARG(protocol));
	for (size_t i = 0; i < req->out_count; i++)
		buf_addf(out, "%s: %s\r\n", req->out[i].name, req->out[i].value);
	buf_add(out, STR("\r\n"));
	/* proxies keep a head until something follows it */
	if (kind == HTTPD_EVENTS)
		buf_add(out, STR(HTTPD_BEAT));
}

static bool refuse_busy(struct request *req)
{
	metric_add(METRIC_HTTP_REFUSED, 1);
	httpd_reply_error(&req->pub, 503, STR("too many streams"), BUSY_RETRY_SECONDS);
	return false;
}

static bool handshake(struct request *req, struct str *accept)
{
	const char *reason;
	unsigned status = ws_handshake(&req->pub, accept, &reason);
	if (status == 0)
		return true;
	if (status == 426) {
		httpd_add_header(&req->pub, "Upgrade", STR("websocket"));
		httpd_add_header(&req->pub, "Sec-WebSocket-Version", STR("13"));
	}
	httpd_reply_error(&req->pub, status, str_of(reason), 0);
	return false;
}

/* The client's address as the limits see it. */
static struct address client_of(const struct request *req)
{
	return client_address(&req->httpd->trusted, conn_peer(req->conn), req->pub.headers,
			      req->pub.header_count);
}

bool httpd_stream_open(struct httpd_request *pub, enum httpd_stream_kind kind,
		       const struct httpd_stream_owner *owner, struct str protocol,
		       struct httpd_stream **out)
{
	struct request *req = request_of(pub);
	struct address client = client_of(req);
	struct buf head CLEANUP(buf_free) = BUF_INIT(HEAD_MAX);
	struct str accept = STR("");
	*out = NULL;
	must(!req->waits && req->status == 0);
	if (kind == HTTPD_WEBSOCKET && !handshake(req, &accept))
		return false;
	if (pub->head) {
		httpd_reply_str(pub, 200, "text/event-stream", STR(""));
		return false;
	}
	if (atomic_load(&req->httpd->stopping) || !streams_have_room(req->httpd->streams, &client))
		return refuse_busy(req);
	head_build(req, kind, accept, protocol, &head);
	int fd = !head.failed ? take_socket(req->mhd) : -1;
	if (fd < 0)
		return refuse_busy(req);
	req->status = kind == HTTPD_WEBSOCKET ? 101 : 200;
	req->taken = true;
	return streams_add(req->httpd->streams, fd, kind, &client, owner, buf_str(&head), out) ==
	       RC_OK;
}
