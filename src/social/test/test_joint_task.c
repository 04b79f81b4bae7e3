/* What is left to do of comparing: how it is kept, and that what older nodes have kept is read. */
#include "core/must.h"
#include "db/rec.h"
#include "social/joint.h"
#include "testkit.h"

static void every_truncation_of_a_task_is_refused(void **state UNUSED)
{
	struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
	struct joint_task task = { .step = JOINT_STEP_TAKE,
				   .community = 1,
				   .partner = 2,
				   .tries = 3,
				   .lacking = 4,
				   .before = 5,
				   .took = true,
				   .inside = true,
				   .uri = STR("https://a.example/1"),
				   .state = JOINT_LOCKED,
				   .state_ms = 6 };
	struct joint_task back;
	task.todo[31] = 0x80;
	task.name[0] = 7;
	joint_task_encode(&row, &task);
	for (size_t len = 0; len < row.len; len++)
		assert_false(joint_task_decode(str_take(buf_str(&row), len), &back));
	assert_true(joint_task_decode(buf_str(&row), &back));
	assert_true(back.step == task.step && back.community == 1 && back.partner == 2 &&
		    back.tries == 3 && back.lacking == 4 && back.before == 5 && back.took &&
		    !back.begun && back.inside && back.todo[31] == 0x80 && back.name[0] == 7 &&
		    back.state == JOINT_LOCKED && back.state_ms == 6);
	assert_str_eq(back.uri, task.uri);
}

/* As the first two versions wrote it: names were shorter, and the first had no more than posts. */
static void older_encode(struct buf *out, uint8_t version, struct str name)
{
	static const char todo[JOINT_BUCKETS / 8] = { 1 };
	rec_add_u8(out, version);
	rec_add_u8(out, JOINT_STEP_COMPARE);
	rec_add_u64(out, 1);
	rec_add_u64(out, 2);
	rec_add_u64(out, 3);
	rec_add_num(out, 4);
	rec_add_num(out, 5);
	rec_add_num(out, 6);
	rec_add_u8(out, 4);
	rec_add_str(out, str_n(todo, sizeof(todo)));
	rec_add_str(out, name);
	rec_add_str(out, STR(""));
	rec_add_num(out, 7);
	rec_add_num(out, 8);
	if (version == 1)
		return;
	rec_add_u8(out, JOINT_BANS);
	rec_add_num(out, 9);
	rec_add_num(out, 10);
	rec_add_str(out, STR("why"));
}

static void what_older_nodes_have_kept_is_read(void **state UNUSED)
{
	static const char name[JOINT_WORD_NAME] = "0123456789abcdef0123456789abcdef";
	struct joint_task back;
	for (unsigned version = 1; version <= 2; version++) {
		struct buf row CLEANUP(buf_free) = BUF_INIT(4096);
		const size_t size = (size_t)version * JOINT_NAME_SIZE;
		older_encode(&row, (uint8_t)version, str_n(name, size));
		assert_true(joint_task_decode(buf_str(&row), &back));
		assert_memory_equal(back.name, name, size);
		for (size_t i = size; i < sizeof(back.name); i++)
			assert_int_equal(back.name[i], 0);
		assert_true(back.inside && back.state_ms == 8 && back.todo[0] == 1);
		assert_int_equal(back.about, version == 1 ? JOINT_POSTS : JOINT_BANS);
		assert_str_eq(back.text, version == 1 ? STR("") : STR("why"));
		buf_reset(&row);
		older_encode(&row, (uint8_t)version, str_n(name, size - 1));
		assert_false(joint_task_decode(buf_str(&row), &back));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_truncation_of_a_task_is_refused),
		cmocka_unit_test(what_older_nodes_have_kept_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
