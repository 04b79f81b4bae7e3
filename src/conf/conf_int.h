/* What the files of conf share: items of a file, values of rows. */
#ifndef FF_CONF_INT_H
#define FF_CONF_INT_H

#include "conf/conf.h"

/* How much of what somebody wrote is quoted in a message. */
#define CONF_QUOTE_MAX 60

/* One thing a file says. */
enum conf_item_kind {
	CONF_ITEM_SECTION,
	CONF_ITEM_SETTING,
	CONF_ITEM_PROBLEM, /* a line that says nothing */
};

struct conf_item {
	enum conf_item_kind kind;
	unsigned line;
	struct str name;     /* of the section or the setting */
	struct str value;    /* of the setting, quotes and escapes resolved */
	const char *problem; /* a sentence, static */
};

struct conf_parser {
	struct arena *arena; /* for values with escapes */
	struct str rest;
	unsigned line;
};

/* text and arena must outlive the parser. */
void conf_parser_init(struct conf_parser *parser, struct arena *arena, struct str text);
/* The next item; false at the end. Blank lines and comments are passed over. */
bool conf_parser_next(struct conf_parser *parser, struct conf_item *item);

/* What a person calls a type: "duration". */
const char *conf_type_name(enum conf_type type);
/* The size of the value in the module's struct. */
size_t conf_value_size(enum conf_type type);
/*
 * Reads text as a value of the row, checks it and stores it in values. RC_INVALID with a sentence
 * in ctx, without the row's name; values is then as it was.
 */
enum rc conf_value_parse(struct ctx *ctx, const struct conf_row *row, struct str text,
			 struct str folder, void *values) NODISCARD;
/* The value as it would stand in a file. */
void conf_value_print(struct buf *out, const struct conf_row *row, const void *values);
/* A bound with the type's unit: "64 MiB", "30 s", "12". */
void conf_value_print_number(struct buf *out, enum conf_type type, uint64_t number);
/* Text as it would stand in a file: in quotes where they are needed. */
void conf_value_print_text(struct buf *out, struct str text);

#endif
