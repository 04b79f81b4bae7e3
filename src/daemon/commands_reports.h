/* The rows of fediflow reports, for the table of commands alone. */
#ifndef FF_DAEMON_COMMANDS_REPORTS_H
#define FF_DAEMON_COMMANDS_REPORTS_H

#include "cmd.h"
#include "command_options.h"

/* clang-format off */
#define REPORTS(word, words, count, runs, says) \
	{ .name = word, .arguments = words, .min_arguments = count, .max_arguments = count, .help = says, .run = runs },

#define REPORTS_COMMANDS \
	{ .name = "reports", \
	  .arguments = "", \
	  .help = "Lists what people and peers reported, newest first, and in whose lane it is.", \
	  .options = reports_options, \
	  .option_count = ARRAY_LEN(reports_options), \
	  .run = cmd_reports }, \
	REPORTS("reports show", "REPORT", 1, cmd_reports_show, "Shows a report with its history and the notes on it.") \
	REPORTS("reports assign", "REPORT WHO", 2, cmd_reports_assign, "Gives a report to somebody who may handle it in its lane.") \
	REPORTS("reports resolve", "REPORT", 1, cmd_reports_resolve, "Ends a report, and tells who has filed it.") \
	REPORTS("reports reopen", "REPORT", 1, cmd_reports_reopen, "Opens a report again.") \
	REPORTS("reports escalate", "REPORT REASON", 2, cmd_reports_escalate, "Takes a report from the lane of a community into that of the node.") \
	REPORTS("reports hand-down", "REPORT REASON", 2, cmd_reports_hand_down, "Gives a report to the staff of the community that it is about.") \
	REPORTS("reports note", "REPORT TEXT", 2, cmd_reports_note, "Adds a note for those who handle a report.") \
	REPORTS("reports unnote", "REPORT NOTE", 2, cmd_reports_unnote, "Takes a note away.")
/* clang-format on */

#endif
