/* What a server says that it can do (FEP-844e), where no other property tells. */
#ifndef FF_AP_CAPABILITY_H
#define FF_AP_CAPABILITY_H

#include "ap/ap.h"
#include "json/jw.h"

/* constant, identifier, name; what we say of ourselves is the whole table */
#define AP_CAPABILITY_TABLE(X)                                                              \
	X(RFC9421, "https://datatracker.ietf.org/doc/html/rfc9421",                         \
	  "RFC-9421: HTTP Message Signatures")                                              \
	X(RFC9421_ED25519,                                                                  \
	  "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25", \
	  "RFC-9421 signatures using the Ed25519 algorithm")                                \
	X(PROOFS, "https://w3id.org/fep/8b32", "FEP-8b32: Object Integrity Proofs")

enum ap_capability {
#define X(constant, href, name) AP_CAN_##constant,
	AP_CAPABILITY_TABLE(X)
#undef X
		AP_CAPABILITY_COUNT
};

/*
 * What an actor's server says, as bits (1 << enum ap_capability): of the actor itself when it is an
 * Application, and of its generator when that stands in the document as part of it.
 */
unsigned ap_capabilities_decode(const struct ap_reader *reader, struct jr actor);

/* The member of an actor: `implements` of the server's own one, whose id is server; `generator` of all
 * others. */
void ap_capabilities_write(struct jw *w, struct str actor, struct str server);

#endif
