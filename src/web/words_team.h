/* Words about teams and their drafts, a part of the table of words.h. */
#ifndef FF_WEB_WORDS_TEAM_H
#define FF_WEB_WORDS_TEAM_H

/* constant, English */
#define WORDS_TEAM(X)                                                                        \
	X(TEAMS, "Your teams")                                                               \
	X(TEAMS_NONE, "You are in no team.")                                                 \
	X(TEAM_MAKE, "Make a team")                                                          \
	X(TEAM_MAKE_MORE,                                                                    \
	  "An account that several people act for. You will be its administrator, and give " \
	  "others their roles.")                                                             \
	X(TEAM_FOUR_EYES, "A second person reviews whatever anybody writes")                 \
	X(TEAM_ROLE, "You are its %.")                                                       \
	X(DRAFTS_NONE, "Nothing waits here.")                                                \
	X(DRAFT_DUE, "Written by %, and scheduled.")                                         \
	X(DRAFT_OPEN, "Being written by %.")                                                 \
	X(DRAFT_WAITS, "Written by %, and waits for review.")                                \
	X(DRAFT_RETURNED, "Written by %, and returned.")                                     \
	X(DRAFT_CHANGES, "It changes a post.")                                               \
	X(DRAFT_NOT_BEFORE, "Not before %.")                                                 \
	X(DRAFT_NOTE, "Note: %")                                                             \
	X(DRAFT_DROP, "Discard")                                                             \
	X(DRAFT_TEXT, "Text")                                                                \
	X(DRAFT_SUBMIT, "Send to review")                                                    \
	X(REVIEW_APPROVE, "Approve")                                                         \
	X(REVIEW_RETURN, "Return")                                                           \
	X(REVIEW_NOTE, "What should be changed")

#endif
