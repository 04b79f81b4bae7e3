/* The handlers of commands; their table is in commands.c. */
#ifndef FF_DAEMON_CMD_H
#define FF_DAEMON_CMD_H

#include "command.h"

enum rc cmd_init(struct cli *cli);
enum rc cmd_serve(struct cli *cli);

enum rc cmd_account_create(struct cli *cli);
enum rc cmd_account_show(struct cli *cli);
enum rc cmd_account_list(struct cli *cli);
enum rc cmd_account_edit(struct cli *cli);
enum rc cmd_account_identity_add(struct cli *cli);
enum rc cmd_account_identity_remove(struct cli *cli);
enum rc cmd_account_password(struct cli *cli);
enum rc cmd_mail_test(struct cli *cli);
enum rc cmd_account_factors(struct cli *cli);
enum rc cmd_account_approve(struct cli *cli);
enum rc cmd_account_reject(struct cli *cli);
enum rc cmd_account_email(struct cli *cli);
enum rc cmd_account_suspend(struct cli *cli);
enum rc cmd_account_unsuspend(struct cli *cli);
enum rc cmd_account_delete(struct cli *cli);
enum rc cmd_account_keys_rotate(struct cli *cli);
enum rc cmd_account_alias(struct cli *cli);
enum rc cmd_account_move(struct cli *cli);
enum rc cmd_account_export(struct cli *cli);
enum rc cmd_account_import(struct cli *cli);
enum rc cmd_account_role(struct cli *cli);
enum rc cmd_account_limit(struct cli *cli);

enum rc cmd_account_moderate(struct cli *cli);
enum rc cmd_strikes(struct cli *cli);
enum rc cmd_appeal_file(struct cli *cli);
enum rc cmd_appeal_approve(struct cli *cli);
enum rc cmd_appeal_reject(struct cli *cli);
enum rc cmd_appeal_escalate(struct cli *cli);
enum rc cmd_preset_add(struct cli *cli);
enum rc cmd_preset_list(struct cli *cli);
enum rc cmd_preset_remove(struct cli *cli);
enum rc cmd_audit_show(struct cli *cli);
enum rc cmd_audit_verify(struct cli *cli);
enum rc cmd_audit_count(struct cli *cli);

enum rc cmd_rule_add(struct cli *cli);
enum rc cmd_rule_list(struct cli *cli);
enum rc cmd_rule_remove(struct cli *cli);
enum rc cmd_sieve_add(struct cli *cli);
enum rc cmd_sieve_list(struct cli *cli);
enum rc cmd_sieve_show(struct cli *cli);
enum rc cmd_sieve_test(struct cli *cli);
enum rc cmd_sieve_shadow(struct cli *cli);
enum rc cmd_sieve_live(struct cli *cli);
enum rc cmd_sieve_off(struct cli *cli);
enum rc cmd_sieve_remove(struct cli *cli);
enum rc cmd_held_list(struct cli *cli);
enum rc cmd_held_release(struct cli *cli);
enum rc cmd_held_refuse(struct cli *cli);
enum rc cmd_wave_preview(struct cli *cli);
enum rc cmd_wave_roll_back(struct cli *cli);
enum rc cmd_wave_undo(struct cli *cli);
enum rc cmd_wave_list(struct cli *cli);

enum rc cmd_blocklist_add(struct cli *cli);
enum rc cmd_blocklist_list(struct cli *cli);
enum rc cmd_blocklist_accept(struct cli *cli);
enum rc cmd_blocklist_remove(struct cli *cli);
enum rc cmd_blocklist_drafts(struct cli *cli);
enum rc cmd_blocklist_confirm(struct cli *cli);
enum rc cmd_blocklist_dismiss(struct cli *cli);

enum rc cmd_text_set(struct cli *cli);
enum rc cmd_text_remove(struct cli *cli);

enum rc cmd_post(struct cli *cli);
enum rc cmd_edit(struct cli *cli);
enum rc cmd_delete_post(struct cli *cli);
enum rc cmd_boost(struct cli *cli);
enum rc cmd_like(struct cli *cli);
enum rc cmd_react(struct cli *cli);
enum rc cmd_dislike(struct cli *cli);
enum rc cmd_conversation_remove(struct cli *cli);
enum rc cmd_community_create(struct cli *cli);
enum rc cmd_community_list(struct cli *cli);
enum rc cmd_community_show(struct cli *cli);
enum rc cmd_community_set(struct cli *cli);
enum rc cmd_community_children(struct cli *cli);
enum rc cmd_community_members(struct cli *cli);
enum rc cmd_community_appoint(struct cli *cli);
enum rc cmd_community_ban(struct cli *cli);
enum rc cmd_community_unban(struct cli *cli);
enum rc cmd_community_invite(struct cli *cli);
enum rc cmd_community_requests(struct cli *cli);
enum rc cmd_community_admit(struct cli *cli);
enum rc cmd_community_refuse(struct cli *cli);
enum rc cmd_community_queue(struct cli *cli);
enum rc cmd_community_approve(struct cli *cli);
enum rc cmd_community_reject(struct cli *cli);
enum rc cmd_community_remove(struct cli *cli);
enum rc cmd_community_lock(struct cli *cli);
enum rc cmd_community_pin(struct cli *cli);
enum rc cmd_community_roles(struct cli *cli);
enum rc cmd_community_role_set(struct cli *cli);
enum rc cmd_community_role_drop(struct cli *cli);
enum rc cmd_community_invitations(struct cli *cli);
enum rc cmd_community_uninvite(struct cli *cli);
enum rc cmd_community_flair(struct cli *cli);
enum rc cmd_community_note(struct cli *cli);
enum rc cmd_community_badges(struct cli *cli);
enum rc cmd_community_badge_set(struct cli *cli);
enum rc cmd_community_badge_drop(struct cli *cli);
enum rc cmd_community_badge_give(struct cli *cli);
enum rc cmd_community_badge_take(struct cli *cli);
enum rc cmd_community_resources(struct cli *cli);
enum rc cmd_community_cross_post(struct cli *cli);
enum rc cmd_resource_add(struct cli *cli);
enum rc cmd_resource_change(struct cli *cli);
enum rc cmd_resource_drop(struct cli *cli);
enum rc cmd_consultation_list(struct cli *cli);
enum rc cmd_consultation_call(struct cli *cli);
enum rc cmd_consultation_cancel(struct cli *cli);
enum rc cmd_consultation_result(struct cli *cli);
enum rc cmd_consultation_verify(struct cli *cli);
enum rc cmd_community_transfer(struct cli *cli);
enum rc cmd_community_delete(struct cli *cli);
enum rc cmd_attribute_list(struct cli *cli);
enum rc cmd_attribute_add(struct cli *cli);
enum rc cmd_attribute_remove(struct cli *cli);
enum rc cmd_attribute_import(struct cli *cli);
enum rc cmd_event_list(struct cli *cli);
enum rc cmd_event_show(struct cli *cli);
enum rc cmd_event_cancel(struct cli *cli);
enum rc cmd_event_export(struct cli *cli);
enum rc cmd_joint_list(struct cli *cli);
enum rc cmd_joint_offer(struct cli *cli);
enum rc cmd_joint_accept(struct cli *cli);
enum rc cmd_joint_end(struct cli *cli);
enum rc cmd_joint_compare(struct cli *cli);
enum rc cmd_collection_create(struct cli *cli);
enum rc cmd_collection_edit(struct cli *cli);
enum rc cmd_collection_delete(struct cli *cli);
enum rc cmd_collection_list(struct cli *cli);
enum rc cmd_collection_add(struct cli *cli);
enum rc cmd_collection_remove(struct cli *cli);
enum rc cmd_collection_answer(struct cli *cli);
enum rc cmd_pin(struct cli *cli);
enum rc cmd_feature_tag(struct cli *cli);

enum rc cmd_announce(struct cli *cli);
enum rc cmd_announcement_list(struct cli *cli);
enum rc cmd_announcement_remove(struct cli *cli);
enum rc cmd_emoji_add(struct cli *cli);
enum rc cmd_emoji_list(struct cli *cli);
enum rc cmd_emoji_remove(struct cli *cli);
enum rc cmd_vote(struct cli *cli);

enum rc cmd_follow(struct cli *cli);
enum rc cmd_unfollow(struct cli *cli);
enum rc cmd_accept(struct cli *cli);
enum rc cmd_reject(struct cli *cli);
enum rc cmd_block(struct cli *cli);
enum rc cmd_unblock(struct cli *cli);
enum rc cmd_report(struct cli *cli);
enum rc cmd_reports(struct cli *cli);
enum rc cmd_reports_show(struct cli *cli);
enum rc cmd_reports_assign(struct cli *cli);
enum rc cmd_reports_resolve(struct cli *cli);
enum rc cmd_reports_reopen(struct cli *cli);
enum rc cmd_reports_escalate(struct cli *cli);
enum rc cmd_reports_hand_down(struct cli *cli);
enum rc cmd_reports_note(struct cli *cli);
enum rc cmd_reports_unnote(struct cli *cli);

enum rc cmd_interactions(struct cli *cli);
enum rc cmd_approve(struct cli *cli);
enum rc cmd_deny(struct cli *cli);
enum rc cmd_quote_revoke(struct cli *cli);

enum rc cmd_show(struct cli *cli);
enum rc cmd_posts(struct cli *cli);
enum rc cmd_notices(struct cli *cli);
enum rc cmd_followers(struct cli *cli);
enum rc cmd_following(struct cli *cli);

enum rc cmd_team_create(struct cli *cli);
enum rc cmd_team_set(struct cli *cli);
enum rc cmd_team_add(struct cli *cli);
enum rc cmd_team_remove(struct cli *cli);
enum rc cmd_team_list(struct cli *cli);
enum rc cmd_team_show(struct cli *cli);
enum rc cmd_team_drafts(struct cli *cli);
enum rc cmd_team_review(struct cli *cli);
enum rc cmd_team_log(struct cli *cli);

enum rc cmd_peer_list(struct cli *cli);
enum rc cmd_peer_show(struct cli *cli);
enum rc cmd_peer_block(struct cli *cli);
enum rc cmd_peer_allow(struct cli *cli);
enum rc cmd_peer_limit(struct cli *cli);
enum rc cmd_peer_forget(struct cli *cli);
enum rc cmd_peer_export(struct cli *cli);
enum rc cmd_peer_import(struct cli *cli);

enum rc cmd_relay_add(struct cli *cli);
enum rc cmd_relay_list(struct cli *cli);
enum rc cmd_relay_remove(struct cli *cli);
enum rc cmd_relay_subscribers(struct cli *cli);

enum rc cmd_queue_status(struct cli *cli);
enum rc cmd_queue_list(struct cli *cli);
enum rc cmd_queue_retry(struct cli *cli);
enum rc cmd_queue_drop(struct cli *cli);

enum rc cmd_seed(struct cli *cli);
enum rc cmd_fetch(struct cli *cli);
enum rc cmd_backup(struct cli *cli);
enum rc cmd_restore(struct cli *cli);
enum rc cmd_check(struct cli *cli);

enum rc cmd_federation(struct cli *cli);
enum rc cmd_api(struct cli *cli);
enum rc cmd_config_check(struct cli *cli);
enum rc cmd_config_show(struct cli *cli);
enum rc cmd_config_reference(struct cli *cli);
enum rc cmd_config_sample(struct cli *cli);
enum rc cmd_version(struct cli *cli);
enum rc cmd_help(struct cli *cli);

#endif
