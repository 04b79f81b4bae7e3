/* The table of commands. */
#include "cmd.h"

#define OPTIONS(rows) .options = (rows), .option_count = ARRAY_LEN(rows)

static const struct option_row init_options[] = {
	{ "domain", "DOMAIN", "The domain of handles; needed unless there are settings already." },
	{ "host", "HOST", "The host of addresses, when it is another one." },
	{ "title", "TEXT", "The organisation's name." },
	{ "data", "FOLDER", "Where everything is kept; without, data beside the settings." },
	{ "listen", "ADDRESS", "Where requests are taken; without, 127.0.0.1:8080." },
};

static const struct option_row serve_options[] = {
	{ "allow-root", NULL, "Starts as root all the same." },
};

static const struct option_row create_options[] = {
	{ "display-name", "TEXT", "The name that people see." },
	{ "note", "TEXT", "A few words about whom or what it is." },
	{ "kind", "KIND", "person (without), group, organization, service or application." },
	{ "email", "ADDRESS", "Where the node's people reach them; never shown." },
	{ "locked", NULL, "Follows wait until they are accepted." },
	{ "password-stdin", NULL, "Reads the password from standard input." },
	{ "generate-password", NULL, "Makes a password and prints it." },
};

static const struct option_row password_options[] = {
	{ "generate", NULL, "Makes one and prints it." },
	{ "remove", NULL, "Nobody can sign in any more." },
};

static const struct option_row delete_options[] = {
	{ "yes", NULL, "Says that it is meant." },
};

static const struct option_row rotate_options[] = {
	{ "overlap-days", "DAYS", "How long the old keys stay published; without, 7." },
};

static const struct option_row post_options[] = {
	{ "visibility", "WHO", "public (without), unlisted, followers, direct or local." },
	{ "reply-to", "POST", "The id or address of the post that is answered." },
	{ "spoiler", "TEXT", "A warning in front of the content." },
	{ "language", "TAG", "The language of the text, such as de or pt-BR." },
	{ "sensitive", NULL, "Attachments are shown on request only." },
};

static const struct option_row edit_options[] = {
	{ "spoiler", "TEXT", "Another warning in front of the content." },
	{ "language", "TAG", "Another language." },
	{ "sensitive", NULL, "Attachments are shown on request only." },
};

static const struct option_row boost_options[] = {
	{ "undo", NULL, "Takes it back." },
	{ "visibility", "WHO", "public (without), unlisted or followers." },
};

static const struct option_row like_options[] = {
	{ "undo", NULL, "Takes it back." },
};

static const struct option_row report_options[] = {
	{ "comment", "TEXT", "What is wrong." },
	{ "posts", "ADDRESSES", "The posts it is about, parted by blanks." },
};

static const struct option_row limit_options[] = {
	{ "limit", "N", "How many at most; without, 20." },
};

#define ONE .min_arguments = 1, .max_arguments = 1
#define TWO .min_arguments = 2, .max_arguments = 2
#define THREE .min_arguments = 3, .max_arguments = 3

const struct command commands[] = {
	{ .name = "init",
	  .arguments = "",
	  .help = "Makes a node: settings, data folder, sealing key, database.",
	  OPTIONS(init_options),
	  .run = cmd_init },
	{ .name = "serve",
	  .arguments = "",
	  .help = "Runs the node until SIGTERM; SIGHUP reads the settings again.",
	  OPTIONS(serve_options),
	  .run = cmd_serve },
	{ .name = "account create",
	  .arguments = "NAME",
	  ONE,
	  .help = "Makes an account with its keys.",
	  OPTIONS(create_options),
	  .run = cmd_account_create },
	{ .name = "account show",
	  .arguments = "WHO",
	  ONE,
	  .help = "Shows an account of here or one that is known.",
	  .run = cmd_account_show },
	{ .name = "account list",
	  .arguments = "",
	  .help = "Lists the accounts of this node.",
	  .run = cmd_account_list },
	{ .name = "account password",
	  .arguments = "NAME",
	  ONE,
	  .help = "Sets a password, read from standard input.",
	  OPTIONS(password_options),
	  .run = cmd_account_password },
	{ .name = "account suspend",
	  .arguments = "WHO",
	  ONE,
	  .help = "Shows an account to nobody, and lets it do nothing.",
	  .run = cmd_account_suspend },
	{ .name = "account unsuspend",
	  .arguments = "WHO",
	  ONE,
	  .help = "Takes a suspension back.",
	  .run = cmd_account_unsuspend },
	{ .name = "account delete",
	  .arguments = "WHO",
	  ONE,
	  .help = "Deletes an account with its posts; the name stays taken, peers are told.",
	  OPTIONS(delete_options),
	  .run = cmd_account_delete },
	{ .name = "account keys rotate",
	  .arguments = "NAME",
	  ONE,
	  .help = "Gives an account new signing keys and tells peers.",
	  OPTIONS(rotate_options),
	  .run = cmd_account_keys_rotate },
	{ .name = "post",
	  .arguments = "NAME TEXT",
	  TWO,
	  .help = "Posts as somebody of this node; TEXT - reads standard input.",
	  OPTIONS(post_options),
	  .run = cmd_post },
	{ .name = "edit",
	  .arguments = "NAME POST TEXT",
	  THREE,
	  .help = "Changes a post of theirs.",
	  OPTIONS(edit_options),
	  .run = cmd_edit },
	{ .name = "delete-post",
	  .arguments = "NAME POST",
	  TWO,
	  .help = "Deletes a post of theirs.",
	  .run = cmd_delete_post },
	{ .name = "boost",
	  .arguments = "NAME POST",
	  TWO,
	  .help = "Passes a post on.",
	  OPTIONS(boost_options),
	  .run = cmd_boost },
	{ .name = "like",
	  .arguments = "NAME POST",
	  TWO,
	  .help = "Likes a post.",
	  OPTIONS(like_options),
	  .run = cmd_like },
	{ .name = "follow",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Follows somebody, here or elsewhere.",
	  .run = cmd_follow },
	{ .name = "unfollow",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Follows them no longer.",
	  .run = cmd_unfollow },
	{ .name = "accept",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Accepts a follow that waits.",
	  .run = cmd_accept },
	{ .name = "reject",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Rejects a follow that waits, or ends one.",
	  .run = cmd_reject },
	{ .name = "block",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Blocks somebody and ends follows both ways.",
	  .run = cmd_block },
	{ .name = "unblock",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Takes a block back.",
	  .run = cmd_unblock },
	{ .name = "report",
	  .arguments = "NAME WHO",
	  TWO,
	  .help = "Reports somebody to those who moderate here and there.",
	  OPTIONS(report_options),
	  .run = cmd_report },
	{ .name = "show",
	  .arguments = "WHAT",
	  ONE,
	  .help = "Shows a stored post or account by id, handle or address.",
	  .run = cmd_show },
	{ .name = "posts",
	  .arguments = "WHO",
	  ONE,
	  .help = "Lists posts and boosts of an account, newest first.",
	  OPTIONS(limit_options),
	  .run = cmd_posts },
	{ .name = "notices",
	  .arguments = "NAME",
	  ONE,
	  .help = "Lists what somebody of this node was notified of, newest first.",
	  OPTIONS(limit_options),
	  .run = cmd_notices },
	{ .name = "followers",
	  .arguments = "WHO",
	  ONE,
	  .help = "Lists who follows an account, or asks to.",
	  OPTIONS(limit_options),
	  .run = cmd_followers },
	{ .name = "following",
	  .arguments = "WHO",
	  ONE,
	  .help = "Lists whom an account follows, or asked to.",
	  OPTIONS(limit_options),
	  .run = cmd_following },
};

const size_t command_count = ARRAY_LEN(commands);
