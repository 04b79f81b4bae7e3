/*
 * What a moderator does about a person, and what follows: a strike with its reasons, a notification and
 * a letter, and an appeal. Acts run inside a write transaction.
 */
#ifndef FF_SOCIAL_STRIKE_H
#define FF_SOCIAL_STRIKE_H

#include "social/social.h"
#include "store/strike.h"

/* "none", "sensitive", "disable", "silence", "suspend", "mark_statuses_as_sensitive",
 * "delete_statuses", of communities alone "remove", "lock", "ban". */
const char *moderation_name(enum moderation what);
/* What the node does; what the staff of a community does, of which "warn" is "none". */
bool moderation_parse(struct str name, enum moderation *out) NODISCARD;
bool community_moderation_parse(struct str name, enum moderation *out) NODISCARD;
/* The word for apps that know only what Mastodon's moderators do. */
const char *moderation_plain_name(enum moderation what);

/* What a moderator of the node wants done, or somebody of the staff of a community. */
struct sentence {
	enum moderation what;
	uint64_t community;	  /* of this node, in which it is done; 0: by the node */
	uint64_t until_ms;	  /* of a ban; 0: for good */
	uint64_t report;	  /* that it answers, and resolves; 0: none */
	uint64_t preset;	  /* whose text stands before the other one; 0: none */
	struct str text;	  /* the reasons, for the person to read */
	const uint64_t *statuses; /* of the person; without, those of the report */
	unsigned status_count;
	bool quiet;	/* no letter is sent */
	bool automated; /* no person has decided it */
};

/*
 * Does it, and leaves a strike whose id is *strike (which may be NULL). Nobody moderates who stands as
 * high as themselves. In a community presets are its own, and a report is one in its lane. RC_DENIED,
 * RC_NOT_FOUND (the account, the report, the preset, a status), RC_INVALID (of remote accounts what only
 * local ones have; posts of which there are none; what a community cannot do), RC_TOO_LARGE.
 */
enum rc moderate_account(struct social *s, const struct account *moderator, uint64_t target,
			 const struct sentence *sentence, uint64_t *strike) NODISCARD;
enum rc moderate_undo(struct social *s, const struct account *moderator, uint64_t target,
		      enum moderation what) NODISCARD;

/* The reasons that a community gives often. *preset gets its id, and its words cleaned. RC_DENIED,
 * RC_NOT_FOUND, RC_INVALID, RC_TOO_LARGE. */
enum rc community_preset_add(struct social *s, const struct account *actor, uint64_t community,
			     struct preset *preset) NODISCARD;
enum rc community_preset_remove(struct social *s, const struct account *actor, uint64_t community,
				uint64_t preset) NODISCARD;

/* --- appeals --- */

/* Letters and pages name the day of appeal_until_ms: this is when it is over. */
uint64_t strike_deadline(const struct strike *strike);
/* A time of the day until the end of which the node can be asked. */
uint64_t strike_up_day(const struct site *site, const struct strike *strike);
/* Can the person still appeal? And, of what a community has rejected, to the node? */
bool strike_is_open(const struct strike *strike, uint64_t now_ms);
bool strike_may_go_up(const struct site *site, const struct strike *strike, uint64_t now_ms);
/* Those who decide of the appeal: the owners of the community, or whoever may in the node. NULL: the
 * operator. */
bool strike_may_decide(struct db_txn *txn, struct arena *arena, const struct account *who,
		       const struct strike *strike);
/* RC_NOT_FOUND (it is not against them), RC_EXISTS (they have appealed), RC_GONE (it is too late, or
 * was taken back), RC_INVALID, RC_TOO_LARGE. */
enum rc appeal_file(struct social *s, const struct account *who, uint64_t strike,
		    struct str text) NODISCARD;
/* Approving takes back what can be. RC_DENIED, RC_NOT_FOUND (no such strike, or no appeal),
 * RC_EXISTS (it was decided). */
enum rc appeal_decide(struct social *s, const struct account *moderator, uint64_t strike,
		      bool approve) NODISCARD;

/* From a community to the node: an owner does not decide, or the person does not take the answer.
 * RC_DENIED, RC_NOT_FOUND, RC_EXISTS (it is there), RC_GONE. */
enum rc appeal_escalate(struct social *s, const struct account *who, uint64_t strike) NODISCARD;

/* --- JOB_STATEMENT: a letter about something that was decided --- */

/* The numbers are stored. */
enum statement_about {
	STATEMENT_STRIKE = 1,	 /* to the person: the reasons, and how to appeal */
	STATEMENT_APPEAL = 2,	 /* to the person: what was decided of their appeal */
	STATEMENT_APPEALED = 3,	 /* to a moderator: somebody has appealed */
	STATEMENT_REPORT = 4,	 /* to who has reported: what came of it */
	STATEMENT_OWNERLESS = 5, /* to a moderator: nobody owns a community any more */
};
struct statement_job {
	enum statement_about about;
	uint64_t id; /* of the strike or the report */
	uint64_t to; /* the account that the letter goes to */
};
/* Adds the job; nothing happens when the account is not of here. */
void statement_add(struct social *s, enum statement_about about, uint64_t id, uint64_t to);

#endif
