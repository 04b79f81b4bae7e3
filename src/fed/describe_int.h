/* The tables that only the federation document reads. Inside fed only. */
#ifndef FF_FED_DESCRIBE_INT_H
#define FF_FED_DESCRIBE_INT_H

#include <stddef.h>

/* --- quirks.c --- */

/* What a software does otherwise than the standard, or than others: named once, here. */
struct quirk_row {
	const char *software;
	const char *versions; /* in which it was seen, or "all" */
	const char *what;
	const char *where; /* the file that handles it */
	const char *test;  /* the file that proves it, and the name in it */
};

extern const struct quirk_row quirk_table[];
extern const size_t quirk_table_count;

/* --- objects.c --- */

struct object_row {
	const char *type;
	const char *what; /* it becomes here */
	const char *test;
};

extern const struct object_row object_table[];
extern const size_t object_table_count;

/* --- capabilities.c --- */

enum support { SUPPORT_NO, SUPPORT_PARTLY, SUPPORT_YES };

/* One thing that software of the fediverse can do: a row for each that anybody compares. */
struct capability_row {
	const char *chapter; /* of the comparison; rows of one stand together */
	const char *what;
	enum support support;
	const char *how;  /* what is to know about it; may be empty */
	const char *test; /* proves it; empty for what is not there */
};

extern const struct capability_row capability_table[];
extern const size_t capability_table_count;

struct fep_row {
	const char *id;
	const char *title;
	const char *how;
	const char *test;
};

extern const struct fep_row fep_table[];
extern const size_t fep_table_count;

#endif
