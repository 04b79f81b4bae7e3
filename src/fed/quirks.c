/*
 * Peers' quirks: who does what in another way, where that is handled, and which test proves it. The
 * code there says why in its own words; who wants to know what a peer needs reads it here.
 */
#include "describe_int.h"

#include "core/attr.h"

#define SUITE "federation-tests/suites/dialects.mjs"

/* clang-format off */
const struct quirk_row quirk_table[] = {
	{ "Akkoma, Pleroma", "all", "`source` is the text alone, not an object", "src/ap/object_words.c", SUITE " pleroma/objects/note" },
	{ "Akkoma, Pleroma", "all", "Delete names its object by the id alone", "src/ap/activity.c", SUITE " akkoma/delete" },
	{ "Akkoma, Pleroma", "all", "Flag holds whole posts beside the account's id", "src/fed/handle_relate.c", SUITE " akkoma/report" },
	{ "Akkoma", "2023 and later", "formulas are MathML with an annotation (FEP-dc88)", "src/text/html_math.c", "src/text/test/test_html_link.c dialects_keep_their_meaning" },
	{ "Fedify", "2", "signs by RFC 9421 first and falls back to draft-cavage on a 4xx alone", "src/fed/auth.c", "federation-tests/suites/fedify-2.mjs" },
	{ "Friendica", "all", "`contentMap` has the content in another rendering: its key tells the language all the same", "src/ap/object_words.c", SUITE " friendica/objects/note_1" },
	{ "Friendica, lotide, Lemmy", "Lemmy before 0.16", "the `url` of a Page is what it is about, on another host", "src/ap/object_media.c", SUITE " friendica/objects/page_1" },
	{ "Friendica, Hubzilla", "all", "mentions may be links to a profile without a Mention tag", "src/fed/remote_links.c", SUITE " friendica/reply" },
	{ "GNU social", "2", "a Group lists the key of its owner, who is another actor: it can sign nothing", "src/ap/actor.c", SUITE " gnusocial/objects/group" },
	{ "GoToSocial", "all", "a key's id is an address of its own (`/main-key`), whose document is the actor's", "src/fed/resolve.c", SUITE " gotosocial/actor" },
	{ "Lemmy", "all", "the reason of a Flag is its `summary`", "src/ap/activity.c", SUITE " lemmy/report" },
	{ "Lemmy", "all", "Block with a `target` is a ban from a community, not a block between two people", "src/fed/community_in.c", SUITE " lemmy/activities/block/block_user" },
	{ "Lemmy", "before 0.19", "a ban ends at `expires` instead of `endTime`", "src/fed/community_in.c", SUITE " lemmy/ban" },
	{ "Lemmy", "all", "a Delete with a `summary`, be it empty, by somebody else than the author is a moderator's", "src/fed/community_in.c", SUITE " lemmy/activities/deletion/remove_note" },
	{ "Lemmy", "all", "moderators send what they do to their community alone: it counts when that passes it on", "src/fed/announced.c", SUITE " lemmy/lock" },
	{ "Lemmy", "all", "votes reach followers of a community by its Announce alone, from voters that nobody here knows", "src/fed/announced.c", SUITE " lemmy/announce_like" },
	{ "Lemmy", "all", "a report that was handled is told by Resolve", "src/fed/community_in.c", SUITE " lemmy/activities/community/resolve_report_page" },
	{ "Lemmy", "all", "a moderator changes a community by an Update with the whole Group: only what is for moderators to say counts, and one with other keys or addresses is not passed on", "src/fed/community_update.c", "federation-tests/suites/groups.mjs" },
	{ "Lemmy", "all", "threads are announced twice, as activity and by their id: the second is no boost", "src/fed/announced.c", SUITE " lemmy/announce_page" },
	{ "Lemmy", "all", "an outbox has no pages: ours has its newest items in the collection itself", "src/fed/serve_community.c", "federation-tests/suites/groups.mjs" },
	{ "Lemmy", "all", "tells a community from a person of the same name by a property of the WebFinger link", "src/fed/wellknown.c", "src/fed/test/test_group.c its_documents_are_those_that_lemmy_reads" },
	{ "Lemmy", "before 0.17", "the moderators are named by `moderators` instead of `attributedTo`", "src/ap/actor.c", "src/ap/test/test_actor.c moderators_of_groups" },
	{ "Lemmy", "0.16 and later", "an uploaded picture is attached as a Link", "src/fed/remote_object.c", SUITE " lemmy/objects/page" },
	{ "Lemmy", "0.19", "private messages are of type ChatMessage", "src/ap/object.c", SUITE " lemmy/private_message" },
	{ "Lemmy, NodeBB", "all", "a Group announces activities (FEP-1b12)", "src/fed/announced.c", SUITE " lemmy/announce_create_page" },
	{ "Lemmy, PeerTube", "all", "`language` is an object with an identifier", "src/ap/object_words.c", SUITE " peertube/post" },
	{ "Lemmy, snac", "all", "the language \"und\" stands for none", "src/ap/object_words.c", SUITE " snac/post" },
	{ "lotide", "all", "`summary` repeats `name`: neither a warning nor an excerpt", "src/fed/remote_object.c", SUITE " lotide/objects/page" },
	{ "lotide", "all", "the id of a key has two slashes", "src/fed/resolve.c", SUITE " lotide/objects/person" },
	{ "Misskey", "all", "`_misskey_content` or `source` may have all there is of the text, in Misskey's Markdown", "src/text/mfm.c", SUITE " misskey/post_source_only" },
	{ "Misskey", "all", "a Like has a reaction as `content`: counted as a like", "src/fed/handle_post.c", SUITE " misskey/react_emoji" },
	{ "Mobilizon", "all", "facts about an event stand among its attachments as PropertyValue", "src/ap/object_media.c", SUITE " mobilizon/event" },
	{ "Mobilizon, PeerTube", "all", "`attributedTo` names several actors, or a Group: the first on the object's host counts", "src/ap/object.c", SUITE " peertube/post" },
	{ "Mobilizon", "all", "an Event of a group has as `actor` the member who made it: its author here", "src/ap/object.c", SUITE " mobilizon/event" },
	{ "NodeBB, WordPress", "all", "the summary of an Article is an excerpt; a `preview` stands for it (FEP-b2b8)", "src/fed/remote_object.c", SUITE " nodebb/post" },
	{ "PeerTube", "all", "the text is Markdown, said by `mediaType`", "src/text/markdown.c", SUITE " peertube/objects/video" },
	{ "PeerTube", "all", "`url` lists the page, one Link for each resolution, and playlists whose tags are Links", "src/ap/object_media.c", SUITE " peertube/objects/video" },
	{ "PeerTube", "all", "an icon comes in several sizes", "src/ap/field.c", SUITE " peertube/actor" },
	{ "PeerTube", "all", "a handle in plain text may be all there is of a mention", "src/fed/remote_links.c", "src/fed/test/test_remote_object.c our_people_are_found_in_the_text" },
	{ "Pleroma, older Mastodon", "all", "the Public collection is `as:Public` or `Public`", "src/ap/field.c", "src/ap/test/test_field.c" },
	{ "WordPress", "5.0 and later", "ids have a query (`/?author=1`), and inboxes stand elsewhere", "src/fed/resolve.c", SUITE " wordpress/post" },
	{ "WordPress", "all", "an Article that is `sensitive` says why in its summary: then it is a warning", "src/fed/remote_object.c", SUITE " wordpress/post_warning" },
};
/* clang-format on */
const size_t quirk_table_count = ARRAY_LEN(quirk_table);
