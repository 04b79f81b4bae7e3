/* The pages of teams: a draft as who reviews it sees it, members, the trail, what each role is offered. */
#include "../teams_int.h"
#include "pagekit.h"

static const struct account desk = { .id = 7,
				     .kind = ACCOUNT_ORGANIZATION,
				     .flags = ACCOUNT_LOCAL | ACCOUNT_TEAM,
				     .username = STR_INIT("desk"),
				     .domain = STR_INIT(""),
				     .display_name = STR_INIT("Desk " MARKER) };
static const struct account ann = { .id = 9,
				    .flags = ACCOUNT_LOCAL,
				    .username = STR_INIT("ann"),
				    .domain = STR_INIT(""),
				    .display_name = STR_INIT("Ann " MARKER) };
static const struct account bob = { .id = 10,
				    .flags = ACCOUNT_LOCAL,
				    .username = STR_INIT("bob"),
				    .domain = STR_INIT(""),
				    .display_name = STR_INIT("") };

struct scene {
	struct kit kit;
	struct post_params params;
	struct team_draft_view draft;
	struct team_person members[2];
	struct team_done log[2];
	struct consent_view form;
	struct team_page page;
};

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
}

static void scene_init(struct scene *s)
{
	*s = (struct scene){ .form = { .path = TEAMS_PATH,
				       .query = STR(""),
				       .token = STR("form-token"),
				       .passkey = STR("") } };
	kit_init(&s->kit);
	s->params = (struct post_params){ .text = STR("Words " MARKER),
					  .spoiler = STR("Careful " MARKER),
					  .language = STR("de"),
					  .sensitive = true,
					  .parent = 5,
					  .has_poll = true,
					  .poll = { .options = { STR("A " MARKER), STR("B") },
						    .option_count = 2,
						    .multiple = true,
						    .secret = true,
						    .lasts_ms = 2 * MS_PER_DAY } };
	s->draft.row = (struct scheduled){ .id = 11,
					   .account = desk.id,
					   .state = SCHEDULED_WAITING,
					   .writer = bob.id,
					   .owner = bob.id,
					   .changed_ms = 1234,
					   .note = STR("") };
	s->draft.writer = bob;
	s->draft.params = &s->params;
	s->draft.visibility = VISIBILITY_FOLLOWERS;
	s->members[0] = (struct team_person){
		ann, { .team = 7, .person = 9, .role = TEAM_ADMINISTRATOR, .since_ms = KIT_WALL_MS }
	};
	s->members[1] = (struct team_person){
		bob, { .team = 7, .person = 10, .role = TEAM_AUTHOR, .since_ms = KIT_WALL_MS }
	};
	s->log[0] = (struct team_done){ .entry = { .id = 4,
						   .at_ms = KIT_WALL_MS,
						   .person = 9,
						   .act = STR("member.role"),
						   .about = 10,
						   .words = STR("author " MARKER) },
					.who = ann,
					.about = bob };
	s->log[1] = (struct team_done){
		.entry = { .id = 3, .act = STR("something.new"), .words = STR("") }
	};
	s->page = (struct team_page){ .form = s->form,
				      .choice = { desk, TEAM_ADMINISTRATOR },
				      .team = { .id = 7, .credit = TEAM_CREDIT_PUBLIC },
				      .person = ann.id,
				      .members = s->members,
				      .member_count = 2,
				      .log = s->log,
				      .log_count = 2,
				      .complaint = STR("") };
	s->page.form.path = TEAMS_PATH "/desk";
}

static struct str draft_of(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_draft(&out, s->kit.web, &s->form, &s->draft);
	return arena_take_buf(s->kit.d.arena, &out);
}

static struct str page_of(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_team(&out, s->kit.web, &s->page);
	return arena_take_buf(s->kit.d.arena, &out);
}

static struct str step(struct scene *s, const char *name)
{
	return arena_printf(s->kit.d.arena, "name=\"step\" value=\"%s\"", name);
}

static void a_reviewer_sees_all_that_would_be_published(void **state UNUSED)
{
	static const char *const shown[] = {
		"Words " MARKER_ESCAPED,
		"Careful " MARKER_ESCAPED,
		"A " MARKER_ESCAPED "</li>",
		"Several of these can be chosen. It goes on for 2 days. Nobody sees the votes",
		"Followers will see it.",
		"Language: de",
		"It answers a post.",
		"lang=\"de\"",
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct str page = draft_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		assert_has(page, str_of(shown[i]));
	assert_has_not(page, STR(MARKER));
	assert_has_not(page, step(&s, "approve"));
	/* what was seen is what is approved */
	s.draft.may_review = true;
	page = draft_of(&s);
	assert_has(page, step(&s, "approve"));
	assert_has(page, STR("name=\"seen\" value=\"1234\""));
	/* what cannot be seen has no link */
	assert_has_not(page, STR("It answers a post.</a>"));
	s.draft.parent = (struct status){ .id = 5, .account = ann.id };
	s.draft.parent_author = ann;
	assert_has(draft_of(&s), STR("<a href=\"/@ann/5\">It answers a post.</a>"));
}

static void media_are_shown_with_their_descriptions(void **state UNUSED)
{
	static const struct draft_medium media[] = {
		{ ATTACHMENT_IMAGE, STR_INIT("https://n.example/media/a.png"),
		  STR_INIT("https://n.example/media/a-small.png"), 64, 48,
		  STR_INIT("A slope " MARKER) },
		{ ATTACHMENT_VIDEO, STR_INIT("https://n.example/media/b.mp4"),
		  STR_INIT("https://n.example/media/b.jpg"), 0, 0, STR_INIT("") },
		{ ATTACHMENT_AUDIO, STR_INIT("https://n.example/media/c.mp3"), STR_INIT(""), 0, 0,
		  STR_INIT("A song") },
		{ ATTACHMENT_IMAGE, STR_INIT(""), STR_INIT(""), 0, 0, STR_INIT("") },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	memcpy(s.draft.media, media, sizeof(media));
	s.draft.media_count = ARRAY_LEN(media);
	struct str page = draft_of(&s);
	assert_has(page, STR("<a href=\"https://n.example/media/a.png\"><img loading=\"lazy\" "
			     "src=\"https://n.example/media/a-small.png\" "
			     "alt=\"A slope " MARKER_ESCAPED "\" width=\"64\" height=\"48\">"));
	assert_has(page, STR("Description: A slope " MARKER_ESCAPED "</figcaption>"));
	assert_has(page, STR("<video controls preload=\"metadata\" "
			     "src=\"https://n.example/media/b.mp4\""));
	assert_has(page, STR("poster=\"https://n.example/media/b.jpg\""));
	assert_has(page, STR("<audio controls"));
	assert_has(page, STR("not ready to be shown yet"));
	assert_has(page, STR("What is attached will be covered."));
	assert_int_equal(count_of(page, STR("<figure")), ARRAY_LEN(media));
}

static void an_administrator_looks_after_members(void **state UNUSED)
{
	static const char *const steps[] = { "give", "remove", "hand_over", "set" };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct str page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_has(page, step(&s, steps[i]));
	/* each member's, and the one for a new one */
	assert_int_equal(count_of(page, step(&s, "give")), 3);
	assert_int_equal(count_of(page, STR("<form method=\"post\" action=\"/auth/teams/desk\"")),
			 count_of(page, STR("name=\"token\" value=\"form-token\"")));
	assert_has(page, STR("<option value=\"author\" selected>"));
	assert_has(page, STR("<option value=\"public\" selected>"));
	assert_has(page, STR("changed a role: <a href=\"/@bob\">"));
	assert_has(page, STR("author " MARKER_ESCAPED));
	/* an act of a later version is named all the same */
	assert_has(page, STR("something.new"));
	assert_has_not(page, STR(MARKER));
	assert_has_not(page, STR("rel=\"next\""));
	s.page.log_next = 3;
	assert_has(page_of(&s), STR("<a rel=\"next\" href=\"/auth/teams/desk?before=3\">"));
}

static void who_looks_after_nothing_is_offered_to_leave(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.choice.role = TEAM_AUTHOR;
	s.page.person = bob.id;
	s.page.log_count = 0;
	struct str page = page_of(&s);
	assert_int_equal(count_of(page, STR("<form")), 1);
	assert_has(page, step(&s, "remove"));
	assert_has(page, STR("name=\"account\" value=\"10\""));
	assert_has(page, STR("Leave the team"));
	assert_has_not(page, STR("What was done"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reviewer_sees_all_that_would_be_published),
		cmocka_unit_test(media_are_shown_with_their_descriptions),
		cmocka_unit_test(an_administrator_looks_after_members),
		cmocka_unit_test(who_looks_after_nothing_is_offered_to_leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
