/* The settings of federation. */
#include "core/attr.h"
#include "fed/fed.h"

#define ROW(row_name, member, ...)                                                             \
	{                                                                                      \
		.name = row_name, .offset = offsetof(struct fed_settings, member), __VA_ARGS__ \
	}

const struct conf_row fed_conf_rows[] = {
	ROW("access", access, .type = CONF_ENUM, .fallback = "open",
	    .choices = "open authorized allow-list",
	    .help = "Who may read public documents over ActivityPub: everybody, signed requests "
		    "only, or only hosts that were allowed with `fediflow peer allow`."),
	ROW("signature_window", signature_window_ms, .type = CONF_DURATION, .fallback = "1 h",
	    .min = 5 * MS_PER_MINUTE, .max = 12 * MS_PER_HOUR, .reload = CONF_RELOAD,
	    .help = "How far the date of a signed request may be from ours."),
	ROW("key_refetch", key_refetch_ms, .type = CONF_DURATION, .fallback = "5 min", .min = 0,
	    .max = MS_PER_DAY, .reload = CONF_RELOAD,
	    .help = "How soon a key whose signatures fail may be fetched once more."),
	ROW("key_fetches_per_minute", key_fetches_per_minute, .type = CONF_U64, .fallback = "300",
	    .min = 1, .max = 100000, .reload = CONF_RELOAD,
	    .help = "How many documents of one host are fetched in a minute because of what it "
		    "sends."),
	ROW("inbox_per_minute", inbox_per_minute, .type = CONF_U64, .fallback = "60000", .min = 10,
	    .max = 100000000, .reload = CONF_RELOAD,
	    .help = "How many activities of one host are taken in a minute; more are answered "
		    "429."),
	ROW("key_cache", key_cache, .type = CONF_U64, .fallback = "20000", .min = 100,
	    .max = 10000000, .help = "How many keys of remote accounts are kept in memory."),
	ROW("thread_refresh", thread_refresh_ms, .type = CONF_DURATION, .fallback = "10 min",
	    .min = 0, .max = 30 * MS_PER_DAY, .reload = CONF_RELOAD,
	    .help = "How often at most the missing replies of a thread are fetched while people "
		    "look at it; 0 leaves them away."),
	ROW("delivery_timeout", delivery_timeout_ms, .type = CONF_DURATION, .fallback = "30 s",
	    .min = MS_PER_SECOND, .max = 5 * MS_PER_MINUTE, .reload = CONF_RELOAD,
	    .help = "How long one delivery may take."),
	ROW("fetch_jitter", fetch_jitter_ms, .type = CONF_DURATION, .fallback = "5 s", .min = 0,
	    .max = 10 * MS_PER_MINUTE, .reload = CONF_RELOAD,
	    .help = "Over how long fetches are spread that an activity makes many nodes want at "
		    "once."),
};
const size_t fed_conf_row_count = ARRAY_LEN(fed_conf_rows);

#define RELAY_ROW(member, ...)                                                          \
	{                                                                               \
		.name = #member, .offset = offsetof(struct fed_relay_settings, member), \
		__VA_ARGS__                                                             \
	}

const struct conf_row fed_relay_conf_rows[] = {
	RELAY_ROW(
		serve, .type = CONF_ENUM, .fallback = "off", .choices = "off on allow-list",
		.help = "Whether the node is a relay for others: for nobody, for every host that "
			"is "
			"not blocked, or for hosts that were allowed with `fediflow peer allow`."),
	RELAY_ROW(
		fetches_per_minute, .type = CONF_U64, .fallback = "300", .min = 0, .max = 100000,
		.reload = CONF_RELOAD,
		.help = "How many posts are fetched in a minute because relays have told of them."),
};
const size_t fed_relay_conf_row_count = ARRAY_LEN(fed_relay_conf_rows);
