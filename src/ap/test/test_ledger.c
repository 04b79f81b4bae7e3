/* Records of joint communities: what is written is read back, and what is odd is refused. */
#include "ap/ledger.h"

#include "ap/write.h"
#include "apkit.h"

#define GROUP "https://a.example/users/tea"
#define THING GROUP "/resources/7"
#define MS UINT64_C(1795172168000)

static struct ap_ledger_record record(enum ap_ledger_kind kind)
{
	return (struct ap_ledger_record){
		.kind = kind,
		.id = STR(GROUP "/ledger#1"),
		.actor = STR(GROUP),
		.thing = STR(THING),
		.published_ms = MS,
		.first = true,
		.title = STR("Minutes"),
		.description = STR("Of \"May\""),
		.note = STR("signed"),
		.url = STR("https://x.example/minutes"),
		.question = STR("Which tea?"),
		.method = STR("ranked"),
		.opens_ms = MS,
		.closes_ms = MS + 1000,
		.papers_until_ms = MS + 2000,
		.seats = 1,
		.roles = { STR("member"), STR("owner") },
		.role_count = 2,
		.options = { STR("Green"), STR("Black"), STR("None") },
		.option_count = 3,
		.page = 1,
		.pages = 1,
		.voters = 1,
		.members = 4,
		.digest = STR("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
		.lines = STR("000102030405060708090a0b0c0d0e0f 2 1\n"),
	};
}

static struct str written(struct kit *kit, const struct ap_ledger_record *r)
{
	struct buf out = BUF_INIT(1 << 16);
	struct jw w;
	jw_init(&w, &out);
	ap_ledger_write(&w, r);
	jw_done(&w);
	return arena_take_buf(kit->ctx.arena, &out);
}

static enum rc read_back(struct kit *kit, const struct ap_ledger_record *r,
			 struct ap_ledger_record *out)
{
	/* parsing empties the arena */
	struct buf copy CLEANUP(buf_free) = BUF_INIT(1 << 16);
	buf_add(&copy, written(kit, r));
	struct jr root = kit_parse_bytes(kit, buf_str(&copy));
	return ap_ledger_decode(&kit->reader, root, out);
}

static void what_is_written_is_read_back(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_ledger_record r, back;
	kit_init(&kit);
	for (int kind = AP_LEDGER_VERSION; kind <= AP_LEDGER_PAPERS; kind++) {
		r = record((enum ap_ledger_kind)kind);
		if (r.kind == AP_LEDGER_CONSULTATION || r.kind == AP_LEDGER_CANCEL)
			r.thing = STR(GROUP "/consultations/8");
		assert_int_equal(read_back(&kit, &r, &back), RC_OK);
		assert_int_equal(back.kind, r.kind);
		assert_str_eq(back.id, r.id);
		assert_str_eq(back.actor, r.actor);
		assert_str_eq(back.thing, r.thing);
		assert_true(back.published_ms == r.published_ms);
	}
	r = record(AP_LEDGER_VERSION);
	assert_int_equal(read_back(&kit, &r, &back), RC_OK);
	assert_true(back.first && !back.has_file);
	assert_str_eq(back.title, r.title);
	assert_str_eq(back.description, r.description);
	assert_str_eq(back.note, r.note);
	assert_str_eq(back.url, r.url);
	r.first = false;
	r.thing = STR("https://b.example/users/tea/resources/3"); /* somebody else's is revised */
	r.has_file = true;
	r.file = (struct ap_ledger_file){ .url = STR("https://a.example/media/files/00.pdf"),
					  .media_type = STR("application/pdf"),
					  .bytes = 123,
					  .digest = { 1, 2, 3 } };
	assert_int_equal(read_back(&kit, &r, &back), RC_OK);
	assert_true(!back.first && back.has_file && back.file.bytes == 123);
	assert_str_eq(back.file.media_type, r.file.media_type);
	assert_memory_equal(back.file.digest, r.file.digest, AP_LEDGER_DIGEST_SIZE);
	r = record(AP_LEDGER_CONSULTATION);
	assert_int_equal(read_back(&kit, &r, &back), RC_OK);
	assert_str_eq(back.question, r.question);
	assert_str_eq(back.method, r.method);
	assert_true(back.opens_ms == MS && back.closes_ms == MS + 1000 &&
		    back.papers_until_ms == MS + 2000);
	assert_int_equal(back.option_count, 3);
	assert_str_eq(back.options[2], STR("None"));
	assert_int_equal(back.role_count, 2);
	assert_str_eq(back.roles[1], STR("owner"));
	r = record(AP_LEDGER_PAPERS);
	assert_int_equal(read_back(&kit, &r, &back), RC_OK);
	assert_str_eq(back.lines, r.lines);
	assert_str_eq(back.digest, r.digest);
	assert_true(back.voters == 1 && back.members == 4);
}

static void assert_refused(struct kit *kit, const struct ap_ledger_record *r)
{
	struct ap_ledger_record back;
	kit_reset(kit);
	if (read_back(kit, r, &back) != RC_INVALID)
		fail_msg("\"%.*s\" was taken", STR_ARG(written(kit, r)));
}

static void what_makes_no_sense_is_refused(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_ledger_record r;
	kit_init(&kit);
#define REFUSED(kind, change)             \
	do {                              \
		r = record(kind);         \
		change;                   \
		assert_refused(&kit, &r); \
	} while (0)
	REFUSED(AP_LEDGER_VERSION, r.title = STR(""));
	REFUSED(AP_LEDGER_VERSION, r.url = STR("javascript:alert(1)"));
	REFUSED(AP_LEDGER_VERSION, r.published_ms = 0);
	/* nobody makes a thing, or speaks, in another host's name */
	REFUSED(AP_LEDGER_VERSION, r.thing = STR("https://b.example/users/tea/resources/3"));
	REFUSED(AP_LEDGER_VERSION, r.id = STR("https://b.example/users/tea/ledger#1"));
	REFUSED(AP_LEDGER_CONSULTATION, r.thing = STR("https://b.example/c/3"));
	REFUSED(AP_LEDGER_CANCEL, r.thing = STR("https://b.example/c/3"));
	REFUSED(AP_LEDGER_CONSULTATION, r.option_count = 1);
	REFUSED(AP_LEDGER_CONSULTATION, r.seats = 3);
	REFUSED(AP_LEDGER_CONSULTATION, r.seats = 0);
	REFUSED(AP_LEDGER_CONSULTATION, r.closes_ms = r.opens_ms);
	REFUSED(AP_LEDGER_CONSULTATION, r.papers_until_ms = r.opens_ms);
	/* more papers than there are members, or pages than they need */
	REFUSED(AP_LEDGER_PAPERS, r.voters = 5);
	REFUSED(AP_LEDGER_PAPERS, r.page = 0);
	REFUSED(AP_LEDGER_PAPERS, r.page = 2);
	REFUSED(AP_LEDGER_PAPERS, r.pages = 2);
	REFUSED(AP_LEDGER_PAPERS, (r.voters = r.members = 1001));
	REFUSED(AP_LEDGER_PAPERS, (r.voters = r.members = 64001, r.pages = 65));
	REFUSED(AP_LEDGER_PAPERS, r.digest = STR("00"));
#undef REFUSED
	static const char *const others[] = {
		"{'id':'" GROUP "#1','type':'Create','actor':'" GROUP "','published':"
		"'2026-11-20T10:56:08Z','object':{'type':'Note','id':'" THING
		"','attributedTo':'" GROUP "','name':'x'}}",
		"{'id':'" GROUP "#1','type':'Create','actor':'" GROUP "','published':"
		"'2026-11-20T10:56:08Z','object':{'type':'Page','id':'" THING
		"','attributedTo':'https://a.example/users/other','name':'x','url':"
		"'https://x.example/'}}",
		"{'id':'" GROUP "#1','type':'Like','actor':'" GROUP
		"','published':'2026-11-20T10:56:08Z','object':'" THING "'}",
		"[]",
	};
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		kit_reset(&kit);
		assert_int_equal(ap_ledger_decode(&kit.reader, kit_parse(&kit, others[i]), &r),
				 RC_INVALID);
	}
}

static void try_odd(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_ledger_record r;
	(void)!ap_ledger_decode(&kit->reader, root, &r);
}

static void odd_values_do_no_harm(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
#define HEAD "{'id':'" GROUP "#1','actor':'" GROUP "','published':'2026-11-20T10:56:08Z',"
	static const char *const around[] = {
		HEAD "'type':'Create','object':%s}",
		HEAD "'type':'Delete','object':%s}",
		HEAD "'type':%s,'object':'" THING "'}",
		HEAD "'type':'Create','object':{'type':'Document','id':'" THING
		     "','attributedTo':'" GROUP "','name':'x','url':%s}}",
		HEAD "'type':'Create','object':{'type':'Question','id':'" THING
		     "','attributedTo':'" GROUP "','name':'x','anyOf':%s,'eligible':[]}}",
		HEAD "'type':'Create','object':{'type':'Papers','context':'" THING
		     "','attributedTo':'" GROUP "','voters':%s}}",
	};
	for (size_t i = 0; i < ARRAY_LEN(around); i++)
		kit_each_odd(&kit, around[i], try_odd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(odd_values_do_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
