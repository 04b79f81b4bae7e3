/* Signing up: what is wrong with it, who is let in and how, who is kept out, how often one may try. */
#include "core/date.h"
#include "deed.h"
#include "queue/queue.h"
#include "social/mail.h"
#include "social/moderate.h"
#include "social/sign_up.h"
#include "store/node.h"
#include "store/tables.h"

static const struct seal_key seal_key = { { 9 } };

struct scene {
	struct test_store t;
	struct ctx ctx;
	struct sign_up_settings settings;
	struct gate_settings limits;
	struct sign_in *sign_in;
	struct reception reception;
	struct account boss;
};

static enum rc give_role(struct social *s, void *arg)
{
	const struct account *boss = arg;
	struct account_secrets secrets;
	assert_true(account_secrets_get(s->txn, s->ctx->arena, boss->id, &secrets));
	secrets.email = STR("boss@example.org");
	secrets.confirmed_ms = 1;
	account_secrets_put(s->txn, boss->id, &secrets);
	role_give(s->txn, boss->id, ROLE_MODERATOR);
	return db_txn_rc(s->txn);
}

static void scene_init(struct scene *sc)
{
	test_store_init(&sc->t);
	sc->ctx = (struct ctx){ .arena = sc->t.d.arena };
	sc->settings = (struct sign_up_settings){ .mode = SIGN_UP_OPEN,
						  .reserved = STR("the_mayor council"),
						  .per_client = 2,
						  .tries_per_client = 4,
						  .per_day = 5 };
	sc->limits = (struct gate_settings){ 3, 3, 3, 3, 3, 3, 3 };
	sc->sign_in = sign_in_new(sc->t.d.db);
	assert_non_null(sc->sign_in);
	sc->reception = (struct reception){ .db = sc->t.d.db,
					    .clock = &sc->t.d.clock.clock,
					    .site = &sc->t.site,
					    .seal = &seal_key,
					    .settings = &sc->settings,
					    .sign_in = sc->sign_in };
	sc->boss = test_store_local(&sc->t, "boss");
	test_store_write(&sc->t, give_role, &sc->boss);
}

static void scene_free(struct scene *sc)
{
	gate_free(&sc->reception.gate);
	bars_free(&sc->reception.bars);
	sign_in_free(&sc->sign_in);
	test_store_check(&sc->t);
	test_store_free(&sc->t);
}

static struct sign_up_ask ask_of(const char *username, const char *email)
{
	return (struct sign_up_ask){ .username = str_of(username),
				     .email = str_of(email),
				     .password = STR("correct horse"),
				     .reason = STR("I live here."),
				     .locale = STR("de-CH"),
				     .agreed = true,
				     .client = STR("192.0.2.7"),
				     .app = 5 };
}

static enum rc prepare(struct scene *sc, const struct sign_up_ask *ask, struct sign_up_plan *plan)
{
	return sign_up_prepare(&sc->reception, &sc->ctx, ask, plan);
}

/* --- acts --- */

struct task {
	enum rc (*run)(struct social *s, struct task *t);
	const struct sign_up_plan *plan;
	const struct ticket_letter *letter;
	const struct sign_up_news *news;
	const struct account *moderator;
	struct account made;
	struct str text;
	uint64_t account;
	bool waits;
};

static enum rc run(struct social *s, void *arg)
{
	struct task *t = arg;
	return t->run(s, t);
}

static enum rc make(struct social *s, struct task *t)
{
	return sign_up_make(s, t->plan, &t->made);
}

static enum rc post(struct social *s, struct task *t)
{
	return ticket_send(s, t->letter);
}

static enum rc confirm(struct social *s, struct task *t)
{
	return sign_up_confirm(s, t->text, t->news, &t->account, &t->waits);
}

static enum rc approve(struct social *s, struct task *t)
{
	return sign_up_approve(s, t->moderator, t->account, t->text);
}

static enum rc reject(struct social *s, struct task *t)
{
	return sign_up_reject(s, t->moderator, t->account, t->text);
}

static enum rc readdress(struct social *s, struct task *t)
{
	return sign_up_readdress(s, t->account, t->text);
}

static enum rc act(struct scene *sc, struct task *t)
{
	return test_store_try(&sc->t, run, t);
}

/* --- steps --- */

static struct account sign_up(struct scene *sc, const char *username, const char *email)
{
	const struct sign_up_ask ask = ask_of(username, email);
	struct sign_up_plan plan;
	assert_int_equal(prepare(sc, &ask, &plan), RC_OK);
	struct task task = { .run = make, .plan = &plan };
	assert_int_equal(act(sc, &task), RC_OK);
	return task.made;
}

/* The letter as its reader has it, sent. */
static struct letter send_letter(struct scene *sc, const struct account *a, const char *email)
{
	struct ticket_letter letter;
	struct letter written;
	assert_int_equal(sign_up_letter(&sc->reception, &sc->ctx, a, str_of(email), &letter),
			 RC_OK);
	assert_int_equal(letter_unpack(sc->t.d.arena, &seal_key, letter.packed, &written), RC_OK);
	assert_str_eq(written.to, str_of(email));
	struct task task = { .run = post, .letter = &letter };
	assert_int_equal(act(sc, &task), RC_OK);
	return written;
}

static struct str ticket_in(const struct letter *letter)
{
	struct str rest = str_skip(letter->text, str_find(letter->text, STR("?token=")) + 7);
	return str_take(rest, str_index(rest, '\n'));
}

static enum rc come_back(struct scene *sc, const struct account *a, const char *email, bool *waits)
{
	const struct letter letter = send_letter(sc, a, email);
	struct sign_up_news news;
	assert_int_equal(sign_up_news_make(&sc->reception, &sc->ctx, a->id, &news), RC_OK);
	struct task task = { .run = confirm, .news = &news, .text = ticket_in(&letter) };
	enum rc rc = act(sc, &task);
	*waits = task.waits;
	return rc;
}

static unsigned flags_of(struct scene *sc, const struct account *a)
{
	return test_store_account(&sc->t, a->id).flags & ACCOUNT_WAITING;
}

static uint64_t people(struct scene *sc)
{
	struct db_txn *txn = test_store_read(&sc->t);
	uint64_t n = node_totals(txn).accounts;
	db_read_end(&txn);
	return n;
}

static uint64_t letters(struct scene *sc)
{
	return test_store_rows(&sc->t, &queue_table_job);
}

/* --- what is wrong --- */

static char too_long[SIGN_UP_REASON_CHARS + 2];

/* One field of what is right otherwise; without a code it is right, too. */
static const struct fault_case {
	enum sign_up_field field;
	const char *value, *code;
} fault_cases[] = {
	{ SIGN_UP_USERNAME, "Ann_2", NULL },
	{ SIGN_UP_USERNAME, "", "ERR_BLANK" },
	{ SIGN_UP_USERNAME, "  ", "ERR_BLANK" },
	{ SIGN_UP_USERNAME, "a b", "ERR_INVALID" },
	{ SIGN_UP_USERNAME, "a.b", "ERR_INVALID" },
	{ SIGN_UP_USERNAME, "\xc3\xa4nn", "ERR_INVALID" },
	{ SIGN_UP_USERNAME, "a234567890123456789012345678901", "ERR_TOO_LONG" },
	{ SIGN_UP_USERNAME, "BOSS", "ERR_TAKEN" },
	{ SIGN_UP_USERNAME, "gone", "ERR_TAKEN" },
	{ SIGN_UP_USERNAME, "Admin", "ERR_RESERVED" },
	{ SIGN_UP_USERNAME, "council", "ERR_RESERVED" },
	{ SIGN_UP_USERNAME, "the_mayor", "ERR_RESERVED" },
	{ SIGN_UP_EMAIL, "", "ERR_BLANK" },
	{ SIGN_UP_EMAIL, "a@b@example.org", "ERR_INVALID" },
	{ SIGN_UP_EMAIL, "\"a b\"@example.org", "ERR_INVALID" },
	{ SIGN_UP_EMAIL, "a%b@example.org", "ERR_INVALID" },
	{ SIGN_UP_EMAIL, "a@example.org\r\nBcc: b@example.org", "ERR_INVALID" },
	{ SIGN_UP_PASSWORD, "password1", "ERR_INVALID" },
	{ SIGN_UP_PASSWORD, "Ann@example.org", "ERR_INVALID" },
	{ SIGN_UP_PASSWORD, "Example2026", "ERR_INVALID" },
	{ SIGN_UP_PASSWORD, "", "ERR_BLANK" },
	{ SIGN_UP_PASSWORD, "1234567", "ERR_TOO_SHORT" },
	{ SIGN_UP_PASSWORD, too_long, "ERR_TOO_LONG" },
	{ SIGN_UP_AGREEMENT, "", "ERR_ACCEPTED" },
	{ SIGN_UP_LOCALE, "", NULL },
	{ SIGN_UP_LOCALE, "x", "ERR_INCLUSION" },
	{ SIGN_UP_LOCALE, "../etc", "ERR_INCLUSION" },
	{ SIGN_UP_REASON, "", NULL },
	{ SIGN_UP_REASON, too_long, "ERR_TOO_LONG" },
	{ SIGN_UP_REASON, "\xff", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "1950-12-31", NULL },
	{ SIGN_UP_DATE_OF_BIRTH, "", "ERR_BLANK" },
	{ SIGN_UP_DATE_OF_BIRTH, "2001-02-29", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "2001-13-01", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "01.02.2001", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "2001-+1-01", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "1899-12-31", "ERR_INVALID" },
	{ SIGN_UP_DATE_OF_BIRTH, "2999-01-01", "ERR_BELOW_LIMIT" },
};

static struct sign_up_ask ask_with(const struct fault_case *c)
{
	struct sign_up_ask ask = ask_of("ann", "ann@example.org");
	struct str *const fields[] = {
		[SIGN_UP_USERNAME] = &ask.username, [SIGN_UP_EMAIL] = &ask.email,
		[SIGN_UP_PASSWORD] = &ask.password, [SIGN_UP_LOCALE] = &ask.locale,
		[SIGN_UP_REASON] = &ask.reason,	    [SIGN_UP_DATE_OF_BIRTH] = &ask.date_of_birth,
	};
	ask.date_of_birth = STR("2000-01-01");
	if (c->field == SIGN_UP_AGREEMENT)
		ask.agreed = false;
	else
		*fields[c->field] = str_of(c->value);
	return ask;
}

static void each_fault_is_told_by_its_field(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	memset(too_long, 'x', sizeof(too_long) - 1);
	sc.settings.min_age = 16;
	struct account gone = test_store_local(&sc.t, "gone");
	deed_on_account(&sc.t, DO_REMOVE, &gone, NULL);
	for (size_t i = 0; i < ARRAY_LEN(fault_cases); i++) {
		const struct fault_case *c = &fault_cases[i];
		const struct sign_up_ask ask = ask_with(c);
		struct sign_up_plan plan;
		enum rc rc = prepare(&sc, &ask, &plan);
		if (rc != (c->code != NULL ? RC_INVALID : RC_OK) ||
		    plan.faults.count != (c->code != NULL))
			fail_msg("case %zu: %s, %u faults", i, rc_text(rc), plan.faults.count);
		if (c->code == NULL)
			continue;
		assert_string_equal(plan.faults.list[0].code, c->code);
		assert_int_equal(plan.faults.list[0].field, c->field);
	}
}

static void all_faults_are_told_at_once(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct sign_up_plan plan;
	const struct sign_up_ask nothing = { .client = STR("192.0.2.7") };
	scene_init(&sc);
	sc.settings.min_age = 16;
	sc.settings.mode = SIGN_UP_APPROVAL;
	sc.settings.reason_required = true;
	assert_int_equal(prepare(&sc, &nothing, &plan), RC_INVALID);
	assert_int_equal(plan.faults.count, 6);
}

static void a_birthday_is_reached_on_its_day(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct sign_up_plan plan;
	struct buf now CLEANUP(buf_free) = BUF_INIT(64);
	scene_init(&sc);
	date_add_rfc3339(&now, clock_wall_ms(&sc.t.d.clock.clock));
	struct sign_up_ask ask = ask_of("ann", "ann@example.org");
	uint64_t year;
	assert_true(str_to_u64(str_take(buf_str(&now), 4), &year));
	sc.settings.min_age = 16;
	ask.date_of_birth = arena_printf(sc.t.d.arena, "%llu%.*s", (unsigned long long)year - 16,
					 STR_ARG(str_skip(str_take(buf_str(&now), 10), 4)));
	assert_int_equal(prepare(&sc, &ask, &plan), RC_OK);
	sc.settings.min_age = 17;
	assert_int_equal(prepare(&sc, &ask, &plan), RC_INVALID);
	/* the day after */
	test_clock_advance(&sc.t.d.clock, 365 * MS_PER_DAY + MS_PER_DAY);
	assert_int_equal(prepare(&sc, &ask, &plan), RC_OK);
}

/* --- being let in --- */

static void who_confirms_the_address_is_let_in(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	bool waits;
	scene_init(&sc);
	uint64_t before = people(&sc);
	struct account ann = sign_up(&sc, "Ann", "ann@example.org");
	assert_str_eq(ann.username, STR("ann"));
	assert_int_equal(flags_of(&sc, &ann), ACCOUNT_UNCONFIRMED);
	assert_true(account_is_gone(&ann));
	assert_int_equal(people(&sc), before);
	assert_int_equal(come_back(&sc, &ann, "ann@example.org", &waits), RC_OK);
	assert_false(waits);
	assert_int_equal(flags_of(&sc, &ann), 0);
	assert_int_equal(people(&sc), before + 1);
	deed_noticed(&sc.t, &sc.boss, 1, NOTICE_SIGN_UP, ann.id, 0);
	struct db_txn *txn = test_store_read(&sc.t);
	struct sign_up row;
	assert_int_equal(account_id_of_email(txn, STR("ann@example.org")), ann.id);
	assert_true(sign_up_get(txn, sc.t.d.arena, ann.id, &row));
	assert_str_eq(row.address, STR("192.0.2.7"));
	assert_str_eq(row.locale, STR("de-CH"));
	assert_int_equal(row.app, 5);
	db_read_end(&txn);
}

static void a_moderator_lets_in_who_asked_for_it(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	bool waits;
	struct str answer;
	scene_init(&sc);
	sc.settings.mode = SIGN_UP_APPROVAL;
	struct account ann = sign_up(&sc, "ann", "ann@example.org");
	assert_int_equal(flags_of(&sc, &ann), ACCOUNT_WAITING);
	uint64_t before = letters(&sc);
	assert_int_equal(come_back(&sc, &ann, "ann@example.org", &waits), RC_OK);
	assert_true(waits);
	/* the ticket, and the moderator's */
	assert_int_equal(letters(&sc), before + 2);
	assert_int_equal(flags_of(&sc, &ann), ACCOUNT_UNAPPROVED);
	struct account nobody = test_store_local(&sc.t, "nobody");
	assert_int_equal(sign_up_answer_make(&sc.reception, &sc.ctx, ann.id, true, &answer), RC_OK);
	assert_true(answer.len != 0);
	struct task task = {
		.run = approve, .moderator = &nobody, .account = ann.id, .text = answer
	};
	assert_int_equal(act(&sc, &task), RC_DENIED);
	task.moderator = &sc.boss;
	assert_int_equal(act(&sc, &task), RC_OK);
	assert_int_equal(letters(&sc), before + 3);
	assert_int_equal(flags_of(&sc, &ann), 0);
	assert_int_equal(act(&sc, &task), RC_INVALID);
	task.run = reject;
	assert_int_equal(act(&sc, &task), RC_INVALID);
}

static void who_is_approved_first_still_confirms(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str answer;
	bool waits;
	scene_init(&sc);
	sc.settings.mode = SIGN_UP_APPROVAL;
	struct account ann = sign_up(&sc, "ann", "ann@example.org");
	/* whoever has not shown that the address is theirs gets no letter there */
	assert_int_equal(sign_up_answer_make(&sc.reception, &sc.ctx, ann.id, true, &answer), RC_OK);
	assert_int_equal(answer.len, 0);
	struct task task = { .run = approve, .account = ann.id, .text = answer };
	assert_int_equal(act(&sc, &task), RC_OK);
	assert_int_equal(flags_of(&sc, &ann), ACCOUNT_UNCONFIRMED);
	assert_int_equal(come_back(&sc, &ann, "ann@example.org", &waits), RC_OK);
	assert_false(waits);
	assert_int_equal(flags_of(&sc, &ann), 0);
}

static void who_is_rejected_is_forgotten(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	sc.settings.mode = SIGN_UP_APPROVAL;
	struct account ann = sign_up(&sc, "ann", "ann@example.org");
	struct task task = { .run = reject, .account = ann.id, .text = STR("") };
	assert_int_equal(act(&sc, &task), RC_OK);
	assert_int_equal(act(&sc, &task), RC_NOT_FOUND);
	assert_int_equal(test_store_rows(&sc.t, &store_sign_up), 0);
	sign_up(&sc, "ann", "ann@example.org");
}

/* --- S-109 --- */

static void s109_an_address_belongs_to_whoever_confirms_it_first(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	bool waits;
	scene_init(&sc);
	struct account ann = sign_up(&sc, "ann", "it@example.org");
	struct account eve = sign_up(&sc, "eve", "it@example.org");
	assert_int_equal(come_back(&sc, &ann, "it@example.org", &waits), RC_OK);
	/* whoever reads it hears of the account that there is, and there is no ticket in it */
	const struct letter letter = send_letter(&sc, &eve, "it@example.org");
	assert_true(str_contains(letter.text, STR("Hello ann")));
	assert_false(str_contains(letter.text, STR("token=")));
	struct account bob = sign_up(&sc, "bob", "IT@example.org");
	assert_int_equal(flags_of(&sc, &bob), ACCOUNT_UNCONFIRMED);
	assert_int_equal(flags_of(&sc, &eve), ACCOUNT_UNCONFIRMED);
}

static void who_waits_may_give_another_address(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	bool waits;
	scene_init(&sc);
	struct account ann = sign_up(&sc, "ann", "typo@example.org");
	const struct letter old = send_letter(&sc, &ann, "typo@example.org");
	struct task task = { .run = readdress, .account = ann.id, .text = STR("no address") };
	assert_int_equal(act(&sc, &task), RC_INVALID);
	/* somebody has it: nobody is told */
	task.text = STR("boss@example.org");
	assert_int_equal(act(&sc, &task), RC_OK);
	task.text = STR("ann@example.org");
	assert_int_equal(act(&sc, &task), RC_OK);
	const struct sign_up_news none = { .count = 0 };
	struct task back = { .run = confirm, .news = &none, .text = ticket_in(&old) };
	assert_int_equal(act(&sc, &back), RC_NOT_FOUND);
	assert_int_equal(come_back(&sc, &ann, "ann@example.org", &waits), RC_OK);
}

/* --- who is kept out --- */

static enum rc put_bar(struct social *s, void *arg)
{
	return bar_put(s->txn, s->ctx->arena, arg) != 0 ? RC_OK : RC_EXISTS;
}

static void bar(struct scene *sc, enum bar_kind kind, enum bar_severity severity, struct str value,
		uint64_t expires_ms)
{
	struct bar row = { .kind = kind,
			   .severity = severity,
			   .value = value,
			   .comment = STR(""),
			   .expires_ms = expires_ms };
	test_store_write(&sc->t, put_bar, &row);
}

static void barred_addresses_do_not_sign_up(void **state UNUSED)
{
	static const struct {
		const char *email;
		enum rc rc;
		bool approval;
	} cases[] = {
		{ "a@bad.example", RC_INVALID, false },
		{ "a@MAIL.bad.example", RC_INVALID, false },
		{ "a@notbad.example", RC_OK, false },
		{ "a@odd.example", RC_OK, true },
		{ "Spam.mer+tag@good.example", RC_INVALID, false },
		{ "spammers@good.example", RC_OK, false },
		{ "a@past.example", RC_OK, false },
	};
	struct scene sc CLEANUP(scene_free);
	scene_init(&sc);
	bar(&sc, BAR_EMAIL_DOMAIN, BAR_SIGN_UP_BLOCK, STR("bad.example"), 0);
	bar(&sc, BAR_EMAIL_DOMAIN, BAR_SIGN_UP_APPROVAL, STR("odd.example"), 0);
	bar(&sc, BAR_EMAIL_DOMAIN, BAR_SIGN_UP_BLOCK, STR("past.example"), 1);
	bar(&sc, BAR_EMAIL_CANONICAL, BAR_SIGN_UP_BLOCK,
	    bar_canonical(sc.t.d.arena, STR("sp.ammer@good.example")), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct sign_up_ask ask = ask_of("ann", cases[i].email);
		struct sign_up_plan plan;
		enum rc rc = prepare(&sc, &ask, &plan);
		if (rc != cases[i].rc || plan.needs_approval != cases[i].approval)
			fail_msg("%s: %s", cases[i].email, rc_text(rc));
		if (rc == RC_INVALID)
			assert_string_equal(plan.faults.list[0].code, "ERR_BLOCKED");
	}
}

static void a_barred_network_does_not_sign_up(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct sign_up_ask ask = ask_of("ann", "ann@example.org");
	struct sign_up_plan plan;
	scene_init(&sc);
	bar(&sc, BAR_IP, BAR_SIGN_UP_BLOCK, STR("192.0.2.0/24"), 0);
	bar(&sc, BAR_IP, BAR_SIGN_UP_APPROVAL, STR("198.51.100.0/24"), 0);
	assert_int_equal(bars_new(sc.t.d.db, &sc.t.d.clock.clock, &sc.reception.bars), RC_OK);
	ask.client = STR("192.0.2.1");
	assert_int_equal(prepare(&sc, &ask, &plan), RC_DENIED);
	ask.client = STR("198.51.100.9");
	assert_int_equal(prepare(&sc, &ask, &plan), RC_OK);
	assert_true(plan.needs_approval);
	sc.settings.mode = SIGN_UP_CLOSED;
	ask.client = STR("192.0.3.1");
	assert_int_equal(prepare(&sc, &ask, &plan), RC_DENIED);
}

/* --- how often --- */

static void s106_trying_and_making_are_limited(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct sign_up_plan plan;
	scene_init(&sc);
	sc.reception.gate = gate_new(&sc.t.d.clock.clock, &sc.limits, &sc.settings);
	assert_non_null(sc.reception.gate);
	struct sign_up_ask wrong = ask_of("", "ann@example.org");
	struct sign_up_ask right = ask_of("ann", "ann@example.org");
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
	/* two were made */
	assert_int_equal(prepare(&sc, &right, &plan), RC_BLOCKED);
	assert_int_equal(prepare(&sc, &wrong, &plan), RC_INVALID);
	/* four tries */
	assert_int_equal(prepare(&sc, &wrong, &plan), RC_BLOCKED);
	/* another address has its own, but the mailbox has not */
	right.client = STR("192.0.2.8");
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
	assert_int_equal(prepare(&sc, &right, &plan), RC_BLOCKED);
	test_clock_advance(&sc.t.d.clock, 30 * MS_PER_MINUTE);
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
	right.client = STR("192.0.2.9");
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
	/* all of a day */
	right.client = STR("192.0.2.10");
	assert_int_equal(prepare(&sc, &right, &plan), RC_BLOCKED);
	test_clock_advance(&sc.t.d.clock, MS_PER_DAY);
	assert_int_equal(prepare(&sc, &right, &plan), RC_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_is_told_by_its_field),
		cmocka_unit_test(all_faults_are_told_at_once),
		cmocka_unit_test(a_birthday_is_reached_on_its_day),
		cmocka_unit_test(who_confirms_the_address_is_let_in),
		cmocka_unit_test(a_moderator_lets_in_who_asked_for_it),
		cmocka_unit_test(who_is_approved_first_still_confirms),
		cmocka_unit_test(who_is_rejected_is_forgotten),
		cmocka_unit_test(s109_an_address_belongs_to_whoever_confirms_it_first),
		cmocka_unit_test(who_waits_may_give_another_address),
		cmocka_unit_test(barred_addresses_do_not_sign_up),
		cmocka_unit_test(a_barred_network_does_not_sign_up),
		cmocka_unit_test(s106_trying_and_making_are_limited),
	};
	return cmocka_run_group_tests_name("sign_up", tests, NULL, NULL);
}
