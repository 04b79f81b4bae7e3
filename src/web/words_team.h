/* Words about teams and their drafts, a part of the table of words.h. */
#ifndef FF_WEB_WORDS_TEAM_H
#define FF_WEB_WORDS_TEAM_H

/* constant, English */
#define WORDS_TEAM(X)                                                                         \
	X(TEAMS, "Your teams")                                                                \
	X(TEAMS_NONE, "You are in no team.")                                                  \
	X(TEAM_MAKE, "Make a team")                                                           \
	X(TEAM_MAKE_MORE,                                                                     \
	  "An account that several people act for. You will be its administrator, and give "  \
	  "others their roles.")                                                              \
	X(TEAM_FOUR_EYES, "A second person reviews whatever anybody writes")                  \
	X(TEAM_ROLE, "You are its %.")                                                        \
	X(DRAFTS_NONE, "Nothing waits here.")                                                 \
	X(DRAFT_DUE, "Written by %, and scheduled.")                                          \
	X(DRAFT_OPEN, "Being written by %.")                                                  \
	X(DRAFT_WAITS, "Written by %, and waits for review.")                                 \
	X(DRAFT_RETURNED, "Written by %, and returned.")                                      \
	X(DRAFT_REFUSED, "Written by %, scheduled, and not posted.")                          \
	X(DRAFT_CHANGES, "It changes a post.")                                                \
	X(DRAFT_NOT_BEFORE, "Not before %.")                                                  \
	X(DRAFT_NOTE, "Note: %")                                                              \
	X(DRAFT_DROP, "Discard")                                                              \
	X(DRAFT_TEXT, "Text")                                                                 \
	X(DRAFT_SUBMIT, "Send to review")                                                     \
	X(REVIEW_APPROVE, "Approve")                                                          \
	X(REVIEW_RETURN, "Return")                                                            \
	X(REVIEW_NOTE, "What should be changed")                                              \
	X(TEAM_OPEN, "Members and rules of %")                                                \
	X(TEAM_NOT_YOURS, "You are in no team of that name.")                                 \
	X(TEAM_DRAFTS, "What is written and waits")                                           \
	X(TEAM_MEMBERS, "Members")                                                            \
	X(TEAM_ADMINISTRATOR, "Administrator: does all, and gives roles")                     \
	X(TEAM_EDITOR, "Editor: writes, reviews, changes and deletes")                        \
	X(TEAM_AUTHOR, "Author: writes what others review")                                   \
	X(TEAM_REVIEWER, "Reviewer: reviews what others write")                               \
	X(TEAM_ANALYST, "Analyst: reads, and sees figures")                                   \
	X(TEAM_SINCE, "Since %")                                                              \
	X(TEAM_WHO, "Name of somebody of this server, such as ann")                           \
	X(TEAM_ADD, "Add a member")                                                           \
	X(TEAM_CHANGE_MEMBER, "Change")                                                       \
	X(TEAM_REMOVE, "Remove from the team")                                                \
	X(TEAM_LEAVE, "Leave the team")                                                       \
	X(TEAM_HEIR, "Who gets the drafts that are left")                                     \
	X(TEAM_HEIR_ANY, "An administrator")                                                  \
	X(TEAM_HEIR_ME, "You")                                                                \
	X(TEAM_TRANSFER_MORE,                                                                 \
	  "Whoever you name becomes an administrator, and you go on as an editor.")           \
	X(TEAM_AGREED, "What the team has agreed on")                                         \
	X(TEAM_CREDIT, "Who learns who wrote a post")                                         \
	X(TEAM_CREDIT_MEMBERS, "Members learn who wrote a post")                              \
	X(TEAM_CREDIT_PUBLIC, "Everybody who reads it here learns who wrote a post")          \
	X(TEAM_CREDIT_EVERYWHERE, "Everybody learns who wrote a post: its last line says so") \
	X(TEAM_LOG, "What was done")                                                          \
	X(TEAM_LOG_NEWEST, "Newest")                                                          \
	X(TEAM_LOG_OLDER, "Older")                                                            \
	X(TEAM_DID_APP_ALLOW, "let an app act for the team")                                  \
	X(TEAM_DID_APP_REVOKE, "let an app act for it no more")                               \
	X(TEAM_DID_APPROVE, "approved a draft")                                               \
	X(TEAM_DID_DROP, "discarded a draft")                                                 \
	X(TEAM_DID_REFUSE, "could not post what was scheduled")                               \
	X(TEAM_DID_HOLD, "held a post, which waits for review")                               \
	X(TEAM_DID_PUT_OFF, "changed when a post is published")                               \
	X(TEAM_DID_RETURN, "returned a draft")                                                \
	X(TEAM_DID_SUBMIT, "sent a draft to review")                                          \
	X(TEAM_DID_WRITE, "wrote a draft")                                                    \
	X(TEAM_DID_HAND_OVER, "handed over drafts")                                           \
	X(TEAM_DID_ADD, "added a member")                                                     \
	X(TEAM_DID_REMOVE, "ended a membership")                                              \
	X(TEAM_DID_ROLE, "changed a role")                                                    \
	X(TEAM_DID_DELETE, "deleted a post")                                                  \
	X(TEAM_DID_EDIT, "changed a post")                                                    \
	X(TEAM_DID_PUBLISH, "published a post")                                               \
	X(TEAM_DID_SCHEDULE, "scheduled a post")                                              \
	X(TEAM_DID_CREATE, "made the team")                                                   \
	X(TEAM_DID_END, "ended the team")                                                     \
	X(TEAM_DID_SET, "changed what the team has agreed on")                                \
	X(DRAFT_ANSWERS, "It answers a post.")                                                \
	X(DRAFT_QUOTES, "It quotes a post.")                                                  \
	X(DRAFT_PUBLIC, "Everybody will see it.")                                             \
	X(DRAFT_UNLISTED, "Everybody will see it who looks for it.")                          \
	X(DRAFT_FOLLOWERS, "Followers will see it.")                                          \
	X(DRAFT_DIRECT, "Those whom it names will see it.")                                   \
	X(DRAFT_LOCAL, "People of this server will see it.")                                  \
	X(DRAFT_LANGUAGE, "Language: %")                                                      \
	X(DRAFT_POLL_ONE, "One of these can be chosen.")                                      \
	X(DRAFT_POLL_MANY, "Several of these can be chosen.")                                 \
	X(DRAFT_POLL_LASTS, "It goes on for %.")                                              \
	X(DRAFT_POLL_SECRET, "Nobody sees the votes before it is over.")                      \
	X(DRAFT_COVERED, "What is attached will be covered.")                                 \
	X(DRAFT_MEDIUM_WAITS, "It is not ready to be shown yet.")                             \
	X(DRAFT_DESCRIPTION, "Description: %")                                                \
	X(DAYS_ONE, "% day")                                                                  \
	X(DAYS_MANY, "% days")                                                                \
	X(HOURS_ONE, "% hour")                                                                \
	X(HOURS_MANY, "% hours")                                                              \
	X(MINUTES_ONE, "% minute")                                                            \
	X(MINUTES_MANY, "% minutes")

#endif
