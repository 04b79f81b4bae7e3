/*
 * store: typed repositories, one file per family of tables. A repository owns its codec and its
 * secondary indexes: nobody else writes them. Functions that take a struct db_txn read and write
 * inside it; strings that they hand out point into the transaction and die with it, unless a
 * function says that it copies.
 *
 *   account.h  people, groups and services, local and remote; handles; what only local ones have
 *   status.h   posts and boosts, with their indexes by author and by parent
 *   card.h     what pages say of themselves that posts link to
 *   revision.h what they said before they were edited
 *   thread.h   which replies belong together, and which wait for a parent
 *   hint.h     what other servers count
 *   poll.h     polls of posts, and the votes in them
 *   event.h    events by time, and who takes part in them
 *   graph.h    follows, blocks, likes; the audience of an account as inboxes
 *   reaction.h reactions with emoji, dislikes
 *   told_vote.h  votes of those whom only a group elsewhere knows
 *   told_reaction.h  reactions of those whom only a partner knows
 *   pin.h      posts that their author shows first
 *   emoji.h    custom emoji
 *   medium.h   pictures, films and sounds that were uploaded here
 *   peer.h     other hosts: policy, what they speak; public keys; ids seen
 *   notice.h   notifications
 *   report.h   reports
 *   office.h   roles, rules, who may not sign up
 *   strike.h   what moderators did about people, and what these say against it
 *   severance.h  follows that were lost by blocks
 *   audit.h    what moderators and administrators did, as a chain of hashes
 *   collection.h  accounts that somebody recommends
 *   interaction.h  what others do with posts whose authors are asked
 *   timeline.h what all may read: public posts, hashtags, links
 *   conversation.h  letters, as conversations
 *   oauth.h    applications, access tokens, sessions of browsers
 *   node.h     the node itself
 *   shelf.h    what people put aside: bookmarks, mutes, members of lists, hashtags
 *   list.h, filter.h  lists of people; what somebody does not want to read
 *   personal.h notes on others, markers, preferences, mutes of conversations
 *   schedule.h posts that are written later; requests that are made once
 *   announcement.h  what those who run the node tell its people
 *   rank.h     what trends, who is new or popular
 *   dismissed.h  suggestions that somebody has seen enough of
 *   usage.h    hashtags, counters of days, who was here
 *   search.h   the words of statuses and the names of accounts, for searching
 *   factor.h   one-time passwords, recovery codes, passkeys
 *   subscription.h  where clients hear of notifications
 *   year.h     what somebody did in a year
 *   ticket.h   what e-mails carry to show that they were read
 *   community.h  groups: settings, roles, members, and what is posted in them
 *   sign_up.h  how people came here who signed up
 *   badge.h    what communities give their members, and for what
 *   attribute.h  what the institution says of its people; who is in a community because of it
 *   team.h     accounts that several people write for
 *   joint_copy.h  posts that are known by a partner's word alone, hosts that keep silent
 *   joint.h    groups elsewhere that own a community together with us, and what they compare
 *   ledger.h   what they share and decide, as records that never change
 *   consultation.h  votes of communities, without names
 *
 * The one random index is `uri`: the digest of an id to what it names. The full id stands in the
 * row it leads to and is compared.
 */
#ifndef FF_STORE_TABLES_H
#define FF_STORE_TABLES_H

#include <stddef.h>

#include "db/db.h"

/* constant part, name in the database, key -> value */
#define STORE_TABLES(X)                                                                           \
	X(node, "node", "name -> value: what the node is")                                        \
	X(account, "account", "account id -> account")                                            \
	X(account_local, "account-local", "account id -> password and sealed keys")               \
	X(account_count, "account-count", "account id -> followers, following, statuses")         \
	X(handle, "handle", "user@host in lower case -> account id")                              \
	X(uri, "uri", "digest of an id -> what kind of thing, and its id")                        \
	X(status, "status", "status id -> status")                                                \
	X(status_raw, "status-raw", "status id -> the JSON of a type that is kept as it came")    \
	X(revision, "revision", "status id, since when -> what it said until it was edited")      \
	X(card, "card", "number of an address -> what the page there says of itself")             \
	X(status_count, "status-count", "status id -> replies, boosts, likes")                    \
	X(status_by_author, "status-by-author", "account id, status id -> visibility and flags")  \
	X(status_by_parent, "status-by-parent", "parent id, status id -> visibility")             \
	X(status_origin, "status-origin",                                                         \
	  "digest of an address elsewhere -> the status it became")                               \
	X(waiting, "waiting", "digest of a parent's id, status id -> nothing")                    \
	X(thread, "thread", "root id, time, status id -> visibility and author")                  \
	X(hint, "hint", "status id -> what other servers count: replies, boosts, likes")          \
	X(look, "look", "root id -> when its thread was looked for, where that goes on")          \
	X(poll, "poll", "status id -> options with their counts, when it ends")                   \
	X(poll_vote, "poll-vote", "status id, account id -> what was chosen, ids of the votes")   \
	X(boost, "boost", "status id, account id -> the boost's status id")                       \
	X(like, "like", "status id, account id -> when, and the activity's id")                   \
	X(reaction, "reaction", "status id, account id -> emoji, when, the activities' ids")      \
	X(reaction_count, "reaction-count", "status id, digest of an emoji -> emoji, how many")   \
	X(dislike, "dislike", "status id, account id -> when, and the activity's id")             \
	X(dislike_count, "dislike-count", "status id -> dislikes")                                \
	X(told_vote, "told-vote", "status id, digest of a voter's id -> for or against")          \
	X(told_reaction, "told-reaction",                                                         \
	  "status id, digests of a person's id, of an emoji -> it")                               \
	X(pin, "pin", "account id, status id -> the order of pinning")                            \
	X(emoji, "emoji", "shortcode -> when, the picture's address")                             \
	X(follow, "follow", "follower id, followee id -> state, when, the activity's id")         \
	X(follower, "follower", "followee id, follower id -> state")                              \
	X(follower_host, "follower-host",                                                         \
	  "account id, digest of a host, follower id -> nothing; 0 -> their digest")              \
	X(audience, "audience", "account id, digest of inbox -> inbox, how many followers")       \
	X(block, "block", "blocker id, blocked id -> when, the activity's id")                    \
	X(notice, "notice", "account id, notice id -> kind, from whom, about which status")       \
	X(key, "key", "digest of a key id -> owner, public key")                                  \
	X(peer, "peer", "host -> policy and what it speaks")                                      \
	X(seen, "seen", "digest of an actor and an activity id -> actor, when")                   \
	X(quote, "quote", "quoted status id, quoting status id -> nothing")                       \
	X(interaction, "interaction", "interaction id -> what, with which post, by whom, state")  \
	X(interaction_of, "interaction-of", "status id, account id, kind, digest -> its id")      \
	X(interaction_open, "interaction-open", "owner id, interaction id -> state, by whom")     \
	X(interaction_with, "interaction-with", "owner id, account id, its id -> nothing")        \
	X(relay, "relay", "digest of an inbox -> a relay this node subscribed to, its state")     \
	X(relay_subscriber, "relay-subscriber", "account id -> style, the activity's id")         \
	X(relay_host, "relay-host", "digest of a host, account id -> nothing: a subscriber")      \
	X(report, "report", "report id -> who, whom, which statuses, why")                        \
	X(timeline, "timeline", "status id -> author, marks: what all may read")                  \
	X(timeline_local, "timeline-local", "status id -> author, marks: of this node")           \
	X(tag, "tag", "digest of a hashtag, status id -> author, marks")                          \
	X(link, "link", "digest of a link, status id -> author, marks")                           \
	X(status_link, "status-link", "status id -> the link it is found by")                     \
	X(interest, "interest", "account id -> how often whom it reads has changed")              \
	X(notice_policy, "notice-policy", "account id -> what becomes of strangers' notices")     \
	X(notice_request, "notice-request", "account id, notice id -> what one stranger sends")   \
	X(notice_sender, "notice-sender", "account id, from whom -> its request, or welcome")     \
	X(conversation, "conversation", "account id, root id -> last status, with whom")          \
	X(conversation_last, "conversation-last", "account id, status id -> root id")             \
	X(letter, "letter", "account id, status id -> root id")                                   \
	X(app, "app", "app id -> client id, digest of its secret, name, redirects, scopes")       \
	X(app_client, "app-client", "digest of a client id -> app id")                            \
	X(code, "code", "digest of an authorization code -> app, account, scopes, challenge")     \
	X(token, "token", "digest of an access token -> id, account, app, scopes")                \
	X(token_of, "token-of", "account id, token id -> digest of the token")                    \
	X(token_by, "token-by", "person's id, token id -> the team account it acts for")          \
	X(session, "session", "digest of a cookie -> id, account, browser")                       \
	X(session_of, "session-of", "account id, session id -> digest of the cookie")             \
	X(shelf, "shelf", "shelf, owner, status, account or digest -> place, until when, text")   \
	X(shelf_order, "shelf-order", "shelf, owner, place -> status, account or digest")         \
	X(list, "list", "account id, list id -> title, whose replies, exclusive")                 \
	X(filter, "filter", "account id, filter id -> where, what to do, words, statuses")        \
	X(account_note, "account-note", "account id, about whom -> text")                         \
	X(marker, "marker", "account id -> how far home and notifications were read")             \
	X(preference, "preference", "account id -> how posts are made and shown")                 \
	X(thread_mute, "thread-mute", "root id, account id -> nothing")                           \
	X(scheduled, "scheduled", "account id, scheduled id -> when, a post's parameters")        \
	X(idempotency, "idempotency", "account id, digest of a key -> what was made, when")       \
	X(announcement, "announcement", "announcement id -> text, from when to when")             \
	X(announcement_mark, "announcement-mark",                                                 \
	  "announcement id, account id -> read, reactions")                                       \
	X(announcement_count, "announcement-count", "announcement id -> reactions, how many")     \
	X(medium, "medium", "medium id -> owner, state, files, who holds it")                     \
	X(medium_open, "medium-open", "medium id, owner id -> nothing: nobody holds it")          \
	X(medium_held, "medium-held", "status or account id, medium id -> nothing")               \
	X(medium_file, "medium-file", "digest of a file, medium id -> nothing")                   \
	X(medium_waste, "medium-waste", "digest of a file that no medium has -> nothing")         \
	X(search_mark, "search-mark", "what is indexed -> the last id that was taken up")         \
	X(search_stale, "search-stale", "what is indexed, its id -> when it has changed")         \
	X(search_doc, "search-doc", "status id -> its words in order, its features")              \
	X(search_posting, "search-posting", "term, 0, first status id -> ids of statuses")        \
	X(search_person, "search-person", "account id -> the names that it is found by")          \
	X(search_name, "search-name", "name, 0, account id -> nothing")                           \
	X(rank, "rank", "kind, digest of a thing -> the thing, its score, what was said of it")   \
	X(rank_order, "rank-order", "kind, score, digest of a thing -> nothing")                  \
	X(hashtag, "hashtag", "folded name -> how it is written, when, how often")                \
	X(usage, "usage", "kind, digest of a thing, day -> uses, by how many people")             \
	X(measure, "measure", "what is counted, day -> how much")                                 \
	X(presence, "presence", "day or month, account id -> nothing: they were here")            \
	X(dismissed, "dismissed", "account id, account id -> nothing: no suggestion any more")    \
	X(role, "role", "role id -> name, position, what it permits")                             \
	X(account_role, "account-role", "account id -> its role")                                 \
	X(rule, "rule", "rule id -> text, position")                                              \
	X(bar, "bar", "kind, id -> whom or what it keeps from signing up")                        \
	X(bar_value, "bar-value", "kind, digest of a value -> the bar")                           \
	X(peer_id, "peer-id", "id of a decision -> the host")                                     \
	X(collection, "collection", "collection id -> whose, name, what it is about")             \
	X(collection_by_account, "collection-by-account", "account id, its id -> nothing")        \
	X(collection_item, "collection-item", "collection id, item id -> who, state")             \
	X(collection_with, "collection-with", "account id, collection id -> item id")             \
	X(community, "community", "account id -> parent, settings")                               \
	X(community_child, "community-child", "account id, account id of a child -> nothing")     \
	X(community_role, "community-role", "account id, role id -> name, what it permits")       \
	X(community_member, "community-member", "community, account id -> role, ban, strikes")    \
	X(community_staff, "community-staff",                                                     \
	  "community, account id -> nothing: stands above a member")                              \
	X(community_banned, "community-banned", "community, account id -> nothing: a ban")        \
	X(community_of, "community-of", "account id, community -> nothing: it has a row there")   \
	X(community_invite, "community-invite", "community, its id -> role, uses, digest")        \
	X(community_invited, "community-invited", "digest of a secret -> community, its id")      \
	X(community_post, "community-post", "community, status id -> thread, marks, comments")    \
	X(community_thread, "community-thread", "community, status id -> nothing: a thread")      \
	X(community_queue, "community-queue", "community, status id -> nothing: it waits")        \
	X(community_pinned, "community-pinned", "community, status id -> nothing")                \
	X(community_total, "community-total", "community -> threads, comments")                   \
	X(community_held, "community-held", "status id -> what its author sent, as it came")      \
	X(community_reason, "community-reason", "community, status id -> why it was marked")      \
	X(community_terms, "community-terms", "community -> the attributes of who joins")         \
	X(attribute, "attribute", "account id, digest of name and value -> name, value, source")  \
	X(attribute_entry, "attribute-entry", "community, account id -> in by them, until when")  \
	X(consultation, "consultation", "consultation id -> community, question, options, times") \
	X(consultation_of, "consultation-of", "community, its id -> nothing")                     \
	X(consultation_paper, "consultation-paper",                                               \
	  "its id, digest of a receipt -> what was chosen")                                       \
	X(consultation_voter, "consultation-voter", "its id, account id -> nothing: has voted")   \
	X(consultation_count, "consultation-count", "its id -> how many have voted")              \
	X(consultation_told, "consultation-told", "its id, group, page -> papers of a node")      \
	X(event, "event", "community or author, start, status id -> nothing")                     \
	X(participant, "participant", "status id, account id -> state, since when, note")         \
	X(participation, "participation", "account id, status id -> nothing")                     \
	X(attendance, "attendance", "status id -> how many take part, and wait")                  \
	X(resource, "resource", "resource id -> community, by whom, how many versions")           \
	X(resource_of, "resource-of", "community, its id -> nothing")                             \
	X(resource_version, "resource-version", "its id, number -> by whom, link or medium")      \
	X(badge, "badge", "community, badge id -> name, what it is for")                          \
	X(badge_award, "badge-award", "community, account, award id -> badge, by whom, why")      \
	X(badge_given, "badge-given", "badge id, award id -> community, account")                 \
	X(email, "email", "digest of an address in lower case -> account id")                     \
	X(factor, "factor", "account id -> sealed secret, last step, digests of recovery codes")  \
	X(passkey, "passkey", "account id, passkey id -> credential, key, counter, name")         \
	X(passkey_id, "passkey-id", "digest of a credential -> account id, passkey id")           \
	X(challenge, "challenge", "when it ends, random bytes -> what for, account id")           \
	X(push, "push", "account id, token id -> endpoint, keys, what it wants to hear of")       \
	X(ticket, "ticket", "account id, kind -> digest of a secret, when it ends")               \
	X(sign_up, "sign-up", "account id -> when and how somebody signed up, and why")           \
	X(year, "year", "account id, year -> what somebody did in it, how far it is counted")     \
	X(sieve_rule, "sieve-rule", "rule id -> mode, action, text, program")                     \
	X(sieve_count, "sieve-count", "rule id, day -> how often it fitted")                      \
	X(sieve_fit, "sieve-fit", "rule id, status id -> nothing: it fitted")                     \
	X(sieve_mark, "sieve-mark", "status id -> what the sieve made of it, and why")            \
	X(sieve_held, "sieve-held", "status id -> nothing: it waits for a moderator")             \
	X(fingerprint, "fingerprint", "0 -> fingerprints of posts that were removed")             \
	X(learned_word, "learned-word", "word -> in how many posts that were kept, removed")      \
	X(learned_total, "learned-total", "0 -> how many posts and words were learnt")            \
	X(wave, "wave", "wave id -> which posts were rolled back, how far")                       \
	X(wave_item, "wave-item", "wave id, status id -> nothing: it is hidden")                  \
	X(blocklist, "blocklist", "list id -> address, severity, how it was had last")            \
	X(block_entry, "block-entry", "list id, host -> what the list says of it")                \
	X(block_draft, "block-draft", "host -> a decision that waits, or is not wanted")          \
	X(document, "document", "kind, from when -> what the node has to say, in Markdown")       \
	X(report_lane, "report-lane", "community, report id -> nothing: its staff handles it")    \
	X(report_state, "report-state",                                                           \
	  "community, 0: the node's lane, or all; open or not; report id -> nothing")             \
	X(report_event, "report-event", "report id, act id -> who did what with it; notes")       \
	X(strike_in, "strike-in", "community, strike id -> nothing: it was done there")           \
	X(community_preset, "community-preset",                                                   \
	  "community, preset id -> title and text of a reason")                                   \
	X(strike, "strike", "strike id -> against whom, by whom, what, why, the appeal")          \
	X(strike_of, "strike-of", "account id, strike id -> nothing")                             \
	X(appeal_open, "appeal-open", "strike id -> nothing: its appeal waits")                   \
	X(preset, "preset", "preset id -> title and text of a reason that is given often")        \
	X(severance, "severance", "account id, event id -> why follows were lost, how many")      \
	X(severed, "severed", "account id, event id, direction, account id -> a lost follow")     \
	X(severing, "severing", "account id, digest of a target -> the event that goes on")       \
	X(audit, "audit", "number -> what was done, its hash with that of the row before")        \
	X(audit_in, "audit-in", "community or team, number -> nothing: it is about it")           \
	X(team, "team", "account id -> what its members agreed on: review, credit")               \
	X(team_member, "team-member", "team's account id, person's id -> role, since when")       \
	X(team_of, "team-of", "person's id, team's account id -> nothing")                        \
	X(team_log, "team-log", "team's account id, entry id -> who did what")                    \
	X(byline, "byline", "status id -> who wrote it for a team, who approved it")              \
	X(joint, "joint", "community, group elsewhere -> offered, asked or agreed, since when")   \
	X(joint_of, "joint-of", "group elsewhere -> the community that it is a partner of")       \
	X(joint_item, "joint-item", "community, digest of an id -> post, its state, a digest")    \
	X(joint_item_of, "joint-item-of", "community, status id -> digest of its id")             \
	X(joint_sum, "joint-sum", "community, bucket -> how many items, their digests' XOR")      \
	X(joint_copy, "joint-copy", "status id -> whose word alone it is known by, where")        \
	X(silent_host, "silent-host", "host -> since when it answers nothing, when it was asked") \
	X(joint_at, "joint-at", "status id -> the joint community that it is in")                 \
	X(joint_word, "joint-word", "community, kind, bucket, name -> what was said, when")       \
	X(ledger, "ledger", "community, digest of a record -> what it is about, its bytes")       \
	X(ledger_order, "ledger-order", "community, number -> digest of a record")                \
	X(ledger_slot, "ledger-slot", "community, digest of a slot -> digest of a record")        \
	X(ledger_of, "ledger-of", "community, resource or consultation, number -> its digest")    \
	X(ledger_thing, "ledger-thing", "community, digest of an id -> what it is here, or gone") \
	X(ledger_sum, "ledger-sum", "community -> how many records, their digests' XOR")          \
	X(ledger_peer, "ledger-peer", "community, partner -> where its ledger is")

#define X(part, name, help) extern struct db_table store_##part;
STORE_TABLES(X)
#undef X

/* All of them, for db_open()'s registry. */
extern struct db_table *const store_tables[];
extern const size_t store_table_count;

#endif
