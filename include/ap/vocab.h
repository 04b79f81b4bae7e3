/* The vocabulary as tables: a row is all that the rest of the program knows of a type. */
#ifndef FF_AP_VOCAB_H
#define FF_AP_VOCAB_H

#include "json/jr.h"

/* Activities that have a meaning here; anything else is AP_OTHER. */
#define AP_ACTIVITY_TABLE(X)                   \
	X(CREATE, "Create")                    \
	X(UPDATE, "Update")                    \
	X(DELETE, "Delete")                    \
	X(FOLLOW, "Follow")                    \
	X(ACCEPT, "Accept")                    \
	X(REJECT, "Reject")                    \
	X(UNDO, "Undo")                        \
	X(LIKE, "Like")                        \
	X(ANNOUNCE, "Announce")                \
	X(BLOCK, "Block")                      \
	X(MOVE, "Move")                        \
	X(FLAG, "Flag")                        \
	X(QUOTE_REQUEST, "QuoteRequest")       \
	X(REPLY_REQUEST, "ReplyRequest")       \
	X(LIKE_REQUEST, "LikeRequest")         \
	X(ANNOUNCE_REQUEST, "AnnounceRequest") \
	X(FEATURE_REQUEST, "FeatureRequest")   \
	X(ADD, "Add")                          \
	X(EMOJI_REACT, "EmojiReact")           \
	X(DISLIKE, "Dislike")                  \
	X(REMOVE, "Remove")                    \
	X(LOCK, "Lock")                        \
	X(RESOLVE, "Resolve")                  \
	X(JOIN, "Join")                        \
	X(LEAVE, "Leave")                      \
	X(INVITE, "Invite")                    \
	X(OFFER, "Offer")

enum ap_activity_type {
	AP_OTHER,
#define X(constant, name) AP_##constant,
	AP_ACTIVITY_TABLE(X)
#undef X
		AP_ACTIVITY_COUNT
};

/* Never NULL; "" for AP_OTHER. */
const char *ap_activity_name(enum ap_activity_type type);

enum ap_object_class {
	AP_CLASS_UNKNOWN,
	AP_CLASS_POST, /* something people read: becomes a status */
	AP_CLASS_VOTE, /* told by its shape, not by its type: ap_is_vote() */
	AP_CLASS_ACTOR,
	AP_CLASS_ACTIVITY,
	AP_CLASS_TOMBSTONE,
	AP_CLASS_COLLECTION,
	AP_CLASS_KEY,
};

/* The type property may be an array: the first known one counts. */
enum ap_activity_type ap_type_activity(struct jr type);
enum ap_object_class ap_type_class(struct jr type);
/* The index-th type that people read; absent behind the last. */
struct str ap_post_type(size_t index);
/* The name that counted, e.g. "Note"; absent when none is known. */
struct str ap_type_name(struct jr type);

#endif
