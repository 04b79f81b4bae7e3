/* One thread. */
#include "wskit.h"

#include "core/must.h"

static ssize_t kit_recv(void *arg, void *buf, size_t len)
{
	struct wskit *kit = arg;
	size_t n = len < kit->piece ? len : kit->piece;
	if (n > kit->let)
		n = kit->let;
	if (n > kit->input.len)
		n = kit->input.len;
	if (n == 0)
		return kit->over && kit->input.len == 0 ? -1 : 0;
	memcpy(buf, kit->input.ptr, n);
	kit->input = str_skip(kit->input, n);
	kit->let -= n;
	return (ssize_t)n;
}

static bool kit_send(void *arg, struct str bytes)
{
	struct wskit *kit = arg;
	buf_add(&kit->sent, bytes);
	return !kit->sent.failed;
}

static void kit_said(void *arg, struct str text)
{
	struct wskit *kit = arg;
	buf_add(&kit->said, text);
	buf_add_chr(&kit->said, '\n');
}

void wskit_init(struct wskit *kit, struct str input, size_t piece)
{
	const struct ws_peer peer = { kit_recv, kit_send, kit_said, kit };
	*kit = (struct wskit){ .input = input, .piece = piece, .let = input.len };
	buf_init(&kit->said, WSKIT_MAX);
	buf_init(&kit->sent, WSKIT_MAX);
	kit->ws = ws_new(&peer);
	must(kit->ws != NULL);
}

void wskit_free(struct wskit *kit)
{
	ws_free(&kit->ws);
	buf_free(&kit->said);
	buf_free(&kit->sent);
}

void wskit_frame(struct buf *out, unsigned char first, struct str payload)
{
	static const unsigned char mask[4] = { 0x11, 0x22, 0x33, 0x44 };
	must(payload.len <= UINT16_MAX);
	buf_add_chr(out, (char)first);
	if (payload.len < 126) {
		buf_add_chr(out, (char)(0x80 | payload.len));
	} else {
		buf_add_chr(out, (char)(0x80 | 126));
		buf_add_chr(out, (char)(payload.len >> 8));
		buf_add_chr(out, (char)(payload.len & 0xff));
	}
	buf_add_bytes(out, mask, sizeof(mask));
	for (size_t i = 0; i < payload.len; i++)
		buf_add_chr(out, (char)((unsigned char)payload.ptr[i] ^ mask[i % 4]));
}
