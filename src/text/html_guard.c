/*
 * A guard before libxml2, whose time grows with the square of the attributes of one tag (S-052). It
 * need not agree with any parser about where tags, comments and quotes begin: it follows all
 * readings of the input at once, one count per state, the highest counting. Linear. Stateless, any
 * thread.
 */
#include "html_int.h"

/* Harmless sizes are not looked at. */
#define GUARD_FROM 4096
#define ATTRIBUTES_MAX 200

/* Where a reading of the input may be. */
enum state {
	IN_NAME,     /* of a tag or of an attribute, or behind it */
	IN_GAP,	     /* white space or "/" in a tag */
	BEHIND_SIGN, /* "=", a value follows */
	IN_BARE,     /* a value without quotes */
	IN_DOUBLE,
	IN_SINGLE,
	STATES,
	OUTSIDE = STATES,
};

enum class { LETTERISH, BLANK, SLASH, SIGN, DOUBLE, SINGLE, END, CLASSES };

static const unsigned char next_state[STATES][CLASSES] = {
	[IN_NAME] = { IN_NAME, IN_GAP, IN_GAP, BEHIND_SIGN, IN_NAME, IN_NAME, OUTSIDE },
	[IN_GAP] = { IN_NAME, IN_GAP, IN_GAP, BEHIND_SIGN, IN_NAME, IN_NAME, OUTSIDE },
	[BEHIND_SIGN] = { IN_BARE, BEHIND_SIGN, IN_BARE, IN_BARE, IN_DOUBLE, IN_SINGLE, OUTSIDE },
	[IN_BARE] = { IN_BARE, IN_GAP, IN_BARE, IN_BARE, IN_BARE, IN_BARE, OUTSIDE },
	[IN_DOUBLE] = { IN_DOUBLE, IN_DOUBLE, IN_DOUBLE, IN_DOUBLE, IN_GAP, IN_DOUBLE, IN_DOUBLE },
	[IN_SINGLE] = { IN_SINGLE, IN_SINGLE, IN_SINGLE, IN_SINGLE, IN_SINGLE, IN_GAP, IN_SINGLE },
};

static enum class class_of(char c) {
	switch (c){
		case ' ' : case '\t' : case '\n' : case '\r' : case '\f' : return BLANK;
		case '/' : return SLASH;
		case '=' : return SIGN;
		case '"' : return DOUBLE;
		case '\'' : return SINGLE;
		case '>' : return END;
		default : return LETTERISH;
	}
}

/* Counts are one more than the attributes seen, so that 0 means that no reading is there. */
static unsigned step(unsigned counts[STATES], enum class class)
{
	unsigned next[STATES + 1] = { 0 };
	unsigned most = 0;
	for (unsigned state = 0; state < STATES; state++) {
		unsigned to = next_state[state][class];
		unsigned count = counts[state];
		if (count == 0)
			continue;
		if (state == IN_GAP && to == IN_NAME)
			count++;
		if (count > next[to])
			next[to] = count;
		if (to != OUTSIDE && count > most)
			most = count;
	}
	memcpy(counts, next, STATES * sizeof(counts[0]));
	return most;
}

bool html_guard_trips(struct str markup)
{
	unsigned counts[STATES] = { 0 };
	if (markup.len < GUARD_FROM)
		return false;
	for (size_t i = 0; i < markup.len; i++) {
		if (step(counts, class_of(markup.ptr[i])) > ATTRIBUTES_MAX)
			return true;
		if (markup.ptr[i] == '<' && counts[IN_NAME] == 0)
			counts[IN_NAME] = 1;
	}
	return false;
}
