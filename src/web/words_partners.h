/* Words about partners of a community, a part of the table of words.h. */
#ifndef FF_WEB_WORDS_PARTNERS_H
#define FF_WEB_WORDS_PARTNERS_H

/* constant, English */
#define WORDS_PARTNERS(X)                                                                         \
	X(OFFICE_PARTNERS, "Owned together with communities of other servers")                    \
	X(PARTNERS_NONE, "It is owned by this server alone.")                                     \
	X(PARTNERS_STAYS, "What is said in this community stays on this server, so it has no "    \
			  "partners: only public and unlisted communities have.")                 \
	X(PARTNERS_MORE, "What is said and decided in one is so in all. The owners of the other " \
			 "community are asked.")                                                  \
	X(PARTNER_OFFERED, "We have offered it, and wait for an answer.")                         \
	X(PARTNER_ASKED, "They ask to own it together with us.")                                  \
	X(PARTNER_AGREED, "A partner.")                                                           \
	X(PARTNER_SINCE, "Since %.")                                                              \
	X(PARTNER_NEVER, "Not compared yet.")                                                     \
	X(PARTNER_COMPARED, "Compared on %.")                                                     \
	X(PARTNER_LACKING_ONE, "% post of theirs could not be had.")                              \
	X(PARTNER_LACKING_MANY, "% posts of theirs could not be had.")                            \
	X(PARTNER_ACCEPT, "Accept")                                                               \
	X(PARTNER_REFUSE, "Refuse")                                                               \
	X(PARTNER_TAKE_BACK, "Take it back")                                                      \
	X(PARTNER_END, "End it; what was said stays")                                             \
	X(PARTNER_COMPARE, "Compare now")                                                         \
	X(PARTNER_OFFER, "Offer it")                                                              \
	X(PARTNER_WHO, "Handle or address of a community elsewhere, such as !garden@example.org")

#endif
