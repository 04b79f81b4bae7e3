/* The entities Community and CommunityMember, by the letter: with all that they may have, and with nothing. */
#include "../community_int.h"
#include "testkit.h"

static const struct site site = { .domain = STR_INIT("a.example"),
				  .base = STR_INIT("https://a.example") };

struct writing {
	struct buf out, account;
};

static void writing_free(struct writing *w)
{
	buf_free(&w->out);
	buf_free(&w->account);
}

/* An account in it is as everywhere. */
static struct str account_json(struct writing *w, const struct account_view *view)
{
	struct jw jw;
	buf_reset(&w->account);
	jw_init(&jw, &w->account);
	render_account(&jw, &site, view);
	jw_done(&jw);
	return buf_str(&w->account);
}

static void check(struct writing *w, const char *wanted, struct str account, const char *rest)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT((size_t)1 << 16);
	buf_addf(&text, "%s%.*s%s", wanted, STR_ARG(account), rest);
	assert_str_eq(buf_str(&w->out), buf_str(&text));
}

static void community_render(struct writing *w, const struct community_view *view)
{
	struct jw jw;
	buf_reset(&w->out);
	jw_init(&jw, &w->out);
	render_community(&jw, &site, view);
	jw_done(&jw);
}

static void card_render(struct writing *w, const struct community_card *card)
{
	struct jw jw;
	buf_reset(&w->out);
	jw_init(&jw, &w->out);
	render_card_of(&jw, &site, card);
	jw_done(&jw);
}

static const struct account group = { .id = 9,
				      .kind = ACCOUNT_GROUP,
				      .username = STR_INIT("botany"),
				      .display_name = STR_INIT("Botany"),
				      .uri = STR_INIT("https://a.example/users/botany"),
				      .url = STR_INIT("https://a.example/@botany") };

static void a_community_of_here(void **state UNUSED)
{
	struct writing w CLEANUP(writing_free) = { BUF_INIT(1 << 16), BUF_INIT(1 << 16) };
	const struct account_view shown = { .account = &group, .counts = { .followers = 12 } };
	struct str languages[] = { STR("en") }, rules[] = { STR("Be \"kind\"") };
	struct community_flair flairs[] = { { 3, STR("Question"), STR("#3366cc") },
					    { 77, STR("News"), STR("") } };
	struct str tags[] = { STR("Moss") };
	struct community_condition conditions[] = { { STR("department"), STR("chemistry") } };
	struct community_view view = {
		.group = &shown,
		.local = true,
		.settings = { .id = 9,
			      .parent = 7,
			      .kind = STR("course"),
			      .join = COMMUNITY_JOIN_BY_ATTRIBUTE,
			      .sight = COMMUNITY_MEMBERS,
			      .posting = COMMUNITY_POST_APPOINTED,
			      .premoderated = true,
			      .slow_s = 30,
			      .retention_days = 365,
			      .languages = languages,
			      .language_count = 1,
			      .rules = rules,
			      .rule_count = 1,
			      .flairs = flairs,
			      .flair_count = 2,
			      .tags = tags,
			      .tag_count = 1,
			      .terms = { .conditions = conditions,
					 .condition_count = 1,
					 .all = true,
					 .others_ask = true,
					 .grace_days = 14 } },
		.given = COMMUNITY_GIVES_KIND | COMMUNITY_GIVES_JOIN,
		.totals = { 3, 4 },
		.known_viewer = true,
		.own = { .standing = { .member = true,
				       .permissions = COMMUNITY_MAY_POST | COMMUNITY_MAY_PIN },
			 .role = { .id = 2, .name = STR("member") } },
	};
	community_render(&w, &view);
	check(&w,
	      "{\"id\":\"9\",\"name\":\"botany\",\"title\":\"Botany\","
	      "\"url\":\"https://a.example/@botany\",\"local\":true,\"account\":",
	      account_json(&w, &shown),
	      ",\"tags\":[\"Moss\"],\"members_count\":12,\"threads_count\":3,\"comments_count\":4,"
	      "\"settings\":{"
	      "\"parent_id\":\"7\",\"kind\":\"course\",\"join\":\"attribute\",\"terms\":{"
	      "\"conditions\":[\"department=chemistry\"],\"match\":\"all\",\"others\":\"request\","
	      "\"grace_days\":14},\"sight\":\"members\",\"posting\":\"appointed\","
	      "\"premoderated\":true,\"slow_seconds\":30,\"retention_days\":365,"
	      "\"languages\":[\"en\"],\"rules\":[\"Be \\\"kind\\\"\"],\"flairs\":[{\"id\":3,"
	      "\"name\":\"Question\",\"colour\":\"#3366cc\"},{\"id\":77,\"name\":\"News\","
	      "\"colour\":null}],\"tags\":[\"Moss\"],\"given\":[\"kind\",\"join\"]},\"own\":{"
	      "\"member\":true,"
	      "\"requested\":false,\"banned\":false,\"membership_ends_at\":null,\"role\":"
	      "\"member\",\"permissions\":[\"post\","
	      "\"pin\"]}}");
}

static void a_community_elsewhere(void **state UNUSED)
{
	struct writing w CLEANUP(writing_free) = { BUF_INIT(1 << 16), BUF_INIT(1 << 16) };
	struct account other = group;
	other.domain = STR("b.example");
	other.url = STR("");
	const struct account_view shown = { .account = &other };
	const struct community_view view = { .group = &shown };
	community_render(&w, &view);
	check(&w,
	      "{\"id\":\"9\",\"name\":\"botany\",\"title\":\"Botany\","
	      "\"url\":\"https://a.example/users/botany\",\"local\":false,\"account\":",
	      account_json(&w, &shown),
	      ",\"tags\":[],\"members_count\":0,\"threads_count\":0,\"comments_count\":0,"
	      "\"settings\":null,"
	      "\"own\":null}");
}

static void a_member(void **state UNUSED)
{
	struct writing w CLEANUP(writing_free) = { BUF_INIT(1 << 16), BUF_INIT(1 << 16) };
	const struct account bob = { .id = 5, .username = STR("bob"), .note = { STR("") } };
	const struct account_view shown = { .account = &bob };
	struct community_card card = { .account = &shown,
				       .standing = { .member = true, .role = COMMUNITY_MEMBER },
				       .role = { .id = 2, .name = STR("member") },
				       .joined_ms = UINT64_C(1700000000000) };
	card_render(&w, &card);
	check(&w, "{\"account\":", account_json(&w, &shown),
	      ",\"member\":true,\"banned\":false,\"joined_at\":\"2023-11-14T22:13:20.000Z\","
	      "\"membership_ends_at\":null,"
	      "\"role\":{\"id\":\"2\",\"name\":\"member\"},\"role_since\":null,\"badges\":[]}");
	/* as moderators see one with a role, who is banned */
	card.standing = (struct community_standing){ .banned = true, .role = COMMUNITY_MODERATOR };
	card.role = (struct community_role){ .id = 3, .name = STR("moderator") };
	card.row = (struct community_member){ .account = 5,
					      .since_ms = UINT64_C(1700000001000),
					      .until_ms = UINT64_C(1700000002000),
					      .strikes = 2,
					      .reason = STR("rude"),
					      .note = STR("watch") };
	card.joined_ms = 0;
	card.full = true;
	card_render(&w, &card);
	check(&w, "{\"account\":", account_json(&w, &shown),
	      ",\"member\":false,\"banned\":true,\"joined_at\":null,\"membership_ends_at\":null,"
	      "\"role\":{\"id\":\"3\","
	      "\"name\":\"moderator\"},\"role_since\":\"2023-11-14T22:13:21.000Z\",\"badges\":[],"
	      "\"strikes\":2,\"note\":\"watch\",\"ban_reason\":\"rude\","
	      "\"ban_until\":\"2023-11-14T22:13:22.000Z\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_community_of_here),
		cmocka_unit_test(a_community_elsewhere),
		cmocka_unit_test(a_member),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
