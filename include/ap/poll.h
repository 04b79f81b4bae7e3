/* Polls (Question) and the votes in them, as FEP-9967 has them. */
#ifndef FF_AP_POLL_H
#define FF_AP_POLL_H

#include <stdbool.h>
#include <stdint.h>

#include "ap/ap.h"
#include "json/jw.h"

#define AP_POLL_OPTIONS_MAX 20 /* S-057; those beyond are not read */
#define AP_POLL_NAME_CHARS 500

struct ap_poll_option {
	struct str name;
	uint32_t votes;
};

struct ap_poll {
	struct ap_poll_option options[AP_POLL_OPTIONS_MAX];
	unsigned option_count;
	bool multiple;	    /* several of them may be chosen */
	uint64_t ends_ms;   /* 0: nobody has said */
	bool closed;	    /* it is over, whatever the time is */
	uint64_t closed_ms; /* when that was or will be, as some tell it; 0: not told */
	bool voters_known;
	uint32_t voters; /* people, each once */
};

/*
 * The poll in a post (FEP-9967, "Question object"); false when there is none. Names
 * are as they came but for their length, and no two are equal.
 */
bool ap_poll_decode(struct jr object, struct ap_poll *out);

/* The members of a poll in a note that is being written. */
void ap_write_poll(struct jw *w, const struct ap_poll *p);

/*
 * A vote is a Note that has a name and no content, in reply to the poll (FEP-9967, "Voting"). It is
 * nothing that people read.
 */
bool ap_is_vote(struct jr object);

struct ap_vote {
	struct str id;	   /* absent when there is none */
	struct str author; /* absent when it is not told */
	struct str poll;
	struct str name;
};

/* False when it is no vote, or names no poll. */
bool ap_vote_decode(const struct ap_reader *reader, struct jr object, struct ap_vote *out);

/* to: the poll's author, who alone gets it. */
void ap_write_vote(struct jw *w, const struct ap_vote *vote, struct str to);

#endif
