/*
 * FZ-08: the gate over any head. The input is a head as it would be sent; its lines are cut here,
 * without the library. Oracle: the verdict does not depend on the order of headers or on the case
 * of their names, and nothing that passed is outside of what the rest of the module relies on.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../gate_int.h"
#include "../wire_int.h"
#include "core/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEADERS_MAX (GATE_HEADERS_MAX + 8)

struct sample {
	struct httpd_header headers[HEADERS_MAX];
	char names[HEADERS_MAX][64];
	size_t count;
};

static void read_headers(struct sample *s, struct str rest)
{
	struct str line;
	while (s->count < HEADERS_MAX && str_next(&rest, '\n', &line)) {
		struct httpd_header *header = &s->headers[s->count++];
		if (!str_split(line, ':', &header->name, &header->value))
			header->value = STR("");
		header->value = wire_value(header->value);
	}
}

static void reverse(struct sample *s)
{
	for (size_t i = 0; i < s->count / 2; i++) {
		struct httpd_header header = s->headers[i];
		s->headers[i] = s->headers[s->count - 1 - i];
		s->headers[s->count - 1 - i] = header;
	}
}

static void swap_case(struct sample *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct str name = s->headers[i].name;
		if (name.len > sizeof(s->names[i]))
			continue;
		for (size_t k = 0; k < name.len; k++) {
			char c = name.ptr[k];
			bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
			s->names[i][k] = letter ? (char)(c ^ 0x20) : c;
		}
		s->headers[i].name = str_n(s->names[i], name.len);
	}
}

static void must_agree(const struct gate_verdict *a, const struct gate_verdict *b)
{
	must(a->status == b->status && a->reason == b->reason);
	if (a->status == 0)
		must(a->method == b->method && a->head == b->head && a->chunked == b->chunked &&
		     a->length == b->length);
}

static void must_be_sound(const struct gate_input *in, const struct gate_verdict *verdict)
{
	if (verdict->status != 0) {
		must(verdict->status >= 400 && verdict->status < 500 && verdict->reason != NULL);
		return;
	}
	struct str path, query;
	must(in->target.len != 0 && in->target.ptr[0] == '/');
	str_split(in->target, '?', &path, &query);
	must(!str_contains(path, STR("/../")) && !str_contains(in->target, STR("%00")));
	must(!(verdict->chunked && verdict->length != 0));
	for (size_t i = 0; i < in->target.len; i++)
		must(in->target.ptr[i] > ' ' && in->target.ptr[i] < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = str_n(data, size), line;
	struct sample *s = calloc(1, sizeof(*s));
	must(s != NULL);
	struct gate_input in = { .headers = s->headers, .exact = true };
	if (size != 0 && str_next(&rest, '\n', &line)) {
		str_split(line, ' ', &in.method, &line);
		str_split(line, ' ', &in.target, &in.version);
		read_headers(s, rest);
	}
	in.header_count = s->count;
	struct gate_verdict verdict = gate_check(&in);
	must_be_sound(&in, &verdict);
	reverse(s);
	struct gate_verdict reversed = gate_check(&in);
	must_agree(&verdict, &reversed);
	swap_case(s);
	struct gate_verdict swapped = gate_check(&in);
	must_agree(&verdict, &swapped);
	free(s);
	return 0;
}
