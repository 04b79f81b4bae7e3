/*
 * What the client of a WebSocket sends. Oracle: in whatever pieces it comes, the same is understood, the
 * same is answered, and it ends in the same state; what is said is never longer than it may be.
 */
#include <stdint.h>

#include "../test/wskit.h"
#include "core/must.h"
#include "httpd/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ws_state run(struct wskit *kit, struct str input, size_t piece)
{
	enum ws_state state;
	wskit_init(kit, input, piece);
	state = ws_run(kit->ws);
	struct str rest = buf_str(&kit->said), line;
	while (str_next(&rest, '\n', &line))
		must(line.len <= HTTPD_SAID_MAX);
	return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const size_t pieces[] = { 1, 3, 64 };
	struct wskit whole;
	if (size > 65536)
		return 0;
	struct str input = str_n(size != 0 ? (const void *)data : "", size);
	enum ws_state state = run(&whole, input, SIZE_MAX);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct wskit kit;
		must(run(&kit, input, pieces[i]) == state);
		must(str_eq(buf_str(&kit.said), buf_str(&whole.said)));
		must(str_eq(buf_str(&kit.sent), buf_str(&whole.sent)));
		wskit_free(&kit);
	}
	wskit_free(&whole);
	return 0;
}
