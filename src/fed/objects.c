/* What each type of object becomes here, for the federation document. A type that ap knows as a post
 * has a row: a test asserts it. */
#include "describe_int.h"

#include "core/attr.h"

#define SUITE "federation-tests/suites/dialects.mjs"

/* clang-format off */
const struct object_row object_table[] = {
	{ "Note", "a post; its summary is a content warning", SUITE " mastodon/post" },
	{ "Article", "a post with a title; its summary or preview is an excerpt (FEP-b2b8); ours have a preview", SUITE " wordpress/post" },
	{ "Page", "a post with a title; what it is about is an attached link", SUITE " lemmy/post" },
	{ "Question", "a poll", SUITE " mastodon/poll" },
	{ "Event", "an event: a post with start, end, place, and how one takes part (FEP-8a8e)", SUITE " mobilizon/event" },
	{ "Video", "a post with a title; its best file is attached, with its thumbnail", SUITE " peertube/post" },
	{ "Audio", "a post with a title; its file is attached", "src/ap/test/test_object.c files_are_posts_of_their_own" },
	{ "Image", "a post with a title; its file is attached", "src/ap/test/test_object.c files_are_posts_of_their_own" },
	{ "Document", "a post with a title; its file is attached", "src/ap/test/test_object.c files_are_posts_of_their_own" },
	{ "ChatMessage", "a direct post, whoever is addressed", SUITE " akkoma/chat_message" },
};
/* clang-format on */
const size_t object_table_count = ARRAY_LEN(object_table);
