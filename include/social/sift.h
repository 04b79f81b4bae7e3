/*
 * What the sieve makes of posts: rules are asked, posts are marked, limited, held or refused; held ones
 * are released or refused by moderators, waves are rolled back, and what moderators decide is learnt.
 * A moderator who is NULL is the operator at the command line. Acts run inside a write.
 */
#ifndef FF_SOCIAL_SIFT_H
#define FF_SOCIAL_SIFT_H

#include "social/sieve.h"
#include "social/social.h"
#include "store/learned.h"
#include "store/sieve.h"
#include "store/status.h"
#include "store/wave.h"

/* --- rules --- */

/*
 * Adds (id 0) a rule, which is in the shadow at first, or changes one: its text when that is not
 * absent, its position when that is not 0. Fills row. RC_DENIED, RC_NOT_FOUND, RC_TOO_LARGE (there
 * are SIEVE_ROWS_MAX), and those of sieve_parse().
 */
enum rc sift_rule_put(struct social *s, const struct account *moderator,
		      struct sieve_row *row) NODISCARD;
enum rc sift_rule_mode(struct social *s, const struct account *moderator, uint64_t id,
		       enum sieve_mode mode) NODISCARD;
enum rc sift_rule_del(struct social *s, const struct account *moderator, uint64_t id) NODISCARD;

/* --- asking the rules --- */

/* A rule that fits a post. */
struct sift_fit {
	uint64_t rule;
	enum sieve_mode mode;
	enum sieve_action action;
	struct str label;
	bool exhausted; /* it could not be asked: the post was too much work */
};

struct sift_verdict {
	enum sieve_action action; /* the strictest of live rules; 0: none fits */
	struct sift_fit *fits;
	unsigned fit_count;
	uint8_t spam, similar; /* percent, or SIEVE_UNASKED */
};

/* A post before it is stored, or as it is. */
struct sift_post {
	const struct account *author;
	const struct status *status;
	unsigned media; /* of a local one that is being made: what it will have attached */
	bool edit;
};
/* Reads only. */
void sift_ask(struct db_txn *txn, struct ctx *ctx, const struct site *site,
	      const struct sift_post *post, struct sift_verdict *out);
/* The same of one program, whatever its mode; for trying a rule. */
bool sift_try(struct db_txn *txn, struct ctx *ctx, const struct site *site,
	      const struct sift_post *post, struct str program);
/* Trying a rule on stored posts, newest first, boosts left out; what is known now counts. */
struct sift_scan {
	uint64_t cursor; /* the id below which it goes on; 0: from the newest */
	uint64_t looked_at, fits;
	uint64_t sample[20]; /* those that fit, first */
	unsigned sample_count;
	bool complete; /* all since then were looked at */
};
#define SIFT_SCAN_STEP 500
#define SIFT_SCAN_MAX 20000
/* One step of SIFT_SCAN_STEP posts that came since since_ms. Strings are of an arena of its own. */
enum rc sift_scan(struct db_txn *txn, const struct site *site, struct str program,
		  uint64_t since_ms, struct sift_scan *scan) NODISCARD;
/* All steps, up to SIFT_SCAN_MAX posts, each in a snapshot of its own. RC_NO_MEMORY, RC_BUSY, RC_IO,
 * and those of sieve_parse(). */
enum rc sift_scan_all(struct db *db, struct ctx *ctx, const struct site *site, struct str rule,
		      uint64_t since_ms, struct sift_scan *scan) NODISCARD;
/* Which flags of a status say what was decided: STATUS_HELD, STATUS_LIMITED. */
unsigned sift_flags(const struct sift_verdict *verdict);
/* Counts what fitted; of a post that is stored also marks it and reports it. */
void sift_record(struct social *s, const struct sift_post *post,
		 const struct sift_verdict *verdict);

/* What a held post says was changed: who saw it before has not seen it. */
void sift_touch(struct social *s, uint64_t status);

/* --- the quarantine --- */

/*
 * Everything happens that would have happened when it came. RC_NOT_FOUND when it is not held; RC_CONFLICT
 * when its author has changed it after seen_ms, so that nobody has looked at what it says now.
 */
#define HELD_SEEN_ANY UINT64_MAX
enum rc held_release(struct social *s, const struct account *moderator, uint64_t status,
		     uint64_t seen_ms) NODISCARD;
/* The post is deleted. One of here was never federated, so nobody is told. */
enum rc held_refuse(struct social *s, const struct account *moderator, uint64_t status,
		    uint64_t seen_ms) NODISCARD;

/* Nobody has decided of it for too long; it is no act of anybody. */
enum held_then { HELD_THEN_REFUSE, HELD_THEN_RELEASE };
enum rc held_expire(struct social *s, enum held_then then, uint64_t status) NODISCARD;

/* --- waves --- */

struct wave_preview {
	uint64_t posts; /* that would be hidden */
	uint64_t local; /* that fit, but are of here: they stay */
	uint64_t looked_at;
	bool complete; /* all were looked at */
	uint64_t sample[20];
	unsigned sample_count;
	struct {
		struct str host;
		uint64_t posts;
	} hosts[20]; /* those that were met first */
	unsigned host_count;
};
#define WAVE_LOOK_MAX 10000
/*
 * Of a rule: the posts that it fitted and fits as it is now, but for those that a moderator has released.
 * RC_INVALID with the reason in ctx: nothing to go by, or a time that is too long; RC_NOT_FOUND: the rule or
 * the post is not there. Reads only.
 */
enum rc wave_look(struct db_txn *txn, struct ctx *ctx, const struct site *site,
		  const struct wave_wish *wish, struct wave_preview *out) NODISCARD;
/* Begins to hide them; the job does the rest. It can be undone for site->wave_undo_ms. */
enum rc wave_begin(struct social *s, const struct account *moderator, const struct wave_wish *wish,
		   uint64_t *id) NODISCARD;
/* RC_CONFLICT when it is too late, or not done yet. */
enum rc wave_undo(struct social *s, const struct account *moderator, uint64_t id) NODISCARD;
/* A bounded step of the job; RC_BUSY when there is more to do. *due_ms is when it goes on else; 0:
 * never. */
enum rc wave_step(struct social *s, uint64_t id, uint64_t *due_ms) NODISCARD;

/* --- learning --- */

/* How a word weighed: above 0 it speaks for removing, below for keeping. */
struct sift_evidence {
	struct str word;
	double weight;
};
#define SIFT_EVIDENCE_MAX 12
/* What the classifier believes of a text, in percent, and by which words, the weightiest first; false
 * when it has not learnt enough. */
bool sift_believe(struct db_txn *txn, struct ctx *ctx, const struct status *status, uint8_t *spam,
		  struct sift_evidence out[SIFT_EVIDENCE_MAX], unsigned *count);
/* A moderator has decided; times: 1, or -1 to take it back. */
void sift_learn(struct social *s, const struct status *status, bool removed, int times);
/* 64 bits that are alike for texts that are alike; 0 for one that is too short. */
uint64_t sift_print(struct ctx *ctx, const struct status *status);
/* Percent. */
uint8_t sift_likeness(uint64_t a, uint64_t b);

#endif
