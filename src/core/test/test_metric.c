/* Metrics: counting from many threads, and the text format of Prometheus. */
#include "core/metric.h"

#include <pthread.h>

#include "testkit.h"

static void counts_and_sets(void **state UNUSED)
{
	uint64_t before = metric_get(METRIC_FETCHES);
	metric_add(METRIC_FETCHES, 1);
	metric_add(METRIC_FETCHES, 41);
	assert_int_equal(metric_get(METRIC_FETCHES), before + 42);
	metric_set(METRIC_QUEUE_READY, 7);
	assert_int_equal(metric_get(METRIC_QUEUE_READY), 7);
	metric_set(METRIC_QUEUE_READY, 3);
	assert_int_equal(metric_get(METRIC_QUEUE_READY), 3);
}

static void *add_thousand(void *arg UNUSED)
{
	for (size_t i = 0; i < 1000; i++)
		metric_add(METRIC_DB_COMMITS, 1);
	return NULL;
}

static void threads_lose_no_count(void **state UNUSED)
{
	pthread_t threads[4];
	uint64_t before = metric_get(METRIC_DB_COMMITS);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, add_thousand, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(metric_get(METRIC_DB_COMMITS), before + 4000);
}

static void renders_values_and_labels(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	metric_set(METRIC_QUEUE_READY, UINT64_MAX);
	metric_set(METRIC_INBOX_DUPLICATE, 12);
	metric_render(&out);
	assert_true(str_contains(buf_str(&out), STR("# HELP fediflow_queue_rows ")));
	assert_true(str_contains(buf_str(&out), STR("\n# TYPE fediflow_queue_rows gauge\n"
						    "fediflow_queue_rows 18446744073709551615\n")));
	assert_true(str_contains(buf_str(&out),
				 STR("\nfediflow_inbox_total{result=\"duplicate\"} 12\n")));
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return str_has_prefix(s, STR("fediflow_"));
}

/* The family that a line is about. */
static struct str family_of(struct str line)
{
	struct str word, rest = line;
	if (line.ptr[0] == '#') {
		str_next(&rest, ' ', &word);
		str_next(&rest, ' ', &word);
	}
	size_t end = 0;
	while (end < rest.len && rest.ptr[end] != ' ' && rest.ptr[end] != '{')
		end++;
	return str_take(rest, end);
}

/* Text format 0.0.4: all lines of a family stand together, HELP and TYPE once and first. */
static void every_family_is_described_once(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct str families[METRIC_COUNT];
	size_t count = 0, samples = 0;
	metric_render(&out);
	struct str rest = buf_str(&out), line;
	while (str_next(&rest, '\n', &line) && line.len != 0) {
		struct str family = family_of(line);
		assert_true(is_name(family));
		if (str_has_prefix(line, STR("# HELP "))) {
			for (size_t i = 0; i < count; i++)
				assert_false(str_eq(families[i], family));
			assert_true(count < METRIC_COUNT);
			families[count++] = family;
			continue;
		}
		assert_true(count != 0);
		assert_str_eq(family, families[count - 1]);
		samples += line.ptr[0] != '#';
	}
	assert_int_equal(rest.len, 0);
	assert_int_equal(samples, METRIC_COUNT);
}

static void a_small_buffer_fails_quietly(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(100);
	metric_render(&out);
	assert_true(out.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_sets),
		cmocka_unit_test(threads_lose_no_count),
		cmocka_unit_test(renders_values_and_labels),
		cmocka_unit_test(every_family_is_described_once),
		cmocka_unit_test(a_small_buffer_fails_quietly),
	};
	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
