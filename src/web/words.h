/*
 * Every word that pages say, in one table, so that another language is another table. A "%" stands
 * where a name or a number goes.
 */
#ifndef FF_WEB_WORDS_H
#define FF_WEB_WORDS_H

#include "core/buf.h"
#include "core/str.h"
#include "words_event.h"
#include "words_partners.h"
#include "words_team.h"

/* constant, English */
#define WORDS(X)                                                                                   \
	X(LANGUAGE, "en")                                                                          \
	X(JOIN_BY_ATTRIBUTE, "One joins by attribute")                                             \
	X(OFFICE_CONDITIONS,                                                                       \
	  "Joining by attribute: one condition per line, as department=chemistry")                 \
	X(OFFICE_MATCH, "How many of them count")                                                  \
	X(OFFICE_MATCH_ANY, "any of them")                                                         \
	X(OFFICE_MATCH_ALL, "all of them")                                                         \
	X(OFFICE_OTHERS, "All others")                                                             \
	X(OFFICE_OTHERS_ASK, "may ask to join")                                                    \
	X(OFFICE_OTHERS_NO, "cannot join")                                                         \
	X(OFFICE_GRACE, "Days that members keep who do not meet them any more")                    \
	X(SKIP, "Skip to the content")                                                             \
	X(FOOTER, "% is part of the fediverse. It runs FediFlow.")                                 \
	X(NODE_DESCRIPTION, "% is a server of the fediverse.")                                     \
	X(PEOPLE_ONE, "% person")                                                                  \
	X(PEOPLE_MANY, "% people")                                                                 \
	X(POSTS_ONE, "% post")                                                                     \
	X(POSTS_MANY, "% posts")                                                                   \
	X(FOLLOWERS_ONE, "% follower")                                                             \
	X(FOLLOWERS_MANY, "% followers")                                                           \
	X(FOLLOWING_ONE, "% following")                                                            \
	X(FOLLOWING_MANY, "% following")                                                           \
	X(MEMBERS_ONE, "% member")                                                                 \
	X(MEMBERS_MANY, "% members")                                                               \
	X(THREADS_ONE, "% thread")                                                                 \
	X(THREADS_MANY, "% threads")                                                               \
	X(COMMENTS_ONE, "% comment")                                                               \
	X(COMMENTS_MANY, "% comments")                                                             \
	X(THREADS, "Threads")                                                                      \
	X(MODERATORS, "Moderators:")                                                               \
	X(PARTNERS, "Owned together with:")                                                        \
	X(CHILDREN, "Belonging to it:")                                                            \
	X(PART_OF, "Part of")                                                                      \
	X(POSTED_IN, "in %")                                                                       \
	X(ATTESTED_BY, "A copy, as % has it: its own server does not answer.")                     \
	X(JOIN, "Join")                                                                            \
	X(JOIN_OPEN, "Open to everybody")                                                          \
	X(JOIN_ON_REQUEST, "One asks to join")                                                     \
	X(JOIN_BY_INVITATION, "One joins by invitation")                                           \
	X(INVITED_TO, "You are invited to join %.")                                                \
	X(INVITATION_OVER, "This invitation is over, or there never was one.")                     \
	X(COMMUNITY_CLOSED, "What is said here is not for everybody.")                             \
	X(ORDERS, "Order")                                                                         \
	X(ORDER_ACTIVE, "Active")                                                                  \
	X(ORDER_HOT, "Hot")                                                                        \
	X(ORDER_NEW, "New")                                                                        \
	X(ORDER_TOP, "Top")                                                                        \
	X(ORDER_COMMENTS, "Most comments")                                                         \
	X(SPANS, "Time")                                                                           \
	X(SPAN_ALL, "All time")                                                                    \
	X(SPAN_DAY, "Day")                                                                         \
	X(SPAN_WEEK, "Week")                                                                       \
	X(SPAN_MONTH, "Month")                                                                     \
	X(SPAN_YEAR, "Year")                                                                       \
	X(BOOSTS_ONE, "% boost")                                                                   \
	X(BOOSTS_MANY, "% boosts")                                                                 \
	X(LIKES_ONE, "% like")                                                                     \
	X(LIKES_MANY, "% likes")                                                                   \
	X(REACTIONS, "Reactions")                                                                  \
	X(PINNED, "Pinned")                                                                        \
	X(POLL, "Poll")                                                                            \
	X(VOTES_ONE, "% vote")                                                                     \
	X(VOTES_MANY, "% votes")                                                                   \
	X(VOTERS_ONE, "% person has voted")                                                        \
	X(VOTERS_MANY, "% people have voted")                                                      \
	X(POLL_MULTIPLE, "Several may be chosen")                                                  \
	X(POLL_ENDS, "Ends %")                                                                     \
	X(POLL_ENDED, "Ended %")                                                                   \
	X(ABOUT, "About")                                                                          \
	X(LOOKED_AFTER, "Who looks after it")                                                      \
	X(CONTACT, "Contact: %")                                                                   \
	X(MORE, "More about this server")                                                          \
	X(LAST_CHANGED, "Last changed on %.")                                                      \
	X(HOLDS_FROM, "In force since %.")                                                         \
	X(NEXT_TERMS, "Other terms will be in force from %.")                                      \
	X(ACTIVE_ONE, "% active this month")                                                       \
	X(ACTIVE_MANY, "% active this month")                                                      \
	X(PEOPLE, "People")                                                                        \
	X(NO_PEOPLE, "Nobody here has asked to be listed.")                                        \
	X(MORE_PEOPLE, "More people")                                                              \
	X(FOLLOW_HEAD, "How to follow from elsewhere")                                             \
	X(FOLLOW_NODE,                                                                             \
	  "You do not need an account here. Search for a person's handle, such as %, in the app "  \
	  "or server of the fediverse that you use, and follow it there.")                         \
	X(FOLLOW_PERSON, "Follow from elsewhere")                                                  \
	X(FOLLOW_STEPS,                                                                            \
	  "Copy this handle into the search of Mastodon, or of whatever server of the fediverse "  \
	  "you use, and follow it from there:")                                                    \
	X(JOINED, "Joined %")                                                                      \
	X(MOVED, "This account has moved to %.")                                                   \
	X(MOVED_LINK, "a new address")                                                             \
	X(IDENTITY, "Also known by the key")                                                       \
	X(LINK_VERIFIED, "\u2713 Verified %")                                                      \
	X(VERIFIED, "Verified")                                                                    \
	X(LOCKED, "Approves followers")                                                            \
	X(KIND_GROUP, "Group")                                                                     \
	X(KIND_ORGANIZATION, "Organisation")                                                       \
	X(KIND_SERVICE, "Automated")                                                               \
	X(KIND_APPLICATION, "Application")                                                         \
	X(POSTS, "Posts")                                                                          \
	X(NO_POSTS, "There are no posts for everybody yet.")                                       \
	X(NO_OLDER, "There is nothing older.")                                                     \
	X(PAGES, "Pages")                                                                          \
	X(NEWEST, "Newest posts")                                                                  \
	X(OLDER, "Older posts")                                                                    \
	X(FIRST_PEOPLE, "First page")                                                              \
	X(BOOSTED, "% boosted")                                                                    \
	X(REPLY_TO, "In reply to %")                                                               \
	X(REPLY, "A reply")                                                                        \
	X(EDITED, "Edited %")                                                                      \
	X(ORIGINAL, "Original on %")                                                               \
	X(QUOTED, "Quoted post")                                                                   \
	X(UNLISTED, "Unlisted")                                                                    \
	X(WARNING, "Content warning")                                                              \
	X(IMAGE, "Image")                                                                          \
	X(VIDEO, "Video")                                                                          \
	X(AUDIO, "Audio")                                                                          \
	X(FILE, "File")                                                                            \
	X(LINK, "Link")                                                                            \
	X(STARTS, "Starts %")                                                                      \
	X(ENDS, "ends %")                                                                          \
	X(PLACE, "At %")                                                                           \
	X(EVENT_LINK, "More about the event")                                                      \
	X(ALSO_IN, "The same in another language: %")                                              \
	X(NO_DESCRIPTION, "without a description")                                                 \
	X(SENSITIVE, "Sensitive")                                                                  \
	X(TITLE_BETWEEN, ", ")                                                                     \
	X(CUT_ABOVE, "What came before it is not shown here.")                                     \
	X(CUT_BELOW, "There are more replies, which are not shown here.")                          \
	X(REPLIES, "Replies")                                                                      \
	X(KNOWN_OF, "% of ")                                                                       \
	X(REPLIES_KNOWN_ONE, "% reply are known here.")                                            \
	X(REPLIES_KNOWN_MANY, "% replies are known here.")                                         \
	X(THREAD_KNOWN_ONE, "% post of this conversation are known here.")                         \
	X(THREAD_KNOWN_MANY, "% posts of this conversation are known here.")                       \
	X(COUNTED, "Its own server counts %.")                                                     \
	X(MONTHS, "January February March April May June July August September October "           \
		  "November December")                                                             \
	X(NOT_FOUND, "Page not found")                                                             \
	X(NOT_FOUND_MORE, "There is nothing for everybody at this address. It may have been "      \
			  "deleted, or mistyped.")                                                 \
	X(BUSY, "Too much at once")                                                                \
	X(BUSY_MORE, "The server cannot answer just now. Please try again in a moment.")           \
	X(BODY_TOO_LARGE,                                                                          \
	  "What you have sent is larger than this page takes: at most %, with all pictures. "      \
	  "Nothing was changed.")                                                                  \
	X(BROKEN, "Something went wrong")                                                          \
	X(BROKEN_MORE, "This page could not be made. The mistake is on our side.")                 \
	X(HOME, "Go to the home page")                                                             \
	X(SIGN_IN, "Sign in")                                                                      \
	X(SIGN_IN_FOR, "% asks to use an account of yours. Sign in to go on.")                     \
	X(SIGN_IN_WRONG, "This user name and password do not belong together.")                    \
	X(FORM_OLD, "This form was not opened in this browser, or too long ago. Please try "       \
		    "again.")                                                                      \
	X(USER_NAME, "User name")                                                                  \
	X(PASSWORD, "Password")                                                                    \
	X(CONSENT, "Give access")                                                                  \
	X(CONSENT_FOR, "% asks to use your account. It will be able to:")                          \
	X(MAY_READ, "Read your data")                                                              \
	X(MAY_WRITE, "Act in your name")                                                           \
	X(MAY_ADMINISTER, "Administer this server")                                                \
	X(MAY_PUSH, "Send you notifications")                                                      \
	X(MAY_PROFILE, "See who you are")                                                          \
	X(MAY_USE, "Use your account")                                                             \
	X(ALLOW, "Allow")                                                                          \
	X(DENY, "Do not allow")                                                                    \
	X(SWITCH, "Use another account")                                                           \
	X(CODE, "Your code")                                                                       \
	X(CODE_MORE, "Copy this code into the application. It can be used once, within ten "       \
		     "minutes.")                                                                   \
	X(REFUSED, "This cannot be done")                                                          \
	X(FACTOR, "Second factor")                                                                 \
	X(FACTOR_MORE,                                                                             \
	  "Enter the code that your authenticator app shows, or one of your recovery codes.")      \
	X(FACTOR_CODE, "Code")                                                                     \
	X(FACTOR_WRONG, "This code is wrong, or it was used before.")                              \
	X(FACTOR_LOCKED, "There were too many wrong codes. Please wait, then try again.")          \
	X(PASSKEY_INSTEAD, "Sign in with a passkey")                                               \
	X(PASSKEY_USE, "Use a passkey")                                                            \
	X(PASSKEY_USE_MORE, "Your browser asks you for a passkey of this server.")                 \
	X(PASSKEY_WRONG, "This passkey does not fit.")                                             \
	X(PASSKEY_FAILED, "Your browser gave no passkey.")                                         \
	X(PASSKEY_SCRIPT, "Passkeys need scripts, which are turned off in this browser.")          \
	X(PASSWORD_LOST, "Forgot your password?")                                                  \
	X(PASSWORD_LOST_MORE, "Give the e-mail address of your account. You will get an e-mail "   \
			      "with a page where you can set a new password.")                     \
	X(EMAIL, "E-mail address")                                                                 \
	X(SEND, "Send")                                                                            \
	X(SENT, "Look at your e-mail")                                                             \
	X(SENT_MORE, "If there is an account with this address, an e-mail is on its way to it.")   \
	X(PASSWORD_SET, "Set a new password")                                                      \
	X(PASSWORD_NEW, "New password")                                                            \
	X(PASSWORD_RULE, "At least 8 characters, and none that is easy to guess.")                 \
	X(PASSWORD_SHORT, "A password has 8 to 256 characters.")                                   \
	X(PASSWORD_WEAK, "This password is easy to guess: take another one.")                      \
	X(PASSWORD_DONE, "Your password is set. Everything that was signed in was signed out.")    \
	X(TICKET_OLD, "This link was used, or it is too old. Ask for another one.")                \
	X(CONFIRM, "Confirm your e-mail address")                                                  \
	X(CONFIRM_MORE, "Confirm that this address is yours:")                                     \
	X(CONFIRM_DONE, "Your e-mail address is confirmed.")                                       \
	X(ADDRESS_TAKEN, "Somebody else has this e-mail address.")                                 \
	X(ACCOUNT, "Your account")                                                                 \
	X(PASSWORD_NOW, "Your password")                                                           \
	X(PASSWORD_WRONG, "This is not your password.")                                            \
	X(ADDRESS_NONE, "You have no e-mail address here.")                                        \
	X(ADDRESS_WAITS, "% is still to be confirmed.")                                            \
	X(ADDRESS_CONFIRMED, "% is confirmed.")                                                    \
	X(ADDRESS_CHANGE, "Change the e-mail address")                                             \
	X(ADDRESS_WRONG, "This is no e-mail address that can be written to.")                      \
	X(ADDRESS_OFTEN, "There were too many e-mails already. Please wait half an hour.")         \
	X(FACTORS, "Second factors")                                                               \
	X(FACTORS_MORE, "Who signs in as you needs your password and one of these.")               \
	X(TOTP_ON, "An authenticator app is set up.")                                              \
	X(TOTP_SET, "Set up an authenticator app")                                                 \
	X(TOTP_SET_MORE, "Scan this picture with the app, open the link on the device that has "   \
			 "it, or type the key into it. Then enter the code that the app shows.")   \
	X(TOTP_PICTURE, "The key as a QR code")                                                    \
	X(TOTP_LINK, "Open in the app")                                                            \
	X(TOTP_KEY, "Key")                                                                         \
	X(TOTP_REMOVE, "Remove the authenticator app")                                             \
	X(RECOVERY, "Recovery codes")                                                              \
	X(RECOVERY_LEFT_ONE, "% recovery code is left.")                                           \
	X(RECOVERY_LEFT_MANY, "% recovery codes are left.")                                        \
	X(RECOVERY_MORE, "Keep these codes where you find them without your devices. Each can be " \
			 "used once instead of a second factor. They are not shown again.")        \
	X(RECOVERY_RENEW, "Make new recovery codes")                                               \
	X(PASSKEYS, "Passkeys")                                                                    \
	X(PASSKEY_ADD, "Add a passkey")                                                            \
	X(PASSKEY_ADD_MORE,                                                                        \
	  "Give it a name by which you know it again. Then your browser asks where to keep it.")   \
	X(PASSKEY_NAME, "Name")                                                                    \
	X(PASSKEY_REMOVE, "Remove this passkey")                                                   \
	X(PASSKEY_REFUSED, "This passkey cannot be added.")                                        \
	X(CHANGE, "Change")                                                                        \
	X(ACT_AS, "Act as")                                                                        \
	X(ACT_AS_SELF, "yourself")                                                                 \
	X(ACT_AS_ROLE, "as %")                                                                     \
	X(POSTED_BY, "Posted by %")                                                                \
	X(COMMUNITIES, "Communities")                                                              \
	X(NO_COMMUNITIES, "There is no community that asks to be listed.")                         \
	X(ALL_COMMUNITIES, "All communities")                                                      \
	X(FIRST_COMMUNITIES, "The first communities")                                              \
	X(MORE_COMMUNITIES, "More communities")                                                    \
	X(OFFICES, "Your communities")                                                             \
	X(OFFICES_NONE, "You are in no community of this server.")                                 \
	X(OFFICE_NOT_YOURS, "There is no community here that you are in.")                         \
	X(ACT_DENIED, "Your role does not permit it.")                                             \
	X(ACT_WRONG, "That cannot be done: something is missing, or does not fit.")                \
	X(ACT_NOT_THERE, "That is not there any more.")                                            \
	X(ACT_SO_ALREADY, "It is so already.")                                                     \
	X(OFFICE_ROLE, "Your role in it: %.")                                                      \
	X(OFFICE_MAKE, "Make a community")                                                         \
	X(OFFICE_MAKE_MORE,                                                                        \
	  "It gets a handle on this server, by which people find, join and mention it from any "   \
	  "app. You will be its owner.")                                                           \
	X(OFFICE_NAME, "Name, of a to z, 0 to 9 and _")                                            \
	X(OFFICE_TITLE, "Title")                                                                   \
	X(OFFICE_DESCRIPTION, "What it is for")                                                    \
	X(OFFICE_PARENT, "It belongs to")                                                          \
	X(OFFICE_PARENT_NONE, "Nothing above it")                                                  \
	X(OFFICE_INVITATION, "This link lets people join. It is shown only now:")                  \
	X(OFFICE_REQUESTS, "Who asks to join")                                                     \
	X(OFFICE_REQUESTS_NONE, "Nobody waits to be let in.")                                      \
	X(OFFICE_ADMIT, "Let in")                                                                  \
	X(OFFICE_REFUSE, "Turn away")                                                              \
	X(OFFICE_QUEUE, "Posts that wait")                                                         \
	X(OFFICE_QUEUE_NONE, "No post waits to be looked at.")                                     \
	X(OFFICE_ATTACHED, "Attached: %")                                                          \
	X(OFFICE_APPROVE, "Approve")                                                               \
	X(OFFICE_REJECT, "Refuse")                                                                 \
	X(OFFICE_REASON, "Reason, which who is concerned is told")                                 \
	X(OFFICE_PEOPLE, "People with a role")                                                     \
	X(OFFICE_GIVE_ROLE, "Give a role")                                                         \
	X(OFFICE_WHO, "Handle of somebody, such as ann or ann@example.org")                        \
	X(OFFICE_WHICH_ROLE, "Role")                                                               \
	X(OFFICE_PUT_OUT, "Put out")                                                               \
	X(OFFICE_PUT_OUT_MORE, "Who is put out may come again.")                                   \
	X(OFFICE_BAN, "Ban")                                                                       \
	X(OFFICE_BAN_MORE, "Who is banned neither reads as a member nor posts, and cannot join.")  \
	X(OFFICE_BANNED, "Banned")                                                                 \
	X(OFFICE_UNBAN, "End the ban")                                                             \
	X(OFFICE_DAYS, "Days; empty for good")                                                     \
	X(OFFICE_UNTIL, "until %")                                                                 \
	X(OFFICE_INVITES, "Invitations")                                                           \
	X(OFFICE_INVITE, "Make a link")                                                            \
	X(OFFICE_INVITE_USES, "How many may use it; empty for any number")                         \
	X(OFFICE_INVITE_USED_ONE, "used once")                                                     \
	X(OFFICE_INVITE_USED_MANY, "used % times")                                                 \
	X(OFFICE_INVITE_OF, "of % uses")                                                           \
	X(OFFICE_UNINVITE, "End it")                                                               \
	X(OFFICE_SETTINGS, "Settings")                                                             \
	X(OFFICE_INHERITED, "What is left empty is as in the community that it belongs to.")       \
	X(OFFICE_AS_PARENT, "As above it")                                                         \
	X(OFFICE_TAGS, "What it is about: hashtags, parted by commas")                             \
	X(OFFICE_PICTURES, "Icon and banner")                                                      \
	X(OFFICE_PICTURES_MORE, "Pictures of at most 4 MB together; everybody sees them.")         \
	X(OFFICE_AVATAR, "Icon")                                                                   \
	X(OFFICE_AVATAR_SHOWS, "What the icon shows, for people who do not see it")                \
	X(OFFICE_AVATAR_GONE, "Take the icon away")                                                \
	X(OFFICE_HEADER, "Banner")                                                                 \
	X(OFFICE_HEADER_SHOWS, "What the banner shows, for people who do not see it")              \
	X(OFFICE_HEADER_GONE, "Take the banner away")                                              \
	X(OFFICE_KIND, "Kind, such as course, ward or desk")                                       \
	X(OFFICE_JOIN, "Who may join")                                                             \
	X(OFFICE_SIGHT, "Who sees what is said in it")                                             \
	X(OFFICE_SIGHT_PUBLIC, "Everybody")                                                        \
	X(OFFICE_SIGHT_UNLISTED, "Everybody who knows of it")                                      \
	X(OFFICE_SIGHT_LOCAL, "People of this server")                                             \
	X(OFFICE_SIGHT_MEMBERS, "Members; it never leaves this server")                            \
	X(OFFICE_POSTING, "Who begins threads")                                                    \
	X(OFFICE_POSTING_ANYBODY, "Everybody")                                                     \
	X(OFFICE_POSTING_MEMBERS, "Members")                                                       \
	X(OFFICE_POSTING_APPOINTED, "Those whose role says so")                                    \
	X(OFFICE_PREMODERATED, "Posts wait until somebody has looked at them")                     \
	X(OFFICE_YES, "Yes")                                                                       \
	X(OFFICE_NO, "No")                                                                         \
	X(OFFICE_SLOW, "Seconds between two posts of one member")                                  \
	X(OFFICE_RETENTION, "Days after which threads are deleted; 0 keeps them")                  \
	X(OFFICE_LANGUAGES, "Languages, such as en, de")                                           \
	X(OFFICE_RULES, "Rules, one a line")                                                       \
	X(OFFICE_FLAIRS, "Flairs, one a line; with a colour as Question=#3366cc")                  \
	X(OFFICE_SAVE, "Save")                                                                     \
	X(OFFICE_ROLES, "Roles")                                                                   \
	X(OFFICE_ROLES_MORE,                                                                       \
	  "Nobody gives a permission that they do not have, nor changes a role as high as their "  \
	  "own. A higher place stands above.")                                                     \
	X(OFFICE_ROLE_NEW, "A new role")                                                           \
	X(OFFICE_ROLE_NAME, "What it is called")                                                   \
	X(OFFICE_ROLE_PLACE, "Place")                                                              \
	X(OFFICE_ROLE_MAY, "Whoever has it may")                                                   \
	X(OFFICE_ROLE_DROP, "Remove this role")                                                    \
	X(MAY_POST, "begin threads")                                                               \
	X(MAY_COMMENT, "comment")                                                                  \
	X(MAY_VOTE, "vote on posts")                                                               \
	X(MAY_SKIP_QUEUE, "post without waiting")                                                  \
	X(MAY_INVITE, "invite")                                                                    \
	X(MAY_ADMIT, "let people in")                                                              \
	X(MAY_APPROVE, "approve posts that wait")                                                  \
	X(MAY_REMOVE, "remove posts")                                                              \
	X(MAY_LOCK, "lock threads")                                                                \
	X(MAY_PIN, "pin threads")                                                                  \
	X(MAY_BAN, "ban")                                                                          \
	X(MAY_REPORTS, "handle reports")                                                           \
	X(MAY_STRIKES, "see strikes")                                                              \
	X(MAY_EDIT, "change settings")                                                             \
	X(MAY_ROLES, "give roles")                                                                 \
	X(MAY_EVENTS, "hold events")                                                               \
	X(MAY_RESOURCES, "share files and links")                                                  \
	X(MAY_BALLOTS, "call consultations")                                                       \
	X(MAY_BADGES, "give badges")                                                               \
	X(MAY_ANNOUNCE, "announce")                                                                \
	X(OFFICE_RECORD, "What was done here")                                                     \
	X(OFFICE_END, "Hand over, or delete")                                                      \
	X(OFFICE_TRANSFER, "Hand over")                                                            \
	X(OFFICE_TRANSFER_MORE,                                                                    \
	  "Whoever you name, a member, becomes its owner; you stay as a moderator.")               \
	X(OFFICE_CLOSE, "Delete this community")                                                   \
	X(OFFICE_CLOSE_MORE,                                                                       \
	  "It cannot be brought back, and its name stays taken. What people have posted stays "    \
	  "with them.")                                                                            \
	X(OFFICE_CLOSE_NAME, "Type its name, %, to delete it")                                     \
	X(ROOM_ENTER, "For members")                                                               \
	X(ROOM_ENDS, "Your membership ends %, since you do not meet any more what is asked of "    \
		     "members.")                                                                   \
	X(ROOM_CONSULTATIONS, "Consultations")                                                     \
	X(ROOM_OPENS, "Opens %.")                                                                  \
	X(ROOM_CLOSES, "One can vote until %.")                                                    \
	X(ROOM_CLOSED, "It was open until %.")                                                     \
	X(ROOM_VOID, "It was cancelled.")                                                          \
	X(ROOM_APPROVE, "Tick all that you approve of")                                            \
	X(ROOM_RANK, "Give places, 1 to the best; what is left empty has none")                    \
	X(ROOM_NAMED, "Who votes what is told at its end.")                                        \
	X(ROOM_SECRET, "Nobody learns what you vote.")                                             \
	X(ROOM_RECEIPT, "Your receipt, to change your vote")                                       \
	X(ROOM_RECEIPT_CHECK, "Who has a receipt finds their vote in this list: it stands beside " \
			      "the first 32 digits of the SHA-256 of the receipt.")                \
	X(ROOM_VOTE, "Vote")                                                                       \
	X(ROOM_VOTE_AGAIN, "Change my vote")                                                       \
	X(ROOM_VOTED, "Your vote is cast. This is its receipt, which is shown only now: with it "  \
		      "you find your "                                                             \
		      "vote among all others when they are told, and can change it before.")       \
	X(ROOM_UNDECIDED, "Nothing was decided: too few have voted, or none has won.")             \
	X(ROOM_FROM, "From %")                                                                     \
	X(ROOM_NOT_FINAL, "Not final: not all servers have told their votes.")                     \
	X(ROOM_WITHOUT, "Without servers that have not told their votes.")                         \
	X(ROOM_CHECK, "All votes, to count again")                                                 \
	X(ROOM_CANCEL, "Cancel it")                                                                \
	X(ROOM_CALL, "Call a consultation")                                                        \
	X(ROOM_QUESTION, "Question")                                                               \
	X(ROOM_DESCRIPTION, "Description")                                                         \
	X(ROOM_OPTIONS, "Options, one a line")                                                     \
	X(ROOM_METHOD, "How one votes")                                                            \
	X(ROOM_DAYS, "For how many days")                                                          \
	X(ROOM_SEATS, "How many options win")                                                      \
	X(ROOM_QUORUM, "How many must vote for it to count; empty for any number")                 \
	X(ROOM_NAME_THEM, "Tell at its end who voted what")                                        \
	X(ROOM_SHARED, "Shared")                                                                   \
	X(ROOM_VERSION, "Version %")                                                               \
	X(ROOM_UNSHARE, "Take it away")                                                            \
	X(ROOM_SHARE, "Share a link")                                                              \
	X(ROOM_SHARE_MORE, "Members see it. Files are shared from apps.")                          \
	X(ROOM_TITLE, "Title")                                                                     \
	X(ROOM_URL, "Address")                                                                     \
	X(ROOM_LEAVE_COMMUNITY, "Leave")                                                           \
	X(DESK, "Moderation")                                                                      \
	X(DESK_NONE, "There is nothing here for you to look after.")                               \
	X(DESK_GONE, "somebody who is gone")                                                       \
	X(DESK_OPERATOR, "The operator")                                                           \
	X(DESK_GUESTS, "Who waits to be let in")                                                   \
	X(DESK_REPORTS, "Reports")                                                                 \
	X(DESK_REPORT, "A report")                                                                 \
	X(DESK_REPORTS_NONE, "No report waits for you.")                                           \
	X(DESK_LANE_NODE, "This server")                                                           \
	X(DESK_OTHER, "Other")                                                                     \
	X(DESK_SPAM, "Spam")                                                                       \
	X(DESK_LEGAL, "Legal")                                                                     \
	X(DESK_VIOLATION, "Against rules")                                                         \
	X(DESK_ABOUT, "About %")                                                                   \
	X(DESK_BY, "Reported by %")                                                                \
	X(DESK_ASSIGNED, "% looks after it")                                                       \
	X(DESK_OPEN, "Open it")                                                                    \
	X(DESK_LOOK, "Look at it")                                                                 \
	X(DESK_WARN, "Warn")                                                                       \
	X(DESK_SENSITIVE, "Cover what they attach")                                                \
	X(DESK_DISABLE, "Freeze the account")                                                      \
	X(DESK_SILENCE, "Show to followers only")                                                  \
	X(DESK_SUSPEND, "Suspend")                                                                 \
	X(DESK_MARK, "Cover these posts")                                                          \
	X(DESK_DELETE, "Delete these posts")                                                       \
	X(DESK_REMOVE, "Take these posts out")                                                     \
	X(DESK_LOCK, "Lock these threads")                                                         \
	X(DESK_BAN, "Ban from the community")                                                      \
	X(DESK_APPEALS, "Appeals")                                                                 \
	X(DESK_APPEAL_SAYS, "They say:")                                                           \
	X(DESK_APPEAL_APPROVE, "Take it back")                                                     \
	X(DESK_APPEAL_REJECT, "Let it stand")                                                      \
	X(DESK_ESCALATE, "Hand it to the server's moderators")                                     \
	X(DESK_TAKE_UP, "Take it up")                                                              \
	X(DESK_HAND_DOWN, "Hand it to the community")                                              \
	X(DESK_WHY, "Why")                                                                         \
	X(DESK_POSTS, "What was reported")                                                         \
	X(DESK_LINK, "Where it stands")                                                            \
	X(DESK_FILES_ONE, "% file is attached.")                                                   \
	X(DESK_FILES_MANY, "% files are attached.")                                                \
	X(DESK_RULES, "Against these rules:")                                                      \
	X(DESK_RESOLVED, "It is resolved.")                                                        \
	X(DESK_ASSIGN, "I look after it")                                                          \
	X(DESK_UNASSIGN, "I do not look after it")                                                 \
	X(DESK_RESOLVE, "Resolve without more")                                                    \
	X(DESK_REOPEN, "Open it again")                                                            \
	X(DESK_DECIDE, "Decide")                                                                   \
	X(DESK_DECIDE_MORE,                                                                        \
	  "The person is told what was done and why, and how to appeal. The report is resolved.")  \
	X(DESK_WHAT, "What is done")                                                               \
	X(DESK_PRESET, "Words that are ready")                                                     \
	X(DESK_PRESET_NONE, "None")                                                                \
	X(DESK_DAYS, "Days of a ban; empty for good")                                              \
	X(DESK_REASONS, "Reasons, for the person to read")                                         \
	X(DESK_NOTE, "Add a note")                                                                 \
	X(DESK_NOTE_TEXT, "For those who handle reports; the people concerned do not see it")      \
	X(DESK_UNNOTE, "Remove this note")                                                         \
	X(DESK_HISTORY, "What was done")                                                           \
	X(DESK_NOTED, "noted")                                                                     \
	X(DESK_DID_ASSIGN, "took it on, or gave it to somebody")                                   \
	X(DESK_DID_UNASSIGN, "gave it back")                                                       \
	X(DESK_DID_RESOLVE, "resolved it")                                                         \
	X(DESK_DID_REOPEN, "opened it again")                                                      \
	X(DESK_DID_SORT, "changed its category")                                                   \
	X(DESK_DID_ESCALATE, "handed it to the server's moderators")                               \
	X(DESK_DID_HAND_DOWN, "handed it to the community")                                        \
	X(CHANGED, "It was changed.")                                                              \
	X(SIGN_OUT, "Sign out")                                                                    \
	X(STRIKES, "Decisions about your account")                                                 \
	X(STRIKES_NONE, "Nothing was decided about your account.")                                 \
	X(STRIKE_NONE, "You were warned.")                                                         \
	X(STRIKE_SENSITIVE, "Pictures and films in all your posts are covered.")                   \
	X(STRIKE_DISABLE, "You cannot use your account for now.")                                  \
	X(STRIKE_SILENCE, "Your posts are shown to your followers only.")                          \
	X(STRIKE_SUSPEND, "Your account is suspended.")                                            \
	X(STRIKE_MARK_STATUSES, "Pictures and films in some of your posts were covered.")          \
	X(STRIKE_DELETE_STATUSES, "Some of your posts were deleted.")                              \
	X(STRIKE_IN, "In the community %")                                                         \
	X(STRIKE_REMOVE, "What you have posted was taken out of it.")                              \
	X(STRIKE_LOCK, "What you have posted takes no more comments.")                             \
	X(STRIKE_BAN, "You may not take part in it any more.")                                     \
	X(STRIKE_UNTIL, "Until %.")                                                                \
	X(STRIKE_BY_PROGRAM, "A program has decided this.")                                        \
	X(STRIKE_BY_PERSON, "A person has decided this.")                                          \
	X(STRIKE_RULES, "Rules that it is about")                                                  \
	X(STRIKE_POSTS, "Posts that it is about")                                                  \
	X(STRIKE_UNDONE, "It was taken back.")                                                     \
	X(APPEAL, "Appeal")                                                                        \
	X(APPEAL_TEXT, "Why this is wrong")                                                        \
	X(APPEAL_UNTIL, "You can appeal until %.")                                                 \
	X(APPEAL_LATE, "It is too late to appeal.")                                                \
	X(APPEAL_PENDING, "You have appealed. Nobody has decided of it yet.")                      \
	X(APPEAL_APPROVED, "Your appeal was approved.")                                            \
	X(APPEAL_REJECTED, "Your appeal was rejected.")                                            \
	X(APPEAL_SENT, "Your appeal was sent.")                                                    \
	X(APPEAL_UP, "Ask those who look after this server")                                       \
	X(APPEAL_UP_UNTIL, "They can decide instead, if you ask until %.")                         \
	X(APPEAL_AT_NODE, "It is for those who look after this server to decide.")                 \
	X(APPEAL_WRONG, "An appeal says something, in at most 2000 characters.")                   \
	X(APPEAL_TWICE, "You have appealed before, or it cannot be appealed any more.")            \
	X(SEVERED, "Follows that you have lost")                                                   \
	X(SEVERED_MORE, "Lists of what was lost are kept for % days.")                             \
	X(SEVERED_NONE, "You have lost no follows.")                                               \
	X(SEVERED_BY_NODE, "This server has blocked %.")                                           \
	X(SEVERED_BY_YOU, "You have blocked %.")                                                   \
	X(SEVERED_ACCOUNT, "% was suspended.")                                                     \
	X(SEVERED_FOLLOWERS_ONE, "% follower")                                                     \
	X(SEVERED_FOLLOWERS_MANY, "% followers")                                                   \
	X(SEVERED_FOLLOWING_ONE, "% person whom you followed")                                     \
	X(SEVERED_FOLLOWING_MANY, "% people whom you followed")                                    \
	X(SEVERED_LIST, "List (CSV)")                                                              \
	X(SEVERED_PURGED, "The lists are gone.")                                                   \
	X(BACK, "Back")                                                                            \
	X(TOO_OFTEN, "That was too often. Please wait a while, then try again.")                   \
	X(ADDRESS_BARRED, "E-mail addresses of this provider cannot be used here.")                \
	X(CONFIRM_WAITS, "Your e-mail address is confirmed. Now somebody who looks after this "    \
			 "server decides about your account; you will get an e-mail.")             \
	X(SIGN_UP, "Create an account")                                                            \
	X(SIGN_UP_MORE, "Your address in the fediverse will be @name@%.")                          \
	X(SIGN_UP_APPROVAL, "Somebody who looks after this server decides about each account.")    \
	X(SIGN_UP_CLOSED, "Nobody can create an account here just now.")                           \
	X(SIGN_UP_ELSEWHERE, "Accounts of this server are created on another page.")               \
	X(SIGN_UP_LINK, "Go to that page")                                                         \
	X(SIGN_UP_SENT, "An e-mail is on its way to %. Open the page that it leads to, so that "   \
			"we know that the address is yours.")                                      \
	X(SIGN_UP_THEN_READY, "Then your account is ready.")                                       \
	X(SIGN_UP_THEN_WAIT, "Then somebody who looks after this server decides about your "       \
			     "account, and you get another e-mail.")                               \
	X(SIGN_UP_NOTHING, "If nothing comes, sign in to ask for another e-mail.")                 \
	X(NAME_RULE, "Letters, digits and underscores, at most 30.")                               \
	X(NAME_RESERVED, "This name is reserved.")                                                 \
	X(NAME_TAKEN, "Somebody has this name already.")                                           \
	X(EMAIL_RULE, "It is never shown.")                                                        \
	X(REASON, "Why do you want to join?")                                                      \
	X(REASON_OPTIONAL, "Why do you want to join? (optional)")                                  \
	X(REASON_RULE, "At most 420 characters, for those who look after this server.")            \
	X(BIRTH, "Date of birth")                                                                  \
	X(BIRTH_RULE, "You must be at least % years old. The date is not kept.")                   \
	X(BIRTH_WRONG, "This is no date.")                                                         \
	X(BIRTH_YOUNG, "You are not old enough for an account here.")                              \
	X(FILL_IN, "Please fill this in.")                                                         \
	X(LOOK_AGAIN, "Please look at what is marked below.")                                      \
	X(RULES, "Rules")                                                                          \
	X(TERMS, "Terms of service")                                                               \
	X(PRIVACY, "Privacy policy")                                                               \
	X(AGREE, "I have read the rules and terms, and I accept them.")                            \
	X(AGREE_PLAIN, "I will be a good guest of this server.")                                   \
	X(AGREE_FAULT, "Without that there is no account.")                                        \
	X(WAITING, "Your account waits")                                                           \
	X(WAITING_CONFIRM, "We have sent an e-mail to %. Open the page that it leads to.")         \
	X(WAITING_APPROVAL, "Somebody who looks after this server decides about your account. "    \
			    "You will get an e-mail.")                                             \
	X(WAITING_AGAIN, "Did nothing come, or is the address wrong? Ask for another e-mail.")     \
	WORDS_EVENT(X)                                                                             \
	WORDS_PARTNERS(X)                                                                          \
	WORDS_TEAM(X)

enum word {
#define X(name, english) W_##name,
	WORDS(X)
#undef X
};

struct str word(enum word w);
/* Writes what stands before the "%", escaped, and returns what stands behind it. */
struct str word_begin(struct buf *out, enum word w);
/* Writes a phrase with its "%" filled, escaped. */
void word_fill(struct buf *out, enum word w, struct str with);
/* "1 post", "1,204 posts". */
void word_count(struct buf *out, enum word one, enum word many, uint64_t n);

#endif
