/*
 * The sieve's language: what moderators say shall become of posts of a kind. Pure, no I/O.
 *
 *   hold "links of strangers" when account.age < 7d and links > 2 and not reply
 *   flag when word has "casino*", "buy now" or link has "spam.example"
 *
 * A rule is parsed to a tree, printed from it, and compiled to a program of tests and of jumps that
 * only lead forward: it ends after as many steps as it has instructions, whatever a post holds.
 * schemas/sieve.md is its reference.
 */
#ifndef FF_SOCIAL_SIEVE_H
#define FF_SOCIAL_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"

#define SIEVE_TEXT_MAX ((size_t)32 << 10)
#define SIEVE_LABEL_CHARS 100
#define SIEVE_OPS_MAX 200     /* tests and jumps of a rule */
#define SIEVE_ITEMS_MAX 1000  /* strings of a rule */
#define SIEVE_DEPTH_MAX 32    /* parentheses and "not" within each other */
#define SIEVE_STEPS_MAX 40000 /* of all rules on one post */

/* From the mildest to the strictest; the numbers are stored. */
enum sieve_action {
	SIEVE_TAG = 1,	  /* a label that moderators see */
	SIEVE_FLAG = 2,	  /* a report in the node's own name */
	SIEVE_LIMIT = 3,  /* in no public timeline, no notification to strangers */
	SIEVE_HOLD = 4,	  /* nobody sees it until a moderator has looked */
	SIEVE_REJECT = 5, /* not taken at all */
};
/* "tag", "flag", "limit", "hold", "reject". */
const char *sieve_action_name(enum sieve_action action);
bool sieve_action_parse(struct str name, enum sieve_action *out) NODISCARD;

/* What of a field can be asked. */
enum sieve_kind {
	SIEVE_FLAGGED, /* it is so, or not */
	SIEVE_COUNT,   /* a number */
	SIEVE_TIME,    /* a number of milliseconds, written 7d or 12h */
	SIEVE_PERCENT, /* a number of 0 to 100 */
	SIEVE_NAME,    /* one text: is "a", "b" */
	SIEVE_HOST,    /* one name of a host: is, or under, which is it or a host below it */
	SIEVE_HOSTS,   /* several: has one of them, or one below it */
	SIEVE_TAGS,    /* hashtags: has one of them */
	SIEVE_WORDS,   /* a text: has a word, the begin of a word ("casin*") or words in a row */
};

/* constant, name, kind; the order is stored */
#define SIEVE_FIELDS(X)                                  \
	X(LOCAL, "local", FLAGGED)                       \
	X(REMOTE, "remote", FLAGGED)                     \
	X(FIRST, "first", FLAGGED)                       \
	X(REPLY, "reply", FLAGGED)                       \
	X(SENSITIVE, "sensitive", FLAGGED)               \
	X(EDIT, "edit", FLAGGED)                         \
	X(ACCOUNT_AGE, "account.age", TIME)              \
	X(ACCOUNT_FOLLOWERS, "account.followers", COUNT) \
	X(ACCOUNT_POSTS, "account.posts", COUNT)         \
	X(ACCOUNT_NAME, "account.name", NAME)            \
	X(HOST, "host", HOST)                            \
	X(HOST_AGE, "host.age", TIME)                    \
	X(VISIBILITY, "visibility", NAME)                \
	X(LANGUAGE, "language", NAME)                    \
	X(MENTIONS, "mentions", COUNT)                   \
	X(LINKS, "links", COUNT)                         \
	X(HASHTAGS, "hashtags", COUNT)                   \
	X(ATTACHMENTS, "attachments", COUNT)             \
	X(LENGTH, "length", COUNT)                       \
	X(LINK, "link", HOSTS)                           \
	X(HASHTAG, "hashtag", TAGS)                      \
	X(WORD, "word", WORDS)                           \
	X(SIMILAR, "similar", PERCENT)                   \
	X(SPAM, "spam", PERCENT)

enum sieve_field {
#define X(constant, name, kind) SIEVE_FIELD_##constant,
	SIEVE_FIELDS(X)
#undef X
		SIEVE_FIELD_COUNT,
};
struct str sieve_field_name(enum sieve_field field);
enum sieve_kind sieve_field_kind(enum sieve_field field);

/* The numbers are stored. */
enum sieve_compare {
	SIEVE_IS_SO,
	SIEVE_LESS,
	SIEVE_AT_MOST,
	SIEVE_MORE,
	SIEVE_AT_LEAST,
	SIEVE_EQUAL,
	SIEVE_UNEQUAL,
	SIEVE_IS,
	SIEVE_UNDER,
	SIEVE_HAS,
};

struct sieve_node {
	enum { SIEVE_TEST, SIEVE_NOT, SIEVE_AND, SIEVE_OR } what;
	struct sieve_node *left, *right; /* right: of "and" and "or" */
	/* of a test */
	enum sieve_field field;
	enum sieve_compare compare;
	uint64_t number;
	struct str *items; /* as they are compared: folded */
	unsigned item_count;
};

struct sieve_rule {
	enum sieve_action action;
	struct str label; /* empty: it has none */
	struct sieve_node *when;
};

/* Where a rule is wrong; both from 1. */
struct sieve_place {
	unsigned line, column;
};
/*
 * RC_INVALID with the reason in ctx, which begins with the place, too ("line 1, column 14: ...");
 * RC_TOO_LARGE beyond a limit; RC_NO_MEMORY. Everything is in ctx's arena.
 */
enum rc sieve_parse(struct ctx *ctx, struct str text, struct sieve_rule *out,
		    struct sieve_place *place) NODISCARD;
/* The same rule as text on one line; what it is parsed to prints as itself. */
void sieve_print(struct buf *out, const struct sieve_rule *rule);
/* The program of a rule, as it is stored. */
void sieve_compile(struct buf *out, const struct sieve_rule *rule);

/* --- evaluating --- */

/* What is known of a post; filled when it is asked for, once for all rules. */
struct sieve_facts {
	/* Fills what field asks for. Called once for each field. */
	void (*find)(struct sieve_facts *facts, enum sieve_field field, void *arg);
	void *arg;
	uint32_t known; /* bit of each field that find() was asked for */
	bool flags[SIEVE_FIELD_COUNT];
	uint64_t numbers[SIEVE_FIELD_COUNT];
	struct str texts[SIEVE_FIELD_COUNT]; /* of names and hosts; folded */
	struct str *hosts;		     /* of links, as sieve_sort_hosts() leaves them */
	size_t host_count;
	struct str *tags; /* folded, as sieve_sort() leaves them */
	size_t tag_count;
	struct str *words; /* the same */
	size_t word_count;
	struct str text; /* " word word ", for what is searched for in a row */
	unsigned steps;	 /* that were taken */
	bool exhausted;	 /* and there were to be more: no rule fits any longer */
};

/*
 * Each once, sorted; how many there are then. What a post has of something costs a rule no steps, so that
 * nobody exhausts the rules by writing more of it.
 */
size_t sieve_sort(struct str *texts, size_t count);
bool sieve_sorted_has(const struct str *texts, size_t count, struct str text);
/* The same of hosts: by their labels from the last, so that those below a host stand behind it. */
size_t sieve_sort_hosts(struct str *hosts, size_t count);

/* Does a program fit? False for one that is not well formed: it is not followed. */
bool sieve_run(struct str program, struct sieve_facts *facts);
/* Is it one that sieve_compile() may have made: its jumps lead forward and end within it? */
bool sieve_program_ok(struct str program);
/* A word or a name as it is compared. RC_INVALID, RC_NO_MEMORY. */
enum rc sieve_fold(struct ctx *ctx, struct str text, struct str *out) NODISCARD;

#endif
