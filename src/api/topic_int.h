/*
 * Topics: what a stream can be subscribed to. The table says under which names, with which scope, and
 * what a name needs besides.
 */
#ifndef FF_API_TOPIC_INT_H
#define FF_API_TOPIC_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "core/str.h"
#include "social/scope.h"

enum topic_about {
	TOPIC_OF_ACCOUNT, /* that of the token */
	TOPIC_OF_ALL,
	TOPIC_OF_TAG,
	TOPIC_OF_LIST,
};

/* constant, name, path under /api/v1/streaming/ or "", about, scope */
#define TOPIC_TABLE(X)                                                                          \
	X(USER, "user", "user", ACCOUNT, READ_STATUSES)                                         \
	X(NOTIFICATIONS, "user:notification", "user/notification", ACCOUNT, READ_NOTIFICATIONS) \
	X(DIRECT, "direct", "direct", ACCOUNT, READ_STATUSES)                                   \
	X(PUBLIC, "public", "public", ALL, READ_STATUSES)                                       \
	X(PUBLIC_MEDIA, "public:media", "", ALL, READ_STATUSES)                                 \
	X(LOCAL, "public:local", "public/local", ALL, READ_STATUSES)                            \
	X(LOCAL_MEDIA, "public:local:media", "", ALL, READ_STATUSES)                            \
	X(REMOTE, "public:remote", "public/remote", ALL, READ_STATUSES)                         \
	X(REMOTE_MEDIA, "public:remote:media", "", ALL, READ_STATUSES)                          \
	X(TAG, "hashtag", "hashtag", TAG, READ_STATUSES)                                        \
	X(TAG_LOCAL, "hashtag:local", "hashtag/local", TAG, READ_STATUSES)                      \
	X(LIST, "list", "list", LIST, READ_STATUSES)

enum topic_kind {
#define X(constant, name, path, about, scope) TOPIC_##constant,
	TOPIC_TABLE(X)
#undef X
		TOPIC_KINDS,
};

struct topic_row {
	const char *name;
	const char *path;
	enum topic_about about;
	scope_set scope;
};
extern const struct topic_row topic_rows[TOPIC_KINDS];

#define TOPIC_TAG_MAX 250 /* bytes of a folded hashtag */

struct topic {
	enum topic_kind kind;
	uint64_t id;	/* of the account or the list */
	struct str tag; /* as it was asked for */
	struct str key; /* what tells topics apart */
};

/* What a client asks for: the name of a stream, with a hashtag or the id of a list. */
struct topic_wish {
	struct str name;
	struct str tag;
	struct str list;
};

/*
 * The topic of a wish of account, its strings in the context's arena. RC_NOT_FOUND (no such stream),
 * RC_INVALID (no hashtag or list), RC_NO_MEMORY.
 */
enum rc topic_parse(struct ctx *ctx, const struct topic_wish *wish, uint64_t account,
		    struct topic *out) NODISCARD;
/* Of a kind that needs nothing but an id, or a hashtag that is folded already. */
struct topic topic_of(struct arena *arena, enum topic_kind kind, uint64_t id, struct str folded);
/* The same for only what has media; kinds without such a one are their own. */
enum topic_kind topic_with_media(enum topic_kind kind);

#endif
