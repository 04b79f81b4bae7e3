/* Words about events, a part of the table of words.h. */
#ifndef FF_WEB_WORDS_EVENT_H
#define FF_WEB_WORDS_EVENT_H

/* constant, English */
#define WORDS_EVENT(X)                                                                            \
	X(ROOM_EVENTS, "Events")                                                                  \
	X(ROOM_WAITING, "You have asked to come.")                                                \
	X(ROOM_GOING, "You take part.")                                                           \
	X(ROOM_INVITED, "You are invited.")                                                       \
	X(ROOM_DECLINED, "You have declined.")                                                    \
	X(ROOM_REFUSED, "You were refused.")                                                      \
	X(ROOM_JOIN, "Take part")                                                                 \
	X(ROOM_LEAVE, "Do not take part")                                                         \
	X(ROOM_CANCELLED, "It was cancelled.")                                                    \
	X(ROOM_GOING_ONE, "% takes part")                                                         \
	X(ROOM_GOING_MANY, "% take part")                                                         \
	X(WEEKDAYS, "Sunday Monday Tuesday Wednesday Thursday Friday Saturday")                   \
	X(EVENTS, "Events")                                                                       \
	X(EVENTS_ALL, "All your events")                                                          \
	X(EVENTS_NONE, "Nothing is held where you are just now.")                                 \
	X(EVENTS_CALENDAR, "In your calendar")                                                    \
	X(EVENTS_CALENDAR_MORE,                                                                   \
	  "Calendar programs can subscribe to this address. Whoever knows it sees what you see: " \
	  "keep it to yourself. A new password makes a new one.")                                 \
	X(EVENTS_CALENDAR_FILE, "Open it")                                                        \
	X(EVENT_NOT_THERE, "There is no such event, or it is not for you.")                       \
	X(EVENT_HOLD, "Hold an event")                                                            \
	X(EVENT_WHERE, "Where it is held")                                                        \
	X(EVENT_WHERE_NONE, "In no community")                                                    \
	X(EVENT_TITLE, "What it is called")                                                       \
	X(EVENT_STARTS, "Begins")                                                                 \
	X(EVENT_ENDS, "Ends; may be empty")                                                       \
	X(EVENT_ZONE, "Time zone, such as Europe/Rome; empty is UTC")                             \
	X(EVENT_PLACE, "Place")                                                                   \
	X(EVENT_ADDRESS, "Address; may be empty")                                                 \
	X(EVENT_ADDRESS_IS, "Address: %")                                                         \
	X(EVENT_URL, "Web address; may be empty")                                                 \
	X(EVENT_JOIN, "Who takes part")                                                           \
	X(EVENT_JOIN_FREE, "Whoever comes")                                                       \
	X(EVENT_JOIN_REQUEST, "Those whom the organizers let in")                                 \
	X(EVENT_JOIN_INVITE, "Those who are invited")                                             \
	X(EVENT_JOIN_EXTERNAL, "Whoever joins at the web address")                                \
	X(EVENT_CAPACITY, "How many there is room for; empty for any number")                     \
	X(EVENT_SPOILER, "Content warning; may be empty")                                         \
	X(EVENT_SIGHT, "Who sees it, where it is held in no community")                           \
	X(EVENT_SIGHT_USUAL, "As all that you post")                                              \
	X(EVENT_SIGHT_FOLLOWERS, "Your followers")                                                \
	X(EVENT_REPEAT, "Repeats")                                                                \
	X(REPEAT_NEVER, "Does not repeat")                                                        \
	X(REPEAT_DAILY, "Every day")                                                              \
	X(REPEAT_WEEKLY, "Every week")                                                            \
	X(REPEAT_FORTNIGHTLY, "Every two weeks")                                                  \
	X(REPEAT_DATE, "Every month, on the same day of it")                                      \
	X(REPEAT_WEEKDAY, "Every month, on the same weekday of it, such as the second Tuesday")   \
	X(REPEAT_LAST, "Every month, on the last such weekday of it")                             \
	X(REPEAT_MONTHLY, "Every month")                                                          \
	X(REPEAT_YEARLY, "Every year")                                                            \
	X(REPEAT_OTHERWISE, "As it does now")                                                     \
	X(REPEAT_DAYS, "Every % days")                                                            \
	X(REPEAT_WEEKS, "Every % weeks")                                                          \
	X(REPEAT_MONTHS, "Every % months")                                                        \
	X(REPEAT_YEARS, "Every % years")                                                          \
	X(REPEAT_TIMES, "% times")                                                                \
	X(NTH_1, "the first %")                                                                   \
	X(NTH_2, "the second %")                                                                  \
	X(NTH_3, "the third %")                                                                   \
	X(NTH_4, "the fourth %")                                                                  \
	X(NTH_5, "the fifth %")                                                                   \
	X(NTH_LAST, "the last %")                                                                 \
	X(EVENT_WEEKDAYS, "Of weeks: on which days; none is that of the first date")              \
	X(EVENT_TIMES, "If it repeats: how often")                                                \
	X(EVENT_UNTIL, "Or until which day")                                                      \
	X(EVENT_BY, "Held by %")                                                                  \
	X(EVENT_OVER, "It is over.")                                                              \
	X(EVENT_DATE_OFF, "called off")                                                           \
	X(EVENT_MORE_DATES, "Later dates")                                                        \
	X(EVENT_ROOM_ONE, "there is room for %")                                                  \
	X(EVENT_ROOM_MANY, "there is room for %")                                                 \
	X(EVENT_FILE, "Calendar file")                                                            \
	X(EVENT_THREAD, "What is said about it")                                                  \
	X(EVENT_NOTE, "A word to the organizers; may be empty")                                   \
	X(EVENT_ASK, "Ask to take part")                                                          \
	X(EVENT_REMIND, "Your reminder")                                                          \
	X(EVENT_REMIND_WHEN, "You are reminded")                                                  \
	X(EVENT_REMIND_LETTER, "By e-mail, too")                                                  \
	X(REMIND_NEVER, "not at all")                                                             \
	X(REMIND_15, "15 minutes before")                                                         \
	X(REMIND_HOUR, "1 hour before")                                                           \
	X(REMIND_3_HOURS, "3 hours before")                                                       \
	X(REMIND_DAY, "1 day before")                                                             \
	X(REMIND_2_DAYS, "2 days before")                                                         \
	X(REMIND_WEEK, "1 week before")                                                           \
	X(REMIND_2_WEEKS, "2 weeks before")                                                       \
	X(REMIND_MINUTE, "% minute before")                                                       \
	X(REMIND_MINUTES, "% minutes before")                                                     \
	X(EVENT_GUESTS, "Who takes part")                                                         \
	X(EVENT_GUESTS_NONE, "Nobody yet.")                                                       \
	X(EVENT_FIRST_GUESTS, "First of them")                                                    \
	X(EVENT_MORE_GUESTS, "More of them")                                                      \
	X(EVENT_IS_REFUSED, "was refused")                                                        \
	X(EVENT_IS_INVITED, "is invited")                                                         \
	X(EVENT_HAS_DECLINED, "has declined")                                                     \
	X(EVENT_PUT_OUT, "Take off the list")                                                     \
	X(EVENT_UNINVITE, "Take the invitation back")                                             \
	X(EVENT_REQUESTS, "Who asks to take part")                                                \
	X(EVENT_INVITE, "Invite")                                                                 \
	X(EVENT_INVITE_MEMBERS, "Members of the community who have not answered:")                \
	X(EVENT_INVITE_MEMBER, "Member")                                                          \
	X(EVENT_CHANGE, "Change this event")                                                      \
	X(EVENT_DATE_CHANGE, "Change a single date")                                              \
	X(EVENT_DATE_MORE, "What is left empty stays as it is.")                                  \
	X(EVENT_DATE_WHICH, "Which date")                                                         \
	X(EVENT_DATE_FATE, "What becomes of it")                                                  \
	X(EVENT_DATE_STAYS, "It takes place, or not, as now")                                     \
	X(EVENT_DATE_CALL_OFF, "It is called off")                                                \
	X(EVENT_DATE_RESTORE, "It takes place again")                                             \
	X(EVENT_CANCEL, "Cancel this event")                                                      \
	X(EVENT_CANCEL_MORE, "Those who take part are told. It cannot be taken back.")

#endif
