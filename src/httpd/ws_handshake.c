/* The opening handshake of a WebSocket, as the server sees it. Pure; any thread. */
#include "core/enc.h"
#include "crypt/digest.h"
#include "ws_int.h"

#define KEY_BYTES 16

/* Is word among the comma-separated words of the header? They may stand in several (RFC 9110 section
 * 5.3). */
static bool lists(const struct httpd_request *req, const char *name, struct str word)
{
	for (size_t i = 0; i < req->header_count; i++) {
		struct str rest = req->headers[i].value, one;
		if (!str_eq_nocase(req->headers[i].name, str_of(name)))
			continue;
		while (str_next(&rest, ',', &one)) {
			if (str_eq_nocase(str_trim(one), word))
				return true;
		}
	}
	return false;
}

static bool key_is_valid(struct str key)
{
	struct buf nonce CLEANUP(buf_free) = BUF_INIT(2 * KEY_BYTES);
	return key.len == 24 && enc_unbase64(&nonce, key) && nonce.len == KEY_BYTES;
}

unsigned ws_handshake(struct httpd_request *req, struct str *accept, const char **reason)
{
	static const struct str guid = STR_INIT("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	struct arena *arena = req->ctx.arena;
	struct str key = httpd_header(req, "sec-websocket-key");
	unsigned char hash[DIGEST_SHA1_SIZE];
	*reason = "this address is for WebSockets";
	if (req->method != HTTP_GET || req->head || !lists(req, "connection", STR("upgrade")) ||
	    !lists(req, "upgrade", STR("websocket")))
		return 426;
	*reason = "only version 13 of the WebSocket protocol is spoken";
	if (!str_eq(httpd_header(req, "sec-websocket-version"), STR("13")))
		return 426;
	*reason = "the WebSocket's key is malformed";
	if (!key_is_valid(key))
		return 400;
	digest_sha1(arena_join(arena, key, guid), hash);
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	enc_base64(&text, str_n(hash, sizeof(hash)));
	*accept = arena_str(arena, buf_str(&text));
	return 0;
}
