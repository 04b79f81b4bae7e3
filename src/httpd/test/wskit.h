/* A script that stands in for a WebSocket's client. Tests and fuzzing only. */
#ifndef FF_HTTPD_TEST_WSKIT_H
#define FF_HTTPD_TEST_WSKIT_H

#include "../ws_int.h"
#include "core/buf.h"

#define WSKIT_MAX ((size_t)1 << 20)

struct wskit {
	struct str input; /* what is still to come */
	size_t piece;	  /* bytes that one read gets */
	size_t let;	  /* bytes that come until more are let through */
	bool over;	  /* after the input there is no more */
	struct buf said;  /* each followed by a line feed */
	struct buf sent;
	struct ws *ws;
};

void wskit_init(struct wskit *kit, struct str input, size_t piece);
void wskit_free(struct wskit *kit);
/* A masked frame: first is its first byte. */
void wskit_frame(struct buf *out, unsigned char first, struct str payload);

#endif
