/* What the files of the index share. */
#ifndef FF_STORE_SEARCH_INT_H
#define FF_STORE_SEARCH_INT_H

#include "store/search.h"

#define PERSON_MAX_BYTES (64 * 1024)

/* Strings point into value. */
bool search_doc_decode(struct arena *arena, struct str value, uint64_t id, struct search_doc *out);
void search_doc_encode(struct buf *out, const struct search_doc *doc);
/* first is of the key. */
bool search_block_decode(struct str value, uint64_t first, uint64_t out[SEARCH_BLOCK_MAX],
			 size_t *count);
void search_block_encode(struct buf *out, const uint64_t *ids, size_t count);
/* What all keys of a term begin with. */
struct reckey search_term_key(struct str term);
bool search_person_decode(struct str value, struct str out[SEARCH_NAMES_MAX], size_t *count);

/* Ids in rising order, behind all of the term. */
void search_append(struct db_txn *txn, struct str term, const uint64_t *ids, size_t count);
void search_insert(struct db_txn *txn, struct str term, uint64_t id);
void search_remove(struct db_txn *txn, struct str term, uint64_t id);

/* Each of a doc's terms once, in order of their bytes. NULL when the arena has failed. */
struct str *search_terms(struct arena *arena, const struct search_doc *doc, size_t *count);

#endif
