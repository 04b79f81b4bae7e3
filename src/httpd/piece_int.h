/* What a struct httpd_piece holds. */
#ifndef FF_HTTPD_PIECE_INT_H
#define FF_HTTPD_PIECE_INT_H

#include <stdatomic.h>

#include "httpd/stream.h"

struct httpd_piece {
	_Atomic unsigned holders;
	size_t len;
	char bytes[];
};

/* A copy of bytes that need no frame. NULL when memory is exhausted. */
struct httpd_piece *piece_new(struct str bytes);

#endif
