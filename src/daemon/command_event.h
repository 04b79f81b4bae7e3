/* The rows of fediflow event and fediflow attribute, for the table of commands alone. */
#ifndef FF_DAEMON_COMMAND_EVENT_H
#define FF_DAEMON_COMMAND_EVENT_H

#include "cmd.h"

static const struct option_row attribute_import_options[] = {
	{ "replace", NULL, "Who is named in it has what it says, and nothing else." },
};
static const struct option_row event_list_options[] = {
	{ "all", NULL, "Those that are over, too." },
};
static const struct option_row event_cancel_options[] = {
	{ "date", "TIME",
	  "Of a series this date alone, as its rule has it: 2026-11-29T08:00:00Z." },
};
static const struct option_row event_export_options[] = {
	{ "post", NULL, "WHO is the address or id of one event." },
};

/* clang-format off */
#define EVENT_COMMANDS(X) \
	X("list", "WHO", 1, cmd_event_list, event_list_options, ARRAY_LEN(event_list_options), "Lists the events of a community, or those that somebody holds by themselves; a series once for each date.") \
	X("show", "POST", 1, cmd_event_show, NULL, 0, "Shows an event, its dates, and who takes part.") \
	X("cancel", "POST", 1, cmd_event_cancel, event_cancel_options, ARRAY_LEN(event_cancel_options), "Calls an event off; it stays, and all who take part are told.") \
	X("export", "WHO", 1, cmd_event_export, event_export_options, ARRAY_LEN(event_export_options), "Prints the events of a community or of somebody as a calendar (iCalendar, RFC 5545).")

#define ATTRIBUTE_COMMANDS(X) \
	X("list", "NAME", 1, cmd_attribute_list, NULL, 0, "Lists what the institution says of somebody, by which they may join communities.") \
	X("add", "NAME ATTRIBUTE=VALUE", 2, cmd_attribute_add, NULL, 0, "Says that somebody has an attribute, such as department=chemistry; there may be several values.") \
	X("remove", "NAME ATTRIBUTE[=VALUE]", 2, cmd_attribute_remove, NULL, 0, "Takes an attribute back, or all its values.") \
	X("import", "FILE", 1, cmd_attribute_import, attribute_import_options, ARRAY_LEN(attribute_import_options), "Reads attributes from CSV with the columns account,name,value; - is standard input. A mistake in it changes nothing.")
/* clang-format on */
#define ATTRIBUTE(word, arguments, count, run, options, option_count, help) \
	{ "attribute " word, arguments, count, count, help, options, option_count, run },
#define EVENT(word, arguments, count, run, options, option_count, help) \
	{ "event " word, arguments, count, count, help, options, option_count, run },

#endif
