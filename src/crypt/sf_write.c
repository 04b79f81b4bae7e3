/* The serialisation of structured fields, RFC 9651 section 4.1. Stateless, any thread. */
#include "core/enc.h"
#include "core/must.h"
#include "sf_int.h"

void sf_add_string(struct buf *out, struct str text)
{
	must(sf_is_string(text));
	buf_add_chr(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_chr(out, '\\');
		buf_add_chr(out, text.ptr[i]);
	}
	buf_add_chr(out, '"');
}

void sf_add_bytes(struct buf *out, struct str bytes)
{
	buf_add_chr(out, ':');
	enc_base64(out, bytes);
	buf_add_chr(out, ':');
}

/* Section 4.1.5: no zeros at the end but the first behind the point. */
static void add_decimal(struct buf *out, int64_t thousandths)
{
	uint64_t n = thousandths < 0 ? (uint64_t)-thousandths : (uint64_t)thousandths;
	char fraction[4] = { (char)('0' + n / 100 % 10), (char)('0' + n / 10 % 10),
			     (char)('0' + n % 10), '\0' };
	for (size_t last = 2; last > 0 && fraction[last] == '0'; last--)
		fraction[last] = '\0';
	if (thousandths < 0)
		buf_add_chr(out, '-');
	buf_add_u64(out, n / 1000);
	buf_add_chr(out, '.');
	buf_add(out, str_of(fraction));
}

static void add_value(struct buf *out, const struct sf_value *v)
{
	switch (v->type) {
	case SF_DATE:
		buf_add_chr(out, '@');
		FALLTHROUGH;
	case SF_INTEGER:
		buf_add_i64(out, v->number);
		break;
	case SF_DECIMAL:
		add_decimal(out, v->number);
		break;
	case SF_STRING:
		sf_add_string(out, v->text);
		break;
	case SF_TOKEN:
		buf_add(out, v->text);
		break;
	case SF_BYTES:
		sf_add_bytes(out, v->text);
		break;
	case SF_BOOLEAN:
		buf_add(out, v->number != 0 ? STR("?1") : STR("?0"));
		break;
	}
}

static void add_params(struct buf *out, const struct sf_params *params)
{
	for (size_t i = 0; i < params->count; i++) {
		const struct sf_param *p = &params->rows[i];
		buf_add_chr(out, ';');
		buf_add(out, p->key);
		if (p->value.type == SF_BOOLEAN && p->value.number != 0)
			continue;
		buf_add_chr(out, '=');
		add_value(out, &p->value);
	}
}

void sf_add_item(struct buf *out, const struct sf_item *item)
{
	add_value(out, &item->value);
	add_params(out, &item->params);
}

void sf_add_member_value(struct buf *out, const struct sf_member *member)
{
	if (!member->is_list) {
		sf_add_item(out, &member->items[0]);
		return;
	}
	buf_add_chr(out, '(');
	for (size_t i = 0; i < member->count; i++) {
		if (i != 0)
			buf_add_chr(out, ' ');
		sf_add_item(out, &member->items[i]);
	}
	buf_add_chr(out, ')');
	add_params(out, &member->params);
}
