/* Signed requests over a loopback connection, and their replies. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fedkit.h"

#define REPLY_MAX ((size_t)4 << 20)

struct kit_signing kit_signed_by(struct fedkit *kit, const struct peer_actor *peer)
{
	return (struct kit_signing){ .scheme = HTTPSIG_CAVAGE,
				     .key = peer->rsa,
				     .key_id = kit_key_id(kit, peer, "main-key") };
}

static void headers_add(struct fedkit *kit, const char *method, const char *target,
			const struct kit_signing *signing, struct str body, struct buf *out)
{
	struct httpsig_header headers[HTTPSIG_MAX_HEADERS];
	struct ctx ctx = { .arena = kit->arena };
	size_t count = 0;
	bool host = false;
	if (signing != NULL && signing->key != NULL) {
		const struct httpsig_request req = { .method = str_of(method),
						     .target = str_of(target),
						     .scheme = STR("https"),
						     .authority = STR("home.example"),
						     .has_body = body.ptr != NULL,
						     .body = digest_sha256(body) };
		const struct httpsig_signer signer = {
			.scheme = signing->scheme,
			.key = signing->key,
			.key_id = signing->key_id,
			.now_s = signing->now_s != 0
					 ? signing->now_s
					 : clock_wall_ms(&kit->clock.clock) / MS_PER_SECOND,
			.also = signing->also
		};
		assert_int_equal(httpsig_sign(&ctx, &req, &signer, headers, &count), RC_OK);
	}
	for (size_t i = 0; i < count; i++) {
		host = host || str_eq_nocase(headers[i].name, STR("host"));
		buf_addf(out, "%.*s: %.*s\r\n", STR_ARG(headers[i].name),
			 STR_ARG(headers[i].value));
	}
	if (!host)
		buf_addf(out, "Host: home.example\r\n");
	if (signing != NULL && signing->extra != NULL)
		buf_add(out, str_of(signing->extra));
}

static void exchange(struct fedkit *kit, struct str request, struct buf *reply)
{
	const struct timeval patience = { .tv_sec = 20 };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(httpd_port(kit->httpd)) };
	char piece[8192];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const void *)&to, sizeof(to)), 0);
	assert_int_equal(send(fd, request.ptr, request.len, MSG_NOSIGNAL), request.len);
	for (ssize_t got; (got = recv(fd, piece, sizeof(piece), 0)) > 0;)
		buf_add_bytes(reply, piece, (size_t)got);
	close(fd);
}

struct kit_reply kit_request(struct fedkit *kit, const char *method, const char *target,
			     const struct kit_signing *signing, struct str body)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(REPLY_MAX);
	struct buf in = BUF_INIT(REPLY_MAX);
	struct kit_reply reply = { 0 };
	uint64_t status = 0;
	const char *type = signing != NULL && signing->content_type != NULL ? signing->content_type
									    : ACTIVITY_JSON;
	buf_addf(&out, "%s %s HTTP/1.1\r\nConnection: close\r\nAccept: " ACTIVITY_JSON "\r\n",
		 method, target);
	headers_add(kit, method, target, signing, body, &out);
	if (body.ptr != NULL)
		buf_addf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n", type, body.len);
	buf_add(&out, STR("\r\n"));
	buf_add(&out, body);
	exchange(kit, buf_str(&out), &in);
	struct str text = arena_take_buf(kit->arena, &in);
	size_t end = str_find(text, STR("\r\n\r\n"));
	assert_true(str_to_u64(str_take(str_skip(text, 9), 3), &status));
	reply.status = (unsigned)status;
	reply.head = str_take(text, end + 2);
	reply.body = str_skip(text, end + 4);
	return reply;
}

struct kit_reply kit_get(struct fedkit *kit, const char *target, const struct kit_signing *signing)
{
	return kit_request(kit, "GET", target, signing, STR_NONE);
}

struct kit_reply kit_post_inbox(struct fedkit *kit, const struct peer_actor *peer, struct str body)
{
	struct kit_signing signing = kit_signed_by(kit, peer);
	return kit_request(kit, "POST", "/inbox", &signing, body);
}

struct str kit_header(const struct kit_reply *reply, const char *name)
{
	struct str rest = reply->head, line, key, value;
	while (str_next(&rest, '\n', &line)) {
		if (str_split(line, ':', &key, &value) && str_eq_nocase(key, str_of(name)))
			return str_trim(value);
	}
	return STR_NONE;
}
