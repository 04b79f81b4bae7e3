/*
 * ap: the vocabulary of ActivityStreams as typed structs: decoding what peers send, encoding what
 * we say, and who is addressed. No I/O, no storage.
 *
 *   vocab.h     the types that are known, as tables
 *   activity.h  activities as they come in
 *   object.h    objects (posts of any kind) as they come in
 *   interaction.h  what others may do with a post: policies, authorizations, quotes
 *   poll.h      polls in objects, and votes
 *   actor.h     actors with their keys as they come in
 *   identity.h  who else an actor is, verified
 *   collection.h  collections, both ways
 *   emoji.h     custom emoji and reactions as they come in
 *   proof.h     integrity proofs: read, checked, added
 *   capability.h  what servers say that they can do
 *   write.h     what we send: actors, notes, activities, collections
 *
 * Decoding is tolerant where servers differ (a string, an object or an array of both) and strict
 * where it matters: every id is a canonical IRI or it is not there.
 */
#ifndef FF_AP_AP_H
#define FF_AP_AP_H

#include <stdbool.h>

#include "core/ctx.h"
#include "core/str.h"
#include "text/iri.h"
#include "json/jr.h"

/* What decoding needs besides the value. */
struct ap_reader {
	struct ctx *ctx;
	unsigned iri_flags; /* iri_parse()'s: strict but in tests */
};

#define AP_PUBLIC "https://www.w3.org/ns/activitystreams#Public"

/*
 * The id that a field names: a string, an object with an id (or href), or the first of an array of
 * these. Canonical; absent when there is none or it is not a valid IRI. The many spellings of the
 * Public collection come out as AP_PUBLIC.
 */
struct str ap_id(const struct ap_reader *reader, struct jr field);
/* The same, fully parsed. False when there is none. */
bool ap_iri(const struct ap_reader *reader, struct jr field, struct iri *out);
/* A string property, or the entry of its language map ("contentMap") when only that is there;
 * *language gets the map's key. */
struct str ap_text(struct jr object, const char *name, const char *map_name, struct str *language);
/* A time as milliseconds; 0 when it is missing or malformed. */
uint64_t ap_time(struct jr field);
/* Are both ids of one scheme, host and port? */
bool ap_same_origin(const struct ap_reader *reader, struct str a, struct str b);

/* Who may find it by searching (FEP-268d). Returns how many; ids beyond the maximum are left out. */
#define AP_SEARCHABLE_MAX 16
unsigned ap_searchable_by(const struct ap_reader *reader, struct jr object,
			  struct str out[AP_SEARCHABLE_MAX]);

/* The media type of what we send; and is this Content-Type one that ActivityPub allows (S-012)? */
#define AP_MEDIA_TYPE "application/activity+json"
bool ap_media_type(struct str content_type);

#endif
