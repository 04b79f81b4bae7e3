/*
 * Any bytes as a rule of the sieve, and as a program. What is read prints as a rule that prints as the same; what it compiles to is
 * well formed; whatever is followed ends.
 */
#include <stddef.h>
#include <stdint.h>

#include "core/must.h"
#include "social/sieve.h"

#define ARENA_MAX ((size_t)32 << 20)
#define TEXT_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find(struct sieve_facts *f, enum sieve_field field, void *arg UNUSED)
{
	static struct str words[] = { STR_INIT("a"), STR_INIT("casino"), STR_INIT("now") };
	f->flags[field] = (field & 1U) != 0;
	f->numbers[field] = field * UINT64_C(1000);
	f->texts[field] = STR("a.example");
	f->hosts = f->words = f->tags = words;
	f->host_count = f->word_count = f->tag_count = ARRAY_LEN(words);
	f->text = STR(" a casino now ");
}

static void follow(struct str program)
{
	struct sieve_facts facts = { .find = find, .text = STR("") };
	bool fits = sieve_run(program, &facts);
	must(!fits || !facts.exhausted);
	struct sieve_facts again = { .find = find, .text = STR("") };
	must(sieve_run(program, &again) == fits && again.steps == facts.steps);
}

static void check_rule(struct ctx *ctx, const struct sieve_rule *rule)
{
	struct buf first CLEANUP(buf_free) = BUF_INIT(TEXT_MAX);
	struct buf second CLEANUP(buf_free) = BUF_INIT(TEXT_MAX);
	struct buf program CLEANUP(buf_free) = BUF_INIT(TEXT_MAX);
	struct sieve_rule again;
	sieve_print(&first, rule);
	sieve_compile(&program, rule);
	must(!first.failed && !program.failed && sieve_program_ok(buf_str(&program)));
	follow(buf_str(&program));
	enum rc rc = sieve_parse(ctx, buf_str(&first), &again, NULL);
	/* folding may lengthen it, and memory end */
	if (rc == RC_TOO_LARGE || rc == RC_NO_MEMORY)
		return;
	must(rc == RC_OK);
	sieve_print(&second, &again);
	must(str_eq(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(ARENA_MAX);
	must(arena != NULL);
	struct ctx ctx = { .arena = arena };
	struct sieve_place place;
	struct sieve_rule rule;
	enum rc rc = sieve_parse(&ctx, str_n(data, size), &rule, &place);
	must(rc == RC_OK || rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_NO_MEMORY);
	must(place.line >= 1 && place.column >= 1);
	if (rc == RC_OK)
		check_rule(&ctx, &rule);
	follow(str_n(data, size));
	arena_free(&arena);
	return 0;
}
