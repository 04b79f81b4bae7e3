/* What the files of searching share. */
#ifndef FF_SOCIAL_SEARCH_INT_H
#define FF_SOCIAL_SEARCH_INT_H

#include "social/search.h"

#define CLAUSES_MAX 32

/* Terms that stand one after another in a status; one alone where it is no phrase. */
struct search_clause {
	struct str *terms;
	size_t count;
	bool without; /* statuses that have it are not meant */
};

struct search_query {
	struct search_clause clauses[CLAUSES_MAX];
	size_t count;
	uint64_t from_ms, to_ms; /* written at or after the one, before the other; 0: whenever */
	enum search_where where;
	bool nothing; /* no status can be meant */
};

/* RC_INVALID when it is not UTF-8, RC_TOO_LARGE, RC_NO_MEMORY. Reads accounts. */
enum rc search_query_parse(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			   struct viewer viewer, struct str text,
			   struct search_query *out) NODISCARD;

/* --- terms that are no words --- */

struct str search_from_term(struct arena *arena, uint64_t account);
struct str search_language_term(struct arena *arena, struct str language);
/* Absent when it is no hashtag. */
struct str search_tag_term(struct ctx *ctx, struct str tag);
/* kind is 'h' or 'i'. */
struct str search_mark_term(struct arena *arena, char kind, struct str name);

/* search_people.c: by which words an account is found beside its handle: how it is called, and of a community
 * that everybody may find the hashtags that it is about, here and elsewhere. In arena. */
struct str search_names_of(struct db_txn *txn, struct arena *arena, const struct account *account);

#endif
