/* Names and phrases of results, and the record of a first cause. Stateless, any thread. */
#include "core/rc.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/must.h"

struct rc_row {
	const char *name;
	const char *text;
};

static const struct rc_row rows[] = {
#define X(constant, name, text) [RC_##constant] = { #name, text },
	RC_TABLE(X)
#undef X
};

const char *rc_name(enum rc rc)
{
	must((size_t)rc < ARRAY_LEN(rows));
	return rows[rc].name;
}

const char *rc_text(enum rc rc)
{
	must((size_t)rc < ARRAY_LEN(rows));
	return rows[rc].text;
}

enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...)
{
	if (err != NULL && err->rc == RC_OK) {
		va_list ap;
		va_start(ap, fmt);
		vsnprintf(err->detail, sizeof(err->detail), fmt, ap);
		va_end(ap);
		err->rc = rc;
	}
	return rc;
}

const char *err_text(const struct err *err)
{
	return err->detail[0] != '\0' ? err->detail : rc_text(err->rc);
}
