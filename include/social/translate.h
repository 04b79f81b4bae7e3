/*
 * Translations of posts, made by a service that the operator has named and that speaks LibreTranslate's
 * protocol. Only what everybody may read leaves the node. What came back is a stranger's: it is sanitised
 * anew. Any thread; not inside transactions.
 */
#ifndef FF_SOCIAL_TRANSLATE_H
#define FF_SOCIAL_TRANSLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "conf/conf.h"
#include "core/clock.h"
#include "core/ctx.h"
#include "fetch/fetch.h"
#include "store/poll.h"
#include "store/status.h"

/* Rows of the section [translation]. */
struct translation_settings {
	struct str url;	     /* empty: nothing is translated */
	struct str key_file; /* empty: the service wants no key */
	struct str name;
	uint64_t timeout_ms;
};

extern const struct conf_row translation_conf_rows[];
extern const size_t translation_conf_row_count;

struct translator;

/* All of it outlives the translator. */
struct translator_parts {
	struct fetch *fetch;
	const struct clock *clock;
	const struct translation_settings *settings;
};

/* *out is NULL where no service is named. The errors of conf_read_secret(); RC_NO_MEMORY. */
enum rc translator_new(struct err *err, const struct translator_parts *parts,
		       struct translator **out) NODISCARD;
/* After the fetch client was freed, which calls back whoever waits. */
void translator_free(struct translator **translator);

/* --- a post in another language --- */

struct translation {
	struct str source; /* the language that it was taken for, as the service calls it */
	struct str target;
	struct str provider;
	struct html content;
	struct str spoiler;
	struct str *options; /* of the poll, in its order */
	unsigned option_count;
	struct str
		*descriptions; /* of the attachments that are no links; empty where there is none */
	unsigned description_count;
};

/*
 * RC_OK with a translation, which is valid during the call. RC_DENIED: not everybody may see the post, or
 * it is in that language already; RC_UNSUPPORTED: the service does not know the languages, or there is
 * nothing to translate; RC_TOO_LARGE; RC_BUSY: too many at once; RC_UNREACHABLE, RC_TIMEOUT: the service
 * does not do it now; RC_NO_MEMORY.
 */
typedef void translate_done(void *arg, enum rc rc, const struct translation *translation);

struct translate_order {
	const struct status *status; /* may be gone when this returns */
	const struct poll *poll;     /* NULL: it has none */
	struct str target;	     /* a language tag */
};

/* done is called once, on another thread or before this returns. */
void translate(struct translator *translator, const struct translate_order *order,
	       translate_done *done, void *arg);

/* --- what the service knows --- */

struct translation_pair {
	struct str source;
	struct str *targets;
	size_t target_count;
};

/* pairs are valid during the call. RC_BUSY, RC_UNREACHABLE, RC_TIMEOUT, RC_NO_MEMORY. */
typedef void translate_languages_done(void *arg, enum rc rc, const struct translation_pair *pairs,
				      size_t count);
/* done is called once, on another thread or before this returns. */
void translate_languages(struct translator *translator, translate_languages_done *done, void *arg);

#endif
