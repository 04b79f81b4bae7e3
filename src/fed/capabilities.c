/*
 * What we can do, by the rows that servers of the fediverse are compared by, and the FEPs that are
 * obeyed. Whoever adds a capability changes its row, and names the test that proves it.
 */
#include "describe_int.h"

#include "core/attr.h"

#define S "federation-tests/suites/"
#define DIALECTS S "dialects.mjs"

#define OBJECTS "Activities and objects"
#define AUTH "Authentication, keys, discovery"
#define DELIVERY "Delivery, collections, threads, groups"

#define YES SUPPORT_YES
#define PARTLY SUPPORT_PARTLY
#define NO SUPPORT_NO

/* clang-format off */
const struct capability_row capability_table[] = {
	{ OBJECTS, "Follow, Accept, Reject, Undo", YES, "", S "nodes.mjs" },
	{ OBJECTS, "Create, Update, Delete of Note", YES, "", S "fedify-2.mjs" },
	{ OBJECTS, "Like and Undo", YES, "", S "fedify-2.mjs" },
	{ OBJECTS, "Dislike", YES, "both ways, counted apart from likes", S "reactions.mjs" },
	{ OBJECTS, "Announce and Undo", YES, "the boosted post is read at its origin", S "fedify-2.mjs" },
	{ OBJECTS, "EmojiReact, Like with content (FEP-c0e0)", YES, "both ways", S "reactions.mjs" },
	{ OBJECTS, "Question, both ways", YES, "with votes, counts and the end", S "polls.mjs" },
	{ OBJECTS, "Article in", YES, "whole, with title and excerpt", DIALECTS " wordpress/post" },
	{ OBJECTS, "Article out", YES, "with a preview (FEP-b2b8)", S "jsonld.mjs" },
	{ OBJECTS, "Page in", YES, "with title and what it is about", DIALECTS " lemmy/post" },
	{ OBJECTS, "Video and Audio in", YES, "with title, file and thumbnail; Markdown becomes HTML", DIALECTS " peertube/post" },
	{ OBJECTS, "Event in", YES, "start, end, place, address, state and how one takes part are kept and shown", DIALECTS " mobilizon/event" },
	{ OBJECTS, "Event native (author, Join, Leave)", YES, "held by people and communities; Join, Leave, Invite, Accept and Reject both ways, counts told by Update", S "gatherings.mjs" },
	{ OBJECTS, "ChatMessage in", YES, "always direct", DIALECTS " akkoma/chat_message" },
	{ OBJECTS, "Block federated", YES, "", DIALECTS " mastodon/block" },
	{ OBJECTS, "Flag, both ways", YES, "posts named; the reporter is never told", DIALECTS " lemmy/report" },
	{ OBJECTS, "Move, alsoKnownAs", YES, "push and pull (FEP-7628); posts go along as an archive, and their old addresses lead to the new ones", S "moves.mjs" },
	{ OBJECTS, "Add and Remove of featured posts", YES, "pinned posts and hashtags, both ways", S "reactions.mjs" },
	{ OBJECTS, "Moderation activities (Remove, Lock, Warn, ban in a group)", PARTLY, "all of Lemmy's both ways, Lock of a single comment among them; a Warn goes out as a letter of the group, and none is understood; a ban is not mistaken for a block", S "groups.mjs" },
	{ OBJECTS, "Custom emoji (FEP-9098)", YES, "both ways", S "reactions.mjs" },
	{ OBJECTS, "Quotes: quoteUrl, quoteUri, _misskey_quote", YES, "both ways; what the author has not consented to is shown as a link", S "quotes.mjs" },
	{ OBJECTS, "Quotes with consent (FEP-044f)", YES, "asked for, answered, taken back", S "quotes-peers.mjs" },
	{ OBJECTS, "Featured collections (FEP-7aa9)", YES, "both ways; nobody is in one without consent, which is asked for, given and taken back", S "collections.mjs" },
	{ OBJECTS, "Interaction policies", YES, "GoToSocial's, for quotes, replies, likes and boosts", S "quotes-peers.mjs" },
	{ OBJECTS, "contentMap, language", YES, "every language is kept and shown", DIALECTS " mastodon/post_languages" },
	{ OBJECTS, "focalPoint and blurhash of attachments", YES, "both ways", DIALECTS " mastodon/post_image" },
	{ OBJECTS, "PropertyValue fields (FEP-fb2a)", YES, "", S "jsonld.mjs" },
	{ OBJECTS, "MFM (FEP-c16b)", PARTLY, "effects leave their text", "src/text/test/test_markdown.c misskeys_effects_leave_their_text" },
	{ OBJECTS, "Mathematics (FEP-dc88)", YES, "as TeX", DIALECTS " akkoma/post_math" },
	{ OBJECTS, "Local-only posts", YES, "visibility local", S "visibility.mjs" },
	{ OBJECTS, "End-to-end encrypted messages", NO, "", "" },
	{ OBJECTS, "Payments (FEP-0837)", NO, "", "" },
	{ OBJECTS, "Webmention", NO, "", "" },

	{ AUTH, "draft-cavage-12 rsa-sha256", YES, "", S "schemes.mjs" },
	{ AUTH, "hs2019, (created), (expires)", YES, "taken", "src/crypt/test/test_httpsig.c" },
	{ AUTH, "query strings in signatures", YES, "", "src/crypt/test/test_httpsig.c" },
	{ AUTH, "RFC 9421 verified", YES, "", S "fedify-2.mjs" },
	{ AUTH, "RFC 9421 sent", YES, "to hosts that take it", S "schemes.mjs" },
	{ AUTH, "Ed25519 HTTP signatures", YES, "", S "schemes.mjs" },
	{ AUTH, "Multikey, assertionMethod (FEP-521a)", YES, "", S "jsonld.mjs" },
	{ AUTH, "Integrity proofs (FEP-8b32)", YES, "on what is sent; what is forwarded is believed by them", "src/fed/test/test_proof.c" },
	{ AUTH, "LD signatures", NO, "what is forwarded is read at its origin", "" },
	{ AUTH, "Several key pairs of one actor", YES, "with rotation", S "hostile-keys.mjs" },
	{ AUTH, "503 when a key's host cannot be reached", YES, "", S "hostile-keys.mjs" },
	{ AUTH, "Authorized fetch", YES, "a setting", S "fedify-strict.mjs" },
	{ AUTH, "Federation by allow list", YES, "a setting", "src/fed/test/test_peers.c" },
	{ AUTH, "An actor of the node's own", YES, "", S "jsonld.mjs" },
	{ AUTH, "Origin rules (FEP-fe34)", YES, "written down in schemas/origins.md", S "hostile-authority.mjs" },
	{ AUTH, "Capability discovery (FEP-844e)", YES, "said by the server's actor and obeyed", "src/fed/test/test_claim.c" },
	{ AUTH, "Identity proofs (FEP-c390)", YES, "verified and shown; published by the person's own statement", S "proofs.mjs" },
	{ AUTH, "Portable objects (FEP-ef61)", NO, "", "" },
	{ AUTH, "WebFinger on another domain", YES, "", "src/fed/test/test_discover.c" },
	{ AUTH, "webfinger property (FEP-2c59)", YES, "", S "jsonld.mjs" },
	{ AUTH, "Activity intents (FEP-3b86)", NO, "", "" },
	{ AUTH, "The server's actor by WebFinger (FEP-d556)", YES, "", "src/fed/test/test_wellknown.c" },
	{ AUTH, "host-meta", YES, "", S "fedify-2.mjs" },
	{ AUTH, "NodeInfo", YES, "2.0 and 2.1, with validators", S "fedify-2.mjs" },
	{ AUTH, "Auxiliary providers (FASP)", NO, "", "" },

	{ DELIVERY, "sharedInbox", YES, "served and used", S "fedify-2.mjs" },
	{ DELIVERY, "Followers synchronisation (FEP-8fcf)", YES, "both ways", S "manners.mjs" },
	{ DELIVERY, "Paging of outbox and followers", YES, "", S "fedify-2.mjs" },
	{ DELIVERY, "replies collection served", YES, "", S "jsonld.mjs" },
	{ DELIVERY, "Descendants fetched in the background", YES, "by replies or by context, within a budget for each host", S "threads.mjs" },
	{ DELIVERY, "Conversations by context (FEP-7888, FEP-f228)", YES, "with Add and Remove, both ways", S "threads.mjs" },
	{ DELIVERY, "Conversation containers (FEP-171b)", NO, "", "" },
	{ DELIVERY, "Remote totals of likes and shares", YES, "shown apart from what is counted here", S "threads.mjs" },
	{ DELIVERY, "A profile's posts fetched at the first follow", YES, "", S "threads.mjs" },
	{ DELIVERY, "featured, featuredTags", YES, "served and read", S "reactions.mjs" },
	{ DELIVERY, "discoverable, indexable (FEP-5feb)", YES, "", S "jsonld.mjs" },
	{ DELIVERY, "Relays in Mastodon's style", YES, "subscribes, and can be one", S "relays.mjs" },
	{ DELIVERY, "Relays in LitePub's style", YES, "subscribes, and can be one", S "relays.mjs" },
	{ DELIVERY, "Hosts groups (FEP-1b12)", YES, "threads, comments, votes, edits and deletions are passed on as they came; moderators on any server", S "groups.mjs" },
	{ DELIVERY, "Takes part in groups (FEP-1b12)", YES, "what a followed group passes on is believed by its proof or its host, else read at its origin; votes are counted", S "groups.mjs" },
	{ DELIVERY, "Groups shared by several servers", YES, "joint communities: threads and moderation are the same on all that own one; compared by digests", S "joint.mjs" },
	{ DELIVERY, "Many votes in one Announce (FEP-1a11)", NO, "PieFed alone reads it (an OrderedCollection; an array before), and nobody says so on the wire: it sends it to hosts whose NodeInfo names its own software. Votes are told one by one", "" },
	{ DELIVERY, "Walls (FEP-400e)", NO, "", "" },
	{ DELIVERY, "Groups that are private or approve", YES, "joining on request or by invitation; what is for members or this node never leaves it", "src/social/test/test_community.c" },
	{ DELIVERY, "Feeds of several communities", NO, "", "" },
	{ DELIVERY, "Flair and tags of communities", NO, "", "" },
	{ DELIVERY, "A durable queue for each host", YES, "one timer per host", S "nodes.mjs" },
	{ DELIVERY, "Gives up on dead hosts", YES, "after seven days; any word of theirs wakes it", "src/queue/test/test_policy.c" },
};

const struct fep_row fep_table[] = {
	{ "044f", "Consent-respecting quote posts", "asked for, answered, taken back", S "quotes-peers.mjs" },
	{ "1b12", "Group federation", "communities of this node and elsewhere, in Lemmy's shapes", S "groups.mjs" },
	{ "268d", "Search consent signals for objects", "`searchableBy` said and kept", S "jsonld.mjs" },
	{ "2c59", "Discovery of a WebFinger address from an actor", "`webfinger` on every actor", S "jsonld.mjs" },
	{ "521a", "Representing actor's public keys", "Multikey in `assertionMethod`, RSA and Ed25519", S "jsonld.mjs" },
	{ "5feb", "Search indexing consent for actors", "`indexable` said and kept", S "jsonld.mjs" },
	{ "67ff", "FEDERATION.md", "this page", "src/fed/test/test_describe.c" },
	{ "6fcd", "Account export container format", "an account's archive, signed", "src/fed/test/test_archive.c" },
	{ "7628", "Move actor", "push and pull", "src/fed/test/test_moves.c" },
	{ "7888", "Demystifying the context property", "conversations are named, served and read", S "threads.mjs" },
	{ "7aa9", "Featuring recommendations using a dedicated collection", "collections of accounts, with consent, both ways", S "collections.mjs" },
	{ "844e", "Capability discovery", "RFC 9421, said and obeyed", "src/fed/test/test_claim.c" },
	{ "8a8e", "Events", "Time, place, state, joinMode, capacity, attendees and Invite, both ways; organizers go out and are not read", S "gatherings.mjs" },
	{ "8b32", "Object integrity proofs", "eddsa-jcs-2022, sent and verified", "src/fed/test/test_proof.c" },
	{ "8fcf", "Followers collection synchronization across servers", "both ways", S "manners.mjs" },
	{ "9098", "Custom emojis", "both ways", S "reactions.mjs" },
	{ "9967", "Polls", "Questions, votes and results, both ways", S "polls.mjs" },
	{ "b2b8", "Long-form text", "title, excerpt, preview; ours are written so", DIALECTS " wordpress/post" },
	{ "c0e0", "Emoji reactions", "both ways", S "reactions.mjs" },
	{ "c16b", "Formatting MFM functions", "effects leave their text", "src/text/test/test_html_link.c dialects_keep_their_meaning" },
	{ "c390", "Identity proofs", "verified and shown", S "proofs.mjs" },
	{ "d556", "Server-level actor discovery using WebFinger", "the server's actor", "src/fed/test/test_wellknown.c" },
	{ "dc88", "Formatting mathematics", "the annotation as text", DIALECTS " akkoma/post_math" },
	{ "f1d5", "NodeInfo in fediverse software", "2.0 and 2.1", S "fedify-2.mjs" },
	{ "f228", "Backfilling conversations", "by replies or by context", S "threads.mjs" },
	{ "fb2a", "Actor metadata", "PropertyValue, both ways", S "jsonld.mjs" },
	{ "fe34", "Origin-based security model", "schemas/origins.md", S "hostile-authority.mjs" },
};
/* clang-format on */
const size_t capability_table_count = ARRAY_LEN(capability_table);
const size_t fep_table_count = ARRAY_LEN(fep_table);
