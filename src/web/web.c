/* The module's state: built once, read-only from then on, used by every listener thread. */
#include <stdio.h>
#include <stdlib.h>

#include "core/enc.h"
#include "crypt/digest.h"
#include "web_int.h"

#define STYLE_MAX ((size_t)64 << 10)
#define TAG_BYTES 8 /* of the digest; enough to tell two versions apart */

static bool name_style(struct web *web)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(64);
	struct digest digest = digest_sha256(buf_str(&web->style));
	enc_hex(&hex, str_n(digest.bytes, TAG_BYTES));
	if (web->style.failed || hex.failed)
		return false;
	snprintf(web->style_tag, sizeof(web->style_tag), "\"%s\"", hex.ptr);
	snprintf(web->style_href, sizeof(web->style_href), "/style.css?v=%s", hex.ptr);
	return true;
}

#define BOARDS_MAX 200 /* communities that are read at the same time */

enum rc web_new(const struct web_parts *parts, struct web **out)
{
	struct web *web = calloc(1, sizeof(*web));
	*out = NULL;
	if (web == NULL)
		return RC_NO_MEMORY;
	*web = (struct web){ .magic = WEB_MAGIC,
			     .db = parts->db,
			     .clock = parts->clock,
			     .site = parts->site,
			     .look = parts->look,
			     .poll_look = parts->poll_look,
			     .sign_in = parts->sign_in,
			     .seal = parts->seal,
			     .queue = parts->queue,
			     .media = parts->media,
			     .reception = parts->reception,
			     .search = parts->search,
			     .style = BUF_INIT(STYLE_MAX) };
	style_write(&web->style);
	web->boards = boards_new(parts->clock, BOARDS_MAX);
	if (web->boards == NULL || !name_style(web)) {
		web_free(&web);
		return RC_NO_MEMORY;
	}
	*out = web;
	return RC_OK;
}

void web_free(struct web **web)
{
	if (*web == NULL)
		return;
	buf_free(&(*web)->style);
	boards_free(&(*web)->boards);
	(*web)->magic = 0;
	free(*web);
	*web = NULL;
}
