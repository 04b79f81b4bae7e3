/*
 * Log events. Every event of the program is one row of LOG_TABLE; what varies goes into fields,
 * never into the sentence. Lines are logfmt or JSON on standard error. Text of strangers is escaped
 * and cut; secrets (tokens, keys, passwords, private content) are never passed in.
 */
#ifndef FF_CORE_LOG_H
#define FF_CORE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/rc.h"
#include "core/str.h"

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR,
};

/* constant, name in the log, level, what happened */
#define LOG_TABLE(X)                                                                               \
	X(NODE_STARTED, node_started, INFO, "The node serves requests.")                           \
	X(NODE_STOPPING, node_stopping, INFO, "A stop was asked for; work in hand is finished.")   \
	X(NODE_STOPPED, node_stopped, INFO, "The node has stopped.")                               \
	X(CONF_RELOADED, conf_reloaded, INFO, "Settings were read again.")                         \
	X(CONF_REFUSED, conf_refused, ERROR, "Settings were not taken; the old ones stay.")        \
	X(DB_OPENED, db_opened, INFO, "The database is open.")                                     \
	X(DB_FAILED, db_failed, ERROR, "The database failed; nothing is acknowledged any more.")   \
	X(DB_VERIFIED, db_verified, INFO,                                                          \
	  "The database was read as a whole after a storage failure, and is sound.")               \
	X(DB_FULL, db_full, ERROR, "The database or its disk is full; new writes are refused.")    \
	X(DB_ROOM_AGAIN, db_room_again, INFO, "There is room in the database again.")              \
	X(DB_RECORD_DAMAGED, db_record_damaged, ERROR,                                             \
	  "A stored record is damaged; it is skipped.")                                            \
	X(DB_PAGE_DAMAGED, db_page_damaged, ERROR, "The database's own structure is damaged.")     \
	X(DB_MIGRATED, db_migrated, INFO, "The database was brought to a newer schema.")           \
	X(DB_READER_STALE, db_reader_stale, WARN, "A dead process's reader slot was cleared.")     \
	X(HTTP_REFUSED, http_refused, INFO, "A request was refused before it was read.")           \
	X(HTTP_REQUEST, http_request, DEBUG, "A request was answered.")                            \
	X(INBOX_ACCEPTED, inbox_accepted, DEBUG, "An activity was verified and stored.")           \
	X(INBOX_REFUSED, inbox_refused, INFO, "An activity was refused.")                          \
	X(FOLLOWERS_SYNCED, followers_synced, INFO, "Follows were put right with their host.")     \
	X(LEDGER_READ, ledger_read, INFO, "The ledger of a partner was read.")                     \
	X(INBOX_IGNORED, inbox_ignored, DEBUG, "An activity had no effect here.")                  \
	X(CONSENT_UNPROVEN, consent_unproven, DEBUG, "A quote or reply has no valid consent.")     \
	X(CRAWL_DONE, crawl_done, DEBUG, "What was missing of a thread was asked for.")            \
	X(VOTE_UNTOLD, vote_untold, WARN,                                                          \
	  "A vote in a community is told to nobody: for a day too much waited to be delivered.")   \
	X(DELIVERY_FAILED, delivery_failed, INFO, "A delivery failed and will be tried again.")    \
	X(DELIVERY_DROPPED, delivery_dropped, WARN, "A delivery was given up.")                    \
	X(HOST_DOWN, host_down, WARN, "A host stopped answering; its deliveries wait.")            \
	X(HOST_UP, host_up, INFO, "A host answers again.")                                         \
	X(KEY_CHANGED, key_changed, INFO, "A remote actor's key has changed.")                     \
	X(FETCH_REFUSED, fetch_refused, INFO, "A fetch was refused by policy.")                    \
	X(FETCH_GUARD_OPEN, fetch_guard_open, WARN,                                                \
	  "Addresses that are not public, or plain http, may be fetched from.")                    \
	X(JOB_FAILED, job_failed, WARN, "A job failed and will be tried again.")                   \
	X(JOB_DROPPED, job_dropped, WARN, "A job was given up.")                                   \
	X(JOB_UNKNOWN, job_unknown, WARN, "Jobs of a kind that is not known here wait untouched.") \
	X(INDEX_FAILED, index_failed, WARN, "New posts could not be taken into the index.")

enum log_event {
#define X(constant, name, level, text) LOG_##constant,
	LOG_TABLE(X)
#undef X
};

enum log_field_kind {
	LOG_FIELD_STR,
	LOG_FIELD_U64,
	LOG_FIELD_I64,
};

struct log_field {
	const char *key;
	enum log_field_kind kind;
	struct str str;
	uint64_t u64;
};

#define F_STR(name, value)                                           \
	{                                                            \
		.key = (name), .kind = LOG_FIELD_STR, .str = (value) \
	}
#define F_CSTR(name, value)                                                \
	{                                                                  \
		.key = (name), .kind = LOG_FIELD_STR, .str = str_of(value) \
	}
#define F_U64(name, value)                                           \
	{                                                            \
		.key = (name), .kind = LOG_FIELD_U64, .u64 = (value) \
	}
#define F_I64(name, value)                                                     \
	{                                                                      \
		.key = (name), .kind = LOG_FIELD_I64, .u64 = (uint64_t)(value) \
	}
#define F_RC(value) F_CSTR("reason", rc_name(value))

/* LOG(NODE_STARTED, F_STR("domain", domain), F_U64("port", port)); */
#define LOG(event, ...)                                                   \
	log_event(LOG_##event, (const struct log_field[]){ __VA_ARGS__ }, \
		  sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

/* Writes one line of at most 24 fields. Below the level that was set: nothing. Any thread. */
void log_event(enum log_event event, const struct log_field *fields, size_t count);

/* Set once at start and on reload. The default is INFO, logfmt, file descriptor 2. */
void log_setup(enum log_level level, bool json, int fd);
bool log_level_parse(struct str name, enum log_level *level) NODISCARD;

#endif
