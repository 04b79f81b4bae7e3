/* The stored forms of accounts, statuses and edges: what is written is read, and nothing less. */
#include <stdlib.h>

#include "../account_int.h"
#include "../graph_int.h"
#include "../status_int.h"
#include "core/random.h"
#include "testkit.h"

#define ROUNDS 200

/* A string of chance: absent, empty or some bytes, zeros among them. */
static struct str any_str(struct arena *arena)
{
	uint64_t len = random_below(40);
	if (len == 0)
		return STR_NONE;
	char *bytes = arena_alloc(arena, len);
	assert_non_null(bytes);
	random_bytes(bytes, len - 1);
	return str_n(bytes, len - 1);
}

static uint64_t any_num(void)
{
	return random_u64() >> random_below(64);
}

static void same(struct str a, struct str b)
{
	assert_true((a.ptr == NULL) == (b.ptr == NULL));
	assert_true(str_eq(a, b));
}

static struct identity *any_identities(struct arena *arena, unsigned *count)
{
	struct identity *list = ARENA_ARRAY(arena, IDENTITIES_MAX, struct identity);
	assert_non_null(list);
	*count = (unsigned)random_below(IDENTITIES_MAX + 1);
	for (unsigned i = 0; i < *count; i++)
		list[i] = (struct identity){ any_str(arena), any_str(arena), any_num() };
	return list;
}

static struct emoji *any_emojis(struct arena *arena, unsigned *count)
{
	struct emoji *emojis = ARENA_ARRAY(arena, EMOJIS_MAX, struct emoji);
	assert_non_null(emojis);
	*count = (unsigned)random_below(4);
	for (unsigned i = 0; i < *count; i++)
		emojis[i] = (struct emoji){ any_str(arena), any_str(arena) };
	return emojis;
}

static struct account any_account(struct arena *arena)
{
	struct account a = {
		.id = 7,
		.kind = (enum account_kind)random_below(ACCOUNT_APPLICATION + 1),
		.flags = (unsigned)random_below(512),
		.created_ms = any_num(),
		.updated_ms = any_num(),
		.fetched_ms = any_num(),
		.field_count = (unsigned)random_below(ACCOUNT_FIELDS_MAX + 1),
	};
	struct str *const texts[] = { &a.username,    &a.domain,      &a.uri,	       &a.url,
				      &a.inbox,	      &a.outbox,      &a.shared_inbox, &a.followers,
				      &a.following,   &a.avatar,      &a.header,       &a.moved_to,
				      &a.note.markup, &a.display_name };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = any_str(arena);
	for (unsigned i = 0; i < a.field_count; i++) {
		a.fields[i].name = any_str(arena);
		a.fields[i].value = html_trusted(any_str(arena));
		a.fields[i].source = any_str(arena);
	}
	a.note_source = any_str(arena);
	a.avatar_description = any_str(arena);
	a.attribution_count = (unsigned)random_below(4);
	a.attribution = ARENA_ARRAY(arena, a.attribution_count, struct str);
	for (unsigned i = 0; i < a.attribution_count; i++)
		a.attribution[i] = any_str(arena);
	a.emojis = any_emojis(arena, &a.emoji_count);
	a.identities = any_identities(arena, &a.identity_count);
	a.etag = any_str(arena);
	if (random_below(2) != 0) {
		a.feature_said = true;
		a.feature_automatic = (unsigned)random_below(FEATURE_ALL + 1);
		a.feature_manual = (unsigned)random_below(FEATURE_ALL + 1);
		a.featured_collections = any_str(arena);
	}
	if (random_below(2) != 0)
		a.took_in_ms = any_num();
	if (random_below(2) != 0)
		a.took_out_ms = any_num();
	return a;
}

static void refuses_every_truncation(struct str whole, bool (*decode)(struct arena *, struct str))
{
	struct arena *arena = arena_new(1 << 22);
	assert_true(decode(arena, whole));
	for (size_t len = 0; len < whole.len; len++) {
		/* an exact copy, so that one byte too far is seen */
		char *copy = malloc(len != 0 ? len : 1);
		assert_non_null(copy);
		memcpy(copy, whole.ptr, len);
		arena_reset(arena);
		assert_false(decode(arena, str_n(copy, len)));
		free(copy);
	}
	struct str longer = arena_join(arena, whole, STR("x"));
	assert_false(decode(arena, longer));
	arena_free(&arena);
}

static bool decodes_account(struct arena *arena, struct str value)
{
	struct account a;
	return account_decode(arena, value, 7, &a);
}

static void accounts_come_back_as_they_were(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 22);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ACCOUNT_MAX_BYTES);
	for (int round = 0; round < ROUNDS; round++) {
		struct account a = any_account(arena), b;
		buf_reset(&row);
		account_encode(&row, &a);
		assert_true(account_decode(arena, buf_str(&row), 7, &b));
		assert_int_equal(b.kind, a.kind);
		assert_int_equal(b.flags, a.flags);
		assert_true(b.fetched_ms == a.fetched_ms && b.updated_ms == a.updated_ms);
		same(b.username, a.username);
		same(b.shared_inbox, a.shared_inbox);
		same(b.note.markup, a.note.markup);
		same(b.moved_to, a.moved_to);
		assert_int_equal(b.field_count, a.field_count);
		for (unsigned i = 0; i < a.field_count; i++)
			same(b.fields[i].value.markup, a.fields[i].value.markup);
		for (unsigned i = 0; i < a.field_count; i++)
			assert_true(str_eq(b.fields[i].source, a.fields[i].source));
		assert_true(str_eq(b.note_source, a.note_source));
		assert_true(str_eq(b.avatar_description, a.avatar_description));
		assert_int_equal(b.attribution_count, a.attribution_count);
		for (unsigned i = 0; i < a.attribution_count; i++)
			same(b.attribution[i], a.attribution[i]);
		same(b.etag, a.etag.len != 0 ? a.etag : STR(""));
		assert_true(b.feature_said == a.feature_said &&
			    b.feature_automatic == a.feature_automatic &&
			    b.feature_manual == a.feature_manual);
		same(b.featured_collections, a.featured_collections);
		assert_true(b.took_in_ms == a.took_in_ms && b.took_out_ms == a.took_out_ms);
		assert_int_equal(b.emoji_count, a.emoji_count);
		for (unsigned i = 0; i < a.emoji_count; i++)
			same(b.emojis[i].url, a.emojis[i].url);
		assert_int_equal(b.identity_count, a.identity_count);
		for (unsigned i = 0; i < a.identity_count; i++) {
			same(b.identities[i].subject, a.identities[i].subject);
			same(b.identities[i].statement, a.identities[i].statement);
			assert_true(b.identities[i].expires_ms == a.identities[i].expires_ms);
		}
		if (round < 4)
			refuses_every_truncation(buf_str(&row), decodes_account);
		arena_reset(arena);
	}
	arena_free(&arena);
}

static struct status_words *any_words(struct arena *arena, unsigned *count)
{
	struct status_words *words = ARENA_ARRAY(arena, STATUS_WORDS_MAX, struct status_words);
	assert_non_null(words);
	*count = (unsigned)random_below(STATUS_WORDS_MAX + 1);
	for (unsigned i = 0; i < *count; i++)
		words[i] = (struct status_words){ any_str(arena), any_str(arena),
						  html_trusted(any_str(arena)), any_str(arena) };
	return words;
}

/* Some attachments have details, some have none. */
static void any_details(struct arena *arena, struct status_attachment *a)
{
	if (random_below(2) != 0)
		return;
	a->kind = (enum attachment_kind)random_below(ATTACHMENT_LINK + 1);
	a->has_focus = random_below(2) != 0;
	a->focus_x = (int)random_below(2 * ATTACHMENT_FOCUS + 1) - ATTACHMENT_FOCUS;
	a->focus_y = a->has_focus ? -ATTACHMENT_FOCUS : 0;
	a->preview = any_str(arena);
	a->medium = any_num();
	/* what nobody asks for is not kept */
	if (!a->has_focus)
		a->focus_x = 0;
}

/* What is quoted, what others may do, and what was allowed: each there or not. */
static void any_consent(struct arena *arena, struct status *s)
{
	if (random_below(2) != 0)
		s->quote = (struct status_quote){
			.uri = STR("https://b.example/notes/1"),
			.status = any_num(),
			.state = (enum interaction_state)random_below(INTERACTION_UNAUTHORISED + 1),
			.authorization = any_str(arena),
		};
	if (random_below(2) != 0)
		s->approval = (struct status_approval){
			(enum interaction_state)(1 + random_below(INTERACTION_UNAUTHORISED)),
			any_str(arena)
		};
	s->policy.given = (unsigned)random_below(16);
	if (s->policy.given == 0)
		return;
	s->policy.count = (unsigned)random_below(POLICY_ENTRIES_MAX + 1);
	s->policy.entries = ARENA_ARRAY(arena, POLICY_ENTRIES_MAX, struct policy_entry);
	assert_non_null(s->policy.entries);
	for (unsigned i = 0; i < s->policy.count; i++)
		s->policy.entries[i] = (struct policy_entry){
			(enum interaction_kind)(1 + random_below(INTERACTION_KINDS)),
			random_below(2) != 0, any_str(arena)
		};
}

static void any_series(struct arena *arena, struct status_event *e)
{
	uint64_t at = e->start_ms = 1000 + random_below(1U << 30);
	unsigned count = (unsigned)random_below(5);
	e->end_ms = random_below(2) != 0 ? at + 500 : 0;
	e->rule = count != 0 ? STR("FREQ=DAILY;COUNT=4") : STR_NONE;
	e->dates = ARENA_ARRAY(arena, count + 1, struct event_date);
	for (e->date_count = 0; e->date_count < count; e->date_count++) {
		struct event_date *d = &e->dates[e->date_count];
		*d = (struct event_date){ .original_ms = at,
					  .start_ms = at,
					  .end_ms = e->end_ms != 0 ? at + 500 : 0,
					  .flags = (unsigned)random_below(4),
					  .place = STR("") };
		if ((d->flags & EVENT_DATE_CHANGED) != 0) {
			d->start_ms = any_num();
			d->place = any_str(arena);
		}
		at += random_below(1U << 30);
	}
}

static struct status any_status(struct arena *arena)
{
	struct status s = {
		.account = any_num(),
		.flags = (unsigned)random_below(32),
		.visibility = (enum visibility)random_below(VISIBILITY_MEMBERS + 1),
		.created_ms = any_num(),
		.edited_ms = any_num(),
		.parent = any_num(),
		.parent_account = any_num(),
		.root = any_num(),
		.boost_of = any_num(),
		.mention_count = (unsigned)random_below(STATUS_MENTIONS_MAX + 1),
		.tag_count = (unsigned)random_below(STATUS_TAGS_MAX + 1),
		.attachment_count = (unsigned)random_below(STATUS_ATTACHMENTS_MAX + 1),
	};
	struct str *const texts[] = { &s.uri,	     &s.url,	 &s.type,
				      &s.title,	     &s.spoiler, &s.language,
				      &s.parent_uri, &s.source,	 &s.content.markup };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = any_str(arena);
	s.emojis = any_emojis(arena, &s.emoji_count);
	if (random_below(2) != 0)
		s.context = STR("https://b.example/contexts/1");
	if (random_below(2) != 0)
		s.replies = STR("https://b.example/notes/1/replies");
	if (random_below(2) != 0)
		s.origin = STR("https://b.example/notes/1");
	if (random_below(2) != 0)
		s.taken = STR("https://c.example/notes/1");
	if (random_below(2) != 0)
		s.event = (struct status_event){ .start_ms = any_num(),
						 .end_ms = any_num(),
						 .place = STR("Hall"),
						 .address = any_str(arena),
						 .url = any_str(arena) };
	if (random_below(2) != 0) {
		s.event.join = (enum event_join)random_below(EVENT_JOIN_NONE + 1);
		s.event.state = (enum event_state)random_below(EVENT_CANCELLED + 1);
		s.event.capacity = (uint32_t)any_num();
		s.event.timezone = STR("Europe/Rome");
		s.event.group = any_str(arena);
		any_series(arena, &s.event);
	}
	if (random_below(2) != 0)
		s.excerpt = STR("what it is about");
	s.words = any_words(arena, &s.word_count);
	any_consent(arena, &s);
	s.has_poll = random_below(2) != 0;
	s.mentions = ARENA_ARRAY(arena, STATUS_MENTIONS_MAX, struct status_mention);
	s.tags = ARENA_ARRAY(arena, STATUS_TAGS_MAX, struct str);
	s.attachments = ARENA_ARRAY(arena, STATUS_ATTACHMENTS_MAX, struct status_attachment);
	assert_false(arena_failed(arena));
	for (unsigned i = 0; i < s.mention_count; i++)
		s.mentions[i] =
			(struct status_mention){ any_num(), any_str(arena), any_str(arena) };
	for (unsigned i = 0; i < s.tag_count; i++)
		s.tags[i] = any_str(arena);
	for (unsigned i = 0; i < s.attachment_count; i++)
		s.attachments[i] = (struct status_attachment){ .url = any_str(arena),
							       .blurhash = any_str(arena),
							       .width = (uint32_t)any_num() };
	for (unsigned i = 0; i < s.attachment_count; i++)
		any_details(arena, &s.attachments[i]);
	return s;
}

static bool decodes_status(struct arena *arena, struct str value)
{
	struct status s;
	return status_decode(arena, value, 7, &s);
}

static void statuses_come_back_as_they_were(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 22);
	struct buf row CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	for (int round = 0; round < ROUNDS; round++) {
		struct status s = any_status(arena), b;
		buf_reset(&row);
		status_encode(&row, &s);
		assert_true(status_decode(arena, buf_str(&row), 7, &b));
		assert_int_equal(b.visibility, s.visibility);
		assert_int_equal(b.flags, s.flags);
		assert_true(b.account == s.account && b.parent == s.parent && b.root == s.root &&
			    b.boost_of == s.boost_of && b.edited_ms == s.edited_ms);
		same(b.content.markup, s.content.markup);
		same(b.source, s.source);
		same(b.replies.len != 0 ? b.replies : STR_NONE, s.replies);
		assert_int_equal(b.mention_count, s.mention_count);
		assert_int_equal(b.tag_count, s.tag_count);
		assert_int_equal(b.attachment_count, s.attachment_count);
		for (unsigned i = 0; i < s.mention_count; i++) {
			assert_true(b.mentions[i].account == s.mentions[i].account);
			same(b.mentions[i].handle, s.mentions[i].handle);
		}
		for (unsigned i = 0; i < s.tag_count; i++)
			same(b.tags[i], s.tags[i]);
		for (unsigned i = 0; i < s.attachment_count; i++)
			same(b.attachments[i].blurhash, s.attachments[i].blurhash);
		assert_int_equal(b.emoji_count, s.emoji_count);
		for (unsigned i = 0; i < s.emoji_count; i++)
			same(b.emojis[i].shortcode, s.emojis[i].shortcode);
		same(b.context, s.context);
		same(b.origin, s.origin);
		same(b.taken, s.taken);
		same(b.excerpt, s.excerpt);
		assert_true(b.event.start_ms == s.event.start_ms &&
			    b.event.end_ms == s.event.end_ms);
		same(b.event.place, s.event.place);
		same(b.event.url, s.event.url);
		same(b.event.rule, s.event.rule);
		assert_int_equal(b.event.date_count, s.event.date_count);
		for (unsigned k = 0; k < b.event.date_count; k++) {
			assert_int_equal(b.event.dates[k].original_ms,
					 s.event.dates[k].original_ms);
			assert_int_equal(b.event.dates[k].start_ms, s.event.dates[k].start_ms);
			assert_int_equal(b.event.dates[k].flags, s.event.dates[k].flags);
		}
		assert_true(b.event.join == s.event.join && b.event.state == s.event.state &&
			    b.event.capacity == s.event.capacity);
		same(b.event.timezone, s.event.timezone);
		same(b.event.group, s.event.group);
		assert_int_equal(b.word_count, s.word_count);
		for (unsigned i = 0; i < s.word_count; i++)
			same(b.words[i].content.markup, s.words[i].content.markup);
		for (unsigned i = 0; i < s.attachment_count; i++) {
			const struct status_attachment *x = &s.attachments[i],
						       *y = &b.attachments[i];
			assert_true(x->kind == y->kind && x->has_focus == y->has_focus &&
				    x->focus_x == y->focus_x && x->focus_y == y->focus_y);
			assert_true(str_eq(x->preview, y->preview));
			assert_true(x->medium == y->medium);
		}
		same(b.quote.uri, s.quote.uri);
		same(b.quote.authorization, s.quote.authorization);
		assert_int_equal(b.quote.status, s.quote.status);
		assert_int_equal(b.quote.state, s.quote.state);
		assert_int_equal(b.approval.state, s.approval.state);
		same(b.approval.authorization, s.approval.authorization);
		assert_int_equal(b.policy.given, s.policy.given);
		assert_int_equal(b.policy.count, s.policy.count);
		for (unsigned i = 0; i < s.policy.count; i++) {
			assert_int_equal(b.policy.entries[i].kind, s.policy.entries[i].kind);
			assert_int_equal(b.policy.entries[i].manual, s.policy.entries[i].manual);
			same(b.policy.entries[i].uri, s.policy.entries[i].uri);
		}
		assert_int_equal(b.has_poll, s.has_poll);
		if (round < 2)
			refuses_every_truncation(buf_str(&row), decodes_status);
		arena_reset(arena);
	}
	arena_free(&arena);
}

static void out_of_range_is_damage(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf row CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	struct status s = { .visibility = (enum visibility)(VISIBILITY_MEMBERS + 1) };
	struct account a = { .kind = (enum account_kind)(ACCOUNT_APPLICATION + 1) };
	status_encode(&row, &s);
	assert_false(decodes_status(arena, buf_str(&row)));
	buf_reset(&row);
	account_encode(&row, &a);
	assert_false(decodes_account(arena, buf_str(&row)));
	/* a later version */
	buf_reset(&row);
	a.kind = ACCOUNT_PERSON;
	account_encode(&row, &a);
	row.ptr[0]++;
	assert_false(decodes_account(arena, buf_str(&row)));
	/* more mentions than there may be */
	buf_reset(&row);
	s.visibility = VISIBILITY_PUBLIC;
	status_encode(&row, &s);
	row.ptr[row.len - 4] = 101;
	assert_false(decodes_status(arena, buf_str(&row)));
	arena_free(&arena);
}

/* Rows of a table of parts, and bytes that are no such record. */
static void parts_stand_in_order_once_and_not_empty(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct buf row CLEANUP(buf_free) = BUF_INIT(STATUS_MAX_BYTES);
	struct emoji one = { STR("blob"), STR("https://b.example/blob.png") };
	struct status s = { .emojis = &one, .emoji_count = 1, .context = STR("x") };
	status_encode(&row, &s);
	assert_true(decodes_status(arena, buf_str(&row)));
	/* count, tag 1 with one emoji, tag 2 with a string of one byte */
	char *context = row.ptr + row.len - 3;
	assert_int_equal(context[0], 2);
	context[0] = 1;
	assert_false(decodes_status(arena, buf_str(&row)));
	context[0] = 99;
	assert_false(decodes_status(arena, buf_str(&row)));
	context[0] = 2;
	assert_true(decodes_status(arena, buf_str(&row)));
	for (size_t i = 1; i < status_part_count; i++)
		assert_true(status_parts[i].tag > status_parts[i - 1].tag);
	for (size_t i = 1; i < account_part_count; i++)
		assert_true(account_parts[i].tag > account_parts[i - 1].tag);
	/* an empty part is not left out, and so not what we would have written */
	buf_reset(&row);
	s.emoji_count = 0;
	status_encode(&row, &s);
	row.ptr[row.len - 2] = 1;
	row.len--;
	assert_false(decodes_status(arena, buf_str(&row)));
	arena_free(&arena);
}

static void names_of_visibilities_lead_back(void **state UNUSED)
{
	enum visibility v;
	for (unsigned i = 0; i <= VISIBILITY_MEMBERS; i++) {
		assert_true(visibility_parse(str_of(visibility_name((enum visibility)i)), &v));
		assert_int_equal(v, i);
	}
	assert_false(visibility_parse(STR("Public"), &v));
	assert_false(visibility_parse(STR(""), &v));
}

static bool decodes_follow(struct arena *arena UNUSED, struct str value)
{
	struct follow f;
	return follow_decode(value, &f);
}

static bool decodes_edge(struct arena *arena UNUSED, struct str value)
{
	struct block edge;
	return edge_decode(value, &edge);
}

static bool decodes_audience(struct arena *arena UNUSED, struct str value)
{
	struct audience_inbox inbox;
	return audience_decode(value, &inbox);
}

static void edges_refuse_what_is_short_or_odd(void **state UNUSED)
{
	refuses_every_truncation(STR("\2\2\3\x85\1\6https\3de"), decodes_follow);
	refuses_every_truncation(STR("\1\x85\1\6https"), decodes_edge);
	refuses_every_truncation(STR("\1\3\6https"), decodes_audience);
	assert_true(decodes_follow(NULL, STR("\2\2\0\1\1\1")));
	assert_false(decodes_follow(NULL, STR("\2\3\0\1\1\1")));
	assert_false(decodes_follow(NULL, STR("\1\2\0\1\1\1")));
	assert_false(decodes_follow(NULL, STR("\2\2\4\1\1\1")));
}

/* Keys: the order of bytes is the order of meaning. */
static void keys_sort_as_their_numbers_do(void **state UNUSED)
{
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t a = any_num(), b = any_num(), c = any_num(), d = any_num();
		struct reckey x = reckey_u64_u64(a, b), y = reckey_u64_u64(c, d);
		int expected = a != c ? (a < c ? -1 : 1) : b != d ? (b < d ? -1 : 1) : 0;
		int got = str_cmp(reckey_str(&x), reckey_str(&y));
		assert_int_equal((got > 0) - (got < 0), expected);
	}
}

static void handles_of_here_and_elsewhere_never_meet(void **state UNUSED)
{
	struct reckey local = account_handle_key(STR("Alice"), STR(""));
	struct reckey lower = account_handle_key(STR("alice"), STR(""));
	struct reckey remote = account_handle_key(STR("alice"), STR("a.example"));
	struct reckey shifted = account_handle_key(STR("alice@a"), STR("example"));
	assert_str_eq(reckey_str(&local), STR("lalice"));
	assert_str_eq(reckey_str(&local), reckey_str(&lower));
	assert_int_equal(remote.bytes[0], 'r');
	assert_false(str_eq(reckey_str(&remote), reckey_str(&shifted)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accounts_come_back_as_they_were),
		cmocka_unit_test(statuses_come_back_as_they_were),
		cmocka_unit_test(out_of_range_is_damage),
		cmocka_unit_test(parts_stand_in_order_once_and_not_empty),
		cmocka_unit_test(names_of_visibilities_lead_back),
		cmocka_unit_test(edges_refuse_what_is_short_or_odd),
		cmocka_unit_test(keys_sort_as_their_numbers_do),
		cmocka_unit_test(handles_of_here_and_elsewhere_never_meet),
	};
	return cmocka_run_group_tests_name("codec", tests, NULL, NULL);
}
