/* The options of commands, for their table in commands.c alone. */
#ifndef FF_DAEMON_COMMAND_OPTIONS_H
#define FF_DAEMON_COMMAND_OPTIONS_H

#include "command.h"

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

static const struct option_row account_list_options[] = {
	{ "waiting", NULL, "Only those who signed up and are not let in yet." },
};

static const struct option_row profile_options[] = {
	{ "display-name", "TEXT", "The name that people see." },
	{ "note", "TEXT", "A few words about whom or what it is." },
	{ "fields", "NAME=VALUE;...", "The table of the profile; \"\" empties it." },
	{ "avatar", "URL", "Where the picture is; \"\" for none." },
	{ "header", "URL", "Where the wide picture is; \"\" for none." },
	{ "locked", "YES|NO", "Follows wait until they are accepted." },
	{ "discoverable", "YES|NO", "Directories and search may show it." },
	{ "indexable", "YES|NO", "Searches, here and elsewhere, may find the public posts." },
	{ "who-may-feature", "WHO",
	  "public, followers, ask or nobody may put it into collections; without, public where it "
	  "is "
	  "discoverable." },
	{ "hide-network", "YES|NO", "Followers and following are not listed." },
	{ "memorial", "YES|NO", "Kept in memory of somebody who has died." },
};

static const struct option_row password_options[] = {
	{ "generate", NULL, "Makes one and prints it." },
	{ "remove", NULL, "Nobody can sign in any more." },
};

static const struct option_row team_options[] = {
	{ "administrator", "WHO", "Its first administrator, a person of this node." },
	{ "display-name", "TEXT", "The name that people see." },
	{ "kind", "KIND", "organization (without) or service." },
	{ "four-eyes", "YES|NO", "Somebody else reviews whatever anybody writes." },
	{ "credit", "WHO",
	  "Who learns who wrote a post: members (without), public, or everywhere, by a last "
	  "line." },
};
#define TEAM_CREATE_OPTIONS 3 /* of the above, before those of team set */

static const struct option_row team_remove_options[] = {
	{ "heir", "WHO", "The member to whom drafts go; without, an administrator." },
};

static const struct option_row team_review_options[] = {
	{ "as", "WHO", "The member who reviews it, and did not write it." },
	{ "seen", "TIME", "When what is approved was changed last, as team drafts shows it." },
	{ "return", "NOTE", "Returns it with this note; without, it is approved." },
};

static const struct option_row held_release_options[] = {
	{ "seen", "TIME",
	  "When they were changed last, as held list shows it; later ones are not released." },
};

static const struct option_row team_log_options[] = {
	{ "limit", "N", "How many at most; without, 50." },
};

static const struct option_row restrict_options[] = {
	{ "remove", NULL, "Lets everybody see it again." },
};

static const struct option_row suspend_options[] = {
	{ "reason", "TEXT", "What the person is told." },
	{ "quiet", NULL, "Sends no e-mail." },
};

static const struct option_row moderate_options[] = {
	{ "reason", "TEXT", "What the person is told." },
	{ "preset", "ID", "A reason that stands before it." },
	{ "report", "ID", "The report that it answers, and resolves." },
	{ "posts", "ID,...", "The posts that it is about; without, those of the report." },
	{ "community", "NAME", "Acts in a community: none, remove, lock or ban." },
	{ "until", "TIME", "When a ban from it ends; without, never." },
	{ "automated", NULL, "Says that a program has decided it." },
	{ "quiet", NULL, "Sends no e-mail." },
	{ "undo", NULL, "Takes back what was done." },
};

static const struct option_row preset_options[] = {
	{ "community", "NAME", "Of a community, and not of the node." },
};

static const struct option_row reports_options[] = {
	{ "community", "NAME", "Only those in the lane of this community." },
	{ "node", NULL, "Only those in the lane of the node." },
	{ "open", NULL, "Only those that are open." },
	{ "limit", "N", "How many at most; without, 20." },
};

static const struct option_row strikes_options[] = {
	{ "community", "NAME", "Only those in a community." },
	{ "appealed", NULL, "Only those whose appeal waits." },
	{ "limit", "N", "How many; without, 20." },
};

static const struct option_row audit_show_options[] = {
	{ "act", "ACT", "Only these acts: a whole name, or what stands before its dot." },
	{ "by", "WHO", "Only acts of this moderator; \"operator\" for the command line." },
	{ "about", "WHAT", "Only acts about this id or host." },
	{ "community", "NAME", "Only acts in this community." },
	{ "since", "YYYY-MM-DD", "Only acts from this day on." },
	{ "limit", "N", "How many, newest first; without, 50." },
	{ "public", NULL, "Leaves away by whom and about whom they were." },
};

static const struct option_row audit_count_options[] = {
	{ "since", "YYYY-MM-DD", "Only acts from this day on." },
};

static const struct option_row audit_verify_options[] = {
	{ "head", "NUMBER:HASH", "A row as it was noted before, which must be there." },
};

static const struct option_row block_options[] = {
	{ "note", "TEXT", "Why, for those who come after you." },
	{ "preview", NULL, "Decides nothing, and shows which follows would end." },
};

static const struct option_row export_options[] = {
	{ "allowed", NULL, "The hosts that are allowed, as Mastodon's domain_allows.csv." },
};

static const struct option_row import_options[] = {
	{ "allowed", NULL,
	  "The file lists hosts that are allowed, as Mastodon's domain_allows.csv." },
	{ "severity", "SEVERITY",
	  "silence, suspend or noop, of hosts for which the file says none; needed where it has "
	  "names "
	  "alone." },
	{ "replace", NULL, "Changes what was decided of hosts before." },
	{ "preview", NULL, "Decides nothing, and shows what would be." },
};

static const struct option_row text_options[] = {
	{ "from", "YYYY-MM-DD", "The day from which terms hold." },
};

static const struct option_row rule_options[] = {
	{ "hint", "TEXT", "What it means, in more words." },
};

static const struct option_row factors_options[] = {
	{ "reset", NULL, "Takes all of them away, for who has lost them." },
};

static const struct option_row delete_options[] = {
	{ "yes", NULL, "Says that it is meant." },
};

static const struct option_row rotate_options[] = {
	{ "overlap-days", "DAYS", "How long the old keys stay published; without, 7." },
};

static const struct option_row alias_options[] = {
	{ "remove", NULL, "Takes the address away." },
};

static const struct option_row move_options[] = {
	{ "cancel", NULL, "Comes home; followers who left do not come back by it." },
};

static const struct option_row post_options[] = {
	{ "visibility", "WHO", "public (without), unlisted, followers, direct or local." },
	{ "reply-to", "POST", "The id or address of the post that is answered." },
	{ "title", "TEXT", "A title, which makes it an article." },
	{ "quote", "POST", "The id or address of the post that is quoted; its author is asked." },
	{ "who-may-quote", "WHO",
	  "public (without, where the post is for everybody), followers, ask or nobody." },
	{ "who-may-reply", "WHO", "public (without), followers, ask or nobody." },
	{ "who-may-like", "WHO", "public (without), followers, ask or nobody." },
	{ "who-may-boost", "WHO", "public (without), followers, ask or nobody." },
	{ "spoiler", "TEXT", "A warning in front of the content." },
	{ "language", "TAG", "The language of the text, such as de or pt-BR." },
	{ "sensitive", NULL, "Attachments are shown on request only." },
	{ "searchable-by", "WHO", "public, followers or nobody; without, as the account says." },
	{ "poll", "A;B;...", "Makes it a poll with these options." },
	{ "poll-ends", "DURATION", "How long the poll lasts, such as \"3 d\"; without, 1 d." },
	{ "poll-multiple", NULL, "Several options may be chosen." },
	{ "without-review", NULL,
	  "Publishes it though the team asks for four eyes; its trail says so." },
};

static const struct option_row relay_options[] = {
	{ "style", "STYLE",
	  "mastodon or litepub; without, an address that ends in /inbox is "
	  "mastodon." },
};

static const struct option_row edit_options[] = {
	{ "title", "TEXT", "Another title for an article." },
	{ "spoiler", "TEXT", "Another warning in front of the content." },
	{ "language", "TAG", "Another language." },
	{ "sensitive", NULL, "Attachments are shown on request only." },
	{ "poll", "A;B;...", "Other options for its poll; they take the votes away." },
	{ "poll-ends", "DURATION", "How long the poll lasts from now on; without, 1 d." },
	{ "poll-multiple", NULL, "Several options may be chosen." },
	{ "poll-reset", NULL, "Says that votes may be taken away." },
	{ "without-review", NULL,
	  "Publishes it though the team asks for four eyes; its trail says so." },
};

static const struct option_row boost_options[] = {
	{ "undo", NULL, "Takes it back." },
	{ "visibility", "WHO", "public (without), unlisted or followers." },
};

/* The first one is not for a new one, which has its name as an argument. */
static const struct option_row collection_options[] = {
	{ "name", "TEXT", "Another name." },
	{ "description", "TEXT", "What it is about; at most 100 characters." },
	{ "language", "TAG", "The language of these words." },
	{ "tag", "TAG", "A hashtag that says what it is about." },
	{ "sensitive", NULL, "It is not for everybody's eyes." },
	{ "hidden", NULL, "It is not to be found by searching." },
};

/* The first ones are for a new one alone. */
static const struct option_row community_options[] = {
	{ "display-name", "TEXT", "The name that people see." },
	{ "note", "TEXT", "A few words about what it is for." },
	{ "owner", "NAME", "Who owns it; without, nobody yet." },
	{ "parent", "NAME",
	  "The community that it belongs to, whose settings it inherits; \"\" for none." },
	{ "icon", "FILE", "A picture that stands for it; \"\" takes it away." },
	{ "icon-text", "TEXT", "What the icon shows, for people who do not see it." },
	{ "banner", "FILE", "A picture above what it says of itself; \"\" takes it away." },
	{ "banner-text", "TEXT", "What the banner shows, for people who do not see it." },
	{ "kind", "WORD", "What it is, in a word of yours: course, ward, district." },
	{ "join", "HOW",
	  "open, request, invitation or attribute; like all that follows, \"\" is as its parent "
	  "has "
	  "it." },
	{ "conditions", "NAME=VALUE;...", "Of joining by attribute: who joins at once." },
	{ "match", "ANY|ALL", "How many of the conditions count: any (without) or all." },
	{ "others", "REQUEST|NO", "Whether others may ask to join; without, no." },
	{ "grace", "DURATION",
	  "How long members stay who do not meet the conditions any more; without, \"14 d\"." },
	{ "sight", "WHO", "public, unlisted, local or members may see what is posted in it." },
	{ "posting", "WHO", "anybody, members or appointed may begin threads." },
	{ "premoderated", "YES|NO", "What members post waits for a moderator." },
	{ "slow", "DURATION",
	  "The time between two posts of one member, such as \"30 s\"; 0 for none." },
	{ "retention", "DURATION",
	  "Threads go that nobody has answered for so long; 0 for never." },
	{ "languages", "TAG;...", "The languages that it is in." },
	{ "rules", "TEXT;...", "Its rules." },
	{ "flairs", "NAME=#RRGGBB;...",
	  "What threads may be marked with; the colour may be missing." },
	{ "tags", "TAG;...", "What it is about: hashtags, by which it is found." },
};

static const struct option_row community_ban_options[] = {
	{ "reason", "TEXT", "Why; they and the moderators read it." },
	{ "until", "TIME", "When it ends: 2026-11-29T08:00:00Z; without, never." },
};

static const struct option_row community_invite_options[] = {
	{ "role", "ROLE", "What who comes by it becomes; without, a member." },
	{ "limit", "N", "How many may come by it; without, as many as like." },
	{ "until", "TIME", "When it ends: 2026-11-29T08:00:00Z; without, never." },
};

static const struct option_row community_reason_options[] = {
	{ "reason", "TEXT", "Why; whoever it concerns reads it." },
};

static const struct option_row community_undo_options[] = {
	{ "undo", NULL, "Takes it back." },
	{ "reason", "TEXT", "Why; whoever it concerns reads it." },
};

static const struct option_row community_pin_options[] = {
	{ "undo", NULL, "Takes it back." },
	{ "reason", "TEXT", "Why; whoever it concerns reads it." },
	{ "until", "TIME", "When it ends: 2026-11-29T08:00:00Z; without, never." },
};

static const struct option_row community_role_options[] = {
	{ "position", "N", "Where it stands: nobody touches who stands as high; of a new one, 1." },
	{ "permissions", "WORD;...",
	  "All that it permits: post, comment, vote, skip_queue, invite, admit, approve, remove, "
	  "lock, pin, ban, reports, strikes, edit, roles, events, resources, ballots, badges, "
	  "announce." },
};

static const struct option_row community_call_options[] = {
	{ "options", "TEXT;...", "What is to be chosen from." },
	{ "closes", "TIME", "When it ends: 2026-11-29T08:00:00Z." },
	{ "opens", "TIME", "When it begins; without, now." },
	{ "method", "APPROVAL|RANKED",
	  "As many options as one likes (without), or in the order of preference." },
	{ "seats", "N", "How many options win; without, 1." },
	{ "quorum", "N", "How many have to vote; without, any." },
	{ "roles", "ROLE;...",
	  "Who may vote: members with one of these roles; without, every member." },
	{ "named", NULL, "Who voted what is told at its end." },
	{ "note", "TEXT", "What it is about." },
};

/* The first one is not for a new one, which has its title as an argument. */
static const struct option_row community_resource_options[] = {
	{ "title", "TEXT", "Another title." },
	{ "url", "URL", "The link that is shared." },
	{ "file", "FILE", "The file that is shared." },
	{ "description", "TEXT", "What it is." },
	{ "note", "TEXT", "What is new in this version." },
};

static const struct option_row community_cross_options[] = {
	{ "text", "TEXT", "Words before the link." },
	{ "without-review", NULL, "Posts at once though the team has whatever it posts reviewed." },
};

static const struct option_row community_badge_options[] = {
	{ "description", "TEXT", "What it is given for." },
	{ "emoji", "EMOJI", "What stands for it." },
};

static const struct option_row community_member_options[] = {
	{ "limit", "N", "How many at most; without, 100." },
};

static const struct option_row like_options[] = {
	{ "undo", NULL, "Takes it back." },
};

static const struct option_row report_options[] = {
	{ "comment", "TEXT", "What is wrong." },
	{ "posts", "ADDRESSES", "The posts it is about, parted by blanks." },
	{ "community", "NAME",
	  "Sends it to a community: one of this node that they are in, or one elsewhere." },
};

static const struct option_row limit_options[] = {
	{ "limit", "N", "How many at most; without, 20." },
};

static const struct option_row scan_options[] = {
	{ "since", "DURATION", "How far back; without, 7 d." },
};

static const struct option_row days_options[] = {
	{ "days", "N", "Of how many days; without, 30." },
};

static const struct option_row blocklist_options[] = {
	{ "severity", "WHAT",
	  "as-said (without), or limit: what it blocks is limited at most. Hosts without a "
	  "severity, as on a list of hosts alone, stand for suspend." },
};

static const struct option_row wave_options[] = {
	{ "rule", "ID", "Posts that this rule of the sieve fitted." },
	{ "from-host", "HOST", "Posts from this host and those below it." },
	{ "like", "ID", "Posts whose text is like this one's." },
	{ "likeness", "PERCENT", "How much like it; without, 80." },
	{ "since", "TIME", "Posts that came since then; without, the last day's." },
	{ "until", "TIME", "Posts that came until then; without, until now." },
};

static const struct option_row announce_options[] = {
	{ "starts", "TIME", "When what it is about begins: 2026-11-29T08:00:00Z." },
	{ "ends", "TIME", "When that ends, and the announcement with it." },
	{ "all-day", NULL, "Only the days of both count." },
};

static const struct option_row note_options[] = {
	{ "note", "TEXT", "Why, for those who come after you." },
};

static const struct option_row queue_list_options[] = {
	{ "dead", NULL, "Those that were given up." },
	{ "host", "HOST", "Only those for this host." },
	{ "limit", "N", "How many at most; without, 100." },
};

static const struct option_row drop_options[] = {
	{ "reason", "TEXT", "Why; it stays with the dropped jobs." },
};

static const struct option_row fetch_options[] = {
	{ "raw", NULL, "Prints the document as it came." },
};

static const struct option_row api_options[] = {
	{ "openapi", NULL, "Prints our own API, /api/fediflow/, as OpenAPI." },
};

static const struct option_row help_options[] = {
	{ "markdown", NULL, "Prints the reference of all commands in Markdown." },
};

#endif
