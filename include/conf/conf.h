/*
 * conf: settings. A module owns a table of rows, each with name, type, default, bounds and one
 * sentence, and a plain struct that the rows fill; conf parses the file, checks everything against
 * the tables, reports all errors with their lines, and prints the reference.
 *
 * The file: one `name = value` a line under `[section]` headings; `#` at the start or behind a
 * blank begins a comment. A value may be quoted; in quotes \\ \" \n \t are escapes. Sizes are "64
 * MiB", "64MB" or bytes, durations have a unit.
 */
#ifndef FF_CONF_CONF_H
#define FF_CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"

enum conf_type {
	CONF_STR,      /* struct str; bounds are of its length in bytes */
	CONF_U64,      /* uint64_t */
	CONF_BOOL,     /* bool: yes, no */
	CONF_BYTES,    /* uint64_t, "64 MiB" */
	CONF_DURATION, /* uint64_t in ms: "30 s", "7 d" */
	CONF_ENUM,     /* unsigned, index into choices */
	CONF_DOMAIN,   /* struct str, canonical authority */
	CONF_LISTEN,   /* struct str, address:port */
	CONF_PATH,     /* struct str, absolute, or relative to the file's folder */
};

enum conf_reload {
	CONF_FIXED,  /* read at the start only */
	CONF_RELOAD, /* also on SIGHUP */
};

struct conf_row {
	const char *name;
	enum conf_type type;
	size_t offset; /* of the value in the module's struct */
	/*
	 * The default, as it would stand in the file but without quotes; NULL when the row must be
	 * given. Where it is
	 * "", CONF_DOMAIN, CONF_LISTEN and CONF_PATH may be empty, which says that there is none.
	 */
	const char *fallback;
	uint64_t min, max;   /* of the number, or of the string's length; max 0: no upper bound */
	const char *choices; /* CONF_ENUM: "off on allow-list" */
	enum conf_reload reload;
	const char *help; /* one sentence */
	/*
	 * A check beyond type and bounds; NULL when none. Gets the value of a string row, the text
	 * of any other. Writes what is wrong into err.
	 */
	enum rc (*check)(struct err *err, struct str value);
};

struct conf_table {
	const char *section;
	const char *help;
	const struct conf_row *rows;
	size_t row_count;
	void *values; /* the struct that is filled */
	size_t values_size;
};

/* One thing that is wrong with a file. */
struct conf_error {
	unsigned line; /* 0 when it belongs to no line (a value that is missing) */
	struct str text;
};

/* What a load found; in the arena. */
struct conf_report {
	struct conf_error *errors;
	size_t error_count;
};

/*
 * Fills the structs of all tables from the text of a file (folder is its folder, for relative
 * paths); what is not in it gets its default. All errors are reported; RC_INVALID when there is
 * any, and then no struct is changed. Strings live in ctx's arena, which must live as long as the
 * structs are used.
 */
enum rc conf_load(struct ctx *ctx, struct str text, struct str folder, struct conf_table *tables,
		  size_t table_count, struct conf_report *report) NODISCARD;
/* Reads the file and loads it; relative paths are made absolute by its folder. RC_NOT_FOUND, RC_IO,
 * RC_TOO_LARGE. */
enum rc conf_load_file(struct ctx *ctx, const char *path, struct conf_table *tables,
		       size_t table_count, struct conf_report *report) NODISCARD;
/*
 * Copies the values of rows that may be reloaded from one loaded set into another of the same
 * shape. The arena that the first was loaded in must from now on live as long as the second.
 */
void conf_apply_reload(const struct conf_table *from, struct conf_table *to, size_t table_count);

#define CONF_SECRET_MAX ((size_t)1024)

/*
 * Reads what a secret's file holds: one line, without the end of it. what names the setting in the error.
 * Nobody but the file's owner may read it (S-134). At most out's maximum and CONF_SECRET_MAX bytes, which
 * the caller wipes. RC_INVALID: no path, no file but something else, no line or more than one; RC_NOT_FOUND,
 * RC_DENIED (others may read it), RC_TOO_LARGE, RC_IO, RC_NO_MEMORY, with the reason in err.
 */
enum rc conf_read_secret(struct err *err, const char *what, struct str path,
			 struct buf *out) NODISCARD;
/* The same of any bytes, as they are. */
enum rc conf_read_secret_bytes(struct err *err, const char *what, struct str path,
			       struct buf *out) NODISCARD;

/* "30 s", "7 d", as a setting would be written. False when it is none. */
bool conf_parse_duration(struct str text, uint64_t *ms) NODISCARD;

/* All values in force, as a file that could be loaded. */
void conf_print(struct buf *out, const struct conf_table *tables, size_t table_count);
/* The reference in Markdown: every row with type, default, bounds and sentence. */
void conf_print_reference(struct buf *out, const struct conf_table *tables, size_t table_count);
/* A sample file with every row commented out under its sentence. */
void conf_print_sample(struct buf *out, const struct conf_table *tables, size_t table_count);

#endif
