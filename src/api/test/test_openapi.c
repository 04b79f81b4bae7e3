/* The description of our own API: every route says what it answers, in entities that are there and say the words
 * that the program has. */
#include <stdio.h>
#include <stdlib.h>

#include "../api_int.h"
#include "api/describe.h"
#include "social/consultation.h"
#include "social/ledger.h"
#include "social/sieve.h"
#include "social/team.h"
#include "store/attribute.h"
#include "store/community.h"
#include "store/event.h"
#include "store/joint.h"
#include "store/report.h"
#include "store/wave.h"
#include "testkit.h"
#include "json/jr.h"

#define DOCUMENT_MAX ((size_t)2 << 20)
#define OURS "/api/fediflow/"

static const struct jr_limits limits = {
	.bytes = DOCUMENT_MAX, .depth = 32, .nodes = 200000, .names = 1000, .string = 8192
};

struct scene {
	struct buf text;
	struct jr_doc *doc;
	struct jr schemas;
};

static int begin(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct ctx ctx = { 0 };
	s->text = (struct buf)BUF_INIT(DOCUMENT_MAX);
	api_openapi(&s->text);
	assert_false(s->text.failed);
	assert_int_equal(jr_parse(&ctx, buf_str(&s->text), &limits, &s->doc), RC_OK);
	s->schemas = jr_get(jr_get(jr_root(s->doc), "components"), "schemas");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct scene *s = *state;
	jr_free(&s->doc);
	buf_free(&s->text);
	free(s);
	return 0;
}

/* --- routes --- */

typedef void route_check(const struct scene *s, const struct api_route *r);

static void each_route(const struct scene *s, route_check *check)
{
	for (size_t t = 0; t < api_table_count; t++) {
		for (size_t i = 0; i < api_tables_all[t]->count; i++)
			check(s, &api_tables_all[t]->routes[i]);
	}
}

static void check_answer(const struct scene *s UNUSED, const struct api_route *r)
{
	bool ours = strncmp(r->path, OURS, strlen(OURS)) == 0;
	if ((r->answer != NULL) != ours)
		fail_msg("%s says %s", r->path, r->answer != NULL ? r->answer : "nothing");
}

static void only_ours_answer(void **state)
{
	each_route(*state, check_answer);
}

static bool takes(const struct param_table *params, struct str name)
{
	for (size_t i = 0; params != NULL && i < params->count; i++) {
		if (str_eq(str_of(params->rows[i].name), name))
			return true;
	}
	return false;
}

static void check_needs(const struct scene *s UNUSED, const struct api_route *r)
{
	struct str rest = r->needs != NULL ? str_of(r->needs) : STR_NONE, name;
	while (str_next(&rest, ' ', &name)) {
		if (!takes(r->params, name))
			fail_msg("%s has no parameter %.*s", r->path, STR_ARG(name));
	}
}

static void needs_are_parameters(void **state)
{
	each_route(*state, check_needs);
}

static void check_words(const struct scene *s UNUSED, const struct api_route *r)
{
	struct str rest = r->answer != NULL ? str_of(r->answer) : STR_NONE, word;
	bool first = true;
	for (; str_next(&rest, ' ', &word); first = false) {
		if (!first && !str_eq(word, STR("Link")) && !str_eq(word, STR("409")))
			fail_msg("%s: what is %.*s?", r->path, STR_ARG(word));
	}
}

static void words_are_known(void **state)
{
	each_route(*state, check_words);
}

/* --- entities --- */

/* How often the document refers to it. */
static size_t references(const struct scene *s, struct str name)
{
	struct buf ref CLEANUP(buf_free) = BUF_INIT(256);
	struct str rest = buf_str(&s->text);
	size_t n = 0;
	buf_addf(&ref, "\"#/components/schemas/%.*s\"", STR_ARG(name));
	for (size_t at; (at = str_find(rest, buf_str(&ref))) < rest.len; n++)
		rest = str_skip(rest, at + 1);
	return n;
}

static void every_entity_is_used(void **state)
{
	const struct scene *s = *state;
	struct jr_iter it = { 0 };
	struct str name;
	struct jr schema;
	size_t n = 0;
	for (; jr_next(s->schemas, &it, &name, &schema); n++) {
		if (references(s, name) == 0)
			fail_msg("nobody refers to %.*s", STR_ARG(name));
		assert_true(jr_str(jr_get(schema, "description")).len != 0);
	}
	assert_true(n > 40);
}

static void every_reference_is_there(void **state)
{
	const struct str base = STR("\"#/components/schemas/");
	const struct scene *s = *state;
	struct str rest = buf_str(&s->text);
	for (size_t at; (at = str_find(rest, base)) < rest.len;) {
		char name[128];
		rest = str_skip(rest, at + base.len);
		size_t len = str_index(rest, '"');
		assert_true(len < sizeof(name));
		snprintf(name, sizeof(name), "%.*s", STR_ARG(str_take(rest, len)));
		if (jr_type(jr_get(s->schemas, name)) != JR_OBJECT)
			fail_msg("there is no %s", name);
	}
}

/* --- words --- */

struct words {
	const char *entity, *field;
	unsigned first, last;
	const char *(*name)(unsigned value); /* NULL for what has none */
};

#define NAMES(function, type)                            \
	static const char *function##_of(unsigned value) \
	{                                                \
		return function((enum type)value);       \
	}
NAMES(community_join_name, community_join)
NAMES(community_sight_name, community_sight)
NAMES(community_posting_name, community_posting)
NAMES(consultation_method_name, consultation_method)
NAMES(consultation_state_name, consultation_state)
NAMES(ledger_node_state_name, ledger_node_state)
NAMES(event_join_name, event_join)
NAMES(event_state_name, event_state)
NAMES(participation_name, participation)
NAMES(joint_state_name, joint_state)
NAMES(report_event_name, report_event_kind)
NAMES(report_category_name, report_category)
NAMES(sieve_mode_name, sieve_mode)
NAMES(sieve_action_name, sieve_action)
NAMES(wave_state_name, wave_state)
NAMES(attribute_source_name, attribute_source)
NAMES(team_role_name, team_role)
NAMES(team_credit_name, team_credit)

static const char *permission_of(unsigned bit)
{
	return community_permission_name(1U << bit);
}

static const struct words words[] = {
	{ "CommunitySettings", "join", 0, COMMUNITY_JOIN_BY_ATTRIBUTE, community_join_name_of },
	{ "CommunitySettings", "sight", 0, COMMUNITY_MEMBERS, community_sight_name_of },
	{ "CommunitySettings", "posting", 0, COMMUNITY_POST_APPOINTED, community_posting_name_of },
	{ "CommunityRole", "permissions", 0, 31, permission_of },
	{ "CommunityStanding", "permissions", 0, 31, permission_of },
	{ "Consultation", "method", 0, CONSULTATION_RANKED, consultation_method_name_of },
	{ "Consultation", "state", 0, CONSULTATION_VOID, consultation_state_name_of },
	{ "ConsultationNode", "state", 0, LEDGER_NODE_DAMAGED, ledger_node_state_name_of },
	{ "Event", "join", 0, EVENT_JOIN_NONE, event_join_name_of },
	{ "Event", "state", 0, EVENT_CANCELLED, event_state_name_of },
	{ "EventDate", "state", 0, EVENT_CANCELLED, event_state_name_of },
	{ "Event", "participation", 0, PARTICIPATION_DECLINED, participation_name_of },
	{ "Participant", "state", 0, PARTICIPATION_DECLINED, participation_name_of },
	{ "Partner", "state", 0, JOINT_AGREED, joint_state_name_of },
	{ "ReportEvent", "type", REPORT_NOTED, REPORT_HANDED_DOWN, report_event_name_of },
	{ "LaneReport", "category", 0, REPORT_VIOLATION, report_category_name_of },
	{ "ReportOutcome", "category", 0, REPORT_VIOLATION, report_category_name_of },
	{ "Rule", "mode", 0, SIEVE_LIVE, sieve_mode_name_of },
	{ "Rule", "action", SIEVE_TAG, SIEVE_REJECT, sieve_action_name_of },
	{ "HeldRule", "action", SIEVE_TAG, SIEVE_REJECT, sieve_action_name_of },
	{ "Wave", "state", 0, WAVE_REMOVED, wave_state_name_of },
	{ "Attribute", "source", ATTRIBUTE_BY_OPERATOR, ATTRIBUTE_BUILT_IN,
	  attribute_source_name_of },
	{ "Team", "role", TEAM_ADMINISTRATOR, TEAM_ANALYST, team_role_name_of },
	{ "TeamMember", "role", TEAM_ADMINISTRATOR, TEAM_ANALYST, team_role_name_of },
	{ "Team", "credit", 0, TEAM_CREDITS - 1, team_credit_name_of },
	{ "Team", "permissions", 0, TEAM_PERMISSION_BITS, team_permission_name },
	{ "TeamMember", "permissions", 0, TEAM_PERMISSION_BITS, team_permission_name },
};

static struct jr words_said(const struct scene *s, const struct words *w)
{
	struct jr field = jr_get(jr_get(jr_get(s->schemas, w->entity), "properties"), w->field);
	struct jr items = jr_get(field, "items");
	return jr_get(jr_type(items) == JR_OBJECT ? items : field, "enum");
}

static bool is_said(struct jr list, struct str word)
{
	for (size_t i = 0; i < jr_count(list); i++) {
		if (str_eq(jr_str(jr_at(list, i)), word))
			return true;
	}
	return false;
}

static void check_said(const struct scene *s, const struct words *w)
{
	struct jr list = words_said(s, w);
	size_t n = 0;
	/* null is no word */
	for (size_t i = 0; i < jr_count(list); i++)
		n += jr_type(jr_at(list, i)) == JR_STRING;
	for (unsigned value = w->first; value <= w->last; value++) {
		const char *name = w->name(value);
		if (name == NULL)
			continue;
		if (!is_said(list, str_of(name)))
			fail_msg("%s.%s does not say %s", w->entity, w->field, name);
		n--;
	}
	if (n != 0)
		fail_msg("%s.%s says words that there are not", w->entity, w->field);
}

static void words_are_those_of_the_program(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		check_said(*state, &words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_ours_answer),
		cmocka_unit_test(needs_are_parameters),
		cmocka_unit_test(words_are_known),
		cmocka_unit_test(every_entity_is_used),
		cmocka_unit_test(every_reference_is_there),
		cmocka_unit_test(words_are_those_of_the_program),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
