/*
 * The parts of the translator: what the service knows, what it has said, what is being asked.
 */
#ifndef FF_SOCIAL_TRANSLATE_INT_H
#define FF_SOCIAL_TRANSLATE_INT_H

#include <pthread.h>

#include "core/map.h"
#include "core/must.h"
#include "crypt/digest.h"
#include "social/translate.h"

#define TRANSLATOR_MAGIC 0x74726e73u
#define TRANSLATE_TEXTS_MAX (2 + POLL_OPTIONS_MAX + STATUS_ATTACHMENTS_MAX)
#define TRANSLATE_BYTES_MAX ((size_t)64 << 10) /* of one post, as it is sent */
#define TRANSLATE_ANSWER_MAX ((size_t)512 << 10)
#define TRANSLATE_ARENA_MAX ((size_t)8 << 20)
#define TRANSLATE_AT_ONCE 32
#define TRANSLATE_WAITING_MAX 256 /* for all of them */

/* What the service said, kept as rec. */
struct answer {
	struct digest key;
	char *bytes;
	size_t len;
	struct answer *newer, *older;
};

struct answers {
	struct map map;
	struct answer *newest, *oldest;
	size_t bytes;
};

/* Pairs of languages, all in one arena. */
struct languages {
	struct arena *arena; /* NULL: not known yet */
	struct translation_pair *pairs;
	size_t count;
};

struct asker;
struct translating;

struct translator {
	unsigned magic;
	struct translator_parts parts;
	struct buf key;
	pthread_mutex_t lock;
	/* with the lock: */
	struct answers answers;
	struct languages languages;
	uint64_t
		languages_until_ms; /* steady; what is known, or that it failed, holds until then */
	bool languages_asked;
	struct asker *askers; /* who waits for the languages */
	struct translating *underway;
	size_t underway_count;
	size_t waiting_count;
};

/* --- translate_answers.c: with the lock --- */

/* NULL when it was not asked, or is forgotten. Valid until the next put. */
const struct answer *answers_get(struct answers *answers, const struct digest *key);
void answers_put(struct answers *answers, const struct digest *key, struct str bytes);
void answers_free(struct answers *answers);

/* --- translate_service.c: the protocol. Pure --- */

/* The languages of an answer to GET /languages, in a new arena. RC_INVALID, RC_NO_MEMORY. */
enum rc service_read_languages(struct str body, struct languages *out) NODISCARD;
/* The service's own word for a language tag; absent when it does not know it. */
struct str service_language(const struct languages *l, struct str tag);
/* Can it translate so? source "auto" is found out by the service. */
bool service_translates(const struct languages *l, struct str source, struct str target);

struct service_question {
	struct str source, target, key; /* key is empty without one */
	const struct str *texts;	/* HTML */
	size_t count;
};
void service_add_question(struct buf *out, const struct service_question *question);
/*
 * As many texts as there were in the question, with the language that was found (absent when the answer
 * names none). RC_INVALID when it is none of these.
 */
enum rc service_read_answer(struct ctx *ctx, struct str body, size_t count, struct str *texts,
			    struct str *source) NODISCARD;

/* --- translate_texts.c: a post as texts and back. Pure --- */

struct texts {
	struct str list[TRANSLATE_TEXTS_MAX]; /* HTML, all of them; empty where there is nothing */
	unsigned option_count, description_count;
};
#define TEXTS_FIXED 2 /* content and spoiler come first */
static inline size_t texts_count(const struct texts *t)
{
	return TEXTS_FIXED + t->option_count + t->description_count;
}
/* Copies into arena. RC_TOO_LARGE, RC_UNSUPPORTED (there is nothing), RC_NO_MEMORY. */
enum rc texts_of(struct ctx *ctx, const struct translate_order *order, struct texts *out) NODISCARD;
/* What came back for them, made harmless. RC_NO_MEMORY, RC_TOO_LARGE. */
enum rc texts_take(struct ctx *ctx, const struct texts *texts, struct translation *out) NODISCARD;

#endif
