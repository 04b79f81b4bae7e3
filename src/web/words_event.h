/* Words about events, a part of the table of words.h. */
#ifndef FF_WEB_WORDS_EVENT_H
#define FF_WEB_WORDS_EVENT_H

/* constant, English */
#define WORDS_EVENT(X)                             \
	X(ROOM_EVENTS, "Events")                   \
	X(ROOM_WAITING, "You have asked to come.") \
	X(ROOM_GOING, "You take part.")            \
	X(ROOM_INVITED, "You are invited.")        \
	X(ROOM_DECLINED, "You have declined.")     \
	X(ROOM_REFUSED, "You were refused.")       \
	X(ROOM_JOIN, "Take part")                  \
	X(ROOM_LEAVE, "Do not take part")          \
	X(ROOM_CANCELLED, "It was cancelled.")     \
	X(ROOM_GOING_ONE, "% takes part")          \
	X(ROOM_GOING_MANY, "% take part")

#endif
