/* The page of reports: what it shows, and that nothing on it is taken for markup. */
#include "../lanes_int.h"
#include "pagekit.h"

struct scene {
	struct kit kit;
	struct lane_choice choices[2];
	struct report_event events[2];
	struct str who[2];
	struct lane_post posts[1];
	struct lane_item items[1];
	struct lane_appeal appeals[1];
	struct preset presets[1];
	struct lane_act acts[1];
	struct lanes_page page;
};

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
}

/* Of each thing one, in the lane of a community. */
static void scene_init(struct scene *s)
{
	kit_init(&s->kit);
	s->choices[0] = (struct lane_choice){ .name = STR("Town") };
	s->choices[1] = (struct lane_choice){ .community = 7,
					      .name = STR("Botany " MARKER),
					      .permissions = COMMUNITY_MAY_ALL };
	s->events[0] = (struct report_event){
		.id = 31, .kind = REPORT_NOTED, .who = 9, .text = STR("Seen " MARKER)
	};
	s->events[1] = (struct report_event){ .id = 32, .kind = REPORT_ESCALATED, .text = STR("") };
	s->who[0] = STR("@ann@town.example");
	s->who[1] = STR("");
	s->posts[0] = (struct lane_post){
		.status = { .id = 11,
			    .uri = STR("https://b.example/n/1"),
			    .url = STR(""),
			    .content = html_trusted(STR("<p>A reported post</p>")),
			    .created_ms = KIT_WALL_MS },
		.author = { .id = 5, .username = STR("bob"), .domain = STR("b.example") },
	};
	s->items[0] = (struct lane_item){
		.report = { .id = 21,
			    .community = 7,
			    .lane = 7,
			    .comment = STR("Rude " MARKER),
			    .category = REPORT_SPAM,
			    .created_ms = KIT_WALL_MS },
		.reporter = STR("@carol@town.example"),
		.target = STR("@bob@b.example"),
		.assigned = STR(""),
		.posts = s->posts,
		.post_count = 1,
		.events = s->events,
		.who = s->who,
		.event_count = 2,
	};
	s->appeals[0] = (struct lane_appeal){ .strike = { .id = 41,
							  .community = 7,
							  .action = MODERATE_BAN,
							  .text = STR("Why " MARKER),
							  .appeal_text = STR("Not so " MARKER) },
					      .who = STR("@dora@town.example") };
	s->presets[0] = (struct preset){ .id = 51, .title = STR("Tone " MARKER), .text = STR("x") };
	s->acts[0] = (struct lane_act){ STR("community.ban"), STR("@ann@town.example"),
					STR("2026-11-20T10:00:00.000Z") };
	s->page = (struct lanes_page){ .form = { .path = LANES_PATH,
						 .query = STR("community=7"),
						 .token = STR("form-token"),
						 .passkey = STR("") },
				       .complaint = STR(""),
				       .choices = s->choices,
				       .choice_count = 2,
				       .here = &s->choices[1],
				       .viewer = 9,
				       .items = s->items,
				       .item_count = 1,
				       .appeals = s->appeals,
				       .appeal_count = 1,
				       .presets = s->presets,
				       .preset_count = 1,
				       .acts = s->acts,
				       .act_count = 1 };
}

static struct str shown(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_lanes(&out, s->kit.web, &s->page);
	return arena_take_buf(s->kit.d.arena, &out);
}

static void a_report_stands_with_its_history_and_forms(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	struct str page = shown(&s);
	assert_has(page, STR("<h2><bdi>Botany " MARKER_ESCAPED "</bdi></h2>"));
	assert_has(page, STR("<bdi>@bob@b.example</bdi>: spam"));
	assert_has(page, STR("Rude " MARKER_ESCAPED));
	assert_has(page, STR("A reported post"));
	assert_has(page, STR("href=\"https://b.example/n/1\""));
	assert_has(page, STR("Seen " MARKER_ESCAPED));
	assert_has(page, STR("who runs the server"));
	assert_has(page, STR("action=\"/auth/reports?community=7\""));
	assert_has(page, STR("name=\"token\" value=\"form-token\""));
	/* one's own note can be removed; a community bans, and does not suspend */
	assert_has(page, STR("name=\"about\" value=\"31\""));
	assert_has(page, STR("<option value=\"ban\">"));
	assert_has_not(page, STR("<option value=\"suspend\">"));
	assert_has(page, STR("<option value=\"51\">Tone " MARKER_ESCAPED));
	assert_has(page, STR("Leave it to the server"));
	assert_has(page, STR("Not so " MARKER_ESCAPED));
	assert_has(page, STR("name=\"type\" value=\"escalate\""));
	assert_has(page, STR("<code>community.ban</code>"));
	assert_has_not(page, STR(MARKER));
}

static void the_node_has_acts_of_its_own(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	s.page.here = &s.choices[0];
	s.page.preset_count = s.page.act_count = 0;
	struct str page = shown(&s);
	assert_has(page, STR("<option value=\"suspend\">"));
	assert_has_not(page, STR("<option value=\"ban\">"));
	assert_has(page, STR("Hand it to the community"));
	assert_has_not(page, STR("name=\"type\" value=\"escalate\""));
	/* what is about no community is handed to none */
	s.items[0].report.community = 0;
	assert_has_not(shown(&s), STR("Hand it to the community"));
}

static void what_a_role_does_not_permit_is_not_offered(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	s.choices[1].permissions = COMMUNITY_MAY_REPORTS | COMMUNITY_MAY_LOCK;
	struct str page = shown(&s);
	assert_has(page, STR("<option value=\"warn\">"));
	assert_has(page, STR("<option value=\"lock\">"));
	assert_has_not(page, STR("<option value=\"remove\">"));
	assert_has_not(page, STR("<option value=\"ban\">"));
	/* somebody else's note stays */
	s.page.viewer = 10;
	assert_has_not(shown(&s), STR("name=\"about\" value=\"31\""));
}

static void whoever_handles_nothing_is_told_so(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	s.page.here = NULL;
	s.page.choice_count = 0;
	assert_has(shown(&s), STR("There are no reports that you handle."));
	s.page.complaint = STR("No " MARKER);
	assert_has(shown(&s), STR("role=\"alert\">No " MARKER_ESCAPED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_stands_with_its_history_and_forms),
		cmocka_unit_test(the_node_has_acts_of_its_own),
		cmocka_unit_test(what_a_role_does_not_permit_is_not_offered),
		cmocka_unit_test(whoever_handles_nothing_is_told_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
