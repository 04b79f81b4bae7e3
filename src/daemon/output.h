/*
 * What a command prints: one description of the result, written as JSON for programs or as lines for
 * people. Text of strangers never reaches a terminal with its control bytes.
 *
 *   object   "name: value" lines; in a list, a block of its own
 *   table    rows of the same columns, aligned
 */
#ifndef FF_DAEMON_OUTPUT_H
#define FF_DAEMON_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/str.h"
#include "json/jw.h"

#define OUTPUT_COLUMNS_MAX 12

struct output_cell;

#define OUTPUT_DEPTH_MAX 8

enum output_kind {
	OUTPUT_OBJECT,
	OUTPUT_LIST,
	OUTPUT_TABLE,
	OUTPUT_ROW,
};

struct output {
	struct buf buf;
	struct jw w;
	bool json;
	struct arena *arena;
	enum output_kind open[OUTPUT_DEPTH_MAX];
	unsigned depth;
	bool dash;			  /* the next line is the first of an item */
	struct output_cell *first, *last; /* of the table that is open */
	size_t rows;
};

/* arena holds the cells of tables. */
void output_init(struct output *out, struct arena *arena, bool json);
/* Writes everything to the file descriptor. False when it could not. */
bool output_flush(struct output *out, int fd);
void output_free(struct output *out);

/* The result as a whole, or a member of it when name is not NULL. */
void output_object(struct output *out, const char *name);
void output_list(struct output *out, const char *name);
void output_table(struct output *out, const char *name);
void output_row(struct output *out);
/* Closes the innermost object, list, table or row. */
void output_end(struct output *out);

void output_str(struct output *out, const char *name, struct str value);
/* Left out for people when it is empty, null in JSON. */
void output_opt(struct output *out, const char *name, struct str value);
void output_num(struct output *out, const char *name, uint64_t value);
/* Ids have more digits than a JSON number keeps: they are strings. 0 is null, or left out. */
void output_id(struct output *out, const char *name, uint64_t id);
/* 0 is null, or left out. */
void output_date(struct output *out, const char *name, uint64_t ms);
void output_flag(struct output *out, const char *name, bool value);
/* An element of a list. */
void output_item(struct output *out, struct str value);
/* A sentence for people; not in JSON. */
void output_say(struct output *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Bytes as they are, for what is a document of its own. */
void output_raw(struct output *out, struct str bytes);

/* Text without what a terminal could take as a command. */
void output_clean(struct buf *buf, struct str text);

#endif
