/* The rows of fediflow team, for the table of commands alone. */
#ifndef FF_DAEMON_COMMANDS_TEAM_H
#define FF_DAEMON_COMMANDS_TEAM_H

#include "cmd.h"
#include "command_options.h"

#define TEAM_COMMANDS                                                                              \
	{ .name = "team create",                                                                   \
	  .arguments = "NAME",                                                                     \
	  .min_arguments = 1,                                                                      \
	  .max_arguments = 1,                                                                      \
	  .help = "Makes an account that several people write for, each signed in as themselves; " \
		  "one that is there and is an organisation or a service becomes one.",            \
	  .options = team_options,                                                                 \
	  .option_count = ARRAY_LEN(team_options),                                                 \
	  .run = cmd_team_create },                                                                \
		{ .name = "team set",                                                              \
		  .arguments = "NAME",                                                             \
		  .min_arguments = 1,                                                              \
		  .max_arguments = 1,                                                              \
		  .help = "Changes what a team has agreed on.",                                    \
		  .options = team_options + TEAM_CREATE_OPTIONS,                                   \
		  .option_count = ARRAY_LEN(team_options) - TEAM_CREATE_OPTIONS,                   \
		  .run = cmd_team_set },                                                           \
		{ .name = "team add",                                                              \
		  .arguments = "NAME WHO ROLE",                                                    \
		  .min_arguments = 3,                                                              \
		  .max_arguments = 3,                                                              \
		  .help = "Adds a member: administrator, editor, author, reviewer or analyst.",    \
		  .run = cmd_team_add },                                                           \
		{ .name = "team role",                                                             \
		  .arguments = "NAME WHO ROLE",                                                    \
		  .min_arguments = 3,                                                              \
		  .max_arguments = 3,                                                              \
		  .help = "Gives a member another role.",                                          \
		  .run = cmd_team_add },                                                           \
		{ .name = "team remove",                                                           \
		  .arguments = "NAME WHO",                                                         \
		  .min_arguments = 2,                                                              \
		  .max_arguments = 2,                                                              \
		  .help = "Ends a membership and its tokens; drafts and scheduled posts are "      \
			  "handed over.",                                                          \
		  .options = team_remove_options,                                                  \
		  .option_count = ARRAY_LEN(team_remove_options),                                  \
		  .run = cmd_team_remove },                                                        \
		{ .name = "team list",                                                             \
		  .arguments = "",                                                                 \
		  .help = "Lists the teams of this node.",                                         \
		  .run = cmd_team_list },                                                          \
		{ .name = "team show",                                                             \
		  .arguments = "NAME",                                                             \
		  .min_arguments = 1,                                                              \
		  .max_arguments = 1,                                                              \
		  .help = "Shows a team with its members.",                                        \
		  .run = cmd_team_show },                                                          \
		{ .name = "team drafts",                                                           \
		  .arguments = "NAME",                                                             \
		  .min_arguments = 1,                                                              \
		  .max_arguments = 1,                                                              \
		  .help = "Lists what is written for a team and not published yet.",               \
		  .run = cmd_team_drafts },                                                        \
		{ .name = "team review",                                                           \
		  .arguments = "NAME DRAFT",                                                       \
		  .min_arguments = 2,                                                              \
		  .max_arguments = 2,                                                              \
		  .help = "Approves what waits for review, in a reviewer's name, or returns it.",  \
		  .options = team_review_options,                                                  \
		  .option_count = ARRAY_LEN(team_review_options),                                  \
		  .run = cmd_team_review },                                                        \
	{                                                                                          \
		.name = "team log", .arguments = "NAME", .min_arguments = 1, .max_arguments = 1,   \
		.help = "Lists what a team's members did, newest first.",                          \
		.options = team_log_options, .option_count = ARRAY_LEN(team_log_options),          \
		.run = cmd_team_log                                                                \
	}

#endif
