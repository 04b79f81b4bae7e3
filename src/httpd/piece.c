/* Pieces: events and messages as they go out, framed once. Any thread. */
#include "piece_int.h"

#include <stdlib.h>

#include "core/must.h"

#define FRAME_FINAL_TEXT 0x81

static struct httpd_piece *piece_alloc(size_t len)
{
	struct httpd_piece *piece = malloc(sizeof(*piece) + len);
	if (piece == NULL)
		return NULL;
	atomic_init(&piece->holders, 1);
	piece->len = len;
	return piece;
}

struct httpd_piece *piece_new(struct str bytes)
{
	struct httpd_piece *piece = piece_alloc(bytes.len);
	if (piece != NULL && bytes.len != 0)
		memcpy(piece->bytes, bytes.ptr, bytes.len);
	return piece;
}

void httpd_piece_hold(struct httpd_piece *piece)
{
	atomic_fetch_add_explicit(&piece->holders, 1, memory_order_relaxed);
}

void httpd_piece_release(struct httpd_piece **at)
{
	struct httpd_piece *piece = *at;
	*at = NULL;
	if (piece != NULL &&
	    atomic_fetch_sub_explicit(&piece->holders, 1, memory_order_acq_rel) == 1)
		free(piece);
}

static char *put(char *at, struct str s)
{
	if (s.len != 0)
		memcpy(at, s.ptr, s.len);
	return at + s.len;
}

/* A line ends with CR, LF or both; data is one field per line. */
static bool next_line(struct str *rest, struct str *line)
{
	if (rest->ptr == NULL)
		return false;
	size_t cr = str_index(*rest, '\r'), lf = str_index(*rest, '\n');
	size_t end = cr < lf ? cr : lf;
	*line = str_take(*rest, end);
	if (end == rest->len)
		*rest = STR_NONE;
	else
		*rest = str_skip(*rest, end + (lf == end + 1 && cr == end ? 2 : 1));
	return true;
}

struct httpd_piece *httpd_piece_event(struct str event, struct str data)
{
	static const struct str name_field = STR_INIT("event: "), data_field = STR_INIT("data: "),
				end = STR_INIT("\n");
	struct str rest = data.ptr != NULL ? data : STR(""), line;
	size_t len = name_field.len + event.len + 2 * end.len;
	must(str_index(event, '\n') == event.len && str_index(event, '\r') == event.len);
	while (next_line(&rest, &line))
		len += data_field.len + line.len + end.len;
	struct httpd_piece *piece = piece_alloc(len);
	if (piece == NULL)
		return NULL;
	char *at = put(put(put(piece->bytes, name_field), event), end);
	rest = data.ptr != NULL ? data : STR("");
	while (next_line(&rest, &line))
		at = put(put(put(at, data_field), line), end);
	at = put(at, end);
	must((size_t)(at - piece->bytes) == len);
	return piece;
}

/* RFC 6455 section 5.2: what a server sends is not masked. */
struct httpd_piece *httpd_piece_message(struct str text)
{
	unsigned char head[10] = { FRAME_FINAL_TEXT };
	size_t size = 2;
	if (text.len < 126) {
		head[1] = (unsigned char)text.len;
	} else if (text.len <= UINT16_MAX) {
		head[1] = 126;
		size = 4;
	} else {
		head[1] = 127;
		size = 10;
	}
	for (size_t i = 2, left = size - 2; left-- > 0; i++)
		head[i] = (unsigned char)(text.len >> (8 * left));
	struct httpd_piece *piece = piece_alloc(size + text.len);
	if (piece != NULL)
		put(put(piece->bytes, str_n(head, size)), text);
	return piece;
}
