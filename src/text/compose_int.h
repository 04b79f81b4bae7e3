/* What is found in text that a person wrote. Inside text only. */
#ifndef FF_TEXT_COMPOSE_INT_H
#define FF_TEXT_COMPOSE_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

enum token_kind {
	TOKEN_TEXT,
	TOKEN_LINK,
	TOKEN_MENTION,
	TOKEN_TAG,
};

struct token {
	enum token_kind kind;
	struct str text; /* as written, all of it */
	struct str name; /* the user, or the tag without "#" */
	struct str host; /* as written; absent for a local person */
};

struct scanner {
	struct str text;
	size_t at;
	struct token next; /* found behind the text that was handed out before it */
	bool has_next;
};

/*
 * The next token; false at the end. The tokens are the whole text, in order, in time linear in its length. They are
 * candidates: whether the host is one, or the person known, is not asked.
 */
bool scanner_next(struct scanner *s, struct token *token);

#endif
