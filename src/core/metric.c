/* Counters and gauges as atomics in a static table. Any thread. */
#include "core/metric.h"

#include <stdatomic.h>

#include "core/must.h"

struct metric_row {
	const char *kind;
	const char *name;
	const char *labels;
	const char *help;
};

static const struct metric_row rows[METRIC_COUNT] = {
#define X(constant, kind, name, labels, help) [METRIC_##constant] = { #kind, name, labels, help },
	METRIC_TABLE(X)
#undef X
};

static _Atomic uint64_t values[METRIC_COUNT];

void metric_add(enum metric metric, uint64_t n)
{
	must(metric < METRIC_COUNT);
	atomic_fetch_add_explicit(&values[metric], n, memory_order_relaxed);
}

void metric_set(enum metric metric, uint64_t value)
{
	must(metric < METRIC_COUNT);
	atomic_store_explicit(&values[metric], value, memory_order_relaxed);
}

uint64_t metric_get(enum metric metric)
{
	must(metric < METRIC_COUNT);
	return atomic_load_explicit(&values[metric], memory_order_relaxed);
}

void metric_render(struct buf *out)
{
	const char *family = "";
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_row *row = &rows[i];
		if (!str_eq(str_of(family), str_of(row->name)))
			buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help,
				 row->name, row->kind);
		family = row->name;
		buf_add(out, str_of(row->name));
		if (row->labels[0] != '\0')
			buf_addf(out, "{%s}", row->labels);
		buf_add_chr(out, ' ');
		buf_add_u64(out, metric_get((enum metric)i));
		buf_add_chr(out, '\n');
	}
}
