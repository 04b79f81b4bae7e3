/* The commands about communities, for their table in commands.c alone. */
#ifndef FF_DAEMON_COMMAND_COMMUNITY_H
#define FF_DAEMON_COMMAND_COMMUNITY_H

#include "command_options.h"

/* A row of the table of commands. */
#define COMMUNITY(word, arguments, count, run, options, option_count, help) \
	{ "community " word, arguments, count, count, help, options, option_count, run },

/* clang-format off */
/* The end of the name, arguments and how many, what runs, options and how many, help. */
#define COMMUNITY_COMMANDS(X) \
	X("create", "NAME", 1, cmd_community_create, community_options, ARRAY_LEN(community_options), "Makes a community: an account that is a group, which people join by following it.") \
	X("list", "", 0, cmd_community_list, NULL, 0, "Lists the communities of this node.") \
	X("show", "NAME", 1, cmd_community_show, NULL, 0, "Shows a community with its settings, as they are with those of its parents, and roles.") \
	X("set", "NAME", 1, cmd_community_set, community_options + 3, ARRAY_LEN(community_options) - 3, "Changes settings of a community; what is not said stays.") \
	X("children", "NAME", 1, cmd_community_children, NULL, 0, "Lists the communities that belong to one.") \
	X("members", "NAME", 1, cmd_community_members, community_member_options, ARRAY_LEN(community_member_options), "Lists who is in a community: those with a role and those who are banned first.") \
	X("appoint", "NAME WHO ROLE", 3, cmd_community_appoint, NULL, 0, "Gives a member a role: owner, moderator, member, or one of its own.") \
	X("ban", "NAME WHO", 2, cmd_community_ban, community_ban_options, ARRAY_LEN(community_ban_options), "Puts somebody out of a community, who may not come again.") \
	X("unban", "NAME WHO", 2, cmd_community_unban, NULL, 0, "Lets somebody come again.") \
	X("invite", "NAME", 1, cmd_community_invite, community_invite_options, ARRAY_LEN(community_invite_options), "Makes a link by which people join at once.") \
	X("requests", "NAME", 1, cmd_community_requests, NULL, 0, "Lists who asks to join.") \
	X("admit", "NAME WHO", 2, cmd_community_admit, NULL, 0, "Lets somebody in who asks to join.") \
	X("refuse", "NAME WHO", 2, cmd_community_refuse, NULL, 0, "Refuses a request of joining, or puts a member out, who may come again.") \
	X("queue", "NAME", 1, cmd_community_queue, NULL, 0, "Lists the posts that wait for a moderator.") \
	X("approve", "POST", 1, cmd_community_approve, community_reason_options, ARRAY_LEN(community_reason_options), "Lets a post that waits appear.") \
	X("reject", "POST", 1, cmd_community_reject, community_reason_options, ARRAY_LEN(community_reason_options), "Refuses a post that waits.") \
	X("remove", "POST", 1, cmd_community_remove, community_undo_options, ARRAY_LEN(community_undo_options), "Takes a post out of its community.") \
	X("lock", "POST", 1, cmd_community_lock, community_undo_options, ARRAY_LEN(community_undo_options), "Closes a thread: nobody comments any more.") \
	X("pin", "POST", 1, cmd_community_pin, community_pin_options, ARRAY_LEN(community_pin_options), "Shows a thread first in its community.") \
	X("roles", "NAME", 1, cmd_community_roles, NULL, 0, "Lists the roles of a community with what they permit.") \
	X("role set", "NAME ROLE", 2, cmd_community_role_set, community_role_options, ARRAY_LEN(community_role_options), "Makes a role of a community, or changes one; what is not said stays.") \
	X("role drop", "NAME ROLE", 2, cmd_community_role_drop, NULL, 0, "Takes away a role of its own; who has it is a member.") \
	X("invitations", "NAME", 1, cmd_community_invitations, NULL, 0, "Lists the links by which people join.") \
	X("uninvite", "NAME ID", 2, cmd_community_uninvite, NULL, 0, "Ends such a link.") \
	X("cross-post", "NAME WHO POST", 3, cmd_community_cross_post, community_cross_options, ARRAY_LEN(community_cross_options), "Begins a thread of somebody about a post that is elsewhere, with a link to it.") \
	X("flair", "POST FLAIR", 2, cmd_community_flair, NULL, 0, "Marks a thread with a flair of its community; \"\" takes it off.") \
	X("note", "NAME WHO TEXT", 3, cmd_community_note, NULL, 0, "Keeps a note about somebody for the moderators alone; \"\" takes it away.") \
	X("badges", "NAME", 1, cmd_community_badges, NULL, 0, "Lists the badges that a community gives.") \
	X("badge set", "NAME BADGE", 2, cmd_community_badge_set, community_badge_options, ARRAY_LEN(community_badge_options), "Makes a badge, or changes one; what is not said stays.") \
	X("badge drop", "NAME BADGE", 2, cmd_community_badge_drop, NULL, 0, "Takes away a badge, and from everybody who has it.") \
	X("badge give", "NAME WHO BADGE", 3, cmd_community_badge_give, community_reason_options, ARRAY_LEN(community_reason_options), "Gives a member a badge.") \
	X("badge take", "NAME WHO BADGE", 3, cmd_community_badge_take, NULL, 0, "Takes a badge back.") \
	X("resources", "NAME", 1, cmd_community_resources, NULL, 0, "Lists what is shared in a community.") \
	X("resource add", "NAME WHO TITLE", 3, cmd_resource_add, community_resource_options + 1, ARRAY_LEN(community_resource_options) - 1, "Shares a link or a file in a community as a member whose role permits it.") \
	X("resource change", "RESOURCE WHO", 2, cmd_resource_change, community_resource_options, ARRAY_LEN(community_resource_options), "Shares a new version of a resource; what is not said stays, but for a file, which is given anew.") \
	X("resource drop", "RESOURCE", 1, cmd_resource_drop, NULL, 0, "Takes a resource away with all its versions and files.") \
	X("consultations", "NAME", 1, cmd_consultation_list, NULL, 0, "Lists the consultations of a community, the newest first.") \
	X("call", "NAME QUESTION", 2, cmd_consultation_call, community_call_options, ARRAY_LEN(community_call_options), "Calls a consultation of the members of a community.") \
	X("call-off", "CONSULTATION", 1, cmd_consultation_cancel, NULL, 0, "Calls a consultation off that is not over.") \
	X("result", "CONSULTATION", 1, cmd_consultation_result, NULL, 0, "Counts a consultation that is over.") \
	X("verify", "CONSULTATION RECEIPT", 2, cmd_consultation_verify, NULL, 0, "Looks for the paper of a receipt among those that were counted.") \
	X("joint list", "NAME", 1, cmd_joint_list, NULL, 0, "Lists the groups of other servers that own a community together with this node, and who has offered that.") \
	X("joint offer", "NAME GROUP", 2, cmd_joint_offer, NULL, 0, "Offers a group of another server to own a community together: both have all that is in it.") \
	X("joint accept", "NAME GROUP", 2, cmd_joint_accept, NULL, 0, "Accepts such an offer of a group.") \
	X("joint refuse", "NAME GROUP", 2, cmd_joint_end, NULL, 0, "Refuses such an offer of a group.") \
	X("joint end", "NAME GROUP", 2, cmd_joint_end, NULL, 0, "Ends what was agreed with a group, or takes the offer back; what was said stays on both sides.") \
	X("joint compare", "NAME GROUP", 2, cmd_joint_compare, NULL, 0, "Compares now with what the group has, which happens once a day, and reads what is missing here.") \
	X("transfer", "NAME WHO", 2, cmd_community_transfer, NULL, 0, "Makes a member an owner of a community.") \
	X("delete", "NAME", 1, cmd_community_delete, delete_options, ARRAY_LEN(delete_options), "Deletes a community and its account; what people posted in it stays with them.")
/* clang-format on */

#endif
