/* Following a rule's program. Pure. No recursion, no way back: each instruction at most once. */
#include <stdlib.h>

#include "core/must.h"
#include "db/rec.h"
#include "sieve_int.h"
#include "sieve_program_int.h"

#define STEPS_OF_PHRASE 50 /* a search through the text costs as much as so many words */

static void need(struct sieve_facts *f, enum sieve_field field)
{
	uint32_t bit = UINT32_C(1) << field;
	_Static_assert(SIEVE_FIELD_COUNT <= 32, "a bit for each field");
	if ((f->known & bit) != 0)
		return;
	f->known |= bit;
	f->find(f, field, f->arg);
}

/* --- one text --- */

static bool host_is_under(struct str host, struct str above)
{
	return str_eq(host, above) ||
	       (host.len > above.len && host.ptr[host.len - above.len - 1] == '.' &&
		str_has_suffix(host, above));
}

/* A dot comes before all that a label may have. */
static unsigned rank(char c)
{
	return c == '.' ? 0 : (unsigned char)c;
}

static int host_cmp(struct str a, struct str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	for (size_t i = 1; i <= n; i++) {
		unsigned x = rank(a.ptr[a.len - i]), y = rank(b.ptr[b.len - i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return (a.len > b.len) - (a.len < b.len);
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int by_host(const void *a, const void *b)
{
	return host_cmp(*(const struct str *)a, *(const struct str *)b);
}

static size_t sort(struct str *list, size_t count, int (*cmp)(const void *a, const void *b))
{
	size_t n = 0;
	if (count != 0)
		qsort(list, count, sizeof(list[0]), cmp);
	for (size_t i = 0; i < count; i++) {
		if (n == 0 || !str_eq(list[n - 1], list[i]))
			list[n++] = list[i];
	}
	return n;
}

size_t sieve_sort(struct str *texts, size_t count)
{
	return sort(texts, count, by_text);
}

size_t sieve_sort_hosts(struct str *hosts, size_t count)
{
	return sort(hosts, count, by_host);
}

/* The first that is not less. */
static size_t lower_bound(const struct str *list, size_t count, struct str item,
			  int (*cmp)(struct str a, struct str b))
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cmp(list[middle], item) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool sieve_sorted_has(const struct str *texts, size_t count, struct str text)
{
	size_t at = lower_bound(texts, count, text, str_cmp);
	return at != count && str_eq(texts[at], text);
}

static bool has_phrase(struct sieve_facts *f, struct str item, bool begins)
{
	char whole[SIEVE_PHRASE_MAX + 2];
	size_t len = 0;
	f->steps += STEPS_OF_PHRASE;
	if (item.len > SIEVE_PHRASE_MAX)
		return false;
	whole[len++] = ' ';
	memcpy(whole + len, item.ptr, item.len);
	len += item.len;
	if (!begins)
		whole[len++] = ' ';
	return str_contains(f->text, str_n(whole, len));
}

static bool has_word(struct sieve_facts *f, struct str item)
{
	bool begins = item.len > 1 && item.ptr[item.len - 1] == '*';
	struct str word = str_take(item, item.len - begins);
	if (str_index(word, ' ') != word.len)
		return has_phrase(f, word, begins);
	size_t at = lower_bound(f->words, f->word_count, word, str_cmp);
	if (at == f->word_count)
		return false;
	return begins ? str_has_prefix(f->words[at], word) : str_eq(f->words[at], word);
}

static bool has_host(const struct sieve_facts *f, struct str item)
{
	size_t at = lower_bound(f->hosts, f->host_count, item, host_cmp);
	return at != f->host_count && host_is_under(f->hosts[at], item);
}

static bool has_tag(const struct sieve_facts *f, struct str item)
{
	return sieve_sorted_has(f->tags, f->tag_count, item);
}

static bool fits_item(struct sieve_facts *f, enum sieve_field field, enum sieve_compare compare,
		      struct str item)
{
	f->steps++;
	switch (sieve_field_kind(field)) {
	case SIEVE_NAME:
		return str_eq(f->texts[field], item);
	case SIEVE_HOST:
		return compare == SIEVE_IS ? str_eq(f->texts[field], item)
					   : host_is_under(f->texts[field], item);
	case SIEVE_HOSTS:
		return has_host(f, item);
	case SIEVE_TAGS:
		return has_tag(f, item);
	case SIEVE_WORDS:
		return has_word(f, item);
	case SIEVE_FLAGGED:
	case SIEVE_COUNT:
	case SIEVE_TIME:
	case SIEVE_PERCENT:
		break;
	}
	return false;
}

/* --- a test --- */

static bool fits_number(enum sieve_compare compare, uint64_t is, uint64_t number)
{
	switch (compare) {
	case SIEVE_LESS:
		return is < number;
	case SIEVE_AT_MOST:
		return is <= number;
	case SIEVE_MORE:
		return is > number;
	case SIEVE_AT_LEAST:
		return is >= number;
	case SIEVE_EQUAL:
		return is == number;
	case SIEVE_UNEQUAL:
		return is != number;
	case SIEVE_IS_SO:
	case SIEVE_IS:
	case SIEVE_UNDER:
	case SIEVE_HAS:
		break;
	}
	return false;
}

struct test {
	enum sieve_field field;
	enum sieve_compare compare;
	uint64_t number;
	uint64_t items;
};

static bool is_comparable(enum sieve_field field, enum sieve_compare compare)
{
	switch (sieve_field_kind(field)) {
	case SIEVE_FLAGGED:
		return compare == SIEVE_IS_SO;
	case SIEVE_COUNT:
	case SIEVE_TIME:
	case SIEVE_PERCENT:
		return compare >= SIEVE_LESS && compare <= SIEVE_UNEQUAL;
	case SIEVE_NAME:
		return compare == SIEVE_IS;
	case SIEVE_HOST:
		return compare == SIEVE_IS || compare == SIEVE_UNDER;
	case SIEVE_HOSTS:
	case SIEVE_TAGS:
	case SIEVE_WORDS:
		return compare == SIEVE_HAS;
	}
	return false;
}

static bool test_read(struct rec *r, struct test *out)
{
	uint8_t field = rec_u8(r), compare = rec_u8(r);
	out->number = rec_num(r);
	out->items = rec_num(r);
	if (!rec_sound(r) || field >= SIEVE_FIELD_COUNT || compare > SIEVE_HAS ||
	    out->items > SIEVE_ITEMS_MAX)
		return false;
	out->field = (enum sieve_field)field;
	out->compare = (enum sieve_compare)compare;
	bool texts = sieve_field_kind(out->field) >= SIEVE_NAME;
	return is_comparable(out->field, out->compare) && texts == (out->items != 0);
}

/* All its texts are read, so that r stands behind the test. */
static bool test_run(struct rec *r, const struct test *t, struct sieve_facts *f)
{
	bool fits = false;
	need(f, t->field);
	if (t->compare == SIEVE_IS_SO)
		return f->flags[t->field];
	if (t->items == 0)
		return fits_number(t->compare, f->numbers[t->field], t->number);
	for (uint64_t i = 0; i < t->items; i++) {
		struct str item = rec_str(r);
		fits = fits || (rec_sound(r) && f->steps < SIEVE_STEPS_MAX &&
				fits_item(f, t->field, t->compare, item));
	}
	return fits;
}

/* --- a program --- */

/* Skips a test, or what a jump says. */
static bool skip(struct rec *r, uint32_t distance)
{
	if (!rec_sound(r) || distance > r->rest.len)
		return false;
	r->rest = str_skip(r->rest, distance);
	return true;
}

bool sieve_run(struct str program, struct sieve_facts *f)
{
	struct rec r = rec_open(program);
	struct test t;
	bool value = false;
	if (rec_u8(&r) != SIEVE_PROGRAM_VERSION)
		return false;
	while (r.rest.len != 0 && !r.bad) {
		enum sieve_op op = (enum sieve_op)rec_u8(&r);
		if (f->steps++ >= SIEVE_STEPS_MAX) {
			f->exhausted = true;
			return false;
		}
		switch (op) {
		case SIEVE_OP_TEST:
			if (!test_read(&r, &t))
				return false;
			value = test_run(&r, &t, f);
			break;
		case SIEVE_OP_NOT:
			value = !value;
			break;
		case SIEVE_OP_UNLESS:
		case SIEVE_OP_IF: {
			uint32_t distance = rec_u32(&r);
			if (value == (op == SIEVE_OP_IF) && !skip(&r, distance))
				return false;
			break;
		}
		default:
			return false;
		}
	}
	if (f->steps >= SIEVE_STEPS_MAX)
		f->exhausted = true;
	return value && !r.bad && !f->exhausted;
}

bool sieve_program_ok(struct str program)
{
	struct rec r = rec_open(program);
	struct test t;
	unsigned tests = 0;
	if (rec_u8(&r) != SIEVE_PROGRAM_VERSION)
		return false;
	while (r.rest.len != 0 && !r.bad) {
		switch ((enum sieve_op)rec_u8(&r)) {
		case SIEVE_OP_TEST:
			if (!test_read(&r, &t))
				return false;
			for (uint64_t i = 0; i < t.items; i++)
				rec_str(&r);
			tests++;
			break;
		case SIEVE_OP_NOT:
			break;
		case SIEVE_OP_UNLESS:
		case SIEVE_OP_IF:
			if (rec_u32(&r) > r.rest.len)
				return false;
			break;
		default:
			return false;
		}
	}
	return tests != 0 && !r.bad;
}
