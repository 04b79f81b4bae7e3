/*
 * FZ-12: any bytes as a settings file. What loads must print as a file that loads as the same; what
 * does not must report at least one error.
 */
#include "core/must.h"

#include "../test/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_print(struct arena *arena, const struct sample *sample)
{
	struct buf first CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct buf second CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ctx ctx = { .arena = arena };
	struct conf_report report;
	struct sample again;
	sample_init(&again);
	conf_print(&first, sample->tables, SAMPLE_TABLES);
	must(conf_load(&ctx, buf_str(&first), STR("/srv"), again.tables, SAMPLE_TABLES, &report) ==
	     RC_OK);
	conf_print(&second, again.tables, SAMPLE_TABLES);
	must(str_eq(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(16 << 20);
	struct ctx ctx = { .arena = arena };
	struct conf_report report;
	struct sample sample;
	must(arena != NULL);
	sample_init(&sample);
	enum rc rc = conf_load(&ctx, str_n(data, size), STR("/srv"), sample.tables, SAMPLE_TABLES,
			       &report);
	must(rc == RC_OK || rc == RC_INVALID || rc == RC_NO_MEMORY);
	must((rc == RC_INVALID) == (report.error_count != 0));
	for (size_t i = 0; i < report.error_count; i++)
		must(report.errors[i].text.len != 0);
	if (rc == RC_OK)
		check_print(arena, &sample);
	arena_free(&arena);
	return 0;
}
