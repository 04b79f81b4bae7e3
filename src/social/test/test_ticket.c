/* Tickets that e-mails carry: sent so often, used once, in time, for what they were sent for. */
#include "core/enc.h"
#include "deed.h"
#include "queue/queue.h"
#include "social/mail.h"
#include "store/tables.h"

static const struct seal_key seal_key = { { 9 } };

struct task {
	enum rc (*run)(struct social *s, struct task *t);
	const struct ticket_letter *letter;
	uint64_t account;
	struct str text;
};

static enum rc run(struct social *s, void *arg)
{
	struct task *t = arg;
	return t->run(s, t);
}

static enum rc post(struct social *s, struct task *t)
{
	return ticket_send(s, t->letter);
}

static enum rc confirm(struct social *s, struct task *t)
{
	return email_confirm(s, t->text, &t->account);
}

static enum rc set_password(struct social *s, struct task *t)
{
	return password_reset(s, t->text, STR("new hash"), &t->account);
}

static enum rc ask(struct social *s, struct task *t)
{
	return email_ask(s, t->account, t->text);
}

struct scene {
	struct test_store t;
	struct ctx ctx;
	struct account alice;
};

static enum rc ask_email(struct scene *sc, const struct account *a, const char *email)
{
	struct task task = { .run = ask, .account = a->id, .text = str_of(email) };
	return test_store_try(&sc->t, run, &task);
}

static void scene_init(struct scene *sc)
{
	test_store_init(&sc->t);
	sc->ctx = (struct ctx){ .arena = sc->t.d.arena };
	sc->alice = test_store_local(&sc->t, "alice");
	assert_int_equal(ask_email(sc, &sc->alice, "alice@example.org"), RC_OK);
}

static void scene_free(struct scene *sc)
{
	test_store_check(&sc->t);
	test_store_free(&sc->t);
}

static struct account_secrets secrets_of(struct scene *sc)
{
	struct account_secrets secrets;
	struct db_txn *txn = test_store_read(&sc->t);
	assert_true(account_secrets_get(txn, sc->t.d.arena, sc->alice.id, &secrets));
	db_read_end(&txn);
	return secrets;
}

/* Sends one; the ticket as its reader finds it in the letter. */
static enum rc send_ticket(struct scene *sc, enum ticket_kind kind, const char *email,
			   struct str *ticket)
{
	struct ticket_letter letter;
	struct letter written;
	assert_int_equal(ticket_make(&sc->ctx, &sc->t.site, &seal_key, &sc->alice, kind,
				     str_of(email), &letter),
			 RC_OK);
	assert_int_equal(letter_unpack(sc->t.d.arena, &seal_key, letter.packed, &written), RC_OK);
	assert_str_eq(written.to, str_of(email));
	struct str rest = str_skip(written.text, str_find(written.text, STR("?token=")) + 7);
	*ticket = str_take(rest, str_index(rest, '\n'));
	struct task task = { .run = post, .letter = &letter };
	return test_store_try(&sc->t, run, &task);
}

static enum rc come_back(struct scene *sc, enum rc (*as)(struct social *s, struct task *t),
			 struct str ticket, uint64_t *who)
{
	struct task task = { .run = as, .text = ticket };
	enum rc rc = test_store_try(&sc->t, run, &task);
	if (who != NULL)
		*who = task.account;
	return rc;
}

static void an_address_is_confirmed_by_whoever_reads_its_mail(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str ticket, old;
	uint64_t who;
	scene_init(&sc);
	assert_str_eq(secrets_of(&sc).email, STR("alice@example.org"));
	assert_int_equal(secrets_of(&sc).confirmed_ms, 0);
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &old), RC_OK);
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &ticket), RC_OK);
	/* the one before has no effect any more; nor has it for something else */
	assert_int_equal(come_back(&sc, confirm, old, NULL), RC_NOT_FOUND);
	assert_int_equal(come_back(&sc, set_password, ticket, NULL), RC_NOT_FOUND);
	assert_int_equal(come_back(&sc, confirm, ticket, &who), RC_OK);
	assert_int_equal(who, sc.alice.id);
	assert_true(secrets_of(&sc).confirmed_ms != 0);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_NOT_FOUND);
}

static void another_address_takes_its_place_when_it_is_confirmed(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str ticket;
	struct account bob;
	scene_init(&sc);
	bob = test_store_local(&sc.t, "bob");
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &ticket), RC_OK);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_OK);
	assert_int_equal(ask_email(&sc, &sc.alice, "al@example.net"), RC_OK);
	assert_str_eq(secrets_of(&sc).email, STR("alice@example.org"));
	struct account_secrets secrets = secrets_of(&sc);
	assert_str_eq(email_to_confirm(&secrets), STR("al@example.net"));
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "al@example.net", &ticket), RC_OK);
	/* somebody was faster */
	assert_int_equal(ask_email(&sc, &bob, "al@example.net"), RC_OK);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_EXISTS);
	assert_int_equal(ask_email(&sc, &bob, "bob@example.net"), RC_OK);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_OK);
	assert_str_eq(secrets_of(&sc).email, STR("al@example.net"));
	assert_int_equal(ask_email(&sc, &bob, "AL@example.net"), RC_EXISTS);
	assert_int_equal(ask_email(&sc, &bob, "nothing"), RC_INVALID);
	secrets = secrets_of(&sc);
	assert_int_equal(email_to_confirm(&secrets).len, 0);
}

static void a_ticket_is_for_the_address_it_was_sent_to(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str ticket, reset;
	scene_init(&sc);
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &ticket), RC_OK);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &reset), RC_OK);
	assert_int_equal(ask_email(&sc, &sc.alice, "al@example.net"), RC_OK);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_NOT_FOUND);
	assert_int_equal(come_back(&sc, set_password, reset, NULL), RC_NOT_FOUND);
	assert_int_equal(secrets_of(&sc).confirmed_ms, 0);
}

static void a_password_is_reset_once_and_in_time(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str ticket;
	uint64_t who;
	scene_init(&sc);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_OK);
	test_clock_advance(&sc.t.d.clock, TICKET_RESET_LIFE_MS);
	assert_int_equal(come_back(&sc, set_password, ticket, NULL), RC_NOT_FOUND);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_OK);
	test_clock_advance(&sc.t.d.clock, TICKET_RESET_LIFE_MS - 1);
	assert_int_equal(come_back(&sc, set_password, ticket, &who), RC_OK);
	assert_int_equal(who, sc.alice.id);
	assert_str_eq(secrets_of(&sc).password_hash, STR("new hash"));
	assert_true(secrets_of(&sc).confirmed_ms != 0);
	assert_int_equal(come_back(&sc, set_password, ticket, NULL), RC_NOT_FOUND);
}

static void what_is_no_ticket_is_none(void **state UNUSED)
{
	static const char *const bad[] = { "", "x", "AAAAAAAAAAA",
					   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	struct scene sc CLEANUP(scene_free);
	struct str ticket;
	scene_init(&sc);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(come_back(&sc, confirm, str_of(bad[i]), NULL), RC_NOT_FOUND);
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &ticket), RC_OK);
	/* each letter counts, and there is one spelling */
	for (size_t i = 0; i < ticket.len; i++) {
		struct str other = arena_str(sc.t.d.arena, ticket);
		char *c = (char *)(uintptr_t)other.ptr + i;
		*c = *c == 'A' ? 'B' : 'A';
		assert_int_equal(come_back(&sc, confirm, other, NULL), RC_NOT_FOUND);
	}
	assert_int_equal(come_back(&sc, confirm, arena_join(sc.t.d.arena, ticket, STR("=")), NULL),
			 RC_NOT_FOUND);
	assert_int_equal(come_back(&sc, confirm, ticket, NULL), RC_OK);
}

static void s106_five_in_half_an_hour(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	struct str ticket, last = STR_NONE;
	scene_init(&sc);
	for (int i = 0; i < 5; i++)
		assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &last), RC_OK);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_BUSY);
	assert_int_equal(test_store_rows(&sc.t, &queue_table_job), 5);
	/* those of the other kind have a count of their own */
	assert_int_equal(send_ticket(&sc, TICKET_CONFIRM, "alice@example.org", &ticket), RC_OK);
	/* one that is used does not begin the count anew */
	assert_int_equal(come_back(&sc, set_password, last, NULL), RC_OK);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_BUSY);
	test_clock_advance(&sc.t.d.clock, 30 * MS_PER_MINUTE);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_OK);
}

static void s103_neither_rows_nor_jobs_tell_the_ticket(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	static const struct db_table *const tables[] = { &store_ticket, &queue_table_job,
							 &queue_table_body };
	struct str ticket;
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(64);
	scene_init(&sc);
	assert_int_equal(send_ticket(&sc, TICKET_RESET, "alice@example.org", &ticket), RC_OK);
	assert_true(enc_unbase64(&bytes, ticket));
	struct str secret = str_skip(buf_str(&bytes), 8);
	struct db_txn *txn = test_store_read(&sc.t);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct db_iter it;
		struct str key, value;
		db_iter_open(&it, txn, tables[i], STR(""), DB_FORWARD, STR_NONE);
		while (db_iter_next(&it, &key, &value)) {
			assert_false(str_contains(value, ticket));
			assert_false(str_contains(value, secret));
		}
		db_iter_close(&it);
	}
	db_read_end(&txn);
}

static void letters_come_back_and_damage_is_noticed(void **state UNUSED)
{
	struct scene sc CLEANUP(scene_free);
	const struct letter letter = { STR("a@b.example"), STR("subject"), STR("text\n") };
	struct letter read;
	struct str packed;
	scene_init(&sc);
	assert_int_equal(letter_pack(&sc.ctx, &seal_key, &letter, &packed), RC_OK);
	assert_int_equal(letter_unpack(sc.t.d.arena, &seal_key, packed, &read), RC_OK);
	assert_str_eq(read.subject, letter.subject);
	assert_str_eq(read.text, letter.text);
	for (size_t n = 0; n < packed.len; n++)
		assert_int_equal(letter_unpack(sc.t.d.arena, &seal_key, str_take(packed, n), &read),
				 RC_CORRUPT);
	letter_news_write(sc.t.d.arena, &sc.t.site, LETTER_FACTOR_REMOVED, STR("alice"),
			  STR("a@b.example"), &read);
	assert_str_eq(read.subject, STR("A second factor was removed: Test node"));
	assert_true(str_has_prefix(read.text, STR("Hello alice,\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_confirmed_by_whoever_reads_its_mail),
		cmocka_unit_test(another_address_takes_its_place_when_it_is_confirmed),
		cmocka_unit_test(a_ticket_is_for_the_address_it_was_sent_to),
		cmocka_unit_test(a_password_is_reset_once_and_in_time),
		cmocka_unit_test(what_is_no_ticket_is_none),
		cmocka_unit_test(s106_five_in_half_an_hour),
		cmocka_unit_test(s103_neither_rows_nor_jobs_tell_the_ticket),
		cmocka_unit_test(letters_come_back_and_damage_is_noticed),
	};
	return cmocka_run_group_tests_name("ticket", tests, NULL, NULL);
}
