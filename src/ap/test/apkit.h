/* What the tests of ap share: a document, read with test input in single quotes. */
#ifndef FF_AP_TEST_APKIT_H
#define FF_AP_TEST_APKIT_H

#include "ap/ap.h"
#include "testkit.h"

struct kit {
	struct ctx ctx;
	struct ap_reader reader;
	struct jr_doc *doc;
};

void kit_init(struct kit *kit);
/* Fits CLEANUP(kit_free). */
void kit_free(struct kit *kit);
/* Parses text, in which ' stands for "; what was parsed before is gone. */
struct jr kit_parse(struct kit *kit, const char *text);
struct jr kit_parse_bytes(struct kit *kit, struct str bytes);
/* Forgets the first cause and what was decoded. */
void kit_reset(struct kit *kit);

/* Calls each() with `around` (a printf format with one %s) around every odd value that a peer may
 * put where something else belongs (S-049). */
void kit_each_odd(struct kit *kit, const char *around,
		  void (*each)(struct kit *kit, struct jr root, const char *odd));

#endif
