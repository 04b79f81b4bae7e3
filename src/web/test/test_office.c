/* The office of a community: what it shows, to whom, and how. */
#include "../office_int.h"
#include "pagekit.h"

static const struct account botany = { .id = 7,
				       .kind = ACCOUNT_GROUP,
				       .flags = ACCOUNT_LOCAL,
				       .username = STR_INIT("botany"),
				       .domain = STR_INIT(""),
				       .display_name = STR_INIT("Botany " MARKER),
				       .note_source = STR_INIT("About " MARKER) };
static const struct account ann = { .id = 9,
				    .flags = ACCOUNT_LOCAL,
				    .username = STR_INIT("ann"),
				    .domain = STR_INIT(""),
				    .display_name = STR_INIT("Ann " MARKER) };

struct scene {
	struct kit kit;
	struct community_role roles[3];
	struct account requests[1];
	struct office_post posts[1];
	struct office_person staff[1], banned[1];
	struct community_invite invites[1];
	struct str rules[2];
	struct community_flair flairs[2];
	struct event_card events[1];
	struct room_consultation consultations[2];
	struct room_resource resources[1];
	struct consultation_result result;
	struct office_partner partners[3];
	struct office_page page;
};

static void scene_free(struct scene *s)
{
	kit_free(&s->kit);
}

/* Of each thing one, with all permissions. */
static void scene_init(struct scene *s)
{
	kit_init(&s->kit);
	s->roles[0] = (struct community_role){ .id = COMMUNITY_MEMBER, .name = STR("member") };
	s->roles[1] = (struct community_role){ .id = COMMUNITY_OWNER,
					       .position = 100,
					       .permissions = COMMUNITY_MAY_ALL,
					       .name = STR("owner") };
	s->roles[2] = (struct community_role){ .id = COMMUNITY_ROLE_OWN,
					       .position = 3,
					       .permissions = COMMUNITY_MAY_PIN,
					       .name = STR("Tutor " MARKER) };
	s->requests[0] = ann;
	s->posts[0] = (struct office_post){
		.status = { .id = 11,
			    .title = STR("Title " MARKER),
			    .spoiler = STR(""),
			    .content = html_trusted(STR("<p>May I?</p>")),
			    .created_ms = KIT_WALL_MS,
			    .edited_ms = 1700000000001 },
		.author = ann,
	};
	s->staff[0] = (struct office_person){ .account = ann, .role = STR("Tutor " MARKER) };
	s->banned[0] = (struct office_person){
		.account = ann, .member = { .until_ms = KIT_WALL_MS, .reason = STR("rude " MARKER) }
	};
	s->invites[0] = (struct community_invite){
		.id = 13, .role = COMMUNITY_ROLE_OWN, .limit = 5, .uses = 2
	};
	s->rules[0] = STR("Be kind " MARKER);
	s->rules[1] = STR("Be brief");
	s->flairs[0] = (struct community_flair){ 1, STR("Question"), STR("#3366cc") };
	s->flairs[1] = (struct community_flair){ 2, STR("Talk"), STR("") };
	s->page = (struct office_page){
		.form = { .path = OFFICE_PATH,
			  .query = STR("community=7"),
			  .token = STR("form-token"),
			  .passkey = STR("") },
		.complaint = STR(""),
		.invitation = STR(""),
		.group = &botany,
		.permissions = COMMUNITY_MAY_ALL,
		.own = s->roles[1],
		.given = { .id = 7,
			   .given = COMMUNITY_GIVES_JOIN | COMMUNITY_GIVES_SLOW,
			   .join = COMMUNITY_JOIN_ON_REQUEST,
			   .slow_s = 30,
			   .kind = STR("course"),
			   .rules = s->rules,
			   .rule_count = 2,
			   .flairs = s->flairs,
			   .flair_count = 2 },
		.roles = s->roles,
		.role_count = 3,
		.requests = s->requests,
		.request_count = 1,
		.posts = s->posts,
		.post_count = 1,
		.staff = s->staff,
		.staff_count = 1,
		.banned = s->banned,
		.banned_count = 1,
		.invites = s->invites,
		.invite_count = 1,
	};
}

static struct str page_of(struct scene *s)
{
	struct buf out = BUF_INIT(PAGE_BYTES_MAX);
	render_office(&out, s->kit.web, &s->page);
	return arena_take_buf(s->kit.d.arena, &out);
}

static struct str step(struct scene *s, const char *name)
{
	return arena_printf(s->kit.d.arena, "name=\"step\" value=\"%s\"", name);
}

static void an_owner_sees_all_of_it(void **state UNUSED)
{
	static const char *const steps[] = { "admit",	  "refuse",   "approve", "reject",
					     "appoint",	  "put_out",  "ban",	 "unban",
					     "invite",	  "uninvite", "change",	 "role",
					     "role_drop", "transfer", "close" };
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct str page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_has(page, step(&s, steps[i]));
	/* a post is approved as it was when the page was made */
	assert_has(page, STR("name=\"seen\" value=\"1700000000001\""));
	/* one own role, and no other, can be removed; each can be changed, and a new one made */
	assert_int_equal(count_of(page, step(&s, "role_drop")), 1);
	assert_int_equal(count_of(page, step(&s, "role")), 4);
	assert_has(page, STR("action=\"/auth/communities?community=7\""));
	assert_has(page, STR("until 20 November 2026"));
	assert_has(page, STR("used 2 times of 5 uses"));
	assert_has(page, STR("Type its name, botany, to delete it"));
	/* what strangers wrote is text everywhere (S-085) */
	assert_has_not(page, STR(MARKER));
	assert_has(page, STR(MARKER_ESCAPED));
	/* each button and each field is in a form that only its session can send */
	assert_int_equal(count_of(page, STR("<form method=\"post\"")),
			 count_of(page, STR("name=\"token\" value=\"form-token\"")));
}

static void settings_stand_as_they_are_given(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct str page = page_of(&s);
	assert_has(page, STR("<option value=\"request\" selected>"));
	assert_has_not(page, STR("<option value=\"public\" selected>"));
	assert_has(page, STR("value=\"30\""));
	assert_has(page, STR(">\nBe kind " MARKER_ESCAPED "\nBe brief</textarea>"));
	assert_has(page, STR(">\nQuestion=#3366cc\nTalk</textarea>"));
	assert_has(page, STR(">\nAbout " MARKER_ESCAPED "</textarea>"));
	/* what is not given is what is above it */
	s.page.given.given = 0;
	page = page_of(&s);
	assert_has_not(page, STR("<option value=\"request\" selected>"));
	assert_has_not(page, STR("value=\"30\""));
}

static void a_role_shows_what_it_permits(void **state UNUSED)
{
	static const struct {
		unsigned permission;
		const char *shows[3], *hides[3];
	} rows[] = {
		{ COMMUNITY_MAY_ADMIT,
		  { "admit", "refuse", NULL },
		  { "ban", "change", "approve" } },
		{ COMMUNITY_MAY_APPROVE,
		  { "approve", "reject", NULL },
		  { "admit", "ban", "role" } },
		{ COMMUNITY_MAY_BAN,
		  { "ban", "put_out", "unban" },
		  { "appoint", "role", "close" } },
		{ COMMUNITY_MAY_ROLES, { "appoint", "role", NULL }, { "ban", "unban", "change" } },
		{ COMMUNITY_MAY_INVITE,
		  { "invite", "uninvite", NULL },
		  { "ban", "role", "admit" } },
		{ COMMUNITY_MAY_EDIT, { "change", NULL }, { "role", "transfer", "close" } },
	};
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.own = (struct community_role){ .id = COMMUNITY_MODERATOR, .name = STR("moderator") };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		s.page.permissions = rows[i].permission;
		struct str page = page_of(&s);
		for (size_t k = 0; k < 3 && rows[i].shows[k] != NULL; k++)
			assert_has(page, step(&s, rows[i].shows[k]));
		for (size_t k = 0; k < 3; k++)
			assert_has_not(page, step(&s, rows[i].hides[k]));
	}
}

static void the_list_leads_to_each(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	struct office_row row = { .account = botany, .role = s.roles[2] };
	s.page.group = NULL;
	s.page.form.query = STR("");
	struct str page = page_of(&s);
	assert_has(page, STR("You are in no community of this server."));
	assert_has(page, step(&s, "make"));
	assert_has_not(page, STR("name=\"parent\""));
	row.parent = true;
	s.page.rows = &row;
	s.page.row_count = 1;
	page = page_of(&s);
	assert_has(page, STR("<a href=\"/auth/communities?community=7\">"));
	assert_has(page, STR("<option value=\"7\">"));
	assert_has(page, STR("Tutor " MARKER_ESCAPED));
	assert_has_not(page, STR(MARKER));
}

static void what_was_done_or_went_wrong_is_said(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	scene_init(&s);
	s.page.changed = true;
	s.page.complaint = STR("no " MARKER);
	s.page.invitation = STR("https://a.example/communities/join?code=x");
	struct str page = page_of(&s);
	assert_has(page, STR("<p role=\"status\">It was changed.</p>"));
	assert_has(page, STR("role=\"alert\">no " MARKER_ESCAPED));
	assert_has(page,
		   STR("<code class=\"code\">https://a.example/communities/join?code=x</code>"));
}

/* --- the room --- */

static void room_init(struct scene *s)
{
	scene_init(s);
	s->events[0] = (struct event_card){
		.status = { .id = 21,
			    .title = STR("Walk " MARKER),
			    .event = { .start_ms = KIT_WALL_MS, .place = STR("Bridge " MARKER) } },
		.date = { .start_ms = KIT_WALL_MS },
		.attendance = { .going = 3 },
		.may_join = true,
	};
	struct consultation c = { .id = 31,
				  .community = 7,
				  .opens_ms = KIT_WALL_MS,
				  .closes_ms = KIT_WALL_MS,
				  .question = STR("Where to? " MARKER),
				  .description = STR("Two days.\n\nBy train. " MARKER),
				  .options = { STR("Hills " MARKER), STR("Sea") },
				  .option_count = 2 };
	s->consultations[0] = (struct room_consultation){
		.consultation = c, .state = CONSULTATION_OPEN, .turnout = 1, .may_vote = true
	};
	c.id = 32;
	s->consultations[1] = (struct room_consultation){ .consultation = c,
							  .state = CONSULTATION_CLOSED,
							  .turnout = 2,
							  .voted = true,
							  .result = &s->result };
	s->result = (struct consultation_result){ .decided = true };
	s->result.tally.round_count = 1;
	s->result.tally.rounds[0].votes[1] = 2;
	s->result.tally.winner[1] = true;
	s->resources[0] = (struct room_resource){ .resource = { .id = 41 },
						  .version = { .number = 3,
							       .at_ms = KIT_WALL_MS,
							       .title = STR("Flora " MARKER),
							       .description = STR(MARKER),
							       .note = STR("") },
						  .url = STR("https://flora.example/"),
						  .may_drop = true };
	s->page.permissions = 0;
	s->page.own = (struct community_role){ .id = COMMUNITY_MEMBER, .name = STR("member") };
	s->page.room = (struct room){ .events = s->events,
				      .event_count = 1,
				      .consultations = s->consultations,
				      .consultation_count = 2,
				      .resources = s->resources,
				      .resource_count = 1,
				      .receipt = STR("") };
}

static void a_member_finds_events_votes_and_what_is_shared(void **state UNUSED)
{
	static const char *const steps[] = { "join", "vote", "unshare", "leave_community" };
	static const char *const hidden[] = { "call", "cancel", "share", "change", "ban", "admit" };
	struct scene CLEANUP(scene_free) s;
	room_init(&s);
	struct str page = page_of(&s);
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		assert_int_equal(count_of(page, step(&s, steps[i])), 1);
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		assert_has_not(page, step(&s, hidden[i]));
	assert_has(page, STR("3 take part"));
	assert_has(page, STR("<a href=\"https://flora.example/\""));
	assert_has(page, STR("Version 3"));
	assert_has(page, STR("<p dir=\"auto\">Two days.</p>\n<p dir=\"auto\">By train. "));
	assert_has(page, STR("<strong> <span dir=\"auto\">Sea</span></strong>: 2 votes"));
	assert_has(page, STR("/api/fediflow/v1/consultations/32/result"));
	assert_has_not(page, STR(MARKER));
	/* one that was not counted for the page leads to its result all the same */
	s.consultations[1].result = NULL;
	page = page_of(&s);
	assert_has(page, STR("/api/fediflow/v1/consultations/32/result"));
	assert_has_not(page, STR(": 2 votes"));
	/* a link that could run something is none */
	s.resources[0].url = STR("javascript:alert(1)");
	assert_has_not(page_of(&s), STR("javascript:"));
}

static void each_state_of_taking_part_has_its_words_and_buttons(void **state UNUSED)
{
	static const struct {
		enum participation mine;
		bool may_join;
		const char *says;
		unsigned join, leave;
	} rows[] = {
		{ PARTICIPATION_NONE, true, "3 take part", 1, 0 },
		{ PARTICIPATION_NONE, false, "3 take part", 0, 0 },
		{ PARTICIPATION_WAITING, false, "You have asked to come.", 0, 1 },
		{ PARTICIPATION_GOING, false, "You take part.", 0, 1 },
		{ PARTICIPATION_REFUSED, false, "You were refused.", 0, 0 },
		{ PARTICIPATION_INVITED, true, "You are invited.", 1, 1 },
		{ PARTICIPATION_DECLINED, true, "You have declined.", 1, 0 },
	};
	struct scene CLEANUP(scene_free) s;
	room_init(&s);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		s.events[0].mine = rows[i].mine;
		s.events[0].may_join = rows[i].may_join;
		struct str page = page_of(&s);
		assert_has(page, str_of(rows[i].says));
		assert_int_equal(count_of(page, step(&s, "join")), rows[i].join);
		assert_int_equal(count_of(page, step(&s, "leave")), rows[i].leave);
	}
}

static void a_ballot_is_of_its_kind(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	room_init(&s);
	struct str page = page_of(&s);
	assert_int_equal(count_of(page, STR("type=\"checkbox\"")), 2);
	assert_has(page, STR("Nobody learns what you vote."));
	assert_has_not(page, STR("name=\"receipt\""));
	s.consultations[0].consultation.method = CONSULTATION_RANKED;
	s.consultations[0].consultation.flags = CONSULTATION_NAMED;
	s.consultations[0].voted = true;
	s.page.room.receipt = STR("0123456789abcdef");
	page = page_of(&s);
	assert_int_equal(count_of(page, STR("type=\"number\" min=\"1\" max=\"2\"")), 2);
	assert_has(page, STR("Who votes what is told at its end."));
	assert_has(page, STR("name=\"receipt\""));
	assert_has(page, STR("<code class=\"code\">0123456789abcdef</code>"));
	/* who may not vote has no ballot */
	s.consultations[0].may_vote = false;
	assert_has_not(page_of(&s), step(&s, "vote"));
}

static void who_may_calls_and_shares(void **state UNUSED)
{
	struct scene CLEANUP(scene_free) s;
	room_init(&s);
	s.page.permissions = COMMUNITY_MAY_BALLOTS;
	s.page.room.may_share = true;
	struct str page = page_of(&s);
	assert_has(page, step(&s, "call"));
	assert_has(page, step(&s, "share"));
	/* what is over is not cancelled */
	assert_int_equal(count_of(page, step(&s, "cancel")), 1);
}

static const struct account garden = { .id = 31,
				       .kind = ACCOUNT_GROUP,
				       .username = STR_INIT("garden"),
				       .domain = STR_INIT("p.example"),
				       .display_name = STR_INIT("Garden " MARKER),
				       .uri = STR_INIT("https://p.example/g"),
				       .url = STR_INIT("https://p.example/g") };

static void partners_are_for_owners_and_each_has_what_can_be_done(void **state UNUSED)
{
	struct scene s CLEANUP(scene_free);
	scene_init(&s);
	s.partners[0] = (struct office_partner){ garden, { .state = JOINT_ASKED } };
	s.partners[1] = (struct office_partner){ garden, { .state = JOINT_OFFERED } };
	s.partners[2] = (struct office_partner){
		garden, { .state = JOINT_AGREED, .compared_ms = KIT_WALL_MS, .lacking = 2 }
	};
	s.page.partners = s.partners;
	s.page.partner_count = 3;
	s.page.own.id = COMMUNITY_MODERATOR;
	struct str page = page_of(&s);
	assert_false(str_contains(page, STR("partner_offer")));
	s.page.own.id = COMMUNITY_OWNER;
	page = page_of(&s);
	static const char *const parts[] = { "partner_offer",	  "partner_accept",   "partner_end",
					     "partner_compare",	  "Take it back",     "Refuse",
					     "2 posts of theirs", "@garden@p.example" };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		assert_true(str_contains(page, str_of(parts[i])));
	/* what stays here has none, and says so */
	s.page.effective.sight = COMMUNITY_MEMBERS;
	page = page_of(&s);
	assert_false(str_contains(page, STR("partner_offer")));
	assert_true(str_contains(page, STR("stays on this server")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_owner_sees_all_of_it),
		cmocka_unit_test(settings_stand_as_they_are_given),
		cmocka_unit_test(a_role_shows_what_it_permits),
		cmocka_unit_test(the_list_leads_to_each),
		cmocka_unit_test(what_was_done_or_went_wrong_is_said),
		cmocka_unit_test(a_member_finds_events_votes_and_what_is_shared),
		cmocka_unit_test(each_state_of_taking_part_has_its_words_and_buttons),
		cmocka_unit_test(a_ballot_is_of_its_kind),
		cmocka_unit_test(partners_are_for_owners_and_each_has_what_can_be_done),
		cmocka_unit_test(who_may_calls_and_shares),
	};
	return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
