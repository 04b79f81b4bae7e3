/* Activities as peers send them. */
#ifndef FF_AP_ACTIVITY_H
#define FF_AP_ACTIVITY_H

#include "ap/ap.h"
#include "ap/vocab.h"

struct ap_activity {
	enum ap_activity_type type;
	struct str type_text; /* as written; for counts and logs */
	struct str id;	      /* absent when there is none */
	struct str actor;
	struct jr object;     /* as it came: a string, an object, or several */
	struct str object_id; /* of the first one; absent when there is none */
	struct jr target;
	struct jr instrument; /* of a request: what is to be allowed */
	struct jr result;     /* of an answer: what it brought about */
	struct str content;   /* of a Flag: the comment */
	uint64_t published_ms;
	struct jr root;
};

/*
 * RC_INVALID with the reason in reader's context: not an object, no type, an actor that is not one
 * id (S-004), an id that is not on the actor's origin, no object where one is needed.
 */
enum rc ap_activity_decode(const struct ap_reader *reader, struct jr root,
			   struct ap_activity *out) NODISCARD;

#endif
