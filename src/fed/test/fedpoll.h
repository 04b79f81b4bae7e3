/* What the tests of polls share: polls of here and elsewhere, votes in them. */
#ifndef FF_FED_TEST_FEDPOLL_H
#define FF_FED_TEST_FEDPOLL_H

#include "fedkit.h"
#include "poll_int.h"

#define POLL CAROL "/polls/1"
#define COUNTS(red, green)                                                                      \
	",\"oneOf\":[{\"type\":\"Note\",\"name\":\"red\",\"replies\":{\"type\":\"Collection\"," \
	"\"totalItems\":" #red "}},{\"type\":\"Note\",\"name\":\"green\",\"replies\":{"         \
	"\"type\":\"Collection\",\"totalItems\":" #green "}}]"
#define OVER ",\"endTime\":\"2026-01-02T00:00:00Z\""
#define OPEN ",\"endTime\":\"2999-01-01T00:00:00Z\""

struct status poll_ask(struct fedkit *kit, bool multiple, enum visibility visibility,
		       const char *text);
struct poll poll_of(struct fedkit *kit, uint64_t status);
void poll_expect(struct fedkit *kit, uint64_t status, uint32_t red, uint32_t green, uint32_t blue,
		 uint32_t voters);
/* Its end comes: rows have the machine's time, which does not wait for tests. */
void poll_end(struct fedkit *kit, uint64_t status);
struct str poll_vote_note(struct fedkit *kit, const char *actor, const char *id, struct str poll,
			  const char *name);
struct str poll_vote_create(struct fedkit *kit, const char *actor, const char *id,
			    struct str object);
enum rc poll_vote_by(struct fedkit *kit, const struct peer_actor *who, const char *id,
		     const struct status *post, const char *name);
/* more: members of the Question; published a while ago, and open for long. */
struct str poll_question(struct fedkit *kit, const char *content, const char *more);
enum rc poll_tell(struct fedkit *kit, const struct peer_actor *who, const char *type,
		  struct str object);
struct peer_actor poll_followed(struct fedkit *kit, const char *uri, unsigned key);

/* The poll as it comes from who, who is followed; it must be taken. */
struct status poll_received(struct fedkit *kit, const struct peer_actor *who, const char *more);

#endif
